"""Published versions stay what they were: frozen, proved, and safe from interruptions."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import ROOT, Approved, digest

import hatch_build
from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.io.problems import BuildError, Problem
from russia_iran_claims.pipeline.pages import docs
from russia_iran_claims.pipeline.pages.docs import write_pages
from russia_iran_claims.pipeline.schema.model import Record, Schema, Table
from russia_iran_claims.pipeline.tables import write
from russia_iran_claims.pipeline.tables.arrow import to_table
from russia_iran_claims.pipeline.tables.check_files import check_files
from russia_iran_claims.pipeline.tables.describe import croissant
from russia_iran_claims.pipeline.versions import store
from russia_iran_claims.pipeline.versions.index import read_index, sha256, sums
from russia_iran_claims.pipeline.versions.release import add_to_changelog
from russia_iran_claims.pipeline.versions.store import complete, differing, locked

ONE, SUMS = "raw/articles/art-001.yaml", "SHA256SUMS"
RELEASE = [sys.executable, str(ROOT / "build_dataset.py"), "release", "--date", "2026-12-01"]


def test_verify_proves_what_is_published(waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(waiting, ["release", "--date", "2026-12-01"]) == 0
    capsys.readouterr()
    assert main(waiting, ["verify"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "0.1.0: unmodified, and accepted by frictionless",
        "0.1.1: unmodified, and accepted by frictionless",
        "changes: replaying them on the first version gives the newest",
        "0.1.1: raw/ reproduces it byte for byte",
    ]
    assert main(waiting, ["verify", "0.1.0"]) == 0
    assert main(waiting, ["verify", "0.9.0"]) == 1


def flipped(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def swapped(path: Path, chance: random.Random) -> None:
    # Without SHA256SUMS nothing is known of the other files: it takes its own turn.
    other = chance.choice([each for each in sorted(path.parent.iterdir()) if each not in (path, path.parent / SUMS)])
    one, two = path.read_bytes(), other.read_bytes()
    path.write_bytes(two)
    other.write_bytes(one)


def linked(path: Path, chance: random.Random) -> None:
    path.rename(copy := path.parent.parent / "copy")
    path.symlink_to(copy)


TOUCHES: list[Callable[[Path, random.Random], object]] = [
    *[flipped] * 7,
    lambda path, chance: path.write_bytes(path.read_bytes()[: chance.randrange(path.stat().st_size)]),
    lambda path, chance: path.write_bytes(path.read_bytes() + b"\n"),
    lambda path, chance: path.unlink(),
    swapped,
    linked,
]


@pytest.mark.slow
def test_verify_names_every_file_that_was_touched(released: Path) -> None:
    from russia_iran_claims.pipeline.versions.verify import verify

    chance = random.Random(2026)
    folder, kept = released / "dataset" / "0.1.0", released / "kept"
    shutil.copytree(folder, kept)
    tried = 0
    for name in sorted(path.name for path in kept.iterdir()):
        for touch in TOUCHES:
            touch(folder / name, chance)
            assert any(problem.path.endswith(f"/{name}") for problem in verify(released / "dataset")[1]), name
            tried += 1
            shutil.rmtree(folder)
            shutil.copytree(kept, folder)
    assert verify(released / "dataset")[1] == []
    print(f"{tried} of {tried} damaged files are named")
    assert tried >= 400


def test_verify_finds_files_too_many_and_too_few(waiting: Path) -> None:
    from russia_iran_claims.pipeline.versions.verify import verify

    folder = waiting / "dataset" / "0.1.0"
    (folder / "notes.txt").write_text("mine", "utf-8")
    assert "the file was not published" in verify(waiting / "dataset")[1][0].message
    (folder / "notes.txt").unlink()
    (folder / "more").mkdir()
    assert "the file was not published" in verify(waiting / "dataset")[1][0].message
    (folder / "more").rmdir()
    (folder / "quotes.csv").unlink()
    assert "the file is missing" in verify(waiting / "dataset")[1][0].message
    shutil.rmtree(folder)
    assert "the folder is missing" in verify(waiting / "dataset")[1][0].message


def test_verify_writes_nothing_beside_what_is_published(released: Path) -> None:
    times = {path: path.stat().st_mtime_ns for path in [released, *released.rglob("*")]}
    assert main(released, ["verify"]) == 0
    assert {path: path.stat().st_mtime_ns for path in [released, *released.rglob("*")]} == times


def test_sums_are_those_of_sha256sum(waiting: Path) -> None:
    result = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=waiting / "dataset" / "0.1.0",
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_there_is_no_archive_of_a_version_that_is_not_there(waiting: Path) -> None:
    assert main(waiting, ["archive", "0.9.0"]) == 1


def test_the_index_tells_what_is_there(waiting: Path) -> None:
    (entry,) = read_index(waiting / "dataset")
    folder = waiting / "dataset" / "0.1.0"
    assert (entry["version"], entry["released"]) == ("0.1.0", "2026-11-21")
    assert entry["bytes"] == sum(path.stat().st_size for path in folder.iterdir())
    assert entry["tables"]["quotes"]["rows"] == 7
    assert entry["sums"] == hashlib.sha256((folder / "SHA256SUMS").read_bytes()).hexdigest()


@pytest.mark.slow
def test_two_releases_at_once_do_not_meet(waiting: Path) -> None:
    before = digest(waiting / "dataset")
    command = [*RELEASE, "--root", str(waiting)]
    with locked(waiting / "dataset"):
        result = subprocess.run(command, capture_output=True, text=True)
        # What only reads, or writes elsewhere, does not wait.
        assert [main(waiting, [name]) for name in ("verify", "build")] == [1, 0]
    assert result.returncode == 1
    assert "locked: another release is running" in result.stdout
    shutil.rmtree(waiting / "dataset" / "unreleased")
    assert digest(waiting / "dataset") == before
    assert subprocess.run(command, capture_output=True).returncode == 0


@pytest.mark.parametrize("lost", ["versions.json", "its last entry"])
def test_what_a_killed_release_leaves_never_costs_a_version(lost: str, waiting: Path) -> None:
    """A kill between the index and the end leaves the mark of the release; and then somebody loses the index."""
    assert main(waiting, ["release", "--date", "2026-12-01"]) == 0
    before = digest(waiting / "dataset" / "0.1.1")
    index = waiting / "dataset" / "versions.json"
    whole = index.read_text("utf-8")
    number = "0.1.1"
    if lost == "versions.json":
        shutil.rmtree(waiting / "dataset" / "0.1.1")
        number, before = "0.1.0", digest(waiting / "dataset" / "0.1.0")
        index.unlink()
    else:
        index.write_text(json.dumps({"versions": json.loads(whole)["versions"][:1]}), "utf-8")
    (waiting / "dataset" / ".releasing").write_text(number, "utf-8")
    path = waiting / ONE
    path.write_text(path.read_text("utf-8").replace("boats in danger", "boats at risk"), "utf-8")
    assert main(waiting, ["release", "--date", "2026-12-02"]) == 1  # the change has no reason
    assert digest(waiting / "dataset" / number) == before
    assert read_index(waiting / "dataset")[-1]["version"] == number
    assert not (waiting / "dataset" / ".releasing").exists()
    if lost != "versions.json":
        assert index.read_text("utf-8") == whole


def test_a_build_is_not_disturbed_by_a_release(waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(folder: Path) -> list[Problem]:
        complete(waiting / "dataset")
        return check_files(folder)

    monkeypatch.setattr(store, "check_files", meanwhile)
    assert main(waiting, ["build"]) == 0
    assert (waiting / "dataset" / "unreleased" / "quotes.csv").is_file()


@pytest.mark.parametrize("command", [["archive", "0.1.0"], ["site"]])
@pytest.mark.parametrize("target", ["dataset", "dataset/0.1.0", "dataset/new", "raw", "schema/new", "src"])
def test_nothing_else_is_written_among_the_projects_own_files(
    command: list[str], target: str, released: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = digest(released)
    assert main(released, [*command, "--to", target]) == 2
    assert f"give a folder outside {target.partition('/')[0]}/" in capsys.readouterr().err
    assert digest(released) == before


def test_a_dry_run_writes_nothing(waiting: Path) -> None:
    before = digest(waiting)
    assert main(waiting, ["release", "--dry-run", "--date", "2026-12-01"]) == 0
    assert digest(waiting) == before


def lose_index(root: Path) -> None:
    (root / "dataset" / "versions.json").unlink()


def empty_index(root: Path) -> None:
    (root / "dataset" / "versions.json").write_text('{"versions": []}', "utf-8")


def change_cell(root: Path) -> None:
    path = root / "dataset" / "0.1.0" / "quotes.csv"
    path.write_text(path.read_text("utf-8").replace("Tugs from", "Boats from"), "utf-8")


def change_descriptor(root: Path) -> None:
    path = root / "dataset" / "0.1.0" / "datapackage.json"
    path.write_text(path.read_text("utf-8").replace('"title": "Cue"', '"title": "Queue"'), "utf-8")


def lose_parquet(root: Path) -> None:
    (root / "dataset" / "0.1.0" / "links.parquet").unlink()


def add_file(root: Path) -> None:
    (root / "dataset" / "0.1.0" / "notes.txt").write_text("mine", "utf-8")


def change_sums(root: Path) -> None:
    change_descriptor(root)
    folder = root / "dataset" / "0.1.0"
    (folder / "SHA256SUMS").write_text(sums(folder), "utf-8")


def change_index_too(root: Path) -> None:
    change_sums(root)
    path, entry = root / "dataset" / "versions.json", root / "dataset" / "0.1.0" / "SHA256SUMS"
    path.write_text(re.sub(r"[0-9a-f]{64}", sha256(entry), path.read_text("utf-8"), count=1), "utf-8")


# The file that is named, and that a wheel is not built on.
DAMAGE: dict[Callable[[Path], None], str] = {
    lose_index: "dataset/versions.json",
    empty_index: "dataset/versions.json",
    change_cell: "dataset/0.1.0/quotes.csv",
    change_descriptor: "dataset/0.1.0/datapackage.json",
    lose_parquet: "dataset/0.1.0/links.parquet",
    add_file: "dataset/0.1.0/notes.txt",
    change_sums: "dataset/0.1.0/SHA256SUMS",
    change_index_too: "CHANGELOG.md",
}


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_nothing_is_built_on_a_damaged_version(
    damage: Callable[[Path], None], documented: Path, capsys: pytest.CaptureFixture[str], approved: Approved
) -> None:
    assert main(documented, ["docs"]) == 0  # the changelog has the first version
    damage(documented)
    before = digest(documented)
    for command in (
        ["build"], ["release", "--date", "2026-12-01"], ["verify"], ["archive", "0.1.0"], ["site"], ["docs"], ["check"],
        ["diff", "0.1.0", "0.1.0"],
    ):  # fmt: skip
        capsys.readouterr()
        assert main(documented, command) == 1, command
        approved(capsys.readouterr().out.replace("; nothing was written", ""))
        assert digest(documented) == before, command


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_a_wheel_is_not_built_on_a_damaged_version(
    damage: Callable[[Path], None], documented: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(documented, ["docs"]) == 0
    monkeypatch.setattr(hatch_build, "DATASET", documented / "dataset")
    packed: dict[str, dict[str, str]] = {"force_include": {}}
    hook = hatch_build.Release(str(ROOT), {}, None, None, str(documented), "wheel")
    hook.initialize("standard", packed)
    assert packed["force_include"] == {str(documented / "dataset" / "0.1.0"): "russia_iran_claims/data"}
    assert hatch_build.version() == "0.1.0"
    damage(documented)
    with pytest.raises(SystemExit, match=re.escape(DAMAGE[damage])):
        hook.initialize("standard", packed)


@pytest.fixture(scope="session")
def published_twice(published_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up project with two versions and nothing waiting; to be copied, not changed."""
    root = Path(shutil.copytree(published_once, tmp_path_factory.mktemp("twice") / "project"))
    assert main(root, LATER) == 0
    return root


