"""Commands at a terminal: interrupted, read by nobody, and showing progress."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from conftest import ROOT, started

from russia_iran_claims.pipeline.cli.main import main

RELEASE = ["release", "--date", "2026-12-01"]


@pytest.mark.parametrize(
    "place",
    [
        "russia_iran_claims.pipeline.annotations.yaml.read_text",
        "russia_iran_claims.pipeline.tables.derive.groups",
        "russia_iran_claims.pipeline.tables.write.to_parquet",
        "russia_iran_claims.pipeline.versions.store.check_files",
        "russia_iran_claims.pipeline.versions.store.sums",
    ],
)
def test_an_interrupted_build_leaves_nothing_behind(
    place: str, harbour: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(place, interrupt)
    assert main(harbour, ["build"]) == 130
    assert capsys.readouterr().err == "interrupted; nothing was written\n"
    assert not (harbour / "dataset").exists() or not list((harbour / "dataset").iterdir())


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
    assert process.returncode == (1 if arguments == ["verify"] else 0)


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["check"], ["verify"]], ids=["check", "verify"])
def test_progress_is_for_terminals(arguments: list[str], released: Path) -> None:
    command = [sys.executable, str(ROOT / "build_dataset.py"), *arguments, "--root", str(released)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")
    leader, follower = pty.openpty()
    termios.tcsetwinsize(follower, (24, 80))
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=follower, check=True)
    os.close(follower)
    shown = b""
    with contextlib.suppress(OSError):  # the end of what a terminal was sent
        while part := os.read(leader, 10_000):
            shown += part
    os.close(leader)
    assert (b"1/1" in shown or b"0/1" in shown) == (arguments == ["verify"])


@pytest.mark.slow
def test_output_may_be_closed(waiting: Path) -> None:
    result = started(waiting, RELEASE, stdout=None, before=lambda: os.close(1))
    assert (result.returncode, result.stderr) == (0, "")
    assert (waiting / "dataset" / "0.1.1").is_dir()
    assert started(waiting, ["verify"], stdout=None, before=lambda: os.closerange(1, 3)).returncode == 0


def test_a_full_disk_for_output_is_told_with_what_was_done(waiting: Path) -> None:
    with Path("/dev/full").open("w") as full:
        result = started(waiting, RELEASE, stdout=full.fileno())
    assert result.returncode == 1
    assert result.stderr == "cannot write the output: no space left on device; 0.1.1 is published\n"
    assert (waiting / "dataset" / "0.1.1").is_dir()
    for arguments in (["--help"], ["rules"], ["check", "--format", "json"]):
        with Path("/dev/full").open("w") as full:
            result = started(waiting, arguments, stdout=full.fileno())
        assert "Traceback" not in result.stderr
        assert "Exception ignored" not in result.stderr


def test_a_reader_who_leaves_does_not_stop_a_release(waiting: Path) -> None:
    pipe = subprocess.PIPE
    command = [sys.executable, str(ROOT / "build_dataset.py"), *RELEASE, "--root", str(waiting)]
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0
    assert main(waiting, ["verify"]) == 0


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_terminal_without_unicode_shows_the_problem(form: str, waiting: Path) -> None:
    path = waiting / "raw" / "articles" / "art-001.yaml"
    path.write_text(path.read_text("utf-8").replace("act: criticise", 'act: "“ţŕ\U0001f6a2”"'), "utf-8")
    result = started(waiting, ["check", "--format", form], encoding="ascii")
    assert (result.returncode, result.stderr) == (1, "")
    assert "enum" in result.stdout
    assert result.stdout.isascii()
    if form == "json":
        assert json.loads(result.stdout)[0]["rule"] == "enum"


def test_control_characters_in_names_are_not_obeyed(waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (waiting / "raw" / "articles" / "a\033[31m\nb.yaml").write_text("a: 1\n", "utf-8")
    assert main(waiting, ["check"]) == 1
    output = capsys.readouterr().out
    assert "\033" not in output
    assert "raw/articles/a\\x1b[31m\\nb.yaml" in output


def test_without_docstrings_there_is_a_sentence(waiting: Path) -> None:
    result = started(waiting, ["check"], options=["-OO"])
    assert result.returncode == 2
    assert "without -OO" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_during_the_first_imports_is_no_traceback(number: signal.Signals, released: Path) -> None:
    script = (
        "import os, signal, sys\n"
        # A shell tells what it runs in the background to ignore INT.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "sys.argv = ['build_dataset.py', 'check', '--root', sys.argv[2]]\n"
        "class Stop:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name.endswith('pipeline.io.problems'): os.kill(os.getpid(), {number})\n"
        "sys.meta_path.insert(0, Stop())\n"
        "import runpy; runpy.run_path({path!r}, run_name='__main__')\n"
    ).format(number=int(number), path=str(ROOT / "build_dataset.py"))
    result = subprocess.run([sys.executable, "-c", script, "", str(released)], capture_output=True, text=True)
    assert "Traceback" not in result.stderr
    assert result.returncode in (128 + number, -number)
