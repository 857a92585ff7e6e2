"""The names of tables and values that several steps use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

HEADLINE = ("events", "quotes", "figures")
# The table of each kind of item: what links, spans and claims refer to.
ITEMS = {"event": "events", "quote": "quotes", "figure": "figures", "attestation": "attestations"}

# The chain of an article's own voice, and the source that nobody names.
ARTICLE = "article"
UNSPECIFIED = "unspecified"
# The kind of an actor who is cited without a name.
UNNAMED = "unnamed_source"
# Which column of events and claims lists the chains of each stance.
OPEN = "left_open_by"
SIDES = {
    "affirms": "affirmed_by",
    "presupposes": "presupposed_by",
    "denies": "denied_by",
    "questions": OPEN,
    "withholds": OPEN,
    "leaves_open": OPEN,
}
CHAIN_LISTS = tuple(dict.fromkeys(SIDES.values()))
# The relations that say that two rows are about one and the same thing; they hold both ways.
SAME = ("same_event", "same_utterance", "same_quantity")
# Those that tie the tellings of one utterance.
TELLINGS = ("repeats", "same_utterance")
# The tables about rows that were coded before: what one reader writes has none of them.
AFTERWARDS = ("differences", "corrections", "retired")
# What null in a column means, in short and in full.
MISSING = {
    "not_said": ("not said", "the article names none, whether there is one or not"),
    "not_applicable": ("does not apply", "the question does not arise for the row"),
    "none": ("there is none", "nobody, or nothing"),
}
# What stands between the runs of a quote's text.
BETWEEN_RUNS = " | "


def join_key(parts: Iterable[object]) -> str:
    """How a row is named across tables: the parts of its primary key joined by '|'."""
    return "|".join(map(str, parts))


def to_cell(value: Any) -> str:
    """A value as text: ISO dates, `true` and `false`, whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
