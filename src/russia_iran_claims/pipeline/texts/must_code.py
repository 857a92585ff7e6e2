"""List what in a text must be coded or excluded: quoted runs, numbers, weekdays and dates."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from .dates import find_dates
from .numbers import find_numbers
from .quotations import find_quotations

Kind = Literal["quotation", "number", "date"]


_COUNTED = re.compile(r"\s[a-z]+s\b")


@dataclass(frozen=True, order=True, slots=True)
class Codable:
    """A range of a text that must be coded or excluded, in code points, without quotation marks.

    One that is not `sure` may be something else, which a curator decides.
    """

    start: int
    end: int
    kind: Kind
    sure: bool = True


@lru_cache(maxsize=16)
def find_codable(text: str, language: str) -> tuple[Codable, ...]:
    """Everything in a text that must be coded or excluded, in the order of the text. `language` is a BCP 47 tag."""
    dates = [Codable(start, end, "date") for start, end in find_dates(text, language)]
    numbers = [Codable(start, end, "number") for start, end in find_numbers(text, language)]
    # In "on May 5, 40 boats" and "in March 20 boats", a date is not all that there may be.
    numbers = [number for number in numbers if not _is_inside(number, dates) or _COUNTED.match(text, number.end)]
    quotations = [Codable(run.start, run.end, "quotation", run.sure) for run in find_quotations(text, language)]
    return tuple(sorted({*dates, *numbers, *quotations}))


def _is_inside(number: Codable, dates: list[Codable]) -> bool:
    """Whether a number is part of a date. The dates are in the order of the text."""
    place = bisect_right(dates, number.start, key=lambda date: date.start)
    return place > 0 and number.end <= dates[place - 1].end
