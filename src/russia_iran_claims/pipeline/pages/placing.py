"""Where in a text a problem of its coding is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...marking import Mark
from ..annotations.rows import Coding, Row
from ..io.problems import Problem

Placed = tuple[Problem, tuple[int, int]]


def place_problems(
    problems: Iterable[Problem], coding: Coding, marks: Sequence[Mark]
) -> tuple[list[Placed], list[Problem]]:
    """The problems of spans and rows, each with the range of the text that it is about, and those without a place.

    A problem of a span is at the span, any other one at the first span of its row.
    """
    first: dict[str, tuple[int, int]] = {}
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end, mark)):
        first.setdefault(mark.item_id, (mark.start, mark.end))
    exact = {(mark.item_id, mark.part, mark.seq): (mark.start, mark.end) for mark in marks}
    records: dict[str, list[tuple[tuple[int, int], Row]]] = {}
    for rows in coding.tables.values():
        for row in rows:
            records.setdefault(row.document.path, []).append((row.place(), row))
    for found in records.values():
        found.sort(key=lambda entry: entry[0])
    placed, others = [], []
    for problem in problems:
        before = [row for place, row in records.get(problem.path, ()) if place <= (problem.line, problem.column)]
        # The record that the problem is in is the last one that begins before it, unless its name says otherwise.
        inner = before[-1] if before and before[-1].label == problem.record else None
        at = None
        if inner is not None and inner.table.name == "spans":
            at = exact.get((inner["item_id"], inner["part"], inner["seq"]))
        elif inner is not None:
            at = first.get(inner.id)
        at = at or first.get(problem.record or "")
        if at is None:
            others.append(problem)
        else:
            placed.append((problem, at))
    return placed, others
