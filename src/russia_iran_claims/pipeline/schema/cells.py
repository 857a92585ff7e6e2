"""Validate records with pydantic, by validators that are derived from the schemas.

They use pydantic's core without model classes: importing and building classes takes longer than checking two articles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from pydantic_core import CoreSchema, SchemaValidator, ValidationError
from pydantic_core import core_schema as core

from ..io.problems import nearest, shown
from .model import Field as Column
from .model import Table

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_KEYWORDS = {"minimum": "ge", "maximum": "le", "minLength": "min_length", "maxLength": "max_length"}
_RULES = {
    "missing": "missing-key",
    "extra_forbidden": "unknown-key",
    "literal_error": "enum",
    "string_pattern_mismatch": "pattern",
    "greater_than_equal": "minimum",
    "less_than_equal": "maximum",
    "string_too_short": "length",
    "string_too_long": "length",
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with one cell."""

    column: str
    rule: str
    message: str
    hint: str | None = None


def validate(table: Table, written: dict[str, Any]) -> tuple[dict[str, Any], list[Complaint]]:
    """Return the typed cells of a record that a curator wrote, and what is wrong with it.

    A cell of the wrong type is left out. A cell of the right type that breaks a constraint is kept, so that references
    to it still resolve. Null is the same as a missing key of the table; a key that the table does not have is refused
    whatever its value.
    """
    known = table.by_name
    present = (
        {key: value for key, value in written.items() if value is not None or key not in known}
        if None in written.values()
        else written
    )
    try:
        return row_model(table).validate_python(present), []
    except ValidationError as error:
        complaints = [_complaint(table, issue) for issue in error.errors(include_url=False)]
    refused = {complaint.column for complaint in complaints}
    cells: dict[str, Any] = {}
    for column in table.written:
        value = present.get(column.name)
        if column.name not in refused or (column.type == "string" and isinstance(value, str)):
            cells[column.name] = value if column.name in refused else _typed(column, value)
    return cells, complaints


@cache
def row_model(table: Table, *, complete: bool = False) -> SchemaValidator:
    """The validator of a table's written columns, or with `complete` of all its columns. It takes dicts."""
    columns = table.fields if complete else table.written
    fields = {column.name: core.typed_dict_field(_cell(column), required=column.required) for column in columns}
    return SchemaValidator(core.typed_dict_schema(fields, extra_behavior="forbid"))


def _cell(column: Column) -> CoreSchema:
    kind = _kind(column)
    return kind if column.required else core.nullable_schema(kind)


def _kind(column: Column) -> CoreSchema:
    if column.levels is not None:
        return core.literal_schema(list(column.levels))
    if column.type == "date":
        return core.no_info_before_validator_function(_date, core.date_schema(strict=True))
    limits: dict[str, Any] = {_KEYWORDS[key]: value for key, value in column.constraints.items() if key in _KEYWORDS}
    if column.type == "string":
        # An empty cell of a CSV file is null: an empty string could not be told from it.
        limits.setdefault("min_length", 1)
        if "pattern" in column.constraints:
            # Rust's `$` matches only at the very end, unlike Python's, which lets a newline through.
            limits["pattern"] = f"^(?:{column.constraints['pattern']})$"
        return core.str_schema(strict=True, **limits)
    if column.type == "integer":
        return core.int_schema(strict=True, **limits)
    if column.type == "number":
        return core.no_info_before_validator_function(
            _number, core.float_schema(strict=True, allow_inf_nan=False, **limits)
        )
    return core.bool_schema(strict=True)


def _date(value: Any) -> Any:
    if isinstance(value, str):
        if not _ISO_DATE.fullmatch(value):
            raise ValueError("expected a date as YYYY-MM-DD")
        return date.fromisoformat(value)
    return value


def _number(value: Any) -> Any:
    """A number, unless the published files would round it."""
    try:
        if isinstance(value, int) and float(value) != value:
            raise ValueError("rounded")
    except OverflowError as error:
        raise ValueError("too large") from error
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
            message = f"the key {column!r} is missing: {field.description if field else ''}"
            levels = field.levels if field else None
            values = f"one of: {', '.join(levels)}" if levels else f"such as {field.example if field else ''}"
            hint = f"add the key `{column}`, {values}"
        case "unknown-key":
            names = [known.name for known in table.written]
            message = f"there is no column {shown(column)}; there are: {', '.join(names)}"
            hint = _instead(nearest(column, names))
            if issue["input"] is None:
                # Of `{reason: information, not intelligence}` YAML makes a key of what follows the comma.
                hint = f"put text that holds a comma or a colon in quotation marks, or take `{column}` out"
        case "enum":
            message = f"{found}, expected one of: {', '.join(constraints['enum'])}"
            hint = _instead(nearest(issue["input"], constraints["enum"]))
        case "pattern":
            message = f"{found}, expected the form {constraints['pattern']}"
            hint = f"write it in the form of {field.example if field else ''}"
        case "minimum" | "maximum":
            message = f"{found}, expected {'at least' if rule == 'minimum' else 'at most'} {constraints[rule]}"
        case "length" if not issue["input"]:
            rule, message = "empty", "the cell is empty"
        case "length":
            least, most = constraints.get("minLength", 1), constraints.get("maxLength")
            wanted = f"at most {most}" if most is not None and len(issue["input"]) > most else f"at least {least}"
            message = f"{found} with {len(issue['input'])} characters, expected {wanted}"
        case _:
            message = f"{found}, expected {_expected(field)}"
    return Complaint(column, rule, message, hint)


def _instead(choice: str | None) -> str | None:
    return f"write `{choice}`" if choice else None


def _expected(field: Column | None) -> str:
    kinds = {
        "date": "an existing date as YYYY-MM-DD",
        "string": "text (quote it)",
        "integer": "a whole number",
        "number": "a number, with at most 15 digits",
    }
    return kinds.get(field.type, f"a {field.type}") if field else "another value"
