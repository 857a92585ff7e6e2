"""Rows compared with the paragraphs that they stand in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from ...annotations.rows import Coding, Row
from ...texts.find import paragraph_at, paragraph_number, paragraphs
from ..rows.references import used
from ..rows.spans import ranges, spans_of
from ..rule import READING, Finding, Texts, rule

_MISPLACED = (READING, "span-range", "span-digest", "span-part", "span-missing")
_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")
# Words of names that could stand in any passage, as `_words` gives them.
_COMMON = {"A", "a", "an", "and", "for", "in", "of", "on", "one", "our", "the", "thei", "with"}
# What can stand for somebody who is named in the paragraph before: a person, or anybody else.
_PRONOUNS = {
    True: re.compile(r"\b(?:he|she|him|his|her)\b", re.IGNORECASE),
    False: re.compile(r"\b(?:they|them|their|its?|we|us|our)\b", re.IGNORECASE),
}


@rule("zone-paragraph", needs_texts=True, severity="warning", after=_MISPLACED)
def zone_paragraph(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """A paragraph is a caption or body as a whole; only the header may stand before the body in one line.

    passes: two spans of a paragraph, both `zone: caption`
    fails: two spans of a paragraph, one `zone: caption`, one `zone: body`
    hint: give all spans of a paragraph one zone, and `header` only to those in front of them in the line of the date
    """
    paragraphs: dict[tuple[str, int], list[Row]] = {}
    datelines: set[tuple[str, int]] = set()
    for row, article in ranges(coding):
        if article in texts and row.cells.get("zone", row.cells.get("reason")) is not None:
            paragraph = article, paragraph_number(texts[article].content, row["start_char"])
            if row.table.name == "spans":
                paragraphs.setdefault(paragraph, []).append(row)
            elif row["reason"] == "dateline":
                datelines.add(paragraph)
    for paragraph, rows in paragraphs.items():
        others = [row for row in rows if row["zone"] != "header"]
        zones = Counter(row["zone"] for row in others).most_common(1)
        for row in others:
            if row["zone"] != zones[0][0]:
                yield Finding(row, "zone", f"is {row['zone']}, but the paragraph is {zones[0][0]}")
        for row in rows:
            before = any(other["start_char"] < row["start_char"] for other in others)
            if row["zone"] == "header" and (before or paragraph not in datelines):
                yield Finding(row, "zone", "is header, but the header is the line or prefix with the date")


@rule(
    "actor-named",
    needs_texts=True,
    severity="warning",
    after=(*_MISPLACED, "unknown-reference", "unknown-voucher", "missing-mention"),
)
def actor_named(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """Whoever vouches, acts or is spoken to is named in the paragraph, or by a pronoun and in the one before.

    passes: speaker_id: ada-berg, with 'Berg said' in the paragraph
    fails: speaker_id: courier, with 'Berg said' in the paragraph, and no Courier
    hint: correct the actor or the span
    """
    called, asked, spans = _called(coding), _askers(coding), spans_of(coding)
    evidence: dict[str, list[str]] = {}
    for row in coding.rows("attestations"):
        evidence.setdefault(row["event_id"], []).append(row.key[0])
    told: set[tuple[Row, str]] = set()
    for article, actor, row, column in reversed(used(coding)):  # the speaker before the same actor in the chain
        if article is None or article not in texts or (article, actor) not in called or (row, actor) in told:
            continue
        if column == "addressee_id" and (article, actor) in asked:
            continue
        event = row.cells["event_id"] if row.table.name == "participants" else None
        items = (event, *evidence.get(event, ())) if event else (row.key[0], row.cells["quote_id"])
        starts = [span["start_char"] for item in items for span in spans.get(item, ())]
        text, (names, pronoun) = texts[article].content, called[article, actor]
        passage = {paragraph_at(text, start) for start in starts}
        if any(pronoun.search(paragraph) for paragraph in passage):
            numbers = {paragraph_number(text, start) for start in starts} - {1}
            passage |= {text[slice(*paragraphs(text)[number - 2])] for number in numbers}
        if starts and not any(names & _words(paragraph) for paragraph in passage):
            told.add((row, actor))
            yield Finding(row, column, f"nothing in the paragraph names {actor!r}")


def _called(coding: Coding) -> dict[tuple[str, str], tuple[set[str], re.Pattern[str]]]:
    """The words by which each article can name each of its actors, and the pronouns."""
    actors = {row["actor_id"]: row for row in coding.rows("actors")}
    found = {}
    for row in coding.rows("mentions"):
        if (actor := actors.get(row["actor_id"])) is not None:
            names = [name for name in (actor["name"], row["name"], row["role"]) if name]
            words = set[str]().union(*map(_words, names)) - _COMMON
            initials = {"".join(re.findall(r"\b[A-Z]", name)) for name in names if len(name.split()) > 1}
            found[row["article_id"], row["actor_id"]] = words | initials - {""}, _PRONOUNS[actor["kind"] == "person"]
    return found


def _askers(coding: Coding) -> set[tuple[str, str]]:
    """Who asks something in each article, and need not be named again where an answer is told."""
    return {(row["article_id"], row["speaker_id"]) for row in coding.rows("quotes") if row["act"] == "ask"}


@lru_cache(maxsize=256)
def _words(text: str) -> frozenset[str]:
    """The first four letters of each word, which `Norland` and `Norlandic` share, or all of an abbreviation."""
    words = (word.replace(".", "") for word in _WORD.findall(text))
    return frozenset(word if word.isupper() else word.lower()[:4] for word in words)
