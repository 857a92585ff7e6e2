"""A reader's own copy of an article: no span is put on words that are not its own, and few are left out."""

from __future__ import annotations

import csv
import hashlib
import json
import random
import tempfile
from pathlib import Path
from typing import NamedTuple

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given, settings

import russia_iran_claims as ric
from russia_iran_claims.pipeline.cli.main import main


class Paragraph(NamedTuple):
    """A paragraph, and where its spans begin and end in it."""

    text: str
    spans: list[tuple[int, int]]
    # It has no sentence of an earlier one, and enough letters in spans to be known by them.
    plain: bool


class Copy(NamedTuple):
    """A copy of an article: its text, and for each paragraph of the article where it begins in the copy.

    Paragraphs with the same words cannot be told apart, so each begins wherever one of them does.
    """

    text: str
    starts: dict[int, list[int]]


VOCABULARY = [first + last for first in ("bar", "lo", "mi", "ten", "vik", "ru") for last in ("", "ga", "sel", "tor")]
FREQUENT = ["said", "said", "said", "said", "said", "told", "the", "of", "Berg"]


def made_up(seed: int) -> list[Paragraph]:
    """An article in which `said` and the like recur, and some sentences; spans of all lengths are in one another."""
    chance = random.Random(seed)
    written: list[str] = []
    paragraphs = []
    for _ in range(chance.randint(10, 20)):
        text = ""
        spans: set[tuple[int, int]] = set()
        repeats = False
        for _ in range(chance.randint(1, 4)):
            words = [chance.choice(FREQUENT if chance.random() < 0.4 else VOCABULARY) for _ in range(14)]
            sentence = " ".join(words[: chance.randint(8, 14)]).capitalize() + "."
            start = len(text)
            if written and chance.random() < 0.03:
                # What is reported twice has a span twice.
                sentence, repeats = chance.choice(written), True
                spans.add((start, start + len(sentence) - 1))
            text += sentence + " "
            edges = [start]
            for word in sentence.split(" "):
                edges.append(edges[-1] + len(word) + 1)
            if chance.random() < 0.9:
                spans.add((edges[chance.randint(0, 2)], edges[chance.randint(6, len(edges) - 2)] - 1))
                written.append(sentence)
            for place in range(len(edges) - 2):
                if chance.random() < (0.6 if text.startswith(("said", "told"), edges[place]) else 0.1):
                    spans.add((edges[place], edges[place + 1] - 1))
        if chance.random() < 0.2:
            spans.add((0, len(text) - 1))
        letters = {letter for start, end in spans for letter in range(start, end)}
        paragraphs.append(Paragraph(text[:-1], sorted(spans), not repeats and len(letters) >= 30))
    return paragraphs


def publish(paragraphs: list[Paragraph], folder: Path) -> list[tuple[int, int]]:
    """Write what `locate` reads of a version. Returns the paragraph of each span, and where the span begins in it."""
    own: list[tuple[int, int]] = []
    spans: list[list[object]] = []
    begin = 0
    for number, paragraph in enumerate(paragraphs):
        for start, end in paragraph.spans:
            digest = hashlib.sha256(paragraph.text[start:end].encode()).hexdigest()[:16]
            spans.append([f"ev-{len(own):04}", "evidence", 1, begin + start, begin + end, "body", digest])
            own.append((number, start))
        begin += len(paragraph.text) + 2
    tables: dict[str, list[list[object]]] = {
        "articles": [["article_id", "text_chars"], ["art-001", begin - 2]],
        "items": [["item_id", "article_id"], *([span[0], "art-001"] for span in spans)],
        "spans": [["item_id", "part", "seq", "start_char", "end_char", "zone", "digest"], *spans],
    }
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    (folder / "datapackage.json").write_text(
        json.dumps(
            {
                "name": "",
                "title": "",
                "version": "0.1.0",
                "contributors": [],
                "licenses": [{"name": ""}],
                "resources": [
                    {
                        "name": name,
                        "type": "table",
                        "title": "",
                        "description": "",
                        "schema": {
                            "fields": [{"name": column, "type": "string", "description": ""} for column in rows[0]],
                            "primaryKey": [],
                        },
                    }
                    for name, rows in tables.items()
                ],
            }
        ),
        "utf-8",
    )
    return own


def copied(texts: list[str], order: list[int], header: str = "") -> Copy:
    """The paragraphs in an order, in which some may lack and some be there twice."""
    text = header
    starts: dict[int, list[int]] = {}
    for number in order:
        starts.setdefault(number, []).append(len(text))
        text += texts[number] + "\n\n"
    same = {number: [other for other in starts if texts[other] == words] for number, words in enumerate(texts)}
    return Copy(
        text.removesuffix("\n\n"), {number: [at for other in same[number] for at in starts[other]] for number in same}
    )


