"""Write versions to `dataset/`: aside first, then checked, synced and moved into place, the index last."""

from __future__ import annotations

import fcntl
import filecmp
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..problems import BuildError, Problem, ordered
from ..schema.load import UNRELEASED, Schema
from ..tables.check_files import check_files, read_plain
from ..tables.derive import Records
from ..tables.write import replace_text, write_files
from .index import INDEX, SUMS, UNDERWAY, read_index, sha256, sums, underway

# Beside the sums in 0.1.0: hashes of the rows, from before the CSV files were known not to depend on a library.
CONTENT = "CONTENTSUMS"
_ASIDE = (".building-", ".replaced-")


def write_unreleased(dataset: Path, schema: Schema, records: Records) -> tuple[Path, bool]:
    """Write rows that are not released to `dataset/unreleased/`. Returns the folder, and whether anything changed.

    Raises BuildError if a written file has a problem; the folder is as it was then.
    """
    target = dataset / UNRELEASED
    with written(schema, records, dataset) as folder:
        if target.is_dir() and not differing(folder, target)[0]:
            return target, False
        _put(folder, target)
    return target, True


def remove_unreleased(dataset: Path) -> bool:
    """Remove `dataset/unreleased/`, which raw/ has left behind. Returns whether it was there."""
    target = dataset / UNRELEASED
    if not target.is_dir():
        return False
    shutil.rmtree(target)
    return True


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
        replace_text(dataset / UNDERWAY, schema.version)
        _put(folder, target)
    content = {"versions": [*index, _entry(target, schema, records)]}
    replace_text(dataset / INDEX, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    (dataset / UNDERWAY).unlink()
    return target


@contextmanager
def written(schema: Schema, records: Records, inside: Path | None = None, *, audit: bool = True) -> Iterator[Path]:
    """Write all files of a version to a temporary folder, which is removed afterwards unless it was moved into place.

    The folder is in `inside`, or where temporary files go. With `audit` the files are read back and checked. Raises
    BuildError if one has a problem.
    """
    if inside:
        inside.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=_ASIDE[0], dir=inside))
    try:
        folder.chmod(0o755)
        write_files(folder, schema, records)
        if audit and (problems := check_files(folder)):
            raise BuildError(ordered(problems))
        (folder / SUMS).write_text(sums(folder), "utf-8")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def differing(folder: Path, target: Path) -> tuple[list[str], list[str]]:
    """The files of a version that have other bytes in another folder of it, and those that have other content."""
    names = {path.name for each in (folder, target) for path in each.iterdir()}
    # The lists of hashes follow from the files, and 0.1.0 has one more of them.
    common = sorted(names - {SUMS, CONTENT})
    same = filecmp.cmpfiles(folder, target, common, shallow=False)[0]
    bytes = [name for name in common if name not in same]
    return bytes, [name for name in bytes if not _same_content(folder / name, target / name)]


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


def clear(dataset: Path, index: list[dict[str, Any]]) -> None:
    """Remove what an interrupted run left: folders aside, and that of a version not in the index yet.

    The caller holds the lock.
    """
    unfinished = {underway(dataset)} - {entry["version"] for entry in index}
    for path in dataset.iterdir():
        if path.name.startswith(_ASIDE) or path.name in unfinished:
            shutil.rmtree(path, ignore_errors=True)
    (dataset / UNDERWAY).unlink(missing_ok=True)


@contextmanager
def locked(dataset: Path) -> Iterator[None]:
    """Hold the lock against other releases. It is released when the process ends, however it ends."""
    dataset.mkdir(parents=True, exist_ok=True)
    handle = os.open(dataset, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            found, hint = "another release is running", "wait until it has ended"
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
