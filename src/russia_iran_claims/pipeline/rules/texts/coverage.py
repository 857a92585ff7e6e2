"""Completeness: nothing that must be coded is missing, and every exclusion is needed."""

from __future__ import annotations

from collections.abc import Iterator

from ...annotations.rows import Coding, Row
from ...io.problems import shown
from ...texts.must_code import Codable, find_codable
from ..rows.spans import ranges
from ..rule import Finding, Texts, once, rule

# The parts of items that account for each kind of thing in the text.
ACCOUNTS = {"quotation": {"content"}, "number": {"number"}, "date": set[str]()}
NAMES = {"quotation": "words in quotation marks", "number": "a number", "date": "a date or weekday"}


@rule("uncovered", needs_texts=True)
def uncovered(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """Every quoted run, number, weekday and date of the text is coded or excluded with a reason.

    passes: a figure with a number span over 'three'
    fails: 'three' in the text, and no row with it
    hint: add a row with a span there, or an exclusion with a reason
    """
    misplaced: dict[str, list[tuple[int, int]]] = {}
    for span, article in ranges(coding):
        if span.label in coding.suspects:
            start, end = sorted((span["start_char"], span["end_char"]))
            misplaced.setdefault(article, []).append((start, end))
    for row, todo in remaining(coding, texts):
        # What a record with wrong offsets was meant to account for is not asked for again.
        if todo.sure and not any(
            start <= todo.end and todo.start <= end for start, end in misplaced.get(row["article_id"], ())
        ):
            place = f"{NAMES[todo.kind]} at {_shown(todo, texts[row['article_id']].content)}"
            hint = (
                "exclude it with the reason date: what it dates says so in its date columns"
                if todo.kind == "date"
                else None
            )
            yield Finding(row, None, f"no row and no exclusion accounts for {place}", hint)


@rule("perhaps-quoted", needs_texts=True, severity="warning")
def perhaps_quoted(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """A mark that may open a quotation, or be an apostrophe or a measure, is for the curator to judge.

    passes: an exclusion of `90s` with the reason not_quoted, for ‘90s
    fails: no row and no exclusion for ‘90s
    hint: code the quotation, with its own start and end, or exclude the words behind the mark
    """
    for row, todo in remaining(coding, texts):
        if not todo.sure:
            found = f"perhaps words in quotation marks at {_shown(todo, texts[row['article_id']].content)}"
            yield Finding(row, None, found)


def _shown(todo: Codable, content: str) -> str:
    return f"{todo.start}-{todo.end}, {shown(content[todo.start : todo.end], 44)}"


@rule("idle-exclusion", needs_texts=True)
def idle_exclusion(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """An exclusion excludes something that would otherwise have to be coded.

    passes: {wording: Monday, reason: date}
    fails: {wording: storm, reason: idiom}
    hint: remove the exclusion, or correct its offsets
    """
    for row in coding.rows("exclusions"):
        text = texts.get(row["article_id"])
        if text is None or None in (row["start_char"], row["end_char"]):
            continue
        if not any(
            row["start_char"] <= found.start and (found.end if found.sure else found.start + 1) <= row["end_char"]
            for found in find_codable(text.content, _languages(coding).get(row["article_id"], "en"))
        ):
            yield Finding(
                row,
                "wording",
                f"{row['wording']!r} needs no exclusion: it is no whole number, date, weekday or quoted run",
            )


def progress(coding: Coding, texts: Texts) -> dict[str, tuple[int, int]]:
    """For each article with a text: how much is coded or excluded, and how much there is in all."""
    left: dict[str, int] = {}
    for row, _ in remaining(coding, texts):
        left[row["article_id"]] = left.get(row["article_id"], 0) + 1
    totals = {
        article: len(find_codable(texts[article].content, language))
        for article, language in _languages(coding).items()
        if article in texts
    }
    return {article: (total - left.get(article, 0), total) for article, total in totals.items()}


def remaining(coding: Coding, texts: Texts) -> Iterator[tuple[Row, Codable]]:
    """What is neither coded nor excluded, with the row of its article."""
    covered: dict[tuple[str | None, str], list[tuple[int, int]]] = {}
    for row, article in ranges(coding):
        part = row["part"] if row.table.name == "spans" else "exclusion"
        covered.setdefault((article, part), []).append((row["start_char"], row["end_char"]))
    for row in coding.rows("articles"):
        if (text := texts.get(row["article_id"])) is None:
            continue
        for todo in find_codable(text.content, row["language"] or "en"):
            parts = ACCOUNTS[todo.kind] | {"exclusion"}
            if not any(
                _accounts(todo, part, start, end)
                for part in parts
                for start, end in covered.get((row["article_id"], part), ())
            ):
                yield row, todo


def _accounts(todo: Codable, part: str, start: int, end: int) -> bool:
    """Whether a span or an exclusion accounts for something."""
    if todo.kind == "quotation" and part != "exclusion":
        # A run is accounted for as a whole: the quote around an inner one does not account for it.
        return start == todo.start and (end == todo.end or not todo.sure)
    return start <= todo.start and (todo.end <= end if todo.sure else todo.start < end)


@once
def _languages(coding: Coding) -> dict[str, str]:
    return {row["article_id"]: row["language"] or "en" for row in coding.rows("articles")}
