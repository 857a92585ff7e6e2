"""Frictionless's verdict on a package, given here or by a second process that is ready when it is asked."""

from __future__ import annotations

import gc
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from .problems import Problem
from .progress import shown_on_terminal


def judged(folder: Path, names: list[str], *, package_too: bool) -> list[Problem]:
    """What frictionless says of some resources of a package, and of its descriptor, as `Package.validate` would."""
    from frictionless import FrictionlessException, Package

    logging.getLogger("frictionless").setLevel(logging.ERROR)
    package = Package(str(folder / "datapackage.json"))
    if package_too:
        try:
            package.to_descriptor(validate=True)
        except FrictionlessException as exception:
            return [Problem("datapackage.json", 0, 0, error.type, error.message) for error in exception.to_errors()]
    problems = []
    for name in shown_on_terminal(names, len(names), "files audited"):
        report = package.get_resource(name).validate()
        problems += [Problem("datapackage.json", 0, 0, error.type, error.message) for error in report.errors]
        for task in report.tasks:
            for error in task.errors:
                line = getattr(error, "row_number", 0) or 0
                column = getattr(error, "field_number", 0) or 0
                problems.append(Problem(task.place, line, column, error.type, error.message))
    return problems


class Second:
    """A process that has frictionless imported, or soon will, and judges the tables that it is asked about."""

    def __init__(self) -> None:
        # -P: the folder that it is called from is no place to import from.
        command = [sys.executable, "-P", "-m", __name__]
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, text=True)  # noqa: S603

    def ask(self, folder: Path, names: list[str]) -> None:
        """Have it begin; `answer` waits for it."""
        with suppress(OSError):
            assert self._process.stdin is not None  # noqa: S101 - it is a pipe
            self._process.stdin.write(json.dumps([str(folder), names]) + "\n")
            self._process.stdin.flush()

    def answer(self) -> list[Problem] | None:
        """What it found, or None where it gave no answer."""
        told, _ = self._process.communicate()
        try:
            return [Problem(**entry) for entry in json.loads(told)] if self._process.returncode == 0 else None
        except (ValueError, TypeError):
            return None

    def dismiss(self) -> None:
        """End it, whatever it does."""
        if self._process.poll() is None:
            self._process.kill()
        with suppress(OSError, ValueError):
            self._process.communicate()


_ready: list[Second] = []


@contextmanager
def second_ready() -> Iterator[None]:
    """Start the second process now, while there is other work to do before an audit."""
    if (os.cpu_count() or 1) == 1:
        yield
        return
    second = Second()
    _ready.append(second)
    try:
        yield
    finally:
        second.dismiss()
        _ready.clear()


def take_ready() -> Second | None:
    """The process that was started for this, if there is one."""
    return _ready.pop() if _ready else None


def _serve() -> None:
    gc.disable()
    import frictionless  # noqa: F401 - while nobody waits for it yet

    if line := sys.stdin.readline():
        folder, names = json.loads(line)
        print(json.dumps([asdict(problem) for problem in judged(Path(folder), names, package_too=False)]))


if __name__ == "__main__":
    _serve()
