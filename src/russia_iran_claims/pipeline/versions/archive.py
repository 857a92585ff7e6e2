"""Pack a version into one zip file for the download page, with the same bytes each time."""

from __future__ import annotations

import zipfile
from pathlib import Path

from ..problems import BuildError, Problem
from .store import read_index

# The earliest time that a zip file can tell: no archive says when it was made.
_EPOCH = (1980, 1, 1, 0, 0, 0)
BESIDE = ("docs/codebook.md", "docs/coding-rules.md", "CITATION.cff", "LICENSE", "LICENSE-DATA")


def archive(root: Path, number: str, target: Path) -> Path:
    """Write `russia-iran-claims-<version>.zip` to a folder. Raises BuildError if the version is not published.

    Codebook, citation and licences are those of the newest version, so only its archive has them.
    """
    index = read_index(root / "dataset")
    if number not in [entry["version"] for entry in index]:
        found = f"there is no published version {number}; there are: {', '.join(e['version'] for e in index) or 'none'}"
        raise BuildError([Problem("dataset/versions.json", 0, 0, "archive", found)])
    name = f"russia-iran-claims-{number}"
    files = {path.name: path for path in (root / "dataset" / number).iterdir()}
    if number == index[-1]["version"]:
        files |= {Path(page).name: root / page for page in BESIDE if (root / page).exists()}
    target.mkdir(parents=True, exist_ok=True)
    path, unfinished = target / f"{name}.zip", target / f".{name}.zip"
    with zipfile.ZipFile(unfinished, "w") as made:
        for inside, source in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{name}/{inside}", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            made.writestr(entry, source.read_bytes(), compresslevel=9)
    return unfinished.replace(path)
