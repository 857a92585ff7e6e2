"""The schemas are the one definition of columns, and nothing in them is silently skipped."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Approved

from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.io.problems import BuildError, Problem
from russia_iran_claims.pipeline.schema.cells import row_model
from russia_iran_claims.pipeline.schema.load import load_schema
from russia_iran_claims.pipeline.schema.model import Schema

Edit = Callable[[Any], object]


def spoil(project: Path, name: str, edit: Edit) -> None:
    """Change the content of a schema file, in place or by what `edit` returns as `new`."""
    path = project / "schema" / f"{name}.json"
    content = json.loads(path.read_text("utf-8"))
    edit(content)
    path.write_text(json.dumps(content, indent=1), "utf-8")


def refused(project: Path) -> list[Problem]:
    with pytest.raises(BuildError) as error:
        load_schema(project / "schema")
    return error.value.problems


def column(name: str, **keys: Any) -> Edit:
    return lambda content: next(field for field in content["fields"] if field["name"] == name).update(keys)


def without(key: str, name: str = "cue") -> Edit:
    return lambda content: next(field for field in content["fields"] if field["name"] == name).pop(key)


def constrained(**constraints: Any) -> Edit:
    return column("cue", constraints=constraints)


CASES: dict[str, tuple[str, Edit]] = {
    "a type": ("quotes", column("cue", type="duration")),
    "an unknown constraint": ("quotes", constrained(exclusiveMinimum=0)),
    "a format": ("quotes", column("cue", format="uri")),
    "no description": ("quotes", without("description")),
    "no example": ("quotes", without("example")),
    "no vocabulary": ("quotes", without("vocabulary", "act")),
    "another enum": ("quotes", column("act", constraints={"required": True, "enum": ["deny"]})),
    "a vocabulary that is a list": ("quotes", column("act", vocabulary=["act"])),
    "null without a meaning": ("quotes", without("missing")),
    "another meaning of null": ("quotes", column("cue", missing="unknown")),
    "a meaning of null where there is none": ("quotes", column("act", missing="not_said")),
    "an origin": ("quotes", column("cue", origin="guess")),
    "a key that may be null": ("quotes", lambda content: content.update(primaryKey=["cue"])),
    "a key of nothing": ("quotes", lambda content: content.update(primaryKey=["nothing"])),
    "a key in a list": ("quotes", lambda content: content.update(primaryKey=[["a"]])),
    "an empty title": ("quotes", lambda content: content.update(title="")),
    "a title over two lines": ("quotes", lambda content: content.update(title="a\nb")),
    "a title with half a character": ("quotes", lambda content: content.update(title="\ud800")),
    "a description that is a list": ("quotes", lambda content: content.update(description=["x"])),
    "fields as text": ("quotes", lambda content: content.update(fields="x")),
    "fields that are null": ("quotes", lambda content: content.update(fields=None)),
    "a column that is text": ("quotes", lambda content: content["fields"].append("cue")),
    "a column twice": ("quotes", lambda content: content["fields"].append(content["fields"][1])),
    "foreign keys that are null": ("quotes", lambda content: content.update(foreignKeys=None)),
    "a foreign key without fields": ("quotes", lambda content: content["foreignKeys"][0].pop("fields")),
    "a foreign key to nothing": (
        "quotes",
        lambda content: content["foreignKeys"][0]["reference"].update(resource="nothing"),
    ),
    "constraints that are null": ("quotes", column("cue", constraints=None)),
    "constraints that are a list": ("quotes", column("cue", constraints=["required"])),
    "required as a word": ("quotes", constrained(required="no")),
    "a length as text": ("quotes", constrained(minLength="a")),
    "a negative length": ("quotes", constrained(minLength=-1)),
    "a broken length": ("quotes", constrained(minLength=1.5)),
    "a minimum of text": ("quotes", constrained(minimum=1)),
    "lengths that exclude all": ("quotes", constrained(minLength=9, maxLength=2)),
    "a pattern that is open": ("quotes", constrained(pattern="(")),
    "a pattern that is a number": ("quotes", constrained(pattern=5)),
    "a pattern that looks ahead": ("quotes", constrained(pattern="(?=q)")),
    "a pattern that grows": ("quotes", constrained(pattern="(a{1000}){1000}")),
    "another name": ("quotes", lambda content: content.update(name="figures")),
    "rows inside nothing": ("quotes", lambda content: content.update(inside=["nothing"])),
    "no list of tables": ("dataset", lambda content: content.pop("tables")),
    "no list of inputs": ("dataset", lambda content: content.pop("inputs")),
    "no contributors": ("dataset", lambda content: content.pop("contributors")),
    "no licence": ("dataset", lambda content: content.update(licenses=[])),
    "a version": ("dataset", lambda content: content.update(version="0.1.0")),
    "a table twice": ("dataset", lambda content: content["tables"].append("quotes")),
    "a table that climbs": ("dataset", lambda content: content["tables"].append("../../quotes")),
    "no table of articles": ("dataset", lambda content: content["tables"].remove("articles")),
    "no values": ("vocabularies", lambda content: content["act"].pop("values")),
    "no title": ("vocabularies", lambda content: content["act"].pop("title")),
    "an empty definition": ("vocabularies", lambda content: content["act"]["values"]["deny"].update(definition="")),
    "an example of another type": ("articles", column("text_chars", example="many")),
    "a date as text": ("articles", column("published", type="string")),
    "a vocabulary of numbers": ("quotes", column("act", type="integer")),
    "a number that is out of bounds": ("spans", column("start_char", constraints={"required": True, "minimum": 2**53})),
    "bounds that exclude all": (
        "spans",
        column("start_char", constraints={"required": True, "minimum": 9, "maximum": 2}),
    ),
    "a foreign key of nothing": ("quotes", lambda content: content["foreignKeys"][0].update(fields=["nothing"])),
    "other columns of retired": ("retired", lambda content: content["fields"].pop()),
    "other columns of changes": ("changes", lambda content: content["fields"].pop()),
    "a pattern that a name is too long for": (
        "changes",
        lambda content: content["fields"][2].update(constraints={"required": True, "pattern": "[a-z_]{2,14}"}),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_honoured_is_refused(
    case: str, project: Path, capsys: pytest.CaptureFixture[str], approved: Approved
) -> None:
    name, edit = CASES[case]
    spoil(project, name, edit)
    assert main(project, ["check"]) == 1
    # A caret shows the place; the number of the line changes with each column that is added.
    approved(re.sub(r":[0-9]+:[0-9]+: schema", ": schema", capsys.readouterr().out))


@pytest.mark.parametrize("name", ["dataset", "vocabularies", "quotes"])
@pytest.mark.parametrize("content", ["[]", "null", "5", '"x"', "[" * 100_000, '{"a": NaN}', "", "{", "\x00", "1e999"])
def test_a_file_of_another_shape_is_refused(project: Path, name: str, content: str) -> None:
    (project / "schema" / f"{name}.json").write_text(content, "utf-8")
    assert {problem.path for problem in refused(project)} == {f"schema/{name}.json"}


def test_a_key_that_stands_twice_is_refused_at_the_second(project: Path) -> None:
    path = project / "schema" / "quotes.json"
    path.write_text(
        path.read_text("utf-8").replace('"name": "quotes",', '"name": "quotes",\n  "name": "quotes",'), "utf-8"
    )
    (problem,) = refused(project)
    assert (problem.message, problem.line, problem.column) == ("the object already has a key `name`", 4, 3)


def test_faults_in_several_files_are_told_at_once_and_as_json(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(project, "quotes", column("cue", type="duration", title=""))
    spoil(project, "figures", lambda content: content.pop("title"))
    (project / "schema" / "links.json").unlink()
    assert main(project, ["check", "--format", "json"]) == 1
    found = [(problem["path"], problem["line"] > 0) for problem in json.loads(capsys.readouterr().out)]
    assert found == [
        ("schema/figures.json", True),
        ("schema/links.json", False),
        ("schema/quotes.json", True),
        ("schema/quotes.json", True),
    ]


def test_a_schema_file_that_no_table_uses_is_refused(project: Path) -> None:
    (project / "schema" / "extra.json").write_text("{}", "utf-8")
    assert [problem.path for problem in refused(project)] == ["schema/extra.json"]


def test_examples_satisfy_their_own_column(schema: Schema) -> None:
    parse: dict[str, Callable[[str], Any]] = {"integer": int, "number": float, "boolean": lambda text: text == "true"}
    for table in schema.tables.values():
        example = {field.name: parse.get(field.type, str)(field.example) for field in table.fields}
        row_model(table, complete=True).validate_python(example)


def test_all_vocabularies_are_used(schema: Schema) -> None:
    used = {field.vocabulary.name for table in schema.tables.values() for field in table.fields if field.vocabulary}
    assert used == set(json.loads((ROOT / "schema" / "vocabularies.json").read_text("utf-8")))
