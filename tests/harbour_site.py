"""The page of the made-up project with its third article, for tests and for the README's picture."""

from __future__ import annotations

import shutil
from pathlib import Path

from russia_iran_claims.pipeline.cli.main import main

ROOT = Path(__file__).resolve().parents[1]
HARBOUR = ROOT / "tests" / "harbour"


def made_up_project(root: Path) -> Path:
    """The made-up project with all three articles, and their texts in `texts/`."""
    for name in ("raw", "texts"):
        shutil.copytree(HARBOUR / name, root / name)
    shutil.copytree(ROOT / "schema", root / "schema")
    add_strike(root)
    return root


def add_strike(root: Path) -> None:
    """Add the third article to a copy of the made-up project."""
    shutil.copy(HARBOUR / "strike" / "art-003.txt", root / "texts")
    shutil.copy(HARBOUR / "strike" / "art-003.yaml", root / "raw" / "articles")
    for name in ("actors.yaml", "links.yaml"):
        with (root / "raw" / name).open("a", encoding="utf-8") as file:
            file.write((HARBOUR / "strike" / name).read_text("utf-8"))


def made_up_site(root: Path) -> Path:
    """Release it, and write its page to `site/`."""
    made_up_project(root)
    assert main(root, ["release", "--date", "2026-12-01"]) == 0
    (root / "docs").mkdir()
    (root / "docs" / "codebook.md").write_text("## Limits\n\nNone.\n", "utf-8")
    assert main(root, ["site"]) == 0
    return root
