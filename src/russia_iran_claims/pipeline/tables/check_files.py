"""Check the written files with frictionless and pyarrow, using none of the code that wrote them."""

from __future__ import annotations

import io
import logging
from contextlib import chdir
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from ..io.problems import Problem, shown


def check_files(folder: Path) -> list[Problem]:
    """Return the problems of a written version: frictionless validates it, pyarrow compares Parquet with CSV."""
    return [*_by_frictionless(folder), *_parquet_against_csv(folder)]


def _by_frictionless(folder: Path) -> list[Problem]:
    from frictionless import FrictionlessException, Package

    logging.getLogger("frictionless").setLevel(logging.ERROR)
    try:
        with chdir(folder):  # frictionless takes some characters of a path for a pattern
            report = Package("datapackage.json").validate()
    except FrictionlessException as exception:
        return [Problem("datapackage.json", 0, 0, error.type, error.message) for error in exception.to_errors()]
    problems = [Problem("datapackage.json", 0, 0, error.type, error.message) for error in report.errors]
    for task in report.tasks:
        for error in task.errors:
            place = getattr(error, "row_number", 0) or 0, getattr(error, "field_number", 0) or 0
            problems.append(Problem(task.place, *place, error.type, error.message))
    return problems


def _parquet_against_csv(folder: Path) -> list[Problem]:
    problems = []
    for path in sorted(folder.glob("*.csv")):
        other = path.with_suffix(".parquet")
        if not other.exists():
            problems.append(Problem(other.name, 0, 0, "parquet", f"the file is missing; {path.name} is there"))
            continue
        try:
            with other.open("rb") as file:  # the library cannot open every path that there can be
                parquet = read_plain(file)
            types = {field.name: field.type for field in parquet.schema}
            options = csv.ConvertOptions(column_types=types, null_values=[""], strings_can_be_null=True)
            table = csv.read_csv(
                io.BytesIO(path.read_bytes()), csv.ReadOptions(use_threads=False), convert_options=options
            )
        except pa.ArrowException as error:
            problems.append(Problem(path.name, 0, 0, "parquet", f"cannot be compared with {other.name}: {error}"))
            continue
        problems += _differences(other.name, path.name, parquet, table)
    return problems


def read_plain(path: Path | BinaryIO) -> pa.Table:
    """Read a Parquet file without dictionaries, whose order is not content."""
    # Without threads: with little memory, one that cannot be started would be waited for.
    with pq.ParquetFile(path) as file:
        table = file.read(use_threads=False)
    kinds = {field.name: field.type for field in table.schema}
    plain = {name: kind.value_type if pa.types.is_dictionary(kind) else kind for name, kind in kinds.items()}
    return table.cast(pa.schema(list(plain.items())))


def _differences(name: str, csv_name: str, parquet: pa.Table, table: pa.Table) -> list[Problem]:
    for found, expected, what in (
        (parquet.column_names, table.column_names, "columns"),
        (parquet.num_rows, table.num_rows, "rows"),
    ):
        if found != expected:
            return [Problem(name, 0, 0, "parquet", f"found the {what} {found}, expected {expected} as in {csv_name}")]
    problems = []
    for index, column in enumerate(parquet.column_names, start=1):
        if parquet[column].equals(table[column]):
            continue
        pairs = zip(parquet[column].to_pylist(), table[column].to_pylist())
        for row, (found, expected) in enumerate(pairs, start=1):
            if found != expected:
                message = f"found {shown(found)} in row {row} of {column}, expected {shown(expected)} as in {csv_name}"
                problems.append(Problem(name, row, index, "parquet", message))
    return problems
