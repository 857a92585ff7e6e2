"""The gate on the way out: reads what was written, with none of the code that wrote it or judged it before."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from math import inf
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from .problems import Problem, shown
from .progress import shown_on_terminal

# Seconds that a second process needs before it can begin, and that frictionless needs for a table and for a byte of it:
# only how the tables are shared out follows from them, and that a small release is not.
_START, _TABLE, _BYTE = 0.7, 0.03, 8e-7
# What this process does beside, as a part of all that frictionless does: hashing the content, and Parquet against CSV.
_BESIDE = 0.2


def audit(folder: Path) -> list[Problem]:
    """What is wrong with a written release: the package by frictionless, Parquet against CSV by pyarrow."""
    with auditing(folder) as finish:
        return finish()


@contextmanager
def auditing(folder: Path) -> Iterator[Callable[[], list[Problem]]]:
    """An audit in which a second process takes a share of the tables, while the caller does something else first.

    What the second process does not answer for is judged here.
    """
    here, there = _shares(folder)
    second = _second(folder, there) if there and (os.cpu_count() or 1) > 1 else None

    def finish() -> list[Problem]:
        problems = [*_by_frictionless(folder, here, package_too=True), *_parquet_against_csv(folder)]
        told = second.communicate()[0] if second else ""
        if second and second.returncode == 0:
            return problems + [Problem(**entry) for entry in json.loads(told)]
        return problems + _by_frictionless(folder, there, package_too=False)

    try:
        yield finish
    finally:
        if second and second.poll() is None:
            second.kill()
            second.communicate()


def _by_frictionless(folder: Path, names: list[str], *, package_too: bool) -> list[Problem]:
    """What frictionless says of some resources of a package, and of its descriptor, as `Package.validate` would."""
    from frictionless import FrictionlessException, Package

    logging.getLogger("frictionless").setLevel(logging.ERROR)
    package = Package(str(folder / "datapackage.json"))
    if package_too:
        try:
            package.to_descriptor(validate=True)
        except FrictionlessException as exception:
            return [Problem("datapackage.json", 0, 0, error.type, error.message) for error in exception.to_errors()]
    problems = []
    for name in shown_on_terminal(names, len(names), "files audited"):
        report = package.get_resource(name).validate()
        problems += [Problem("datapackage.json", 0, 0, error.type, error.message) for error in report.errors]
        for task in report.tasks:
            for error in task.errors:
                line = getattr(error, "row_number", 0) or 0
                column = getattr(error, "field_number", 0) or 0
                problems.append(Problem(task.place, line, column, error.type, error.message))
    return problems


def _shares(folder: Path) -> tuple[list[str], list[str]]:
    """The resources for this process and for a second one, so that both are done at about the same time."""
    costs = {
        entry["name"]: _TABLE + _BYTE * entry["bytes"] if entry.get("type") == "table" else 0
        for entry in json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]
    }
    shares: tuple[list[str], list[str]] = [], []
    whole = sum(costs.values())
    until = [_BESIDE * whole, _START if whole > 4 * _START else inf]
    for name in sorted(costs, key=lambda name: -costs[name]):
        which = until.index(min(until))
        shares[which].append(name)
        until[which] += costs[name]
    return shares


def _second(folder: Path, names: list[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "russia_iran_claims.build.audit", str(folder), *names]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)  # noqa: S603


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


if __name__ == "__main__":
    found = _by_frictionless(Path(sys.argv[1]), sys.argv[2:], package_too=False)
    print(json.dumps([asdict(problem) for problem in found]))
