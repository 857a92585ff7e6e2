"""A release that is stopped, whenever and however, is there as a whole or not at all, and says which."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import ROOT, digest
from test_store import RELEASE

from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.io.files import UNFINISHED
from russia_iran_claims.pipeline.versions.index import read_index
from russia_iran_claims.pipeline.versions.verify import verify

pytestmark = pytest.mark.slow
# At how many random moments a release is killed; with `all` it is also stopped at every point, not at a sample.
KILLS = os.environ.get("RIC_KILLS", "8")
FOLDERS = ("", "dataset", "docs", "raw", "raw/articles")
# How a command that was stopped ends, beside 0 where the release was through by then.
CODES = {"KILL": -signal.SIGKILL, "TERM": 143, "INT": 130, "ENOSPC": 1}


class Stopped(NamedTuple):
    """A release that was stopped at a point: how it ended, and what it printed."""

    point: int
    code: int
    output: str
    calls: int | None


def whole_or_nothing(root: Path, before: str) -> None:
    """After an interruption: 0.1.0 is untouched, 0.1.1 is there as a whole or not at all, and the next run does it."""
    dataset = root / "dataset"
    assert digest(dataset / "0.1.0") == before
    numbers = [entry["version"] for entry in read_index(dataset)]
    assert numbers in (["0.1.0"], ["0.1.0", "0.1.1"])
    for number in numbers[1:]:
        assert verify(dataset, number)[1] == []
    assert main(root, ["release", "--date", "2026-12-01"]) == 0
    assert [entry["version"] for entry in read_index(dataset)] == ["0.1.0", "0.1.1"]
    assert verify(dataset)[1] == []
    assert digest(dataset / "0.1.0") == before
    assert sorted(path.name for path in dataset.iterdir()) == ["0.1.0", "0.1.1", "versions.json"]
    assert leftovers(root) == []


def leftovers(root: Path) -> list[Path]:
    folders = [root / name for name in FOLDERS if (root / name).is_dir()]
    return [path for folder in folders for path in folder.iterdir() if UNFINISHED.fullmatch(path.name)]


def stopped(kind: str, project: Path, folder: Path, points: list[int]) -> list[Stopped]:
    shutil.copytree(project, folder / "project")
    command = [sys.executable, "-W", "ignore", str(ROOT / "tests" / "versions" / "stopper.py"), kind, str(folder)]
    result = subprocess.run([*command, *map(str, points)], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return [Stopped(*each) for each in json.loads(result.stdout)]


@pytest.fixture
def pages(published_once: Path, tmp_path: Path) -> Path:
    """The project with a correction waiting, with pages that name the newest version, kept as they are."""
    root = Path(shutil.copytree(published_once, tmp_path / "pages"))
    shutil.copy(ROOT / "README.md", root)
    shutil.copytree(ROOT / "docs", root / "docs")
    (root / "CHANGELOG.md").write_text("# Changelog\n", "utf-8")
    assert main(root, ["docs"]) == 0
    return root


@pytest.mark.parametrize("kind", CODES)
def test_stopped_before_and_after_every_write(
    kind: str, pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (whole,) = stopped(kind, pages, tmp_path / "count", [0])
    assert whole.code == 0, whole.output
    assert whole.calls is not None
    points = list(range(1, 2 * whole.calls + 1))
    if KILLS != "all":
        # The files of the version are all written in the same way: of them a few points are enough. Each kind of stop
        # takes other ones of the rest.
        first = list(CODES).index(kind)
        points = [*points[:10], *points[10 + first : -100 : 60], *points[-100 + first :: 8]]
    before = digest(pages / "dataset" / "0.1.0")
    known = {name: (pages / name).read_bytes() for name in ("README.md", "CHANGELOG.md", "docs/codebook.md")}
    new = {name: (tmp_path / "count" / "0" / name).read_bytes() for name in known}
    # Of stops that leave the same project to the byte, what comes after the first stands for all.
    tried: set[str] = set()
    for each in stopped(kind, pages, tmp_path / "stopped", points):
        root = tmp_path / "stopped" / str(each.point)
        assert each.code in (CODES[kind], 0), each
        assert "Traceback" not in each.output, each
        published = "0.1.1" in [entry["version"] for entry in read_index(root / "dataset")]
        if each.code in (130, 143, 1):
            last = each.output.rstrip().splitlines()[-1]
            assert ("0.1.1 is published" in last) == published, each
            assert ("nothing was" in last) == (not (root / "dataset" / "0.1.1").exists()), each
            assert leftovers(root) == [], each
        for name, content in known.items():
            assert (root / name).read_bytes() in (content, new[name]), (each, name)
        if kind == "KILL":
            left = [path.name for path in leftovers(root)]
            underway = (root / "dataset" / ".releasing").exists()
            for command in (["check"], ["verify"], ["diff", "0.1.0", "0.1.0"]):
                capsys.readouterr()
                main(root, command)
                output = capsys.readouterr().out
                assert all(name in output for name in left), each
                assert ("the release of 0.1.1 did not end" in output) == underway, each
            assert main(root, ["docs"]) == 0
            assert leftovers(root) == []
        if (state := digest(root)) not in tried:
            whole_or_nothing(root, before)
            for name, content in new.items():
                assert (root / name).read_bytes() == content, (each, name)
        tried.add(state)
        shutil.rmtree(root)
    print(f"{kind}: stopped at {len(points)} of {2 * whole.calls} points, which left {len(tried)} states")


def test_killed_at_random(published_once: Path, tmp_path: Path) -> None:
    chance = random.Random(7)
    before = digest(published_once / "dataset" / "0.1.0")
    for kill in range(100 if KILLS == "all" else int(KILLS)):
        root = Path(shutil.copytree(published_once, tmp_path / f"kill-{kill}"))
        command = [*RELEASE, "--root", str(root)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(chance.uniform(0.2, 2.0))
            except subprocess.TimeoutExpired:
                process.send_signal(chance.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT]))
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
    assert "cannot write it: file too large" in result.stdout
    assert "Traceback" not in result.stderr
    assert [entry["version"] for entry in read_index(waiting / "dataset")] == ["0.1.0"]
    whole_or_nothing(waiting, before)
