"""Spans: offsets that are possible, and the parts that each kind of item has."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ...annotations.rows import Coding, Row
from ..rule import READING, Finding, once, rule
from .references import article_of

# The parts that an item of each table may have, and those of which it has at least one.
PARTS = {
    "events": ({"trigger"}, {"trigger"}),
    "attestations": ({"evidence"}, {"evidence"}),
    "figures": ({"number"}, {"number"}),
    "quotes": ({"content", "reported", "cue"}, {"content"}),
}


@rule("span-range")
def span_range(coding: Coding) -> Iterator[Finding]:
    """A span starts before it ends, inside the text.

    passes: start: 10, end: 14
    fails: start: 14, end: 10
    hint: replace start and end with `find: "the words"`, then run `build_dataset.py anchor --articles DIR`
    """
    length = {row["article_id"]: row["text_chars"] for row in coding.rows("articles")}
    for row, article in ranges(coding):
        start, end, most = row.cells["start"], row.cells["end"], length.get(article)
        if start >= end:
            yield Finding(row, "start", f"start {start} is not before end {end}", "swap start and end")
        elif most is not None and end > most:
            yield Finding(row, "end", f"{end} is past the end of {article}, which has {most} characters")


@rule("span-overlap")
def span_overlap(coding: Coding) -> Iterator[Finding]:
    """Spans of one item do not overlap.

    passes: spans 10-14 and 20-24
    fails: spans 10-14 and 12-16
    hint: shorten or remove one of the two spans
    """
    spans: dict[object, list[Row]] = {}
    for row, article in ranges(coding):
        spans.setdefault(row.cells.get("item_id") or f"exclusions of {article}", []).append(row)
    for rows in spans.values():
        if len(rows) > 1:
            rows.sort(key=lambda row: (row.cells["start"], row.cells["end"]))
        for row, following in pairwise(rows):
            if following["start"] < row["end"]:
                yield Finding(
                    following,
                    "start",
                    f"the span that starts at {following['start']} overlaps the span {row['start']}-{row['end']}",
                )


@rule("span-order")
def span_order(coding: Coding) -> Iterator[Finding]:
    """Spans of one item and part stand in the order of the text, so that runs can be joined.

    passes: spans 10-14, then 20-24
    fails: spans 20-24, then 10-14
    hint: list the spans of a part in the order of `start`
    """
    last: dict[tuple[object, object], int] = {}
    for row in coding.rows("spans"):
        cells = row.cells
        start, key = cells["start"], (cells["item_id"], cells["part"])
        if start is None:
            continue
        if start < last.get(key, 0):
            yield Finding(
                row,
                "start",
                f"the span at {start} is listed after the one at {last[key]}, but comes earlier in the text",
            )
        last[key] = start


@rule("span-part")
def span_part(coding: Coding) -> Iterator[Finding]:
    """Each kind of row allows only certain parts.

    passes: part: number in a figure
    fails: part: number in a quote
    hint: use one of the parts listed
    """
    table = _table_of(coding)
    for row in coding.rows("spans"):
        item, part = row.cells["item_id"], row.cells["part"]
        allowed = PARTS[table[item]][0] if item in table else None
        if allowed and part not in allowed and part is not None:
            yield Finding(row, "part", f"found {part!r}, expected one of: {', '.join(sorted(allowed))}")


@rule("span-missing", after=(READING, "span-part"))
def span_missing(coding: Coding) -> Iterator[Finding]:
    """Every item is anchored in the text.

    passes: a figure with a number span
    fails: a figure without spans
    hint: add a span with `find: "the words"`, then run `build_dataset.py anchor --articles DIR`
    """
    parts = {(span.cells["item_id"], span.cells["part"]) for span in coding.rows("spans")}
    for name, (_, needed) in PARTS.items():
        for row in coding.rows(name):
            id = row.key[0]
            wanted = needed | {"reported"} if row.cells.get("quote_type") == "mixed" else needed
            if missing := {part for part in wanted if (id, part) not in parts}:
                yield Finding(row, None, f"the row has no {' and no '.join(sorted(missing))} span")


@once
def ranges(coding: Coding) -> list[tuple[Row, str]]:
    """Every row with offsets, and its article."""
    article = article_of(coding)
    found = []
    for row in (*coding.rows("spans"), *coding.rows("exclusions")):
        cells = row.cells
        home = cells.get("article_id") or article.get(cells.get("item_id", ""))
        if home is not None and cells["start"] is not None and cells["end"] is not None:
            found.append((row, home))
    return found


@once
def _table_of(coding: Coding) -> dict[str, str]:
    return {row.key[0]: name for name in PARTS for row in coding.rows(name)}
