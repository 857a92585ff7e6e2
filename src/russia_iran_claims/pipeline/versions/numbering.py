"""Compute the number of the next version from what changed.

This is Data Package's recipe with two differences. An added column is MINOR, because readers select columns by name. A
removed row is MAJOR, because somebody may have cited it. Below 1.0.0, MAJOR counts as MINOR.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Any

from ..tables.derive import DERIVED
from .changes import ABOUT, DATASET, DESCRIPTOR, Change, Renames, renames_of
from .index import parts
from .version import Version


class Step(IntEnum):
    """How far a version moves."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


def assess(old: Version, new: Version, changes: list[Change]) -> tuple[Step, list[str]]:
    """Return the step between two versions, and the reasons, each with its own step.

    Rows of derived tables are a reason only where they take a larger step than what they follow from.
    """
    reasons = [*_told_reasons(changes), *_schema_reasons(old, new, changes)]
    tables = {*old.tables, *new.tables}.difference(ABOUT)
    reasons += _row_reasons(old, new, changes, tables.difference(DERIVED))
    step = max((step for step, _ in reasons), default=Step.NONE)
    reasons += [reason for reason in _row_reasons(old, new, changes, tables.intersection(DERIVED)) if reason[0] > step]
    step = max((step for step, _ in reasons), default=Step.NONE)
    return step, [f"{step.name}: {text}" for step, text in sorted(reasons, key=lambda reason: (-reason[0], reason[1]))]


def next_version(number: str, step: Step) -> str:
    """Return the number after a step: 1.2.3 and MINOR give 1.3.0. Below 1.0.0, MAJOR counts as MINOR."""
    major, minor, patch = parts(number)
    if major == 0 and step is Step.MAJOR:
        step = Step.MINOR
    match step:
        case Step.MAJOR:
            return f"{major + 1}.0.0"
        case Step.MINOR:
            return f"{major}.{minor + 1}.0"
        case Step.PATCH:
            return f"{major}.{minor}.{patch + 1}"
        case _:
            return number


def _told_reasons(changes: list[Change]) -> Iterator[tuple[Step, str]]:
    """What changed in the description of the dataset and of its tables. Another licence changes what users may do."""
    for change in changes:
        if change.table == DESCRIPTOR and change.id == DATASET:
            became = "changed" if change.kind == "corrected" else change.kind.replace("retired", "removed")
            yield Step.MAJOR if change.column == "licenses" else Step.PATCH, f"{DATASET}: {change.column} {became}"
        elif change.table == DESCRIPTOR and "." not in change.id and change.column != "name":
            yield Step.PATCH, f"{change.id}: {change.column} reworded"


def _row_reasons(
    old: Version, new: Version, changes: list[Change], tables: Iterable[str]
) -> Iterator[tuple[Step, str]]:
    renames = renames_of(changes)
    for name in sorted(tables):
        before = old.tables[name].rows if name in old.tables else {}
        after = new.tables[name].rows if name in new.tables else {}
        removed, added = sorted({*before} - {*after}), sorted({*after} - {*before})
        if removed:
            yield Step.MAJOR, f"{name}: {_some(removed, 'row')} removed"
        if added:
            yield Step.MINOR, f"{name}: {_some(added, 'row')} added"
        common = _common(name, old, new, renames) if name in old.tables and name in new.tables else set()
        corrected = sorted(
            {
                change.id
                for change in changes
                if change.table == name and change.id in before and change.id in after and change.column in common
            }
        )
        if corrected:
            yield Step.PATCH, f"{name}: {_some(corrected, 'row')} corrected"


def _common(table: str, old: Version, new: Version, renames: Renames) -> set[str]:
    """The columns that both versions of a table have, by their new names."""
    before = {renames.get((table, column), column) for column in old.tables[table].columns}
    return before.intersection(new.tables[table].columns)


def _schema_reasons(old: Version, new: Version, changes: list[Change]) -> Iterator[tuple[Step, str]]:
    renames = renames_of(changes)
    if [name for name in old.schemas if name in new.schemas] != [name for name in new.schemas if name in old.schemas]:
        yield Step.PATCH, f"{DATASET}: tables reordered"
    for name in sorted({*old.schemas, *new.schemas}):
        if name not in new.schemas:
            yield Step.MAJOR, f"{name}: table removed"
        elif name not in old.schemas:
            yield Step.MINOR, f"{name}: table added"
        else:
            names = {before: after for (table, before), after in renames.items() if table == name}
            yield from _table_reasons(name, old.schemas[name], new.schemas[name], names)


