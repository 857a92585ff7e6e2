"""Pack a version into one zip file for the download page, with the same bytes whenever it is made."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

from ...io.files import read_bytes, write
from ...schema.terms import MISSING
from ...tables.card import CARD, about_the_tables, card
from ...tables.codebook import codebook
from ...tables.describe import cff, licence
from ..index import SUMS, find_version, read_index
from ..release import difference
from ..store import CONTENT
from ..version import Version, from_folder
from .database import database, datasette
from .datacite import datacite
from .workbook import workbook

# The earliest time that a zip file can tell: no archive says when it was made.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CODEBOOK = "codebook.md"
_NULL = "*null* is the share of rows without a value. " + " ".join(
    f"*{short[0].upper()}{short[1:]}*: {long}." for short, long in MISSING.values()
)
_OPENING = """## Open it

| with | file |
|---|---|
| Excel, LibreOffice | `{name}.xlsx`: a sheet for each table, and the codebook |
| SQLite | `{name}.sqlite`: the tables, the views `claims_told` and `quotes_once`, and full-text search (`quotes_fts`) |
| Datasette | the same: `datasette {name}.sqlite --metadata datasette.json` |
| pandas, Polars, DuckDB, R, Spark | `parquet/`, with the type of every column |
| any other program | `csv/`: UTF-8, an empty field is null; in a spreadsheet import every column as text |
| Hugging Face | `card/`: `datasets.load_dataset("card", "events", split="train")` |

Start with `claims`, which has one row for each claim; `attestations` has who says it, and in which passage. In this
folder:

```python
import pandas as pd

claims = pd.read_parquet("parquet/claims.parquet")
```

`codebook.md` says what every column and value means, `CHANGES.md` what changed from version to version, `LICENSE` and
`CITATION.cff` how the tables may be used and cited. `datapackage.json` (Frictionless), `croissant.json`,
`schema-org.json` and `datacite.json` say the same to programs, and `sha256sum -c SHA256SUMS` checks the files."""


def archive(dataset: Path, number: str, target: Path) -> Path:
    """Write `<name>-<version>.zip` to a folder: a version in every format, with all that a person needs to use it.

    Everything in it comes from published folders, so that later versions do not reach it. Other releases of the
    libraries may write other bytes of the same content. Raises BuildError if the version is not published, or the
    target cannot be written.
    """
    find_version(dataset, number)
    version = from_folder(dataset / number)
    name = f"{version.schema.dataset['name']}-{number}"
    files = _files(dataset, version)
    files[SUMS] = "".join(f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files)).encode()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for path, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{name}/{path}", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            made.writestr(entry, data, compresslevel=9)
    write(made_at := target / f"{name}.zip", content.getvalue())
    return made_at


def _files(dataset: Path, version: Version) -> dict[str, bytes]:
    """The files of the archive by their paths in it."""
    number, schema = version.number, version.schema
    counts = {name: len(table.rows) for name, table in version.tables.items()}
    name = schema.dataset["name"]
    files = {
        _inside(path.name): _moved(content) if path.suffix == ".json" else content
        for path in sorted((dataset / number).iterdir())
        if path.name not in (CARD, SUMS, CONTENT)
        for content in [read_bytes(path, f"dataset/{number}/{path.name}", largest=None)]
    }
    texts = {
        CARD: about_the_tables(schema, counts, opening=_OPENING.format(name=name), codebook=_CODEBOOK),
        f"card/{CARD}": card(schema, counts, parquet="../parquet/", codebook=f"../{_CODEBOOK}"),
        _CODEBOOK: f"# Codebook of version {number}\n\n{_NULL}\n\n{codebook(schema, version.records())}\n",
        "CHANGES.md": _history(dataset, number),
        "CITATION.cff": cff(schema),
        "LICENSE": licence(schema),
        "datacite.json": _json(datacite(schema)),
        "datasette.json": _json(datasette(version, name)),
    }
    files |= {path: text.encode("utf-8") for path, text in texts.items()}
    return files | {f"{name}.xlsx": workbook(version), f"{name}.sqlite": database(version)}


def _inside(name: str) -> str:
    """Where a file of a version stands in the archive."""
    folder = Path(name).suffix.removeprefix(".")
    return f"{folder}/{name}" if folder in ("csv", "parquet") else name


def _moved(descriptor: bytes) -> bytes:
    """A descriptor with the paths of the archive. Addresses on the web stay."""
    content = json.loads(descriptor)
    for entry, key in [(each, "path") for each in content.get("resources", ())] + [
        (each, "contentUrl") for each in content.get("distribution", ())
    ]:
        if "://" not in entry[key]:
            entry[key] = _inside(entry[key])
    return _json(content).encode("utf-8")


def _history(dataset: Path, number: str) -> str:
    """What changed up to a version, the newest first."""
    released = {entry["version"]: entry["released"] for entry in read_index(dataset)}
    known = list(released)[: list(released).index(number) + 1]
    parts = [
        f"## {new} ({released[new]})\n\n{difference(dataset, [old, new]) or 'Nothing in the tables changed.'}\n"
        for old, new in pairwise(known)
    ]
    parts.insert(0, f"## {known[0]} ({released[known[0]]})\n\nFirst version.\n")
    return "# Changes\n\n" + "\n".join(reversed(parts))


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
