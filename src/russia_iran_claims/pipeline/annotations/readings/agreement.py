"""How far two readings agree: precision, recall and F1 of the rows, and the share and alpha of the cells."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from ...schema.model import Record

# The columns that stand for a row as a whole, and for all of its spans.
ROWS, SPANS = "*", "spans"
# From so many pairs on, an alpha has an interval: that of so many samples drawn with this seed, with this coverage.
FEWEST, SAMPLES, SEED, COVERAGE = 30, 1000, 16, 0.95
# Values are rounded where they are made, so that no library's last bit is published.
_DIGITS = 4


def agreement(cells: Iterable[Record], columns: Iterable[tuple[str, str, bool]]) -> list[Record]:
    """The measures of each table and column, from the rows of `readings`.

    `columns` are those that are compared, by table and name, and whether their values are numbers: their alpha is for
    intervals, over the pairs in which both readings have one.
    """
    by_column: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for cell in cells:
        by_column[cell["table_name"], cell["column_name"]].append(cell)
    rows: dict[str, list[Record]] = {}
    measured: list[Record] = []
    for table, column, interval in columns:
        each = by_column[table, column]
        rows[table] = each  # every row of a table has all columns
        pairs = [cell for cell in each if cell["first_id"] is not None and cell["second_id"] is not None]
        equal = sum(cell["equal"] for cell in pairs)
        measured.append(_measure(table, column, "share", len(pairs), equal, _part(equal, len(pairs))))
        if column == SPANS:
            continue  # a cut has no value that another row could share
        if interval:
            pairs = [cell for cell in pairs if cell["first_reading"] is not None and cell["second_reading"] is not None]
            equal = sum(cell["equal"] for cell in pairs)
        one, other = ([cell[name] for cell in pairs] for name in ("first_reading", "second_reading"))
        measured.append(_measure(table, column, "alpha", len(pairs), equal, *alphas(one, other, interval=interval)))
    for table, each in rows.items():
        first, second = (sum(cell[name] is not None for cell in each) for name in ("first_id", "second_id"))
        both = first + second - len(each)
        for name, of, agreed in (
            ("precision", second, both),
            ("recall", first, both),
            ("f1", first + second, 2 * both),
        ):
            measured.append(_measure(table, ROWS, name, of, agreed, _part(agreed, of)))
    return measured


def alphas(
    one: Sequence[Any], other: Sequence[Any], *, interval: bool = False
) -> tuple[float | None, float | None, float | None]:
    """Krippendorff's alpha of two readers, and the bounds of its interval (percentiles of a bootstrap over the pairs).

    Null counts as a value. Where neither reader uses a second value, alpha is 1. Without pairs it is None; with fewer
    than `FEWEST`, the bounds are. The formulas are those for two readers without missing values: Krippendorff, Content
    Analysis, chapter on reliability. nltk gives the same, which a test holds, and takes 2 ms each time: that would be
    two minutes for the intervals.
    """
    size = len(one)
    if not size:
        return None, None, None
    import numpy

    estimate = _interval if interval else _nominal
    value = float(estimate(one, other, numpy.ones((1, size)))[0])
    if size < FEWEST:
        return _rounded(value), None, None
    sampled = estimate(one, other, _drawn(size))
    tail = (1 - COVERAGE) / 2
    low, high = (float(bound) for bound in numpy.quantile(sampled, [tail, 1 - tail]))
    return _rounded(value), _rounded(low), _rounded(high)


@cache
def _drawn(size: int) -> Any:
    """How often each of so many pairs is drawn, for each sample. Python promises the same numbers for a seed."""
    import numpy

    draw = random.Random(SEED).random  # noqa: S311 - chance that can be repeated is what is wanted
    drawn = [int(draw() * size) + start for start in range(0, SAMPLES * size, size) for _ in range(size)]
    return numpy.bincount(drawn, minlength=SAMPLES * size).reshape(SAMPLES, size).astype(float)


def _nominal(one: Sequence[Any], other: Sequence[Any], weights: Any) -> Any:
    """Alpha for each line of weights: two values are equal, or they are not."""
    import numpy

    values = {value: place for place, value in enumerate(dict.fromkeys([*one, *other]))}
    table = numpy.zeros((len(one), len(values)))
    for place, pair in enumerate(zip(one, other)):
        for value in pair:
            table[place, values[value]] += 1
    differ = numpy.array([first != second for first, second in zip(one, other)], dtype=float)
    counts, size = weights @ table, 2 * len(one)
    expected = 1 - (counts * (counts - 1)).sum(axis=1) / (size * (size - 1))
    return _alpha(weights @ differ / len(one), expected)


def _interval(one: Sequence[Any], other: Sequence[Any], weights: Any) -> Any:
    """Alpha for each line of weights: two numbers differ by the square of their distance."""
    import numpy

    here, there = (numpy.array(values, dtype=float) for values in (one, other))
    # Around their mean, large numbers keep their digits.
    middle = numpy.concatenate([here, there]).mean()
    here, there, size = here - middle, there - middle, 2 * len(one)
    sums, squares = weights @ (here + there), weights @ (here**2 + there**2)
    expected = 2 * (size * squares - sums**2) / (size * (size - 1))
    return _alpha(weights @ (here - there) ** 2 / len(one), expected)


def _alpha(observed: Any, expected: Any) -> Any:
    import numpy

    varies = expected > 1e-12
    return numpy.where(varies, 1 - observed / numpy.where(varies, expected, 1), 1.0)


def _rounded(value: float) -> float:
    return round(value, _DIGITS) + 0.0  # never -0


def _part(agreed: int, of: int) -> float | None:
    return _rounded(agreed / of) if of else None


def _measure(
    table: str,
    column: str,
    measure: str,
    n: int,
    agreed: int,
    value: float | None,
    low: float | None = None,
    high: float | None = None,
) -> Record:
    return {
        "table_name": table, "column_name": column, "measure": measure, "n": n, "agreed": agreed, "value": value,
        "low": low, "high": high,
    }  # fmt: skip