def _table_reasons(
    name: str, old: dict[str, Any], new: dict[str, Any], names: dict[str, str]
) -> Iterator[tuple[Step, str]]:
    for column, called in names.items():
        yield Step.MAJOR, f"{name}.{column}: column renamed to {called}"
    before = {names.get(field["name"], field["name"]): field for field in old["fields"]}
    after = {field["name"]: field for field in new["fields"]}
    for column in before:
        if column not in after:
            yield Step.MAJOR, f"{name}.{column}: column removed"
    for column in after:
        if column not in before:
            yield Step.MINOR, f"{name}.{column}: column added"
    kept = [column for column in before if column in after]
    if kept != [column for column in after if column in before]:
        yield Step.MAJOR, f"{name}: columns reordered"
    if [names.get(column, column) for column in old["primaryKey"]] != new["primaryKey"]:
        yield Step.MAJOR, f"{name}: primary key changed"
    keys, others = (_references(schema, renamed) for schema, renamed in ((old, names), (new, {})))
    if others - keys:
        yield Step.MAJOR, f"{name}: foreign key added"
    if keys - others:
        yield Step.PATCH, f"{name}: foreign key removed"
    for column in kept:
        yield from _field_reasons(f"{name}.{column}", before[column], after[column])


def _references(schema: dict[str, Any], names: dict[str, str]) -> set[tuple[tuple[str, ...], str]]:
    """The columns of each foreign key and the table that they refer to."""
    return {
        (tuple(names.get(column, column) for column in key["fields"]), key["reference"]["resource"])
        for key in schema.get("foreignKeys", ())
    }


def _field_reasons(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[tuple[Step, str]]:
    if old["type"] != new["type"]:
        yield Step.MAJOR, f"{name}: type changed from {old['type']} to {new['type']}"
    before, after = old.get("constraints", {}), new.get("constraints", {})
    for key in sorted({*before, *after}):
        one, other = before.get(key), after.get(key)
        if one == other:
            continue
        if key == "enum" and one is not None and other is not None:
            if removed := [value for value in one if value not in other]:
                yield Step.MAJOR, f"{name}: values removed: {', '.join(removed)}"
            if added := [value for value in other if value not in one]:
                yield Step.MINOR, f"{name}: values added: {', '.join(added)}"
            if not removed and not added:
                yield Step.MAJOR, f"{name}: values reordered"
        elif _tightened(key, one, other):
            # Which of two patterns takes more, nobody can compute.
            how = "changed" if None not in (one, other) and key == "pattern" else "tightened"
            yield Step.MAJOR, f"{name}: constraint {key} {how}"
        else:
            yield Step.MINOR, f"{name}: constraint {key} loosened"
    told = ("title", "description", "example", "categories", "categoriesOrdered")
    if any(_told(old, key) != _told(new, key) for key in told):
        yield Step.PATCH, f"{name}: description reworded"
    if old.get("missing") != new.get("missing"):
        yield Step.PATCH, f"{name}: what null means is told{' otherwise' if 'missing' in old else ''}"


def _tightened(key: str, old: Any, new: Any) -> bool:
    match key:
        case "required" | "unique":
            return bool(new)
        case "minimum" | "minLength":
            return new is not None and (old is None or new > old)
        case "maximum" | "maxLength":
            return new is not None and (old is None or new < old)
        case _:
            # A pattern that differs may refuse what was right before; one that is gone refuses nothing.
            return new is not None


def _told(field: dict[str, Any], key: str) -> Any:
    """A property of a field, without the allowed values themselves, which are a constraint."""
    said = field.get(key)
    return (
        [(level["label"], level["description"], level["example"]) for level in said]
        if key == "categories" and said
        else said
    )


def _some(ids: list[str], what: str) -> str:
    shown = ", ".join(ids[:3]) + (", …" if len(ids) > 3 else "")
    return f"{len(ids)} {what}{'s' if len(ids) != 1 else ''} ({shown})"
