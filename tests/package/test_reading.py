"""Rows on a reader's own copy: where they are shown, what they say, and that nothing of the text is taken for code."""

from __future__ import annotations

import re
import time
from html import unescape
from pathlib import Path

import hypothesis.strategies as st
import pytest
from conftest import ROOT
from hypothesis import given

import russia_iran_claims as ric
from russia_iran_claims.copies.showing import as_html, as_text
from russia_iran_claims.marking import KINDS, Mark, pieces
from russia_iran_claims.pipeline.cli.main import main

TEXT = "Ships, boats and 🐟 in the port."


@pytest.fixture
def folder(harbour: Path) -> Path:
    """The made-up project as built."""
    assert main(harbour, ["build"]) == 0
    return harbour / "dataset"


@pytest.fixture
def text(harbour: Path) -> str:
    return (harbour / "texts" / "art-001.txt").read_bytes().decode("utf-8")


def words(html: str) -> str:
    """What a reader of the HTML reads, without the notes above the text."""
    shown = html[html.index("white-space:pre-wrap") :].partition(">")[2]
    return unescape(re.sub("<[^>]*>", "", shown))


@st.composite
def marked(draw: st.DrawFn) -> tuple[int, list[Mark]]:
    """A length, and marks that may be alike, in one another or across one another."""
    length = draw(st.integers(1, 40))
    bounds = st.lists(st.integers(0, length), min_size=2, max_size=2, unique=True).map(sorted)
    ranges = draw(st.lists(bounds, max_size=12))
    return length, [Mark(f"ev-{at % 5}", "event", "trigger", at, start, end) for at, (start, end) in enumerate(ranges)]


@given(marked())
def test_pieces_cover_the_text_once_and_each_mark_has_its_own(case: tuple[int, list[Mark]]) -> None:
    length, marks = case
    found = pieces(length, marks)
    assert [place for piece in found for place in range(piece.start, piece.end)] == [*range(length)]
    for mark in marks:
        own = [place for piece in found if mark in piece.marks for place in range(piece.start, piece.end)]
        assert own == [*range(mark.start, mark.end)]
    assert pieces(length, marks[::-1]) == found
    for piece in found:
        assert [*piece.marks] == sorted(piece.marks, key=lambda mark: (mark.start - mark.end, mark.start, mark.item_id))


def test_a_text_without_marks_is_one_piece_and_an_empty_one_none() -> None:
    assert pieces(5, []) == [(0, 5, ())]
    assert pieces(0, []) == []


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 2), (-1, 2), (3, 6)])
def test_a_mark_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=rf"mark of ev-0001 is at {start}-{end}, and the text is from 0 to 5"):
        pieces(5, [Mark("ev-0001", "event", "trigger", 1, start, end)])


def test_a_hundred_thousand_marks_take_seconds() -> None:
    marks = [Mark(f"ev-{at}", "event", "trigger", 1, at * 2, at * 2 + 5) for at in range(100_000)]
    begun = time.perf_counter()
    assert len(pieces(200_010, marks)) > 100_000
    assert time.perf_counter() - begun < 10


def test_every_row_says_what_it_is_about(folder: Path, text: str) -> None:
    reading = ric.read(text, folder=folder)
    assert repr(reading) == f"<Reading of art-001: {len(reading.rows)} of {len(reading.rows)} spans found>"
    assert (reading.text, reading.article_id) == (text, "art-001")
    told = {row.item_id: (row.kind, row.told) for row in reading.rows.itertuples()}
    assert told["ev-0001"] == ("event", "The port of Vik is shut.")
    assert told["at-0002"] == ("attestation", "The port of Vik is shut.")
    assert told["qu-0004"] == ("quote", "There was no point in closing the port.")
    assert told["qu-0006"] == ("quote", "all is well")
    assert told["fi-0001"] == ("figure", "boats in danger")
    places = ric.locate(text, folder=folder)
    assert reading.rows[places.columns].equals(places)
    assert reading.rows.attrs == places.attrs


def test_the_rows_at_a_place_are_those_whose_words_are_there(folder: Path, text: str) -> None:
    reading = ric.read(text, folder=folder)
    here = reading.at(text.index("was closed"))
    assert {*here["item_id"]} == {"qu-0001", "at-0001", "ev-0001"}
    assert list(here.columns) == list(reading.rows.columns)
    assert {*reading.at(text.index("was closed") - 1)["item_id"]} == {"qu-0001", "at-0001"}
    assert reading.at(0).empty
    assert reading.at(len(text) - 1).empty
    for place in (-1, len(text)):
        with pytest.raises(IndexError, match=rf"position {place} is outside the text, whose {len(text)} code points"):
            reading.at(place)


def test_an_emoji_before_a_span_counts_as_its_code_points(folder: Path, text: str) -> None:
    copy = "👩\u200d🍳🐟 " + text
    reading = ric.read(copy, folder=folder)
    assert {*reading.at(copy.index("about 40"))["item_id"]} == {"fi-0001", "qu-0002"}
    assert ric.quote("fi-0001", copy, folder=folder) == "about 40"
    assert words(reading._repr_html_()) == copy


def test_nothing_of_a_text_is_read_as_html(folder: Path, text: str) -> None:
    copy = "<script>alert(1)</script> & <b title='x'>\x1b[31m\ud800\n\n" + text
    html = ric.read(copy, folder=folder)._repr_html_()
    assert {*re.findall(r"</?(\w+)", html)} == {"div", "p", "span"}
    assert words(html) == copy.replace("\x1b", "\ufffd").replace("\ud800", "\ufffd")
    html.encode("utf-8")
    assert "\x1b" not in str(ric.read(copy, folder=folder))


