"""From rows to a version under `dataset/`: built aside, audited, synced, and put in place whole, the index last."""

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

from .audit import auditing
from .canon import from_folder
from .derive import Records
from .files import replace_text, write_release
from .problems import BuildError, Problem, ordered
from .schemas import Schema
from .versioning import NUMBER, parts

INDEX = "versions.json"
SUMS = "SHA256SUMS"
CONTENT = "CONTENTSUMS"
_ASIDE = (".building-", ".replaced-")


def publish(dataset: Path, schema: Schema, records: Records) -> tuple[Path, bool]:
    """Write the version that the schema names. Gives its folder, and whether anything changed there.

    A version that is in the index is frozen: raw/ still gives it to the byte, or BuildError says what to do. Before the
    first release the version is written anew. Raises BuildError where the audit finds a problem, too; nothing under
    `dataset` has changed then.
    """
    target = dataset / schema.version
    with locked(dataset):
        published = [entry["version"] for entry in read_index(dataset)]
        with aside(dataset) as folder:
            write_version(folder, schema, records)
            if same(folder, target):
                return target, False
            if published:
                raise BuildError([_frozen(folder, target, schema.version in published)])
            _replace(folder, target)
    return target, True


def release(dataset: Path, schema: Schema, records: Records) -> Path:
    """Publish a new version for good: the folder first, the index last. Gives the folder.

    Whatever an interrupted run left behind is cleared away before. Raises BuildError where the audit finds a problem.
    """
    target = dataset / schema.version
    with locked(dataset):
        index = read_index(dataset)
        # Planned without the lock: somebody else may have published since, and nothing published is ever replaced.
        if index and parts(schema.version) <= parts(index[-1]["version"]):
            found = f"found version {index[-1]['version']} published meanwhile, expected none after the planned one"
            raise BuildError([Problem("dataset", 0, 0, "raced", found, hint="run release again: it plans anew")])
        clear(dataset, index)
        with aside(dataset) as folder:
            write_version(folder, schema, records)
            sync(folder)
            if not same(folder, target):
                _replace(folder, target)
                sync_folder(dataset)
            entry = _entry(target, schema)
        content = json.dumps({"versions": [*index, entry]}, indent=2, ensure_ascii=False) + "\n"
        replace_text(dataset / INDEX, content)
        sync_folder(dataset)
    return target


def write_version(folder: Path, schema: Schema, records: Records) -> None:
    """Write all files of a version into an empty folder, with their sums. Raises BuildError from the audit."""
    write_release(folder, schema, records)
    with auditing(folder) as finish:
        frames = from_folder(folder).frames
        content = "".join(f"{frame.content_hash()}  {name}\n" for name, frame in frames.items())
        if problems := finish():
            raise BuildError(ordered(problems))
    (folder / CONTENT).write_text(content, "utf-8")
    (folder / SUMS).write_text(sums(folder), "utf-8")


def sums(folder: Path) -> str:
    """The SHA-256 of every file of a version but the sums themselves, as `sha256sum` writes and checks them."""
    names = sorted(path.name for path in folder.iterdir() if path.name != SUMS)
    return "".join(f"{sha256(folder / name)}  {name}\n" for name in names)


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_index(dataset: Path) -> list[dict[str, Any]]:
    """The entries of versions.json, oldest first; none before the first release. Raises BuildError if it is damaged."""
    path = dataset / INDEX
    if not path.exists():
        return []
    try:
        entries = json.loads(path.read_text("utf-8"))["versions"]
        numbers = [parts(entry["version"]) for entry in entries]
    except (ValueError, KeyError, TypeError, OSError) as error:
        found = f"found no list of versions ({error}), expected what `release` wrote"
        raise BuildError(
            [Problem(f"dataset/{INDEX}", 0, 0, "index", found, hint="take the file from version control")]
        ) from error
    if numbers != sorted(set(numbers)):
        found = f"found the order {numbers}, expected each version once, the oldest first"
        raise BuildError([Problem(f"dataset/{INDEX}", 0, 0, "index", found)])
    return list(entries)


def clear(dataset: Path, index: list[dict[str, Any]]) -> None:
    """Take away what an interrupted run left: folders that are no version of the index. For the holder of the lock."""
    published = {entry["version"] for entry in index}
    for path in dataset.iterdir():
        unfinished = index and NUMBER.fullmatch(path.name) and path.name not in published
        if path.name.startswith(_ASIDE) or unfinished:
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def locked(dataset: Path) -> Iterator[None]:
    """Nobody else writes under `dataset` meanwhile. The lock is gone with the process, however it ends."""
    dataset.mkdir(parents=True, exist_ok=True)
    handle = os.open(dataset, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            found = "found that another run is writing here, expected to be alone"
            raise BuildError([Problem("dataset", 0, 0, "locked", found, hint="wait until it has ended")]) from error
        yield
    finally:
        os.close(handle)


@contextmanager
def aside(dataset: Path) -> Iterator[Path]:
    """A folder on the same file system, gone afterwards unless it was moved into place."""
    folder = Path(tempfile.mkdtemp(prefix=_ASIDE[0], dir=dataset))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files with the same bytes."""
    if not other.is_dir():
        return False
    names = sorted(path.name for path in one.iterdir())
    if names != sorted(path.name for path in other.iterdir()):
        return False
    return filecmp.cmpfiles(one, other, names, shallow=False)[0] == names


def sync(folder: Path) -> None:
    """Have every file of a folder, and the folder, on the disk before anything points at it."""
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Have a folder's list of names on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _replace(folder: Path, target: Path) -> None:
    if not target.exists():
        folder.rename(target)
        return
    with tempfile.TemporaryDirectory(prefix=_ASIDE[1], dir=target.parent) as old:
        target.rename(Path(old) / target.name)
        folder.rename(target)


def _entry(folder: Path, schema: Schema) -> dict[str, Any]:
    lines = (folder / CONTENT).read_text("utf-8").splitlines()
    content = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    names = [resource["name"] for resource in package["resources"] if resource.get("type") == "table"]
    rows = {name: _count(folder / f"{name}.parquet") for name in names}
    return {
        "version": schema.version,
        "released": schema.dataset["released"],
        "bytes": sum(path.stat().st_size for path in folder.iterdir()),
        "sums": sha256(folder / SUMS),
        "tables": {name: {"rows": rows[name], "content": content[name]} for name in names},
    }


def _count(path: Path) -> int:
    from pyarrow import parquet

    return int(parquet.read_metadata(path).num_rows)


def _frozen(folder: Path, target: Path, known: bool) -> Problem:
    place = f"dataset/{target.name}"
    if not known:
        found = f"found version {target.name} in schema/dataset.json, expected one that is published"
        return Problem(place, 0, 0, "frozen", found, hint="leave the version alone: `release` computes and writes it")
    names = sorted({path.name for path in folder.iterdir()} | {path.name for path in target.iterdir()})
    differ = [name for name in names if filecmp.cmpfiles(folder, target, [name], shallow=False)[0] != [name]]
    found = f"found that raw/ and schema/ give other bytes for {', '.join(differ[:6])}{' …' if len(differ) > 6 else ''}"
    hint = "run release: it publishes the next version. If nothing was changed, install the pinned libraries"
    return Problem(place, 0, 0, "frozen", f"{found}, expected those published", hint=hint)
