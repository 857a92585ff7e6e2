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
from ..schema.model import UNRELEASED, Schema
from ..tables.check_files import check_files, read_plain
from ..tables.derive import Records
from ..tables.write import replace_text, write_files
from .index import INDEX, SUMS, UNDERWAY, parts, read_index, sha256, sums, underway
from .version import from_folder

# Beside the sums in 0.1.0: hashes of the rows, from before the CSV files were known not to depend on a library.
CONTENT = "CONTENTSUMS"
_ASIDE = ".building-"


def write_unreleased(dataset: Path, schema: Schema, records: Records) -> tuple[Path, bool]:
    """Write rows that are not released to `dataset/unreleased/`. Returns the folder, and whether anything changed.

    Raises BuildError if a written file has a problem; the folder is as it was then.
    """
    target = dataset / UNRELEASED
    # Written outside `dataset/`, where a release that runs meanwhile would clear it away.
    with written(schema, records) as folder:
        if target.is_dir() and not differing(folder, target)[0]:
            return target, False
        remove_unreleased(dataset)
        shutil.copytree(folder, target, dirs_exist_ok=True)
    return target, True


def remove_unreleased(dataset: Path) -> bool:
    """Remove `dataset/unreleased/`, which raw/ has left behind. Returns whether it was there."""
    target = dataset / UNRELEASED
    if not target.is_dir():
        return False
    shutil.rmtree(target)
    return True


def publish(dataset: Path, schema: Schema, records: Records) -> Path:
    """Publish a new version for good: the folder first, the index last. Returns the folder.

    The caller holds the lock, and has called `complete`. Raises BuildError if a written file has a problem.
    """
    target = dataset / schema.version
    with written(schema, records, dataset) as folder:
        for path in folder.iterdir():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        replace_text(dataset / UNDERWAY, schema.version)
        folder.rename(target)
    complete(dataset)
    return target


def complete(dataset: Path) -> str | None:
    """Finish what an interrupted release left: returns the version that it adds to the index, or None.

    A version's folder is in place only when it is whole, so that nothing but its entry can be missing. Folders aside
    are removed. The caller holds the lock.
    """
    index, number = read_index(dataset), underway(dataset)
    for path in dataset.iterdir():
        if path.name.startswith(_ASIDE):
            shutil.rmtree(path, ignore_errors=True)
    listed = [entry["version"] for entry in index]
    added = number if number and number not in listed and (dataset / number).is_dir() else None
    if added:
        entries = sorted([*index, _entry(dataset / added)], key=lambda entry: parts(entry["version"]))
        replace_text(dataset / INDEX, json.dumps({"versions": entries}, indent=2, ensure_ascii=False) + "\n")
    (dataset / UNDERWAY).unlink(missing_ok=True)
    return added


@contextmanager
def written(schema: Schema, records: Records, inside: Path | None = None, *, audit: bool = True) -> Iterator[Path]:
    """Write all files of a version to a temporary folder, which is removed afterwards unless it was moved into place.

    The folder is in `inside`, or where temporary files go. With `audit` the files are read back and checked. Raises
    BuildError if one has a problem.
    """
    if inside:
        inside.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=inside))
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


def _entry(folder: Path) -> dict[str, Any]:
    version = from_folder(folder)
    return {
        "version": version.number,
        "released": version.schema.dataset["released"],
        "bytes": sum(path.stat().st_size for path in folder.iterdir()),
        "sums": sha256(folder / SUMS),
        "tables": {name: {"rows": len(table.rows)} for name, table in version.tables.items()},
    }
