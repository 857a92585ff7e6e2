"""Write the files of a version: CSV and Parquet for each table, and the descriptors."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from ..schema.model import Schema, Table
from .arrow import to_table
from .as_text import to_csv
from .derive import Record, Records
from .describe import PARQUET, croissant, package, schema_org


def write_files(folder: Path, schema: Schema, records: Records) -> None:
    """Write every file of a version to an empty folder. The same records give the same bytes."""
    resources = []
    for table in schema.tables.values():
        rows = records[table.name]
        (folder / f"{table.name}.csv").write_bytes(to_csv(table, rows))
        write_parquet(folder / f"{table.name}.parquet", schema, table, rows)
        resources += _resources(folder, table)
    _write_json(folder / "datapackage.json", package(schema, resources))
    _write_json(folder / "croissant.json", croissant(schema, resources))
    _write_json(folder / "schema-org.json", schema_org(schema, resources))


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


def replace_text(path: Path, content: str) -> None:
    """Replace the content of a file as a whole: readers see the old or the new content, also after a crash."""
    other = path.with_name(f".{path.name}.new")
    try:
        with other.open("w", encoding="utf-8", newline="") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        other.replace(path)
    finally:
        other.unlink(missing_ok=True)


def write_parquet(path: Path, schema: Schema, table: Table, records: list[Record]) -> None:
    """Write one Parquet file: with snappy, which every reader supports, and without timestamps."""
    pq.write_table(to_table(schema, table, records), path, compression="snappy", version="2.6", store_schema=True)


def _resources(folder: Path, table: Table) -> list[dict[str, Any]]:
    about = {"title": table.title, "description": table.description}
    return [
        {
            "name": table.name,
            "type": "table",
            "path": f"{table.name}.csv",
            **about,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            **_fingerprint(folder / f"{table.name}.csv"),
            "schema": table.descriptor(),
        },
        {
            # Without a type: frictionless cannot judge Parquet, and hash and bytes are all that it has to hold here.
            "name": f"{table.name}-parquet",
            "path": f"{table.name}.parquet",
            **about,
            "format": "apache-parquet",
            "mediatype": PARQUET,
            **_fingerprint(folder / f"{table.name}.parquet"),
        },
    ]


def _fingerprint(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
