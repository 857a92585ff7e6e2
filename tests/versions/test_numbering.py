"""The next version follows from what changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from conftest import FIRST_DAY

from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.versions.index import read_index, sha256, sums
from russia_iran_claims.pipeline.versions.numbering import Step, next_version

ONE = "raw/articles/art-001.yaml"


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text("utf-8")
    assert old in text, f"{name} no longer has {old!r}"
    path.write_text(text.replace(old, new, 1), "utf-8")


def add(root: Path, name: str, entry: dict[str, str]) -> None:
    with (root / name).open("a", encoding="utf-8") as file:
        file.write(yaml.safe_dump([entry], allow_unicode=True))


def correct(root: Path, table: str, id: str, column: str, reason: str) -> None:
    """Give the reason for a change since the newest version."""
    newest = read_index(root / "dataset")[-1]["version"]
    entry = {"table": table, "id": id, "column": column, "corrects": newest, "reason": reason}
    add(root, "raw/corrections.yaml", entry)


def correct_value(root: Path) -> None:
    edit(root, ONE, "paraphrase: Tugs from Norland are on their way.", "paraphrase: Norland has sent tugs.")
    correct(root, "quotes", "qu-0003", "paraphrase", "Said as done.")


def add_quote(root: Path) -> None:
    text = (root / ONE).read_text("utf-8")
    start = text.index("  - quote_id: qu-0001")
    quote = text[start : text.index("\n\n", start)].replace("qu-0001", "qu-0100").replace("start: 17", "start: 18")
    edit(root, ONE, "\nevents:\n", f"{quote}\n\nevents:\n")


def remove_figure(root: Path) -> None:
    text = (root / ONE).read_text("utf-8")
    start = text.index("  - figure_id: fi-0002")
    edit(root, ONE, text[start : text.index("\nexclusions:")], "")
    add(root, "raw/retired.yaml", {"row_id": "fi-0002", "reason": "Counted by nobody."})


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
    folder = (root / "dataset" / "0.1.0").rename(root / "dataset" / number)
    package = folder / "datapackage.json"
    package.write_text(package.read_text("utf-8").replace('"version": "0.1.0"', f'"version": "{number}"'), "utf-8")
    (folder / "SHA256SUMS").write_text(sums(folder), "utf-8")
    index = root / "dataset" / "versions.json"
    (entry,) = json.loads(index.read_text("utf-8"))["versions"]
    entry |= {"version": number, "sums": sha256(folder / "SHA256SUMS")}
    index.write_text(json.dumps({"versions": [entry]}), "utf-8")
    corrections = root / "raw" / "corrections.yaml"
    corrections.write_text(corrections.read_text("utf-8").replace("0.1.0", number), "utf-8")


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
        assert f"- {reason}\n" in output


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
    assert f"2020-01-01 is before {FIRST_DAY}" in capsys.readouterr().out


def test_a_first_release_is_0_1_0_or_declared_1_0_0(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(harbour, ["release"]) == 2
    assert main(harbour, ["release", "--dry-run", "--at-least", "major"]) == 0
    assert "version 1.0.0\n" in capsys.readouterr().out
    assert main(harbour, ["release", "--date", "2026-12-01"]) == 0
    assert [entry["version"] for entry in read_index(harbour / "dataset")] == ["0.1.0"]


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
