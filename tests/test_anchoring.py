"""`anchor` and `new`: words become offsets, and not a byte besides changes."""

from __future__ import annotations

import itertools
import re
from datetime import date
from pathlib import Path

import hypothesis.strategies as st
import pytest
from conftest import HARBOUR
from hypothesis import given

from russia_iran_claims.pipeline.annotations.anchor import anchor
from russia_iran_claims.pipeline.annotations.yaml import SURPRISE, Document, plain
from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.texts.find import find, fold
from russia_iran_claims.pipeline.texts.read import read_texts

SPAN = re.compile(r"start: (\d+), end: (\d+), (zone: \w+), digest: \S+(?=})")
EXCLUSION = re.compile(r"start: (\d+), end: (\d+), wording: .+(?=, reason)")


def words_at(text: str, start: int, end: int) -> str:
    """The `find:` for a range, with as much before and after it as tells it from others."""
    found = f"find: {plain(text[start:end])}"
    if text.count(text[start:end]) > 1:
        found += f", before: {plain(text[max(0, start - 9) : start])}, after: {plain(text[end : end + 9])}"
    return found


def unanchored(content: str, text: str) -> str:
    content = SPAN.sub(lambda match: f"{words_at(text, int(match[1]), int(match[2]))}, {match[3]}", content)
    return EXCLUSION.sub(lambda match: words_at(text, int(match[1]), int(match[2])), content)


@pytest.mark.parametrize("name", ["art-001", "art-002"])
def test_anchoring_gives_back_every_offset_and_leaves_the_rest(name: str, harbour: Path) -> None:
    path = harbour / "raw" / "articles" / f"{name}.yaml"
    before = path.read_text("utf-8") + "\n# a comment at the end, without a line break"
    texts = read_texts(harbour / "texts")
    path.write_text(unanchored(before, texts[name].content), "utf-8")
    assert "find:" in path.read_text("utf-8")
    contents, count, problems = anchor(harbour / "raw", texts)
    assert problems == []
    assert count == len(re.findall(r"\bstart: ", before))
    after = contents[path]
    path.write_text(after, "utf-8")
    (harbour / "raw" / "before.yaml").write_text(before, "utf-8")
    assert Document(path, "").value == Document(harbour / "raw" / "before.yaml", "").value
    for line, other in zip(before.split("\n"), after.split("\n"), strict=True):
        assert line == other or "start: " in line


def test_block_style_keeps_comments(harbour: Path) -> None:
    path = harbour / "raw" / "articles" / "art-002.yaml"
    before = path.read_text("utf-8")
    span = next(line for line in before.split("\n") if "part: cue" in line)
    block = (
        "      - part: cue\n        find: said  # the verb\n        before: port of Vik,\n"
        "        after: >-\n          on Saturday\n        zone: body"
    )
    path.write_text(before.replace(span, block), "utf-8")
    assert main(harbour, ["anchor", "--articles", str(harbour / "texts")]) == 0
    after = path.read_text("utf-8")
    start, end = re.findall(r"start: (\d+), end: (\d+)", span)[0]
    assert f"        start: {start}\n        end: {end}\n        digest: " in after
    assert "  # the verb\n        zone: body\n" in after
    assert main(harbour, ["check", "--articles", str(harbour / "texts")]) == 0


@pytest.mark.parametrize("style", ["flow", "block"])
def test_the_order_of_keys_does_not_matter(style: str, harbour: Path) -> None:
    path = harbour / "raw" / "articles" / "art-002.yaml"
    texts = read_texts(harbour / "texts")
    before = path.read_text("utf-8")
    span = next(line for line in before.split("\n") if "part: cue" in line)
    expected = Document(path, "").value
    pairs = ["part: cue", "find: said", "before: 'Vik,'", "after: on Saturday", "zone: body"]
    for order in itertools.permutations(pairs):
        written = f"{{{', '.join(order)}}}" if style == "flow" else "\n        ".join(order)
        path.write_text(before.replace(span, f"      - {written}"), "utf-8")
        contents, count, problems = anchor(harbour / "raw", texts)
        assert (count, problems) == (1, [])
        path.write_text(contents[path], "utf-8")
        assert Document(path, "").value == expected, order


