"""Give each change its reason, from raw/corrections.yaml and raw/retired.yaml, and hold on to published ones."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from ..annotations.rows import Coding, Row
from ..problems import Problem
from ..schema.load import Table
from ..tables.derive import DERIVED as DERIVED_TABLES
from ..tables.derive import Record
from .changes import ABOUT, DESCRIPTOR, Change, published_changes
from .version import Version

DERIVED = "Follows from other changes."
COLUMN_OUT = "The column is taken out."
TABLE_OUT = "The table is taken out."
# For a row without a reason in a version that is not released.
OPEN = "No reason is given yet."
_OWN = (None, DERIVED, COLUMN_OUT, TABLE_OUT)
_ALL = "*"


class Explained(NamedTuple):
    """Changes with their reasons, the rows that they retire, and what is wrong with the reasons."""

    changes: list[Change]
    retired: list[Record]
    problems: list[Problem]


def explain(changes: list[Change], old: Version, new: Version, coding: Coding) -> Explained:
    """Give the changes from one version to the next their reasons.

    What stands inside a retired row, or names it, goes with it. Derived cells need no reason of their own. Problems are
    changes that need a reason and have none, and reasons for the old version that explain nothing.
    """
    return _Reasons(old, new, coding).explain(changes)


def check_published(dataset: Path, index: list[dict[str, Any]], coding: Coding) -> list[Problem]:
    """Find reasons in raw/ that are not those that were published for the same change, or that are gone."""
    numbers = [entry["version"] for entry in index]
    problems = []
    for row in coding.rows("corrections"):
        if row["corrects"] not in numbers:
            found = f"there is no published version {row['corrects']}; there are: {', '.join(numbers)}"
            problems.append(row.problem("reason", found, "corrects", hint=f"write `{numbers[-1]}`, the newest"))
    for before, after in pairwise(numbers):
        problems += _altered(published_changes(dataset / after), before, after, numbers[-1], coding)
    return problems


def _altered(changes: list[Change], before: str, after: str, newest: str, coding: Coding) -> Iterator[Problem]:
    corrections = [row for row in coding.rows("corrections") if row["corrects"] == before]
    told = {row["reason"] for row in [*corrections, *coding.rows("retired")]}
    published = {change.reason for change in changes}
    gone = {change.id for change in changes if change.kind == "retired" and change.old == change.id}
    reported: set[object] = set()
    for change in changes:
        if change.reason in _OWN or change.reason in told:
            continue
        covering = [row for row in corrections if row["reason"] not in published and _covers(row, change)]
        covering += [row for row in coding.rows("retired") if row["row_id"] in change.id.split("|")]
        row = covering[0] if covering else None
        if (row or change.reason) in reported:
            continue
        reported.add(row or change.reason)
        found = f"{after} published the reason {change.reason!r}"
        if row is not None:
            hint = "restore it: a published reason never changes"
            yield row.problem("reason", f"{found}, and this is another one", "reason", hint=hint)
        else:
            entry = f"table: {change.table}, id: {_yaml(change.id)}, column: {change.column}, corrects: {before}"
            file = "corrections"
            if change.kind == "retired" and (change.id in gone or "|" in change.id):
                file, entry = "retired", f"row_id: {_yaml(change.id)}"
            hint = f"restore it: `- {{{entry}, reason: ...}}`"
            yield Problem(f"raw/{file}.yaml", 0, 0, "reason", f"{found}, which is gone", hint=hint)
    for row in corrections:
        if row["reason"] not in published and row not in reported:
            found = f"{after} is published without this reason"
            yield row.problem("reason", found, "corrects", hint=f"write `{newest}` if it is to explain the next change")


def _covers(row: Row, change: Change) -> bool:
    """Whether an entry is about the cell, its whole row or column, or the row that its row stands in."""
    inside = row["column"] == _ALL and row["id"] in change.id.split("|")
    cell = row["table"] == change.table and row["id"] in (change.id, _ALL) and row["column"] in (change.column, _ALL)
    return inside or cell


class _Reasons:
    """The reasons for the step from one version to another."""

    def __init__(self, old: Version, new: Version, coding: Coding) -> None:
        self.old, self.new, self.schema, self.coding = old, new, coding.schema, coding
        self.corrections = [row for row in coding.rows("corrections") if row["corrects"] == old.number]
        self.retired = {row["row_id"]: row for row in coding.rows("retired")}
        self.used: set[Row] = set()
        # The rows that each row stands in, or whose id it is known by.
        self.owners: dict[str, list[str]] = {}
        self.gone: dict[str, str] = {}
        for name, table in old.tables.items():
            inherited = self.schema.tables[name].inherited if name in self.schema.tables else ()
            after = new.tables[name].rows if name in new.tables else {}
            for id, cells in table.rows.items():
                if inherited and _has_ids(name, table.key):
                    self.owners[id] = [cells[column] for column in inherited if column in cells]
                if id not in after and name not in (*DERIVED_TABLES, *ABOUT):
                    self.gone[id] = name

    def explain(self, changes: list[Change]) -> Explained:
        explained, problems = [], dict[Problem, None]()
        for change in changes:
            reason, needed = self._reason(change)
            if needed:
                problems[self._missing(change)] = None
            explained.append(change._replace(reason=reason))
        retired = [
            {
                "row_id": id,
                "version": None,  # the next one
                "reason": self._lost(id, table)[0] or OPEN,
                "replacement": self.retired[id]["replacement"] if id in self.retired else None,
            }
            for id, table in sorted(self.gone.items())
            if id in self.retired or _has_ids(table, self.old.tables[table].key)
        ]
        return Explained(explained, retired, [*problems, *self._idle()])

    def _reason(self, change: Change) -> tuple[str | None, bool]:
        """The reason of a change, and whether it needs one that nobody gave."""
        table = self.schema.tables.get(change.table)
        field = table.by_name.get(change.column) if table else None
        derived = table is not None and (table.derived or (field is not None and field.origin in ("derived", "parent")))
        given = self._given(change, exact=derived)
        if change.id in self.gone and change.table == self.gone[change.id]:
            return self._lost(change.id, change.table)
        if given is not None or change.table == DESCRIPTOR:
            return given, False
        if change.kind == "added":
            return DERIVED if derived else None, False
        if table is None:
            return TABLE_OUT, False
        if field is None:
            return COLUMN_OUT, False
        if derived:
            return DERIVED, False
        # A cell that named a row which is gone had to change.
        named = self._lost(change.old, self.gone[change.old])[0] if change.old in self.gone else None
        reason = named or (self._whole(change.id) if _keyed_by_place(table) else None)
        return reason, reason is None and change.old not in self.gone

    def _given(self, change: Change, *, exact: bool) -> str | None:
        """The reason that an entry gives for the cell or, unless `exact`, for its row or its column."""
        is_new = change.id not in self.old.tables[change.table].rows if change.table in self.old.tables else False
        places = ((change.id, change.column), (change.id, _ALL), (_ALL, change.column))
        for id, column in places[: 1 if exact else 3]:
            for row in self.corrections if not is_new else ():
                if (row["table"], row["id"], row["column"]) == (change.table, id, column):
                    self.used.add(row)
                    return str(row["reason"])
        return None

    def _lost(self, id: str, name: str) -> tuple[str | None, bool]:
        """Why a row is gone, and whether somebody must say so: not where a row is gone that it stands in or names."""
        if id in self.retired:
            return str(self.retired[id]["reason"]), False
        if name not in self.schema.tables:
            return TABLE_OUT, False
        if self.schema.tables[name].derived:
            return DERIVED, False
        around = [part for part in id.split("|") if part != id] + self.owners.get(id, [])
        reason = next((found for part in around if (found := self._above(part))), None) or self._whole(id)
        return reason, reason is None and not any(part in self.gone for part in around)

    def _above(self, id: str) -> str | None:
        """The reason of a retired row, or of the row that a row stands in."""
        if id not in self.gone:
            return None
        if id in self.retired:
            return str(self.retired[id]["reason"])
        return next((found for owner in self.owners.get(id, ()) if (found := self._above(owner))), None)

    def _whole(self, id: str) -> str | None:
        """The reason for the row that a row stands in, where it is for the whole row."""
        for row in self.corrections:
            if row["column"] == _ALL and row["id"] in id.split("|"):
                self.used.add(row)
                return str(row["reason"])
        return None

    def _missing(self, change: Change) -> Problem:
        if change.id in self.gone:
            found = f"{change.table} {change.id} is gone without a reason"
            hint = f"add `- {{row_id: {_yaml(change.id)}, reason: ...}}`, or put the row back"
            return Problem("raw/retired.yaml", 0, 0, "unexplained", found, hint=hint)
        found = f"{change.table} {change.id}, column {change.column}, has changed without a reason"
        entry = f"table: {change.table}, id: {_yaml(change.id)}, column: {change.column}, corrects: {self.old.number}"
        hint = f"add `- {{{entry}, reason: ...}}`, or column: '*' for the whole row"
        return Problem("raw/corrections.yaml", 0, 0, "unexplained", found, hint=hint)

    def _idle(self) -> Iterator[Problem]:
        for row in self.corrections:
            if row not in self.used:
                found = f"{row['table']} {row['id']}, column {row['column']}, has not changed since {self.old.number}"
                yield row.problem("reason", found, hint="correct the entry, or take it out")
        for id, row in self.retired.items():
            if id not in self.gone and id not in self.coding.gone:
                yield row.problem("reason", f"{self.old.number} has no row {id!r}", "row_id", hint="correct the id")


def _has_ids(table: str, key: tuple[str, ...]) -> bool:
    """Whether the rows of a table have ids of their own, by which they are cited."""
    return len(key) == 1 and table not in (*DERIVED_TABLES, *ABOUT)


def _keyed_by_place(table: Table) -> bool:
    """Whether a row is known by the row that it stands in, and by nothing of its own."""
    return any(table.by_name[name].origin for name in table.primary_key)


def _yaml(id: str) -> str:
    return f"'{id}'" if "|" in id else id
