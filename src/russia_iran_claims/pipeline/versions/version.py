"""A version as text, independent of formats and libraries."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..schema.load import Schema
from ..schema.terms import join_key
from ..tables.derive import Record
from ..tables.write import to_csv

Cells = dict[str, str]

CHANGES = "changes"


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


@dataclass(frozen=True, slots=True)
class Version:
    """A version's tables and the Table Schema of each."""

    number: str
    tables: dict[str, TextTable]
    schemas: dict[str, dict[str, Any]]


def from_records(schema: Schema, records: dict[str, list[Record]]) -> Version:
    """A version made from rows that are not written yet."""
    tables, schemas = {}, {}
    for name, table in schema.tables.items():
        schemas[name] = table.descriptor()
        tables[name] = _table(table.primary_key, to_csv(table, records[name]))
    return Version(schema.version, tables, schemas)


def from_folder(folder: Path) -> Version:
    """A published version, from its descriptor and its CSV files."""
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    tables, schemas = {}, {}
    for resource in package["resources"]:
        if resource.get("type") == "table":
            name = resource["name"]
            schemas[name] = resource["schema"]
            tables[name] = _table(resource["schema"]["primaryKey"], (folder / resource["path"]).read_bytes())
    return Version(package["version"], tables, schemas)


def _table(key: Iterable[str], content: bytes) -> TextTable:
    reader = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
    columns = tuple(next(reader, ()))
    key = tuple(key)
    rows = {}
    for row in reader:
        cells = {name: cell for name, cell in zip(columns, row) if cell}
        rows[join_key([cells.get(name, "") for name in key])] = cells
    return TextTable(columns, key, rows)
