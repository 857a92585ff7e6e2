"""The schemas are the one definition of columns, and nothing in them is silently skipped."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

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


CASES: dict[str, tuple[Edit, str]] = {
    "a type": (column("cue", type="duration"), "found 'duration', expected one of 'string', 'integer'"),
    "an unknown constraint": (constrained(exclusiveMinimum=0), "does not know the key `exclusiveMinimum`"),
    "a format": (column("cue", format="uri"), "does not know the key `format`"),
    "no description": (without("description"), "the key `description` is missing"),
    "no example": (without("example"), "the key `example` is missing"),
    "no vocabulary": (without("vocabulary", "act"), "must name the vocabulary"),
    "another enum": (column("act", constraints={"enum": ["deny"]}), "must repeat the vocabulary act"),
    "a vocabulary that is a list": (column("act", vocabulary=["act"]), "found ['act'], expected text"),
    "an origin": (column("cue", origin="guess"), "expected one of 'parent', 'position' or 'derived'"),
    "a key that may be null": (lambda content: content.update(primaryKey=["cue"]), "a key column must be required"),
    "a key of nothing": (lambda content: content.update(primaryKey=["nothing"]), "names the column nothing"),
    "a key in a list": (lambda content: content.update(primaryKey=[["a"]]), "found ['a'], expected text"),
    "an empty title": (lambda content: content.update(title=""), "at least 1 character"),
    "a title over two lines": (lambda content: content.update(title="a\nb"), "expected text on one line"),
    "a title with half a character": (lambda content: content.update(title="\ud800"), "half a surrogate pair"),
    "a description that is a list": (lambda content: content.update(description=["x"]), "expected text"),
    "fields as text": (lambda content: content.update(fields="x"), "found 'x', expected a list"),
    "fields that are null": (lambda content: content.update(fields=None), "found None, expected a list"),
    "a column that is text": (lambda content: content["fields"].append("cue"), "found 'cue', expected an object"),
    "a column twice": (lambda content: content["fields"].append(content["fields"][1]), "already has a column"),
    "foreign keys that are null": (lambda content: content.update(foreignKeys=None), "expected a list"),
    "a foreign key without fields": (lambda content: content["foreignKeys"][0].pop("fields"), "`fields` is missing"),
    "a foreign key to nothing": (
        lambda content: content["foreignKeys"][0]["reference"].update(resource="nothing"),
        "foreign key to nothing.",
    ),
    "constraints that are null": (column("cue", constraints=None), "found None, expected an object"),
    "constraints that are a list": (column("cue", constraints=["required"]), "expected an object"),
    "required as a word": (constrained(required="no"), "found 'no', expected true or false"),
    "a length as text": (constrained(minLength="a"), "found 'a', expected a whole number"),
    "a negative length": (constrained(minLength=-1), "found -1"),
    "a broken length": (constrained(minLength=1.5), "found 1.5, expected a whole number"),
    "a minimum of text": (constrained(minimum=1), "a string cannot have the constraint minimum"),
    "lengths that exclude all": (constrained(minLength=9, maxLength=2), "minLength is greater than maxLength"),
    "a pattern that is open": (constrained(pattern="("), "not a pattern that the build can use"),
    "a pattern that is a number": (constrained(pattern=5), "found 5, expected text"),
    "a pattern that looks ahead": (constrained(pattern="(?=q)"), "not a pattern that the build can use"),
    "a pattern that grows": (constrained(pattern="(a{1000}){1000}"), "not a pattern that the build can use"),
    "another name": (lambda content: content.update(name="figures"), "expected 'quotes' as the file is called"),
    "rows inside nothing": (lambda content: content.update(inside=["nothing"]), "there is no other table nothing"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_honoured_is_refused_at_its_place(project: Path, case: str) -> None:
    edit, complaint = CASES[case]
    spoil(project, "quotes", edit)
    problems = refused(project)
    assert any(complaint in problem.message for problem in problems), problems
    assert {problem.path for problem in problems} == {"schema/quotes.json"}
    assert all(problem.line and problem.column for problem in problems)


WHOLE = [
    ("dataset", lambda content: content.pop("tables"), "the key `tables` is missing"),
    ("dataset", lambda content: content.pop("inputs"), "the key `inputs` is missing"),
    ("dataset", lambda content: content.pop("contributors"), "the key `contributors` is missing"),
    ("dataset", lambda content: content.update(licenses=[]), "at least 1 item"),
    ("dataset", lambda content: content.update(version="0.1.0"), "does not know the key `version`"),
    ("dataset", lambda content: content["tables"].append("quotes"), "the table quotes is listed twice"),
    ("dataset", lambda content: content["tables"].append("../../quotes"), "string should match pattern"),
    ("dataset", lambda content: content["tables"].remove("articles"), "the build needs the table articles"),
    ("vocabularies", lambda content: content["act"].pop("values"), "the key `values` is missing"),
    ("vocabularies", lambda content: content["act"].pop("title"), "the key `title` is missing"),
    ("vocabularies", lambda content: content["act"]["values"]["deny"].update(definition=""), "at least 1 character"),
]


@pytest.mark.parametrize(("name", "edit", "complaint"), WHOLE)
def test_what_describes_the_dataset_is_checked_alike(project: Path, name: str, edit: Edit, complaint: str) -> None:
    spoil(project, name, edit)
    problem = next(problem for problem in refused(project) if complaint in problem.message)
    assert problem.path == f"schema/{name}.json"


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
