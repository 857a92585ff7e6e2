"""The README's loading lines in whatever environment runs this file: every table from Parquet and from CSV, equal.

Run by `make compat` with the oldest supported pandas and pyarrow, without pytest.
"""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from readme import python_blocks


def main() -> None:
    os.chdir(Path(__file__).resolve().parent.parent)
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for block in python_blocks(Path("README.md")):
            exec(compile(block, "README.md", "exec"), names)  # noqa: S102
    tables = sorted(path.stem for path in Path(names["folder"]).glob("*.parquet"))
    for name in tables:
        frame = pd.read_parquet(f"{names['folder']}/{name}.parquet")
        pd.testing.assert_frame_equal(names["read_csv"](names["folder"], name), frame)
    types = pd.read_parquet(f"{names['folder']}/claims.parquet").dtypes
    expected = {
        "articles": "Int64",
        "disputed": "boolean",
        "stance": "category",
        "value": "Float64",
        "summary": "string",
    }
    for column, dtype in expected.items():
        if str(types[column]) != dtype:
            raise SystemExit(f"claims.{column}: found {types[column]}, expected {dtype}")
    versions = f"pandas {pd.__version__} and pyarrow {pa.__version__}"
    print(f"{len(tables)} tables load equal from Parquet and CSV with {versions}")


if __name__ == "__main__":
    main()
