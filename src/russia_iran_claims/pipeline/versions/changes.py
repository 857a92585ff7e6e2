"""Find, explain and replay the changes between two versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..annotations.rows import Coding
from ..schema.load import Schema
from .version import CHANGES, Cells, TextTable, Version

Tables = dict[str, dict[str, Cells]]

DERIVED = "Follows from other changes."
COLUMN_OUT = "The column is taken out."


class Change(NamedTuple):
    """One cell that a version added, corrected or retired."""

    table: str
    id: str
    column: str
    kind: str
    old: str | None
    new: str | None
    reason: str | None = None


def compare(old: Version, new: Version) -> list[Change]:
    """Return every cell that differs, by table, row and column. The table `changes` itself is left out."""
    changes: list[Change] = []
    for name in sorted({*old.tables, *new.tables} - {CHANGES}):
        before, after = _rows(old.tables.get(name)), _rows(new.tables.get(name))
        for id in sorted({*before, *after}):
            changes += _cells(name, id, before.get(id, {}), after.get(id, {}))
    return changes


def replay(tables: Tables, changes: Iterable[Change]) -> Tables:
    """Return the tables after the changes. A row without cells is removed."""
    result = {name: {id: dict(cells) for id, cells in rows.items()} for name, rows in tables.items()}
    for change in changes:
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
    return {name: table.rows for name, table in version.tables.items() if name != CHANGES and table.rows}


def changes_of(version: Version) -> list[Change]:
    """The changes that a published version lists."""
    rows = _rows(version.tables.get(CHANGES)).values()
    return [Change(**{name: cells.get(name) for name in Change._fields}) for cells in rows]  # type: ignore[arg-type]


def explain(changes: list[Change], old: Version, schema: Schema, coding: Coding) -> tuple[list[Change], list[str]]:
    """Return the changes with their reasons, and a list of corrected cells and removed rows without a reason in raw/.

    Derived cells need no reason of their own, nor do rows inside a row that is retired or corrected as a whole.
    """
    corrections = {(row["table"], row["id"], row["column"]): row["reason"] for row in coding.rows("corrections")}
    retired = {(row["table"], row["id"]): row["reason"] for row in coding.rows("retired")}
    owners = {id: reason for (_, id), reason in retired.items()}
    whole = {id: reason for (_, id, column), reason in corrections.items() if column == "*"}
    present = {name: {row.id for row in rows} for name, rows in coding.tables.items()}
    explained, missing = [], []
    for change in changes:
        table = schema.tables.get(change.table)
        field = table.by_name.get(change.column) if table else None
        if change.kind == "added":
            explained.append(change)
            continue
        gone = table is None or change.id not in present.get(change.table, ())
        reason = retired.get((change.table, change.id)) if gone else None
        if reason is None and table is not None and field is None:
            reason = COLUMN_OUT
        if reason is None and (table is None or table.derived or (field is not None and field.origin is not None)):
            reason = DERIVED
        if reason is None and gone:
            reason = next((owners[part] for part in change.id.split("|") if part in owners), None)
        if reason is None and not gone:
            reason = corrections.get((change.table, change.id, change.column)) or corrections.get(
                (change.table, change.id, "*")
            )
        if reason is None and table is not None and any(table.by_name[name].origin for name in table.primary_key):
            reason = next((whole[part] for part in change.id.split("|") if part in whole), None)
        if reason is None:
            missing.append(f"{change.table} {change.id}" if gone else f"{change.table} {change.id} {change.column}")
        explained.append(change._replace(reason=reason))
    return explained, list(dict.fromkeys(missing))


def _rows(table: TextTable | None) -> dict[str, Cells]:
    return table.rows if table else {}


def _cells(table: str, id: str, before: Cells, after: Cells) -> Iterator[Change]:
    for column in sorted({*before, *after}):
        old, new = before.get(column), after.get(column)
        if old != new:
            kind = "added" if old is None else "retired" if new is None else "corrected"
            yield Change(table, id, column, kind, old, new)
