"""Wheel and README in whatever environment runs this file: every table loads from Parquet, CSV and the package.

Run by `make compat` with the oldest and the newest supported pandas and pyarrow and the wheel; without pytest.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from readme import named_block, python_blocks


def main() -> None:
    os.chdir(Path(__file__).resolve().parents[2])
    versions = [entry["version"] for entry in json.loads(Path("dataset/versions.json").read_text("utf-8"))["versions"]]
    for version in versions:
        tables = try_loading(version)
    try_readme(versions[-1])
    try_package(tables)
    libraries = f"pandas {pd.__version__} and pyarrow {pa.__version__}"
    print(f"{', '.join(versions)}: {len(tables)} tables load equal from Parquet, CSV and the wheel with {libraries}")


def try_loading(version: str) -> list[str]:
    """Every table of one published version from CSV and from Parquet. Gives their names."""
    names: dict[str, Any] = {}
    exec(named_block(Path("docs/using.md"), "read-csv"), names)
    folder = Path("dataset") / version
    tables = sorted(path.stem for path in folder.glob("*.parquet"))
    for name in tables:
        frame = pd.read_parquet(folder / f"{name}.parquet")
        if len(frame):  # a table without rows has no levels in Parquet
            pd.testing.assert_frame_equal(names["read_csv"](folder, name), frame)
    return tables


def try_readme(newest: str) -> None:
    """The README's lines, the names of all columns, and the types of a table that has all types."""
    with contextlib.redirect_stdout(io.StringIO()):
        for block in python_blocks(Path("README.md")):
            exec(compile(block, "README.md", "exec"), {})
    for path in Path("dataset", newest).glob("*.parquet"):
        if hidden := [name for name in pd.read_parquet(path).columns if hasattr(pd.DataFrame, name)]:
            raise SystemExit(f"{path.stem}: attributes of a DataFrame hide the columns {hidden}")
    types = pd.read_parquet(f"dataset/{newest}/claims.parquet").dtypes
    expected = {
        "articles": "Int64",
        "unnamed_only": "boolean",
        "status": "category",
        "value": "Float64",
        "statement": "string",
    }
    for column, dtype in expected.items():
        if str(types[column]) != dtype:
            raise SystemExit(f"claims.{column}: found {types[column]}, expected {dtype}")


def try_package(tables: list[str]) -> None:
    """The three lines that the README promises, from the installed wheel and not from the project."""
    import russia_iran_claims as ric

    if "site-packages" not in str(ric.__file__):
        raise SystemExit(f"the package is not the installed one: {ric.__file__}")
    if sorted(ric.tables()["table"]) != tables:
        raise SystemExit("the wheel holds other tables than the release")
    for name in ric.tables()["table"]:
        frame = ric.load(name)
        for field in ric.describe(name).to_dict("records"):
            found, dates = str(frame[field["column"]].dtype), field["type"] == "date"
            if found == "object" or dates != (found == "datetime64[ns]"):
                raise SystemExit(f"{name}.{field['column']}: found the type {found}")
        if not {"version", "license", "citation"} <= set(frame.attrs):
            raise SystemExit(f"{name}: attrs are {frame.attrs}")
    try:
        importlib.import_module("russia_iran_claims.pipeline")
    except ModuleNotFoundError:
        return
    raise SystemExit("the wheel holds the build")


if __name__ == "__main__":
    main()
