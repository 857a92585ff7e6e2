"""List what in a text must be coded or excluded: quoted runs, number words, weekdays and dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from text_to_num import alpha2digit, text2num

Kind = Literal["quotation", "number", "date"]

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")
# Words of number that no reader of numerals knows.
_VAGUE = re.compile(
    r"\b(several|dozens?|scores of|hundreds|thousands|millions|billions|half|both|neither|twice|couple|handful"
    r"|(?:significant|large|small|considerable) (?:portion|share|part|number))\b",
    re.IGNORECASE,
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(
    rf"\b(?:{'|'.join(WEEKDAYS)})\b|\b\d{{4}}-\d{{2}}-\d{{2}}\b"
    rf"|\b(?:{_MONTHS})\.? \d{{1,2}}(?:, \d{{4}})?\b|\b\d{{1,2}} (?:{_MONTHS})(?: \d{{4}})?\b"
    r"|\b(?:this|last|next) (?:week|month|year|weekend)\b|\b(?:yesterday|today|tomorrow)\b"
)
_CLOSING = {"“": "”", '"': '"'}
# A single mark opens before a word and shuts behind one; between letters it is an apostrophe.
_OPENING = re.compile(r"‘|(?<![^\s“\"(—-])'(?=\w)")
_SHUT = re.compile(r"(?<=[^\s])[’'](?!\w)")


@dataclass(frozen=True, order=True, slots=True)
class Codable:
    """A range of a text that must be coded or excluded, in code points, without quotation marks."""

    start: int
    end: int
    kind: Kind


@lru_cache(maxsize=16)
def find_codable(text: str) -> tuple[Codable, ...]:
    """Everything in an English text that must be coded or excluded, in the order of the text."""
    dates = [Codable(match.start(), match.end(), "date") for match in _DATE.finditer(text)]
    numbers = [
        Codable(start, end, "number")
        for start, end in _numbers(text)
        if not any(date.start <= start and end <= date.end for date in dates)
    ]
    quotations = [Codable(start, end, "quotation") for start, end in quotations_in(text)]
    return tuple(sorted({*dates, *numbers, *quotations}))


def quotations_in(text: str) -> Iterator[tuple[int, int]]:
    """The runs inside double quotation marks, and those inside single marks within them.

    A run that is left open ends with its paragraph, an inner one with the run around it.
    """
    for start, end in _outer(text):
        yield start, end
        yield from _inner(text, start, end)


def _outer(text: str) -> Iterator[tuple[int, int]]:
    start, closing = None, ""
    for index, character in enumerate(text):
        if start is None:
            if character in _CLOSING:
                start, closing = index + 1, _CLOSING[character]
        elif character in (closing, "\n"):
            yield start, index
            start = None
    if start is not None:
        yield start, len(text)


def _inner(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    position = first
    while opening := _OPENING.search(text, position, last):
        start = opening.end()
        closing = _SHUT.search(text, start, last)
        end = closing.start() if closing else last
        yield start, end
        position = end + 1


def read_number(words: str) -> float | None:
    """The number that digits or English number words stand for, or None."""
    plain = words.strip().lower()
    try:
        return float(plain.replace(",", ""))
    except ValueError:
        pass
    try:
        return float(text2num(plain, "en"))
    except ValueError:
        return None


def days_in(text: str, basis: str, published: date, *, later: bool) -> Iterator[date]:
    """The days that the calendar dates (basis `stated`) or weekdays of a text stand for.

    A weekday is the last one on or before publication, or with `later` the next one on or after it.
    """
    for match in _DATE.finditer(text):
        words = match.group()
        if words in WEEKDAYS and basis == "weekday":
            away = (WEEKDAYS.index(words) - published.weekday()) % 7
            with suppress(OverflowError):  # before the first day of the calendar, or after the last
                yield published + timedelta(away if later or away == 0 else away - 7)
        elif basis == "stated":
            for form in ("%Y-%m-%d", "%B %d, %Y", "%d %B %Y"):
                with suppress(ValueError):
                    yield datetime.strptime(words, form).date()


def _numbers(text: str) -> Iterator[tuple[int, int]]:
    for match in _DIGITS.finditer(text):
        yield match.span()
    for match in _WORD.finditer(text):
        # Word by word: 'six thousand' is two findings, both inside the one span that a curator gives them.
        if alpha2digit(match.group().lower(), "en", 0) != match.group().lower():
            yield match.span()
    for match in _VAGUE.finditer(text):
        yield match.span()
