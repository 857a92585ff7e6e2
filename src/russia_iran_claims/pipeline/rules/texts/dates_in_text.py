"""Dates compared with the words of the text that give them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from ...annotations.rows import Coding, Row
from ...texts.dates import days_in, is_date
from ...texts.find import paragraph_at
from ..rows.dates import dated, published_on
from ..rows.references import article_of
from ..rows.spans import ranges
from ..rule import Finding, Texts, rule

_KINDS = {"stated": "date with a year", "weekday": "weekday", "inferred": "date without a year"}
_AFTER = ("date-range", "date-future", "date-order")


@rule("date-text", needs_texts=True, after=_AFTER)
def date_text(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """The paragraph gives a stated date, or the weekday: the last one on or before publication, or for plans the next.

    passes: date_start: 2026-01-08, with 'on Thursday' in the paragraph, published on Saturday 2026-01-10
    fails: date_start: 2026-01-07, with 'on Thursday' in the paragraph, published on Saturday 2026-01-10
    hint: copy the date from the paragraph, or count its weekday back from publication (forward for plans)
    """
    for row, column, told, sure in _other_days(coding, texts):
        if sure:
            expected = " or ".join(sorted(str(day) for day in told)) or f"a {_KINDS[row['date_basis']]} in its words"
            yield Finding(row, column, f"found {row[column]}, expected {expected}")


@rule("date-unread", needs_texts=True, severity="warning", after=(*_AFTER, "date-text"))
def date_unread(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """Where the words give no day that can be read, somebody has to compare the day with them.

    passes: date_start: 2026-01-08, with 'on Jan. 8, 2026' in the paragraph
    fails: date_start: 2026-01-08, with 'on the second Thursday of the year' in the paragraph
    hint: compare the day and date_basis with the words
    """
    for row, column, told, sure in _other_days(coding, texts):
        if not sure:
            read = " or ".join(sorted(str(day) for day in told)) or f"no {_KINDS[row['date_basis']]}"
            yield Finding(row, column, f"found {row[column]}, but {read} is read in the paragraph")


def _other_days(coding: Coding, texts: Texts) -> Iterator[tuple[Row, str, set[date], bool]]:
    """Days that are none of those in the paragraph, which these are, and whether the row's words can be read."""
    published, article = published_on(coding), article_of(coding)
    language = {row["article_id"]: row["language"] for row in coding.rows("articles")}
    passages: dict[str, list[Row]] = {}
    event_of = {row["attestation_id"]: row["event_id"] for row in coding.rows("attestations")}
    for span, _ in ranges(coding):
        item = span.cells.get("item_id")
        if item is not None:
            passages.setdefault(event_of.get(item, item), []).append(span)
    for row, start, end in dated(coding):
        text, day = texts.get(article.get(row.key[0], "")), published.get(row["article_id"])
        basis, words = row["date_basis"], row.cells.get("time_wording")
        # Most inferred days have no words: another passage bounds them.
        if text is None or day is None or basis not in ("stated", "weekday", *(("inferred",) if words else ())):
            continue
        later = row.cells.get("time_status") in ("planned", "conditional")
        spoken = language.get(row["article_id"]) or "en"
        read = partial(days_in, basis=basis, published=day, language=spoken, later=later)
        paragraphs = {paragraph_at(text.content, span["start_char"]) for span in passages.get(row.key[0], ())}
        told = set[date]().union(*map(read, paragraphs))
        yearless = {(each.month, each.day) for each in told} if basis == "inferred" else set()
        for column in (start, end):
            if row[column] is not None and row[column] not in told:
                # The paragraph may have other days than the one that is meant, and without a year there are many.
                sure = bool(told) if words is None else is_date(words)
                yield row, column, told, sure and (row[column].month, row[column].day) not in yearless
