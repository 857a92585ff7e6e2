"""Give each change its reason, from raw/corrections.yaml and raw/retired.yaml, and hold on to published ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from ..annotations.rows import Coding, Row
from ..problems import Problem
from ..tables.derive import Record
from .changes import ABOUT, DESCRIPTOR, Change, has_ids, own_ids, published_changes
from .version import RETIRED, Version, from_folder

DERIVED = "Follows from other changes."
COLUMN_OUT = "The column is removed."
TABLE_OUT = "The table is removed."
# For a row without a reason in a version that is not released.
OPEN = "No reason is given yet."
_OURS = (DERIVED, COLUMN_OUT, TABLE_OUT)
_ALL = "*"


class Explained(NamedTuple):
    """Changes with their reasons, the rows that they retire, and what is wrong with the reasons."""

    changes: list[Change]
    retired: list[Record]
    problems: list[Problem]


def explain(changes: list[Change], old: Version, new: Version, coding: Coding) -> Explained:
    """Give the changes from one version to the next their reasons.

    What stands inside a retired row, or names it, goes with it if it is gone as well. Derived cells need no reason of
    their own. Problems are changes that need a reason and have none, and reasons for the old version that explain
    nothing.
    """
    reasons = _Reasons(old, new, coding)
    explained, problems = [], dict[Problem, None]()
    for change in changes:
        reason, _ = reasons.of(change)
        if reason is None and reasons.needed(change):
            problems[reasons.missing(change)] = None
        explained.append(change._replace(reason=reason))
    return Explained(explained, reasons.lost_rows(), [*problems, *reasons.idle()])


def check_published(dataset: Path, index: list[dict[str, Any]], coding: Coding) -> list[Problem]:
    """Find reasons in raw/ that are not those that were published for the same change, or that are gone."""
    numbers = [entry["version"] for entry in index]
    problems: list[Problem] = []
    for row in coding.rows("corrections"):
        if row["corrects"] not in numbers:
            found = f"there is no published version {row['corrects']}; there are: {', '.join(numbers)}"
            problems.append(row.problem("reason", found, "corrects", hint=f"write `{numbers[-1]}`, the newest"))
    if len(numbers) > 1:
        versions = [from_folder(dataset / number) for number in numbers]
        for old, new in pairwise(versions):
            changes = published_changes(dataset / new.number)
            problems += _altered(_Reasons(old, new, coding), changes, numbers[-1])
        problems += _other_replacements(versions[-1], coding)
    return problems


def _altered(reasons: _Reasons, changes: list[Change], newest: str) -> Iterator[Problem]:
    """The reasons of one published version that raw/ tells otherwise."""
    before, after = reasons.old.number, reasons.new.number
    reported: set[object] = set()
    for change in changes:
        told, entry = reasons.of(change)
        if told == change.reason or told in _OURS or (entry or change.reason) in reported:
            continue
        reported.add(entry or change.reason)
        if entry is None:
            found = f"the reason for {change.table} {change.id} that {after} published is gone"
            retired = change[:2] in reasons.gone
            place = f"row_id: {_yaml(change.id)}" if retired else _place(change, before)
            hint = f"restore it: `- {{{place}, reason: {json.dumps(change.reason, ensure_ascii=False)}}}`"
            yield Problem(f"raw/{'retired' if retired else 'corrections'}.yaml", 0, 0, "reason", found, hint=hint)
        elif change.reason is not None and change.reason not in _OURS:
            found = f"the reason published in {after} is {change.reason!r}, and this one differs"
            hint = "restore the published words: published reasons never change"
            yield entry.problem("reason", found, "reason", hint=hint)
        else:
            reasons.used.discard(entry)
    for row in reasons.corrections:
        if row not in reasons.used:
            found = f"this reason is for the step from {before} to {after}, which is published without it"
            hint = f"write `corrects: {newest}` if it explains the next release"
            yield row.problem("reason", found, "corrects", hint=hint)


def _other_replacements(newest: Version, coding: Coding) -> Iterator[Problem]:
    published = newest.tables[RETIRED].rows if RETIRED in newest.tables else {}
    for row in coding.rows("retired"):
        told = published.get(row["row_id"])
        if told is not None and row["replacement"] != told.get("replacement"):
            found = f"the published replacement of {row['row_id']} is {told.get('replacement')!r}"
            yield row.problem("reason", found, "replacement", hint="restore it: what is published never changes")


class _Reasons:
    """The reasons for the step from one version to another."""

    def __init__(self, old: Version, new: Version, coding: Coding) -> None:
        self.old, self.new, self.schema = old, new, coding.schema
        self.corrections = [row for row in coding.rows("corrections") if row["corrects"] == old.number]
        self._entries = {(row["table"], row["id"], row["column"]): row for row in self.corrections}
        self._whole = {row["id"]: row for row in self.corrections if row["column"] == _ALL}
        self.retired = {row["row_id"]: row for row in coding.rows("retired")}
        self._known = {*coding.gone, *(old.tables[RETIRED].rows if RETIRED in old.tables else ())}
        self.used: set[Row] = set()
        # Each row that is gone, with the other rows that are gone and that it stands in or names.
        rows = {
            (name, id): cells
            for name, table in old.tables.items()
            if not self._derives(name)
            for id, cells in table.rows.items()
            if name not in new.tables or id not in new.tables[name].rows
        }
        ids = {id for _, id in rows}
        self.gone = {
            (name, id): [cell for cell in cells.values() if cell in ids and cell != id]
            for (name, id), cells in rows.items()
        }
        self._tables = {id: name for name, id in rows}

    def of(self, change: Change) -> tuple[str | None, Row | None]:
        """The reason of a change, and the entry that gives it if a curator wrote it."""
        table = self.schema.tables.get(change.table)
        field = table.by_name.get(change.column) if table else None
        derived = self._derives(change.table) or (field is not None and field.origin in ("derived", "parent"))
        entry = self._given(change, exact=derived)
        if change[:2] in self.gone:
            return self._lost(*change[:2])
        if entry is not None or change.table == DESCRIPTOR:
            return (str(entry["reason"]), entry) if entry else (None, None)
        if derived:
            return DERIVED, None
        if change.kind == "added":
            return None, None
        if table is None or field is None:
            return (TABLE_OUT if table is None else COLUMN_OUT), None
        if change.old in self._tables:
            return self._lost(self._tables[change.old], change.old)  # a cell that named a row which is gone
        if any(table.by_name[name].origin for name in table.primary_key) and (whole := self._around(change.id)):
            return str(whole["reason"]), whole
        return None, None

    def needed(self, change: Change) -> bool:
        """Whether a curator must give the reason: not where another row is gone that has to be explained itself."""
        if change[:2] in self.gone:
            return not self.gone[change[:2]]
        return change.table != DESCRIPTOR and change.kind != "added" and change.old not in self._tables

    def missing(self, change: Change) -> Problem:
        """The problem of a change that needs a reason."""
        if change[:2] in self.gone:
            found = f"{change.table} {change.id} is gone without a reason"
            hint = f"add `- {{row_id: {_yaml(change.id)}, reason: ...}}`; `replacement:` names a row in its place"
            return Problem("raw/retired.yaml", 0, 0, "unexplained", found, hint=hint)
        found = f"{change.table} {change.id}, column {change.column}, has changed without a reason"
        hint = f"add `- {{{_place(change, self.old.number)}, reason: ...}}`, or column: '*' for the whole row"
        return Problem("raw/corrections.yaml", 0, 0, "unexplained", found, hint=hint)

    def lost_rows(self) -> list[Record]:
        """The rows of the table `retired` for this step, of which the version is the next one."""
        still = own_ids(self.new)
        return [
            {
                "row_id": id,
                "version": None,
                "reason": self._lost(name, id)[0] or OPEN,
                "replacement": self.retired[id]["replacement"] if id in self.retired else None,
            }
            for id, name in sorted(self._tables.items())
            if id in self.retired or (has_ids(name, self.old.tables[name].key) and id not in still)
        ]

    def idle(self) -> Iterator[Problem]:
        """The entries that explain nothing."""
        for row in self.corrections:
            if row not in self.used:
                found = f"{row['table']} {row['id']}, column {row['column']}, has not changed since {self.old.number}"
                yield row.problem("reason", found, hint="correct the entry, or take it out")
        for id, row in self.retired.items():
            if id not in self._tables and id not in self._known:
                yield row.problem("reason", f"{self.old.number} has no row {id!r}", "row_id", hint="correct the id")

    def _derives(self, table: str) -> bool:
        known = self.schema.tables.get(table)
        return table in ABOUT or not has_ids(table) or (known is not None and known.derived)

    def _given(self, change: Change, *, exact: bool) -> Row | None:
        """The entry for the cell or, unless `exact`, for its row or its column."""
        before = self.old.tables.get(change.table)
        if change.kind == "added" and before is not None and change.id not in before.rows:
            return None
        places = ((change.id, change.column), (change.id, _ALL), (_ALL, change.column))
        found = [self._entries.get((change.table, id, column)) for id, column in places]
        self.used.update(row for row in found if row is not None)
        self._around(change.id)
        return next((row for row in found[: 1 if exact else 3] if row is not None), None)

    def _lost(self, table: str, id: str) -> tuple[str | None, Row | None]:
        """Why a row is gone: its own entry, that of a row that it stands in or names, or that of a corrected row."""
        reached = [(table, id)]
        for each in reached:
            if each[1] in self.retired:
                entry = self.retired[each[1]]
                return str(entry["reason"]), entry
            named = [(self._tables[part], part) for part in self.gone[each]]
            reached += [part for part in named if part not in reached]
        if whole := self._around(id):
            return str(whole["reason"]), whole
        return (None if table in self.schema.tables else TABLE_OUT), None

    def _around(self, id: str) -> Row | None:
        """The entry for the whole of a row that a row stands in."""
        found = [self._whole[part] for part in id.split("|") if part in self._whole]
        self.used.update(found)
        return found[0] if found else None


def _place(change: Change, corrects: str) -> str:
    return f"table: {change.table}, id: {_yaml(change.id)}, column: {change.column}, corrects: {corrects}"


def _yaml(id: str) -> str:
    return f"'{id}'" if "|" in id else id
