"""Compute the number of the next version from what changed.

This is Data Package's recipe with two differences. An added column is MINOR, because readers select columns by name. A
removed row is MAJOR, because somebody may have cited it. Below 1.0.0, MAJOR counts as MINOR.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import Any

from .changes import Change
from .version import CHANGES, Version

NUMBER = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")


class Step(IntEnum):
    """How far a version moves."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


def assess(old: Version, new: Version, changes: list[Change]) -> tuple[Step, list[str]]:
    """Return the step between two versions, and the reasons, each with its own step."""
    reasons = [*_schema_reasons(old, new), *_row_reasons(old, new, changes)]
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


def parts(number: str) -> tuple[int, int, int]:
    """Split a version number. Raises ValueError for anything else."""
    match = NUMBER.fullmatch(number)
    if match is None:
        raise ValueError(f"{number!r} is no version number like 1.2.3")
    major, minor, patch = map(int, match.groups())
    return major, minor, patch


def _row_reasons(old: Version, new: Version, changes: list[Change]) -> Iterator[tuple[Step, str]]:
    for name in sorted({*old.tables, *new.tables} - {CHANGES}):
        before = old.tables[name].rows if name in old.tables else {}
        after = new.tables[name].rows if name in new.tables else {}
        removed, added = sorted({*before} - {*after}), sorted({*after} - {*before})
        if removed:
            yield Step.MAJOR, f"{name}: {_some(removed, 'row')} removed"
        if added:
            yield Step.MINOR, f"{name}: {_some(added, 'row')} added"
        columns = set(old.tables[name].columns) & set(new.tables[name].columns) if before and after else set()
        corrected = sorted(
            {c.id for c in changes if c.table == name and c.id in before and c.id in after and c.column in columns}
        )
        if corrected:
            yield Step.PATCH, f"{name}: {_some(corrected, 'row')} corrected"


def _schema_reasons(old: Version, new: Version) -> Iterator[tuple[Step, str]]:
    for name in sorted({*old.schemas, *new.schemas}):
        if name not in new.schemas:
            yield Step.MAJOR, f"{name}: table removed"
        elif name not in old.schemas:
            yield Step.MINOR, f"{name}: table added"
        else:
            yield from _table_reasons(name, old.schemas[name], new.schemas[name])


def _table_reasons(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[tuple[Step, str]]:
    before = {field["name"]: field for field in old["fields"]}
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
    if old["primaryKey"] != new["primaryKey"]:
        yield Step.MAJOR, f"{name}: primary key changed"
    keys = [key for key in new.get("foreignKeys", []) if key not in old.get("foreignKeys", [])]
    if keys:
        yield Step.MAJOR, f"{name}: foreign key added"
    if len(old.get("foreignKeys", [])) + len(keys) > len(new.get("foreignKeys", [])):
        yield Step.PATCH, f"{name}: foreign key removed"
    for column in kept:
        yield from _field_reasons(f"{name}.{column}", before[column], after[column])


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
            yield Step.MAJOR, f"{name}: constraint {key} tightened"
        else:
            yield Step.MINOR, f"{name}: constraint {key} loosened"
    told = ("title", "description", "example", "categories", "categoriesOrdered")
    if any(_told(old, key) != _told(new, key) for key in told):
        yield Step.PATCH, f"{name}: description reworded"


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
