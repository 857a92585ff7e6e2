"""What is published, by versions.json and by hashes. Needs the standard library alone: wheels are built with it."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from ..problems import BuildError, Problem

INDEX = "versions.json"
SUMS = "SHA256SUMS"
CHANGELOG = "CHANGELOG.md"
# Names the version that is being published, from before its folder is in place until it is in the index.
UNDERWAY = ".releasing"
NUMBER = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")
_KEYS = {"version", "released", "bytes", "sums", "tables"}


def read_index(dataset: Path) -> list[dict[str, Any]]:
    """The entries of versions.json, oldest first; none before the first release.

    Raises BuildError if it is damaged, or if a version's folder stands there that it does not list.
    """
    path = dataset / INDEX
    entries: list[dict[str, Any]] = []
    if path.exists():
        try:
            entries = json.loads(path.read_text("utf-8"))["versions"]
            numbers = [parts(entry["version"]) for entry in entries]
            if not isinstance(entries, list) or not all(entry.keys() >= _KEYS for entry in entries):
                raise ValueError(f"each version needs {', '.join(sorted(_KEYS))}")
        except (ValueError, KeyError, TypeError, OSError) as error:
            found = f"is not the list of versions that `release` writes: {error!r}"
            raise _damaged(found) from error
        if numbers != sorted(set(numbers)):
            raise _damaged("does not list each version once, the oldest first")
    listed = {entry["version"] for entry in entries} | {underway(dataset)}
    unlisted = [path.name for path in _folders(dataset) if path.name not in listed]
    if unlisted:
        names = ", ".join(unlisted)
        found = f"does not list {names}" if path.exists() else f"is missing, but the folder of {names} is there"
        raise _damaged(found)
    return entries


def underway(dataset: Path) -> str | None:
    """The version whose release was interrupted, or None."""
    path = dataset / UNDERWAY
    return path.read_text("utf-8").strip() if path.is_file() else None


def find_version(dataset: Path, number: str) -> dict[str, Any]:
    """The entry of one version. Raises BuildError, which says what versions there are."""
    index = read_index(dataset)
    for entry in index:
        if entry["version"] == number:
            return entry
    known = ", ".join(entry["version"] for entry in index) or "none"
    found = f"there is no published version {number}; there are: {known}"
    raise BuildError([Problem(f"dataset/{INDEX}", 0, 0, "version", found, hint="give one of these")])


def read_unmodified(dataset: Path) -> list[dict[str, Any]]:
    """The entries of versions.json, once the files of every version are known to be those that were published.

    Raises BuildError if one was modified.
    """
    index = read_index(dataset)
    if problems := [problem for entry in index for problem in unmodified(dataset, entry)]:
        raise BuildError(problems)
    return index


def unmodified(dataset: Path, entry: dict[str, Any]) -> list[Problem]:
    """What differs in a version's folder from what was published, by the hashes in the index and in the changelog."""
    number = entry["version"]
    folder, place = dataset / number, f"dataset/{number}"
    if not folder.is_dir():
        return [Problem(place, 0, 0, "verify", "the folder is missing", hint=_restore(place))]
    if not (folder / SUMS).is_file() or sha256(folder / SUMS) != entry["sums"]:
        return [Problem(f"{place}/{SUMS}", 0, 0, "verify", f"does not match {INDEX}", hint=_restore(place))]
    problems = _files(folder, place)
    told = told_sums(dataset.parent / CHANGELOG, number)
    if told and told != entry["sums"]:
        found = f"has another SHA-256 of {place}/{SUMS} than {INDEX}: one of the three was changed"
        problems.append(
            Problem(CHANGELOG, 0, 0, "verify", found, hint=_restore(f"{place} dataset/{INDEX} {CHANGELOG}"))
        )
    return problems


def told_sums(changelog: Path, number: str) -> str | None:
    """The SHA-256 that the changelog repeats for a version, or None."""
    text = changelog.read_text("utf-8") if changelog.is_file() else ""
    found = re.search(r"\b[0-9a-f]{64}\b", text.partition(f"\n## {number} (")[2].partition("\n## ")[0])
    return found[0] if found else None


def sums(folder: Path) -> str:
    """The SHA-256 of every file of a version except SHA256SUMS itself, in the format of `sha256sum`."""
    names = sorted(path.name for path in folder.iterdir() if path.name != SUMS and path.is_file())
    return "".join(f"{sha256(folder / name)}  {name}\n" for name in names)


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def parts(number: str) -> tuple[int, int, int]:
    """Split a version number. Raises ValueError for anything else."""
    match = NUMBER.fullmatch(number)
    if match is None:
        raise ValueError(f"{number!r} is no version number like 1.2.3")
    major, minor, patch = map(int, match.groups())
    return major, minor, patch


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
            hint = _restore(f"{place}/{name}") if name in told else "move it elsewhere"
            problems.append(Problem(f"{place}/{name}", 0, 0, "verify", message, hint=hint))
    return problems


def _folders(dataset: Path) -> list[Path]:
    if not dataset.is_dir():
        return []
    return sorted(path for path in dataset.iterdir() if NUMBER.fullmatch(path.name))


def _damaged(found: str) -> BuildError:
    return BuildError([Problem(f"dataset/{INDEX}", 0, 0, "index", found, hint=_restore(f"dataset/{INDEX}"))])


def _restore(paths: str) -> str:
    return f"take it from version control: git checkout -- {paths}"
