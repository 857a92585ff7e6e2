"""Dates: never invented, never out of order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ...annotations.rows import Coding, Row
from ..rule import Finding, rule

_FIRST, _LAST = date(1678, 1, 1), date(2261, 12, 31)
COLUMNS = {
    "events": ("date_start", "date_end"),
    "quotes": ("said_start", "said_end"),
    "figures": ("as_of_start", "as_of_end"),
}


@rule("date-range")
def date_range(coding: Coding) -> Iterator[Finding]:
    """A day is one that all clients know: pandas counts nanoseconds, and those of other centuries are out of its range.

    passes: date_start: 1700-01-01
    fails: date_start: 1666-09-02
    hint: correct the day, or remove it and tell it in the summary
    """
    for rows in coding.tables.values():
        columns = [field.name for field in rows[0].table.written if field.type == "date"] if rows else []
        for row in rows:
            for column in columns:
                if row[column] is not None and not _FIRST <= row[column] <= _LAST:
                    yield Finding(row, column, f"found {row[column]}, expected a day from {_FIRST} to {_LAST}")


@rule("date-order")
def date_order(coding: Coding) -> Iterator[Finding]:
    """A range starts before it ends.

    passes: date_start: 2026-01-08, date_end: 2026-01-09
    fails: date_start: 2026-01-09, date_end: 2026-01-08
    hint: put the earlier day first
    """
    for row, start, end in dated(coding):
        if row[start] is not None and row[end] is not None and row[start] > row[end]:
            yield Finding(row, start, f"{start} {row[start]} is after {end} {row[end]}")


@rule("date-basis", after=("span-words",))
def date_basis(coding: Coding) -> Iterator[Finding]:
    """Basis `none` has no date, `relative` may have one, every other has one. Words give it; `inferred` may lack them.

    passes: date_basis: weekday, with a day and a time wording
    fails: date_basis: weekday without a day
    hint: add or remove the date to fit the basis, or correct date_basis
    """
    for row, start, end in dated(coding):
        given = row[start] is not None or row[end] is not None
        if row["date_basis"] == "none" and given:
            yield Finding(row, "date_basis", f"is none, although {start} or {end} is given")
        if row["date_basis"] in ("stated", "weekday", "inferred") and not given:
            yield Finding(row, "date_basis", f"is {row['date_basis']}, although neither {start} nor {end} is given")
        worded = row["date_basis"] in ("stated", "weekday", "relative")
        free = row["date_basis"] in ("inferred", None)
        if "time_wording" in row.cells and not free and worded != bool(row["time_wording"]):
            found = f"the date basis {row['date_basis']} {'needs' if worded else 'leaves no'} words that give the time"
            hint = "copy the words into `time_wording`, and add their span" if worded else "correct date_basis"
            yield Finding(row, "time_wording", found, hint)


@rule("date-publication")
def date_publication(coding: Coding) -> Iterator[Finding]:
    """The publication date alone is never a bound: being in the paper that day does not say when it happened.

    passes: date_basis: relative without a bound
    fails: date_end: the day of publication, date_basis: inferred
    hint: remove the bound; if the text gives that day, set date_basis to stated or weekday
    """
    published = published_on(coding)
    for row, start, end in dated(coding):
        for column in (start, end):
            day = published.get(row["article_id"])
            if row["date_basis"] in ("relative", "inferred") and day is not None and row[column] == day:
                yield Finding(row, column, f"{row[column]} is the day of publication, which dates nothing by itself")


@rule("date-future", after=("date-range",))
def date_future(coding: Coding) -> Iterator[Finding]:
    """Past and ongoing events, quotes and figures do not start after publication; planned events do not end before it.

    passes: time_status: past, dated before publication
    fails: time_status: past, dated after publication
    hint: correct the day; for an event, you can also correct time_status
    """
    published = published_on(coding)
    for row, start, end in dated(coding):
        day = published.get(row["article_id"])
        if day is None:
            continue
        status = row["time_status"] if start == "date_start" else "past"
        for column in (start, end) if status == "past" else (start,) if status == "ongoing" else ():
            if row[column] is not None and row[column] > day:
                yield Finding(row, column, f"{row[column]} is after publication on {day}")
        if status == "planned" and row[end] is not None and row[end] < day:
            yield Finding(row, end, f"is planned, but {row[end]} is before publication on {day}")


def published_on(coding: Coding) -> dict[str, date]:
    """The day of publication of each article."""
    return {row["article_id"]: row["published"] for row in coding.rows("articles")}


def dated(coding: Coding) -> Iterator[tuple[Row, str, str]]:
    """Every row with dates, and the names of the columns that hold its first and last day."""
    for name, (start, end) in COLUMNS.items():
        for row in coding.rows(name):
            yield row, start, end