def proved_again(root: Path) -> None:
    """Have the hashes of the second version agree with its files."""
    folder, path = root / "dataset" / "0.1.1", root / "dataset" / "versions.json"
    (folder / "SHA256SUMS").write_text(sums(folder), "utf-8")
    index = json.loads(path.read_text("utf-8"))
    index["versions"][1]["sums"] = sha256(folder / "SHA256SUMS")
    path.write_text(json.dumps(index), "utf-8")


def spoil_index(edit: Callable[[list[Any]], object]) -> Callable[[Path], None]:
    def apply(root: Path) -> None:
        path = root / "dataset" / "versions.json"
        index = json.loads(path.read_text("utf-8"))
        edit(index["versions"])
        path.write_text(json.dumps(index), "utf-8")

    return apply


def interrupt(damage: Callable[[Path], object]) -> Callable[[Path], None]:
    """A release that was stopped before its version was listed, and whose folder was damaged afterwards."""

    def apply(root: Path) -> None:
        spoil_index(lambda versions: versions.pop())(root)
        (root / "dataset" / ".releasing").write_text("0.1.1", "utf-8")
        damage(root / "dataset" / "0.1.1")

    return apply


def lose_change(root: Path) -> None:
    path = root / "dataset" / "0.1.1" / "changes.csv"
    path.write_text(path.read_text("utf-8").splitlines(keepends=True)[0], "utf-8")
    proved_again(root)


