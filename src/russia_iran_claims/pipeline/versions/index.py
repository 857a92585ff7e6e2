"""What is published, by versions.json and by hashes."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path
from typing import Annotated, NotRequired

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, with_config
from typing_extensions import TypedDict

from ..io.files import read_text, refuse
from ..io.json_file import read_model
from ..io.problems import BuildError, Problem, printable

INDEX = "versions.json"
SUMS = "SHA256SUMS"
CHANGELOG = "CHANGELOG.md"
# Names the version that is being published, from before its folder is in place until it is in the index.
UNDERWAY = ".releasing"
NUMBER = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_STRICT = ConfigDict(extra="forbid", strict=True)


def _number(text: str) -> str:
    parts(text)
    return text


def _day(text: str) -> str:
    if not DAY.fullmatch(text):
        raise ValueError(f"found {text[:60]!r}, expected a date as YYYY-MM-DD")
    date.fromisoformat(text)
    return text


_Sum = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


@with_config(_STRICT)
class Rows(TypedDict):
    """How many rows a table of a version has, and in 0.1.0 the SHA-256 over them."""

    rows: Annotated[int, Field(ge=0)]
    content: NotRequired[_Sum]


@with_config(_STRICT)
class Entry(TypedDict):
    """What versions.json says about a version: its date, the size of its files in bytes, and the hash of SHA256SUMS.

    `archive` is the SHA-256 of its zip file as it was first made.
    """

    version: Annotated[str, AfterValidator(_number)]
    released: Annotated[str, AfterValidator(_day)]
    bytes: Annotated[int, Field(ge=0)]
    sums: _Sum
    tables: dict[str, Rows]
    archive: NotRequired[_Sum]


@with_config(_STRICT)
class _Index(TypedDict):
    versions: list[Entry]


def read_index(dataset: Path) -> list[Entry]:
    """The entries of versions.json, oldest first; none before the first release.

    Raises BuildError if it is damaged, or if a version's folder stands there that it does not list.
    """
    path = dataset / INDEX
    entries: list[Entry] = []
    there = path.exists() or path.is_symlink()
    if there:
        read: _Index = read_model(path, f"dataset/{INDEX}", "index", _Index, _restore(f"dataset/{INDEX}"))
        entries = read["versions"]
        numbers = [parts(entry["version"]) for entry in entries]
        if numbers != sorted(set(numbers)):
            raise _damaged("does not list each version once, the oldest first")
    listed = {entry["version"] for entry in entries} | {underway(dataset)}
    unlisted = [path.name for path in _folders(dataset) if path.name not in listed]
    if unlisted:
        names = ", ".join(unlisted)
        raise _damaged(f"does not list {names}" if there else f"is missing, but the folder of {names} is there")
    return entries


def underway(dataset: Path) -> str | None:
    """The version whose release was interrupted, or None."""
    path = dataset / UNDERWAY
    if not (path.exists() or path.is_symlink()):
        return None
    number = read_text(path, f"dataset/{UNDERWAY}").strip()
    if not NUMBER.fullmatch(number):
        found = f"found {printable(number)[:60]!r}, expected the number of a version"
        raise BuildError([Problem(f"dataset/{UNDERWAY}", 0, 0, "index", found, hint="remove the file")])
    return number


def find_version(dataset: Path, number: str) -> Entry:
    """The entry of one version. Raises BuildError, which says what versions there are."""
    index = read_index(dataset)
    for entry in index:
        if entry["version"] == number:
            return entry
    known = ", ".join(entry["version"] for entry in index) or "none"
    found = f"there is no published version {number}; there are: {known}"
    raise BuildError([Problem(f"dataset/{INDEX}", 0, 0, "version", found, hint="give one of these")])


def read_unmodified(dataset: Path) -> list[Entry]:
    """The entries of versions.json, once the files of every version are known to be those that were published.

    Raises BuildError if one was modified.
    """
    index = read_index(dataset)
    if problems := [problem for entry in index for problem in unmodified(dataset, entry)]:
        raise BuildError(problems)
    return index


def unmodified(dataset: Path, entry: Entry) -> list[Problem]:
    """What differs in a version's folder from what was published, by the hashes in the index and in the changelog."""
    number = entry["version"]
    folder, place = dataset / number, f"dataset/{number}"
    if folder.is_symlink() or not folder.is_dir():
        found = "is a symbolic link, not the folder" if folder.is_symlink() else "the folder is missing"
        return [Problem(place, 0, 0, "verify", found, hint=_restore(place))]
    try:
        if not _is_file(folder / SUMS) or sha256(folder / SUMS) != entry["sums"]:
            return [Problem(f"{place}/{SUMS}", 0, 0, "verify", f"does not match {INDEX}", hint=_restore(place))]
        problems = _files(folder, place)
    except OSError as error:
        refuse("read", Path(f"{place}/{Path(error.filename or '').name}"), error)
    told = told_sums(dataset.parent / CHANGELOG, number)
    if told and told != entry["sums"]:
        found = f"has another SHA-256 of {place}/{SUMS} than {INDEX}: one of the three was changed"
        problems.append(
            Problem(CHANGELOG, 0, 0, "verify", found, hint=_restore(f"{place} dataset/{INDEX} {CHANGELOG}"))
        )
    return problems


