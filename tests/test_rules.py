"""Every rule catches the case that it exists for, at its place, and says nothing about what is right.

A counterexample is one fault put into the made-up project of `harbour/`: `edits` to one `file`, and every problem that
`check` then reports, as `rule@line:column`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import HARBOUR, ROOT

from russia_iran_claims.build.check import check
from russia_iran_claims.build.located import Document
from russia_iran_claims.build.problems import BuildError, Problem
from russia_iran_claims.build.rules import RULES
from russia_iran_claims.build.schemas import Schema
from russia_iran_claims.build.texts import read_texts

COUNTEREXAMPLES = sorted((ROOT / "tests" / "counterexamples").glob("*.yaml"), key=lambda path: path.stem)


def problems(root: Path, schema: Schema, texts: bool = True) -> list[Problem]:
    try:
        return check(root / "raw", schema, read_texts(HARBOUR / "texts") if texts else None)[1]
    except BuildError as error:
        return error.problems


@pytest.mark.parametrize("path", COUNTEREXAMPLES, ids=lambda path: path.stem)
def test_counterexample(path: Path, harbour: Path, schema: Schema) -> None:
    case: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    edited = harbour / case["file"]
    text = edited.read_text("utf-8")
    for edit in case["edits"]:
        assert edit["replace"] in text, f"{path.name}: the made-up project no longer has what is to be replaced"
        text = text.replace(edit["replace"], edit["with"], 1)
    edited.write_text(text, "utf-8")
    found = [
        f"{problem.rule}@{problem.line}:{problem.column}"
        + ("" if problem.path == case["file"] else f" in {problem.path}")
        for problem in problems(harbour, schema)
    ]
    assert found == case["expect"]
    assert path.stem in {entry.partition("@")[0] for entry in found}, (
        "the rule that gives the file its name did not fire"
    )


def test_every_rule_has_a_counterexample() -> None:
    assert set(RULES) <= {path.stem for path in COUNTEREXAMPLES}


def test_what_is_right_passes(harbour: Path, schema: Schema) -> None:
    assert problems(harbour, schema) == []


def test_a_fault_in_each_file_is_listed_at_once(harbour: Path, schema: Schema) -> None:
    for name in ("actors.yaml", "links.yaml", "articles/art-001.yaml", "articles/art-002.yaml"):
        path = harbour / "raw" / name
        path.write_text(path.read_text("utf-8").replace("_id: ", "_idd: ", 1), "utf-8")
    found = problems(harbour, schema)
    assert {problem.path for problem in found} >= {
        "raw/actors.yaml",
        "raw/links.yaml",
        "raw/articles/art-001.yaml",
        "raw/articles/art-002.yaml",
    }
    assert found == sorted(found)


@pytest.mark.parametrize("text", ["no", "off", "12:30", "010", "0x1f", "1_000", ".nan", "-.inf", "y"])
def test_what_readers_of_yaml_dispute_is_a_problem(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"key: {text}\n", "utf-8")
    assert [problem.rule for problem in Document(tmp_path / "a.yaml", "a.yaml").problems] == ["yaml-surprise"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("1.5", 1.5), ("true", True), ("~", None), ("'no'", "no"), ("2026-01-02", "2026-01-02"), ("+3", 3)],
)
def test_plain_values_follow_the_core_schema(text: str, value: Any, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"key: {text}\n", "utf-8")
    document = Document(tmp_path / "a.yaml", "a.yaml")
    assert (document.value, document.problems) == ({"key": value}, [])


def test_bytes_that_are_no_text_are_a_problem_at_their_place(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"one: 1\ntwo: \xff\n")
    (problem,) = Document(tmp_path / "a.yaml", "a.yaml").problems
    assert (problem.rule, problem.line, problem.column) == ("encoding", 2, 6)


def test_the_real_annotations_hold_against_the_texts(articles: Path, schema: Schema) -> None:
    _, warnings = check(ROOT / "raw", schema, read_texts(articles))
    assert warnings == []


def test_taking_out_any_quote_or_figure_is_noticed(articles: Path, project: Path, schema: Schema) -> None:
    texts = read_texts(articles)
    for path in sorted((project / "raw" / "articles").glob("*.yaml")):
        original = path.read_text("utf-8")
        records = original.split("\n  - ")
        for record in records:
            if record.startswith(("quote_id", "figure_id")):
                name = record.split("\n")[0].partition(": ")[2]
                kept = [other for other in records if other is not record]
                path.write_text("\n  - ".join(kept), "utf-8")
                with pytest.raises(BuildError) as error:
                    check(project / "raw", schema, texts)
                marked = "text:" in record or "wording:" in record
                assert not marked or any(problem.rule == "uncovered" for problem in error.value.problems), name
                assert any(name in str(problem) or problem.rule == "uncovered" for problem in error.value.problems)
        path.write_text(original, "utf-8")
