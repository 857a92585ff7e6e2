"""Canonical rows: what a version says, whatever the format and the library that wrote it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .derive import Record
from .files import to_csv
from .schemas import Schema

Cells = dict[str, str]

CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class Frame:
    """A table as text: its columns, its primary key, and for each row, by key, its cells that are not null."""

    columns: tuple[str, ...]
    key: tuple[str, ...]
    rows: dict[str, Cells]

    def content_hash(self) -> str:
        """SHA-256 over the columns and the rows by key, each a JSON array of texts and nulls, one to a line."""
        lines: list[list[str | None]] = [list(self.columns)]
        lines += [[cells.get(name) for name in self.columns] for _, cells in sorted(self.rows.items())]
        encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        text = "\n".join(map(encode, lines))
        return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Version:
    """A version's tables and the Table Schema of each."""

    number: str
    frames: dict[str, Frame]
    schemas: dict[str, dict[str, Any]]


def from_records(schema: Schema, records: dict[str, list[Record]]) -> Version:
    """The version that rows make, before they are written."""
    frames, schemas = {}, {}
    for name, table in schema.tables.items():
        schemas[name] = table.descriptor()
        frames[name] = _frame(table.primary_key, to_csv(table, records[name]))
    return Version(schema.version, frames, schemas)


def from_folder(folder: Path) -> Version:
    """A published version, from its descriptor and its CSV files."""
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    frames, schemas = {}, {}
    for resource in package["resources"]:
        if resource.get("type") == "table":
            name = resource["name"]
            schemas[name] = resource["schema"]
            frames[name] = _frame(resource["schema"]["primaryKey"], (folder / resource["path"]).read_bytes())
    return Version(package["version"], frames, schemas)


def join_key(parts: Iterable[str]) -> str:
    """How a row is named across tables: the parts of its primary key joined by '|'."""
    return "|".join(parts)


def _frame(key: Iterable[str], content: bytes) -> Frame:
    reader = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
    columns = tuple(next(reader, ()))
    key = tuple(key)
    rows = {}
    for row in reader:
        cells = {name: cell for name, cell in zip(columns, row) if cell}
        rows[join_key([cells.get(name, "") for name in key])] = cells
    return Frame(columns, key, rows)
