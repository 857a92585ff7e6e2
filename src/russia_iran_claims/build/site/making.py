"""A folder for any static host: the page, every published version's files, and an archive of each."""

from __future__ import annotations

import shutil
from pathlib import Path

from ..archive import archive
from ..problems import BuildError
from ..publish import read_index
from ..verify import verify
from .page import render
from .released import limits_of, read_released


def make_site(root: Path, target: Path) -> Path:
    """Write the page for the published versions of a project into a folder. Gives the page's path.

    The same releases, codebook and licences give the same bytes. Nothing in the folder is removed. Raises BuildError
    where nothing is published yet, or where a published version is not what it was.
    """
    _, problems = verify(root / "dataset")
    if problems:
        raise BuildError(problems)
    limits_of(root)  # before anything is written
    index = read_index(root / "dataset")
    archives = {}
    for entry in index:
        number = entry["version"]
        shutil.copytree(root / "dataset" / number, target / number, dirs_exist_ok=True)
        archives[number] = archive(root, number, target)
    page = target / "index.html"
    page.write_text(render(read_released(root, index, archives)), "utf-8", newline="\n")
    return page
