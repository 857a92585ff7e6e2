"""The commands as a curator meets them: what they write, what they leave alone, and how they fail."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import HARBOUR, ROOT

import russia_iran_claims as ric
from russia_iran_claims.pipeline.cli.commands import NOT_CHECKED
from russia_iran_claims.pipeline.cli.main import main


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "build_dataset.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_build_writes_nothing_where_raw_gives_the_newest_version(
    released: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(released)
    assert main(released, ["build"]) == 0
    assert "dataset/0.1.0: raw/ reproduces it byte for byte; nothing to write\n" in capsys.readouterr().out
    assert contents(released) == before


def test_build_writes_what_is_not_released_and_says_what_release_would_do(
    waiting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(waiting)
    assert main(waiting, ["build"]) == 0
    output = capsys.readouterr().out
    assert "dataset/unreleased: written; 16 tables as CSV and Parquet, accepted by frictionless\n" in output
    assert "`release` would publish it as version 0.1.1 (PATCH since 0.1.0):\n- PATCH: quotes: 1 row" in output
    assert "becomes “Norland has sent tugs.” (Said as done.)\n" in output
    folder = waiting / "dataset" / "unreleased"
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert (package["version"], "created" in package) == ("unreleased", False)
    quotes = ric.load("quotes", version="unreleased", folder=waiting / "dataset")
    assert quotes.set_index("quote_id")["paraphrase"]["qu-0003"] == "Norland has sent tugs."
    assert quotes.attrs["citation"].startswith("The russia-iran-claims contributors (n.d.).")
    assert len(ric.load("changes", version="unreleased", folder=waiting / "dataset")) == 1
    assert ric.load("quotes", folder=waiting / "dataset").attrs["version"] == "0.1.0"
    times = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert main(waiting, []) == 0
    assert "dataset/unreleased: unchanged, to the byte" in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == times
    shutil.rmtree(folder)
    assert contents(waiting) == before


def test_a_change_without_a_reason_builds_with_a_warning(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = released / "raw" / "articles" / "art-001.yaml"
    path.write_text(path.read_text("utf-8").replace("Tugs from Norland are on their way.", "Norland sends tugs."))
    assert main(released, ["build"]) == 0
    output = capsys.readouterr().out
    assert "raw/corrections.yaml: unexplained: warning: quotes qu-0003, column paraphrase, has changed" in output
    assert "hint: add `- {table: quotes, id: qu-0003, column: paraphrase, corrects: 0.1.0, reason: ...}`" in output
    assert (released / "dataset" / "unreleased" / "quotes.csv").is_file()


def test_what_is_released_or_undone_is_no_longer_unreleased(waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = waiting / "dataset" / "unreleased"
    assert main(waiting, ["build"]) == 0
    shutil.copy(HARBOUR / "raw" / "articles" / "art-001.yaml", waiting / "raw" / "articles")
    (waiting / "raw" / "corrections.yaml").write_text("", "utf-8")
    assert main(waiting, ["build"]) == 0
    assert "dataset/unreleased: removed, because nothing is unreleased" in capsys.readouterr().out
    assert not folder.exists()


def test_the_first_build_is_unreleased(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(harbour, ["build"]) == 0
    assert "`release` would publish it as version 0.1.0:\n- first release\n" in capsys.readouterr().out
    assert [path.name for path in (harbour / "dataset").iterdir()] == ["unreleased"]


def test_order_in_raw_does_not_reach_the_tables(harbour: Path) -> None:
    assert main(harbour, ["build"]) == 0
    before = contents(harbour / "dataset")
    for name in ("actors.yaml", "links.yaml"):
        path = harbour / "raw" / name
        path.write_text("\n".join(reversed(path.read_text("utf-8").splitlines())) + "\n", "utf-8")
    assert main(harbour, ["build"]) == 0
    assert contents(harbour / "dataset") == before


def test_a_problem_leaves_everything_as_it_was(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(harbour, ["build"]) == 0
    before = contents(harbour)
    actors = harbour / "raw" / "actors.yaml"
    actors.write_text(actors.read_text("utf-8").replace("kind: outlet", "kind: newspaper"), "utf-8")
    links = harbour / "raw" / "links.yaml"
    links.write_text(links.read_text("utf-8").replace("to_id: qu-0007", "to_id: qu-0077"), "utf-8")
    capsys.readouterr()
    assert main(harbour, ["build"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("raw/actors.yaml:2:44: enum: found 'newspaper', expected one of: person, organisation,")
    assert lines[0].endswith("(courier, kind)")
    unknown = "raw/links.yaml:3:29: unknown-reference: there is no 'qu-0077' among the items"
    assert any(line.startswith(unknown) for line in lines)
    assert lines[-1] == "2 problems (1 enum, 1 unknown-reference); nothing was written"
    assert contents(harbour / "dataset") == {
        name.removeprefix("dataset/"): content for name, content in before.items() if name.startswith("dataset/")
    }


def test_a_failed_audit_publishes_nothing(
    harbour: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from russia_iran_claims.pipeline.schema.model import Record, Table
    from russia_iran_claims.pipeline.tables import write as files
    from russia_iran_claims.pipeline.tables.as_text import to_csv

    # A writer that goes wrong after both gates on the way in: only what reads the files can notice.
    def shouted(table: Table, records: list[Record]) -> bytes:
        head, _, rows = to_csv(table, records).partition(b"\n")
        return head + b"\n" + rows.upper()

    monkeypatch.setattr(files, "to_csv", shouted)
    assert main(harbour, ["build", "--format", "json"]) == 1
    errors = capsys.readouterr().out
    assert "constraint-error" in errors
    assert "as in quotes.csv" in errors
    assert not (harbour / "dataset").exists()


def test_check_writes_nothing_and_says_that_anchors_were_not_checked(harbour: Path) -> None:
    result = run("check", "--root", harbour)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == ["ok: 80 rows in 12 tables", NOT_CHECKED]
    assert not (harbour / "dataset").exists()


def test_check_holds_anchors_against_the_texts(harbour: Path) -> None:
    result = run("check", "--root", harbour, "--articles", harbour / "texts")
    assert (result.returncode, result.stdout) == (0, "ok: 80 rows in 12 tables; every anchor holds\n")
    text = harbour / "texts" / "art-001.txt"
    text.write_text(text.read_text("utf-8").replace("closed", "opened", 1), "utf-8")
    result = run("check", "--root", harbour, "--articles", harbour / "texts")
    assert result.returncode == 1
    assert result.stdout.startswith("raw/articles/art-001.yaml:6:14: text-hash: found")


@pytest.mark.parametrize("arguments", [["publish"], ["build", "--fast"], ["check", "--articles"]])
def test_a_usage_error_exits_with_two(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.returncode == 2
    assert "usage: build_dataset.py" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["check", "--articles", "/no/such/folder"], "/no/such/folder: articles: there is no such folder"),
        (
            ["check", "--root", "/no/such/folder"],
            "/no/such/folder: root: there is no such folder",
        ),
    ],
)
def test_a_missing_folder_is_a_clear_error(arguments: list[str], complaint: str) -> None:
    result = run(*arguments)
    assert result.returncode == 1
    assert complaint in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


def test_the_made_up_articles_are_the_annotated_ones(harbour: Path) -> None:
    assert contents(harbour / "texts") == contents(HARBOUR / "texts")


def test_problems_as_json(harbour: Path) -> None:
    path = harbour / "raw" / "articles" / "art-001.yaml"
    path.write_text(path.read_text("utf-8").replace("act: criticise", "act: criticize"), "utf-8")
    result = run("check", "--root", harbour, "--format", "json")
    assert (result.returncode, result.stderr) == (1, "")
    (problem,) = json.loads(result.stdout)
    assert problem["path"] == "raw/articles/art-001.yaml"
    assert (problem["line"], problem["column"], problem["rule"]) == (65, 10, "enum")
    assert (problem["record"], problem["field"], problem["severity"]) == ("qu-0004", "act", "error")
    assert problem["hint"] == "write `criticise`"
    path.write_text(path.read_text("utf-8").replace("act: criticize", "act: criticise"), "utf-8")
    assert run("check", "--root", harbour, "--format", "json").stdout == "[]\n"


def test_a_problem_shows_its_line_and_what_to_do(harbour: Path) -> None:
    path = harbour / "raw" / "articles" / "art-001.yaml"
    path.write_text(path.read_text("utf-8").replace("act: criticise", "act: criticize"), "utf-8")
    lines = run("check", "--root", harbour).stdout.splitlines()
    assert lines[1:4] == ["    " + "    act: criticize", "    " + "         ^", "  hint: write `criticise`"]
    assert lines[4] == "1 problem (1 enum)"


def test_colour_is_for_terminals(harbour: Path) -> None:
    path = harbour / "raw" / "actors.yaml"
    path.write_text(path.read_text("utf-8").replace("kind: outlet", "kind: newspaper"), "utf-8")
    assert "\033" not in run("check", "--root", harbour).stdout
    leader, follower = pty.openpty()
    command = [sys.executable, str(ROOT / "build_dataset.py"), "check", "--root", str(harbour)]
    subprocess.run(command, stdout=follower, check=False)
    os.close(follower)
    assert b"\033[31menum\033[0m" in os.read(leader, 10_000)
    os.close(leader)


def test_rules_are_listed_and_explained() -> None:
    from russia_iran_claims.pipeline.rules.judge import RULES

    listed = run("rules").stdout.splitlines()
    assert [line.split()[0] for line in listed] == list(RULES)
    explained = run("rules", "chain-loop").stdout
    assert "passes: source_chain: [courier, two-officials]" in explained
    unknown = run("rules", "chain-lop")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "did you mean 'chain-loop'?" in unknown.stderr


def test_a_build_prints_json_alone(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(harbour, ["build", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    path = harbour / "raw" / "actors.yaml"
    path.write_text(path.read_text("utf-8").replace("kind: outlet", "kind: newspaper"), "utf-8")
    assert main(harbour, ["build", "--format", "json"]) == 1
    assert [problem["rule"] for problem in json.loads(capsys.readouterr().out)] == ["enum"]


def test_a_file_that_cannot_be_read_is_named_with_the_reason(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(harbour, ["build"]) == 0
    (harbour / "dataset" / "versions.json").mkdir()
    capsys.readouterr()
    assert main(harbour, ["verify", "--format", "json"]) == 1
    (problem,) = json.loads(capsys.readouterr().out)
    assert "versions.json" in problem["path"]
