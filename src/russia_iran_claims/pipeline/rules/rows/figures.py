"""Figures: a number's value and bounds follow from how it is worded."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from ...annotations.rows import Coding, Row
from ...texts.numbers import read_wording
from ..rule import READING, Finding, rule

# What stands in value, low and high for each modifier: the number itself, another number, or nothing.
BOUNDS = {
    "exact": ("value", "value", "value"),
    "approximate": ("value", None, None),
    "more_than": ("value", "value", None),
    "at_least": ("value", "value", None),
    "less_than": ("value", None, "value"),
    "nearly": ("value", None, "value"),
    "at_most": ("value", None, "value"),
    "range": (None, "number", "number"),
    "vague": (None, None, None),
}


@rule("figure-order")
def figure_order(coding: Coding) -> Iterator[Finding]:
    """A value stands between its bounds: low <= value <= high.

    passes: low: 30, high: 40
    fails: low: 40, high: 30
    hint: put the smaller number into `low`
    """
    for row in coding.rows("figures"):
        given = [(name, row[name]) for name in ("low", "value", "high") if row[name] is not None]
        for (lower, a), (upper, b) in pairwise(given):
            if a > b:
                yield Finding(row, lower, f"{lower} {_plain(a)} is greater than {upper} {_plain(b)}")


@rule("figure-bounds", after=(READING,))
def figure_bounds(coding: Coding) -> Iterator[Finding]:
    """Value and bounds follow from the modifier, as the coding rules' table shows.

    passes: modifier: approximate, value: 40
    fails: modifier: approximate, value: 40, low: 35
    hint: follow the table of modifiers in docs/coding-rules.md
    """
    for row in coding.rows("figures"):
        for column, kind in zip(("value", "low", "high"), BOUNDS.get(row["modifier"], ())):
            found = row[column]
            expected = "a number" if kind == "number" else row["value"] if kind == "value" else None
            if kind is None and found is not None:
                told = f"found {_plain(found)}, but the modifier {row['modifier']} leaves {column} empty"
                yield Finding(row, column, told)
            elif kind is not None and found is None:
                found = f"the modifier {row['modifier']} needs a number in `{column}`"
                yield Finding(row, "modifier", found)
            elif kind == "value" and found != expected and expected is not None:
                told = f"found {_plain(found)}, expected {_plain(expected)} for the modifier {row['modifier']}"
                yield Finding(row, column, told)


@rule("figure-value", after=("figure-bounds",))
def figure_value(coding: Coding) -> Iterator[Finding]:
    """The value of a figure is the number that its wording gives.

    passes: wording: about 40, value: 40
    fails: wording: about 40, value: 14
    hint: write the number that the words say
    """
    for row, sure in _other_values(coding):
        if sure:
            yield Finding(row, "value", f"found {_plain(row['value'])}, expected the number in {row['wording']!r}")


@rule("figure-unread", severity="warning", after=("figure-bounds",))
def figure_unread(coding: Coding) -> Iterator[Finding]:
    """Where a wording cannot be read for sure, somebody has to compare the value with it.

    passes: wording: half a million, value: 500000
    fails: wording: three score, value: 60
    hint: compare the value with the words
    """
    for row, sure in _other_values(coding):
        if not sure:
            yield Finding(row, "value", f"found {_plain(row['value'])}; {row['wording']!r} is not read as one number")


@rule("figure-direction")
def figure_direction(coding: Coding) -> Iterator[Finding]:
    """A figure has a direction if, and only if, its measure is `change`.

    passes: measure: change, direction: down
    fails: measure: vessels, direction: down
    hint: add `direction` if the measure is `change`; otherwise remove it
    """
    for row in coding.rows("figures"):
        if row["measure"] is None or (row["measure"] == "change") == (row["direction"] is not None):
            continue
        needs = "is needed" if row["measure"] == "change" else "must be empty"
        yield Finding(row, "direction", f"direction {needs} for the measure {row['measure']}")


@rule("figure-scope")
def figure_scope(coding: Coding) -> Iterator[Finding]:
    """Measure `change` goes with scope `change`, `duration` with `period`; no other measure has these scopes.

    passes: measure: change, scope: change
    fails: measure: vessels, scope: change
    hint: give `change` the scope `change`, `duration` the scope `period`, and other measures another scope
    """
    for row in coding.rows("figures"):
        for measure, scope in (("change", "change"), ("duration", "period")):
            if row["scope"] is not None and (row["measure"] == measure) != (row["scope"] == scope):
                yield Finding(
                    row, "scope", f"the scope {row['scope']!r} does not go with the measure {row['measure']!r}"
                )


def _other_values(coding: Coding) -> Iterator[tuple[Row, bool]]:
    """Figures whose value is none of the numbers read in their wording, and whether that reading is sure."""
    language = {row["article_id"]: row["language"] for row in coding.rows("articles")}
    for row in coding.rows("figures"):
        if row["wording"] is not None and row["value"] is not None:
            reading = read_wording(row["wording"], language.get(row["article_id"]) or "en")
            if row["value"] not in reading.numbers:
                yield row, reading.sure


def _plain(number: Any) -> str:
    """A number as people write it: 1200000, and not 1.2e+06."""
    return str(int(number)) if number == int(number) else str(number)
