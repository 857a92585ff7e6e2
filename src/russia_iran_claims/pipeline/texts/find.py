"""Find words in a text, however their quotation marks, dashes, spaces and accents are typed."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from ...letters import in_word, signs

_SAME = {
    **dict.fromkeys("“”„‟«»", '"'),
    **dict.fromkeys("‘’‚‛", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
}
# A paragraph ends at any run of the line ends that Unicode knows; lines of spaces between them are none.
_LINE_END = "[\n\v\f\r\x85\u2028\u2029]"
_PARAGRAPH_ENDS = re.compile(rf"{_LINE_END}(?:\s*{_LINE_END})?")
_NOTHING = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
# How an emoji is drawn, and what is invisible: words are the same with and without it.
_UNSEEN = re.compile(f"[{_NOTHING}\ufe00-\ufe0f]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text with typographic variants unified, and for each character the range of its sign in the original."""

    text: str
    starts: list[int]
    ends: list[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original text for a non-empty range of the folded text."""
        return self.starts[start], self.ends[end - 1]

    def is_edge(self, place: int) -> bool:
        """Whether a place of the folded text is between two signs."""
        return not 0 < place < len(self.text) or self.starts[place - 1] != self.starts[place]


@dataclass(frozen=True, slots=True)
class Passage:
    """A range of a text in code points, and its likeness to the words, from 0 to 100."""

    start: int
    end: int
    score: float


def fold(text: str) -> Folded:
    """Unify quotation marks, dashes and spaces, compose letters, and drop what is invisible."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in signs(text):
        sign = text[start:end]
        if not sign.isascii():
            sign = _SAME.get(sign, sign)
            # The joiner between emoji makes another emoji of them.
            joins = len(sign) > 1 and not in_word(sign[0])
            sign = sign.rstrip(_NOTHING) if joins else _UNSEEN.sub("", sign)
            sign = unicodedata.normalize("NFC", sign.rstrip("\ufe0e\ufe0f"))
        if not sign:
            continue
        if sign.isspace():
            sign = " "
            if characters and characters[-1] == " ":
                ends[-1] = end
                continue
        last = start + len(text[start:end].rstrip(_NOTHING))
        characters += sign
        starts += [start] * len(sign)
        ends += [last] * len(sign)
    return Folded("".join(characters), starts, ends)


def find(words: str, text: Folded, before: str = "", after: str = "") -> list[tuple[int, int]]:
    """All ranges of the text that have these words as whole words, between `before` and `after` if given."""
    wanted = fold(words).text.strip()
    left, right = fold(before).text.strip(), fold(after).text.strip()
    found = []
    start = text.text.find(wanted) if wanted else -1
    while start >= 0:
        end = start + len(wanted)
        whole = text.is_edge(start) and text.is_edge(end) and not (_joined(text.text, start) or _joined(text.text, end))
        # A folded text has one space between words.
        before_it, after_it = text.text[max(0, start - len(left) - 1) : start], text.text[end : end + len(right) + 1]
        if whole and before_it.rstrip().endswith(left) and after_it.lstrip().startswith(right):
            found.append(text.original(start, end))
        start = text.text.find(wanted, start + 1)
    return found


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A range without the spaces and invisible characters at its ends, which `find` does not give either."""
    words = text[start:end]
    invisible = _NOTHING + "".join(character for character in set(words) if character.isspace())
    start += len(words) - len(words.lstrip(invisible))
    return start, start + len(words.strip(invisible))


def first_place(words: str, text: str) -> int:
    """The first offset where a text has these words to the letter and as whole words, or -1."""
    start = text.find(words)
    while start >= 0 and (_joined(text, start) or _joined(text, start + len(words))):
        start = text.find(words, start + 1)
    return start


@lru_cache(maxsize=16)
def paragraphs(text: str) -> list[tuple[int, int]]:
    """Where each paragraph starts and ends, without the line ends around it."""
    ends = [(match.start(), match.end()) for match in _PARAGRAPH_ENDS.finditer(text)]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(text)]
    return [(start, stop) for start, stop in zip(starts, stops) if start < stop]


def paragraph_number(text: str, place: int) -> int:
    """The number of the paragraph around an offset, from 1; of a line end, that of the one before it."""
    return max(1, bisect_right(paragraphs(text), place, key=lambda each: each[0]))


def paragraph_at(text: str, place: int) -> str:
    """The paragraph around an offset."""
    start, end = paragraphs(text)[paragraph_number(text, place) - 1] if text.strip() else (0, 0)
    return text[start:end]


def most_like(words: str, text: Folded) -> Passage | None:
    """The passage of a text that is most like the words."""
    from rapidfuzz import fuzz

    wanted = fold(words).text.strip()
    if not wanted or not text.text:
        return None
    # The shorter one slides over the longer one; the words are the shorter unless they are longer than the text.
    aligned = fuzz.partial_ratio_alignment(wanted, text.text)
    if aligned is None or aligned.dest_end <= aligned.dest_start:
        return None
    start, end = aligned.dest_start, aligned.dest_end
    while _joined(text.text, start) or not text.is_edge(start):
        start -= 1
    while _joined(text.text, end) or not text.is_edge(end):
        end += 1
    return Passage(*text.original(start, end), aligned.score)


def _joined(text: str, place: int) -> bool:
    """Whether a place is inside a word or number."""
    return 0 < place < len(text) and in_word(text[place - 1]) and in_word(text[place])
