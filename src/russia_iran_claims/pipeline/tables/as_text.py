"""Rows as the CSV files have them, without any library."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from ..schema.model import Table
from .derive import Record


def to_csv(table: Table, records: list[Record]) -> bytes:
    """The records as CSV: UTF-8, LF, header, comma, quotes only where needed, null as the empty field."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    names = [field.name for field in table.fields]
    writer.writerow(names)
    # What csv itself writes as `to_cell` does, and most cells are that: text, whole numbers, null.
    spelled = [place for place, field in enumerate(table.fields) if field.type not in ("string", "integer")]
    for record in records:
        row = [record[name] for name in names]
        for place in spelled:
            row[place] = to_cell(row[place])
        writer.writerow(row)
    return buffer.getvalue().encode("utf-8")


def to_cell(value: Any) -> str:
    """A value as text: ISO dates, `true` and `false`, whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
