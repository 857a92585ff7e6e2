"""The next version follows from what changed, and every change is explained and can be replayed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.versions.changes import changes_of, replay, tables_of
from russia_iran_claims.pipeline.versions.numbering import Step, next_version
from russia_iran_claims.pipeline.versions.store import read_index
from russia_iran_claims.pipeline.versions.version import from_folder

ONE = "raw/articles/art-001.yaml"


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text("utf-8")
    assert old in text, f"{name} no longer has {old!r}"
    path.write_text(text.replace(old, new, 1), "utf-8")


def add(root: Path, name: str, entry: dict[str, str]) -> None:
    with (root / name).open("a", encoding="utf-8") as file:
        file.write(yaml.safe_dump([entry], allow_unicode=True))


def correct_value(root: Path) -> None:
    edit(root, ONE, "paraphrase: Tugs from Norland are on their way.", "paraphrase: Norland has sent tugs.")
    add(
        root,
        "raw/corrections.yaml",
        {"table": "quotes", "id": "qu-0003", "column": "paraphrase", "reason": "Said as done."},
    )


def add_quote(root: Path) -> None:
    text = (root / ONE).read_text("utf-8")
    start = text.index("  - quote_id: qu-0001")
    quote = text[start : text.index("\n\n", start)].replace("qu-0001", "qu-0100").replace("start: 17", "start: 18")
    edit(root, ONE, "\nevents:\n", f"{quote}\n\nevents:\n")


def remove_figure(root: Path) -> None:
    text = (root / ONE).read_text("utf-8")
    start = text.index("  - figure_id: fi-0002")
    edit(root, ONE, text[start : text.index("\nexclusions:")], "")
    add(root, "raw/retired.yaml", {"table": "figures", "id": "fi-0002", "reason": "Counted by nobody."})


def reword(root: Path) -> None:
    edit(root, "schema/quotes.json", '"title": "Cue"', '"title": "Cue words"')


@contextmanager
def genres(root: Path) -> Iterator[tuple[dict[str, dict[str, str]], list[str]]]:
    """The values of a column, to be changed: where they are defined, and where its `enum` repeats them."""
    paths = [root / "schema" / f"{name}.json" for name in ("vocabularies", "articles")]
    vocabularies, articles = (json.loads(path.read_text("utf-8")) for path in paths)
    field = next(field for field in articles["fields"] if field["name"] == "genre")
    yield vocabularies["genre"]["values"], field["constraints"]["enum"]
    for path, content in zip(paths, (vocabularies, articles)):
        path.write_text(json.dumps(content), "utf-8")


def add_value(root: Path) -> None:
    with genres(root) as (values, enum):
        values["interview"] = {"definition": "A conversation in print.", "example": "Ten questions."}
        enum.append("interview")


def remove_value(root: Path) -> None:
    with genres(root) as (values, enum):
        del values["live"]
        enum.remove("live")


def tighten(root: Path) -> None:
    before = '"wording": "name",\n      "constraints": {'
    edit(root, "schema/actors.json", before, f'{before}\n        "maxLength": 200,')


def loosen(root: Path) -> None:
    edit(root, "schema/articles.json", '"minimum": 1', '"minimum": 0')


def stand_at(root: Path, number: str) -> None:
    """Have the project stand at another version than the first."""
    for path in (root / "schema" / "dataset.json", root / "dataset" / "versions.json"):
        path.write_text(path.read_text("utf-8").replace('"0.1.0"', f'"{number}"'), "utf-8")
    (root / "dataset" / "0.1.0").rename(root / "dataset" / number)
    package = root / "dataset" / number / "datapackage.json"
    package.write_text(package.read_text("utf-8").replace('"version": "0.1.0"', f'"version": "{number}"'), "utf-8")


@pytest.mark.parametrize(
    ("change", "stable", "early", "reason"),
    [
        (correct_value, "1.0.1", "0.1.1", "PATCH: quotes: 1 row (qu-0003) corrected"),
        (reword, "1.0.1", "0.1.1", "PATCH: quotes.cue: description reworded"),
        (add_quote, "1.1.0", "0.2.0", "MINOR: quotes: 1 row (qu-0100) added"),
        (add_value, "1.1.0", "0.2.0", "MINOR: articles.genre: values added: interview"),
        (loosen, "1.1.0", "0.2.0", "MINOR: articles.text_chars: constraint minimum loosened"),
        (remove_figure, "2.0.0", "0.2.0", "MAJOR: figures: 1 row (fi-0002) removed"),
        (remove_value, "2.0.0", "0.2.0", "MAJOR: articles.genre: values removed: live"),
        (tighten, "2.0.0", "0.2.0", "MAJOR: actors.name: constraint maxLength tightened"),
    ],
)
def test_the_version_follows_from_the_change(
    change: Callable[[Path], None],
    stable: str,
    early: str,
    reason: str,
    released: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    change(released)
    for number, expected in (("0.1.0", early), ("1.0.0", stable)):
        if number != "0.1.0":
            stand_at(released, number)
        capsys.readouterr()
        assert main(released, ["release", "--dry-run", "--date", "2026-12-01"]) == 0
        output = capsys.readouterr().out
        assert output.startswith(f"version {expected}, released 2026-12-01\n")
        assert f"  {reason}\n" in output


def test_nothing_changed_is_nothing_to_do(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(released, ["release", "--date", "2026-12-01"]) == 0
    assert "nothing to do" in capsys.readouterr().out
    assert [entry["version"] for entry in read_index(released / "dataset")] == ["0.1.0"]


def test_a_step_can_be_asked_to_be_larger_and_never_smaller(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add_quote(released)
    for least, expected in (("patch", "0.2.0"), ("minor", "0.2.0"), ("major", "1.0.0")):
        assert main(released, ["release", "--dry-run", "--date", "2026-12-01", "--at-least", least]) == 0
        assert capsys.readouterr().out.startswith(f"version {expected},")


def test_the_date_is_declared(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add_quote(released)
    assert main(released, ["release"]) == 2
    assert "give --date" in capsys.readouterr().err
    assert main(released, ["release", "--date", "2020-01-01"]) == 1
    assert "2020-01-01 is before 2026-11-21" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("step", "number", "expected"),
    [
        (Step.MAJOR, "1.2.3", "2.0.0"),
        (Step.MINOR, "1.2.3", "1.3.0"),
        (Step.PATCH, "1.2.3", "1.2.4"),
        (Step.MAJOR, "0.1.0", "0.2.0"),
        (Step.PATCH, "0.1.9", "0.1.10"),
        (Step.NONE, "0.1.0", "0.1.0"),
    ],
)
def test_steps(step: Step, number: str, expected: str) -> None:
    assert next_version(number, step) == expected


def test_a_correction_without_a_reason_is_refused(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(released, ONE, "paraphrase: Tugs from Norland are on their way.", "paraphrase: Norland has sent tugs.")
    assert main(released, ["release", "--date", "2026-12-01"]) == 1
    output = capsys.readouterr().out
    assert (
        "raw/corrections.yaml: unexplained: quotes qu-0003, column paraphrase, has changed without a reason" in output
    )
    assert "hint: add `- {table: quotes, id: qu-0003, column: paraphrase, reason: ...}`" in output


def test_a_reason_for_a_row_is_one_for_what_stands_inside_it(released: Path) -> None:
    edit(released, ONE, "      - {actor_id: norland, role: actor}", "      - {actor_id: norland, role: affected}")
    assert main(released, ["release", "--date", "2026-12-01"]) == 1
    add(released, "raw/corrections.yaml", {"table": "events", "id": "ev-0002", "column": "*", "reason": "Read again."})
    assert main(released, ["release", "--date", "2026-12-01"]) == 0
    changes = changes_of(from_folder(released / "dataset" / "0.2.0"))
    reasons = {(change.table, change.kind): change.reason for change in changes}
    assert reasons == {
        ("participants", "retired"): "Read again.",
        ("participants", "added"): None,
        ("events", "retired"): "Follows from other changes.",
    }


def test_a_row_that_vanishes_is_refused_and_a_retired_id_stays_away(
    released: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = (released / ONE).read_text("utf-8")
    remove_figure(released)
    (released / "raw" / "retired.yaml").write_text("", "utf-8")
    assert main(released, ["release", "--date", "2026-12-01"]) == 1
    assert "figures fi-0002 is gone without a reason" in capsys.readouterr().out
    (released / ONE).write_text(whole, "utf-8")
    remove_figure(released)
    assert main(released, ["release", "--date", "2026-12-01"]) == 0
    (released / ONE).write_text(whole, "utf-8")
    capsys.readouterr()
    assert main(released, ["check"]) == 1
    assert "retired-id: 'fi-0002' is retired, at raw/retired.yaml:" in capsys.readouterr().out


def test_changes_replay_and_explain_themselves(released: Path) -> None:
    correct_value(released)
    assert main(released, ["release", "--date", "2026-12-01"]) == 0
    remove_figure(released)
    add_quote(released)
    assert main(released, ["release", "--date", "2026-12-02"]) == 0
    dataset = released / "dataset"
    numbers = [entry["version"] for entry in read_index(dataset)]
    assert numbers == ["0.1.0", "0.1.1", "0.2.0"]
    versions = [from_folder(dataset / number) for number in numbers]
    assert changes_of(versions[0]) == []
    tables = tables_of(versions[0])
    for version in versions[1:]:
        tables = replay(tables, changes_of(version))
    assert tables == tables_of(versions[-1])
    reasons = {(change.table, change.id, change.column): change.reason for change in changes_of(versions[1])}
    assert reasons == {("quotes", "qu-0003", "paraphrase"): "Said as done."}
    retired = {
        change.reason for change in changes_of(versions[2]) if (change.table, change.id) == ("figures", "fi-0002")
    }
    assert retired == {"Counted by nobody."}
    assert main(released, ["verify"]) == 0


def test_the_project_replays_its_own_history() -> None:
    index = read_index(ROOT / "dataset")
    tables = tables_of(from_folder(ROOT / "dataset" / index[0]["version"]))
    for entry in index[1:]:
        tables = replay(tables, changes_of(from_folder(ROOT / "dataset" / entry["version"])))
    assert tables == tables_of(from_folder(ROOT / "dataset" / index[-1]["version"]))


def test_version_and_date_reach_every_file(released: Path) -> None:
    for name in ("README.md", "CHANGELOG.md", "CITATION.cff"):
        shutil.copy(ROOT / name, released)
    shutil.copytree(ROOT / "docs", released / "docs")
    correct_value(released)
    assert main(released, ["release", "--date", "2026-12-01"]) == 0
    assert '"version": "0.1.1"' in (released / "schema" / "dataset.json").read_text("utf-8")
    assert '"released": "2026-12-01"' in (released / "schema" / "dataset.json").read_text("utf-8")
    assert 'folder = "dataset/0.1.1"' in (released / "README.md").read_text("utf-8")
    assert "(Version 0.1.1) [Data set]" in (released / "README.md").read_text("utf-8")
    assert 'base = "dataset/0.1.1"' in (released / "docs" / "using.md").read_text("utf-8")
    assert "version: 0.1.1" in (released / "CITATION.cff").read_text("utf-8")
    changelog = (released / "CHANGELOG.md").read_text("utf-8")
    assert changelog.index("## 0.1.1 (2026-12-01)") < changelog.index("## 0.1.0")
    assert "quotes qu-0003, paraphrase: 'Tugs from Norland are on their way.' becomes" in changelog
    assert main(released, ["verify"]) == 0


def test_a_renamed_column_is_major(released: Path) -> None:
    from russia_iran_claims.pipeline.versions.numbering import assess

    version = from_folder(released / "dataset" / "0.1.0")
    schemas = json.loads(json.dumps(version.schemas))
    field = next(field for field in schemas["actors"]["fields"] if field["name"] == "affiliation_id")
    field["name"] = "belongs_to"
    renamed = type(version)(version.number, version.tables, schemas)
    step, reasons = assess(version, renamed, [])
    assert step is Step.MAJOR
    assert reasons[0] == "MAJOR: actors.affiliation_id: column removed"
    assert (next_version("1.0.0", step), next_version("0.1.0", step)) == ("2.0.0", "0.2.0")
