"""The schemas are the one definition of columns, and nothing in them is silently skipped."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from russia_iran_claims.pipeline.schema.cells import row_model
from russia_iran_claims.pipeline.schema.load import SchemaError, load_schema
from russia_iran_claims.pipeline.schema.model import Schema


def change(project: Path, name: str, edit: dict[str, Any], column: str | None = None) -> None:
    path = project / "schema" / f"{name}.json"
    content = json.loads(path.read_text("utf-8"))
    target = content if column is None else next(field for field in content["fields"] if field["name"] == column)
    for key, value in edit.items():
        if value is None:
            del target[key]
        else:
            target[key] = value
    path.write_text(json.dumps(content), "utf-8")


@pytest.mark.parametrize(
    ("edit", "column", "complaint"),
    [
        ({"type": "duration"}, "cue", "does not know the type 'duration'"),
        ({"constraints": {"exclusiveMinimum": 0}}, "cue", "does not know the constraint exclusiveMinimum"),
        ({"format": "uri"}, "cue", "does not know the key format"),
        ({"description": None}, "cue", "`description` is missing"),
        ({"example": None}, "cue", "`example` is missing"),
        ({"vocabulary": None}, "act", "must name the vocabulary"),
        ({"constraints": {"enum": ["deny"]}}, "act", "must repeat the vocabulary act"),
        ({"origin": "guess"}, "cue", "`origin` is one of"),
        ({"primaryKey": ["cue"]}, None, "cue: a key column must be required"),
        ({"primaryKey": ["nothing"]}, None, "names the column nothing"),
        ({"title": ""}, None, "`title` is missing"),
    ],
)
def test_what_cannot_be_honoured_is_refused(
    project: Path, edit: dict[str, Any], column: str | None, complaint: str
) -> None:
    change(project, "quotes", edit, column)
    with pytest.raises(SchemaError) as error:
        load_schema(project / "schema")
    assert complaint in str(error.value)
    assert "quotes.json" in str(error.value)


def test_a_value_without_definition_is_refused(project: Path) -> None:
    path = project / "schema" / "vocabularies.json"
    content = json.loads(path.read_text("utf-8"))
    content["act"]["values"]["deny"]["definition"] = ""
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(SchemaError, match=r"act\.deny: `definition` is missing"):
        load_schema(project / "schema")


def test_a_schema_file_that_no_table_uses_is_refused(project: Path) -> None:
    (project / "schema" / "extra.json").write_text("{}", "utf-8")
    with pytest.raises(SchemaError, match="lists it neither"):
        load_schema(project / "schema")


def test_examples_satisfy_their_own_column(schema: Schema) -> None:
    parse: dict[str, Callable[[str], Any]] = {"integer": int, "number": float, "boolean": lambda text: text == "true"}
    for table in schema.tables.values():
        example = {field.name: parse.get(field.type, str)(field.example) for field in table.fields}
        row_model(table, complete=True).validate_python(example)


def test_all_vocabularies_are_used(schema: Schema) -> None:
    used = {field.vocabulary.name for table in schema.tables.values() for field in table.fields if field.vocabulary}
    assert used == set(json.loads((ROOT / "schema" / "vocabularies.json").read_text("utf-8")))
