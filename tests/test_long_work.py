"""Long work: shared with a second process without a difference, shown on a terminal only, and safe to interrupt."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT

from russia_iran_claims.build import by_frictionless, progress
from russia_iran_claims.build.audit import audit
from russia_iran_claims.build.by_frictionless import second_ready
from russia_iran_claims.build.commands import main
from russia_iran_claims.build.problems import Problem, ordered


def edited(name: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")

    return edit


DAMAGE: dict[str, Callable[[Path], object]] = {
    "nothing": lambda folder: None,
    "a value that is not allowed": edited("quotes.csv", ",mixed,", ",mixt,"),
    "a reference to nothing": edited("participants.csv", "ev-0002,", "ev-9999,"),
    "a file that is gone": lambda folder: (folder / "links.csv").unlink(),
    "another Parquet file": lambda folder: shutil.copy(folder / "links.parquet", folder / "spans.parquet"),
    "several at once": lambda folder: [
        edited("quotes.csv", ",mixed,", ",mixt,")(folder),
        edited("events.csv", ",cooperate,", ",help,")(folder),
        edited("spans.csv", ",body,", ",nowhere,")(folder),
    ],
}


def whole(folder: Path) -> list[Problem]:
    """What frictionless says when it is asked once, about everything."""
    from frictionless import Package

    report = Package(str(folder / "datapackage.json")).validate()
    said = [Problem("datapackage.json", 0, 0, error.type, error.message) for error in report.errors]
    for task in report.tasks:
        for error in task.errors:
            place = getattr(error, "row_number", 0) or 0, getattr(error, "field_number", 0) or 0
            said.append(Problem(task.place, *place, error.type, error.message))
    return ordered(said)


@pytest.mark.parametrize("damage", DAMAGE)
def test_two_processes_find_what_one_finds(damage: str, release: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(release, tmp_path / "release"))
    DAMAGE[damage](folder)
    alone = ordered(audit(folder))
    with second_ready():
        assert ordered(audit(folder)) == alone
    assert [problem for problem in alone if problem.rule != "parquet"] == whole(folder)
    assert bool(alone) == (damage != "nothing")


def test_a_second_process_that_dies_is_done_without(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(release, tmp_path / "release"))
    DAMAGE["several at once"](folder)
    alone = ordered(audit(folder))
    assert len(alone) >= 6
    with second_ready():
        by_frictionless._ready[0]._process.kill()
        by_frictionless._ready[0]._process.wait()
        assert ordered(audit(folder)) == alone


@pytest.mark.parametrize(
    "place",
    [
        "russia_iran_claims.build.rows.read_article",
        "russia_iran_claims.build.derive._claims",
        "russia_iran_claims.build.files.write_parquet",
        "russia_iran_claims.build.audit.judged",
        "russia_iran_claims.build.publish.sums",
    ],
)
def test_an_interrupted_build_leaves_nothing_behind(
    place: str, harbour: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[by_frictionless.Second] = []

    class Noted(by_frictionless.Second):
        def __init__(self) -> None:
            super().__init__()
            started.append(self)

    def interrupt(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(by_frictionless, "Second", Noted)
    monkeypatch.setattr(place, interrupt)
    assert main(harbour, ["build"]) == 130
    assert capsys.readouterr().err == "interrupted; what is published is as it was\n"
    assert not (harbour / "dataset").exists() or not list((harbour / "dataset").iterdir())
    assert all(second._process.poll() is not None for second in started)


@pytest.mark.parametrize(
    "arguments", [["rules"], ["rules", "cell-space"], ["verify"]], ids=["long", "short", "problems"]
)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_output_that_nobody_reads_is_no_error(arguments: list[str], unbuffered: str, harbour: Path) -> None:
    # Nothing is published in the made-up project: `verify` has a problem to print.
    command = [sys.executable, str(ROOT / "build_dataset.py"), *arguments, "--root", str(harbour)]
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 1


class Terminal(io.StringIO):
    """Standard error as a terminal has it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("kind", [Terminal, io.StringIO])
def test_a_bar_is_shown_on_a_terminal_alone(kind: type[io.StringIO], monkeypatch: pytest.MonkeyPatch) -> None:
    stream = kind()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "_DELAY", 0)
    assert list(progress.shown_on_terminal(range(7), 100, "articles", 15)) == list(range(7))
    said = stream.getvalue()
    if kind is Terminal:
        assert "0/100" in said
        assert "articles" in said
    else:
        assert said == ""


def test_a_check_that_is_no_terminal_s_is_silent(harbour: Path) -> None:
    command = [sys.executable, str(ROOT / "build_dataset.py"), "check", "--root", str(harbour)]
    result = subprocess.run(command, capture_output=True, text=True, env={**os.environ})
    assert result.returncode == 0
    assert result.stderr == ""
