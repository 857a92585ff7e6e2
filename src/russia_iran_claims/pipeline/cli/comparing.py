"""The command `compare`: two readings of the same articles, as text, JSON or CSV."""

from __future__ import annotations

import argparse
import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..io import limits
from ..io.problems import shown
from ..schema.load import load_schema
from ..schema.model import Record
from ..schema.terms import to_cell
from .commands import NOT_CHECKED
from .report import Report
from .steps import texts_of

if TYPE_CHECKING:
    from ..annotations.readings.compare import Comparison
    from ..annotations.rows import Row

_KEPT = ("table_name", "column_name", "measure", "n", "agreed", "value", "low", "high")


def run_compare(options: argparse.Namespace, report: Report) -> int:
    """Compare two readings of the same articles: which rows both have, and how far their cells agree."""
    from ..annotations.readings.compare import compare
    from ..rules.readings import check_readings

    schema = load_schema(report.root / "schema")
    folders = options.first, options.second
    places = report.place(folders[0].absolute()), report.place(folders[1].absolute())
    readings, problems = check_readings(folders, places, schema, texts_of(options))
    # Of readings that can be compared, warnings are what `check` tells.
    report.tell(problems if readings is None else [])
    if readings is None:
        return 1
    comparison = compare(*readings)
    if options.format == "json":
        report.result = {"agreement": comparison.agreement, "readings": list(_placed(comparison))}
    elif options.format == "csv":
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(_KEPT)
        writer.writerows(sorted([to_cell(row[name]) for name in _KEPT] for row in comparison.agreement))
        report.say(buffer.getvalue().rstrip("\n"))
    else:
        report.say("\n".join(_told(comparison, places)))
        if options.articles is None:
            report.say(f"\n{NOT_CHECKED}")
    return 0


def _told(comparison: Comparison, places: tuple[str, str]) -> Iterator[str]:
    """The figures, the worst column first, then the differences in that order."""
    yield f"first reading: {places[0]}, second reading: {places[1]}"
    measures: dict[tuple[str, str], dict[str, Record]] = defaultdict(dict)
    for row in comparison.agreement:
        measures[row["table_name"], row["column_name"]][row["measure"]] = row
    yield f"\n{'rows':<28}{'first':>6}{'second':>8}{'both':>6}{'precision':>11}{'recall':>8}{'F1':>7}"
    for (table, column), row in measures.items():
        if column == "*" and row["f1"]["n"]:
            counts = f"{row['recall']['n']:>6}{row['precision']['n']:>8}{row['recall']['agreed']:>6}"
            yield f"{table:<28}{counts}" + "".join(
                f"{_two(row[name]['value']):>{width}}" for name, width in (("precision", 11), ("recall", 8), ("f1", 7))
            )
    yield f"\n{'cells of the pairs':<28}{'equal':>6}{'of':>8}{'share':>6}{'alpha':>11}  95 % interval"
    columns = [place for place, row in measures.items() if place[1] != "*" and row["share"]["n"]]
    columns.sort(key=lambda place: _badness(measures[place]))
    for table, column in columns:
        share, alpha = measures[table, column]["share"], measures[table, column].get("alpha")
        told = f"{table + '.' + column:<28}{share['agreed']:>6}{share['n']:>8}{_two(share['value']):>6}"
        if alpha is not None:
            told += f"{_two(alpha['value']):>11}"
            told += f"  {_two(alpha['low'])} to {_two(alpha['high'])}" if alpha["low"] is not None else ""
            told += f"  (of {alpha['n']} pairs with numbers)" if alpha["n"] != share["n"] else ""
        yield told
    yield from _differences(comparison, columns)


def _differences(comparison: Comparison, columns: list[tuple[str, str]]) -> Iterator[str]:
    from ..annotations.readings.settle import differences

    rank = {place: number for number, place in enumerate(columns)}
    found = sorted(differences(comparison), key=lambda cell: rank.get((cell["table_name"], cell["column_name"]), -1))
    order = ": first the rows that one reading has alone, then by column, the lowest alpha first" if found else ""
    yield f"\n{len(found)} differences{order}"
    for cell in found[: limits.PRINTED]:
        pair = comparison.rows[cell["table_name"], cell["pair_id"]]
        at = [_place(row, cell["column_name"]) for row in pair if row is not None]
        if None in pair:
            what = f"only in the {'first' if pair.first is not None else 'second'} reading"
        else:
            what = f"{shown(cell['first_reading'])} and {shown(cell['second_reading'])}"
        ids = " and ".join(row.id for row in pair if row is not None)
        yield f"{cell['table_name']}.{cell['column_name']}: {what} ({ids})\n    {'  '.join(at)}"
    if len(found) > limits.PRINTED:
        yield f"and {len(found) - limits.PRINTED:,} more: `--format json` lists all of them"


def _placed(comparison: Comparison) -> Iterator[Record]:
    """The compared cells, each with the places where both readings have it."""
    for cell in comparison.cells:
        pair = comparison.rows[cell["table_name"], cell["pair_id"]]
        places = [None if row is None else _place(row, cell["column_name"]) for row in pair]
        yield {**cell, "first_place": places[0], "second_place": places[1]}


def _place(row: Row, column: str) -> str:
    return f"{row.document.path}:{row.place(column)[0]}"


def _badness(measures: dict[str, Record]) -> tuple[float, float]:
    """What columns are sorted by: alpha, where there is one, then the share."""
    share = measures["share"]["value"]
    alpha = measures["alpha"]["value"] if "alpha" in measures else share
    return (2.0 if alpha is None else alpha), (2.0 if share is None else share)


def _two(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