def lose_link(root: Path) -> None:
    path = root / "raw" / "links.yaml"
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")


def lead_out(folder: Path) -> None:
    folder.rename(folder.parent.parent / "moved")
    folder.symlink_to(folder.parent.parent / "moved")


def lose_day(folder: Path) -> None:
    path = folder / "datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    del package["created"]
    path.write_text(json.dumps(package), "utf-8")
    (folder / "SHA256SUMS").write_text(sums(folder), "utf-8")


def stop_early(root: Path) -> None:
    shutil.rmtree(root / "dataset")


LATER = ["release", "--date", "2026-12-01"]
TOLD: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "nothing is published": (stop_early, ["verify"]),
    "a version that there is not": (lambda root: None, ["archive", "0.9.0"]),
    "a version that there is not yet": (stop_early, ["archive", "0.9.0"]),
    "versions in another order": (spoil_index(lambda versions: versions.reverse()), ["verify"]),
    "a version twice": (spoil_index(lambda versions: versions.append(versions[1])), ["verify"]),
    "other rows than are listed": (
        spoil_index(lambda versions: versions[1]["tables"].update(quotes={"rows": 8})),
        ["verify", "0.1.1"],
    ),
    "a change that is lost": (lose_change, LATER),
    "a file that was changed": (change_cell, ["check"]),
    "sums that were changed": (change_sums, ["check"]),
    "a file that was changed, to the archive": (change_cell, ["archive", "0.1.0"]),
    "a folder that is gone": (lambda root: shutil.rmtree(root / "dataset" / "0.1.0"), ["verify"]),
    "a folder that leads elsewhere": (lambda root: lead_out(root / "dataset" / "0.1.0"), ["verify"]),
    "a mark that is no number": (lambda root: (root / "dataset" / ".releasing").write_text("../x"), ["verify"]),
    "an unlisted file that was changed": (interrupt(lambda folder: (folder / "quotes.csv").write_text("x")), LATER),
    "an unlisted file that is gone": (interrupt(lambda folder: (folder / "quotes.parquet").unlink()), LATER),
    "an unlisted file too many": (interrupt(lambda folder: (folder / "notes.txt").write_text("x")), LATER),
    "an unlisted folder that leads elsewhere": (interrupt(lead_out), LATER),
    "an unlisted folder without sums": (interrupt(lambda folder: (folder / "SHA256SUMS").unlink()), LATER),
    "an unlisted version without a day": (interrupt(lose_day), LATER),
    "an article that is gone": (lambda root: (root / "raw" / "articles" / "art-002.yaml").unlink(), ["check"]),
    "an unlisted folder that is whole": (interrupt(lambda folder: None), LATER),
    "nothing to release": (lambda root: None, LATER),
    "all is well": (lambda root: None, ["verify"]),
    "one version": (lambda root: None, ["verify", "0.1.0"]),
    "a difference": (lambda root: None, ["diff", "0.1.0", "0.1.1"]),
    "no difference": (lambda root: None, ["diff", "0.1.1", "0.1.1"]),
    "what would be released": (lambda root: change_raw(root), ["release", "--dry-run"]),
    "what is ahead": (lambda root: change_raw(root), ["verify"]),
    "what is built": (lambda root: change_raw(root), ["build"]),
    "a link that is gone without a reason": (lose_link, LATER),
    "what has no reason": (lambda root: change_raw(root, ""), LATER),
}


