"""The release that this package bundles: its files and its descriptor."""

from __future__ import annotations

import csv
import difflib
import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent


@cache
def folder() -> Path:
    """The folder of the release: in the installed package, or in the project that the package is run from."""
    packed = _HERE / "data"
    if packed.is_dir():
        return packed
    project = _HERE.parent.parent
    version = json.loads((project / "schema" / "dataset.json").read_text("utf-8"))["version"]
    return project / "dataset" / str(version)


@cache
def descriptor() -> dict[str, Any]:
    """The Data Package descriptor of the release."""
    return dict(json.loads((folder() / "datapackage.json").read_text("utf-8")))


def version() -> str:
    """The version of the release."""
    return str(descriptor()["version"])


def resources() -> dict[str, dict[str, Any]]:
    """The descriptor of each table, by name, in the order of publication."""
    return {entry["name"]: entry for entry in descriptor()["resources"] if entry.get("type") == "table"}


def resource(name: str) -> dict[str, Any]:
    """The descriptor of one table. Raises ValueError, which lists the tables, if there is no such table."""
    known = resources()
    if not isinstance(name, str) or name not in known:
        raise ValueError(f"no table {name!r}{did_you_mean(name, known)} There are: {', '.join(known)}")
    return known[name]


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one table as text, from its CSV file."""
    with (folder() / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def did_you_mean(word: object, choices: Iterable[str]) -> str:
    """The end of a message about a word that is not among the choices."""
    near = difflib.get_close_matches(str(word).lower(), list(choices), 1)
    return f"; did you mean {near[0]!r}?" if near else "."
