"""The documentation's code: snippets and examples run, and print and draw what the pages show."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import interop
import pytest
from conftest import ROOT

from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.pages.docs import render_docs

pytestmark = pytest.mark.release

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
def test_a_snippet_reads_from_an_address(client: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    with interop.served(ROOT / "dataset") as address:
        assert interop.run(client, f"{address}/{interop.version()}") > 200


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
    assert "CITATION.cff: file: is not a regular file" in (output := capsys.readouterr().out)
    assert output.endswith("some of the files that name the newest version may be updated\n")


def test_docs_tell_the_newest_version_and_leave_other_mentions(documented: Path) -> None:
    readme = documented / "README.md"
    text = readme.read_text("utf-8")
    old = "In `dataset/0.0.7/quotes.csv` the column was called `says`, here 0.0.7 and no other.\n"
    readme.write_text(re.sub(r'(?<=folder = "dataset/)[0-9.]+', "0.0.9", text) + old, "utf-8")
    assert main(documented, ["docs"]) == 0
    text = readme.read_text("utf-8")
    assert old in text
    assert 'folder = "dataset/0.1.0"' in text
    assert "0.0.9" not in text
    assert "| **quotes** | 7 |" in text


def test_docs_after_a_release_change_nothing(documented: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(documented, ["release", "--date", "2026-12-01"]) == 0
    assert "| changes | 1 |" in (documented / "README.md").read_text("utf-8")
    capsys.readouterr()
    assert main(documented, ["docs"]) == 0
    assert capsys.readouterr().out == "the generated parts are current\n"


def test_docs_tell_what_is_published_and_not_what_raw_says(documented: Path) -> None:
    path = documented / "schema" / "quotes.json"
    path.write_text(path.read_text("utf-8").replace('"title": "Cue"', '"title": "Cue words"'), "utf-8")
    for command in (["docs"], ["build"], ["docs"]):
        assert main(documented, command) == 0
    assert "version: 0.1.0" in (documented / "CITATION.cff").read_text("utf-8")
    assert "Cue words" not in (documented / "docs" / "codebook.md").read_text("utf-8")


def test_generated_parts_are_current() -> None:
    for path, text in render_docs(ROOT).items():
        assert path.read_text("utf-8") == text, f"{path.name}: run `make docs`"


def test_before_the_first_release_only_the_rules_are_told(harbour: Path) -> None:
    (harbour / "docs").mkdir()
    shutil.copy(ROOT / "README.md", harbour)
    assert main(harbour, ["docs"]) == 0
    assert sorted(path.name for path in (harbour / "docs").iterdir()) == ["rules.md"]
    assert not (harbour / "CITATION.cff").exists()


def test_the_lines_on_reliability_give_the_published_alphas(published: dict[str, list[dict[str, str]]]) -> None:
    if "readings" not in published:
        pytest.skip("the newest version has no readings")
    page = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    names: dict[str, Any] = {}
    for lines in re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        exec(lines, names)
    told = {
        (row["table_name"], row["column_name"]): row["value"]
        for row in published["agreement"]
        if row["measure"] == "alpha" and row["value"] and row["column_name"] not in ("value", "low", "high")
    }
    assert {place: round(value, 4) for place, value in names["alpha"].items() if place in told} == {
        place: pytest.approx(float(value), abs=1e-4) for place, value in told.items()
    }
    assert set(names["alike"]["coded_alike"]) <= {"alike", "cut_only"}


def test_the_codebook_tells_agreement_beside_the_meaning(published: dict[str, list[dict[str, str]]]) -> None:
    page = (ROOT / "docs" / "codebook.md").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    for row in published.get("agreement", []):
        if (row["table_name"], row["column_name"], row["measure"]) == ("attestations", "stance", "share"):
            line = next(line for line in page.splitlines() if line.startswith("| stance |"))
            assert f"{row['agreed']} of {row['n']}" in line
            assert f"{row['agreed']} of {row['n']}" in readme
