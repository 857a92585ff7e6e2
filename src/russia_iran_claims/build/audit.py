"""The gate on the way out: reads what was written, with none of the code that wrote it or judged it before."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from .by_frictionless import Second, judged, take_ready
from .problems import Problem, shown

# Seconds that frictionless needs for a table and for a byte of it, and a process before it can begin: started now, or
# ready. Only how the tables are shared out follows from them, and that a small release is not worth a new process.
_TABLE, _BYTE, _NEW, _READY = 0.03, 8e-7, 0.7, 0.2
# What this process does besides: importing frictionless, and as a part of all that frictionless does, hashing the
# content and Parquet against CSV.
_IMPORT, _BESIDE = 0.5, 0.2


def audit(folder: Path) -> list[Problem]:
    """What is wrong with a written release: the package by frictionless, Parquet against CSV by pyarrow."""
    with auditing(folder) as finish:
        return finish()


@contextmanager
def auditing(folder: Path) -> Iterator[Callable[[], list[Problem]]]:
    """An audit in which a second process takes a share of the tables, while the caller does something else first.

    What the second process does not answer for is judged here.
    """
    costs = {
        entry["name"]: _TABLE + _BYTE * entry["bytes"] if entry.get("type") == "table" else 0
        for entry in json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]
    }
    ready = take_ready()
    worth = sum(costs.values()) > 4 * _NEW and (os.cpu_count() or 1) > 1
    second = ready or (Second() if worth else None)
    here, there = _shares(costs, _READY if ready else _NEW) if second else (list(costs), [])
    if second:
        second.ask(folder, there)

    def finish() -> list[Problem]:
        problems = [*judged(folder, here, package_too=True), *_parquet_against_csv(folder)]
        told = second.answer() if second else None
        return problems + (judged(folder, there, package_too=False) if told is None else told)

    try:
        yield finish
    finally:
        if second:
            second.dismiss()


def _shares(costs: dict[str, float], start: float) -> tuple[list[str], list[str]]:
    """The resources for this process and for the second one, so that both are done at about the same time."""
    shares: tuple[list[str], list[str]] = [], []
    until = [_IMPORT + _BESIDE * sum(costs.values()), start]
    for name in sorted(costs, key=lambda name: -costs[name]):
        which = until.index(min(until))
        shares[which].append(name)
        until[which] += costs[name]
    return shares


def _parquet_against_csv(folder: Path) -> list[Problem]:
    problems = []
    for path in sorted(folder.glob("*.csv")):
        other = path.with_suffix(".parquet")
        if not other.exists():
            problems.append(Problem(other.name, 0, 0, "parquet", f"is not there, expected the rows of {path.name}"))
            continue
        parquet = pq.read_table(other)
        types = {field.name: _plain(field.type) for field in parquet.schema}
        options = csv.ConvertOptions(column_types=types, null_values=[""], strings_can_be_null=True)
        try:
            table = csv.read_csv(path, convert_options=options)
        except pa.ArrowInvalid as error:
            problems.append(Problem(path.name, 0, 0, "parquet", f"{error}; expected the types of {other.name}"))
            continue
        problems += _differences(other.name, path.name, parquet, table)
    return problems


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _differences(name: str, csv_name: str, parquet: pa.Table, table: pa.Table) -> list[Problem]:
    for found, expected, what in (
        (parquet.column_names, table.column_names, "columns"),
        (parquet.num_rows, table.num_rows, "rows"),
    ):
        if found != expected:
            return [Problem(name, 0, 0, "parquet", f"found the {what} {found}, expected {expected} as in {csv_name}")]
    problems = []
    for index, column in enumerate(parquet.column_names, start=1):
        pairs = zip(parquet[column].to_pylist(), table[column].to_pylist())
        for row, (found, expected) in enumerate(pairs, start=1):
            if found != expected:
                message = f"found {shown(found)} in row {row} of {column}, expected {shown(expected)} as in {csv_name}"
                problems.append(Problem(name, row, index, "parquet", message))
    return problems
