"""The two gates agree: pydantic on the way in, frictionless on the way out, over generated schemas and tables.

Where they are known to disagree is listed in KNOWN, each with an example; the generators leave these cases out.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import hypothesis.strategies as st
import pytest
from conftest import ROOT
from frictionless import Resource
from frictionless import Schema as TableSchema
from hypothesis import HealthCheck, given, settings
from pydantic import ValidationError

from russia_iran_claims.pipeline.schema.cells import row_model
from russia_iran_claims.pipeline.schema.load import load_schema
from russia_iran_claims.pipeline.schema.model import Field, Table
from russia_iran_claims.pipeline.tables.as_text import to_csv

SETTINGS = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
WORDS = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"], include_characters="\n"),
    min_size=1,
    max_size=12,
).filter(lambda text: text.strip() == text)


def cells(field: Field) -> st.SearchStrategy[Any]:
    """Values that satisfy a column."""
    constraints = field.constraints
    if field.levels is not None:
        return st.sampled_from(field.levels)
    match field.type:
        case "string" if "pattern" in constraints:
            return st.from_regex(re.compile(constraints["pattern"], re.ASCII), fullmatch=True).filter(str.isprintable)
        case "string":
            return WORDS
        case "integer":
            return st.integers(constraints.get("minimum", -(2**40)), constraints.get("maximum", 2**40))
        case "number":
            return st.floats(-(2**40), 2**40, allow_nan=False)
        case "boolean":
            return st.booleans()
        case _:
            return st.dates(date(1900, 1, 1), date(2100, 1, 1))


def rows(table: Table) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {field.name: cells(field) if field.required else st.none() | cells(field) for field in table.fields}
    )


def violations(field: Field) -> list[Any]:
    """One value for each way of breaking a column."""
    broken: list[Any] = []
    if field.required:
        broken.append(None)
    if field.levels is not None:
        return [*broken, "no such value"]
    if "pattern" in field.constraints:
        broken.append(" !")
    if "minimum" in field.constraints:
        broken.append(field.constraints["minimum"] - 1)
    wrong: dict[str, list[Any]] = {
        "integer": ["many", 1.5],
        "number": ["many"],
        "boolean": ["perhaps"],
        "date": ["2026-02-30"],
    }
    return broken + wrong.get(field.type, [])


def accepted_by_pydantic(table: Table, rows: list[dict[str, Any]]) -> list[bool]:
    model, accepted = row_model(table, complete=True), []
    for row in rows:
        try:
            model.validate_python({name: value for name, value in row.items() if value is not None})
            accepted.append(True)
        except ValidationError:
            accepted.append(False)
    return accepted


def accepted_by_frictionless(table: Table, rows: list[dict[str, Any]]) -> list[bool]:
    """What frictionless says of each row of the written CSV file. Keys over several rows are not asked for."""
    descriptor = {key: value for key, value in table.descriptor().items() if key not in ("foreignKeys", "primaryKey")}
    for field in descriptor["fields"]:
        del field["example"]  # frictionless holds it to the column, and generated columns have none that fits
        field["constraints"] = {key: value for key, value in field.get("constraints", {}).items() if key != "unique"}
    schema = TableSchema.from_descriptor(descriptor)
    resource = Resource(to_csv(table, rows), format="csv", encoding="utf-8", schema=schema)
    errors = resource.validate().tasks[0].errors
    refused = {error.row_number for error in errors}
    assert all(number is not None for number in refused), errors
    return [number not in refused for number in range(2, len(rows) + 2)]


TABLES = list(load_schema(ROOT / "schema").tables.values())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_both_gates_accept_what_is_valid(table: Table) -> None:
    @SETTINGS
    @given(st.lists(rows(table), min_size=1, max_size=8))
    def accept(drawn: list[dict[str, Any]]) -> None:
        assert all(accepted_by_pydantic(table, drawn))
        assert all(accepted_by_frictionless(table, drawn))

    accept()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_both_gates_refuse_each_violation(table: Table) -> None:
    @SETTINGS
    @given(rows(table))
    def refuse(valid: dict[str, Any]) -> None:
        broken = [{**valid, field.name: value} for field in table.fields for value in violations(field)]
        assert not any(accepted_by_pydantic(table, broken))
        assert not any(accepted_by_frictionless(table, broken))

    refuse()


PATTERNS = ("[a-z]{2}-[0-9]{3}", "(ab|cd)", "[^ ]+( [^ ]+){0,2}", "[A-Z]{3}")


@st.composite
def fields(draw: st.DrawFn, name: str) -> Field:
    kind = draw(st.sampled_from(("string", "integer", "number", "boolean", "date")))
    constraints: dict[str, Any] = {"required": True} if draw(st.booleans()) else {}
    if kind == "string":
        match draw(st.sampled_from(["any", "pattern", "enum", "length"])):
            case "pattern":
                constraints["pattern"] = draw(st.sampled_from(PATTERNS))
            case "enum":
                constraints["enum"] = draw(st.lists(WORDS, min_size=1, max_size=4, unique=True))
            case "length":
                constraints |= {"minLength": draw(st.integers(1, 4)), "maxLength": draw(st.integers(4, 8))}
    elif kind in ("integer", "number") and draw(st.booleans()):
        constraints |= {"minimum": draw(st.integers(-9, 0)), "maximum": draw(st.integers(0, 9))}
    return Field(name, kind, name, "A column.", "example", constraints, None, None, None)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = [draw(fields(f"column_{index}")) for index in range(draw(st.integers(1, 5)))]
    return Table("generated", "Generated", "A table.", tuple(columns), (), ())


def anything(field: Field) -> st.SearchStrategy[Any]:
    """Values for a column, right and wrong, but for the cases in KNOWN."""
    match field.type:
        case "string":
            return WORDS.filter(lambda text: not text.endswith("\n")) | st.from_regex(
                "|".join(PATTERNS), fullmatch=True
            ).filter(str.isprintable)
        case "integer":
            return st.integers(-12, 12) | st.sampled_from([1.5, "many"])
        case "number":
            return st.integers(-12, 12) | st.floats(-12, 12) | st.just("many")
        case "boolean":
            return st.booleans() | st.just("perhaps")
        case _:
            return st.dates(date(1900, 1, 1), date(2100, 1, 1)) | st.sampled_from(["2026-02-30", "soon"])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_both_gates_say_the_same_of_any_row_of_any_schema(data: st.DataObject) -> None:
    table = data.draw(tables())
    row = st.fixed_dictionaries({field.name: st.none() | anything(field) for field in table.fields})
    drawn = data.draw(st.lists(row, min_size=1, max_size=6))
    # A row of one empty cell is an empty line, which no reader of CSV takes for a row.
    drawn = [row for row in drawn if any(value is not None for value in row.values())]
    if drawn:
        assert accepted_by_pydantic(table, drawn) == accepted_by_frictionless(table, drawn)


def column(kind: str, **constraints: Any) -> Table:
    fields = (Field("column", kind, "Column", "A column.", "example", constraints, None, None, None),)
    other = (Field("other", "string", "Other", "Another column.", "example", {}, None, None, None),)
    return Table("known", "Known", "A table.", fields + other, (), ())


KNOWN: dict[str, tuple[Table, Any, bool, bool]] = {
    # name: the table, a cell, whether pydantic and whether frictionless accepts it, and why it does not matter
    "a newline at the end of a pattern": (column("string", pattern="[a-z]+"), "ab\n", False, True),  # cell-character
    "an empty text": (column("string"), "", False, True),  # a CSV file has no empty text, only null
    "a number written as text": (column("integer"), "3", False, True),  # a CSV cell is always text
    "true written as text": (column("boolean"), "true", False, True),  # a CSV cell is always text
}


@pytest.mark.parametrize("name", KNOWN)
def test_known_disagreements(name: str) -> None:
    table, cell, first, second = KNOWN[name]
    rows = [{"column": cell, "other": "x"}]
    assert (accepted_by_pydantic(table, rows), accepted_by_frictionless(table, rows)) == ([first], [second])
