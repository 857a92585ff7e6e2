"""Pack a version into one zip file for the download page, with the same bytes whenever it is made."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from ..io.files import write
from ..tables.codebook import codebook
from ..tables.describe import cff, licence
from .index import find_version
from .version import from_folder

# The earliest time that a zip file can tell: no archive says when it was made.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def archive(dataset: Path, number: str, target: Path) -> Path:
    """Write `russia-iran-claims-<version>.zip` to a folder: a version's files, codebook, citation and licence.

    Everything in it comes from the version's own folder, so that later versions do not reach it. Raises BuildError if
    the version is not published.
    """
    find_version(dataset, number)
    version = from_folder(dataset / number)
    schema = version.schema
    name = f"{schema.dataset['name']}-{number}"
    files = {path.name: path.read_bytes() for path in (dataset / number).iterdir()}
    files["codebook.md"] = f"# Codebook of version {number}\n\n{codebook(schema, version.records())}\n".encode()
    files |= {"CITATION.cff": cff(schema).encode(), "LICENSE": licence(schema).encode()}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for inside, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{name}/{inside}", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            made.writestr(entry, data, compresslevel=9)
    write(path := target / f"{name}.zip", content.getvalue())
    return path
