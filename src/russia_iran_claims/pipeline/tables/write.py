"""The files of a version: CSV and Parquet for each table, and the descriptors."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ..schema.model import Record, Records, Schema, Table
from .arrow import to_table
from .as_text import to_csv
from .card import CARD, card
from .describe import PARQUET, croissant, package, schema_org


def files_of(schema: Schema, records: Records) -> Iterator[tuple[str, bytes]]:
    """The name and the content of every file of a version, one at a time. The same records give the same bytes."""
    resources = []
    for table in schema.tables.values():
        contents = to_csv(table, records[table.name]), to_parquet(schema, table, records[table.name])
        yield f"{table.name}.csv", contents[0]
        yield f"{table.name}.parquet", contents[1]
        resources += _resources(table, *contents)
    for name, content in (
        ("datapackage.json", package(schema, resources)),
        ("croissant.json", croissant(schema, resources)),
        ("schema-org.json", schema_org(schema, resources)),
    ):
        yield name, (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
    yield CARD, card(schema, {name: len(rows) for name, rows in records.items()}).encode("utf-8")


def to_parquet(schema: Schema, table: Table, records: list[Record]) -> bytes:
    """One Parquet file: with snappy, which every reader supports, and without timestamps."""
    sink = pa.BufferOutputStream()
    pq.write_table(to_table(schema, table, records), sink, compression="snappy", version="2.6", store_schema=True)
    return bytes(sink.getvalue())


def _resources(table: Table, csv: bytes, parquet: bytes) -> list[dict[str, Any]]:
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
            # The default, but some readers guess unless it is said.
            "dialect": {"delimiter": ","},
            **_fingerprint(csv),
            "schema": table.descriptor(),
        },
        {
            # Without a type: frictionless cannot judge Parquet, and hash and bytes are all that it has to hold here.
            "name": f"{table.name}-parquet",
            "path": f"{table.name}.parquet",
            **about,
            "format": "apache-parquet",
            "mediatype": PARQUET,
            **_fingerprint(parquet),
        },
    ]


def _fingerprint(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