def test_typographic_variants_are_the_same_words(harbour: Path) -> None:
    text = read_texts(HARBOUR / "texts")["art-001"].content
    places = find("Berg   said 'all is well'\nlast week", fold(text))
    assert [text[start:end] for start, end in places] == ["Berg said ‘all is well’ last week"]


def test_what_the_text_does_not_have_is_shown_and_nothing_is_written(
    harbour: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, old, new in (("art-001", "start: 382, end: 389", "find: a force"), ("art-002", "start: 70", "start: 70")):
        path = harbour / "raw" / "articles" / f"{name}.yaml"
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    path = harbour / "raw" / "articles" / "art-002.yaml"
    line = next(line for line in path.read_text("utf-8").split("\n") if "wording: Saturday" in line)
    path.write_text(path.read_text("utf-8").replace(line, "  - {find: Saturday, reason: date}"), "utf-8")
    before = {path: path.read_bytes() for path in (harbour / "raw").rglob("*.yaml")}
    assert main(harbour, ["anchor", "--articles", str(harbour / "texts")]) == 1
    output = capsys.readouterr().out
    assert "anchor-missing: found 'a force', expected words of the text" in output
    assert re.search(r"hint: the nearest passage, \d\d % alike, is '.*a farce?.*' at \d+-\d+", output)
    assert {path: path.read_bytes() for path in (harbour / "raw").rglob("*.yaml")} == before


def test_words_inside_words_are_not_meant() -> None:
    assert find("6", fold("2016 or 6 of 60")) == [(8, 9)]


@given(st.text(min_size=1, max_size=60), st.data())
def test_folding_keeps_the_way_back(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    if folded.text:
        start = data.draw(st.integers(0, len(folded.text) - 1))
        end = data.draw(st.integers(start + 1, len(folded.text)))
        first, last = folded.original(start, end)
        assert fold(text[first:last]).text == folded.text[start:end]


@given(st.text(max_size=30))
def test_plain_words_are_read_back_as_they_were(text: str) -> None:
    import yaml

    written = plain(text)
    if text.isprintable():
        assert yaml.safe_load(f"[{{a: {written}, b: 1}}]")[0]["a"] == text or SURPRISE.fullmatch(text)


def test_a_new_article_starts_with_everything_to_do(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = harbour / "texts" / "art-003.txt"
    text.write_text("On Monday two boats left. “Gone,” she said.\n", "utf-8")
    assert main(harbour, ["new", str(text), "--published", "2026-02-03"]) == 0
    assert "art-003.yaml: written, with 3 places" in capsys.readouterr().out
    made = (harbour / "raw" / "articles" / "art-003.yaml").read_text("utf-8")
    assert "# Next free ids: at-0006, ev-0004, fi-0004, qu-0008." in made
    assert f"published: {date(2026, 2, 3)}" in made
    assert main(harbour, ["check", "--articles", str(harbour / "texts")]) == 1
    assert capsys.readouterr().out.endswith(
        "art-003: 0 of 3 quoted runs, numbers and dates coded or excluded, 3 to do\n"
    )


@pytest.mark.parametrize("name", ["art-002", "third", "art-3"])
def test_a_text_needs_a_free_id_for_its_name(name: str, harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = harbour / "texts" / f"{name}.txt"
    text.write_text("On Monday two boats left.\n", "utf-8")
    before = sorted((harbour / "raw").rglob("*"))
    assert main(harbour, ["new", str(text), "--published", "2026-02-03"]) == 1
    assert "hint: name the file art-003.txt" in capsys.readouterr().out
    assert sorted((harbour / "raw").rglob("*")) == before
