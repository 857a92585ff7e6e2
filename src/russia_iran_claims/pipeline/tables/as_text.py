"""Rows as the CSV files have them, without any library."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from ..io import limits
from ..io.files import read_text
from ..io.problems import BuildError, Problem
from ..schema.model import Record, Table
from ..schema.terms import to_cell


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


def read_csv(path: Path, shown_as: str) -> Iterator[list[str]]:
    """The lines of a CSV file of a version. Raises BuildError if it is not one."""
    try:
        yield from split(read_text(path, shown_as, largest=None))
    except csv.Error as error:
        raise BuildError([Problem(shown_as, 0, 0, "csv", f"is not CSV: {error}")]) from error


def split(text: str) -> Iterator[list[str]]:
    """The lines of a CSV text, each as its cells."""
    # By default a cell has at most 131,072 characters; in raw/ a cell may be as long as its file.
    csv.field_size_limit(limits.FILE)
    return csv.reader(io.StringIO(text, newline=""))
