"""From rows to a version under `dataset/`: built aside, audited, and put in place as a whole."""

from __future__ import annotations

import filecmp
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .audit import audit
from .derive import Records
from .files import write_release
from .problems import BuildError, ordered
from .schemas import Schema


def publish(dataset: Path, schema: Schema, records: Records) -> tuple[Path, bool]:
    """Write the version that the schema names. Gives its folder, and whether anything changed there.

    Raises BuildError where the audit finds a problem; nothing under `dataset` has changed then.
    """
    target = dataset / schema.version
    dataset.mkdir(parents=True, exist_ok=True)
    with _aside(dataset) as folder:
        write_release(folder, schema, records)
        if problems := audit(folder):
            raise BuildError(ordered(problems))
        if _same(folder, target):
            return target, False
        _replace(folder, target)
    return target, True


@contextmanager
def _aside(dataset: Path) -> Iterator[Path]:
    """A folder on the same file system, gone afterwards unless it was moved into place."""
    folder = Path(tempfile.mkdtemp(prefix=".building-", dir=dataset))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _same(one: Path, other: Path) -> bool:
    if not other.is_dir():
        return False
    names = sorted(path.name for path in one.iterdir())
    if names != sorted(path.name for path in other.iterdir()):
        return False
    return filecmp.cmpfiles(one, other, names, shallow=False)[0] == names


def _replace(folder: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory(prefix=".replaced-", dir=target.parent) as old:
        if target.exists():
            target.rename(Path(old) / target.name)
        folder.rename(target)
