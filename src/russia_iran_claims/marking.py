"""Which marks cover which piece of a text."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

# What stands on the words of an article, in the order of legends.
KINDS = ("event", "attestation", "quote", "figure", "exclusion")


class Mark(NamedTuple):
    """A range of a text that belongs to an item, in code points. `kind` is one of KINDS, or a caller's own."""

    item_id: str
    kind: str
    part: str
    seq: int
    start: int
    end: int


class Piece(NamedTuple):
    """A range of a text on which the same marks are everywhere."""

    start: int
    end: int
    marks: tuple[Mark, ...]


def pieces(length: int, marks: Iterable[Mark]) -> list[Piece]:
    """Cut a text of some length where a mark starts or ends.

    The pieces follow one another and cover the whole text; an empty text has none. The marks of a piece are in the
    same order everywhere: the longer first, then by start and id. Raises ValueError for a mark that is empty or is not
    inside the text.
    """
    ordered = sorted(set(marks), key=lambda mark: (mark.start - mark.end, mark.start, mark))
    starts: dict[int, list[int]] = defaultdict(list)
    ends: dict[int, list[int]] = defaultdict(list)
    for rank, mark in enumerate(ordered):
        if not 0 <= mark.start < mark.end <= length:
            raise ValueError(
                f"the mark of {mark.item_id} is at {mark.start}-{mark.end}, and the text is from 0 to {length}: "
                "a mark has to start before it ends, inside the text"
            )
        starts[mark.start].append(rank)
        ends[mark.end].append(rank)
    found = []
    here: list[int] = []
    for start, end in pairwise(sorted({0, length, *starts, *ends})):
        for rank in ends[start]:
            del here[bisect_left(here, rank)]
        for rank in starts[start]:
            insort(here, rank)
        found.append(Piece(start, end, tuple(ordered[rank] for rank in here)))
    return found
