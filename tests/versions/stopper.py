"""Runs releases that are stopped at a given write: a program of its own, to fork before there is any thread.

    python stopper.py KIND FOLDER NUMBER...

For each number a copy of the project in FOLDER/project is released in a process of its own, in FOLDER/<number>, and
stopped at that of its calls that write, sync or move something: odd numbers stop it before a call, even ones after it.
KIND is KILL, TERM, INT, or ENOSPC for a full disk. With the number 0 nothing is stopped. Prints one JSON list: for each
number its status as `os.waitpid` gives it, what it printed, and how many calls there were.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import frictionless
import frictionless.formats.csv
import frictionless.portals
import frictionless.schemes.local

from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.pages import docs
from russia_iran_claims.pipeline.versions import release, store, verify

WRITING = ("open", "write", "fsync", "replace", "rename", "mkdir", "rmdir", "unlink", "chmod")
LOADED = (frictionless, docs, release, store, verify)
count, until = 0, 0


def stop(kind: str) -> None:
    if kind == "ENOSPC":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.kill(os.getpid(), getattr(signal, f"SIG{kind}"))


def deadly(name: str, kind: str) -> Callable[..., Any]:
    call = getattr(os, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        global count
        if name == "open" and not args[1] & os.O_CREAT:
            return call(*args, **kwargs)
        if name == "write" and args[0] < 3:
            return call(*args, **kwargs)
        count += 1
        if until == 2 * count - 1:
            stop(kind)
        result = call(*args, **kwargs)
        if until == 2 * count:
            stop(kind)
        return result

    return wrapped


def run(root: Path, output: Path, kind: str) -> int:
    with output.open("w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    for name in WRITING:
        setattr(os, name, deadly(name, kind))
    try:
        return main(root, ["release", "--date", "2026-12-01"])
    finally:
        sys.stdout.flush()
        with output.with_suffix(".count").open("w") as file:
            file.write(str(count))


# A shell tells what it runs in the background to ignore INT.
signal.signal(signal.SIGINT, signal.default_int_handler)
results = []
for number in map(int, sys.argv[3:]):
    folder, until = Path(sys.argv[2]), number
    root = Path(shutil.copytree(folder / "project", folder / str(number)))
    output = folder / f"{number}.out"
    child = os.fork()
    if child == 0:
        code = 99
        try:
            code = run(root, output, sys.argv[1])
        finally:
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    counted = output.with_suffix(".count")
    calls = int(counted.read_text("utf-8")) if counted.exists() else None
    results.append((number, status, output.read_text("utf-8"), calls))
print(json.dumps(results))
