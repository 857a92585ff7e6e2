"""docs/adding-an-article.md, step by step, as a curator would follow it."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from conftest import HARBOUR, ROOT

from russia_iran_claims.pipeline.versions.index import read_index

BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_page_works_as_it_says(released: Path) -> None:
    project = released
    shutil.copytree(HARBOUR / "texts", project / "texts")
    output = ""
    commands = 0
    for language, place, content in BLOCK.findall((ROOT / "docs" / "adding-an-article.md").read_text("utf-8")):
        words = place.split()
        path = project / words[0] if words else project
        match [language, *words[1:]]:
            case ["text"]:
                path.parent.mkdir(exist_ok=True)
                path.write_text(content, "utf-8")
            case ["yaml", "begins"]:
                assert path.read_text("utf-8").startswith(content)
            case ["yaml", "appended"]:
                path.write_text(path.read_text("utf-8") + content, "utf-8")
            case ["yaml", "from", key]:
                head = path.read_text("utf-8").split(f"\n{key}:")[0]
                path.write_text(f"{head}\n{content}", "utf-8")
            case ["sh"]:
                program, script, *arguments = shlex.split(content)
                assert (program, script) == (".venv/bin/python", "build_dataset.py")
                command = [sys.executable, str(ROOT / script), *arguments, "--root", str(project)]
                result = subprocess.run(command, capture_output=True, text=True, cwd=project)
                assert result.returncode == 0, result.stdout + result.stderr
                output = result.stdout
                commands += 1
            case ["output"]:
                assert output == content
            case _:
                raise AssertionError(f"the test does not know what to do with a block {language} {place}")
    assert commands == 5
    newest = read_index(project / "dataset")[-1]["version"]
    assert newest == "0.2.0"
    assert "Liv Holm" in (project / "dataset" / newest / "quotes.csv").read_text("utf-8")
