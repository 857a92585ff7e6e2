"""Decide where the spans of an article stand in a reader's own copy of it.

Words as short as `said` stand in many places, and where a paragraph is cut, those of the next one are not its own. So a
span is found only in a run: spans that follow one another in the article, have all moved by the same shift, and begin
and end in passages of which enough is there to be no chance.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

# Letters of spans in a passage: fewer of them, such as a name with its title, may stand elsewhere by chance.
_ENOUGH = 24
# What a copy has, lacks or moves as a whole: lines, or sentences where a line is longer than any paragraph.
_LINE = 1000
_LINE_ENDS = re.compile(r"\n|\Z")
_SENTENCE_ENDS = re.compile(r"[.!?…][\"'”’)\]]*\s")
# A span begins and ends at the edge of a word, or with a mark.
_STARTS = re.compile(r"\b\w|[^\w\s]")
_ENDS = re.compile(r"\w\b|[^\w\s]")

# Where words stand, by their length and digest.
Matches = dict[tuple[int, str], list[int]]


class Span(NamedTuple):
    """A span as published: what it belongs to, its offsets in the annotated text, and the digest of its words."""

    item_id: str
    part: str
    seq: int
    start: int
    end: int
    digest: str


class Run(NamedTuple):
    """Spans that follow one another in the article and have moved by the same shift, from passage to passage of a copy.

    It is complete if no other span is missing that the shift puts between `start` and `end`.
    """

    start: int
    end: int
    shift: int
    spans: list[Span]
    complete: bool


def find_matches(spans: list[Span], text: str) -> Matches:
    """Where the words of the spans stand in a text."""
    wanted = {(span.end - span.start, span.digest) for span in spans}
    lengths = sorted({length for length, _ in wanted})
    ends = bytearray(len(text) + lengths[-1] + 1)
    for word in _ENDS.finditer(text):
        ends[word.end()] = True
    found: Matches = defaultdict(list)
    for word in _STARTS.finditer(text):
        start = word.start()
        for length in lengths:
            # Hashing is what takes the time.
            if ends[start + length] and (words := (length, _digest(text[start : start + length]))) in wanted:
                found[words].append(start)
    return found


def find_places(spans: list[Span], matches: Matches, text: str) -> tuple[dict[Span, int], set[Span]]:
    """Where each span is, and the spans that may be at several places."""
    ends = [0]
    for line in _LINE_ENDS.finditer(text):
        if line.end() - ends[-1] > _LINE:
            ends += [sentence.end() for sentence in _SENTENCE_ENDS.finditer(text, ends[-1], line.end())]
        ends.append(line.end())
    runs = list(_runs(sorted(spans, key=lambda span: (span.start, -span.end)), matches, ends))
    # Inside a complete run nothing else can have come in.
    whole = [run for run in runs if run.complete]
    runs = [run for run in runs if not any(other.start < run.start and run.end < other.end for other in whole)]
    places: dict[Span, set[int]] = defaultdict(set)
    torn: set[Span] = set()
    for run in runs:
        rivals = [
            other for other in runs if other.shift != run.shift and other.start < run.end and run.start < other.end
        ]
        for span in run.spans:
            start, end = span.start + run.shift, span.end + run.shift
            # Of two that want the same letters, the complete one has them.
            wanted = [other.complete for other in rivals if other.start < end and start < other.end]
            if run.complete or not any(wanted):
                places[span].add(start)
                torn |= {span} if run.complete in wanted else set()
    unsure = {span for span, starts in places.items() if len(starts) > 1 or span in torn}
    return {span: min(starts) for span, starts in places.items() if span not in unsure}, unsure


def _runs(spans: list[Span], matches: Matches, ends: list[int]) -> Iterator[Run]:
    """The runs of an article. The spans are in the order of the article."""
    moved: dict[int, list[int]] = defaultdict(list)
    for index, span in enumerate(spans):
        for place in matches.get((span.end - span.start, span.digest), ()):
            moved[place - span.start].append(index)
    for shift, indexes in moved.items():
        for _, group in groupby(enumerate(indexes), lambda pair: pair[1] - pair[0]):
            members = [spans[index] for _, index in group]
            sure = [passage for passage, letters in _letters(members, shift, ends).items() if letters >= _ENOUGH]
            if not sure:
                continue
            first = 0 if shift == 0 and members[0] is spans[0] else min(sure)[0]
            last = max(sure)[1]
            inside = [span for span in members if first <= span.start + shift and span.end + shift <= last]
            due = sum(first < span.end + shift and span.start + shift < last for span in spans)
            if due == len(inside) or len(sure) > 1:
                yield Run(first, last, shift, inside, due == len(inside))


def _letters(spans: list[Span], shift: int, ends: list[int]) -> dict[tuple[int, int], int]:
    """How many letters of each passage are in spans. One that runs over several passages makes one of them."""
    counts: dict[tuple[int, int], int] = defaultdict(int)
    reach = 0
    for span in spans:
        start, end = span.start + shift, span.end + shift
        passage = ends[bisect_right(ends, start) - 1], ends[bisect_left(ends, end)]
        counts[passage] += max(0, end - max(start, reach))
        reach = max(reach, end)
    return counts


def _digest(words: str) -> str:
    """The digest of words, as it is published. A lone surrogate does not stop it."""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]
