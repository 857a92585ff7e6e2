"""The documentation's code: snippets and examples run, and print and draw what the pages show."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import interop
import pytest
from conftest import ROOT

from russia_iran_claims.pipeline.cli.main import main

# CI has these; `make interop` also runs R and Spark where they are installed.
CLIENTS = ("ric", "pandas", "polars", "duckdb", "sqlite")


@pytest.mark.parametrize("client", CLIENTS)
def test_a_snippet_gives_the_canonical_rows(client: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert interop.run(client) > 200


@pytest.mark.parametrize("client", [*CLIENTS, "duckdb-versions"])
def test_a_snippet_prints_what_the_page_shows(client: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert interop.prints(client) > 2


def test_all_versions_are_read_at_once(waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(waiting, ["release", "--date", "2026-12-01"]) == 0
    monkeypatch.chdir(waiting)
    with interop.python_run("duckdb-versions", interop.snippet("duckdb-versions")) as names:
        quotes = names["quotes"].filter("quote_id = 'qu-0003'").project("version, paraphrase")
        said = dict(quotes.fetchall())
    assert said == {"0.1.0": "Tugs from Norland are on their way.", "0.1.1": "Norland has sent tugs."}


@pytest.mark.parametrize("client", ["pandas", "polars", "duckdb-http"])
def test_a_snippet_reads_from_an_address(client: str, release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    with interop.served(release.parent) as address:
        assert interop.run(client, f"{address}/{release.name}") > 200


@pytest.mark.parametrize("name", ["who_vouches", "side_by_side"])
def test_an_example_prints_and_draws_what_its_page_shows(name: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "docs" / "examples" / f"{name}.py", tmp_path)
    environment = {**os.environ, "MPLBACKEND": "svg"}
    command = [sys.executable, str(tmp_path / f"{name}.py")]
    result = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert result.returncode == 0, result.stderr
    page = (ROOT / "docs" / "examples" / "README.md").read_text("utf-8")
    (said,) = re.findall(rf"^```output {name}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert result.stdout.rstrip() == said.rstrip()
    drawn = (tmp_path / f"{name}.svg").read_text("utf-8")
    assert drawn == (ROOT / "docs" / "examples" / f"{name}.svg").read_text("utf-8")


def test_docs_that_cannot_all_be_written_say_so(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(ROOT / "README.md", released)
    shutil.copytree(ROOT / "docs", released / "docs")
    (released / "CITATION.cff").mkdir()
    assert main(released, ["docs"]) == 1
    assert "CITATION.cff: file: cannot read or write: Is a directory" in (output := capsys.readouterr().out)
    assert output.endswith("some of the pages may be written\n")


def test_docs_name_the_newest_version_where_it_is_meant_and_leave_older_ones(
    released: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(ROOT / "README.md", released)
    shutil.copytree(ROOT / "docs", released / "docs")
    using = released / "docs" / "using.md"
    old = "In `dataset/0.0.7/quotes.csv` the column was called `says`, here 0.0.7 and no other.\n"
    using.write_text(
        using.read_text("utf-8").replace('base = "dataset/0.1.0"', 'base = "dataset/0.0.9"', 1) + old, "utf-8"
    )
    assert main(released, ["docs"]) == 0
    text = using.read_text("utf-8")
    assert old in text
    assert "0.0.9" not in text
