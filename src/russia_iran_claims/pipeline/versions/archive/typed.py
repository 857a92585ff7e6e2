"""The rows of a published version as values, from the text of its CSV files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from ...schema.model import Table
from ..version import TextTable

Value = str | int | float | bool | date | None
_READ: dict[str, Callable[[str], Any]] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": lambda cell: cell == "true",
    "date": date.fromisoformat,
}


def values(table: Table, text: TextTable) -> list[list[Value]]:
    """The rows in order, each with a value or None for every column."""
    reads = [(field.name, _READ[field.type]) for field in table.fields]
    return [[read(row[name]) if name in row else None for name, read in reads] for row in text.rows.values()]
