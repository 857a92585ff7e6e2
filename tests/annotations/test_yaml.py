"""YAML as every reader takes it: right values, at their places, or a problem."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from russia_iran_claims.pipeline.annotations.yaml import SURPRISE, Document, plain


def read(folder: Path, text: str) -> Document:
    (folder / "a.yaml").write_text(text, "utf-8")
    return Document(folder / "a.yaml", "a.yaml")


@pytest.mark.parametrize("text", ["no", "off", "12:30", "010", "0x1f", "1_000", ".nan", "-.inf", "y"])
def test_what_readers_of_yaml_dispute_is_a_problem(text: str, tmp_path: Path) -> None:
    assert [problem.rule for problem in read(tmp_path, f"key: {text}\n").problems] == ["yaml-surprise"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("1.5", 1.5), ("true", True), ("~", None), ("'no'", "no"), ("2026-01-02", "2026-01-02"), ("+3", 3)],
)
def test_plain_values_follow_the_core_schema(text: str, value: Any, tmp_path: Path) -> None:
    document = read(tmp_path, f"key: {text}\n")
    assert (document.value, document.problems) == ({"key": value}, [])


def test_bytes_that_are_no_text_are_a_problem_at_their_place(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"one: 1\ntwo: \xff\n")
    (problem,) = Document(tmp_path / "a.yaml", "a.yaml").problems
    assert (problem.rule, problem.line, problem.column) == ("encoding", 2, 6)


@pytest.mark.parametrize(
    "text",
    ["# " + "[" * 60 + "\na: b\n", f"a: '{'[' * 60}'\n", f'a: "{"{" * 60}"\n', "# " + "- " * 60 + "\na: b\n"],
    ids=["comment", "single quotes", "double quotes", "divider"],
)
def test_brackets_that_nest_nothing_make_no_file_too_deep(text: str, tmp_path: Path) -> None:
    assert read(tmp_path, text).problems == []


def test_lists_may_be_fifty_deep_in_a_list(tmp_path: Path) -> None:
    assert read(tmp_path, "[" * 51 + "]" * 51).problems == []
    assert [problem.rule for problem in read(tmp_path, "[" * 52 + "]" * 52).problems] == ["yaml-depth"]


def test_a_place_is_that_of_the_value_or_of_the_record_around_it(tmp_path: Path) -> None:
    document = read(tmp_path, "- {a: 1,\n   b: {c: x}}\n- d\n")
    assert document.place((0, "b", "c")) == (2, 11)
    assert document.place((0, "b", "gone")) == (2, 7)
    assert document.key_place((0, "b"), "c") == (2, 8)
    assert document.place((1,)) == (3, 3)


@pytest.mark.parametrize(
    "text", ["2026-03-01", "2026-3-1", "2026-03-01 12:30", "1e3", "1__0", "1_", "no", "010", "null", "a: b"]
)
def test_words_that_some_reader_takes_for_something_else_are_written_in_quotation_marks(text: str) -> None:
    assert plain(text) == f'"{text}"'


@given(st.text(max_size=30))
def test_plain_words_are_read_back_as_they_were(text: str) -> None:
    written = plain(text)
    if text.isprintable():
        assert yaml.safe_load(f"[{{a: {written}, b: 1}}]")[0]["a"] == text or SURPRISE.fullmatch(text)
