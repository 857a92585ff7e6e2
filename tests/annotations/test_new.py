"""`new`: a file for a new article, with everything that is to be done."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import HARBOUR, ROOT, Approved

from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.io import limits


def test_a_new_article_starts_with_everything_to_do(
    harbour: Path, capsys: pytest.CaptureFixture[str], approved: Approved
) -> None:
    text = harbour / "texts" / "art-003.txt"
    text.write_text("On Monday two boats left. “Gone for good it seems,” she said.\n", "utf-8")
    assert main(harbour, ["new", str(text), "--published", "2026-02-03"]) == 0
    assert "art-003.yaml: written, with 3 places" in capsys.readouterr().out
    approved((harbour / "raw" / "articles" / "art-003.yaml").read_text("utf-8"))
    assert main(harbour, ["check", "--articles", str(harbour / "texts")]) == 1
    assert capsys.readouterr().out.endswith(
        "art-003: 0 of 3 quoted runs, numbers and dates coded or excluded, 3 to do\n"
    )


TEXTS = {
    "an id that is taken": ("art-002", "On Monday two boats left.\n"),
    "a word": ("third", "On Monday two boats left.\n"),
    "a short number": ("art-3", "On Monday two boats left.\n"),
    "no words": ("art-003", " \n"),
    "a text that is annotated": ("art-003", (HARBOUR / "texts" / "art-002.txt").read_text("utf-8")),
    "far too much": ("art-003", "1 " * 400),
}


@pytest.mark.parametrize("case", TEXTS)
def test_a_text_needs_words_of_its_own_and_a_free_id(
    case: str,
    harbour: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    approved: Approved,
) -> None:
    monkeypatch.setattr(limits, "FILE", 5_000)
    name, words = TEXTS[case]
    text = harbour / "texts" / f"{name}.txt"
    text.write_text(words, "utf-8")
    before = sorted((harbour / "raw").rglob("*"))
    assert main(harbour, ["new", str(text), "--published", "2026-02-03"]) == 1
    approved(capsys.readouterr().out)
    assert sorted((harbour / "raw").rglob("*")) == before


def test_the_first_article_of_a_project_begins_in_an_empty_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "raw").mkdir()
    shutil.copytree(ROOT / "schema", tmp_path / "schema")
    text = tmp_path / "art-001.txt"
    text.write_text("On Monday two boats left.\n", "utf-8")
    assert main(tmp_path, ["new", str(text), "--published", "2026-02-03"]) == 0
    assert capsys.readouterr().out == "raw/articles/art-001.yaml: written, with 2 places to code or exclude\n"


def test_the_language_decides_what_is_a_mark(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = harbour / "texts" / "art-003.txt"
    text.write_text("Hon sa: ”Vi går.” På ‘90-talet\n", "utf-8")
    assert main(harbour, ["new", str(text), "--published", "2026-02-03", "--language", "sv"]) == 0
    content = (harbour / "raw" / "articles" / "art-003.yaml").read_text("utf-8")
    assert "#   quotation  9-16  Vi går." in content
    assert "#   quotation? 22-30  90-talet" in content
    assert "language: sv\n" in content


@pytest.mark.parametrize("tag", ["", "Swedish", "sv_SE", "no\nne"])
def test_a_language_is_a_tag(tag: str, harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = harbour / "texts" / "art-003.txt"
    text.write_text("On Monday two boats left.\n", "utf-8")
    assert main(harbour, ["new", str(text), "--published", "2026-02-03", "--language", tag]) == 2
    assert "is not the tag of a language" in capsys.readouterr().err
