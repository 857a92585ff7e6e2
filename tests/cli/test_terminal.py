"""Commands at a terminal: interrupted, read by nobody, and showing progress."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from conftest import ROOT

from russia_iran_claims.pipeline.cli.main import main


@pytest.mark.parametrize(
    "place",
    [
        "russia_iran_claims.pipeline.annotations.yaml.read_text",
        "russia_iran_claims.pipeline.tables.derive._groups",
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
