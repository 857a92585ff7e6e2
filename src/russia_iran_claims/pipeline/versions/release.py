"""Plan a release: compare raw/ with the newest published version, and compute the next one."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from pathlib import Path

from ..annotations.rows import Coding
from ..problems import BuildError, Problem
from ..schema.load import Schema
from ..tables.derive import Records, derive
from ..tables.write import replace_text
from .changes import DERIVED, Change, changes_of, compare, explain
from .numbering import Step, assess, next_version, parts
from .store import read_index
from .version import Version, from_folder, from_records

CHANGELOG = "CHANGELOG.md"
_HEAD = "\n## "


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """A planned release: its version, the reasons for it, and every change."""

    schema: Schema
    records: Records
    reasons: list[str]
    changes: list[Change]


def plan(root: Path, schema: Schema, coding: Coding, released: date, least: Step = Step.NONE) -> Plan | None:
    """Return the next release, or None if nothing changed. Raises BuildError for changes without a reason."""
    index = read_index(root / "dataset")
    if not index:
        dated = _numbered(schema, schema.version, released)
        return Plan(dated, derive(coding), ["first release"], [])
    old = from_folder(root / "dataset" / index[-1]["version"])
    if released.isoformat() < index[-1]["released"]:
        found = f"{released} is before {index[-1]['released']}, the date of {old.number}"
        raise BuildError([Problem("dataset", 0, 0, "release-date", found, hint="give the day of this release")])
    records = derive(coding)
    new = from_records(schema, records)
    changes, missing = explain(compare(old, new), old, schema, coding)
    step, reasons = assess(old, new, changes)
    if step is Step.NONE and least is Step.NONE:
        return None
    if missing:
        raise BuildError([_unexplained(name) for name in missing])
    # 1.0.0 is declared, not computed: asking for MAJOR below it means it.
    number = (
        "1.0.0" if least is Step.MAJOR and parts(old.number)[0] == 0 else next_version(old.number, max(step, least))
    )
    records["changes"] = [change._asdict() for change in changes]
    return Plan(_numbered(schema, number, released), records, reasons, changes)


def add_changes(root: Path, schema: Schema, coding: Coding, records: Records) -> None:
    """Add the changes since the version before to the rows of a version that is built again."""
    before = [entry for entry in read_index(root / "dataset") if parts(entry["version"]) < parts(schema.version)]
    if before:
        old = from_folder(root / "dataset" / before[-1]["version"])
        changes, _ = explain(compare(old, from_records(schema, records)), old, schema, coding)
        records["changes"] = [change._asdict() for change in changes]


def bring_up_to_date(root: Path) -> list[Path]:
    """Update schema/dataset.json and the changelog to the newest published version. Returns the files that changed.

    This also completes a release that was interrupted after its index was written.
    """
    index = read_index(root / "dataset")
    if not index:
        return []
    newest, changed = index[-1], []
    path = root / "schema" / "dataset.json"
    text = path.read_text("utf-8")
    named = re.sub(r'("version": )"[^"]*"', rf'\g<1>"{newest["version"]}"', text, count=1)
    named = re.sub(r'("released": )"[^"]*"', rf'\g<1>"{newest["released"]}"', named, count=1)
    if named != text:
        replace_text(path, named)
        changed.append(path)
    return changed + (_add_to_changelog(root, index) if (root / CHANGELOG).exists() else [])


def describe(old: Version, new: Version, changes: list[Change]) -> str:
    """Describe what changed between two versions, as Markdown: the steps, then each change that a curator made."""
    _, reasons = assess(old, new, changes)
    lines = [f"- {reason}" for reason in reasons]
    told = [change for change in changes if change.reason != DERIVED]
    for change in told[:200]:
        what = {
            "added": f"{change.new!r}",
            "retired": f"{change.old!r} taken out",
            "corrected": f"{change.old!r} becomes {change.new!r}",
        }[change.kind]
        reason = f" ({change.reason})" if change.reason else ""
        lines.append(f"  - {change.table} {change.id}, {change.column}: {what}{reason}")
    if len(told) > 200:
        lines.append(f"  - and {len(told) - 200} more, in changes.csv")
    return "\n".join(lines)


def _add_to_changelog(root: Path, index: list[dict[str, str]]) -> list[Path]:
    path = root / CHANGELOG
    text = path.read_text("utf-8")
    newest = index[-1]
    if f"{_HEAD}{newest['version']} (" in text or len(index) < 2:
        return []
    old, new = (from_folder(root / "dataset" / entry["version"]) for entry in index[-2:])
    entry = f"{_HEAD}{newest['version']} ({newest['released']})\n\n{describe(old, new, changes_of(new))}\n"
    place = text.find(_HEAD)
    replace_text(path, text[:place] + entry + text[place:] if place >= 0 else text + entry)
    return [path]


def _numbered(schema: Schema, number: str, released: date) -> Schema:
    dataset = {**schema.dataset, "version": number, "released": released.isoformat()}
    return dataclasses.replace(schema, dataset=dataset)


def _unexplained(name: str) -> Problem:
    table, _, rest = name.partition(" ")
    id, _, column = rest.partition(" ")
    if column:
        found = f"{table} {id}, column {column}, has changed without a reason"
        hint = f"add `- {{table: {table}, id: {id}, column: {column}, reason: ...}}`, or column: '*' for the whole row"
        return Problem("raw/corrections.yaml", 0, 0, "unexplained", found, hint=hint)
    found = f"{table} {id} is gone without a reason"
    return Problem(
        "raw/retired.yaml", 0, 0, "unexplained", found, hint=f"add `- {{table: {table}, id: {id}, reason: ...}}`"
    )
