"""`make rehearse`: three releases in a row, in a clone of the committed project, each of another kind.

After each release everything that could know a version is tested; at the end, all fast tests run once. The dates lie in
2030, so that nothing can lean on the day on which the project was written.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from textwrap import indent

import yaml

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent


def main() -> None:
    """Rehearse in a temporary folder; ends with an error if anything fails."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        run(ROOT, "git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(project))
        os.environ["PYTHONPATH"] = str(project / "src")
        if texts := os.environ.get("RIC_ARTICLES"):
            os.environ["RIC_ARTICLES"] = str(shutil.copytree(texts, Path(folder) / "texts"))
        for day, change in enumerate((correct_a_word, add_a_column, add_an_article), start=1):
            change(project)
            release(project, f"2030-01-{day:02}")
            said = (change.__doc__ or "").rstrip(".")
            print(f"rehearsed: {said} ({time.monotonic() - start:.0f} s)", flush=True)
        run(project, sys.executable, "-m", "pytest", "-q", "-n", "auto", "--dist", "worksteal")
    print(f"rehearsed: three releases and the fast tests in {time.monotonic() - start:.0f} s")


def release(project: Path, day: str) -> None:
    """Release what waits, and test everything that could know the version."""
    own = [sys.executable, "build_dataset.py"]
    run(project, *own, "build")
    if "published; its table" not in (told := run(project, *own, "release", "--date", day)):
        sys.exit(f"nothing is released:\n{told}")
    run(project, *own, "verify")
    run(project, *own, "build")
    if "current" not in (told := run(project, *own, "docs")):
        sys.exit(f"`docs` changes files after a release:\n{told}")
    run(project, sys.executable, "-m", "pytest", "-q", "-n", "auto", "--dist", "worksteal", "-m", "release")


def correct_a_word(project: Path) -> None:
    """One word is corrected."""
    path = project / "raw" / "links.yaml"
    text = path.read_text("utf-8")
    link = next(link for link in yaml.safe_load(text) if f"note: {link.get('note')}}}" in text)
    note = str(link["note"])
    path.write_text(text.replace(f"note: {note}", f"note: Perhaps {note[0].lower()}{note[1:]}", 1), "utf-8")
    id = "|".join(link[name] for name in ("from_id", "to_id", "relation"))
    newest = json.loads((project / "dataset" / "versions.json").read_text("utf-8"))["versions"][-1]["version"]
    with (project / "raw" / "corrections.yaml").open("a", encoding="utf-8") as file:
        entry = {"table": "links", "id": id, "column": "note", "corrects": newest, "reason": "Not sure, only likely."}
        file.write(yaml.safe_dump([entry]))


def add_a_column(project: Path) -> None:
    """A column is added, with a value in one row."""
    path = project / "schema" / "events.json"
    told = {
        "title": "Remark",
        "description": "What else a reader should know.",
        "example": "Told twice.",
        "missing": "not_said",
    }
    column = json.dumps({"name": "remark", "type": "string", **told, "wording": "own"}, indent=2)
    end = '\n  ],\n  "missingValues"'
    path.write_text(path.read_text("utf-8").replace(end, f",\n{indent(column, '    ')}{end}", 1), "utf-8")
    article = next(iter(sorted((project / "raw" / "articles").glob("*.yaml"))))
    text = article.read_text("utf-8")
    article.write_text(re.sub(r"(\n  - event_id: .*)", r"\1\n    remark: Told at length.", text, count=1), "utf-8")


def add_an_article(project: Path) -> None:
    """A made-up article is added."""
    shutil.copy(HERE / "art-901.yaml", project / "raw" / "articles")
    with (project / "raw" / "actors.yaml").open("a", encoding="utf-8") as file:
        file.write((HERE / "actors.yaml").read_text("utf-8"))
    if texts := os.environ.get("RIC_ARTICLES"):
        shutil.copy(HERE / "art-901.txt", texts)


def run(folder: Path, *command: str) -> str:
    """Run a command, which has to succeed. Returns what it prints."""
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{' '.join(command)}\n{result.stdout}\n{result.stderr}")
    return result.stdout


if __name__ == "__main__":
    main()
