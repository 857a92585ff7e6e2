"""What becomes of the differences between two readings: each is settled, and each row says whether it was."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator

from ...io.problems import Problem
from ...schema.model import Record, Records
from ...schema.terms import ITEMS, join_key, to_cell
from ..rows import Coding
from .agreement import SPANS
from .compare import Comparison, spans_as_text
from .pair import Pair

_DEGREES = ("alike", "cut_only", "settled")
# The columns that tell where spans are, or repeat their words.
_CUT = (SPANS, "trigger", "cue", "hedge", "time_wording", "wording")
_KEY = ("table_name", "pair_id", "column_name")


def unsettled(coding: Coding, comparison: Comparison | None) -> list[Problem]:
    """The differences between the readings that the table `differences` does not settle, and what settles none there.

    Of a row that one reading has alone, the row as a whole is one difference; what hangs on it has none of its own.
    """
    found = {tuple(cell[name] for name in _KEY): cell for cell in differences(comparison)} if comparison else {}
    problems, entries = [], set()
    for row in coding.rows("differences"):
        key = tuple(row[name] for name in _KEY)
        if row["pair_id"] is None:
            continue
        if key in entries:
            problems.append(row.problem("unsettled", "the difference is settled twice", hint="delete one of the two"))
            continue
        entries.add(key)
        if (cell := found.get(key)) is None:
            told = f"the readings do not differ in {row['column_name']} of {row['table_name']} {row['pair_id']}"
            problems.append(row.problem("unsettled", told, "pair_id", hint="delete the entry, or correct the pair"))
            continue
        for column in ("article_id", "kind", "first_reading", "second_reading"):
            if row[column] != cell[column]:
                told = f"found {row[column]!r}, and the readings give {cell[column]!r}"
                problems.append(row.problem("unsettled", told, column, hint="write what the readings give"))
    return [*problems, *(_missing(cell) for key, cell in found.items() if key not in entries)]


def differences(comparison: Comparison) -> Iterator[Record]:
    """The cells that are not equal, and one for each row that one reading has alone, each with its kind.

    The column of such a row is the first of its key.
    """
    alone = {id(row) for pair in comparison.rows.values() if None in pair for row in pair if row is not None}
    told: set[tuple[str, str]] = set()
    for cell in comparison.cells:
        pair = comparison.rows[cell["table_name"], cell["pair_id"]]
        if cell["equal"]:
            continue
        if None not in pair:
            yield {**cell, "kind": "extent" if cell["column_name"] == SPANS else "value"}
        elif (cell["table_name"], cell["pair_id"]) not in told and not _hangs(pair, alone, comparison):
            told.add((cell["table_name"], cell["pair_id"]))
            row = pair.first or pair.second
            assert row is not None  # noqa: S101 - one of the two is there
            ids = {"first_reading": cell["first_id"], "second_reading": cell["second_id"]}
            kind = "only_first" if pair.first is not None else "only_second"
            yield {**cell, **ids, "column_name": row.table.primary_key[0], "kind": kind}


def _hangs(pair: Pair, alone: set[int], comparison: Comparison) -> bool:
    """Whether a row is alone because another one is: the record around it, or one that it names by its key."""
    row = pair.first or pair.second
    assert row is not None  # noqa: S101 - one of the two is there
    if row.parent is not None and id(row.parent) in alone:
        return True
    prefix = "" if pair.first is not None else "second:"
    for key in row.table.foreign_keys if len(row.key) > 1 else ():
        if key.fields[0] in row.table.primary_key:
            tables = ITEMS.values() if key.table == "items" else (key.table,)
            named = [comparison.rows.get((table, f"{prefix}{row[key.fields[0]]}")) for table in tables]
            if any(other is not None and None in other for other in named):
                return True
    return False


def _missing(cell: Record) -> Problem:
    entry = {name: cell[name] for name in ("article_id", *_KEY, "kind", "first_reading", "second_reading")}
    told = ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in entry.items() if value)
    row = f"{cell['table_name']} {cell['pair_id'].removeprefix('second:')}"
    found = f"the readings differ in {cell['column_name']} of {row}"
    if cell["kind"].startswith("only_"):
        found = f"only the {cell['kind'].removeprefix('only_')} reading has {row}"
    hint = f"add `- {{difference_id: ..., {told}, item_id: ..., settled: ..., reason: ...}}`"
    return Problem("raw/differences.yaml", 0, 0, "unsettled", found, hint=hint)


def coded_alike(records: Records) -> dict[str, str]:
    """What became of each item in the comparison, by its id; those that were not compared are missing.

    An item is `alike` if both readings have it and agree in every cell, and the published row still has what they
    agree on; `cut_only` if only its spans differ, and the words copied from there; else `settled`. An event counts
    with its participants.
    """
    rows = {row[f"{kind}_id"]: row for kind, table in ITEMS.items() for row in records[table]}
    spans, found = spans_as_text(records["spans"]), dict[str, str]()
    events = {cell["second_id"]: cell["first_id"] for cell in records["readings"] if cell["table_name"] == "events"}
    for cell in records["readings"]:
        item, column = cell["first_id"], cell["column_name"]
        if cell["table_name"] == "participants":
            item = item.split("|")[0] if item else events.get(cell["second_id"].split("|")[0])
            became = "alike" if cell["equal"] else "settled"
        elif item in rows:
            now = spans.get(item) if column == SPANS else to_cell(rows[item].get(column)) or None
            same = cell["equal"] and now == cell["first_reading"]
            both = cell["first_reading"] is not None and cell["second_reading"] is not None
            cut = (
                column in _CUT
                and both
                and not cell["equal"]
                and _overlap(cell["first_reading"], cell["second_reading"])
            )
            became = "alike" if same else "cut_only" if cut else "settled"
        if item in rows:
            found[item] = max(found.get(item, became), became, key=_DEGREES.index)
    parts: dict[str, dict[str, set[str]]] = {name: defaultdict(set) for name in ("read", "published")}
    for cell in records["readings"]:
        if cell["table_name"] == "participants" and cell["first_id"]:
            parts["read"][cell["first_id"].split("|")[0]].add(cell["first_id"])
    for row in records["participants"]:
        parts["published"][row["event_id"]].add(join_key((row["event_id"], row["actor_id"], row["role"])))
    for event in events.values():
        if event in found and parts["read"][event] != parts["published"][event]:
            found[event] = "settled"
    # A row that was added because of a difference, and what came with it.
    for row in records["differences"]:
        if row.get("pair_id") and row["item_id"] in rows:
            found.setdefault(row["item_id"], "settled")
    for row in records["attestations"]:
        if row["event_id"] not in events.values() and row["event_id"] in found:
            found.setdefault(row["attestation_id"], "settled")
    return found


def _overlap(one: str, other: str) -> bool:
    """Whether two cuts have a word in common."""
    return not set(one.split()).isdisjoint(other.split())