def edited(order: list[int], edits: list[tuple[str, int]]) -> list[int]:
    """The order after some edits."""
    for edit, at in edits:
        place = at % len(order)
        if edit == "cut" and len(order) > 1:
            order = order[:place] + order[place + 1 :]
        elif edit == "swap":
            order = order[:place] + order[place : place + 2][::-1] + order[place + 2 :]
        elif edit == "repeat":
            order = order[: place + 1] + order[place:]
    return order


def compare(places: pd.DataFrame, own: list[tuple[int, int]], copy: Copy) -> tuple[list[int], list[int]]:
    """The spans that are placed where their words are not, and those that stand in one place and are left out."""
    misplaced, left_out = [], []
    for index, (place, (number, start)) in enumerate(zip(places.itertuples(), own)):
        right = [begin + start for begin in copy.starts.get(number, [])]
        assert (place.state == "found") == pd.notna(place.start_char) == pd.notna(place.end_char)
        if place.state == "found" and place.start_char not in right:
            misplaced.append(index)
        elif place.state != "found" and len(right) == 1:
            left_out.append(index)
    return misplaced, left_out


EDITS = st.lists(st.tuples(st.sampled_from(["cut", "swap", "repeat"]), st.integers(0, 99)), max_size=3)


@settings(deadline=None, derandomize=True)
@given(st.integers(0, 10_000), EDITS, st.sampled_from(["", "What the Courier said\n\n"]))
def test_no_span_is_put_on_words_that_are_not_its_own(seed: int, edits: list[tuple[str, int]], header: str) -> None:
    paragraphs = made_up(seed)
    copy = copied([paragraph.text for paragraph in paragraphs], edited([*range(len(paragraphs))], edits), header)
    with tempfile.TemporaryDirectory() as folder:
        own = publish(paragraphs, Path(folder))
        places = ric.locate(copy.text, folder=folder)
    misplaced, _ = compare(places, own, copy)
    assert not misplaced


def test_at_most_one_in_a_hundred_spans_that_are_still_there_is_left_out() -> None:
    """All count but those of a paragraph that is there twice: also those whose words are few, or are in two paragraphs.

    In a single copy it may be more, as a paragraph is left out as a whole.
    """
    chance = random.Random(1)
    lost = total = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(60):
            paragraphs = made_up(seed)
            own = publish(paragraphs, Path(folder))
            edits = [(chance.choice(["cut", "swap", "repeat"]), chance.randrange(99))]
            copy = copied([paragraph.text for paragraph in paragraphs], edited([*range(len(paragraphs))], edits))
            misplaced, left_out = compare(ric.locate(copy.text, folder=folder), own, copy)
            assert not misplaced
            lost += len(left_out)
            total += sum(len(copy.starts.get(number, [])) == 1 for number, _ in own)
    assert total > 3000
    assert lost / total <= 0.01


def test_a_paragraph_that_is_there_twice_is_ambiguous(tmp_path: Path) -> None:
    paragraphs = made_up(4)
    own = publish(paragraphs, tmp_path)
    number = next(number for number in range(3, len(paragraphs)) if paragraphs[number].plain)
    order = [*range(number + 1), *range(number, len(paragraphs))]
    copy = copied([paragraph.text for paragraph in paragraphs], order)
    places = ric.locate(copy.text, folder=tmp_path)
    inside = [span[0] == number for span in own]
    assert set(places[inside]["state"]) == {"ambiguous"}
    assert places[inside][["start_char", "end_char"]].isna().all(axis=None)
    assert places.attrs["found"] == (places["state"] == "found").sum() < places.attrs["spans"]


TWICE = "The port of Vik was closed because the storm was near."
WHOLE = [(0, len(TWICE) - 1)]


@pytest.mark.parametrize(
    ("first", "second", "order", "found"),
    [
        # The copy lacks the second one. The first has no span, and what is around it has not moved apart.
        ([], WHOLE, [0, 1, 2, 4, 5], {0, 2, 4, 5}),
        # The second one goes on in another way after it.
        ([], [*WHOLE, (len(TWICE) + 1, len(TWICE) + 16)], [0, 1, 4, 5], {0, 4, 5}),
        # It may be either.
        (WHOLE, WHOLE, [0, 1, 4, 5], {0, 4, 5}),
        (WHOLE, WHOLE, [5, 1, 0, 2], {0, 2, 5}),
        (WHOLE, WHOLE, [0, 1, 2, 3, 4, 5], {0, 1, 2, 3, 4, 5}),
    ],
)
def test_a_passage_that_an_article_has_twice(
    tmp_path: Path, first: list[tuple[int, int]], second: list[tuple[int, int]], order: list[int], found: set[int]
) -> None:
    texts = [f"{words} was what Ada Berg had told the Courier." for words in ("Storm", "A tug", "Fifty boats", "Rain")]
    others = [Paragraph(text, [(0, len(text) - 1)], True) for text in texts]
    further = ["", ""] if second == WHOLE else [" Ships stayed out.", " Nobody was hurt."]
    passages = [Paragraph(TWICE + words, spans, True) for words, spans in zip(further, (first, second))]
    article = [others[0], passages[0], others[1], passages[1], others[2], others[3]]
    own = publish(article, tmp_path)
    places = ric.locate(copied([paragraph.text for paragraph in article], order).text, folder=tmp_path)
    assert {number for (number, _), state in zip(own, places["state"]) if state == "found"} == found