def change_raw(root: Path, reason: str = "Read again.") -> None:
    for old, new in (("boats in danger", "boats at risk"), ("stance: affirms", "stance: presupposes")):
        path = root / ONE
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    for table, id, column in (("figures", "fi-0001", "what"), ("attestations", "at-0001", "stance")):
        with (root / "raw" / "corrections.yaml").open("a", encoding="utf-8") as file:
            entry = f"table: {table}, id: {id}, column: {column}, corrects: 0.1.1, reason: {reason}"
            file.write(f"- {{{entry}}}\n" if reason else "")


@pytest.mark.parametrize("case", TOLD)
def test_what_is_told_about_versions(
    case: str, published_twice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], approved: Approved
) -> None:
    root = Path(shutil.copytree(published_twice, tmp_path / "project"))
    spoil, command = TOLD[case]
    spoil(root)
    capsys.readouterr()
    main(root, command)
    approved(capsys.readouterr().out)


def test_a_release_while_another_runs_is_told(
    published_twice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], approved: Approved
) -> None:
    root = Path(shutil.copytree(published_twice, tmp_path / "project"))
    with locked(root / "dataset"):
        assert main(root, LATER) == 1
    approved(capsys.readouterr().out)


CHANGELOGS = {
    "empty": "",
    "a heading": "# Changelog\n",
    "an earlier version": "# Changelog\n\n## 0.1.0 (2026-11-21)\n\nFirst version.\n",
    "the version by hand": "## 0.1.1 (2026-12-01)\n\nBy hand.\n",
    "both by hand": "# Changelog\n\n## 0.1.1 (2026-12-01)\n\nBy hand.\n\n## 0.1.0 (2026-11-21)\n\nFirst version.\n",
}


