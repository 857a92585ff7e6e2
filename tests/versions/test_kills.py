"""A release that is killed, or that runs out of disk, is there as a whole or not at all."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from test_store import RELEASE, digest

from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.versions.index import read_index
from russia_iran_claims.pipeline.versions.verify import verify

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("RIC_KILLS", "12"))

# Runs a release and dies by SIGKILL at the n-th call that writes, syncs or moves something.
KILLER = """
import os, signal, sys, builtins, pathlib
left = int(sys.argv[1])
def deadly(call):
    def wrapped(*args, **kwargs):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **kwargs)
    return wrapped
from russia_iran_claims.pipeline.cli import main as commands
import pyarrow.parquet
os.fsync = deadly(os.fsync)
for name in ("rename", "replace", "mkdir", "rmdir", "unlink", "open"):
    setattr(os, name, deadly(getattr(os, name)))
for name in ("write_text", "write_bytes", "rename", "replace"):
    setattr(pathlib.Path, name, deadly(getattr(pathlib.Path, name)))
pyarrow.parquet.write_table = deadly(pyarrow.parquet.write_table)
code = commands.main(pathlib.Path(sys.argv[2]), ["release", "--date", "2026-12-01"])
print("survived", left)
sys.exit(code)
"""


def whole_or_nothing(root: Path, before: str) -> None:
    """After an interruption: 0.1.0 is untouched, 0.1.1 is there as a whole or not at all, and the next run does it."""
    assert digest(root / "dataset" / "0.1.0") == before
    numbers = [entry["version"] for entry in read_index(root / "dataset")]
    assert numbers in (["0.1.0"], ["0.1.0", "0.1.1"])
    for number in numbers[1:]:
        assert verify(root / "dataset", number)[1] == []
    assert main(root, ["release", "--date", "2026-12-01"]) == 0
    assert [entry["version"] for entry in read_index(root / "dataset")] == ["0.1.0", "0.1.1"]
    assert verify(root / "dataset")[1] == []
    assert digest(root / "dataset" / "0.1.0") == before
    assert sorted(path.name for path in (root / "dataset").iterdir()) == ["0.1.0", "0.1.1", "versions.json"]


def test_killed_at_every_step_that_writes(published_once: Path, tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", KILLER, "1000000", str(shutil.copytree(published_once, tmp_path / "count"))],
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    steps = 1_000_000 - int(result.stdout.split("survived ")[1])
    assert steps > 50
    before = digest(published_once / "dataset" / "0.1.0")
    # Each file is written in the same way: of the long middle every few steps are enough, of the end every one.
    for step in [*range(1, steps - 12, 60), *range(max(1, steps - 12), steps + 1)]:
        root = Path(shutil.copytree(published_once, tmp_path / f"step-{step}"))
        killed = subprocess.run([sys.executable, "-c", KILLER, str(step), str(root)], capture_output=True)
        assert killed.returncode == -signal.SIGKILL, step
        whole_or_nothing(root, before)


def test_killed_at_random(published_once: Path, tmp_path: Path) -> None:
    chance = random.Random(7)
    before = digest(published_once / "dataset" / "0.1.0")
    for kill in range(KILLS):
        root = Path(shutil.copytree(published_once, tmp_path / f"kill-{kill}"))
        command = [*RELEASE, "--root", str(root)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(chance.uniform(0.2, 2.0))
            except subprocess.TimeoutExpired:
                process.kill()
        whole_or_nothing(root, before)
        shutil.rmtree(root)


@pytest.mark.parametrize("limit", [0, 3_000, 20_000, 60_000])
def test_a_full_disk_leaves_everything_as_it_was(limit: int, waiting: Path) -> None:
    before = digest(waiting / "dataset" / "0.1.0")
    result = subprocess.run(
        [*RELEASE, "--root", str(waiting)],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert result.returncode == 1, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    assert [entry["version"] for entry in read_index(waiting / "dataset")] == ["0.1.0"]
    whole_or_nothing(waiting, before)
