"""Thirty dates as papers write them, published on Friday, 6 March 2026, and the days that they stand for."""

from __future__ import annotations

from datetime import date

import pytest

from russia_iran_claims.pipeline.texts.dates import days_in, find_dates
from russia_iran_claims.pipeline.texts.must_code import find_codable

PUBLISHED = date(2026, 3, 6)
END = date(2026, 2, 28)
STATED = {
    **dict.fromkeys(("2026-02-28", "2026/02/28", "28/02/2026", "2/28/2026", "28.2.2026", "28 February 2026"), (END,)),
    **dict.fromkeys(("February 28, 2026", "Feb. 28, 2026", "Feb 28, 2026", "Feb 28 2026", "FEBRUARY 28, 2026"), (END,)),
    **dict.fromkeys(("28 Feb 2026", "28th February 2026", "February 28th, 2026", "the 28th of February 2026"), (END,)),
    **dict.fromkeys(("Sept. 3, 2025", "Sept 3 2025", "3 Sep 2025"), (date(2025, 9, 3),)),
    **dict.fromkeys(("Feb. 27-28, 2026", "between 27 and 28 February 2026"), (date(2026, 2, 27), END)),
    "Saturday, February 28, 2026": (END,),
    "February 28-March 1, 2026": (END, date(2026, 3, 1)),
    "Dec. 31 and Jan. 1, 2026": (date(2025, 12, 31), date(2026, 1, 1)),
    "3, 4 and 5 March 2026": (date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5)),
    "28\u00a0February 2026": (END,),
    # Which of the two comes first, the paper knows.
    "3/9/2025": (date(2025, 9, 3), date(2025, 3, 9)),
}
WITHOUT_YEAR = {
    **dict.fromkeys(("February 28", "Feb. 28", "28 February", "the 28th of February", "Saturday, Feb. 28"), END),
    "Dec. 31": date(2025, 12, 31),
    "1st March": date(2026, 3, 1),
    "Feb 29": date(2024, 2, 29),
}


@pytest.mark.parametrize("words", STATED)
def test_a_date_with_its_year_is_stated(words: str) -> None:
    assert days_in(f"The port shut on {words}, he said.", "stated", PUBLISHED) == set(STATED[words])
    assert not days_in(words, "inferred", PUBLISHED)


@pytest.mark.parametrize("words", WITHOUT_YEAR)
def test_without_a_year_it_is_the_nearest_one(words: str) -> None:
    assert WITHOUT_YEAR[words] in days_in(f"The port shut on {words}.", "inferred", PUBLISHED)
    assert not days_in(words, "stated", PUBLISHED)


def test_the_tense_may_rule_the_nearest_out() -> None:
    nearest, before = date(2026, 9, 3), date(2025, 9, 3)
    assert days_in("on Sept 3", "inferred", PUBLISHED) == {nearest, before}
    assert days_in("on Sept 3", "inferred", PUBLISHED, later=True) == {nearest}
    assert days_in("on March 1", "inferred", PUBLISHED) == {date(2026, 3, 1)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *((words, [words.removeprefix("the ").removeprefix("between ")]) for words in ("Feb. 28, 2026", "28/02/2026")),
        ("shut on the 28th of February 2026.", ["28th of February 2026"]),
        ("Saturday, Feb. 28, and Sept 3", ["Saturday", "Feb. 28", "Sept 3"]),
        ("They march 3 miles in May 40 boats, Sept 3,000 more", []),
        ("1.2.3.2026 and 12/13 of 2026", []),
        ("this week, tomorrow and on SUNDAY", ["this week", "tomorrow", "SUNDAY"]),
    ],
)
def test_a_date_is_found_as_a_whole(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in find_dates(text, "en")] == found


def test_in_other_languages_only_digits_are_read() -> None:
    text = "Am 28. Februar 2026 und 2026-02-28"
    assert [text[start:end] for start, end in find_dates(text, "de")] == ["2026-02-28"]
    assert days_in(text, "stated", PUBLISHED, "de") == {END}


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("on Friday", {date(2026, 3, 6)}),
        ("last Friday", {date(2026, 3, 6), date(2026, 2, 27)}),
        ("on Thursday of last week", {date(2026, 3, 5), date(2026, 2, 26)}),
        ("next Friday", {date(2026, 3, 6), date(2026, 3, 13)}),
        ("a week ago", set()),
    ],
)
def test_a_weekday_of_another_week_is_not_ruled_out(words: str, days: set[date]) -> None:
    assert days_in(words, "weekday", PUBLISHED) == days


def test_a_number_beside_a_date_is_still_asked_for() -> None:
    found = find_codable("On May 5, 40 boats left, and in March 20 boats.", "en")
    assert [entry.kind for entry in found] == ["date", "number", "date", "number"]
