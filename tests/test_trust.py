"""Published versions stay what they were: frozen, proved, archived, and safe from interruptions."""

from __future__ import annotations

import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import HARBOUR, ROOT

from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.versions.store import read_index

ONE = "raw/articles/art-001.yaml"
RELEASE = [sys.executable, str(ROOT / "build_dataset.py"), "release", "--date", "2026-12-01"]
KILLS = int(os.environ.get("RIC_KILLS", "12"))


def digest(folder: Path) -> str:
    """One hash over everything in a folder."""
    names = sorted(path for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256(
        b"".join(str(path.relative_to(folder)).encode() + path.read_bytes() for path in names)
    ).hexdigest()


def test_build_gives_a_frozen_version_again_or_says_run_release(
    waiting: Path, published_once: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = digest(waiting / "dataset")
    assert main(waiting, ["build"]) == 1
    output = capsys.readouterr().out
    assert "dataset/0.1.0: frozen: found that raw/ and schema/ give other bytes for" in output
    assert "hint: run release" in output
    assert digest(waiting / "dataset") == before
    shutil.copy(HARBOUR / "raw" / "articles" / "art-001.yaml", waiting / ONE)
    assert main(waiting, ["build"]) == 0
    assert "unchanged, to the byte" in capsys.readouterr().out
    assert digest(waiting / "dataset") == before


def test_verify_proves_what_is_published(waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(waiting, ["release", "--date", "2026-12-01"]) == 0
    capsys.readouterr()
    assert main(waiting, ["verify"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "0.1.0: files, rows, content and package are those published",
        "0.1.1: files, rows, content and package are those published",
        "changes: replaying them on the first version gives the newest",
        "0.1.1: raw/ gives it again, to the byte",
    ]
    assert main(waiting, ["verify", "0.1.0"]) == 0
    assert main(waiting, ["verify", "0.9.0"]) == 1


def test_verify_finds_every_edit_of_a_byte(waiting: Path) -> None:
    from russia_iran_claims.pipeline.versions.verify import verify

    chance = random.Random(2026)  # noqa: S311
    files = sorted(path for path in (waiting / "dataset" / "0.1.0").iterdir())
    for _ in range(200):
        path = chance.choice(files)
        content = bytearray(path.read_bytes())
        place = chance.randrange(len(content))
        content[place] ^= 1 << chance.randrange(8)
        original = path.read_bytes()
        path.write_bytes(content)
        problems = verify(waiting / "dataset")[1]
        assert problems, f"{path.name}, byte {place}"
        assert any(path.name in problem.path for problem in problems)
        path.write_bytes(original)


def test_verify_finds_files_too_many_and_too_few(waiting: Path) -> None:
    from russia_iran_claims.pipeline.versions.verify import verify

    folder = waiting / "dataset" / "0.1.0"
    (folder / "notes.txt").write_text("mine", "utf-8")
    assert "found a file that was not published" in verify(waiting / "dataset")[1][0].message
    (folder / "notes.txt").unlink()
    (folder / "quotes.csv").unlink()
    assert "found no such file" in verify(waiting / "dataset")[1][0].message
    shutil.rmtree(folder)
    assert "found no folder" in verify(waiting / "dataset")[1][0].message


def test_sums_are_those_of_sha256sum(waiting: Path) -> None:
    result = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=waiting / "dataset" / "0.1.0",
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_an_archive_is_the_same_bytes_each_time(waiting: Path, tmp_path: Path) -> None:
    assert main(waiting, ["archive", "0.1.0", "--to", str(tmp_path / "a")]) == 0
    os.utime(waiting / "dataset" / "0.1.0" / "quotes.csv", (1, 1))
    assert main(waiting, ["archive", "0.1.0", "--to", str(tmp_path / "b")]) == 0
    one, other = (tmp_path / name / "russia-iran-claims-0.1.0.zip" for name in "ab")
    assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(one) as archive:
        names = {name.split("/", 1)[1] for name in archive.namelist()}
    assert {"quotes.csv", "quotes.parquet", "changes.csv", "datapackage.json", "SHA256SUMS"} <= names
    assert main(waiting, ["archive", "0.9.0"]) == 1


def test_the_archive_of_the_project_has_codebook_citation_and_licences(tmp_path: Path) -> None:
    from russia_iran_claims.pipeline.versions.archive import archive

    path = archive(ROOT, read_index(ROOT / "dataset")[-1]["version"], tmp_path)
    with zipfile.ZipFile(path) as made:
        names = {name.split("/", 1)[1] for name in made.namelist()}
    assert {"codebook.md", "coding-rules.md", "CITATION.cff", "LICENSE", "LICENSE-DATA"} <= names


def test_the_index_tells_what_is_there(waiting: Path) -> None:
    (entry,) = read_index(waiting / "dataset")
    folder = waiting / "dataset" / "0.1.0"
    assert (entry["version"], entry["released"]) == ("0.1.0", "2026-11-21")
    assert entry["bytes"] == sum(path.stat().st_size for path in folder.iterdir())
    assert entry["tables"]["quotes"]["rows"] == 7
    assert entry["sums"] == hashlib.sha256((folder / "SHA256SUMS").read_bytes()).hexdigest()


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
    from russia_iran_claims.pipeline.versions.verify import verify

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
    assert '"version": "0.1.1"' in (root / "schema" / "dataset.json").read_text("utf-8")


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
    chance = random.Random(7)  # noqa: S311
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


def test_two_at_once_do_not_meet(waiting: Path) -> None:
    from russia_iran_claims.pipeline.versions.store import locked

    before = digest(waiting / "dataset")
    command = [*RELEASE, "--root", str(waiting)]
    with locked(waiting / "dataset"):
        result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 1
    assert "locked: another release is running" in result.stdout
    assert digest(waiting / "dataset") == before
    assert subprocess.run(command, capture_output=True).returncode == 0


def test_a_dry_run_writes_nothing(waiting: Path) -> None:
    before = digest(waiting)
    assert main(waiting, ["release", "--dry-run", "--date", "2026-12-01"]) == 0
    assert digest(waiting) == before


def test_a_damaged_index_is_a_clear_problem(waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (waiting / "dataset" / "versions.json").write_text("{}", "utf-8")
    for command in (["verify"], ["build"], ["release", "--date", "2026-12-01"]):
        assert main(waiting, command) == 1
        assert "index: found no list of versions" in capsys.readouterr().out


def test_diff_shows_what_changed(waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(waiting, ["release", "--date", "2026-12-01"]) == 0
    capsys.readouterr()
    assert main(waiting, ["diff", "0.1.0", "0.1.1"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "- PATCH: quotes: 1 row (qu-0003) corrected",
        "  - quotes qu-0003, paraphrase: 'Tugs from Norland are on their way.' becomes 'Norland has sent tugs.'"
        " (Said as done.)",
    ]
    assert main(waiting, ["diff", "0.1.0", "9.9.9"]) == 1
