"""Write versions to `dataset/`: aside first, then checked, synced and moved into place, the index last."""

from __future__ import annotations

import fcntl
import io
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..io.files import aside, read_bytes, refuse, remove, write
from ..io.problems import BuildError, Problem, ordered
from ..schema.model import UNRELEASED, Records, Schema
from ..tables.check_files import check_files, read_plain
from ..tables.write import files_of
from .index import DAY, INDEX, SUMS, UNDERWAY, Entry, parts, read_index, sha256, sums, underway, unlisted
from .version import from_folder

# Beside the sums in 0.1.0: hashes of the rows, from before the CSV files were known not to depend on a library.
CONTENT = "CONTENTSUMS"


def write_unreleased(dataset: Path, schema: Schema, records: Records) -> tuple[Path, bool]:
    """Write rows that are not released to `dataset/unreleased/`. Returns the folder, and whether anything changed.

    Raises BuildError if a written file has a problem; the folder is as it was then.
    """
    target = dataset / UNRELEASED
    with written(dataset, schema, records) as folder:
        new = ((path.name, path.read_bytes()) for path in sorted(folder.iterdir()))
        if target.is_dir() and not target.is_symlink() and not differing(new, target)[0]:
            return target, False
        remove_unreleased(dataset)
        _move(folder, target)
    return target, True


def remove_unreleased(dataset: Path) -> bool:
    """Remove `dataset/unreleased/`, which raw/ has left behind. Returns whether it was there."""
    target = dataset / UNRELEASED
    there = target.exists() or target.is_symlink()
    remove(target)
    return there


def publish(dataset: Path, schema: Schema, records: Records) -> Path:
    """Publish a new version for good: the folder first, the index last. Returns the folder.

    The caller holds the lock, and has called `complete`. Raises BuildError if a written file has a problem.
    """
    target = dataset / schema.version
    with written(dataset, schema, records) as folder:
        write(dataset / UNDERWAY, schema.version)
        _move(folder, target)
    complete(dataset)
    return target


def complete(dataset: Path) -> str | None:
    """Finish what an interrupted release left: returns the version that it adds to the index, or None.

    A version's folder is in place only when it is whole, so that nothing but its entry can be missing. The caller holds
    the lock.
    """
    index, number = read_index(dataset), underway(dataset)
    listed = [entry["version"] for entry in index]
    added = number if number and number not in listed and (dataset / number).exists() else None
    if added:
        entries = [*index, _whole(dataset / added, index)]
        _write_index(dataset, entries)
    remove(dataset / UNDERWAY)
    return added


def record_archive(dataset: Path, number: str, made: str) -> str:
    """Note the SHA-256 of a version's archive in the index when it is made first. Returns the one that is noted."""
    with locked(dataset, wait=True):
        entries = read_index(dataset)
        (entry,) = (entry for entry in entries if entry["version"] == number)
        if "archive" not in entry:
            entry["archive"] = made
            _write_index(dataset, entries)
        return entry["archive"]


def state(dataset: Path, number: str) -> str:
    """How far the release of a version has come, whenever it was interrupted."""
    if any(entry["version"] == number for entry in read_index(dataset)):
        return f"{number} is published; run `release` again to bring the files that name it up to date"
    if (dataset / number).is_dir():
        return f"{number} is in place and not listed yet; run `release` again to finish it"
    return "nothing was published"


def _write_index(dataset: Path, entries: list[Entry]) -> None:
    write(dataset / INDEX, json.dumps({"versions": entries}, indent=2, ensure_ascii=False) + "\n")


@contextmanager
def written(dataset: Path, schema: Schema, records: Records) -> Iterator[Path]:
    """Write and check all files of a version in a folder aside, which is removed unless it is moved into place.

    Raises BuildError if a written file has a problem.
    """
    with aside(dataset) as folder:
        for name, content in files_of(schema, records):
            write(folder / name, content)
        if problems := check_files(folder):
            raise BuildError(ordered(problems))
        write(folder / SUMS, sums(folder))
        yield folder


def differing(files: Iterable[tuple[str, bytes]], target: Path) -> tuple[list[str], list[str]]:
    """The files of a version that have other bytes in a folder of it, and those that have other content there."""
    # The lists of hashes follow from the files, and 0.1.0 has one more of them.
    there = {path.name for path in target.iterdir()} - {SUMS, CONTENT}
    bytes, content = [], []
    for name, new in files:
        old = _old(target / name) if name in there else None
        there.discard(name)
        if name not in (SUMS, CONTENT) and new != old:
            bytes.append(name)
            if old is None or not _same_content(name, new, old):
                content.append(name)
    return [*bytes, *sorted(there)], [*content, *sorted(there)]


def _same_content(name: str, one: bytes, other: bytes) -> bool:
    """Whether two files of a version have the same content, even if other libraries wrote them."""
    with suppress(ValueError, RecursionError, OSError):  # what cannot be read differs
        if name.endswith(".parquet"):
            return bool(read_plain(io.BytesIO(one)).equals(read_plain(io.BytesIO(other))))
        if name.endswith(".json"):
            return bool(_without_sums(json.loads(one)) == _without_sums(json.loads(other)))
    return False


def _old(path: Path) -> bytes | None:
    try:
        return read_bytes(path, path.name, largest=None)
    except BuildError:
        return None


def _move(folder: Path, target: Path) -> None:
    try:
        folder.rename(target)
    except OSError as error:
        refuse("write", target, error)


def _without_sums(value: Any) -> Any:
    """A descriptor without the sizes and hashes of files."""
    if isinstance(value, list):
        return [_without_sums(each) for each in value]
    if not isinstance(value, dict):
        return value
    sums = ("bytes", "hash", "contentSize", "sha256")
    return {key: _without_sums(each) for key, each in value.items() if key not in sums}


@contextmanager
def locked(dataset: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock against other releases, and `wait` for it if need be.

    It is released when the process ends, however it ends.
    """
    try:
        dataset.mkdir(parents=True, exist_ok=True)
        handle = os.open(dataset, os.O_RDONLY)
    except OSError as error:
        refuse("write", dataset, error)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            found, hint = "another release is running", "wait until it has ended"
            raise BuildError([Problem("dataset", 0, 0, "locked", found, hint=hint)]) from error
        yield
    finally:
        os.close(handle)


def _whole(folder: Path, index: list[Entry]) -> Entry:
    """The entry of a version that is not listed yet. Raises BuildError if its folder is not what was written."""
    problems = unlisted(folder)
    if not problems:
        entry = _entry(folder)
        newest = parts(index[-1]["version"]) if index else (0, 0, 0)
        if entry["version"] == folder.name and parts(folder.name) > newest and DAY.fullmatch(entry["released"]):
            return entry
        problems = [Problem(f"dataset/{folder.name}", 0, 0, "index", "is not the next version")]
    hint = f"this version is not listed yet: remove dataset/{folder.name} and dataset/{UNDERWAY}, and run release again"
    raise BuildError([replace(problem, hint=hint) for problem in problems])


def _entry(folder: Path) -> Entry:
    version = from_folder(folder)
    return {
        "version": version.number,
        "released": str(version.schema.dataset["released"]),
        "bytes": sum(path.stat().st_size for path in folder.iterdir()),
        "sums": sha256(folder / SUMS),
        "tables": {name: {"rows": len(table.rows)} for name, table in version.tables.items()},
    }
