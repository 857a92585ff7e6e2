"""Check that published versions are unmodified, and that raw/ still gives the newest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ..problems import BuildError, Problem
from ..schema.load import Schema
from ..tables.check_files import check_files, read_plain
from ..tables.derive import Records
from .changes import changes_of, replay, tables_of
from .numbering import NUMBER
from .store import SUMS, differing, read_index, sha256, sums, written
from .version import from_folder


def verify(dataset: Path, number: str | None = None) -> tuple[list[str], list[Problem]]:
    """Check one published version, or all of them. Returns what holds, and the problems."""
    index = read_index(dataset)
    wanted = [entry for entry in index if number in (None, entry["version"])]
    problems: list[Problem] = []
    if not wanted:
        known = ", ".join(entry["version"] for entry in index) or "none"
        found = f"there is no published version{f' {number}' if number else ''}; there are: {known}"
        return [], [Problem("dataset/versions.json", 0, 0, "verify", found)]
    proved = []
    for entry in tqdm(wanted, desc="verify", unit=" versions", leave=False, disable=None):
        found_wrong = _version(dataset / entry["version"], entry)
        problems += found_wrong
        if not found_wrong:
            proved.append(f"{entry['version']}: unmodified, and accepted by frictionless")
    if number is None:
        published = {entry["version"] for entry in index}
        for path in sorted(dataset.iterdir()):
            if NUMBER.fullmatch(path.name) and path.name not in published:
                found = "versions.json does not list this folder"
                problems.append(Problem(f"dataset/{path.name}", 0, 0, "verify", found))
        if not problems and len(index) > 1:
            problems += _replayed(dataset, index)
            proved += [] if problems else ["changes: replaying them on the first version gives the newest"]
    return proved, problems


def rebuilt(dataset: Path, schema: Schema, records: Records) -> str:
    """Check that raw/ gives the newest version: to the byte or, with other libraries, by content.

    Raises BuildError if it does not.
    """
    newest = dataset / read_index(dataset)[-1]["version"]
    with written(schema, records) as folder:
        differ = differing(folder, newest)
        if not differ:
            return f"{newest.name}: raw/ gives it again, to the byte"
        other = [name for name in differ if not _same_content(folder / name, newest / name)]
        if not other:
            return f"{newest.name}: raw/ gives its content again; the bytes differ, as with other libraries"
    found = f"raw/ and schema/ give other content for {', '.join(other)}"
    raise BuildError([Problem(f"dataset/{newest.name}", 0, 0, "verify", found, hint="run release")])


def _same_content(one: Path, other: Path) -> bool:
    """Whether two files of a version have the same content, even if other libraries wrote them."""
    if not (one.exists() and other.exists()):
        return False
    if one.suffix == ".parquet":
        return bool(read_plain(one).equals(read_plain(other)))
    if one.suffix == ".json":
        contents = [json.loads(path.read_text("utf-8")) for path in (one, other)]
        return bool(_without_sums(contents[0]) == _without_sums(contents[1]))
    return False


def _without_sums(value: Any) -> Any:
    """A descriptor without the sizes and hashes of files."""
    if isinstance(value, list):
        return [_without_sums(each) for each in value]
    if not isinstance(value, dict):
        return value
    sums = ("bytes", "hash", "contentSize", "sha256")
    return {key: _without_sums(each) for key, each in value.items() if key not in sums}


def _version(folder: Path, entry: dict[str, Any]) -> list[Problem]:
    place = f"dataset/{folder.name}"
    if not folder.is_dir():
        return [Problem(place, 0, 0, "verify", "the folder is missing")]
    if not (folder / SUMS).is_file() or sha256(folder / SUMS) != entry["sums"]:
        return [Problem(f"{place}/{SUMS}", 0, 0, "verify", "does not match versions.json")]
    problems = _files(folder, place)
    if problems:
        return problems
    for name, table in from_folder(folder).tables.items():
        # Only 0.1.0 has hashes of its rows beside those of its files.
        listed = {"content": table.content_hash(), **entry["tables"].get(name, {})}
        if listed != {"content": table.content_hash(), "rows": len(table.rows)}:
            found = "the rows do not match versions.json"
            problems.append(Problem(f"{place}/{name}.csv", 0, 0, "verify", found))
    for problem in check_files(folder):
        problems.append(Problem(f"{place}/{problem.path}", problem.line, problem.column, problem.rule, problem.message))
    return problems


def _files(folder: Path, place: str) -> list[Problem]:
    """Files that were changed, are missing, or were added."""
    lines = (folder / SUMS).read_text("utf-8").splitlines()
    told = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = {name: digest for digest, _, name in (line.partition("  ") for line in sums(folder).splitlines())}
    found |= {path.name: "not a file" for path in folder.iterdir() if not path.is_file()}
    problems = []
    for name in sorted({*told, *found}):
        if told.get(name) != found.get(name):
            added = "the file was not published" if name not in told else "the file was changed"
            message = added if name in found else "the file is missing"
            hint = "take the folder from version control"
            problems.append(Problem(f"{place}/{name}", 0, 0, "verify", message, hint=hint))
    return problems


def _replayed(dataset: Path, index: list[dict[str, Any]]) -> list[Problem]:
    tables = tables_of(from_folder(dataset / index[0]["version"]))
    for entry in index[1:]:
        version = from_folder(dataset / entry["version"])
        tables = replay(tables, changes_of(version))
        if tables != tables_of(version):
            found = "the changes do not lead from the version before to this one"
            return [Problem(f"dataset/{entry['version']}/changes.csv", 0, 0, "verify", found)]
    return []
