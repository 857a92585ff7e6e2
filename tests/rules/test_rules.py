"""Every rule catches the case that it exists for, at its place, and says nothing about what is right.

A counterexample is one fault put into the made-up project of `harbour/`: `edits` to one `file`, or to the file that
an edit names (it may then be written many `times`, in another encoding or as a `link`), and the `report` that `check`,
or another `command`, then prints. The file is a schema where the project's own have no column that the rule is for. A
rule that says several things has several counterexamples.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import HARBOUR, ROOT
from pandas._libs.parsers import STR_NA_VALUES

from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.io.problems import Problem
from russia_iran_claims.pipeline.rules.check import check
from russia_iran_claims.pipeline.rules.judge import RULES
from russia_iran_claims.pipeline.rules.rows import dates, events, figures, links, spans
from russia_iran_claims.pipeline.rules.texts import coded_words
from russia_iran_claims.pipeline.schema import cells
from russia_iran_claims.pipeline.schema.model import Schema
from russia_iran_claims.pipeline.schema.terms import ITEMS, SIDES
from russia_iran_claims.pipeline.texts.read import read_texts

COUNTEREXAMPLES: dict[str, list[dict[str, Any]]] = {
    path.stem: list(yaml.safe_load_all(path.read_text("utf-8")))
    for path in sorted((Path(__file__).parent / "counterexamples").glob("*.yaml"))
}
CASES = [(rule, number) for rule, cases in COUNTEREXAMPLES.items() for number in range(len(cases))]


def problems(root: Path, schema: Schema) -> list[Problem]:
    return check(root / "raw", schema, read_texts(HARBOUR / "texts")).problems


def spoil(root: Path, case: dict[str, Any]) -> None:
    """Put the fault of a counterexample into the made-up project."""
    for edit in case["edits"]:
        path = root / edit.get("file", case["file"])
        text = path.read_text("utf-8")
        assert edit["replace"] in text, "the made-up project no longer has what is to be replaced"
        path.write_text(text.replace(edit["replace"], edit["with"], 1), "utf-8")
    path = root / case["file"]
    path.write_text(path.read_text("utf-8") * case.get("times", 1), case.get("encode", "utf-8"))
    if case.get("link"):
        path.symlink_to(path.rename(root / "elsewhere"))


@pytest.mark.parametrize(("rule", "number"), CASES)
def test_counterexample(
    rule: str, number: int, harbour: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case = COUNTEREXAMPLES[rule][number]
    spoil(harbour, case)
    monkeypatch.chdir(harbour)
    main(harbour, [case.get("command", "check"), "--articles", "texts"])
    assert (report := capsys.readouterr().out) == case["report"]
    assert f": {rule}: " in report, "the rule that gives the file its name did not fire"


def test_every_rule_has_a_counterexample() -> None:
    assert set(RULES) == set(COUNTEREXAMPLES)


def test_whatever_a_cell_is_refused_for_is_a_rule() -> None:
    assert {*cells._RULES.values(), "empty", "type"} <= set(RULES)


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        ("cell-missing", [*STR_NA_VALUES - {""}, "NaT"]),
        ("cell-formula", [f"{start}tug" for start in "=+-@\t\r"]),
        ("cell-character", [f"a{character}tug" for character in "\x07\xad\u200b\ue000\ufdd0\u2028\u2029"]),
        ("cell-space", [" tug", "tug "]),
    ],
)
def test_no_name_breaks_a_table(rule: str, names: list[str], harbour: Path, schema: Schema) -> None:
    lines = [f"- {{actor_id: tug-{place}, name: {json.dumps(name)}, kind: group}}" for place, name in enumerate(names)]
    with (harbour / "raw" / "actors.yaml").open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    found = [problem.record for problem in problems(harbour, schema) if problem.rule == rule]
    assert found == [f"tug-{place}" for place in range(len(names))]


def test_rules_name_values_that_the_columns_have(schema: Schema) -> None:
    def levels(table: str, column: str) -> set[str]:
        return set(schema.tables[table].by_name[column].levels or ())

    assert set(figures.BOUNDS) == levels("figures", "modifier")
    assert set(SIDES) == levels("attestations", "stance")
    assert {kind for kinds in figures.BOUNDS.values() for kind in kinds} == {"value", "number", None}
    assert set(links.ENDS) < levels("links", "relation")
    assert {*events.MARKED} < levels("attestations", "stance")
    for (table, column), values in coded_words.WORDS.items():
        assert set(values) <= levels(table, column)
    assert set().union(*(allowed for allowed, _ in spans.PARTS.values())) == levels("spans", "part")
    assert all(needed <= allowed for allowed, needed in spans.PARTS.values())
    for table, columns in dates.COLUMNS.items():
        assert {schema.tables[table].by_name[column].type for column in columns} == {"date"}
    kinds = {schema.tables[table].by_name[f"{kind}_id"].example[:2] for kind, table in ITEMS.items()}
    assert set().union(*links.ENDS.values()) <= kinds


# For each coded value, words that bear it out.
BORNE_OUT = {
    ("attestations", "stance", "denies"): "not never cannot couldn't denied declines falsely lied nonsense",
    ("attestations", "stance", "questions"): "really? asked questioned whether possibly",
    ("attestations", "stance", "withholds"): "not hasn’t nonsense comment commented",
    ("attestations", "stance", "leaves_open"): "not nonsense whether open remained unknown unconfirmed",
    ("attestations", "certainty", "certain"): "clear clearly confirmed surely known fact proved guaranteed",
    ("attestations", "certainty", "probable"): "likely probably seems expected presumed",
    ("attestations", "certainty", "possible"): "might may could possibly perhaps conceivably",
    ("quotes", "act", "ask"): "why? asked possible wants",
    ("quotes", "act", "warn"): "to ready warned threatens if danger dangers",
    ("quotes", "act", "promise"): "to we'll they'd ready promised swore committed",
    ("quotes", "act", "deny"): "not nonsense",
    ("quotes", "act", "decline"): "not refuses nonsense",
    ("quotes", "act", "explain"): "because so clarified due~to in~order",
    ("events", "time_status", "planned"): "to going ready next this until",
    ("events", "time_status", "conditional"): "if could anything in~case",
    ("exclusions", "reason", "date"): "2026 Monday today weeks years yesterday tomorrow",
    ("exclusions", "reason", "dateline"): "2026",
    ("exclusions", "reason", "ordinal"): "first third ninth seventeenth twelfth twentieth 1st 2nd 3rd 4th",
    (
        "exclusions",
        "reason",
        "pronoun",
    ): "12 one twelve sixteen forty hundreds billions dozens several couple either none",
    ("exclusions", "reason", "source_count"): "two couple",
    ("exclusions", "reason", "idiom"): "one half couple",
    ("figures", "modifier", "more_than"): "more~than over beyond",
    ("figures", "modifier", "at_least"): "at~least no~fewer~than or~more upwards",
    ("figures", "modifier", "less_than"): "less~than fewer~than under below",
    ("figures", "modifier", "at_most"): "at~most up~to maximum as~many~as or~less or~fewer",
    ("figures", "modifier", "nearly"): "nearly almost just~under just~short",
    ("figures", "modifier", "approximate"): "about around or~so estimated",
}


@pytest.mark.parametrize(("table", "column", "value"), BORNE_OUT)
def test_words_bear_a_value_out(table: str, column: str, value: str) -> None:
    listed = coded_words.WORDS[table, column][value]
    assert listed is not None
    for words in BORNE_OUT[table, column, value].split():
        assert coded_words._has(f"Boats, {words.replace('~', ' ')} boats.".replace("? boats", "?"), listed), words
    assert not coded_words._has("Berg spoke at the knotted quay.", listed)


def test_every_value_that_rests_on_words_is_tried() -> None:
    listed = {
        (*place, value) for place, values in coded_words.WORDS.items() for value, words in values.items() if words
    }
    assert listed == set(BORNE_OUT)


@pytest.mark.parametrize("count", [1, 2])
def test_a_quote_without_a_cue_has_no_cue_spans(count: int, harbour: Path, schema: Schema) -> None:
    path = harbour / "raw" / "articles" / "art-001.yaml"
    text = path.read_text("utf-8")
    span = next(line for line in text.split("\n") if "part: cue, start_char: 145" in line)
    spans = "\n".join([span, span.replace("start_char: 145, end_char: 149", "start_char: 150, end_char: 152")][:count])
    head, _, rest = text.partition(span)
    cue = head.rindex("    cue: ")
    path.write_text(head[:cue] + head[head.index("\n", cue) + 1 :] + spans + rest, "utf-8")
    found = check(harbour / "raw", schema, None).problems
    assert [(problem.rule, problem.field) for problem in found] == [("span-words", "cue")]


def test_a_part_of_a_word_does_not_stand_in_the_text(harbour: Path, schema: Schema) -> None:
    path = harbour / "raw" / "articles" / "art-001.yaml"
    path.write_text(path.read_text("utf-8").replace("role: Harbour Master", "role: Harbour Mast"), "utf-8")
    found = [(problem.rule, problem.record) for problem in problems(harbour, schema)]
    assert found == [("verbatim-cell", "art-001")]


def test_what_is_right_passes(harbour: Path, schema: Schema) -> None:
    (harbour / "raw" / "README.md").write_text("How the files are written.", "utf-8")
    assert problems(harbour, schema) == []


def test_whom_somebody_belongs_to_is_mentioned_without_a_row(harbour: Path, schema: Schema) -> None:
    for name, old, new in (
        ("actors.yaml", "name: Ada Berg,", "name: Ada Berg, affiliation_id: vik,"),
        ("actors.yaml", "- {actor_id: two", "- {actor_id: vik, name: Vik, kind: organisation}\n- {actor_id: two"),
        ("articles/art-001.yaml", "mentions:\n", "mentions:\n  - {actor_id: vik, name: Vik}\n"),
    ):
        path = harbour / "raw" / name
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    assert problems(harbour, schema) == []


def test_words_before_the_body_in_the_line_of_the_date_are_its_header(harbour: Path, schema: Schema) -> None:
    path = harbour / "raw" / "articles" / "art-001.yaml"
    path.write_text(path.read_text("utf-8").replace("end: 55, zone: body", "end: 55, zone: header", 1), "utf-8")
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
    assert found == sorted(found, key=lambda problem: (problem.path, problem.line, problem.column))


@pytest.mark.release
def test_the_real_annotations_hold_against_the_texts(articles: Path, schema: Schema) -> None:
    assert check(ROOT / "raw", schema, read_texts(articles)).problems == []


@pytest.mark.slow
def test_taking_out_any_quote_or_figure_is_noticed(articles: Path, project: Path, schema: Schema) -> None:
    texts = read_texts(articles)
    for path in sorted((project / "raw" / "articles").glob("*.yaml")):
        original = path.read_text("utf-8")
        records = original.split("\n  - ")
        for record in records:
            if record.startswith(("quote_id", "figure_id")):
                name = record.split("\n")[0].partition(": ")[2]
                # What follows the last record of a list belongs to the next list.
                path.write_text(original.replace("\n  - " + record.split("\n\n")[0], "", 1), "utf-8")
                found = check(project / "raw", schema, texts).problems
                marked = "text:" in record or "wording:" in record
                assert not marked or any(problem.rule == "uncovered" for problem in found), name
                named = original.count(name) > 1
                assert not named or any(problem.severity == "error" for problem in found), name
        path.write_text(original, "utf-8")
