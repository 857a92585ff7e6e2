"""The next version follows from what changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import FIRST_DAY

from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.schema.model import Field, ForeignKey, Schema, Table, Vocabulary
from russia_iran_claims.pipeline.versions.changes import compare, has_ids
from russia_iran_claims.pipeline.versions.index import read_index, sha256, sums
from russia_iran_claims.pipeline.versions.numbering import Step, assess, next_version
from russia_iran_claims.pipeline.versions.version import Version, from_records

ONE = "raw/articles/art-001.yaml"


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text("utf-8")
    assert old in text, f"{name} no longer has {old!r}"
    path.write_text(text.replace(old, new, 1), "utf-8")


def add(root: Path, name: str, entry: dict[str, str]) -> None:
    with (root / name).open("a", encoding="utf-8") as file:
        file.write(yaml.safe_dump([entry], allow_unicode=True))


def correct(root: Path, table: str, id: str, column: str, reason: str) -> None:
    """Give the reason for a change since the newest version."""
    newest = read_index(root / "dataset")[-1]["version"]
    entry = {"table": table, "id": id, "column": column, "corrects": newest, "reason": reason}
    add(root, "raw/corrections.yaml", entry)


def correct_value(root: Path) -> None:
    edit(root, ONE, "paraphrase: Tugs from Norland are on their way.", "paraphrase: Norland has sent tugs.")
    correct(root, "quotes", "qu-0003", "paraphrase", "Said as done.")


def add_quote(root: Path) -> None:
    text = (root / ONE).read_text("utf-8")
    start = text.index("  - quote_id: qu-0001")
    quote = (
        text[start : text.index("\n\n", start)]
        .replace("qu-0001", "qu-0100")
        .replace("start_char: 17", "start_char: 18")
    )
    edit(root, ONE, "\nevents:\n", f"{quote}\n\nevents:\n")


def remove_figure(root: Path) -> None:
    text = (root / ONE).read_text("utf-8")
    start = text.index("  - figure_id: fi-0002")
    edit(root, ONE, text[start : text.index("\nexclusions:")], "")
    add(root, "raw/retired.yaml", {"row_id": "fi-0002", "reason": "Counted by nobody."})


def reword(root: Path) -> None:
    edit(root, "schema/quotes.json", '"title": "Cue"', '"title": "Cue words"')


@contextmanager
def genres(root: Path) -> Iterator[tuple[dict[str, dict[str, str]], list[str]]]:
    """The values of a column, to be changed: where they are defined, and where its `enum` repeats them."""
    paths = [root / "schema" / f"{name}.json" for name in ("vocabularies", "articles")]
    vocabularies, articles = (json.loads(path.read_text("utf-8")) for path in paths)
    field = next(field for field in articles["fields"] if field["name"] == "genre")
    yield vocabularies["genre"]["values"], field["constraints"]["enum"]
    for path, content in zip(paths, (vocabularies, articles)):
        path.write_text(json.dumps(content), "utf-8")


def add_value(root: Path) -> None:
    with genres(root) as (values, enum):
        values["interview"] = {"definition": "A conversation in print.", "example": "Ten questions."}
        enum.append("interview")


def remove_value(root: Path) -> None:
    with genres(root) as (values, enum):
        del values["live"]
        enum.remove("live")


def tighten(root: Path) -> None:
    before = '"wording": "name",\n      "constraints": {'
    edit(root, "schema/actors.json", before, f'{before}\n        "maxLength": 200,')


def loosen(root: Path) -> None:
    edit(root, "schema/articles.json", '"minimum": 1', '"minimum": 0')


def stand_at(root: Path, number: str) -> None:
    """Have the project stand at another version than the first."""
    folder = (root / "dataset" / "0.1.0").rename(root / "dataset" / number)
    package = folder / "datapackage.json"
    package.write_text(package.read_text("utf-8").replace('"version": "0.1.0"', f'"version": "{number}"'), "utf-8")
    (folder / "SHA256SUMS").write_text(sums(folder), "utf-8")
    index = root / "dataset" / "versions.json"
    (entry,) = json.loads(index.read_text("utf-8"))["versions"]
    entry |= {"version": number, "sums": sha256(folder / "SHA256SUMS")}
    index.write_text(json.dumps({"versions": [entry]}), "utf-8")
    corrections = root / "raw" / "corrections.yaml"
    corrections.write_text(corrections.read_text("utf-8").replace("0.1.0", number), "utf-8")


@pytest.mark.parametrize(
    ("change", "stable", "early", "reason"),
    [
        (correct_value, "1.0.1", "0.1.1", "PATCH: quotes: 1 row (qu-0003) corrected"),
        (reword, "1.0.1", "0.1.1", "PATCH: quotes.cue: description reworded"),
        (add_quote, "1.1.0", "0.2.0", "MINOR: quotes: 1 row (qu-0100) added"),
        (add_value, "1.1.0", "0.2.0", "MINOR: articles.genre: values added: interview"),
        (loosen, "1.1.0", "0.2.0", "MINOR: articles.text_chars: constraint minimum loosened"),
        (remove_figure, "2.0.0", "0.2.0", "MAJOR: figures: 1 row (fi-0002) removed"),
        (remove_value, "2.0.0", "0.2.0", "MAJOR: articles.genre: values removed: live"),
        (tighten, "2.0.0", "0.2.0", "MAJOR: actors.name: constraint maxLength tightened"),
    ],
)
def test_the_version_follows_from_the_change(
    change: Callable[[Path], None],
    stable: str,
    early: str,
    reason: str,
    released: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    change(released)
    for number, expected in (("0.1.0", early), ("1.0.0", stable)):
        if number != "0.1.0":
            stand_at(released, number)
        capsys.readouterr()
        assert main(released, ["release", "--dry-run", "--date", "2026-12-01"]) == 0
        output = capsys.readouterr().out
        assert output.startswith(f"version {expected}, released 2026-12-01\n")
        assert f"- {reason}\n" in output


def test_nothing_changed_is_nothing_to_do(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(released, ["release", "--date", "2026-12-01"]) == 0
    assert "nothing to do" in capsys.readouterr().out
    assert [entry["version"] for entry in read_index(released / "dataset")] == ["0.1.0"]


def test_a_step_can_be_asked_to_be_larger_and_never_smaller(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add_quote(released)
    for least, expected in (("patch", "0.2.0"), ("minor", "0.2.0"), ("major", "1.0.0")):
        assert main(released, ["release", "--dry-run", "--date", "2026-12-01", "--at-least", least]) == 0
        assert capsys.readouterr().out.startswith(f"version {expected},")


def test_the_date_is_declared(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add_quote(released)
    assert main(released, ["release"]) == 2
    assert "give --date" in capsys.readouterr().err
    assert main(released, ["release", "--date", "2020-01-01"]) == 1
    assert f"2020-01-01 is before {FIRST_DAY}" in capsys.readouterr().out


def test_a_first_release_is_0_1_0_or_declared_1_0_0(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(harbour, ["release"]) == 2
    assert main(harbour, ["release", "--dry-run", "--at-least", "major"]) == 0
    assert "version 1.0.0\n" in capsys.readouterr().out
    assert main(harbour, ["release", "--date", "2026-12-01"]) == 0
    assert [entry["version"] for entry in read_index(harbour / "dataset")] == ["0.1.0"]


@pytest.mark.parametrize(
    ("step", "number", "expected"),
    [
        (Step.MAJOR, "1.2.3", "2.0.0"),
        (Step.MINOR, "1.2.3", "1.3.0"),
        (Step.PATCH, "1.2.3", "1.2.4"),
        (Step.MAJOR, "0.1.0", "0.2.0"),
        (Step.PATCH, "0.1.9", "0.1.10"),
        (Step.NONE, "0.1.0", "0.1.0"),
    ],
)
def test_steps(step: Step, number: str, expected: str) -> None:
    assert next_version(number, step) == expected


def version(
    field: dict[str, Any], *ids: str, keys: tuple[ForeignKey, ...] = (), more: tuple[Field, ...] = ()
) -> Version:
    """A version of one table with a column `boat`."""
    column = Field(**{"name": "boat", "type": "string", "title": "Boat", "description": "A boat.", "example": "tug",
        "constraints": {}, "vocabulary": None} | field)  # fmt: skip
    key = Field("id", "string", "Id", "The row.", "a-1", {"required": True}, None)
    table = Table("boats", "Boats", "Boats at sea.", (key, column, *more), ("id",), keys)
    rows = [{"id": id, "boat": None, **{each.name: None for each in more}} for id in ids]
    return from_records(Schema({}, {"boats": table}, {}), {"boats": rows})


def limited(**constraints: Any) -> dict[str, Any]:
    return {"constraints": constraints}


KINDS = {kind: {"definition": f"A {kind}.", "example": kind} for kind in ("tug", "barge")}
REAL = Vocabulary("kinds", "Kinds", False, KINDS)
ABROAD = ForeignKey(("boat",), "ports", ("port",))
STEPS: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "nothing": ({}, {}, []),
    "a lower bound": (limited(), limited(minimum=1), ["MAJOR: constraint minimum tightened"]),
    "a lower lower bound": (limited(minimum=2), limited(minimum=1), ["MINOR: constraint minimum loosened"]),
    "a higher lower bound": (limited(minLength=1), limited(minLength=2), ["MAJOR: constraint minLength tightened"]),
    "no lower bound": (limited(minLength=1), limited(), ["MINOR: constraint minLength loosened"]),
    "an upper bound": (limited(), limited(maximum=1), ["MAJOR: constraint maximum tightened"]),
    "a lower upper bound": (limited(maximum=2), limited(maximum=1), ["MAJOR: constraint maximum tightened"]),
    "a higher upper bound": (limited(maxLength=1), limited(maxLength=2), ["MINOR: constraint maxLength loosened"]),
    "no upper bound": (limited(maxLength=1), limited(), ["MINOR: constraint maxLength loosened"]),
    "required": (limited(), limited(required=True), ["MAJOR: constraint required tightened"]),
    "not required": (limited(required=True), limited(required=False), ["MINOR: constraint required loosened"]),
    "unique": (limited(), limited(unique=True), ["MAJOR: constraint unique tightened"]),
    "another pattern": (limited(pattern="a"), limited(pattern="b"), ["MAJOR: constraint pattern changed"]),
    "no pattern": (limited(pattern="a"), limited(), ["MINOR: constraint pattern loosened"]),
    "values": (limited(), limited(enum=["a"]), ["MAJOR: constraint enum tightened"]),
    "no values": (limited(enum=["a"]), limited(), ["MINOR: constraint enum loosened"]),
    "other values": (
        limited(enum=["a", "b", "c"]),
        limited(enum=["c", "d", "e"]),
        ["MAJOR: values removed: a, b", "MINOR: values added: d, e"],
    ),
    "values in another order": (limited(enum=["a", "b"]), limited(enum=["b", "a"]), ["MAJOR: values reordered"]),
    "another type": ({}, {"type": "number"}, ["MAJOR: type changed from string to number"]),
    "another title": ({}, {"title": "Ship"}, ["PATCH: description reworded"]),
    "another description": ({}, {"description": "A ship."}, ["PATCH: description reworded"]),
    "another example": ({}, {"example": "barge"}, ["PATCH: description reworded"]),
    "definitions": ({}, {"vocabulary": REAL}, ["PATCH: description reworded"]),
    "another definition": (
        {"vocabulary": REAL},
        {"vocabulary": Vocabulary("kinds", "Kinds", False, KINDS | {"tug": KINDS["barge"]})},
        ["PATCH: description reworded"],
    ),
    "values in an order": (
        {"vocabulary": REAL},
        {"vocabulary": Vocabulary("kinds", "Kinds", True, KINDS)},
        ["PATCH: description reworded"],
    ),
}


@pytest.mark.parametrize("case", STEPS)
def test_a_column_that_changes_takes_a_step(case: str) -> None:
    before, after, reasons = STEPS[case]
    old, new = version(before), version(after)
    step, told = assess(old, new, compare(old, new))
    assert told == [reason.replace(":", ": boats.boat:", 1) for reason in reasons]
    assert step.name == (reasons[0].partition(":")[0] if reasons else "NONE")


def test_a_table_that_comes_or_goes_takes_a_step() -> None:
    old = version({}, "a")
    ports = replace(old.schema.tables["boats"], name="ports")
    schema = replace(old.schema, tables={"ports": ports, **old.schema.tables})
    new = Version(schema, {"ports": old.tables["boats"], **old.tables})
    assert [change[:3] for change in compare(old, new)] == [("datapackage", "ports", "name"), ("ports", "a", "id")]
    assert assess(old, new, compare(old, new))[1] == ["MINOR: ports: 1 row (a) added", "MINOR: ports: table added"]
    assert assess(new, old, compare(new, old))[1] == ["MAJOR: ports: 1 row (a) removed", "MAJOR: ports: table removed"]
    back = Version(replace(schema, tables=dict(reversed(schema.tables.items()))), new.tables)
    assert assess(new, back, compare(new, back))[1] == ["PATCH: dataset: tables reordered"]


def test_what_describes_a_column_changes_by_its_properties() -> None:
    old = version({"vocabulary": REAL})
    words = {"title": "Ship", "description": "A ship.", "example": "barge", "type": "number"}
    kinds = {
        "tug": {"definition": "A small one.", "example": "one tug"},
        "punt": {"definition": "Flat.", "example": "a punt"},
    }
    new = version({**words, "vocabulary": Vocabulary("kinds", "Kinds", False, kinds), **limited(minimum=1)})
    assert {(change.id, *change[2:6]) for change in compare(old, new)} == {
        ("boats.boat", "title", "corrected", "Boat", "Ship"),
        ("boats.boat", "description", "corrected", "A boat.", "A ship."),
        ("boats.boat", "example", "corrected", "tug", "barge"),
        ("boats.boat", "type", "corrected", "string", "number"),
        ("boats.boat", "constraints", "added", None, '{"minimum": 1}'),
        ("boats.boat.tug", "description", "corrected", "A tug.", "A small one."),
        ("boats.boat.tug", "example", "corrected", "tug", "one tug"),
        ("boats.boat.barge", "name", "retired", "barge", None),
        ("boats.boat.punt", "name", "added", None, "punt"),
    }
    assert {change.table for change in compare(old, new)} == {"datapackage"}


@pytest.mark.parametrize(
    ("table", "key", "expected"),
    [
        ("quotes", ("quote_id",), True),
        ("links", ("from_id", "to_id", "relation"), False),
        ("sources", ("source_chain",), False),
        ("retired", ("row_id",), False),
        ("datapackage", ("id",), False),
    ],
)
def test_rows_that_are_cited_have_an_id_of_their_own(table: str, key: tuple[str, ...], expected: bool) -> None:
    assert has_ids(table, key) is expected


def test_rows_keys_and_columns_that_come_and_go_take_a_step() -> None:
    port = Field("port", "string", "Port", "A port.", "Vik", {}, None)
    old, new = version({}, "a", "b"), version({}, "b", "c", "d", "e", "f", keys=(ABROAD,), more=(port,))
    assert assess(old, new, compare(old, new)) == (
        Step.MAJOR,
        [
            "MAJOR: boats: 1 row (a) removed",
            "MAJOR: boats: foreign key added",
            "MINOR: boats.port: column added",
            "MINOR: boats: 4 rows (c, d, e, …) added",
        ],
    )
    assert assess(new, old, compare(new, old)) == (
        Step.MAJOR,
        [
            "MAJOR: boats.port: column removed",
            "MAJOR: boats: 4 rows (c, d, e, …) removed",
            "MINOR: boats: 1 row (a) added",
            "PATCH: boats: foreign key removed",
        ],
    )
