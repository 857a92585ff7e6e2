"""What the page shows: the published files, and the limits from the codebook."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from ...io.files import read_text
from ...io.problems import BuildError, Problem
from ...schema.published import descriptors
from ...schema.terms import ITEMS
from ...versions.changes import published_changes
from ...versions.index import Entry, sha256
from ...versions.release import difference
from ...versions.version import Cells, Version, from_folder

# Of the changes of one version, how many lines the page has: the files have all of them.
_MOST_LINES = 60


class File(NamedTuple):
    """A file to download: its address relative to the page, its size in bytes and its SHA-256 in hexadecimal."""

    path: str
    bytes: int
    sha256: str


class Published(NamedTuple):
    """One published version, for the list of versions: how many cells it changed, and the changes in a few lines."""

    number: str
    released: str
    bytes: int
    rows: Counter[str]
    archive: File
    changes: int
    told: list[str]


class Shown(dict[str, str]):
    """A row by column. A column that the page shows, and that the version does not have, is a problem of the page."""

    def __init__(self, table: str, columns: tuple[str, ...], cells: Cells) -> None:
        super().__init__(cells)
        self._table, self._columns = table, columns

    def __missing__(self, column: str) -> str:
        if column in self._columns:
            return ""
        found = f"the page shows the column `{column}` of {self._table}, which the newest version does not have"
        hint = "change the code in src/russia_iran_claims/pipeline/pages/site/"
        raise BuildError([Problem("dataset", 0, 0, "site", found, hint=hint)])


@dataclass(frozen=True)
class Released:
    """The newest version with its rows, and a summary of each version, newest first."""

    package: dict[str, Any]
    schema_org: dict[str, Any]
    version: Version
    versions: list[Published]
    limits: str

    @property
    def newest(self) -> Published:
        """The version that the page shows."""
        return self.versions[0]

    def rows(self, table: str) -> list[Cells]:
        """The rows of a table, each with the cells that are not null; none if the version has no such table."""
        if table not in self.version.tables:
            return []
        columns = self.version.tables[table].columns
        return [Shown(table, columns, cells) for cells in self.version.tables[table].rows.values()]

    def by(self, table: str, *columns: str) -> dict[str, list[Cells]]:
        """The rows of a table, grouped by the values of some columns; a row with two values is in two groups."""
        groups = defaultdict(list)
        for row in self.rows(table):
            for value in dict.fromkeys(row[column] for column in columns if column in row):
                groups[value].append(row)
        return groups

    @cached_property
    def items(self) -> dict[str, Cells]:
        """Every event, quote, figure and attestation by its id."""
        return {row[f"{kind}_id"]: row for kind, table in ITEMS.items() for row in self.rows(table)}

    @cached_property
    def actor_names(self) -> dict[str, str]:
        """The readable name of each actor."""
        return {row["actor_id"]: row["name"] for row in self.rows("actors")}

    def files(self, table: str) -> tuple[File, File]:
        """The CSV and the Parquet file of a table."""
        entries = {entry["name"]: entry for entry in self.package["resources"]}
        csv, parquet = (
            File(f"{self.newest.number}/{entry['path']}", entry["bytes"], entry["hash"].removeprefix("sha256:"))
            for entry in (entries[table], entries[f"{table}-parquet"])
        )
        return csv, parquet

    def description(self, table: str) -> str:
        """What a row of the table is."""
        return str(next(entry["description"] for entry in self.package["resources"] if entry["name"] == table))


def read_released(root: Path, index: list[Entry], archives: Mapping[str, Path]) -> Released:
    """Read the published versions of a project, each with its archive."""
    versions, dataset = [], root / "dataset"
    for before, entry in zip([None, *index], index):
        number, path = entry["version"], archives[entry["version"]]
        told = difference(dataset, [before["version"], number]).splitlines() if before else []
        if len(told) > _MOST_LINES:
            told = [*told[:_MOST_LINES], "and more, in the table changes of this version"]
        versions.append(
            Published(
                number,
                entry["released"],
                entry["bytes"],
                Counter({name: table["rows"] for name, table in entry["tables"].items()}),
                File(path.name, path.stat().st_size, sha256(path)),
                len(published_changes(dataset / number)),
                [line.strip().removeprefix("- ") for line in told],
            )
        )
    versions.reverse()
    folder = root / "dataset" / index[-1]["version"]
    package, schema_org = descriptors(folder)
    return Released(package, schema_org, from_folder(folder), versions, limits_of(root))


def limits_of(root: Path) -> str:
    """The section on limits, as Markdown. Raises BuildError if the codebook has none."""
    path = root / "docs" / "codebook.md"
    found = re.search(
        r"^## Limits\n(.*?)(?=^<!-- |^## |\Z)", read_text(path, "docs/codebook.md"), re.MULTILINE | re.DOTALL
    )
    if found is None:
        message = "the page has no section `## Limits`"
        raise BuildError([Problem("docs/codebook.md", 0, 0, "site", message)])
    return found[1]
