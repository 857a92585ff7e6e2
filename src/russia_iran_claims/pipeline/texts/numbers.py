"""Find the numbers of a text, and read those that can be read for sure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal, DecimalException
from typing import NamedTuple

from text_to_num import alpha2digit, text2num

# Languages whose number words the library reads, by the beginning of their tags.
_READ = ("en", "de", "es", "fr", "it", "nl", "pt")
_FRACTIONS = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_DIGITS = re.compile(rf"(?:\d+(?:[.,:]\d+)*[{_FRACTIONS}]?|[{_FRACTIONS}])[A-Za-z]*")
# Words of number that no reader of numerals knows.
_VAGUE = re.compile(
    r"\b(several|dozens?|scores of|hundreds|thousands|millions|billions|trillions?|half|halves"
    r"|(?:(?:two|three|four|five|seven|nine)[- ])?(?:thirds|quarters?|fifths|tenths)"
    r"|both|neither|twice|couple|handful"
    r"|(?:significant|large|small|considerable) (?:portion|share|part|number))\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(rf"(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)?(?P<fraction>[{_FRACTIONS}])?")
_SCALES = {
    **dict.fromkeys(("k", "thousand"), 10**3),
    **dict.fromkeys(("m", "mn", "million"), 10**6),
    **dict.fromkeys(("b", "bn", "billion"), 10**9),
    **dict.fromkeys(("tn", "trillion"), 10**12),
    "dozen": 12,
    "hundred": 100,
}
_SUFFIXES = ("k", "m", "b", "tn")
# `12m` may be a length, `10k` a run, ½ 0.5 or 50 percent, 7.30 a time, 1.200 a thousand and some; thousands are many.
_DOUBTFUL = re.compile(
    rf".*\d(?:k|m|b|tn)|[{_FRACTIONS}]|\d{{1,2}}\.\d\d|\d{{1,3}}\.\d{{3}}|.*(?:hundred|sand|lion)s|o"
)
# What a wording may have beside its number without changing it. Anything else may.
_BESIDE = {
    *("a", "about", "above", "additional", "all", "almost", "another", "approximately", "around", "as", "at", "beyond"),
    *("cent", "circa", "close", "estimated", "exactly", "exceeding", "fewer", "just", "least", "less", "many"),
    *("maximum", "minimum", "more", "most", "nearly", "no", "only", "or", "other", "over", "per", "percent", "roughly"),
    *("so", "some", "than", "the", "to", "under", "up"),
    *"%$£€¥~<>≈",
}
_PART = re.compile(rf"{_WORD.pattern}|[\d{_FRACTIONS}][\d.,{_FRACTIONS}]*(?<![.,])[^\W\d_]*|\S")


class Reading(NamedTuple):
    """What a wording says: the numbers read, and whether it says that one number and nothing else."""

    numbers: set[float]
    sure: bool


def find_numbers(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Where the numbers of a text are. Of 'six thousand' each word is one; a curator's span covers both."""
    for match in _DIGITS.finditer(text):
        yield match.span()
    code = language.split("-")[0]
    if code in _READ:
        for match in _WORD.finditer(text):
            if alpha2digit(match.group().lower(), code, 0) != match.group().lower():
                yield match.span()
    if code == "en":
        for match in _VAGUE.finditer(text):
            yield match.span()


def read_wording(wording: str, language: str = "en") -> Reading:
    """Read the numbers of a figure's wording: digits, number words, and those with a scale, such as `1.2 million`.

    It is not sure of a wording with two numbers, or with a word beyond `about`, `at least` and the like.
    """
    code = language.split("-")[0]
    parts = [part.lower() for part in _PART.findall(wording)]
    numbers: set[Decimal] = set()
    sure, place = code == "en", 0
    while place < len(parts):
        for end in range(len(parts), place, -1):
            if (number := _read(parts[place:end], code)) is not None:
                numbers.add(number)
                sure = sure and not any(map(_DOUBTFUL.fullmatch, parts[place:end]))
                place = end
                break
        else:
            # "No one" is nobody, and "no 9" a name.
            alone = parts[place] == "no" and parts[place + 1 : place + 2] not in (["more"], ["fewer"], ["less"])
            sure = sure and parts[place] in _BESIDE and not alone
            place += 1
    return Reading({float(number) for number in numbers}, sure and len(numbers) == 1)


def _read(parts: list[str], code: str) -> Decimal | None:
    """The number that all of these words make up together, if they make up one."""
    *first, last = parts
    if len(parts) == 1 and (number := _digits(last)) is not None:
        return number
    if code == "en" and (number := _scaled(first, last)) is not None:
        return number
    if code not in _READ or any(character.isdigit() for part in parts for character in part):
        return None
    if code == "en" and parts[0] == "a" and len(parts) > 1:
        parts = ["one", *parts[1:]]
    try:
        return Decimal(text2num(" ".join(parts), code))
    except (ValueError, DecimalException):
        return None


def _scaled(first: list[str], last: str) -> Decimal | None:
    """What the library does not read: `1.2 million`, `half a million`, `two dozen`, `two and a half`."""
    if last == "half" and first[-2:] == ["and", "a"] and len(first) > 2:
        whole, scale = _read(first[:-2], "en"), _SCALES.get(first[-3], 1)
        return None if whole is None else whole + Decimal("0.5") * scale
    if last not in _SCALES or last in _SUFFIXES:
        return None
    scale = _SCALES[last]
    if first in (["half"], ["half", "a"]):
        return Decimal("0.5") * scale
    if last == "dozen" and first in ([], ["a"]):
        return Decimal(scale)
    # The library reads the words of all other scales, and knows how they add up.
    single = len(first) == 1 and _digits(first[0]) is not None
    if not single and first[-1:] != ["half"] and last not in ("dozen", "trillion"):
        return None
    number = _read(first, "en") if first else None
    return None if number is None else number * scale


def _digits(part: str) -> Decimal | None:
    """The number of `12`, `1,200`, `2½` or `5bn`."""
    match = _PLAIN.match(part)
    scale = part[match.end() :] if match else ""
    if not match or not match.group() or (scale and (scale not in _SCALES or len(scale) > 2)):
        return None
    number = Decimal(match["digits"].replace(",", "")) if match["digits"] else Decimal(0)
    if match["fraction"]:
        number += Decimal(str(unicodedata.numeric(match["fraction"])))
    return number * _SCALES.get(scale, 1)
