"""`new`: a file for a new article, with everything that is to be done."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from russia_iran_claims.pipeline.cli.main import main


def test_a_new_article_starts_with_everything_to_do(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = harbour / "texts" / "art-003.txt"
    text.write_text("On Monday two boats left. “Gone,” she said.\n", "utf-8")
    assert main(harbour, ["new", str(text), "--published", "2026-02-03"]) == 0
    assert "art-003.yaml: written, with 3 places" in capsys.readouterr().out
    made = (harbour / "raw" / "articles" / "art-003.yaml").read_text("utf-8")
    assert "# Next free ids: at-0006, ev-0004, fi-0004, qu-0008." in made
    assert f"published: {date(2026, 2, 3)}" in made
    assert main(harbour, ["check", "--articles", str(harbour / "texts")]) == 1
    assert capsys.readouterr().out.endswith(
        "art-003: 0 of 3 quoted runs, numbers and dates coded or excluded, 3 to do\n"
    )


@pytest.mark.parametrize("name", ["art-002", "third", "art-3"])
def test_a_text_needs_a_free_id_for_its_name(name: str, harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = harbour / "texts" / f"{name}.txt"
    text.write_text("On Monday two boats left.\n", "utf-8")
    before = sorted((harbour / "raw").rglob("*"))
    assert main(harbour, ["new", str(text), "--published", "2026-02-03"]) == 1
    assert "hint: name the file art-003.txt" in capsys.readouterr().out
    assert sorted((harbour / "raw").rglob("*")) == before
