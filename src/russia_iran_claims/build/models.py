"""The gate on the way in: pydantic models derived from the schemas when the program runs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model

from .problems import shown
from .schemas import Field as Column
from .schemas import Table
from .suggest import nearest

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_STRICT = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)
_TYPES: dict[str, Any] = {"string": str, "integer": int, "number": float, "boolean": bool}
_KEYWORDS = {"minimum": "ge", "maximum": "le", "minLength": "min_length", "maxLength": "max_length"}
_RULES = {
    "missing": "missing-key",
    "extra_forbidden": "unknown-key",
    "literal_error": "enum",
    "string_pattern_mismatch": "pattern",
    "greater_than_equal": "minimum",
    "less_than_equal": "maximum",
    "string_too_short": "empty",
    "string_too_long": "length",
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a model says of one cell."""

    column: str
    rule: str
    message: str
    hint: str | None = None


def validate(table: Table, written: dict[str, Any]) -> tuple[dict[str, Any], list[Complaint]]:
    """The typed cells of a record that a curator wrote, and what is wrong with it.

    A cell of the wrong type becomes None; one of the right type that breaks a constraint is kept, so that
    references to it still resolve. Null stands for a key that is left out.
    """
    present = (
        {key: value for key, value in written.items() if value is not None} if None in written.values() else written
    )
    try:
        return row_model(table).model_validate(present).__dict__, []
    except ValidationError as error:
        complaints = [_complaint(table, issue) for issue in error.errors(include_url=False)]
    refused = {complaint.column for complaint in complaints}
    cells: dict[str, Any] = {column.name: None for column in table.written}
    for column in table.written:
        value = present.get(column.name)
        if column.name not in refused or (column.type == "string" and isinstance(value, str)):
            cells[column.name] = value if column.name in refused else _typed(column, value)
    return cells, complaints


@cache
def row_model(table: Table, *, complete: bool = False) -> type[BaseModel]:
    """The model of a table's written columns, or with `complete` of all of its columns."""
    return create_model(table.name, __config__=_STRICT, **_definitions(table.fields if complete else table.written))


def _definitions(columns: Iterable[Column]) -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    for column in columns:
        kind = _annotation(column)
        definitions[column.name] = (kind, ...) if column.required else (kind | None, None)
    return definitions


def _annotation(column: Column) -> Any:
    constraints = column.constraints
    if column.levels is not None:
        return Literal[tuple(column.levels)]
    if column.type == "date":
        return Annotated[date, BeforeValidator(_date)]
    keywords = {_KEYWORDS[key]: value for key, value in constraints.items() if key in _KEYWORDS}
    if column.type == "string":
        # An empty cell of a CSV file is null: an empty string could not be told from it.
        keywords.setdefault("min_length", 1)
        if "pattern" in constraints:
            # Rust's `$` matches only at the very end, unlike Python's, which lets a newline through.
            keywords["pattern"] = f"^(?:{constraints['pattern']})$"
    return Annotated[_TYPES[column.type], Field(**keywords)]


def _date(value: Any) -> Any:
    if isinstance(value, str):
        if not _ISO_DATE.fullmatch(value):
            raise ValueError("expected a date as YYYY-MM-DD")
        return date.fromisoformat(value)
    return value


def _typed(column: Column, value: Any) -> Any:
    if value is not None and column.type == "date":
        return _date(value)
    return float(value) if value is not None and column.type == "number" else value


def _complaint(table: Table, issue: Any) -> Complaint:
    column = str(issue["loc"][0])
    rule = _RULES.get(issue["type"], "type")
    field = table.by_name.get(column)
    found = f"found {shown(issue['input'])}"
    constraints = field.constraints if field else {}
    hint = None
    match rule:
        case "missing-key":
            message = f"found no key {column!r}, expected it: {field.description if field else ''}"
            levels = field.levels if field else None
            values = f"one of: {', '.join(levels)}" if levels else f"such as {field.example if field else ''}"
            hint = f"add the key `{column}`, {values}"
        case "unknown-key":
            names = [known.name for known in table.written]
            message = f"found key {shown(column)}, expected one of: {', '.join(names)}"
            hint = _instead(nearest(column, names))
        case "enum":
            message = f"{found}, expected one of: {', '.join(constraints['enum'])}"
            hint = _instead(nearest(issue["input"], constraints["enum"]))
        case "pattern":
            message = f"{found}, expected the pattern {constraints['pattern']}"
            hint = f"write it in the form of {field.example if field else ''}"
        case "minimum" | "maximum":
            message = f"{found}, expected {'at least' if rule == 'minimum' else 'at most'} {constraints[rule]}"
        case "empty":
            message = "found an empty text, expected words, or no key at all"
        case _:
            message = f"{found}, expected {_expected(field)}"
    return Complaint(column, rule, message, hint)


def _instead(choice: str | None) -> str | None:
    return f"write `{choice}`" if choice else None


def _expected(field: Column | None) -> str:
    kinds = {"date": "a date as YYYY-MM-DD", "string": "text (quote it)", "integer": "a whole number"}
    return kinds.get(field.type, f"a {field.type}") if field else "another value"
