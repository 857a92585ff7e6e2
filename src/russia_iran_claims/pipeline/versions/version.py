"""A version as text, independent of formats and libraries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ..schema.model import Record, Schema
from ..schema.published import descriptors, schema_of
from ..schema.terms import join_key
from ..tables.as_text import read_csv, split, to_csv

Cells = dict[str, str]

CHANGES = "changes"
RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table as text: its columns, its primary key, and by key the cells of each row that are not null."""

    columns: tuple[str, ...]
    key: tuple[str, ...]
    rows: dict[str, Cells]

    def content_hash(self) -> str:
        """The SHA-256 over the columns and the rows, by key, each as a line with a JSON array of texts and nulls."""
        lines: list[list[str | None]] = [list(self.columns)]
        lines += [[cells.get(name) for name in self.columns] for _, cells in sorted(self.rows.items())]
        encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        text = "\n".join(map(encode, lines))
        return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class Version:
    """A version's schemas and its tables."""

    schema: Schema
    tables: dict[str, TextTable]

    @property
    def number(self) -> str:
        """The number of the version, or `unreleased`."""
        return self.schema.version

    @cached_property
    def schemas(self) -> dict[str, dict[str, Any]]:
        """The Table Schema of each table, as published."""
        return {name: table.descriptor() for name, table in self.schema.tables.items()}

    def records(self) -> dict[str, list[Record]]:
        """The rows of each table as text, with null for empty cells."""
        return {
            name: [{column: cells.get(column) for column in table.columns} for cells in table.rows.values()]
            for name, table in self.tables.items()
        }


def from_records(schema: Schema, records: dict[str, list[Record]]) -> Version:
    """A version made from rows that are not written yet."""
    tables = {
        name: _table(table.primary_key, split(to_csv(table, records[name]).decode()))
        for name, table in schema.tables.items()
    }
    return Version(schema, tables)


def from_folder(folder: Path) -> Version:
    """A published version, from its descriptors and its CSV files."""
    package, schema_org = descriptors(folder)
    schema = schema_of(package, schema_org)
    paths = {entry["name"]: entry["path"] for entry in package["resources"]}
    tables = {
        name: _table(table.primary_key, read_csv(folder / paths[name], f"dataset/{folder.name}/{paths[name]}"))
        for name, table in schema.tables.items()
    }
    return Version(schema, tables)


def _table(key: Iterable[str], reader: Iterator[list[str]]) -> TextTable:
    columns = tuple(next(reader, ()))
    key = tuple(key)
    rows = {}
    for row in reader:
        cells = {name: cell for name, cell in zip(columns, row) if cell}
        rows[join_key([cells.get(name, "") for name in key])] = cells
    return TextTable(columns, key, rows)
