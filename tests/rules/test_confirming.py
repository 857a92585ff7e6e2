"""A curator confirms a warning in the row that gets it, and a confirmation that confirms nothing is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import HARBOUR

from russia_iran_claims.pipeline.annotations.anchor import anchor
from russia_iran_claims.pipeline.io.problems import Problem
from russia_iran_claims.pipeline.rules.check import check
from russia_iran_claims.pipeline.schema.model import Schema
from russia_iran_claims.pipeline.texts.read import read_texts

DENIED = ("        stance: affirms\n", "        stance: denies\n")


def change(root: Path, *edits: tuple[str, str]) -> None:
    path = root / "raw" / "articles" / "art-001.yaml"
    text = path.read_text("utf-8")
    for before, after in edits:
        assert before in text
        text = text.replace(before, after, 1)
    path.write_text(text, "utf-8")


def problems(root: Path, schema: Schema, *, texts: bool = True) -> list[Problem]:
    return check(root / "raw", schema, read_texts(HARBOUR / "texts") if texts else None).problems


def test_a_confirmed_warning_is_not_told_and_not_published(harbour: Path, schema: Schema) -> None:
    change(harbour, DENIED)
    (warning,) = problems(harbour, schema)
    assert (warning.rule, warning.severity, warning.record) == ("coded-words", "warning", "at-0001")
    assert warning.hint is not None
    assert warning.hint.endswith(", or confirm it in the row: `confirmed: [coded-words]`")
    change(harbour, ("        stance: denies\n", "        stance: denies\n        confirmed: [coded-words]\n"))
    checked = check(harbour / "raw", schema, read_texts(HARBOUR / "texts"))
    assert checked.problems == []
    assert all("confirmed" not in row.cells for rows in checked.coding.tables.values() for row in rows)


def test_a_row_confirms_its_own_warnings_only(harbour: Path, schema: Schema) -> None:
    change(harbour, DENIED, ("    time_status: past\n", "    time_status: past\n    confirmed: [coded-words]\n"))
    found = [(problem.rule, problem.record) for problem in problems(harbour, schema)]
    assert found == [("idle-confirmation", "ev-0001"), ("coded-words", "at-0001")]


def test_whether_a_text_bears_a_confirmation_out_is_not_known_without_it(harbour: Path, schema: Schema) -> None:
    change(harbour, ("        stance: affirms\n", "        stance: affirms\n        confirmed: [coded-words]\n"))
    assert problems(harbour, schema, texts=False) == []
    assert [(problem.rule, problem.line) for problem in problems(harbour, schema)] == [("idle-confirmation", 117)]
    (harbour / "texts" / "art-001.txt").unlink()
    found = check(harbour / "raw", schema, read_texts(harbour / "texts")).problems
    assert [problem.rule for problem in found] == ["text-missing"]
    assert "confirm" not in (found[0].hint or "")


def test_a_confirmation_is_not_idle_while_the_row_is_wrong(harbour: Path, schema: Schema) -> None:
    change(harbour, ("        certainty: unmarked\n", "        confirmed: [coded-words]\n"))
    assert [problem.rule for problem in problems(harbour, schema)] == ["certainty"]


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ("[coded-word]", "'coded-word' is no rule", "write `coded-words`"),
        ("[figure-value]", "'figure-value' gives no warning of a row", None),
        ("[text-missing]", "'text-missing' gives no warning of a row", None),
        ("[[coded-words]]", "['coded-words'] is no rule", None),
        ("coded-words", "found 'coded-words', expected a list of rules", "write it as a list: `confirmed: [rule]`"),
    ],
)
def test_only_a_warning_can_be_confirmed(
    written: str, message: str, hint: str | None, harbour: Path, schema: Schema
) -> None:
    change(harbour, ("    modifier: approximate\n", f"    modifier: approximate\n    confirmed: {written}\n"))
    (found,) = problems(harbour, schema)
    assert (found.rule, found.severity, found.record) == ("idle-confirmation", "error", "fi-0001")
    assert (found.message, found.hint) == (message, hint)


def test_a_span_that_is_yet_to_be_anchored_can_confirm(harbour: Path, schema: Schema) -> None:
    span = "      - {part: trigger, start_char: 92, end_char: 101, paragraph: 2, zone: body, digest: b8fc8073dc40da49}"
    confirmed = "      - {part: trigger, find: because, zone: body, confirmed: [row-apart]}"
    change(harbour, (span, confirmed))
    for path, content in anchor(harbour / "raw", read_texts(HARBOUR / "texts"))[0].items():
        path.write_text(content, "utf-8")
    assert problems(harbour, schema) == []
