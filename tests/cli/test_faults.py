"""What breaking the tools has found: whatever they are given, a sentence, and published data untouched."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import HARBOUR, ROOT, digest, started

from russia_iran_claims.pipeline.cli.main import main

ONE = "raw/articles/art-001.yaml"
RELEASE = ["release", "--date", "2026-12-01"]
COMMANDS = [["check"], ["build"], ["verify"], ["docs"], RELEASE]

Spoil = Callable[[Path], object]


def swap(name: str, old: str, new: str) -> Spoil:
    def apply(root: Path) -> None:
        path = root / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return apply


def put(name: str, content: str | bytes) -> Spoil:
    data = content.encode() if isinstance(content, str) else content
    return lambda root: (root / name).write_bytes(data)


def link(name: str, target: str) -> Spoil:
    def apply(root: Path) -> None:
        path = root / name
        path.rename(root / "moved")
        path.symlink_to(target)

    return apply


def pipe(name: str) -> Spoil:
    def apply(root: Path) -> None:
        (root / name).unlink(missing_ok=True)
        os.mkfifo(root / name)

    return apply


def remove(name: str) -> Spoil:
    return lambda root: (root / name).unlink()


def entry(**changes: object) -> Spoil:
    """Change the entry of 0.1.0 in the index; a key that becomes `...` is taken out."""

    def apply(root: Path) -> None:
        path = root / "dataset" / "versions.json"
        index = json.loads(path.read_text("utf-8"))
        index["versions"][0] |= changes
        index["versions"][0] = {key: value for key, value in index["versions"][0].items() if value is not ...}
        path.write_text(json.dumps(index), "utf-8")

    return apply


def truncated(name: str) -> Spoil:
    return lambda root: (root / name).write_bytes((root / name).read_bytes()[:500])


VERSION = "dataset/0.1.0"
INDEX = "dataset/versions.json"
PUBLISHED: dict[str, tuple[Spoil, str]] = {
    "index gone": (remove(INDEX), "versions.json: index: is missing, but the folder of 0.1.0 is there"),
    "index empty": (put(INDEX, '{"versions": []}'), "index: does not list 0.1.0"),
    "index a dangling link": (link(INDEX, "nowhere"), "versions.json: file: is a symbolic link"),
    "index a looping link": (link(INDEX, "versions.json"), "versions.json: file: is a symbolic link"),
    "index a pipe": (pipe(INDEX), "versions.json: file: is not a regular file"),
    "index deep": (put(INDEX, "[" * 100_000), "versions.json: index: is nested too deep"),
    "entry without sums": (entry(sums=...), "the key `sums` is missing"),
    "entry without tables": (entry(tables=...), "the key `tables` is missing"),
    "entry with tables that are null": (entry(tables=None), "found None, expected an object"),
    "entry with a list of tables": (entry(tables=["quotes"]), "found ['quotes'], expected an object"),
    "entry released 5": (entry(released=5), "found 5, expected text"),
    "entry released yesterday": (entry(released="yesterday"), "expected a date as YYYY-MM-DD"),
    "entry with a path as version": (entry(version="../../pwn"), "is no version number like 1.2.3"),
    "sums edited": (entry(sums="0" * 64), "SHA256SUMS: verify: does not match versions.json"),
    "CSV cut": (truncated(f"{VERSION}/quotes.csv"), "quotes.csv: verify: the file was changed"),
    "Parquet cut": (truncated(f"{VERSION}/quotes.parquet"), "quotes.parquet: verify: the file was changed"),
    "Parquet gone": (remove(f"{VERSION}/quotes.parquet"), "quotes.parquet: verify: the file is missing"),
    "CSV a pipe": (pipe(f"{VERSION}/quotes.csv"), "quotes.csv: verify: the file was changed"),
    "CSV not UTF-8": (put(f"{VERSION}/quotes.csv", b"\xff"), "quotes.csv: verify: the file was changed"),
    "CSV with a huge cell": (put(f"{VERSION}/quotes.csv", b"x" * 200_000), "quotes.csv: verify: the file was changed"),
    "descriptor broken": (put(f"{VERSION}/datapackage.json", "{"), "datapackage.json: verify: the file was changed"),
    "sums gone": (remove(f"{VERSION}/SHA256SUMS"), "SHA256SUMS: verify: does not match versions.json"),
    "sums not UTF-8": (put(f"{VERSION}/SHA256SUMS", b"\xff"), "SHA256SUMS: verify: does not match versions.json"),
    "a file too many": (put(f"{VERSION}/more.csv", ""), "more.csv: verify: the file was not published"),
    "the folder a link": (link(VERSION, "../moved"), "dataset/0.1.0: verify: is a symbolic link, not the folder"),
    "the mark of a release is no number": (put("dataset/.releasing", "../x"), "expected the number of a version"),
    "the mark of a release is no text": (put("dataset/.releasing", b"\xff"), "dataset/.releasing:1:1: encoding"),
}


@pytest.mark.parametrize("case", PUBLISHED)
def test_what_is_published_is_never_overwritten(
    case: str, documented: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil, told = PUBLISHED[case]
    spoil(documented)
    before = digest(documented)
    for command in (
        ["build"],
        RELEASE,
        ["verify"],
        ["docs"],
        ["archive", "0.1.0"],
        ["site"],
        ["diff", "0.1.0", "0.1.0"],
    ):
        capsys.readouterr()
        assert main(documented, command) == 1, command
        output = capsys.readouterr().out
        assert told in output, command
        assert "git checkout" in output or "index" not in output or "releasing" in output
    assert digest(documented) == before


@pytest.mark.parametrize("date", ["20300101", "2030-W01-1", "2026-13-01", "2026-1-1", "soon", ""])
def test_a_date_that_is_none_is_a_usage_error(date: str, waiting: Path) -> None:
    assert main(waiting, ["release", "--date", date]) == 2


@pytest.mark.parametrize(
    ("date", "told"),
    [("9999-12-31", "more than 10 years after 2026-11-21"), ("2026-11-20", "is before 2026-11-21, when 0.1.0 was")],
)
def test_a_day_that_would_block_later_ones_is_refused(
    date: str, told: str, waiting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for more in ([], ["--dry-run"]):
        assert main(waiting, ["release", "--date", date, *more]) == 1
        assert told in capsys.readouterr().out


def test_no_version_comes_out_before_its_articles(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(harbour, ["release", "--date", "2026-01-01"]) == 1
    assert "when art-002 was published" in capsys.readouterr().out


@pytest.mark.parametrize("command", [["check"], ["build"], RELEASE, ["anchor"]])
def test_a_folder_without_texts_is_not_taken_for_a_check(
    command: list[str], waiting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (waiting / "nothing").mkdir()
    assert main(waiting, [*command, "--articles", str(waiting / "nothing")]) == 1
    assert "articles: the folder has no text" in capsys.readouterr().out
    assert main(waiting, [*command, "--articles", ""]) == 2


RAW: dict[str, tuple[Spoil, str]] = {
    "an id that is a list": (swap(ONE, "article_id: art-001", "article_id: [art-001]"), "expected text (quote it)"),
    "an article that is a list": (put(ONE, "- a\n"), "shape: the file is not the record of an article"),
    "an article that is empty": (put(ONE, ""), "shape: the file is not the record of an article"),
    "a name that is no UTF-8": (
        lambda root: (root / "raw/articles/art-002.yaml").rename(
            os.fsdecode(os.fsencode(root) + b"/raw/articles/\xff.yaml")
        ),
        "raw/articles/\\udcff.yaml:1:13: article-file: 'art-002' belongs in raw/articles/art-002.yaml",
    ),
    "two links as one": (
        swap(ONE, "[courier, two-officials]", '["courier/two-officials"]'),
        "expected text (quote it)",
    ),
    "a difference in no column": (
        swap("raw/differences.yaml", "column_name: act", "column_name: acts"),
        "hint: write `act`",
    ),
    "a space that does not break": (
        swap(ONE, "what: boats in danger", 'what: "boats in\\u00a0danger"'),
        "cell-character",
    ),
    "a file of another table": (put("raw/actor.yaml", "[]"), "hint: rename it to actors.yaml, or move it elsewhere"),
    "an article called .yml": (
        lambda root: (root / "raw/articles/art-002.yaml").rename(root / "raw/articles/art-002.yml"),
        "raw/articles/art-002.yml: file: the build does not read this file",
    ),
    "200 marks on a letter": (
        swap(ONE, "what: boats in danger", "what: boats in da" + "\u0301\u0302" * 100 + "nger"),
        "piles up marks on one letter",
    ),
    "raw a link": (link("raw", "moved"), "raw: file: is a symbolic link, not the folder"),
    "articles a link": (link("raw/articles", "../moved"), "raw/articles: file: is a symbolic link, not the folder"),
    "articles gone": (lambda root: shutil.rmtree(root / "raw/articles"), "raw/articles: file: the folder is missing"),
    "actors a pipe": (pipe("raw/actors.yaml"), "raw/actors.yaml: file: is not a regular file"),
    "actors a link to a device": (link("raw/actors.yaml", "/dev/zero"), "raw/actors.yaml: file: is a symbolic link"),
    "a reason with a comma": (
        put(
            "raw/corrections.yaml",
            "- {table: quotes, id: qu-0003, column: cue, corrects: 0.1.0, reason: It says said, not told.}\n",
        ),
        "hint: put text that holds a comma or a colon in quotation marks",
    ),
    "a NUL": (swap(ONE, "language: en", "language: e\0n"), "art-001.yaml:4:12: yaml-syntax: the character U+0000"),
}


@pytest.mark.parametrize("case", RAW)
def test_what_is_wrong_in_raw_is_told_in_few_lines(
    case: str, waiting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil, told = RAW[case]
    spoil(waiting)
    before = digest(waiting)
    assert main(waiting, ["check", "--articles", str(HARBOUR / "texts")]) == 1
    output = capsys.readouterr().out
    assert told in output
    assert output.count("\n  hint: ") <= 5, output
    assert digest(waiting) == before


def test_an_article_of_the_first_day_of_the_calendar_is_no_traceback(waiting: Path) -> None:
    swap(ONE, "published: 2026-01-10", "published: 0001-01-01")(waiting)
    assert main(waiting, ["check", "--articles", str(HARBOUR / "texts")]) == 1


@pytest.mark.parametrize("name", ["art-001", "art-002"])
def test_an_article_that_is_missing_is_one_problem(
    name: str, waiting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (waiting / "raw" / "articles" / f"{name}.yaml").unlink()
    for command in ("check", "build"):
        assert main(waiting, [command, "--articles", str(HARBOUR / "texts")]) == 1
        output = capsys.readouterr().out
        assert output.startswith(f"raw/articles/{name}.yaml: file: the file is missing, and the newest version has")
        assert "\n1 problem (1 file)" in output


@pytest.mark.parametrize("target", ["pipe", "/dev/zero", "/dev/stdin", "folder", "nowhere"])
def test_a_text_is_a_regular_file(target: str, waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = waiting / "texts"
    folder.mkdir()
    path = folder / "art-003.txt"
    if target == "pipe":
        os.mkfifo(path)
    elif target == "folder":
        path.mkdir()
    else:
        path.symlink_to(target)
    before = digest(waiting)
    for command in (
        ["check", "--articles", str(folder)],
        ["anchor", "--articles", str(folder)],
        ["new", str(path), "--published", "2026-01-01"],
    ):
        assert main(waiting, command) == 1
        output = capsys.readouterr().out
        assert "texts/art-003.txt: file: " in output
        assert "is not a regular file" in output or "the file is missing" in output
    assert digest(waiting) == before


def test_a_text_may_be_linked_to(waiting: Path) -> None:
    (waiting / "texts").mkdir()
    for path in (HARBOUR / "texts").iterdir():
        (waiting / "texts" / path.name).symlink_to(path)
    assert main(waiting, ["check", "--articles", str(waiting / "texts")]) == 0


def test_anchor_without_articles_says_so(waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(waiting / "raw" / "articles")
    assert main(waiting, ["anchor", "--articles", str(HARBOUR / "texts")]) == 1
    told = "file: the folder has no article\n  hint: begin with `build_dataset.py new art-001.txt --published DATE`\n"
    assert f"raw/articles: {told}1 problem (1 file)" in capsys.readouterr().out


def test_words_to_find_have_a_limit(waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    swap(
        ONE, "{part: cue, start_char: 145, end_char: 149, paragraph: 2,", "{part: cue, find: " + "said " * 20_000 + ","
    )(waiting)
    assert main(waiting, ["anchor", "--articles", str(HARBOUR / "texts")]) == 1
    assert "`find` holds more than 2,000 characters" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["raw", "raw/articles", "docs"])
def test_nothing_is_written_through_a_link(name: str, documented: Path) -> None:
    (documented / name).rename(documented / "moved")
    (documented / name).symlink_to(documented / "moved")
    text = documented / "art-003.txt"
    text.write_text("On Monday two boats left.", "utf-8")
    before = digest(documented / "moved")
    command = ["docs"] if name == "docs" else ["new", str(text), "--published", "2026-01-20"]
    assert main(documented, command) == 1
    assert digest(documented / "moved") == before


@pytest.mark.parametrize(
    "entry",
    [
        "{table: nope, id: qu-0001, column: act, corrects: 0.1.0, reason: Why not.}",
        "{table: quotes, id: qu-9999, column: act, corrects: 0.1.0, reason: Why not.}",
        "{table: quotes, id: qu-0001, column: nope, corrects: 0.1.0, reason: Why not.}",
        "{table: quotes, id: qu-0001, column: act, corrects: 0.7.0, reason: Why not.}",
    ],
)
def test_a_reason_for_nothing_is_refused(entry: str, waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (waiting / "raw" / "corrections.yaml").open("a", encoding="utf-8") as file:
        file.write(f"- {entry}\n")
    assert main(waiting, RELEASE) == 1
    assert "raw/corrections.yaml:2:" in capsys.readouterr().out
    (waiting / "raw" / "retired.yaml").write_text("- {row_id: qu-9999, reason: Gone.}\n", "utf-8")
    assert main(waiting, RELEASE) == 1
    assert "raw/retired.yaml:1:" in capsys.readouterr().out or "0.7.0" in entry


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (ONE, "quote_id: qu-0001", "quote_id: null"),
        (ONE, "event_id: ev-0001", "event_id: null"),
        (ONE, "attestation_id: at-0001", "attestation_id: ''"),
        (ONE, "article_id: art-001", "article_id: null"),
        ("raw/actors.yaml", "actor_id: courier", "actor_id: null"),
    ],
)
def test_a_row_without_its_id_is_one_problem(
    file: str, old: str, new: str, waiting: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    swap(file, old, new)(waiting)
    for command in ("check", "build"):
        assert main(waiting, [command, "--format", "json", "--articles", str(HARBOUR / "texts")]) == 1
        assert len(json.loads(capsys.readouterr().out)) == 1


def test_what_editors_leave_is_named_and_harms_nothing(waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (waiting / "raw" / "articles" / ".art-001.yaml.swp").write_bytes(b"\0")
    (waiting / "raw" / "actors.yaml~").write_text("", "utf-8")
    assert main(waiting, ["check"]) == 0
    output = capsys.readouterr().out
    assert output.count("warning: the build does not read this file") == 2


LARGE = {
    "900,000 empty records": ("raw/actors.yaml", b"- {}\n" * 900_000),
    "2.4 million numbers": ("raw/actors.yaml", b"- {kind: [" + b"1," * 2_400_000 + b"1]}\n"),
    "60,000 equal links": ("raw/links.yaml", b"- {from_id: qu-0001, to_id: qu-0003, relation: repeats}\n" * 60_000),
    "30,000 equal links": ("raw/links.yaml", b"- {from_id: qu-0001, to_id: qu-0003, relation: repeats}\n" * 28_000),
    "a list of a million lists": ("schema/quotes.json", b"[" + b"[]," * 1_000_000 + b"[]]"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", LARGE)
def test_large_input_takes_little_memory(case: str, waiting: Path) -> None:
    name, content = LARGE[case]
    (waiting / name).write_bytes(content)
    result = started(waiting, ["check"], memory=1_000_000_000)
    assert (result.returncode, result.stderr) == (1, "")
    assert len(result.stdout) < 500_000


def test_a_long_list_of_problems_is_cut_and_counted(waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (waiting / "raw" / "links.yaml").write_text(
        "- {relation: repeats, basis: explicit, to_id: qu-0003}\n" * 700, "utf-8"
    )
    assert main(waiting, ["check"]) == 1
    output = capsys.readouterr().out
    assert "and 200 more: `--format json` lists all of them\n700 problems (700 missing-key)" in output
    assert main(waiting, ["check", "--format", "json"]) == 1
    assert len(json.loads(capsys.readouterr().out)) == 700


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "docs/codebook.md"])
@pytest.mark.parametrize("content", [b"\xff", None, b""])
def test_pages_that_cannot_be_read_or_filled_are_told(
    name: str, content: bytes | None, documented: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = documented / name
    path.unlink()
    if content is None:
        os.mkfifo(path)
    else:
        path.write_bytes(content)
    for command in (["docs"], RELEASE):
        code = main(documented, command)
        output = capsys.readouterr().out
        if name == "CHANGELOG.md" and content == b"":
            assert code == 0  # an empty changelog is begun
        else:
            assert code == 1
            assert f"{name}" in output
            assert not (documented / "dataset" / "0.1.1").exists()


def test_two_archives_at_once_both_succeed(released: Path) -> None:
    command = [sys.executable, str(ROOT / "build_dataset.py"), "archive", "0.1.0", "--root", str(released)]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for process in both:
        with process:
            assert process.stderr is not None
            assert process.stderr.read() == ""
        assert process.returncode == 0
    assert [path.name for path in (released / "dist").iterdir()] == ["russia-iran-claims-0.1.0.zip"]


def test_a_refused_write_names_the_file_and_the_reason(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (released / "dist").write_text("in the way", "utf-8")
    assert main(released, ["archive", "0.1.0"]) == 1
    output = capsys.readouterr().out
    assert output.startswith("dist/russia-iran-claims-0.1.0.zip: file: cannot write it: ")
    assert output.endswith("1 problem (1 file); nothing was written\n")
