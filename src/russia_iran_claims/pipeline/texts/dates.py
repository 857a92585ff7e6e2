"""Find the dates of an English text, and the days that they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Lower-case letters may be another word: "they march 3 miles".
_MONTHS = (
    "(?=[A-Z])(?i:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_SHORT = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_GAP = "[ \t\u00a0\u2009\u202f]"
_NTH = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?\b(?![.,:]\d)"
# Several days of a month have one month and one year.
_AND = rf"(?:{_GAP}?[-–]{_GAP}?|{_GAP}(?:to|and|or){_GAP}(?:the{_GAP})?)"
_DAYS = rf"{_NTH}(?:(?:,{_GAP}{_NTH})*,?{_AND}{_NTH})?"
_YEAR = rf"(?:,?{_GAP}(?P<year>\d{{4}})\b)?"
_CALENDAR = (
    rf"(?P<month>{_MONTHS}){_GAP}(?P<days>{_DAYS}){_YEAR}"
    rf"|\b(?P<days_>{_DAYS})(?:{_GAP}of)?{_GAP}(?P<month_>{_MONTHS}){_YEAR.replace('year', 'year_')}"
)
_NUMERIC = r"\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}(?P<mark>[/.])\d{1,2}(?P=mark)\d{4}"
_WEEK = rf"(?:this|last|next){_GAP}(?:week|month|year|weekend)\b|(?:yesterday|today|tomorrow)\b"
_OTHER = rf"(?=[A-Z])(?i:{'|'.join(WEEKDAYS)})\b|{_WEEK}"
_DATE = re.compile(rf"\b(?:(?P<numeric>(?<![\d.,/-])(?:{_NUMERIC})(?![\d/-]))|{_CALENDAR}|(?P<other>{_OTHER}))")
_ISO = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
# Words before a date that leave the day as it is.
_PLAIN = re.compile(rf"(?:(?:early|from|late|on|since|this|the){_GAP})*", re.IGNORECASE)
# What makes of a weekday that of another week.
_EARLIER = re.compile(rf"\b(?:last|past|previous){_GAP}\Z", re.IGNORECASE)
_LATER = re.compile(rf"\b(?:coming|following|next){_GAP}\Z", re.IGNORECASE)
_WEEK_BEFORE = re.compile(rf"(?:{_GAP}of)?{_GAP}(?:last{_GAP}week|a{_GAP}week{_GAP}(?:ago|earlier|before))\b")


def find_dates(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Where the dates, weekdays and weeks of a text are. Of a text in another language, only dates as 2026-01-10."""
    for match in (_DATE if _is_english(language) else _ISO).finditer(text):
        yield match.span()


def is_date(words: str) -> bool:
    """Whether some English words are one date or weekday, with no other word than `on` and the like before it."""
    start = _PLAIN.match(words)
    match = _DATE.match(words, start.end() if start else 0)
    return match is not None and match.end() == len(words)


def days_in(words: str, basis: str, published: date, language: str = "en", *, later: bool = False) -> set[date]:
    """The days that some words give: calendar dates (`stated`), weekdays, or dates without a year (`inferred`).

    A weekday is the last one on or before publication, or with `later` the next one on or after it; after `last` or
    `next` also that of the week before or after. A date without a year is the one nearest to publication, or the
    nearest on that side of it. Empty if no day can be read.
    """
    days = set[date]()
    matches = list((_DATE if _is_english(language) else _ISO).finditer(words))
    for place, match in enumerate(matches):
        if match.re is _ISO or match["numeric"]:
            days |= set(_numeric(match.group())) if basis == "stated" else set()
        elif match["other"]:
            if basis == "weekday" and match["other"].title() in WEEKDAYS:
                days |= set(_weekdays(words, match, published, later))
        else:
            month, year = _month(match), _year(match)
            following = matches[place + 1] if place + 1 < len(matches) else None
            if year is None and following and re.fullmatch(_AND, words[match.end() : following.start()]):
                # "April 28-May 1, 2026": the year is that of the next date.
                year = _year(following)
                year = year - 1 if year and month > _month(following) else year
            if basis == ("stated" if year else "inferred"):
                years = [year] if year else range(published.year - 4, published.year + 5)
                for number in re.findall(r"\d+", match["days"] or match["days_"]):
                    found = list(_days(int(number), month, years))
                    side = [day for day in found if (day >= published if later else day <= published)]
                    days |= {min(each, key=lambda day: abs(day - published)) for each in (found, side or found) if each}
    return days


def _weekdays(words: str, match: re.Match[str], published: date, later: bool) -> Iterator[date]:
    away = (WEEKDAYS.index(match["other"].title()) - published.weekday()) % 7
    away = away if later or away == 0 else away - 7
    others = [0]
    if _EARLIER.search(words, 0, match.start()) or _WEEK_BEFORE.match(words, match.end()):
        others.append(-7)
    if _LATER.search(words, 0, match.start()):
        others.append(7)
    for other in others:
        with suppress(OverflowError):  # before the first day of the calendar, or after the last
            yield published + timedelta(away + other)


def _month(match: re.Match[str]) -> int:
    """The month of a calendar date, from 1; 0 if there is none."""
    name = match["month"] or match["month_"]
    return _SHORT.index(name[:3].lower()) + 1 if name else 0


def _year(match: re.Match[str]) -> int | None:
    year = match["year"] or match["year_"]
    return int(year) if year else None


def _days(day: int, month: int, years: Iterable[int]) -> Iterator[date]:
    for year in years:
        with suppress(ValueError):
            yield date(year, month, day)


def _numeric(words: str) -> Iterator[date]:
    """The days that digits can stand for: 3/9/2026 is in March or in September."""
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    orders = ((0, 1, 2),) if numbers[0] > 31 else ((2, 1, 0), (2, 0, 1))
    for year, month, day in orders:
        with suppress(ValueError):
            yield date(numbers[year], numbers[month], numbers[day])


def _is_english(language: str) -> bool:
    return language.split("-")[0] == "en"
