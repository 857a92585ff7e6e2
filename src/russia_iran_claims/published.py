"""Published versions: the one that this package bundles, and those in a folder."""

from __future__ import annotations

import csv
import difflib
import json
import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, cast

_NEEDED = ("name", "title", "version", "contributors", "licenses", "resources")
_OF_A_TABLE = ("title", "description", "schema")
_OF_A_COLUMN = ("name", "type", "description")
_LONGEST = 5_000_000  # characters of a cell
_HERE = Path(__file__).resolve().parent


class Release:
    """One version: its files and its descriptor."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def descriptor(self) -> dict[str, Any]:
        """The Data Package descriptor. Raises ValueError if the file is not one of this dataset."""
        path = self.folder / "datapackage.json"
        try:
            found: dict[str, Any] = json.loads(path.read_text("utf-8"))
            _ = [found[key] for key in _NEEDED], [entry["name"] for entry in found["resources"]]
            for table in (entry for entry in found["resources"] if entry.get("type") == "table"):
                _ = [table[key] for key in _OF_A_TABLE], [*table["schema"]["primaryKey"]]
                _ = [field[key] for field in table["schema"]["fields"] for key in _OF_A_COLUMN]
            named = [found["licenses"][0]["name"], *(each["title"] for each in found["contributors"])]
            if all(isinstance(word, str) for word in (found["title"], found["version"], *named)):
                return found
            raise ValueError("title, version, licences and contributors are not text")
        except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
            raise ValueError(f"{path} is not the descriptor of a version of this dataset") from error

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        """The descriptor of each table, by name, in the order of publication."""
        return {entry["name"]: entry for entry in self.descriptor["resources"] if entry.get("type") == "table"}

    def table(self, name: str) -> dict[str, Any]:
        """The descriptor of one table. Raises ValueError, which lists the tables, if there is no such table."""
        known = self.tables
        if not isinstance(name, str) or name not in known:
            raise ValueError(f"no table {name!r}{did_you_mean(name, known)} There are: {', '.join(known)}")
        return known[name]

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        """The rows of one table as text, from its CSV file. Raises ValueError if that is damaged or not there."""
        path = self.folder / f"{name}.csv"
        columns = [field["name"] for field in self.table(name)["schema"]["fields"]]
        # By default a cell has at most 131,072 characters.
        csv.field_size_limit(max(csv.field_size_limit(), _LONGEST))
        try:
            with path.open(encoding="utf-8", newline="") as file:
                rows = csv.DictReader(file, strict=True)
                if rows.fieldnames != columns:
                    raise ValueError("its columns are not those of datapackage.json")
                for row in rows:
                    if None in row or None in row.values():
                        raise ValueError(f"line {rows.line_num} has more or fewer cells than there are columns")
                    yield row
        except (OSError, ValueError, csv.Error) as error:
            raise _damaged(path, error) from error

    def parquet(self, name: str) -> Path:
        """The Parquet file of a table. Raises ValueError if it is damaged or not there."""
        from pyarrow import ArrowException, parquet

        path = self.folder / f"{name}.parquet"
        columns = [field["name"] for field in self.table(name)["schema"]["fields"]]
        try:
            if parquet.read_schema(path).names != columns:
                raise ValueError("its columns are not those of datapackage.json")
        except (OSError, ValueError, ArrowException) as error:
            raise _damaged(path, error) from error
        return path


def find_release(version: str | None = None, folder: str | os.PathLike[str] | None = None) -> Release:
    """The release of a version in a folder of versions; by default the newest, and the one that this package bundles.

    `folder` may also be that of one version. Raises ValueError, which lists the versions, if the version is not there.
    """
    if version is not None and not isinstance(version, str):
        raise TypeError(f"version is text such as '0.1.0', not {type(version).__name__}")
    if folder is not None and not isinstance(folder, str | os.PathLike):
        raise TypeError(f"folder is the path of a folder, not {type(folder).__name__}")
    base = _bundled() if folder is None else Path(folder)
    if (base / "datapackage.json").is_file():
        known = {str(Release(base).descriptor["version"]): base}
    else:
        # A version that is not released is there to be asked for by its name, and is never the newest.
        known = {path.parent.name: path.parent for path in base.glob("*/datapackage.json") if path.is_file()}
    numbers = sorted((name for name in known if _parts(name)), key=_parts)
    wanted = version if version is not None else ([*known, *numbers] or [""])[-1]
    if wanted not in known:
        there = ", ".join([*numbers, *sorted(set(known) - set(numbers))]) or "none"
        hint = "" if folder else ". Give folder=, a folder that has a folder for each version"
        raise ValueError(f"no version {wanted} in {base}; there are: {there}{hint}".replace("  ", " "))
    return Release(known[wanted])


def pandas() -> ModuleType:
    """The pandas module, imported only where it is needed. Raises ImportError, which says what to install."""
    try:
        import pandas
        import pyarrow  # noqa: F401 - what pandas reads Parquet with
    except ModuleNotFoundError as error:
        raise ImportError(f"{error.name} is not installed: pip install pandas pyarrow") from error
    return cast(ModuleType, pandas)


def did_you_mean(word: object, choices: Iterable[str]) -> str:
    """The end of a message about a word that is not among the choices."""
    near = difflib.get_close_matches(str(word).lower(), list(choices), 1)
    return f"; did you mean {near[0]!r}?" if near else "."


def _damaged(path: Path, error: Exception) -> ValueError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return ValueError(f"{path} cannot be read: {reason}. Download the version again")


def _bundled() -> Path:
    """The release in the installed package, or those of the project that the package is run from."""
    packed = _HERE / "data"
    return packed if packed.is_dir() else _HERE.parent.parent / "dataset"


def _parts(number: str) -> list[int]:
    """The parts of a version number; none if it is not one."""
    parts = number.split(".")
    return [int(part) for part in parts] if all(part.isdecimal() for part in parts) else []
