"""Check that published versions are unmodified."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from tqdm import tqdm

from ..io.problems import BuildError, Problem
from ..tables.check_files import check_files
from .changes import published_changes, replay, tables_of
from .index import INDEX, Entry, find_version, read_index, read_unmodified, unmodified
from .version import from_folder


def verify(dataset: Path, number: str | None = None) -> tuple[list[str], list[Problem]]:
    """Check one published version, or all of them. Returns what holds, and the problems.

    A version is compared with the hashes that were published, and validated by frictionless; all versions together are
    replayed. Raises BuildError if the index is damaged, or if there is no such version.
    """
    index = read_index(dataset)
    if not index:
        return [], [Problem(f"dataset/{INDEX}", 0, 0, "verify", "there is no published version", hint="run release")]
    proved, problems = [], list[Problem]()
    wanted = [find_version(dataset, number)] if number else index
    for entry in tqdm(wanted, desc="verify", unit=" versions", leave=False, disable=None):
        found_wrong = unmodified(dataset, entry) or _audited(dataset, entry)
        problems += found_wrong
        if not found_wrong:
            proved.append(f"{entry['version']}: unmodified, and accepted by frictionless")
    if number is None and not problems and len(index) > 1:
        problems += _replayed(dataset, index)
        proved += [] if problems else ["changes: replaying them on the first version gives the newest"]
    return proved, problems


def sound(dataset: Path) -> list[Entry]:
    """The entries of the published versions, once their files are known to be those that were published.

    Raises BuildError if one was modified, or if their changes do not lead from each to the next. Their tables were
    validated when they were published, and are not validated again.
    """
    index = read_unmodified(dataset)
    if problems := _replayed(dataset, index):
        raise BuildError(problems)
    return index


def _audited(dataset: Path, entry: Entry) -> list[Problem]:
    folder, place = dataset / entry["version"], f"dataset/{entry['version']}"
    problems = []
    for name, table in from_folder(folder).tables.items():
        # Only 0.1.0 has hashes of its rows beside those of its files.
        listed = {"content": table.content_hash(), **entry["tables"].get(name, {})}
        if listed != {"content": table.content_hash(), "rows": len(table.rows)}:
            found = f"the rows do not match {INDEX}"
            problems.append(Problem(f"{place}/{name}.csv", 0, 0, "verify", found))
    for problem in check_files(folder):
        problems.append(Problem(f"{place}/{problem.path}", problem.line, problem.column, problem.rule, problem.message))
    return problems


def _replayed(dataset: Path, index: list[Entry]) -> list[Problem]:
    folders = [dataset / entry["version"] for entry in index]
    tables = [tables_of(from_folder(folder)) for folder in folders] if len(folders) > 1 else []
    for (before, after), folder in zip(pairwise(tables), folders[1:]):
        if replay(before, published_changes(folder)) != after:
            found = "the changes do not lead from the version before to this one"
            return [Problem(f"dataset/{folder.name}/changes.csv", 0, 0, "verify", found)]
    return []
