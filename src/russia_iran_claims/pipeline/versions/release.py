"""Compare raw/ with the newest published version, and plan the next one."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ..annotations.readings.compare import comparison_of
from ..annotations.readings.settle import unsettled
from ..annotations.rows import Coding
from ..io.files import read_text, write
from ..io.problems import BuildError, Problem
from ..schema.model import Records, Schema
from ..tables.derive import derive
from ..tables.describe import numbered
from ..tables.write import files_of
from .changes import DESCRIPTOR, Change, Renames, compare, published_changes, renames_of
from .index import CHANGELOG, Entry, parts, read_index, told_sums
from .numbering import Step, assess, next_version
from .reasons import COLUMN_OUT, DERIVED, TABLE_OUT, check_published, explain
from .store import differing
from .version import CHANGES, RETIRED, Version, from_folder, from_records

_FIRST, SPANS = "0.1.0", "spans"
_MOST_LINES = 200
# Above so many, the places of one kind of change are told in one line.
_MOST_PLACES = 8
_SHORT = 240


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """What raw/ and the schemas say now, and how far it is from the newest version.

    `step` is NONE if it is the newest version again, and `same` says how exactly. `problems` are changes without a
    reason and reasons without a change, which keep it from being released.
    """

    schema: Schema
    records: Records
    newest: str | None
    number: str
    step: Step
    changes: list[Change]
    description: str
    problems: list[Problem]
    same: str = ""

    @property
    def counts_as_minor(self) -> bool:
        """Whether the step is MAJOR, and the version stays below 1.0.0."""
        return self.step is Step.MAJOR and parts(self.number)[0] == 0

    def version(self, number: str | None = None, released: str | None = None) -> tuple[Schema, Records]:
        """The schemas and rows under a number and a date; without them, those of a version that is not released."""
        return _numbered(self.schema, self.records, number, released)


def plan(root: Path, schema: Schema, coding: Coding, least: Step = Step.NONE) -> Plan:
    """Compare the rows with the newest published version. Its files must be known to be sound.

    `least` is a step that the next version takes at least. Writes nothing. Raises BuildError if
    raw/ has another reason for a published change than the one published.
    """
    dataset, records = root / "dataset", derive(coding)
    index = read_index(dataset)
    if not index:
        # 1.0.0 is declared, not computed: asking for MAJOR below it means it.
        number = "1.0.0" if least is Step.MAJOR else _FIRST
        return Plan(schema, records, None, number, Step.MINOR, [], "- first release", _unsettled(coding))
    if problems := check_published(dataset, index, coding):
        raise BuildError(problems)
    newest = index[-1]
    old = from_folder(dataset / newest["version"])
    records, changes, problems = _against(old, schema, coding, records)
    new = from_records(numbered(schema, records), records)
    step, reasons = assess(old, new, changes)
    same = ""
    if step is Step.NONE:
        again = records
        if len(index) > 1:
            before, renamed = dataset / index[-2]["version"], renames_of(published_changes(dataset / old.number))
            again = _against(from_folder(before), schema, coding, records, renamed)[0]
        step, reasons, same = _again(dataset, newest, schema, again)
    number = old.number
    if step is not Step.NONE or least is not Step.NONE:
        step = max(step, least)
        number = "1.0.0" if least is Step.MAJOR and parts(number)[0] == 0 else next_version(number, step)
    told = describe(old, new, changes, reasons)
    problems = [*problems, *_unsettled(coding)]
    return Plan(schema, records, old.number, number, step, changes, told, problems, same)


def _unsettled(coding: Coding) -> list[Problem]:
    """The differences between kept readings that nobody settled yet."""
    return unsettled(coding, comparison_of(coding))


def _against(
    old: Version, schema: Schema, coding: Coding, records: Records, renamed: Renames | None = None
) -> tuple[Records, list[Change], list[Problem]]:
    """The rows with `changes` and `retired` since a version, its changes, and the problems with their reasons.

    `renamed` are the columns with a new name; without them, those that the schema declares.
    """
    before = old.records().get(RETIRED, [])
    records = {**records, CHANGES: [], RETIRED: before}
    new = from_records(numbered(schema, records), records)
    explained = explain(compare(old, new, renamed), old, new, coding)
    records[RETIRED] = sorted([*before, *explained.retired], key=lambda row: row["row_id"])
    if explained.retired and not before:
        # The first rows that are retired bring their table along.
        new = dataclasses.replace(new, schema=numbered(schema, records))
        explained = explain(compare(old, new, renamed), old, new, coding)
    columns = [field.name for field in schema.tables[CHANGES].fields] if CHANGES in schema.tables else []
    records[CHANGES] = [dict(zip(columns, change)) for change in explained.changes]
    return records, explained.changes, explained.problems


def _numbered(schema: Schema, records: Records, number: str | None, released: str | None) -> tuple[Schema, Records]:
    """The schemas and rows of one version: rows that it retires carry its number."""
    schema = numbered(schema, records, number, released)
    rows = [{**row, "version": row["version"] or schema.version} for row in records[RETIRED]]
    return schema, {**records, RETIRED: rows}


def _again(dataset: Path, newest: Entry, schema: Schema, records: Records) -> tuple[Step, list[str], str]:
    """Write the newest version again, and compare every file. What the tables do not say may differ in the others."""
    number = newest["version"]
    again = files_of(*_numbered(schema, records, number, newest["released"]))
    bytes, content = differing(again, dataset / number)
    if content:
        return Step.PATCH, [f"{Step.PATCH.name}: {name}: written in another way" for name in content], ""
    how = "its content; the bytes differ, as with other libraries" if bytes else "it byte for byte"
    return Step.NONE, [], f"raw/ reproduces {how}"


def describe(old: Version, new: Version, changes: list[Change], reasons: list[str]) -> str:
    """Describe what changed between two versions, as Markdown: the steps, then what curators changed."""
    lines = [f"- {reason}" for reason in _gathered(reasons)]
    told = list(dict.fromkeys(_told(old, new, changes)))
    lines += [f"  - {line}" for line in told[:_MOST_LINES]]
    if len(told) > _MOST_LINES:
        lines.append(f"  - and {len(told) - _MOST_LINES} more, in the table changes of this version")
    return "\n".join(lines)


def _gathered(reasons: list[str]) -> Iterator[str]:
    """The steps, with one line for each kind of PATCH that many places have in common."""
    kinds = {reason: reason.rpartition(": ")[2] for reason in reasons if reason.startswith(f"{Step.PATCH.name}: ")}
    counts = Counter(kinds.values())
    many = {
        kind: f"{Step.PATCH.name}: {kind}, in {count} places" for kind, count in counts.items() if count > _MOST_PLACES
    }
    yield from dict.fromkeys(many.get(kinds.get(reason, ""), reason) for reason in reasons)


def _told(old: Version, new: Version, changes: list[Change]) -> Iterator[str]:
    """One line for each corrected cell and each row that is gone, without what goes with it; steps count added rows."""
    gone = {
        id
        for name, table in old.tables.items()
        if name in new.tables
        for id in table.rows.keys() - new.tables[name].rows.keys()
    }
    for change in changes:
        reason = f" ({change.reason})" if change.reason else ""
        if change.table == DESCRIPTOR:
            # What a property has become is in `changes`; here it is told where it is short enough to be read.
            words = change.old is not None and change.new is not None and change.column not in ("name", "constraints")
            if words and len(f"{change.old}{change.new}") <= _SHORT and "{" not in f"{change.old}{change.new}":
                yield f"{change.id}, {change.column}: {_becomes(change)}{reason}"
            continue
        before = old.tables[change.table].rows if change.table in old.tables else {}
        after = new.tables[change.table].rows if change.table in new.tables else {}
        if change.reason in (DERIVED, COLUMN_OUT, TABLE_OUT) or change.id not in before:
            continue
        if change.id not in after and not gone.intersection(change.id.split("|")[:-1]):
            yield f"{change.table} {change.id} removed{reason}"
        elif change.id in after and change.table == SPANS:
            yield f"{SPANS} {change.id} moved{reason}"  # its offsets and its digest change together
        elif change.id in after:
            yield f"{change.table} {change.id}, {change.column}: {_becomes(change)}{reason}"


def _becomes(change: Change) -> str:
    match change.kind:
        case "added":
            return f"“{change.new}” added"
        case "retired":
            return f"“{change.old}” removed"
        case _:
            return f"“{change.old}” becomes “{change.new}”"


def difference(dataset: Path, numbers: list[str]) -> str:
    """Describe what changed from the first to the last of some versions in a row, with all reasons on the way."""
    old, new = (from_folder(dataset / number) for number in (numbers[0], numbers[-1]))
    # What each column of an earlier version is called in the last, on the way back to the first.
    called: Renames = {}
    reasons: dict[tuple[str, str, str], list[str]] = {}
    for number in reversed(numbers[1:]):
        changes = published_changes(dataset / number)
        for change in changes:
            if change.reason is not None:
                place = (change.table, change.id, called.get((change.table, change.column), change.column))
                reasons.setdefault(place, []).insert(0, change.reason)
        for change in changes:
            if change[2:4] == ("name", "added"):
                called.pop((change.id.partition(".")[0], change.new or ""), None)
        for (table, before), after in renames_of(changes).items():
            called[table, before] = called.pop((table, after), after)
    columns = {name: table.columns for name, table in old.tables.items()}
    renames = {
        (table, column): name
        for (table, column), name in called.items()
        if column in columns.get(table, ()) and column != name
    }
    changes = [
        change._replace(reason=" ".join(dict.fromkeys(reasons.get(change[:3], ()))) or None)
        for change in compare(old, new, renames)
    ]
    told = describe(old, new, changes, assess(old, new, changes)[1])
    if told or old.number == new.number:
        return told
    return "- PATCH: the files beside the tables are written in another way"


def add_to_changelog(root: Path) -> list[Path]:
    """Add the newest version to the changelog, if it is not there. Returns the files that changed."""
    path, index = root / CHANGELOG, read_index(root / "dataset")
    if not index or not path.exists():
        return []
    newest, text, head = index[-1], read_text(path, CHANGELOG, largest=None).replace("\r\n", "\n"), "\n## "
    sums = f"SHA-256 of its `SHA256SUMS`: `{newest['sums']}`\n"
    # A section may stand on the first line.
    text = f"\n{text}"
    start = text.find(f"{head}{newest['version']} (")
    if start >= 0:
        if told_sums(path, newest["version"]):
            return []
        # A first version may be described by hand.
        end = text.find(head, start + 1)
        section = text[start:] if end < 0 else text[start:end]
        new = text.replace(section, f"{section.rstrip()}\n\n{sums}", 1)
    else:
        numbers = [entry["version"] for entry in index[-2:]]
        told = difference(root / "dataset", numbers) if len(numbers) > 1 else "First version."
        entry = f"{head}{newest['version']} ({newest['released']})\n\n{told}\n\n{sums}"
        place = text.find(head)
        new = text[:place] + entry + text[place:] if place >= 0 else text.rstrip() + "\n" + entry
    write(path, new.removeprefix("\n"))
    return [path]