def build(harbour: Path) -> tuple[Path, pd.DataFrame]:
    """The made-up project as built, and its spans."""
    assert main(harbour, ["build"]) == 0
    folder = harbour / "dataset"
    spans = pd.read_csv(folder / "unreleased" / "spans.csv").set_index(["item_id", "part", "seq"])
    return folder, spans[["start_char", "end_char"]]


def test_a_copy_is_found_under_another_header(harbour: Path) -> None:
    folder, spans = build(harbour)
    text = (harbour / "texts" / "art-001.txt").read_text("utf-8")
    copy = "The Vik Times | Harbour\n\n" + text.split(" ", 3)[3].replace(
        "Ada Berg at the port", "Advertisement. Ada Berg at the port"
    )
    places = ric.locate(copy, folder=folder)
    assert places.attrs == {"article_id": "art-001", "found": len(places), "spans": len(places)}
    assert set(places["state"]) == {"found"}
    for row in places.itertuples():
        start, end = spans.loc[(row.item_id, row.part, row.seq)]
        assert copy[row.start_char : row.end_char] == text[start:end]


def test_said_of_a_cut_paragraph_is_not_that_of_another(harbour: Path) -> None:
    folder, spans = build(harbour)
    text = (harbour / "texts" / "art-001.txt").read_text("utf-8")
    second = text.index("\n\n") + 2
    assert "Berg said" in text[:second]
    assert "Berg said" in text[second:]
    places = ric.locate(text[second:], folder=folder)
    assert set(places["state"]) == {"found", "missing"}
    for row in places.itertuples():
        start, end = spans.loc[(row.item_id, row.part, row.seq)]
        if start < second:
            assert row.state == "missing"
        else:
            assert (row.start_char, row.end_char) == (start - second, end - second)


def test_a_short_article_and_a_lone_surrogate_are_no_obstacle(harbour: Path) -> None:
    folder, _ = build(harbour)
    text = (harbour / "texts" / "art-002.txt").read_text("utf-8")
    for copy in (text, text + "\n\ud800 Share this\n"):
        places = ric.locate(copy, folder=folder)
        assert places.attrs == {"article_id": "art-002", "found": len(places), "spans": len(places)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Nothing of the kind. " * 50,
            r"is no copy of an annotated article: the nearest is art-00\d, of whose \d+ spans 0 ",
        ),
        ("Nothing of the kind.", "is no copy of an annotated article"),
        ("articles/my copy.txt", "looks like a file's name: give the text that is in the file"),
        (" \n", "the text is empty"),
    ],
)
def test_another_text_is_no_copy(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ric.locate(text)


def test_a_path_is_no_text() -> None:
    with pytest.raises(TypeError, match="takes the text of an article as str, not PosixPath"):
        ric.locate(Path("articles/my-copy.txt"))  # type: ignore[arg-type]


@pytest.mark.release
def test_copies_of_the_articles_are_found_but_for_a_paragraph(
    articles: Path, published: dict[str, list[dict[str, str]]]
) -> None:
    ids = {row["item_id"]: row["article_id"] for row in published["items"]}
    for path in articles.glob("*.txt"):
        texts = path.read_bytes().decode("utf-8").split("\n\n")
        begins = [sum(len(text) + 2 for text in texts[:number]) for number in range(len(texts))]
        starts = [int(row["start_char"]) for row in published["spans"] if ids[row["item_id"]] == path.stem]
        numbers = [max(number for number, begin in enumerate(begins) if begin <= start) for start in starts]
        own = [(number, start - begins[number]) for number, start in zip(numbers, starts)]
        whole = [*range(len(texts))]
        orders = [whole]
        if len(whole) > 5:  # an article of a few lines has nothing left to be known by where one is cut
            orders += [whole[:1] + whole[2:], whole[:-1], edited(whole, [("swap", 3)]), edited(whole, [("repeat", 5)])]
        for order in orders:
            copy = copied(texts, order, "Another header\n")
            places = ric.locate(copy.text)
            assert places.attrs["article_id"] == path.stem
            assert compare(places, own, copy) == ([], [])