def test_what_a_row_says_is_not_read_as_html_either(folder: Path, text: str) -> None:
    path = folder / "unreleased" / "events.csv"
    path.write_text(path.read_text("utf-8").replace("Norland sends tugs.", '"""><img src=x>"'), "utf-8")
    html = ric.read(text, folder=folder)._repr_html_()
    assert "&quot;&gt;&lt;img src=x&gt;" in html
    assert "<img" not in html


def test_marks_across_one_another_are_all_on_their_words() -> None:
    marks = [Mark("ev-0001", "event", "trigger", 1, 0, 12), Mark("qu-0001", "quote", "content", 1, 7, 18)]
    html = as_html(TEXT, marks, {}, ["Reading"])
    found = re.findall(r'<span title="([^"]*)">(.*?)(?=<span title|$)', html)
    assert [(title, re.findall(r"underline \w+", styled)) for title, styled in found] == [
        ("ev-0001 event, trigger", ["underline solid"]),
        ("ev-0001 event, trigger\nqu-0001 quote, content", ["underline dotted", "underline solid"]),
        ("qu-0001 quote, content", ["underline dotted"]),
    ]
    assert words(html) == TEXT
    assert html.count("<span") == html.count("</span>")
    assert as_text(TEXT, marks, {"ev-0001": "Boats."}, ["Reading"]).split("\n") == [
        "Reading",
        "",
        "[1 Ships, [2 boats 1] and 🐟 2] in the port.",
        "",
        "[1] event ev-0001 (trigger): Boats.",
        "[2] quote qu-0001 (content)",
    ]


def test_kinds_are_told_apart_by_more_than_their_colour(folder: Path, text: str) -> None:
    html = ric.read(text, folder=folder)._repr_html_()
    legend = html[html.index("Marks:") : html.index("white-space:pre-wrap")]
    lines = dict(re.findall(r'text-decoration:([^#]*)#\w+(?:;[^"]*)?">(\w+)<', legend))
    assert {*lines.values()} == {*KINDS}


def test_the_terminal_shows_the_text_with_numbers_of_its_rows(folder: Path, text: str) -> None:
    printed = str(ric.read(text, folder=folder))
    number = re.search(r"^\[ *(\d+)\] figure fi-0002 \(number\): tugs sent$", printed, re.MULTILINE)
    assert number is not None
    assert f"[{number[1]} three {number[1]}]" in printed
    # Without the numbers, it is the text.
    shown = printed.split("\n", 2)[2].rpartition("\n\n")[0]
    assert re.sub(r"\[\d+ | \d+\]", "", shown) == text.strip("\n")


def test_a_copy_that_lacks_a_paragraph_names_what_is_missing(folder: Path, text: str) -> None:
    first, _, rest = text.partition("\n\n")
    assert "was closed" in first
    reading = ric.read(rest, folder=folder)
    assert repr(reading) != repr(ric.read(text, folder=folder))
    for shown in (str(reading), reading._repr_html_()):
        assert re.search(r"missing: .*qu-0001 content, qu-0001 cue", shown)
    with pytest.raises(
        ValueError, match=r"words of row 'qu-0001' are not found in this copy of art-001: content 1 is missing"
    ):
        ric.quote("qu-0001", rest, folder=folder)


def test_exclusions_are_shown_only_on_an_exact_copy(folder: Path, text: str) -> None:
    assert "exclusion, dateline" in ric.read(text, folder=folder)._repr_html_()
    assert "exclusion" not in ric.read(text + "\n", folder=folder)._repr_html_()
    assert "exclusion" not in {*ric.read(text, folder=folder).rows["kind"]}


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("ev-0001", "was closed | closed it"),
        ("qu-0002", "We closed it because about 40 boats were at risk, | Nobody was hurt."),
        ("qu-0004", "a farce"),
        ("fi-0002", "three"),
        ("at-0004", "Berg would not confirm that"),
    ],
)
def test_the_words_of_one_row(id: str, expected: str, folder: Path, text: str) -> None:
    assert ric.quote(id, text, folder=folder) == expected


@pytest.mark.parametrize(
    ("id", "message"),
    [
        ("qu-9999", "no row 'qu-9999' in this release"),
        ("qu-0007", "row 'qu-0007' is in art-002, and the text is a copy of art-001: give a copy of art-002"),
        ("art-001", "row 'art-001' has no words of its own: give the id of an event"),
    ],
)
def test_a_row_without_words_here_says_why(id: str, message: str, folder: Path, text: str) -> None:
    with pytest.raises(ValueError, match=message):
        ric.quote(id, text, folder=folder)


def test_another_text_is_no_copy_for_any_of_them(folder: Path) -> None:
    for text in ("Nothing of the kind. " * 50, " ", "my copy.txt"):
        messages = []
        for call in (ric.locate, ric.read, lambda text, folder: ric.quote("qu-0001", text, folder=folder)):
            with pytest.raises(ValueError) as error:  # noqa: PT011 - the message is that of `locate`
                call(text, folder=folder)
            messages.append(str(error.value))
        assert messages == [messages[0]] * 3


@pytest.mark.release
def test_a_copy_is_read_with_every_version(articles: Path) -> None:
    for version in [path.name for path in (ROOT / "dataset").iterdir() if (path / "datapackage.json").exists()]:
        reading = ric.read(
            (articles / "art-001.txt").read_bytes().decode("utf-8"), version=version, folder=ROOT / "dataset"
        )
        assert not reading.rows["told"].isna().any()
        assert "exclusion" in reading._repr_html_()
