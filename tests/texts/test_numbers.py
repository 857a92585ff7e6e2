"""Fifty wordings with the numbers that they mean: read rightly, or left to the curator; never read wrongly."""

from __future__ import annotations

import pytest

from russia_iran_claims.pipeline.texts.must_code import find_codable
from russia_iran_claims.pipeline.texts.numbers import read_wording

READ = {
    "12": 12,
    "1,200": 1200,
    "1.5": 1.5,
    "three": 3,
    "twenty-one": 21,
    "six thousand": 6000,
    "about 40": 40,
    "at least 12": 12,
    "more than 300": 300,
    "Up to 50": 50,
    "nearly 90": 90,
    "nineteen hundred": 1900,
    "About 1.2 million": 1_200_000,
    "5bn": 5e9,
    "£5bn": 5e9,
    "$2.5 billion": 2.5e9,
    "2.3 mn": 2_300_000,
    "3 thousand": 3000,
    "2 trillion": 2e12,
    "four million": 4e6,
    "a thousand million": 1e9,
    "Half a million": 500_000,
    "half a dozen": 6,
    "a dozen": 12,
    "two dozen": 24,
    "dozen": 12,
    "a hundred": 100,
    "a thousand": 1000,
    "one hundred and twenty": 120,
    "a hundred and twenty": 120,
    "two and a half": 2.5,
    "one and a half million": 1.5e6,
    "3 and a half": 3.5,
    "200 hundred": 20_000,
    "2½": 2.5,
    "two hundred thousand": 200_000,
    "25 percent": 25,
    "25%": 25,
    "twenty-five per cent": 25,
}
LEFT = {
    "no one": 0,
    "No 9": 1,
    "thousands": 4000,
    "at 10.30": 1,
    "1.200": 1200,
    "-5": -5,
    "2,5": 2.5,
    "12m": 12,
    "10k": 10_000,
    "a couple of hundred": 200,
    "2 1/2": 2.5,
    "½": 50,
    "two-thirds": 0.667,
    "two thirds": 66.7,
    "a third": 33.3,
    "one in three": 0.33,
    "three-quarters": 75,
    "half": 50,
    "1/3": 0.333,
    "three score": 60,
    "a few dozen": 30,
    "10 to 12": 11,
}


@pytest.mark.parametrize("wording", READ)
def test_read(wording: str) -> None:
    assert read_wording(wording) == ({READ[wording]}, True)


@pytest.mark.parametrize("wording", LEFT)
def test_left_to_the_curator(wording: str) -> None:
    assert not read_wording(wording).sure


def test_there_are_fifty_wordings() -> None:
    assert len({*READ, *LEFT}) >= 50


@pytest.mark.parametrize("wording", ["Two-thirds", "½", "5bn", "A dozen", "half", "three-quarters", "scores of", "2½"])
def test_a_number_has_to_be_coded(wording: str) -> None:
    text = f"{wording} of the boats left."
    (found,) = [entry for entry in find_codable(text, "en") if entry.kind == "number"]
    assert 0 <= found.start < found.end <= len(wording)


@pytest.mark.parametrize(
    ("language", "text", "numbers"),
    [
        ("de", "Zwölf Boote und 3 Schiffe", ["Zwölf", "3"]),
        ("fr", "trois bateaux, 1,5 million", ["trois", "1,5", "million"]),
        ("ja", "12隻の船", ["12"]),
        ("tlh", "both 7 boats", ["7"]),
    ],
)
def test_other_languages(language: str, text: str, numbers: list[str]) -> None:
    assert [text[entry.start : entry.end] for entry in find_codable(text, language)] == numbers
    assert not read_wording(text, language).sure
