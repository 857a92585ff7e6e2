"""The fast reader of YAML gives the value that PyYAML's nodes give, or none: on excerpts of real files, damaged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from conftest import HARBOUR, ROOT
from hypothesis import given, settings

from russia_iran_claims.build.located import Document
from russia_iran_claims.build.nodes import Tree
from russia_iran_claims.build.plain_yaml import NOT_PLAIN, read_plain

FILES = sorted([*ROOT.glob("raw/**/*.yaml"), *HARBOUR.glob("raw/**/*.yaml")])
LINES = [path.read_text("utf-8").splitlines() for path in FILES]
SCRAPS = [
    *"abenyYN019.-+:,#[]{}'\"\\ \n|>&*!%@~_é“=?<",
    *("- ", ": ", " #", "null", "yes", "no", "1e3", "0x1", "0o7", "12:30", "2026-03-06", "true", "\n  ", "\n- ", "  "),
    *(
        "[a, b]",
        "{a: b}",
        "---\n",
        "...\n",
        "? ",
        ".5",
        "5.",
        "-0",
        "00",
        "1_000",
        "a: 1",
        "[x [y]]",
        "a: No",
        "9d",
        "0b1",
    ),
]


@st.composite
def excerpts(draw: st.DrawFn) -> str:
    """Some lines of a file with a few scraps put in, and a few characters taken out."""
    lines = draw(st.sampled_from(LINES))
    start = draw(st.integers(0, len(lines) - 1))
    text = "\n".join(lines[start : start + draw(st.integers(1, 25))]) + "\n"
    for _ in range(draw(st.integers(0, 3))):
        place, cut = draw(st.integers(0, len(text))), draw(st.integers(0, 3))
        text = text[:place] + draw(st.sampled_from(["", *SCRAPS])) + text[place + cut :]
    return text


@given(excerpts())
@settings(max_examples=400, deadline=None)
def test_what_is_plain_has_the_value_that_its_nodes_have(text: str) -> None:
    value = read_plain(text)
    if value is not NOT_PLAIN:
        tree = Tree(text, "raw/some.yaml")
        assert tree.problems == []
        assert typed(value) == typed(tree.value)


@pytest.mark.parametrize(
    "text",
    [
        "a: no\n", "a: Yes\n", "a: 12:30\n", "a: 010\n", "a: 1_000\n", "a: 0x1F\n", "a: +5\n", "a: .inf\n", "a: ~\n",
        "a: 1\na: 2\n", "- {b: 1, b: 2}\n", "a: &x b\n", "a: *x\n", "<<: {a: 1}\n", "a: !!str 5\n", "a: |\n  b\n",
        "a: b\n  c\n", "a: 'b\n  c'\n", "? a\n: b\n", "1: a\n", "null: a\n", "---\na: 1\n", "\ufeffa: 1\n", "a:\tb\n",
        "a: b\x07\n", "a: b\u2028c\n", 'a: "\\x41"\n', "a: [b\n", "a: [[b]]\n", "a: 123456789012345678901\n",
        "a: [x, y:?z]\n", "a: 12e4\n", "True: a\n", "a: {null: b}\n",
    ],
)  # fmt: skip
def test_what_readers_might_take_for_different_things_is_left_to_the_nodes(text: str) -> None:
    assert read_plain(text) is NOT_PLAIN


def test_what_is_too_deep_for_the_nodes_is_not_plain() -> None:
    text = "".join(f"{' ' * place}k{place}:\n{' ' * place}- \n" for place in range(39)) + " " * 39 + "z: 1\n"
    assert Tree(text, "raw/some.yaml").problems
    assert read_plain(text) is NOT_PLAIN


def test_a_divider_in_a_comment_makes_no_file_too_deep(tmp_path: Path) -> None:
    path = tmp_path / "some.yaml"
    path.write_text("# " + "- " * 60 + "\na: b\nc: no\n", "utf-8")
    assert [problem.rule for problem in Document(path, "some.yaml").problems] == ["yaml-surprise"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_files_as_curators_write_them_are_plain(path: Path) -> None:
    assert read_plain(path.read_text("utf-8")) is not NOT_PLAIN


def test_a_file_without_a_problem_is_never_composed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("russia_iran_claims.build.nodes.Tree")
    for path in FILES:
        assert Document(path, path.name).problems == []


def typed(value: Any) -> Any:
    """A value that differs from its likes of other types, in the order in which it is written."""
    if isinstance(value, dict):
        return [(key, typed(cell)) for key, cell in value.items()]
    return [typed(cell) for cell in value] if isinstance(value, list) else (type(value), repr(value))
