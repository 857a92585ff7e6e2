"""Spans: offsets that are possible, and the parts that each kind of item has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from ...annotations.rows import Coding, Row
from ..rule import READING, Finding, once, rule
from .references import article_of

# The parts that an item of each table may have, and those of which it has at least one.
PARTS = {
    "events": ({"trigger", "time"}, {"trigger"}),
    "attestations": ({"evidence", "hedge"}, {"evidence"}),
    "figures": ({"number", "time"}, {"number"}),
    "quotes": ({"content", "reported", "cue"}, {"content"}),
}
# The cells with a few words of the text, and the part whose one span holds these words.
WORDED = (
    ("quotes", "cue", "cue"),
    ("events", "time_wording", "time"),
    ("figures", "time_wording", "time"),
    ("attestations", "hedge", "hedge"),
)
# Parts that may stand inside other words of the same item.
_WITHIN = ("time", "hedge")


@rule("span-range")
def span_range(coding: Coding) -> Iterator[Finding]:
    """A span starts before it ends, inside the text.

    passes: start_char: 10, end_char: 14
    fails: start_char: 14, end_char: 10
    hint: replace start_char and end_char with `find: "the words"`, then run `build_dataset.py anchor --articles DIR`
    """
    length = {row["article_id"]: row["text_chars"] for row in coding.rows("articles")}
    for row, article in ranges(coding):
        start, end, most = row.cells["start_char"], row.cells["end_char"], length.get(article)
        if start >= end:
            hint = "swap the two" if start > end else None
            yield Finding(row, "start_char", f"start_char {start} is not before end_char {end}", hint)
        elif most is not None and end > most:
            yield Finding(row, "end_char", f"{end} is past the end of {article}, which has {most} characters")


@rule("span-overlap")
def span_overlap(coding: Coding) -> Iterator[Finding]:
    """Spans of one item do not overlap, but for those that hold its time or its hedge.

    passes: spans 10-14 and 20-24
    fails: spans 10-14 and 12-16
    hint: shorten or remove one of the two spans
    """
    spans: dict[object, list[Row]] = {}
    for row, article in ranges(coding):
        if row.cells.get("part") not in _WITHIN:
            spans.setdefault(row.cells.get("item_id") or f"exclusions of {article}", []).append(row)
    for rows in spans.values():
        if len(rows) > 1:
            rows.sort(key=lambda row: (row.cells["start_char"], row.cells["end_char"]))
        for row, following in pairwise(rows):
            if following["start_char"] < row["end_char"]:
                other = f"{row['start_char']}-{row['end_char']}"
                found = f"the span that starts at {following['start_char']} overlaps the span {other}"
                yield Finding(following, "start_char", found)


@rule("span-order")
def span_order(coding: Coding) -> Iterator[Finding]:
    """Spans of one item and part stand in the order of the text, so that runs can be joined.

    passes: spans 10-14, then 20-24
    fails: spans 20-24, then 10-14
    hint: list the spans of a part in the order of `start_char`
    """
    last: dict[tuple[object, object], int] = {}
    for row in coding.rows("spans"):
        cells = row.cells
        start, key = cells["start_char"], (cells["item_id"], cells["part"])
        if start is None:
            continue
        if start < last.get(key, 0):
            yield Finding(
                row,
                "start_char",
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


@rule("span-words", after=(READING, "span-part", "span-range"))
def span_words(coding: Coding) -> Iterator[Finding]:
    """A cue, a hedge or a time wording has exactly one span; a row without these words has none.

    passes: cue: said, with one cue span
    fails: cue: said
    hint: add or remove spans until there is one for the words of the cell, or none without them
    """
    counts = Counter((span["item_id"], span["part"]) for span in coding.rows("spans"))
    for table, column, part in WORDED:
        for row in coding.rows(table):
            found, words = counts[row.key[0], part], row[column]
            if found != (words is not None):
                wanted = f"{words!r} needs exactly one {part} span" if words else f"there is no `{column}`"
                yield Finding(row, column, f"{wanted}, but the number of {part} spans is {found}")


@rule(
    "row-apart",
    severity="warning",
    after=(READING, "foreign-article", "chain-loop", "chain-quote", "span-range", "span-part", "span-missing"),
)
def row_apart(coding: Coding) -> Iterator[Finding]:
    """Rows that belong together stand on the same words: a quote, an event, what is vouched for and counted in them.

    passes: quote_id: qu-0001, with evidence in the words of qu-0001
    fails: quote_id: qu-0002, with evidence in the words of qu-0001
    hint: correct the id, the cell or the span
    """
    yield from _outside_quotes(coding)
    spans, attestations = spans_of(coding), dict[str, list[Row]]()
    for row in coding.rows("attestations"):
        attestations.setdefault(row["event_id"], []).append(row)
    for row in coding.rows("figures"):
        if row["event_id"] in attestations:
            yield from _beside_evidence(row, attestations[row["event_id"]], spans)
    for event, rows in attestations.items():
        evidence = [span for row in rows for span in spans.get(row.key[0], ())]
        for span in spans.get(event, ()) if evidence else ():
            if span["part"] == "trigger" and not any(_holds(other, span) for other in evidence):
                yield Finding(span, "start_char", f"no evidence for {event} holds all words of this trigger")


def _outside_quotes(coding: Coding) -> Iterator[Finding]:
    """Attestations and figures of a quote that have no word of it."""
    spans = spans_of(coding)
    for row in (*coding.rows("attestations"), *coding.rows("figures")):
        words = [span for span in spans.get(row["quote_id"], ()) if span["part"] != "cue"]
        if words and row.key[0] in spans and not _meet(spans[row.key[0]], words):
            yield Finding(row, "quote_id", f"the row has no word of {row['quote_id']}")


def _beside_evidence(figure: Row, attestations: list[Row], spans: dict[str, list[Row]]) -> Iterator[Finding]:
    """A figure of an event with these attestations that is not vouched for as the clause around it is."""
    number, quote = spans.get(figure.key[0], []), figure["quote_id"]
    around = [
        row
        for row in attestations
        if _meet(number, spans.get(row.key[0], [])) or (quote is not None and row["quote_id"] == quote)
    ]
    told = {(row["stance"], row["source_chain"]) for row in around}
    # Who takes an event for granted can state its number.
    told |= {("affirms", chain) for stance, chain in told if stance == "presupposes"}
    stance, chain = figure["stance"], figure["source_chain"]
    if number and not told:
        found = f"the number stands in no evidence for {figure['event_id']}"
        yield Finding(figure, "event_id", found, "correct the id, or add the attestation that has the number")
    elif number and (stance, chain) not in told:
        column = "source_chain" if any(stance == other for other, _ in told) else "stance"
        clause = " or ".join(sorted(f"{stance} by {chain}" for stance, chain in told))
        yield Finding(figure, column, f"found {stance} by {chain}, but the clause around the number is {clause}")


def _meet(spans: list[Row], others: list[Row]) -> bool:
    """Whether one of these spans has a character in common with one of the others."""
    return any(
        span["start_char"] < other["end_char"] and other["start_char"] < span["end_char"]
        for span in spans
        for other in others
    )


def _holds(span: Row, other: Row) -> bool:
    """Whether the first span has all characters of the second."""
    return bool(span["start_char"] <= other["start_char"] and other["end_char"] <= span["end_char"])


@once
def spans_of(coding: Coding) -> dict[str, list[Row]]:
    """The spans of each item, in the order in which they are listed."""
    found: dict[str, list[Row]] = {}
    for row, _ in ranges(coding):
        if row.table.name == "spans":
            found.setdefault(row["item_id"], []).append(row)
    return found


@once
def ranges(coding: Coding) -> list[tuple[Row, str]]:
    """Every row with offsets, and its article."""
    article = article_of(coding)
    found = []
    for row in (*coding.rows("spans"), *coding.rows("exclusions")):
        cells = row.cells
        home = cells.get("article_id") or article.get(cells.get("item_id", ""))
        if home is not None and cells["start_char"] is not None and cells["end_char"] is not None:
            found.append((row, home))
    return found


@once
def _table_of(coding: Coding) -> dict[str, str]:
    return {row.key[0]: name for name in PARTS for row in coding.rows(name)}
