"""What a second round of breaking the tools has found: interactions, odd places, and what others own."""

from __future__ import annotations

import json
import os
import re
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import HARBOUR, digest, started

import russia_iran_claims as ric
from russia_iran_claims.pipeline.cli.main import main

RELEASE = ["release", "--date", "2026-12-01"]
LATER = ["release", "--date", "2026-12-05"]
ONE = "raw/articles/art-001.yaml"


def edit_json(path: Path, edit: Callable[[Any], object]) -> None:
    content = json.loads(path.read_text("utf-8"))
    edit(content)
    path.write_text(json.dumps(content), "utf-8")


@pytest.fixture
def interrupted(waiting: Path) -> Path:
    """A release that was stopped between its folder and its entry in the index."""
    assert main(waiting, RELEASE) == 0
    edit_json(waiting / "dataset" / "versions.json", lambda index: index["versions"].pop())
    (waiting / "dataset" / ".releasing").write_text("0.1.1", "utf-8")
    return waiting


@pytest.mark.parametrize("damage", ["changed", "gone", "added", "a link", "no sums", "empty"])
def test_a_damaged_folder_of_an_interrupted_release_is_not_listed(
    damage: str, interrupted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = interrupted / "dataset" / "0.1.1"
    if damage == "changed":
        (folder / "quotes.csv").write_text("x", "utf-8")
    elif damage == "gone":
        (folder / "quotes.parquet").unlink()
    elif damage == "added":
        (folder / ".DS_Store").write_text("x", "utf-8")
    elif damage == "a link":
        folder.rename(interrupted / "moved")
        folder.symlink_to(interrupted / "moved")
    elif damage == "no sums":
        (folder / "SHA256SUMS").unlink()
    else:
        shutil.rmtree(folder)
        folder.mkdir()
    before = digest(interrupted / "dataset")
    assert main(interrupted, LATER) == 1
    output = capsys.readouterr().out
    assert (
        "hint: this version is not listed yet: remove dataset/0.1.1 and dataset/.releasing, and run release" in output
    )
    assert "is published" not in output
    assert digest(interrupted / "dataset") == before
    if folder.is_symlink():
        folder.unlink()
    else:
        shutil.rmtree(folder)
    (interrupted / "dataset" / ".releasing").unlink()
    assert main(interrupted, LATER) == 0
    assert main(interrupted, ["verify"]) == 0


@pytest.mark.parametrize("number", ["9.9.9", "0.0.5"])
def test_a_folder_that_is_another_version_is_not_listed(number: str, interrupted: Path) -> None:
    dataset = interrupted / "dataset"
    shutil.rmtree(dataset / "0.1.1")
    shutil.copytree(dataset / "0.1.0", dataset / number)
    (dataset / ".releasing").write_text(number, "utf-8")
    before = (dataset / "versions.json").read_bytes()
    assert main(interrupted, LATER) == 1
    assert (dataset / "versions.json").read_bytes() == before


def test_a_table_cannot_be_called_as_the_descriptor_is(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit_json(released / "schema" / "dataset.json", lambda dataset: dataset["tables"].append("datapackage"))
    shutil.copy(released / "schema" / "actors.json", released / "schema" / "datapackage.json")
    edit_json(released / "schema" / "datapackage.json", lambda table: table.update(name="datapackage"))
    assert main(released, ["check"]) == 1
    assert "datapackage cannot be the name of a table" in capsys.readouterr().out


def test_what_others_own_is_not_cleared_away(released: Path, tmp_path: Path) -> None:
    kept = [tmp_path / "else" / ".building-cache", released / "raw" / ".todo.1.new", tmp_path / "else" / ".x.1.new"]
    for path in kept:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine", "utf-8")
    for command in (["site"], ["archive", "0.1.0"]):
        main(released, [*command, "--to", str(tmp_path / "else")])
    assert all(path.read_text("utf-8") == "mine" for path in kept)


@pytest.mark.parametrize("name", ["datapackage.json", "quotes.parquet", "quotes.csv"])
def test_a_damaged_unreleased_file_is_written_anew(name: str, waiting: Path) -> None:
    assert main(waiting, ["build"]) == 0
    before = digest(waiting / "dataset" / "unreleased")
    path = waiting / "dataset" / "unreleased" / name
    for content in (b'{"a": ', b"\xff", b"[" * 100_000, b"<<<<<<< ours", None, "pipe", "folder"):
        path.unlink()
        if content == "pipe":
            os.mkfifo(path)
        elif content == "folder":
            path.mkdir()
        elif isinstance(content, bytes):
            path.write_bytes(content)
        assert main(waiting, ["build"]) == 0
        assert digest(waiting / "dataset" / "unreleased") == before, content


@pytest.mark.parametrize(
    ("column", "keys"),
    [
        ("seq", {"constraints": {"required": True, "minimum": 1.5}}),
        ("seq", {"constraints": {"required": True, "minimum": 10**30}}),
        ("digest", {"constraints": {"required": True, "maxLength": 10**30}}),
        ("digest", {"constraints": {"required": True, "pattern": "(?i)[a-z]*"}}),
        ("digest", {"constraints": {"required": True, "pattern": "[a-z&&[^x]]+"}}),
        ("digest", {"constraints": {"required": True, "pattern": None}}),
        ("digest", {"constraints": {"required": True, "maxLength": None}}),
        ("start_char", {"example": "x"}),
    ],
)
def test_a_constraint_that_some_reader_refuses_is_refused_at_once(
    column: str, keys: dict[str, Any], released: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def edit(table: Any) -> None:
        next(field for field in table["fields"] if field["name"] == column).update(keys)

    edit_json(released / "schema" / "spans.json", edit)
    assert main(released, ["check"]) == 1
    assert capsys.readouterr().out.startswith("schema/spans.json:1:")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["p [x]", "x*y", "%41#?&", "-root", "a b", "ü\n"])
def test_a_project_may_stand_in_any_folder(name: str, waiting: Path) -> None:
    root = waiting.rename(waiting.parent / name)
    for command in (["check"], ["build"], RELEASE, ["verify"]):
        assert main(root, command) == 0


def test_a_page_with_other_line_ends_is_filled_in(documented: Path) -> None:
    for name in ("README.md", "CHANGELOG.md", "docs/codebook.md"):
        path = documented / name
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert main(documented, RELEASE) == 0
    assert main(documented, ["verify"]) == 0
    assert "## 0.1.1 (2026-12-01)" in (documented / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.slow
def test_a_changelog_may_be_long_and_name_other_hashes(documented: Path) -> None:
    text = f"# Changelog\n\n## 0.1.1 (2026-12-01)\n\nFixes {'a' * 64}.\n\n{'x' * 5_000_000}\n"
    (documented / "CHANGELOG.md").write_text(text, "utf-8")
    assert main(documented, RELEASE) == 0
    assert main(documented, ["verify"]) == 0


def test_a_page_keeps_its_permissions(documented: Path) -> None:
    (documented / "README.md").chmod(0o640)
    assert main(documented, RELEASE) == 0
    assert (documented / "README.md").stat().st_mode & 0o777 == 0o640


def test_a_page_that_is_half_written_is_told(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(HARBOUR.parent.parent / "docs", released / "docs")
    (released / "site" / "index.html").mkdir(parents=True)
    assert main(released, ["site"]) == 1
    assert capsys.readouterr().out.endswith("; the page may not be complete\n")


def test_a_new_file_can_be_read_whatever_its_text_holds(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = harbour / "texts" / "art-003.txt"
    text.write_bytes(b'It said "a\x07b \x00c" on Monday.\n')
    assert main(harbour, ["new", str(text), "--published", "2026-02-01"]) == 0
    main(harbour, ["check"])
    assert "yaml-syntax" not in capsys.readouterr().out
    text = text.with_name("art-004.txt")
    text.write_text("1 " * 400_000, "utf-8")
    assert main(harbour, ["new", str(text), "--published", "2026-02-01"]) == 1
    assert not (harbour / "raw" / "articles" / "art-004.yaml").exists()


def test_a_record_that_is_anchored_already_is_not_anchored_twice(
    harbour: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = harbour / ONE
    text = path.read_text("utf-8").replace(
        "{part: cue, start_char: 145,", "{part: cue, find: told, start_char: 145,", 1
    )
    path.write_text(text, "utf-8")
    assert main(harbour, ["anchor", "--articles", str(HARBOUR / "texts")]) == 1
    assert (
        "hint: remove `start_char` and `end_char` and `paragraph` and `digest`: they are written anew"
        in capsys.readouterr().out
    )
    assert path.read_text("utf-8") == text


@pytest.mark.parametrize("tag", ["!!int", "!!str", "!mine"])
def test_a_tag_is_not_read_and_told(tag: str, harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = harbour / ONE
    path.write_text(path.read_text("utf-8").replace("genre: news", f"genre: {tag} news"), "utf-8")
    assert main(harbour, ["check"]) == 1
    assert "yaml-surprise: the tag " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [(ONE, "published: 2026-01-10", "published: 2026-02-30"), (ONE, "{actor_id: ada-berg, name", "{actor_id: 7, name")],
)
def test_a_cell_that_cannot_be_read_is_one_problem(
    name: str, old: str, new: str, harbour: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = harbour / name
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    assert main(harbour, ["check", "--format", "json"]) == 1
    assert len(json.loads(capsys.readouterr().out)) <= 2


def test_a_record_with_very_many_keys_is_told_in_few_lines(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = ", ".join(f"k{number}: 1" for number in range(20_000))
    (harbour / "raw" / "actors.yaml").write_text(f"- {{{keys}}}\n", "utf-8")
    assert main(harbour, ["check", "--format", "json"]) == 1
    assert len(json.loads(capsys.readouterr().out)) <= 60


def test_a_working_folder_that_is_gone_is_no_traceback(released: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()

    def leave() -> None:
        os.chdir(gone)
        gone.rmdir()

    result = started(Path("elsewhere"), ["check"], before=leave)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr


def test_output_that_is_read_slowly_is_whole(waiting: Path) -> None:
    (waiting / "raw" / "links.yaml").write_text("- {relation: repeats, to_id: qu-0003}\n" * 700, "utf-8")
    leader, follower = os.pipe()
    os.set_blocking(follower, False)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.extend(iter(lambda: os.read(leader, 4096), b"")))
    reader.start()
    result = started(waiting, ["check", "--format", "json"], stdout=follower)
    os.close(follower)
    reader.join()
    os.close(leader)
    assert result.returncode == 1
    assert len(json.loads(b"".join(read))) == 1400


@pytest.mark.parametrize("folder", [5, [], True, b"/tmp"])
def test_a_folder_is_a_path(folder: Any) -> None:
    with pytest.raises(TypeError, match="folder is the path of a folder, not"):
        ric.tables(folder=folder)


@pytest.mark.parametrize(
    "arguments", [["check"], ["docs"], ["release", "--date", "2026-12-01"], ["anchor", "--articles", "."]]
)
def test_a_project_that_is_not_there_is_told_and_not_made(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(tmp_path, [*arguments, "--root", str(tmp_path / "none" / "deep")]) == 1
    assert "deep: root: there is no such folder" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_an_unset_version_is_none(released: Path) -> None:
    for command in ("verify", "archive"):
        assert main(released, [command, ""]) == 2


def test_a_link_in_the_site_reaches_no_published_version(documented: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(documented, RELEASE) == 0
    before = digest(documented / "dataset")
    (documented / "site").mkdir()
    (documented / "site" / "0.1.1").symlink_to(documented / "dataset" / "0.1.0")
    assert main(documented, ["site"]) == 1
    assert "site/0.1.1: site: is no folder of its own" in capsys.readouterr().out
    assert digest(documented / "dataset") == before


def test_anchors_are_not_looked_for_in_another_text(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = harbour / "raw" / "articles" / "art-002.yaml"
    path.write_text(re.sub(r"start_char: 53, end_char: 57", "find: said", path.read_text("utf-8")), "utf-8")
    text = harbour / "texts" / "art-002.txt"
    text.write_text("XX " + text.read_text("utf-8"), "utf-8")
    before = path.read_bytes()
    assert main(harbour, ["anchor", "--articles", str(harbour / "texts")]) == 1
    assert "art-002.yaml:5:14: text-hash: the text in" in capsys.readouterr().out
    assert path.read_bytes() == before


@pytest.mark.parametrize("reason", ["Follows from other changes.", "The column is removed.", "No reason is given yet."])
def test_the_words_of_the_build_are_no_reason(reason: str, released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = released / "raw" / "articles" / "art-001.yaml"
    path.write_text(path.read_text("utf-8").replace("Norland sends tugs.", "Norland sends boats."), "utf-8")
    entry = f"- {{table: events, id: ev-0002, column: summary, corrects: 0.1.0, reason: {reason}}}\n"
    (released / "raw" / "corrections.yaml").write_text(entry, "utf-8")
    assert main(released, RELEASE) == 1
    assert "these are the words of the build, not a reason" in capsys.readouterr().out


def test_a_table_that_the_build_makes_stands_in_no_record(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit_json(released / "schema" / "quotes.json", lambda table: table.update(origin="derived"))
    assert main(released, ["check"]) == 1
    assert "schema/quotes.json" in (told := capsys.readouterr().out)
    assert "rows that the build makes stand in no record" in told


def test_ids_in_a_file_that_cannot_be_read_are_not_free(harbour: Path) -> None:
    path = harbour / "raw" / "articles" / "art-002.yaml"
    path.write_text(path.read_text("utf-8") + "\n  - [bad\n", "utf-8")
    text = harbour / "texts" / "art-003.txt"
    text.write_text("On Monday two boats left.\n", "utf-8")
    assert main(harbour, ["new", str(text), "--published", "2026-05-02"]) == 1
    assert not (harbour / "raw" / "articles" / "art-003.yaml").exists()


def test_a_project_may_stand_in_a_folder_whose_name_is_no_text(released: Path, tmp_path: Path) -> None:
    root = Path(os.fsdecode(os.fsencode(tmp_path) + b"/p\xff"))
    shutil.copytree(released, root)
    assert main(root, ["verify"]) == 0
