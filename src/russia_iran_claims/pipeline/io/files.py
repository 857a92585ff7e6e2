"""One way to read a file, and one way to write one.

Standard library alone: wheels are built with it. POSIX only, like the lock of `release`.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from . import limits
from .problems import BuildError, Problem

_ASIDE = ".building-"
# What a command writes aside before it moves it into place.
UNFINISHED = re.compile(r"\.building-[a-z0-9_]{8}|\..+\.[0-9]+\.build_dataset", re.DOTALL)


def read_text(path: Path, shown_as: str, *, largest: int | None = limits.FILE, follow: bool = False) -> str:
    """Read a UTF-8 file without newline translation. Raises BuildError, with the place of a byte that is not UTF-8."""
    content = read_bytes(path, shown_as, largest=largest, follow=follow)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        place = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        found = f"found byte {content[error.start]:#04x}, expected UTF-8"
        raise BuildError([Problem(shown_as, *place, "encoding", found)]) from error


def read_bytes(path: Path, shown_as: str, *, largest: int | None = limits.FILE, follow: bool = False) -> bytes:
    """Read a regular file of at most `largest` bytes; a symbolic link only with `follow`.

    Raises BuildError, which calls the file `shown_as`. Never waits for a pipe, and never reads a device.
    """
    try:
        # O_NONBLOCK: a named pipe without a writer would keep the command waiting for ever.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW))
        try:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise BuildError([Problem(shown_as, 0, 0, "file", "is not a regular file")])
            if largest is not None and status.st_size > largest:
                found = f"found {status.st_size:,} bytes, expected at most {largest:,}"
                raise BuildError([Problem(shown_as, 0, 0, "file-size", found)])
            with os.fdopen(handle, "rb", closefd=False) as file:
                return file.read()
        finally:
            os.close(handle)
    except OSError as error:
        if path.is_symlink() and not follow:
            raise BuildError([Problem(shown_as, 0, 0, "file", "is a symbolic link")]) from error
        raise BuildError([_problem("read", shown_as, error)]) from error


def write(path: Path, content: str | bytes) -> None:
    """Write a file as a whole: readers see the old or the new content, also after a crash. Raises BuildError.

    A folder that is missing is made.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    other = path.with_name(f".{path.name}.{os.getpid()}.build_dataset")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _held(os.open(other, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)) as handle:
            if path.exists():
                os.fchmod(handle, stat.S_IMODE(path.stat().st_mode))
            left = memoryview(data)
            while left:
                left = left[os.write(handle, left) :]
            os.fsync(handle)
        other.replace(path)
    except OSError as error:
        refuse("write", path, error)
    finally:
        with suppress(OSError):
            other.unlink(missing_ok=True)


@contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """A new folder inside `folder`, which is removed afterwards unless it was moved into place."""
    there = folder.exists()
    # Its name is known before it is there: a signal may come as soon as it is.
    made = folder / f"{_ASIDE}{secrets.token_hex(4)}"
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            made.mkdir()
            made.chmod(0o755)
        except OSError as error:
            refuse("write", folder, error)
        with _held(os.open(made, os.O_RDONLY | os.O_CLOEXEC)):
            yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        if not there:
            with suppress(OSError):  # something is in it by now
                folder.rmdir()


def refuse(what: str, path: Path, error: OSError) -> NoReturn:
    """Raise BuildError for a file or folder that the system refuses to read or write."""
    raise BuildError([_problem(what, str(path), error)]) from error


def leftovers(folders: Iterable[Path]) -> list[Path]:
    """What commands that were killed left unfinished in some folders: nobody holds it any more."""
    found = [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir())]
    return [path for path in found if UNFINISHED.fullmatch(path.name) and not _is_held(path)]


def remove(path: Path) -> None:
    """Remove a file, or a folder with what is in it. Raises BuildError."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        refuse("remove", path, error)


@contextmanager
def _held(handle: int) -> Iterator[int]:
    """Lock something unfinished while it is written. The lock ends with the process, however it ends."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _is_held(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
    return False


def _problem(what: str, place: str, error: OSError) -> Problem:
    if isinstance(error, FileNotFoundError) and what == "read":
        return Problem(place, 0, 0, "file", "the file is missing")
    reason = (error.strerror or str(error)).lower()
    hint = "check the path, the permissions and the space on the disk"
    return Problem(place, 0, 0, "file", f"cannot {what} it: {reason}", hint=hint)
