"""Figures: a number's value and bounds follow from how it is worded."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ...annotations.rows import Coding
from ...texts.must_code import read_number
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
                yield Finding(row, lower, f"{lower} {a:g} is greater than {upper} {b:g}")


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
                yield Finding(row, column, f"found {found:g}, but the modifier {row['modifier']} leaves {column} empty")
            elif kind is not None and found is None:
                found = f"the modifier {row['modifier']} needs a number in `{column}`"
                yield Finding(row, "modifier", found)
            elif kind == "value" and found != expected and expected is not None:
                yield Finding(row, column, f"found {found:g}, expected {expected:g} for the modifier {row['modifier']}")


@rule("figure-value", after=("figure-bounds",))
def figure_value(coding: Coding) -> Iterator[Finding]:
    """The value of a figure is the number that its wording gives.

    passes: wording: about 40, value: 40
    fails: wording: about 40, value: 14
    hint: write the number that the words say
    """
    for row in coding.rows("figures"):
        if row["wording"] is None or row["value"] is None:
            continue
        numbers = {number for number in map(read_number, row["wording"].split()) if number is not None}
        whole = read_number(row["wording"])
        if row["value"] not in numbers | {whole}:
            yield Finding(row, "value", f"found {row['value']:g}, expected the number in {row['wording']!r}")


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
