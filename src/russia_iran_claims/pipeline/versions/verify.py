"""Proof that published versions are what they were: every byte, every row, and that raw/ still gives the newest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from ..problems import BuildError, Problem
from ..schema.load import Schema
from ..tables.audit import audit
from ..tables.derive import Records
from .changes import changes_of, replay, tables_of
from .step import NUMBER
from .store import SUMS, differing, read_index, sha256, sums, written
from .version import from_folder


def verify(dataset: Path, number: str | None = None) -> tuple[list[str], list[Problem]]:
    """What was proved of one published version, or of all of them, and what is wrong."""
    index = read_index(dataset)
    wanted = [entry for entry in index if number in (None, entry["version"])]
    problems: list[Problem] = []
    if not wanted:
        found = f"found no published version{f' {number}' if number else ''}, expected one in versions.json"
        return [], [Problem("dataset/versions.json", 0, 0, "verify", found)]
    proved = []
    for entry in wanted:
        found_wrong = _version(dataset / entry["version"], entry)
        problems += found_wrong
        if not found_wrong:
            proved.append(f"{entry['version']}: files, rows, content and package are those published")
    if number is None:
        published = {entry["version"] for entry in index}
        for path in sorted(dataset.iterdir()):
            if NUMBER.fullmatch(path.name) and path.name not in published:
                found = "found a folder that versions.json does not list, expected none"
                problems.append(Problem(f"dataset/{path.name}", 0, 0, "verify", found))
        if not problems and len(index) > 1:
            problems += _replayed(dataset, index)
            proved += [] if problems else ["changes: replaying them on the first version gives the newest"]
    return proved, problems


def rebuilt(dataset: Path, schema: Schema, records: Records) -> str:
    """Prove that raw/ gives the newest version again: to the byte, or with other libraries by content.

    Raises BuildError where it does not.
    """
    newest = dataset / read_index(dataset)[-1]["version"]
    with written(schema, records) as folder:
        differ = differing(folder, newest)
        if not differ:
            return f"{newest.name}: raw/ gives it again, to the byte"
        other = [name for name in differ if name.endswith(".csv") or not _same_rows(folder / name, newest / name)]
        if not other:
            return f"{newest.name}: raw/ gives its content again; the bytes differ, as with other libraries"
    found = f"found that raw/ gives other content for {', '.join(other)}, expected that published"
    raise BuildError([Problem(f"dataset/{newest.name}", 0, 0, "verify", found, hint="run release")])


def _same_rows(one: Path, other: Path) -> bool:
    """Whether two Parquet files hold the same rows and types. The JSON files only repeat sizes and hashes of others."""
    if one.suffix != ".parquet":
        return one.exists() and other.exists()
    return one.exists() and other.exists() and pq.read_table(one).equals(pq.read_table(other))


def _version(folder: Path, entry: dict[str, Any]) -> list[Problem]:
    place = f"dataset/{folder.name}"
    if not folder.is_dir():
        return [Problem(place, 0, 0, "verify", "found no folder, expected the published version")]
    if not (folder / SUMS).is_file() or sha256(folder / SUMS) != entry["sums"]:
        return [Problem(f"{place}/{SUMS}", 0, 0, "verify", "found other sums than versions.json has, expected those")]
    problems = _files(folder, place)
    if problems:
        return problems
    for name, table in from_folder(folder).tables.items():
        # Only 0.1.0 has hashes of its rows beside those of its files.
        listed = {"content": table.content_hash(), **entry["tables"].get(name, {})}
        if listed != {"content": table.content_hash(), "rows": len(table.rows)}:
            found = "found rows that are not those that versions.json tells of, expected these"
            problems.append(Problem(f"{place}/{name}.csv", 0, 0, "verify", found))
    for problem in audit(folder):
        problems.append(Problem(f"{place}/{problem.path}", problem.line, problem.column, problem.rule, problem.message))
    return problems


def _files(folder: Path, place: str) -> list[Problem]:
    """Files that are not as the sums have them, are missing, or are too many."""
    lines = (folder / SUMS).read_text("utf-8").splitlines()
    told = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = {name: digest for digest, _, name in (line.partition("  ") for line in sums(folder).splitlines())}
    problems = []
    for name in sorted({*told, *found}):
        if told.get(name) == found.get(name):
            continue
        what = (
            "no such file"
            if name not in found
            else "a file that was not published"
            if name not in told
            else "other bytes"
        )
        message = f"found {what}, expected what was published"
        problems.append(
            Problem(f"{place}/{name}", 0, 0, "verify", message, hint="take the folder from version control")
        )
    return problems


def _replayed(dataset: Path, index: list[dict[str, Any]]) -> list[Problem]:
    tables = tables_of(from_folder(dataset / index[0]["version"]))
    for entry in index[1:]:
        version = from_folder(dataset / entry["version"])
        tables = replay(tables, changes_of(version))
        if tables != tables_of(version):
            found = "found that its changes do not lead from the version before to this one, expected that they do"
            return [Problem(f"dataset/{entry['version']}/changes.csv", 0, 0, "verify", found)]
    return []
