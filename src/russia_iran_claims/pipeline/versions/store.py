"""Write versions to `dataset/`: aside first, then checked, synced and moved into place, the index last."""

from __future__ import annotations

import fcntl
import filecmp
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..problems import BuildError, Problem, ordered
from ..schema.load import Schema
from ..tables.check_files import check_files
from ..tables.derive import Records
from ..tables.write import replace_text, write_files
from .numbering import NUMBER, parts

INDEX = "versions.json"
SUMS = "SHA256SUMS"
# Beside the sums in 0.1.0: hashes of the rows, from before the CSV files were known not to depend on a library.
CONTENT = "CONTENTSUMS"
_ASIDE = (".building-", ".replaced-")
_KEYS = {"version", "released", "bytes", "sums", "tables"}


def build(dataset: Path, schema: Schema, records: Records) -> tuple[Path, bool]:
    """Write the version that the schema names. Returns its folder, and whether anything changed there.

    After the first release that version is frozen. Raises BuildError if raw/ no longer gives it to the byte, or if a
    written file has a problem. Nothing under `dataset` changes then.
    """
    target = dataset / schema.version
    with locked(dataset):
        published = [entry["version"] for entry in read_index(dataset)]
        with written(schema, records, dataset) as folder:
            differ = differing(folder, target)
            if not differ:
                return target, False
            if published:
                raise BuildError([_frozen(folder, target, differ, schema.version in published)])
            _put(folder, target)
    return target, True


def publish(dataset: Path, schema: Schema, records: Records) -> Path:
    """Publish a new version for good: the folder first, the index last. Returns the folder. The caller holds the lock.

    First removes what an interrupted run left. Raises BuildError if a written file has a problem.
    """
    target = dataset / schema.version
    index = read_index(dataset)
    clear(dataset, index)
    with written(schema, records, dataset) as folder:
        for path in folder.iterdir():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        _put(folder, target)
    content = {"versions": [*index, _entry(target, schema, records)]}
    replace_text(dataset / INDEX, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    return target


@contextmanager
def written(schema: Schema, records: Records, inside: Path | None = None) -> Iterator[Path]:
    """Write all files of a version to a temporary folder, which is removed afterwards unless it was moved into place.

    The folder is in `inside`, or where temporary files go. Raises BuildError if a written file has a problem.
    """
    if inside:
        inside.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=_ASIDE[0], dir=inside))
    try:
        folder.chmod(0o755)
        write_files(folder, schema, records)
        if problems := check_files(folder):
            raise BuildError(ordered(problems))
        (folder / SUMS).write_text(sums(folder), "utf-8")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def differing(folder: Path, target: Path) -> list[str]:
    """The files of a version that differ in another folder of it, and its sums if they are not those of its files."""
    names = {path.name for path in folder.iterdir()}
    names |= {path.name for path in target.iterdir()} if target.is_dir() else set()
    common = sorted(names - {SUMS, CONTENT})
    same = filecmp.cmpfiles(folder, target, common, shallow=False)[0]
    differ = [name for name in common if name not in same]
    # Not compared with the other folder: 0.1.0 has another list of files.
    whole = (target / SUMS).is_file() and (target / SUMS).read_bytes() == sums(target).encode()
    return differ if whole else [*differ, SUMS]


def sums(folder: Path) -> str:
    """The SHA-256 of every file of a version except SHA256SUMS itself, in the format of `sha256sum`."""
    names = sorted(path.name for path in folder.iterdir() if path.name != SUMS and path.is_file())
    return "".join(f"{sha256(folder / name)}  {name}\n" for name in names)


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_index(dataset: Path) -> list[dict[str, Any]]:
    """The entries of versions.json, oldest first; none before the first release. Raises BuildError if damaged."""
    path = dataset / INDEX
    if not path.exists():
        return []
    try:
        entries = json.loads(path.read_text("utf-8"))["versions"]
        numbers = [parts(entry["version"]) for entry in entries]
        if not isinstance(entries, list) or not all(entry.keys() >= _KEYS for entry in entries):
            raise ValueError(f"each version needs {', '.join(sorted(_KEYS))}")
    except (ValueError, KeyError, TypeError, OSError) as error:
        found = f"is not the list of versions that `release` writes: {error!r}"
        raise BuildError(
            [Problem(f"dataset/{INDEX}", 0, 0, "index", found, hint="take the file from version control")]
        ) from error
    if numbers != sorted(set(numbers)):
        found = "does not list each version once, the oldest first"
        raise BuildError([Problem(f"dataset/{INDEX}", 0, 0, "index", found)])
    return list(entries)


def clear(dataset: Path, index: list[dict[str, Any]]) -> None:
    """Remove what an interrupted run left: folders that are not in the index. The caller holds the lock."""
    published = {entry["version"] for entry in index}
    for path in dataset.iterdir():
        unfinished = index and NUMBER.fullmatch(path.name) and path.name not in published
        if path.name.startswith(_ASIDE) or unfinished:
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def locked(dataset: Path) -> Iterator[None]:
    """Hold the lock against other builds and releases. It is released when the process ends, however it ends."""
    dataset.mkdir(parents=True, exist_ok=True)
    handle = os.open(dataset, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            found, hint = "another build or release is running", "wait until it has ended"
            raise BuildError([Problem("dataset", 0, 0, "locked", found, hint=hint)]) from error
        yield
    finally:
        os.close(handle)


def _put(folder: Path, target: Path) -> None:
    if not target.exists():
        folder.rename(target)
        return
    with tempfile.TemporaryDirectory(prefix=_ASIDE[1], dir=target.parent) as old:
        target.rename(Path(old) / target.name)
        folder.rename(target)


def _entry(folder: Path, schema: Schema, records: Records) -> dict[str, Any]:
    return {
        "version": schema.version,
        "released": schema.dataset["released"],
        "bytes": sum(path.stat().st_size for path in folder.iterdir()),
        "sums": sha256(folder / SUMS),
        "tables": {name: {"rows": len(rows)} for name, rows in records.items()},
    }


def _frozen(folder: Path, target: Path, differ: list[str], known: bool) -> Problem:
    place = f"dataset/{target.name}"
    if not known:
        found = f"schema/dataset.json names version {target.name}, which is not published"
        return Problem(place, 0, 0, "frozen", found, hint="leave the version alone: `release` computes and writes it")
    names = ", ".join(differ[:6]) + (" …" if len(differ) > 6 else "")
    if any((folder / name).exists() != (target / name).exists() for name in differ) or differ == [SUMS]:
        found = f"files are missing, were added or do not match {SUMS}: {names}"
        return Problem(place, 0, 0, "frozen", found, hint="take the folder from version control")
    hint = "run release: it publishes the next version. If nothing was changed, install the pinned libraries"
    return Problem(place, 0, 0, "frozen", f"raw/ and schema/ give other bytes for {names}", hint=hint)
