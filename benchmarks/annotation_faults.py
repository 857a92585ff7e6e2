"""How many wrong annotations `check` notices: one fault at a time is put into `raw/`, in memory.

`python benchmarks/annotation_faults.py --articles DIR` prints, for each kind of fault and each column, how many were
tried, refused, warned about and not noticed. A fault is what a curator could have written by mistake: a legal value,
an actor or id of the same article, whole words, a date or number close by.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from tqdm import tqdm

from russia_iran_claims.pipeline.annotations import rows
from russia_iran_claims.pipeline.annotations.rows import Coding, Row
from russia_iran_claims.pipeline.annotations.yaml import Document
from russia_iran_claims.pipeline.rules.check import check
from russia_iran_claims.pipeline.rules.rows.events import MARKED
from russia_iran_claims.pipeline.rules.rows.figures import BOUNDS
from russia_iran_claims.pipeline.schema.load import load_schema
from russia_iran_claims.pipeline.schema.terms import ARTICLE, ITEMS, UNSPECIFIED
from russia_iran_claims.pipeline.texts.read import Text, digest, read_texts

ROOT = Path(__file__).resolve().parent.parent
OPPOSITE = {"affirms": "denies", "presupposes": "denies", "denies": "affirms"}
NUMBERS = ("value", "low", "high")
REFERENCES = ("event_id", "quote_id", "nested_in", "from_id", "to_id")
# Tables that say something about published versions or about readings, not about an article.
ABOUT_ROWS = ("corrections", "differences", "retired")
# A word to the left or right, shorter or longer by a word.
MOVES = ((-1, -1), (1, 1), (1, 0), (0, -1), (-1, 0), (0, 1))
Edits = list[tuple[dict[str, Any], str, Any]]


class Fault(NamedTuple):
    """What is written into which records: each time a record, a key and a value, None for no key."""

    kind: str
    column: str
    edits: Edits


def main() -> None:
    """Try the faults, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, required=True, help="folder with the articles' texts")
    parser.add_argument("--count", type=int, default=100, help="faults of each kind and column, at most")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    schema, texts = load_schema(ROOT / "schema"), read_texts(options.articles)
    found: dict[tuple[str, str], Counter[str]] = {}
    # Each file is parsed once. The faults change what was parsed, and every check starts from there.
    with patch.object(rows, "Document", cache(Document)):
        before = check(ROOT / "raw", schema, texts)
        if before.problems:
            raise SystemExit(f"raw/ is not clean: {before.problems[0]}")
        every = [*simple(before.coding, texts), *consistent(before.coding)]
        for fault in tqdm(drawn(every, options.count, random.Random(options.seed)), disable=None):  # noqa: S311
            kept = [dict(record) for record, _, _ in fault.edits]
            for record, key, value in fault.edits:
                record[key] = value
            severities = {problem.severity for problem in check(ROOT / "raw", schema, texts).problems}
            for (record, _, _), copy in zip(fault.edits, kept):
                record.clear()
                record.update(copy)
            found.setdefault(fault[:2], Counter())[min(severities, default="unnoticed")] += 1
    print(table(found))


def drawn(faults: Iterable[Fault], count: int, chance: random.Random) -> list[Fault]:
    """At most `count` faults of each kind and column."""
    groups: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        groups.setdefault(fault[:2], []).append(fault)
    return [fault for _, group in sorted(groups.items()) for fault in chance.sample(group, min(count, len(group)))]


