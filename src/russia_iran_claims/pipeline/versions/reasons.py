"""Give each change its reason, from raw/corrections.yaml and raw/retired.yaml, and hold on to published ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ..annotations.rows import Coding, Row
from ..io.problems import Problem
from ..schema.model import Record
from .changes import ABOUT, DESCRIPTOR, Change, has_ids, own_ids, published_changes
from .index import Entry
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
        reason = reasons.of(change)
        if reason is None and reasons.needed(change):
            problems[reasons.missing(change)] = None
        explained.append(change._replace(reason=reason))
    return Explained(explained, reasons.lost_rows(), [*problems, *reasons.idle()])


def check_published(dataset: Path, index: list[Entry], coding: Coding) -> list[Problem]:
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
    """The reasons of one published version that raw/ tells otherwise. What the schemas say by now does not matter."""
    before, after = reasons.old.number, reasons.new.number
    kept: set[Row] = set()
    reported: set[object] = set()
    for change in changes:
        if change.reason is None or change.reason in _OURS:
            continue
        entries = reasons.entries(change)
        same = [entry for entry in entries if entry["reason"] == change.reason]
        kept.update(same[:1])
        if same or (entries[0] if entries else change.reason) in reported:
            continue
        reported.add(entries[0] if entries else change.reason)
        if entries:
            found = f"the reason published in {after} is {change.reason!r}, and this one differs"
            hint = "restore the published words: published reasons never change"
            yield entries[0].problem("reason", found, "reason", hint=hint)
        else:
            found = f"the reason for {change.table} {change.id} that {after} published is gone"
            retired = change[:2] in reasons.gone
            place = f"row_id: {_yaml(change.id)}" if retired else _place(change, before)
            hint = f"restore it: `- {{{place}, reason: {json.dumps(change.reason, ensure_ascii=False)}}}`"
            yield Problem(f"raw/{'retired' if retired else 'corrections'}.yaml", 0, 0, "reason", found, hint=hint)
    for row in reasons.corrections:
        if row not in kept and row not in reported:
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

    def of(self, change: Change) -> str | None:
        """The reason of a change: that of the entry that is most exactly about it, or what the schemas say."""
        table = self.schema.tables.get(change.table)
        field = table.by_name.get(change.column) if table else None
        derived = self._derives(change.table) or (field is not None and field.origin in ("derived", "parent"))
        entries = self.entries(change)
        exact = self._entries.get((change.table, change.id, change.column))
        if change[:2] not in self.gone and (derived or table is None or field is None):
            entries = [exact] if exact else []
        if entries:
            self.used.add(entries[0])
            return str(entries[0]["reason"])
        if change.table == DESCRIPTOR:
            return None
        if table is None:
            return TABLE_OUT
        if derived:
            return DERIVED
        return COLUMN_OUT if field is None and change[:2] not in self.gone else None

    def entries(self, change: Change) -> list[Row]:
        """The entries that are about a change, the most exact first."""
        before = self.old.tables.get(change.table)
        if change.kind == "added" and before is not None and change.id not in before.rows:
            return []
        if change[:2] in self.gone:
            return self._leading_out(*change[:2])
        places = ((change.id, change.column), (change.id, _ALL), (_ALL, change.column))
        found = [self._entries.get((change.table, id, column)) for id, column in places]
        # A cell that named a row which is gone had to change.
        named = self._lost(self._tables[change.old], change.old) if change.old in self._tables else []
        return [*(row for row in found if row is not None), *named, *self._around(change.id)]

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
                "reason": self._why(name, id),
                "replacement": self.retired[id]["replacement"] if id in self.retired else None,
            }
            for id, name in sorted(self._tables.items())
            if id in self.retired or (has_ids(name, self.old.tables[name].key) and id not in still)
        ]

    def _why(self, table: str, id: str) -> str:
        entries = self._leading_out(table, id)
        return str(entries[0]["reason"]) if entries else OPEN if table in self.schema.tables else TABLE_OUT

    def idle(self) -> Iterator[Problem]:
        """The entries that explain nothing."""
        for row in [*self.corrections, *self.retired.values()]:
            if row["reason"] in (*_OURS, OPEN):
                yield row.problem("reason", "these are the words of the build, not a reason", "reason", hint="say why")
        for row in self.corrections:
            if row not in self.used:
                found = f"there is no change since {self.old.number} for this entry to explain"
                yield row.problem("reason", found, hint="correct the entry, or take it out")
        for id, row in self.retired.items():
            if id not in self._tables and id not in self._known:
                yield row.problem("reason", f"{self.old.number} has no row {id!r}", "row_id", hint="correct the id")

    def _derives(self, table: str) -> bool:
        known = self.schema.tables.get(table)
        return table in ABOUT or not has_ids(table) or (known is not None and known.derived)

    def _leading_out(self, table: str, id: str) -> list[Row]:
        """The entries that say why a row is gone: its own, that of a corrected row around it, those of other rows."""
        own = [self.retired[id]] if id in self.retired else []
        return [*own, *self._around(id), *(row for row in self._lost(table, id) if row not in own)]

    def _lost(self, table: str, id: str) -> list[Row]:
        """The entries of a row that is gone, and of those that it stands in or names."""
        reached = [(table, id)]
        for each in reached:
            named = [(self._tables[part], part) for part in self.gone[each]]
            reached += [part for part in named if part not in reached]
        return [self.retired[id] for _, id in reached if id in self.retired]

    def _around(self, id: str) -> list[Row]:
        """The entries for the whole of a row that a row stands in."""
        parts = id.split("|")
        return [self._whole[part] for part in parts if part in self._whole] if len(parts) > 1 else []


def _place(change: Change, corrects: str) -> str:
    return f"table: {change.table}, id: {_yaml(change.id)}, column: {change.column}, corrects: {corrects}"


def _yaml(id: str) -> str:
    return f"'{id}'" if "|" in id else id
