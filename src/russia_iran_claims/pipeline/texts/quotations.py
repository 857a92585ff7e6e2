"""Find the words inside quotation marks, and tell those that are sure from those that a curator has to look at.

Marks are those that the Unicode CLDR lists as delimiters of the languages. In English, a single mark may also be an
apostrophe; what decides is what stands beside it, and where that does not decide, the run is not sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ...letters import in_word
from .find import paragraphs, trimmed

# What opens a quotation, and what can close it.
_PAIRS = {
    "“": "”",
    "‟": "”",
    "„": '“”"',
    "«": "»",
    "「": "」",
    "『": "』",
    "〝": "〞〟",
    "‹": "›",
    '"': '"',
    "＂": "＂",
    "״": "״",
    "‘": "’",
    "'": "'’",
    "‚": "‘’",
}
# What opens one as well in some languages.
_REVERSED = {"»": "«", "›": "‹"}
_ALIKE = {"”": "”", "’": "’"}
_NORDIC = {**_ALIKE, "»": "»«", "›": "›‹"}
_ARABIC = {"”": "“"}
_ALSO = {
    **dict.fromkeys(("cs", "de", "hr", "hu", "pl", "sk", "sl", "sr"), _REVERSED),
    **dict.fromkeys(("fi", "sv"), _NORDIC),
    **dict.fromkeys(("nb", "nl", "nn", "no"), _ALIKE),
    **dict.fromkeys(("ar", "fa", "ur"), _ARABIC),
    "da": _REVERSED | _ALIKE,
    "he": {"”": "”"},
}
_EVERY = "".join({*_PAIRS, *"".join(_PAIRS.values())})
_TYPED = '"＂״'
_SINGLE = "‘'’‚"
# Inside a run, marks of its own kind open nothing.
_KINDS = (f"“”‟„〝{_TYPED}", _SINGLE, "«»", "‹›", "「", "『")
# Nobody quotes deeper.
_DEPTH = 3
# From here on, scripts need no space between words, and have no apostrophe.
_UNSPACED = "\u1100"
# What may stand before an apostrophe: a genitive, a word cut short, a number of feet.
_CUT = re.compile(r"(?:[sSxXzZ\d]|[a-z]in|\b[Aa]n|\b[OoNn]|\b[Tt]h|\b[Oo]l)\Z")
# Words that begin with one, whatever mark is typed for it.
_ELISION = re.compile(r"(?:n|em|tis|twas|til|till|cause|bout|round|\d\ds?)\b", re.IGNORECASE)


class Run(NamedTuple):
    """The words between two quotation marks, in code points, without the space around them."""

    start: int
    end: int
    sure: bool


@lru_cache(maxsize=16)
def find_quotations(text: str, language: str) -> tuple[Run, ...]:
    """The runs inside quotation marks, and those inside marks of the other kind within them, in the order of the text.

    A run that is left open ends with its paragraph, an inner one with the run around it. Marks without words between
    them are none.
    """
    code = language.split("-")[0]
    marks = _PAIRS | _ALSO.get(code, {})
    found, each = list[Run](), paragraphs(text)
    for (first, last), (after, _) in zip(each, [*each[1:], (len(text), 0)]):
        found += _Paragraph(text, first, last, marks, code == "en", text[after : after + 1] in marks).runs(first, last)
    return tuple(sorted(run for run in found if run.start < run.end))


def is_marked(text: str, start: int, end: int) -> bool:
    """Whether a range has a quotation mark or the edge of a paragraph on each side, but for spaces."""
    first, last = next((each for each in paragraphs(text) if each[0] <= start < each[1]), (0, 0))
    before, after = text[first:start].rstrip(), text[end:last].lstrip()
    return (not before or before[-1] in _EVERY) and (not after or after[0] in _EVERY)


def unmarked(words: str) -> str:
    """Words without the quotation marks around them: double ones on either side, or a pair of any kind."""
    paired = len(words) > 2 and words[-1] in _PAIRS.get(words[0], "")
    return words[1:-1] if paired else words.strip('“”"')


class _Paragraph(NamedTuple):
    """A paragraph, what opens a quotation in its language, and whether the next paragraph begins with such a mark."""

    text: str
    first: int
    last: int
    marks: dict[str, str]
    is_english: bool
    continues: bool

    def runs(self, first: int, last: int, around: str = "", depth: int = 0) -> Iterator[Run]:
        """The runs of a range, from left to right, inside a run of some kind that is itself inside others."""
        place = first
        while place < last:
            mark = self.text[place]
            if mark not in self.marks or mark in around or not self._opens(place, last):
                place += 1
                continue
            start = place + 1
            end, sure = self._single(start, last, bool(around)) if mark in _SINGLE else self._double(start, last)
            yield Run(*trimmed(self.text, start, end), sure)
            if depth < _DEPTH:
                kind = next((kind for kind in _KINDS if mark in kind), mark)
                yield from self.runs(start, end, kind, depth + 1)
            place = end + 1

    def _opens(self, place: int, last: int) -> bool:
        """Whether a mark can open a quotation where it stands."""
        mark, before = self.text[place], self.text[place - 1] if place > self.first else " "
        after = self.text[place + 1] if place + 1 < last else " "
        if mark not in f"{_SINGLE}{_TYPED}“”" or mark == "‚":
            return True
        if before.isdigit() and after < _UNSPACED:
            return False  # inches and feet
        if mark == "“":
            return not after.isspace() or before.isspace()
        # On a letter it is an apostrophe, or it closes.
        joined = in_word(before) and before < _UNSPACED
        closes = before in ".,;!?…" and not (mark in _TYPED and in_word(after))
        return not joined and not closes and not after.isspace()

    def _double(self, start: int, last: int) -> tuple[int, bool]:
        """Where a run ends, and whether that is sure."""
        text, mark, sure, inner, first = self.text, self.text[start - 1], True, 0, -1
        closers = self.marks[mark]
        for place in range(start, last):
            if text[place] not in closers or self._is_joined(place, last):
                # Some quote inside a quotation with the same marks.
                inner += text[place] == mark and mark not in closers and self._opens(place, last)
                continue
            if text[place] == '"' and mark != '"' and self._opens(place, last):
                continue
            if text[place - 1].isdigit() and self._is_inches(place, last, closers):
                sure = False
            elif inner:
                inner -= 1
                first = place if first < 0 else first
            else:
                return place, sure
        return (last, sure) if first < 0 else (first, False)

    def _is_joined(self, place: int, last: int) -> bool:
        """Whether a mark stands between two letters, as in abbreviations of Hebrew."""
        text = self.text
        joined = text[place] in _TYPED and place + 1 < last and in_word(text[place - 1]) and in_word(text[place + 1])
        return joined and text[place + 1] < _UNSPACED and not text[place - 1].isdigit()

    def _is_inches(self, place: int, last: int, closers: str) -> bool:
        """Whether a mark on a digit leaves a later one without a beginning: `12" pipe," he said`."""
        for following in range(place + 1, last):
            if self.text[following] in self.marks and self._opens(following, last):
                return False
            if self.text[following] in closers:
                return True
        return False

    def _single(self, start: int, last: int, inside: bool) -> tuple[int, bool]:
        """Where a run ends whose marks may be apostrophes, too, and whether that is sure.

        One that is left open ends with the run that it is inside, or with its paragraph if the next one goes on.
        """
        text, mark = self.text, self.text[start - 1]
        closers, place = self.marks[mark], start
        if mark == "‚" and (end := text.find("‘", start, last)) >= 0:
            return end, True
        # On a letter, a mark may be an apostrophe; behind anything else it closes.
        ends, closed = list[int](), list[int]()
        while place < last:
            before, after = text[place - 1], text[place + 1] if place + 1 < last else " "
            if text[place] in closers and not (in_word(after) and after < _UNSPACED):
                if in_word(before) and before < _UNSPACED:
                    ends.append(place)
                elif not before.isspace():
                    closed.append(place)
                    if after >= _UNSPACED or len(closed) > 1:
                        break
            elif text[place] in "‘'" and self._opens(place, last):
                break
            elif text[place] in '“"«„' and self._opens(place, last):
                # What is quoted inside has marks of its own.
                place = min(self._double(place + 1, last)[0], last - 1)
            place += 1
        plain = _ELISION.match(text, start, last) is None
        if closed:
            return closed[0], plain and len(closed) == 1
        plain = plain and self.is_english
        clear = [end for end in ends if not _CUT.search(text[max(start, end - 4) : end])]
        open = inside or self.continues or start - 1 == self.first
        if clear:
            return clear[0], plain and clear[0] == ends[0] and len(clear) == 1
        if ends and not open:
            followed = text[ends[0] + 1 : last][:1] in tuple(".,;:!?)")
            return ends[0], plain and followed and len(ends) == 1
        return last, plain and not ends and (inside or self.continues)
