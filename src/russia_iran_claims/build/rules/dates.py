"""Dates: never invented, never out of order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..codable import days_in
from ..rows import Coding, Row
from . import Finding, Texts, rule
from .references import article_of
from .spans import ranges

COLUMNS = {
    "events": ("date_start", "date_end"),
    "quotes": ("said_start", "said_end"),
    "figures": ("as_of_start", "as_of_end"),
}


@rule("date-order")
def date_order(coding: Coding) -> Iterator[Finding]:
    """A range starts before it ends.

    passes: date_start: 2026-01-08, date_end: 2026-01-09
    fails: date_start: 2026-01-09, date_end: 2026-01-08
    hint: put the earlier day first
    """
    for row, start, end in _dated(coding):
        if row[start] is not None and row[end] is not None and row[start] > row[end]:
            yield Finding(row, start, f"found {row[start]} behind {end} {row[end]}, expected the earlier day first")


@rule("date-basis")
def date_basis(coding: Coding) -> Iterator[Finding]:
    """A date says on what it rests, and only `relative` may rest on words that give no bound.

    passes: date_basis: weekday with a day
    fails: date_basis: weekday without a day
    hint: give the day, or say date_basis: none
    """
    for row, start, end in _dated(coding):
        given = row[start] is not None or row[end] is not None
        if row["date_basis"] == "none" and given:
            yield Finding(row, "date_basis", f"found none, expected the basis of {start} and {end}")
        if row["date_basis"] in ("stated", "weekday", "inferred") and not given:
            yield Finding(row, "date_basis", f"found {row['date_basis']}, expected {start} or {end} with it")


@rule("date-publication")
def date_publication(coding: Coding) -> Iterator[Finding]:
    """The publication date alone is never a bound: that something was in the paper does not date it.

    passes: date_basis: relative without a bound
    fails: date_end: the day of publication, date_basis: inferred
    hint: leave the bound out unless the text gives it
    """
    published = _published(coding)
    for row, start, end in _dated(coding):
        for column in (start, end):
            if row["date_basis"] in ("relative", "inferred") and row[column] == published.get(row["article_id"], ...):
                yield Finding(
                    row, column, f"found the day of publication, {row[column]}, expected a day that the text gives"
                )


@rule("date-future")
def date_future(coding: Coding) -> Iterator[Finding]:
    """What is told as past, and what was said, did not begin after publication; what is planned is not over.

    passes: time_status: past, dated before publication
    fails: time_status: past, dated after publication
    hint: correct the day, or the time status
    """
    published = _published(coding)
    for row, start, end in _dated(coding):
        day = published.get(row["article_id"])
        if day is None:
            continue
        status = row["time_status"] if start == "date_start" else "past"
        for column in (start, end) if status == "past" else (start,) if status == "ongoing" else ():
            if row[column] is not None and row[column] > day:
                yield Finding(row, column, f"found {row[column]}, expected no day after publication on {day}")
        if status == "planned" and row[end] is not None and row[end] < day:
            yield Finding(
                row, end, f"found {row[end]}, expected no day before publication on {day} for what is planned"
            )


@rule(
    "date-text",
    needs_texts=True,
    after=(
        "date-future",
        "date-order",
    ),
)
def date_text(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """A stated date stands in the paragraph, and a weekday there gives the day: the last one, or for plans the next.

    passes: date_start: 2026-01-08, with 'on Thursday' in the paragraph, published on Saturday 2026-01-10
    fails: date_start: 2026-01-07, with 'on Thursday' in the paragraph, published on Saturday 2026-01-10
    hint: count the weekday back from the day of publication, or forward for what is planned
    """
    published, article = _published(coding), article_of(coding)
    passages: dict[str, list[Row]] = {}
    event_of = {row["attestation_id"]: row["event_id"] for row in coding.rows("attestations")}
    for span, _ in ranges(coding):
        item = span.cells.get("item_id")
        if item is not None:
            passages.setdefault(event_of.get(item, item), []).append(span)
    for row, start, end in _dated(coding):
        text, day = texts.get(article.get(row.key[0], "")), published.get(row["article_id"])
        if text is None or day is None or row["date_basis"] not in ("stated", "weekday"):
            continue
        planned = row.cells.get("time_status") in ("planned", "conditional")
        told = {
            told
            for span in passages.get(row.key[0], ())
            for told in days_in(_paragraph(text.content, span["start"]), row["date_basis"], day, later=planned)
        }
        for column in (start, end):
            if row[column] is not None and row[column] not in told:
                expected = " or ".join(sorted(str(day) for day in told)) or f"a {row['date_basis']} in its paragraph"
                yield Finding(row, column, f"found {row[column]}, expected {expected}")


def _paragraph(text: str, place: int) -> str:
    end = text.find("\n", place)
    return text[text.rfind("\n", 0, place) + 1 : end if end >= 0 else len(text)]


def _published(coding: Coding) -> dict[str, date]:
    return {row["article_id"]: row["published"] for row in coding.rows("articles")}


def _dated(coding: Coding) -> Iterator[tuple[Row, str, str]]:
    for name, (start, end) in COLUMNS.items():
        for row in coding.rows(name):
            yield row, start, end