def unlisted(folder: Path) -> list[Problem]:
    """What differs in the folder of a version that is not listed yet from its own list of hashes."""
    place = f"dataset/{folder.name}"
    if folder.is_symlink() or not folder.is_dir() or not _is_file(folder / SUMS):
        return [Problem(place, 0, 0, "index", "is not the folder of a version")]
    return _files(folder, place)


def told_sums(changelog: Path, number: str) -> str | None:
    """The SHA-256 that the changelog repeats for a version, or None."""
    text = read_text(changelog, CHANGELOG, largest=None).replace("\r\n", "\n") if changelog.exists() else ""
    section = f"\n{text}".partition(f"\n## {number} (")[2].partition("\n## ")[0]
    found = re.search(r"^SHA-256 of its `SHA256SUMS`: `([0-9a-f]{64})`$", section, re.MULTILINE)
    return found[1] if found else None


def sums(folder: Path) -> str:
    """The SHA-256 of every file of a version except SHA256SUMS itself, in the format of `sha256sum`."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(_hashes(folder).items()))


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def parts(number: str) -> tuple[int, int, int]:
    """Split a version number. Raises ValueError for anything else."""
    match = NUMBER.fullmatch(number)
    if match is None:
        raise ValueError(f"{number!r} is no version number like 1.2.3")
    major, minor, patch = map(int, match.groups())
    return major, minor, patch


def _files(folder: Path, place: str) -> list[Problem]:
    """Files that were changed, are missing, or were added."""
    lines = read_text(folder / SUMS, f"{place}/{SUMS}").splitlines()
    told = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = _hashes(folder) | {path.name: "not a file" for path in folder.iterdir() if not _is_file(path)}
    problems = []
    for name in sorted({*told, *found}):
        if told.get(name) != found.get(name):
            added = "the file was not published" if name not in told else "the file was changed"
            message = added if name in found else "the file is missing"
            hint = _restore(f"{place}/{name}") if name in told else "move it elsewhere"
            problems.append(Problem(f"{place}/{name}", 0, 0, "verify", message, hint=hint))
    return problems


def _hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file of a version except SHA256SUMS itself, by name."""
    return {path.name: sha256(path) for path in folder.iterdir() if path.name != SUMS and _is_file(path)}


def _is_file(path: Path) -> bool:
    """Whether a path is a regular file itself: a link to one could come to lead elsewhere."""
    return path.is_file() and not path.is_symlink()


def _folders(dataset: Path) -> list[Path]:
    if not dataset.is_dir():
        return []
    return sorted(path for path in dataset.iterdir() if NUMBER.fullmatch(path.name))


def _damaged(found: str) -> BuildError:
    return BuildError([Problem(f"dataset/{INDEX}", 0, 0, "index", found, hint=_restore(f"dataset/{INDEX}"))])


def _restore(paths: str) -> str:
    return f"take it from version control: git checkout -- {paths}"
