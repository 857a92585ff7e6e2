"""Find and replay the changes between two versions.

A change of a row is one cell. A change of what describes the data is one, too: its table is `datapackage`, its id the
dataset, a table, a column or a value (`quotes.act.deny`), its column the property. A column that was renamed is told
once, as a changed `name`; its cells count as unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..schema.model import DESCRIBED, Schema
from ..tables.as_text import read_csv
from ..tables.derive import DERIVED
from .version import CHANGES, RETIRED, Cells, TextTable, Version, from_folder

Tables = dict[str, dict[str, Cells]]
# The new name of a column by its table and old name.
Renames = dict[tuple[str, str], str]

# What `changes` calls the descriptor, and in it the dataset as a whole.
DESCRIPTOR, DATASET = "datapackage", "dataset"
# Tables about versions, and about readings that never change: they do not belong to what a version says.
ABOUT = (CHANGES, RETIRED, "readings", "agreement")


class Change(NamedTuple):
    """One cell that a version added, corrected or retired."""

    table: str
    id: str
    column: str
    kind: str
    old: str | None
    new: str | None
    reason: str | None = None


def compare(old: Version, new: Version, renames: Renames | None = None) -> list[Change]:
    """Return everything that differs: what describes the data, then every cell by table, row and column.

    `renames` are the columns with a new name; without them, those that the new schema declares.
    """
    renames = declared(old, new.schema) if renames is None else renames
    changes = list(_described(_told(old, renames), _told(new, {})))
    changes += [
        Change(DESCRIPTOR, f"{table}.{before}", "name", "corrected", before, after)
        for (table, before), after in renames.items()
    ]
    for name in sorted({*old.tables, *new.tables}.difference(ABOUT)):
        names = {column: called for (table, column), called in renames.items() if table == name}
        changes += _cells(name, _rows(old.tables.get(name), names), _rows(new.tables.get(name), {}))
    return sorted(changes, key=lambda change: change[:3])


def declared(old: Version, schema: Schema) -> Renames:
    """The columns that a schema declares to have been renamed, and that the version before still has."""
    return {
        (name, field.formerly): field.name
        for name, table in schema.tables.items()
        for field in table.fields
        if field.formerly and name in old.schema.tables and field.formerly in old.schema.tables[name].by_name
        if field.formerly not in table.by_name and field.name not in old.schema.tables[name].by_name
    }


def renames_of(changes: Iterable[Change]) -> Renames:
    """The columns that were renamed, as published changes tell."""
    named = [change for change in changes if (change.table, change.column) == (DESCRIPTOR, "name")]
    told = [change for change in named if change.kind == "corrected" and "." in change.id]
    return {(change.id.partition(".")[0], change.old or ""): change.new or "" for change in told}


def replay(tables: Tables, changes: Iterable[Change]) -> Tables:
    """Return the tables after the changes of a version. A row without cells is removed."""
    changes = list(changes)
    names: dict[str, dict[str, str]] = {}
    for (table, before), after in renames_of(changes).items():
        names.setdefault(table, {})[before] = after
    result = {
        name: {id: _renamed(cells, names.get(name, {})) for id, cells in rows.items()} for name, rows in tables.items()
    }
    for change in changes:
        if change.table == DESCRIPTOR:
            continue
        rows = result.setdefault(change.table, {})
        cells = rows.setdefault(change.id, {})
        if change.new is None:
            cells.pop(change.column, None)
        else:
            cells[change.column] = change.new
        if not cells:
            del rows[change.id]
    return {name: rows for name, rows in result.items() if rows}


def tables_of(version: Version) -> Tables:
    """A version's rows for `replay`."""
    return {name: table.rows for name, table in version.tables.items() if name not in ABOUT and table.rows}


def published_changes(folder: Path) -> list[Change]:
    """The changes that a published version lists. Columns are read by their order: their names may change, too."""
    path = folder / f"{CHANGES}.csv"
    if not path.is_file():
        return []
    rows = list(read_csv(path, f"dataset/{folder.name}/{path.name}"))[1:]
    return [Change(*row[:4], *(cell or None for cell in row[4:7])) for row in rows]


def gone_ids(folders: Sequence[Path]) -> dict[str, str]:
    """The version that removed each id that was ever published and is no longer, from the published changes."""
    gone = {}
    for folder in folders[1:]:
        for change in published_changes(folder):
            # Of a row with an id of its own, the id is a cell.
            if change.kind == "retired" and change.old == change.id and has_ids(change.table):
                gone[change.id] = folder.name
    # An id may have left one table for another, or for a column with another name.
    still = own_ids(from_folder(folders[-1])) if gone else set()
    return {id: number for id, number in gone.items() if id not in still}


def own_ids(version: Version) -> set[str]:
    """The ids by which rows of a version are cited."""
    return {id for name, table in version.tables.items() if has_ids(name, table.key) for id in table.rows}


def has_ids(table: str, key: tuple[str, ...] = ("id",)) -> bool:
    """Whether the rows of a table, by its name and its primary key, have ids of their own, by which they are cited."""
    return len(key) == 1 and table not in (*DERIVED, *ABOUT, DESCRIPTOR)


def _told(version: Version, renames: Renames) -> dict[str, Cells]:
    """What describes the data, as properties by place."""
    about = {name: version.schema.dataset.get(name) for name in DESCRIBED}
    told = {DATASET: {name: _text(value) for name, value in about.items() if value}}
    for table in version.schema.tables.values():
        told[table.name] = {"title": table.title, "description": table.description}
        for field in table.fields:
            place = f"{table.name}.{renames.get((table.name, field.name), field.name)}"
            told[place] = {
                "type": field.type,
                "title": field.title,
                "description": field.description,
                "example": field.example,
                **({"constraints": _text(field.constraints)} if field.constraints else {}),
                **({"missing": field.missing} if field.missing else {}),
            }
            for value, text in field.vocabulary.values.items() if field.vocabulary else ():
                told[f"{place}.{value}"] = {"description": text["definition"], "example": text["example"]}
    return told


def _described(before: dict[str, Cells], after: dict[str, Cells]) -> Iterator[Change]:
    """Changed properties; of a table, column or value that is new or gone, only its name."""
    yield from _cells(
        DESCRIPTOR, {id: before[id] for id in before if id in after}, {id: after[id] for id in after if id in before}
    )
    for kind, some, others in (("retired", before, after), ("added", after, before)):
        for id in some.keys() - others.keys():
            around, _, name = id.rpartition(".")
            if not around or around in others:
                old, new = (name, None) if kind == "retired" else (None, name)
                yield Change(DESCRIPTOR, id, "name", kind, old, new)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _rows(table: TextTable | None, names: dict[str, str]) -> dict[str, Cells]:
    rows = table.rows if table else {}
    return {id: _renamed(cells, names) for id, cells in rows.items()} if names else rows


def _renamed(cells: Cells, names: dict[str, str]) -> Cells:
    return {names.get(column, column): cell for column, cell in cells.items()}


def _cells(table: str, before: dict[str, Cells], after: dict[str, Cells]) -> Iterator[Change]:
    for id in {*before, *after}:
        one, other = before.get(id, {}), after.get(id, {})
        for column in {*one, *other}:
            old, new = one.get(column), other.get(column)
            if old != new:
                kind = "added" if old is None else "retired" if new is None else "corrected"
                yield Change(table, id, column, kind, old, new)
