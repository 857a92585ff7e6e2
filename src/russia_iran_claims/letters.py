"""Which code points of a text make one sign: a letter with its accents, an emoji with its parts, a flag.

Signs follow the grapheme clusters of Unicode (UAX #29), but a mark after a space stands alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

_JOINER = "\u200d"
# Skin tones and the tags of flags; all other code points that extend a sign are marks.
_EXTENDS = re.compile(f"[{_JOINER}\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
# A sign of more code points is no writing, and comparing them all would take long.
_MOST = 64
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")


class Mapped(NamedTuple):
    """A text in another form, and for each of its characters the range of the sign that it comes from."""

    text: str
    starts: list[int]
    ends: list[int]


def signs(text: str) -> Iterator[tuple[int, int]]:
    """The ranges of the signs of a text, in code points."""
    start = 0
    for place in range(1, len(text)):
        # Below are Latin letters and the like, which extend nothing.
        if text[place] < "\u0300" or place - start == _MOST or not _extends(text, start, place):
            yield start, place
            start = place
    if text:
        yield start, len(text)


def normalised(text: str, form: Literal["NFC", "NFD"]) -> Mapped:
    """A text with its letters composed (NFC) or decomposed (NFD), sign by sign."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in signs(text):
        sign = unicodedata.normalize(form, text[start:end])
        characters.append(sign)
        starts += [start] * len(sign)
        ends += [end] * len(sign)
    return Mapped("".join(characters), starts, ends)


def in_word(character: str) -> bool:
    """Whether a code point is a letter, a digit or a mark on one."""
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _extends(text: str, start: int, place: int) -> bool:
    """Whether the code point at a place belongs to the sign that starts before it."""
    character, before = text[place], text[place - 1]
    if before.isspace():
        return False
    category = unicodedata.category(character)
    if category[0] == "M" or _EXTENDS.match(character):
        return True
    if before == _JOINER:
        # An emoji that the interpreter does not know yet has no category.
        return category[0] == "S" or category == "Cn"
    if _FLAG.match(character):
        return place - start == 1 and _FLAG.match(before) is not None
    # Parts of a syllable of Hangul and some vowels are no marks, and compose all the same.
    apart = unicodedata.normalize("NFC", text[start:place]) + unicodedata.normalize("NFC", character)
    return unicodedata.normalize("NFC", text[start : place + 1]) != apart
