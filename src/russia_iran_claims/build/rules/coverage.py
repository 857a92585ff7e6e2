"""Completeness: nothing that must be coded is overlooked, and no exclusion is idle."""

from __future__ import annotations

from collections.abc import Iterator

from ..codable import Codable, find_codable, read_number
from ..rows import Coding, Row
from . import Finding, Texts, rule
from .spans import ranges

# The parts of items that account for each kind of thing in the text.
ACCOUNTS = {"quotation": {"content"}, "number": {"number"}, "date": set[str]()}
NAMES = {"quotation": "words in quotation marks", "number": "a number", "date": "a date or weekday"}


@rule("uncovered", needs_texts=True)
def uncovered(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """Every quoted run, number, weekday and date of the text is coded or excluded with a reason."""
    for row, todo in remaining(coding, texts):
        words = texts[row["article_id"]].content[todo.start : todo.end]
        shown = words if len(words) <= 40 else f"{words[:20]} … {words[-15:]}"
        yield Finding(
            row,
            None,
            f"found {NAMES[todo.kind]} at {todo.start}-{todo.end}, {shown!r}, neither coded nor excluded; "
            "add a row with a span there, or an exclusion with a reason",
        )


@rule("idle-exclusion", needs_texts=True)
def idle_exclusion(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """An exclusion excludes something that would otherwise have to be coded."""
    for row in coding.rows("exclusions"):
        text = texts.get(row["article_id"])
        if text is None or None in (row["start"], row["end"]):
            continue
        if not any(row["start"] <= found.start and found.end <= row["end"] for found in find_codable(text.content)):
            yield Finding(
                row, "wording", f"found {row['wording']!r}, which nothing asks to code; take the exclusion out"
            )


@rule("figure-value")
def figure_value(coding: Coding) -> Iterator[Finding]:
    """The value of a figure is the number that its wording gives."""
    for row in coding.rows("figures"):
        if row["wording"] is None or row["value"] is None:
            continue
        numbers = {number for number in map(read_number, row["wording"].split()) if number is not None}
        whole = read_number(row["wording"])
        if row["value"] not in numbers | {whole}:
            yield Finding(row, "value", f"found {row['value']:g}, which the wording {row['wording']!r} does not give")


def remaining(coding: Coding, texts: Texts) -> Iterator[tuple[Row, Codable]]:
    """What is neither coded nor excluded, with the row of its article."""
    covered: dict[tuple[str | None, str], list[tuple[int, int]]] = {}
    for row, article in ranges(coding):
        part = row["part"] if row.table.name == "spans" else "exclusion"
        covered.setdefault((article, part), []).append((row["start"], row["end"]))
    for row in coding.rows("articles"):
        if (text := texts.get(row["article_id"])) is None:
            continue
        for todo in find_codable(text.content):
            parts = ACCOUNTS[todo.kind] | {"exclusion"}
            if not any(
                # A run is accounted for as a whole: the quote around an inner one does not account for it.
                (start, end) == (todo.start, todo.end)
                if todo.kind == "quotation" and part != "exclusion"
                else start <= todo.start and todo.end <= end
                for part in parts
                for start, end in covered.get((row["article_id"], part), ())
            ):
                yield row, todo