def table(found: dict[tuple[str, str], Counter[str]]) -> str:
    """The counts by kind and column, then by kind, then in all."""
    sums: dict[tuple[str, str], Counter[str]] = {}
    for (kind, _), counts in found.items():
        sums.setdefault((kind, "all"), Counter()).update(counts)
    total = sum(found.values(), Counter[str]())
    lines = [
        "| fault | column | tried | refused | warned | unnoticed | noticed |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for (kind, column), counts in [*found.items(), *sums.items(), (("every kind", "all"), total)]:
        tried, missed = counts.total(), counts["unnoticed"]
        numbers = f"{tried} | {counts['error']} | {counts['warning']} | {missed} | {1 - missed / tried:.0%}"
        lines.append(f"| {kind} | {column} | {numbers} |")
    return "\n".join(lines)


def simple(coding: Coding, texts: dict[str, Text]) -> Iterator[Fault]:
    """Every fault in a single cell or span."""
    mentioned: dict[str, list[str]] = {}
    for row in coding.rows("mentions"):
        mentioned.setdefault(row["article_id"], []).append(row["actor_id"])
    items = [row for name in ITEMS.values() for row in coding.rows(name)]
    home_of = {row.key[0]: article(row) for row in items}
    for row in (row for name, listed in coding.tables.items() if name not in ABOUT_ROWS for row in listed):
        record, home = written(row), article(row)
        for column in row.table.written:
            key, value, shown = column.name, row[column.name], f"{row.table.name}.{column.name}"
            if value is None or column.origin:
                continue
            choices: dict[tuple[str, str], Iterable[Any]] = {("coded value", shown): column.levels or ()}
            if key == "stance":
                choices["opposite stance", shown] = {OPPOSITE.get(value, value)}
            if column.type == "date":
                choices["date", shown] = [str(value + timedelta(days)) for days in (-7, -1, 1, 7)]
            if key in NUMBERS:
                choices["number", shown] = [value + 1, value - 1, value * 10, value + 100]
            if key in REFERENCES and value != row.id:
                same = (id for id, place in home_of.items() if place == home_of[value] and id[:2] == value[:2])
                choices["reference", f"{shown} ({value[:2]})"] = [id for id in same if id != row.id]
            if key in ("speaker_id", "addressee_id") or shown == "participants.actor_id":
                choices["actor", shown] = mentioned[home]
            if key == "source_chain":
                value = value.split("/")
                vouchers = mentioned[home] + [UNSPECIFIED, ARTICLE] * (len(value) == 1)
                choices["actor", f"a link of {shown}"] = [
                    [*value[:place], actor, *value[place + 1 :]] for place in range(len(value)) for actor in vouchers
                ]
            for (kind, name), others in choices.items():
                yield from (Fault(kind, name, [(record, key, other)]) for other in others if other != value)
        if row.table.name in ("spans", "exclusions"):
            yield from moved(row, record, texts[home].content)


def moved(row: Row, record: dict[str, Any], text: str) -> Iterator[Fault]:
    """A span on other words, with the digest of these words."""
    words = [match.span() for match in re.finditer(r"[^\W_]+(?:[-'’.,][^\W_]+)*", text)]
    first = min(place for place, (_, end) in enumerate(words) if end > row["start_char"])
    last = max(place for place, (start, _) in enumerate(words) if start < row["end_char"])
    for left, right in MOVES:
        if 0 <= first + left <= last + right < len(words):
            start = words[first + left][0] if left else row["start_char"]
            end = words[last + right][1] if right else row["end_char"]
            edits: Edits = [(record, "start_char", start), (record, "end_char", end)]
            if "digest" in record:
                edits.append((record, "digest", digest(text[start:end])))
            yield Fault("span", record.get("part", "exclusions"), edits)


def consistent(coding: Coding) -> Iterator[Fault]:
    """Faults whose consequences are written as well: certainty, bounds, and the chains of all that is in a quote."""
    edits: Edits
    for row in coding.rows("attestations"):
        for stance in set(row.table.by_name["stance"].levels or ()) - {row["stance"]}:
            certainty = "unmarked" if stance in MARKED else None
            edits = [(written(row), "stance", stance), (written(row), "certainty", certainty)]
            yield Fault("coded value", "attestations.stance, certainty too", edits)
    for row in (row for row in coding.rows("figures") if row["value"] is not None):
        record, value = written(row), row["value"]
        for number in (value + 1, value - 1, value * 10, value + 100):
            edits = [(record, key, number) for key in NUMBERS if row[key] == value]
            yield Fault("number", "figures.value, bounds too", edits)
        for modifier in BOUNDS.keys() - {row["modifier"], "range"}:
            edits = [(record, key, value if kind else None) for key, kind in zip(NUMBERS, BOUNDS[modifier])]
            yield Fault("coded value", "figures.modifier, bounds too", [(record, "modifier", modifier), *edits])
    chained = [row for name in ("attestations", "figures", "quotes") for row in coding.rows(name)]
    for row in coding.rows("quotes"):
        place, quote = row["source_chain"].count("/"), row["quote_id"]
        inside = [other for other in chained if quote in (other["quote_id"], other.cells.get("nested_in"))]
        for mention in coding.rows("mentions"):
            if mention["article_id"] == row["article_id"] and (actor := mention["actor_id"]) != row["speaker_id"]:
                edits = [(written(row), "speaker_id", actor)]
                for other in inside:
                    chain = other["source_chain"].split("/")
                    edits.append((written(other), "source_chain", [*chain[:place], actor, *chain[place + 1 :]]))
                yield Fault("actor", "quotes.speaker_id, chains too", edits)


def written(row: Row) -> Any:
    """The record that a row was read from."""
    found = row.document.value
    for step in row.pointer:
        found = found[step]
    return found


def article(row: Row) -> str:
    """The article in whose file a row stands, or nothing."""
    while row.parent is not None:
        row = row.parent
    return str(row.cells.get("article_id", ""))


if __name__ == "__main__":
    main()