@pytest.mark.parametrize("case", CHANGELOGS)
def test_the_changelog_tells_the_newest_version(
    case: str, published_twice: Path, tmp_path: Path, approved: Approved
) -> None:
    root = Path(shutil.copytree(published_twice, tmp_path / "project"))
    assert add_to_changelog(root) == []
    path = root / "CHANGELOG.md"
    path.write_text(CHANGELOGS[case], "utf-8")
    assert add_to_changelog(root) == [path]
    assert add_to_changelog(root) == []
    approved(path.read_text("utf-8").replace(read_index(root / "dataset")[1]["sums"], "<sums>"))


def test_other_bytes_may_be_the_same_content(published_once: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(published_once / "dataset" / "0.1.0", tmp_path / "0.1.0"))
    files = [(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]
    assert differing(files, folder) == ([], [])
    pq.write_table(pq.read_table(folder / "links.parquet"), folder / "links.parquet", compression="none")
    described = ["croissant.json", "datapackage.json", "schema-org.json"]
    for name in described:
        text = (folder / name).read_text("utf-8")
        for sizes in (
            r'(?<="bytes": )[0-9]+',
            r'(?<=")[0-9]+(?= B")',
            r'(?<="sha256:)[0-9a-f]+',
            r'(?<="sha256": ")[0-9a-f]+',
        ):
            text = re.sub(sizes, "1", text)
        (folder / name).write_text(text, "utf-8")
    assert differing(files, folder) == ([*described[:2], "links.parquet", described[2]], [])
    (folder / "more.txt").write_text("mine", "utf-8")
    (folder / "quotes.csv").write_text("lost", "utf-8")
    (folder / "links.parquet").write_bytes((folder / "spans.parquet").read_bytes())
    assert differing(files, folder)[1] == ["links.parquet", "quotes.csv", "more.txt"]


def test_what_an_interrupted_release_left_is_completed_and_told(
    documented: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = documented / "README.md"
    assert main(documented, ["docs"]) == 0
    before = readme.read_text("utf-8")
    assert main(documented, ["release", "--date", "2026-12-01"]) == 0
    # As an interruption right after the index leaves it; and then a curator makes a mistake.
    readme.write_text(before, "utf-8")
    with (documented / "raw" / "links.yaml").open("a", encoding="utf-8") as file:
        file.write("- {from_id: [\n")
    capsys.readouterr()
    assert main(documented, ["release", "--date", "2026-12-02"]) == 1
    output = capsys.readouterr().out
    assert "README.md: brought to the newest published version" in output
    assert "nothing was written" not in output
    assert 'folder = "dataset/0.1.1"' in readme.read_text("utf-8")


def test_a_damaged_index_is_a_clear_problem(waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for content in ("{}", '{"versions": {}}', '{"versions": [{"version": "0.1.0"}]}', "[", ""):
        (waiting / "dataset" / "versions.json").write_text(content, "utf-8")
        for command in (["verify"], ["build"], ["release", "--date", "2026-12-01"]):
            assert main(waiting, command) == 1
            output = capsys.readouterr().out
            assert re.search(r"^dataset/versions\.json:[0-9]+:[0-9]+: index: ", output), output
            assert "hint: take it from version control: git checkout -- dataset/versions.json" in output


def test_diff_shows_what_changed(waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(waiting, ["release", "--date", "2026-12-01"]) == 0
    capsys.readouterr()
    assert main(waiting, ["diff", "0.1.0", "0.1.1"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "From 0.1.0 to 0.1.1:",
        "- PATCH: quotes: 1 row (qu-0003) corrected",
        "  - quotes qu-0003, paraphrase: “Tugs from Norland are on their way.” becomes “Norland has sent tugs.”"
        " (Said as done.)",
    ]
    assert main(waiting, ["diff", "0.1.0", "9.9.9"]) == 1


def test_a_page_without_its_markers_is_found_before_publishing(
    documented: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = documented / "README.md"
    readme.write_text(readme.read_text("utf-8").replace("<!-- /tables -->", ""), "utf-8")
    assert main(documented, ["release", "--date", "2026-12-01"]) == 1
    assert "README.md: markers: the page has no lines `<!-- tables: ... -->`" in capsys.readouterr().out
    assert [entry["version"] for entry in read_index(documented / "dataset")] == ["0.1.0"]


@pytest.mark.parametrize(
    "error",
    [BuildError([Problem("README.md", 0, 0, "markers", "none")]), OSError(28, "no space", "x"), KeyboardInterrupt()],
    ids=["a problem", "a full disk", "an interruption"],
)
def test_whatever_happens_after_publishing_what_is_published_is_told(
    error: BaseException, documented: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[int] = []

    def second_fails(pages: dict[Path, str]) -> list[Path]:
        calls.append(len(pages))
        if len(calls) == 2:
            raise error
        return write_pages(pages)

    monkeypatch.setattr(docs, "write_pages", second_fails)
    assert main(documented, ["release", "--date", "2026-12-01"]) in (1, 130)
    output = "".join(capsys.readouterr())
    assert "0.1.1 is published; run `release` again" in output
    assert "nothing was written" not in output
    assert main(documented, ["release", "--date", "2026-12-01"]) == 0
    assert 'folder = "dataset/0.1.1"' in (documented / "README.md").read_text("utf-8")


def test_other_libraries_give_the_same_content(
    released: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def uncompressed(schema: Schema, table: Table, records: list[Record]) -> bytes:
        made = to_table(schema, table, records)
        plain = [pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in made.schema]
        sink = pa.BufferOutputStream()
        pq.write_table(made.cast(pa.schema(plain)), sink, compression="none")
        return bytes(sink.getvalue())

    monkeypatch.setattr(write, "to_parquet", uncompressed)
    assert main(released, ["verify"]) == 0
    assert "0.1.0: raw/ reproduces its content; the bytes differ, as with other libraries" in capsys.readouterr().out
    assert main(released, ["build"]) == 0
    assert "raw/ reproduces its content" in capsys.readouterr().out


def test_build_release_and_verify_say_the_same(waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = "- PATCH: quotes: 1 row (qu-0003) corrected\n"
    for command, code in ((["build"], 0), (["release", "--dry-run"], 0), (["verify"], 1)):
        assert main(waiting, command) == code
        output = capsys.readouterr().out
        assert told in output
        assert "0.1.1" in output
    assert "hint: run release, or undo the changes" in output


@pytest.mark.slow
def test_a_description_that_the_tables_do_not_have_is_released(
    released: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(write, "croissant", lambda *given: {**croissant(*given), "isLiveDataset": False})
    assert main(released, ["verify"]) == 1
    assert "PATCH: croissant.json: written in another way" in capsys.readouterr().out
    assert main(released, ["release", "--date", "2026-12-01"]) == 0
    assert main(released, ["verify"]) == 0
