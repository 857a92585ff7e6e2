"""Load `schema/`, the only place where tables, columns and allowed values are defined.

Loading refuses every key, type and constraint that the build does not implement, so that none is silently ignored.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ..problems import BuildError, Problem

TYPES = ("string", "integer", "number", "boolean", "date")
CONSTRAINTS = ("required", "unique", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength")
FIELD_KEYS = (
    "name", "type", "title", "description", "example", "constraints", "vocabulary", "origin", "wording", "formerly",
)  # fmt: skip
UNRELEASED = "unreleased"
ORIGINS = (None, "parent", "position", "derived")
WORDINGS = (None, "verbatim", "own", "name", "code")


class SchemaError(BuildError):
    """A schema file that the build cannot use."""

    def __init__(self, place: object, message: str) -> None:
        super().__init__([Problem(str(place), 0, 0, "schema", message)])
        self.args = (f"{place}: {message}",)


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The allowed values of a column, in order, each with its definition and an example."""

    name: str
    title: str
    ordered: bool
    values: dict[str, dict[str, str]]


@dataclass(frozen=True, eq=False)
class Field:
    """A column.

    `origin` says where its cells come from: None is what a curator writes, `parent` the enclosing record, `position`
    the place in a list, `derived` the build. `wording` says whose words they are: `verbatim` the article's, `own` the
    curator's, `name` a readable name, `code` a notation. `formerly` is the name of a renamed column.
    """

    name: str
    type: str
    title: str
    description: str
    example: str
    constraints: dict[str, Any]
    vocabulary: Vocabulary | None
    origin: str | None = None
    wording: str | None = None
    formerly: str | None = None

    @property
    def required(self) -> bool:
        """Whether every row has a value."""
        return bool(self.constraints.get("required"))

    @property
    def levels(self) -> list[str] | None:
        """The allowed values in order, or None if any value is allowed."""
        return self.constraints.get("enum")


@dataclass(frozen=True, eq=False)
class ForeignKey:
    """Columns that name a row of another table, or of their own."""

    fields: tuple[str, ...]
    table: str
    references: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Table:
    """A table; `derived` says that the build makes all of its rows.

    `inside` names the tables in whose records its own are written in `raw/`; without one they have a file of their own.
    An `optional` table is published from the first version on in which it has rows.
    """

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    derived: bool = False
    optional: bool = False
    inside: tuple[str, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The columns by name, in order."""
        return {field.name: field for field in self.fields}

    @cached_property
    def written(self) -> tuple[Field, ...]:
        """The columns that a curator writes."""
        return tuple(field for field in self.fields if field.origin is None)

    @cached_property
    def inherited(self) -> tuple[str, ...]:
        """The names of the columns that hold a cell of the enclosing record."""
        return tuple(field.name for field in self.fields if field.origin == "parent")

    def descriptor(self) -> dict[str, Any]:
        """The Table Schema as published, with the definition of each allowed value."""
        fields = []
        for field in self.fields:
            entry: dict[str, Any] = {
                "name": field.name,
                "type": field.type,
                "title": field.title,
                "description": field.description,
                "example": field.example,
            }
            if field.vocabulary:
                entry["categories"] = [
                    {"value": value, "label": value, "description": text["definition"], "example": text["example"]}
                    for value, text in field.vocabulary.values.items()
                ]
                entry["categoriesOrdered"] = field.vocabulary.ordered
            if field.constraints:
                entry["constraints"] = field.constraints
            fields.append(entry)
        schema: dict[str, Any] = {
            "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
            "fields": fields,
            "missingValues": [""],
            "primaryKey": list(self.primary_key),
        }
        if self.foreign_keys:
            schema["foreignKeys"] = [
                {
                    "fields": list(key.fields),
                    "reference": {
                        # Table Schema names a table's reference to itself by the empty string.
                        "resource": "" if key.table == self.name else key.table,
                        "fields": list(key.references),
                    },
                }
                for key in self.foreign_keys
            ]
        return schema


@dataclass(frozen=True, eq=False)
class Schema:
    """All tables in publication order, those that are only an input to releases, and the dataset's own metadata.

    `dataset` describes the dataset. The schemas of a version have its number and its date there; those in `schema/`
    have none, and stand for what is not released yet.
    """

    dataset: dict[str, Any]
    tables: dict[str, Table]
    inputs: dict[str, Table]

    @cached_property
    def inside(self) -> dict[str, list[str]]:
        """The tables whose records are written inside those of a table, by its name."""
        owners = {owner for table in self.tables.values() for owner in table.inside}
        return {owner: [name for name, table in self.tables.items() if owner in table.inside] for owner in owners}

    @property
    def version(self) -> str:
        """The number of the version, or `unreleased`."""
        return str(self.dataset.get("version", UNRELEASED))


def load_schema(folder: Path) -> Schema:
    """Load every schema file. Raises SchemaError, which names the file and the key."""
    dataset = _read(folder / "dataset.json")
    vocabularies = {
        name: Vocabulary(name, entry["title"], entry.get("ordered", False), entry["values"])
        for name, entry in _read(folder / "vocabularies.json").items()
    }
    for vocabulary in vocabularies.values():
        for value, text in vocabulary.values.items():
            for key in ("definition", "example"):
                if not text.get(key):
                    raise SchemaError(folder / "vocabularies.json", f"{vocabulary.name}.{value}: `{key}` is missing")
    tables = {name: _table(folder / f"{name}.json", vocabularies) for name in dataset["tables"]}
    inputs = {name: _table(folder / f"{name}.json", vocabularies) for name in dataset["inputs"]}
    listed = {*tables, *inputs, "dataset", "vocabularies"}
    for path in folder.glob("*.json"):
        if path.stem not in listed:
            raise SchemaError(path, "dataset.json lists it neither under `tables` nor under `inputs`")
    for table in tables.values():
        for foreign in table.foreign_keys:
            target = tables.get(foreign.table)
            if target is None or any(name not in target.by_name for name in foreign.references):
                unknown = f"{foreign.table}.{', '.join(foreign.references)}"
                raise SchemaError(folder / f"{table.name}.json", f"foreign key to {unknown}, which does not exist")
    return Schema(dataset, tables, inputs)


def _table(path: Path, vocabularies: dict[str, Vocabulary]) -> Table:
    raw = _read(path)
    for key in ("name", "title", "description", "fields", "primaryKey"):
        if not raw.get(key):
            raise SchemaError(path, f"`{key}` is missing")
    fields = tuple(_field(f"{path}: {entry.get('name')}", entry, vocabularies) for entry in raw["fields"])
    names = {field.name for field in fields}
    foreign_keys = tuple(
        ForeignKey(tuple(key["fields"]), key["reference"]["resource"] or raw["name"], tuple(key["reference"]["fields"]))
        for key in raw.get("foreignKeys", ())
    )
    for name in (*raw["primaryKey"], *(name for key in foreign_keys for name in key.fields)):
        if name not in names:
            raise SchemaError(path, f"the key names the column {name}, which does not exist")
    for field in fields:
        if field.name in raw["primaryKey"] and not field.required:
            # Frictionless does not check keys with null parts.
            raise SchemaError(path, f"{field.name}: a key column must be required")
    return Table(
        raw["name"],
        raw["title"],
        raw["description"],
        fields,
        tuple(raw["primaryKey"]),
        foreign_keys,
        raw.get("origin") == "derived",
        bool(raw.get("optional")),
        tuple(raw.get("inside", ())),
    )


def _field(place: str, raw: dict[str, Any], vocabularies: dict[str, Vocabulary]) -> Field:
    for key in ("name", "type", "title", "description", "example"):
        if raw.get(key) in (None, ""):
            raise SchemaError(place, f"`{key}` is missing")
    if unknown := set(raw) - set(FIELD_KEYS):
        raise SchemaError(place, f"the build does not know the key {', '.join(sorted(unknown))}")
    if raw["type"] not in TYPES:
        raise SchemaError(place, f"the build does not know the type {raw['type']!r}; it knows {', '.join(TYPES)}")
    constraints = raw.get("constraints", {})
    if unknown := set(constraints) - set(CONSTRAINTS):
        raise SchemaError(place, f"the build does not know the constraint {', '.join(sorted(unknown))}")
    if raw.get("origin") not in ORIGINS or raw.get("wording") not in WORDINGS:
        raise SchemaError(place, f"`origin` is one of {ORIGINS[1:]}, `wording` one of {WORDINGS[1:]}")
    vocabulary = None
    if "enum" in constraints or "vocabulary" in raw:
        if raw.get("vocabulary") not in vocabularies:
            raise SchemaError(place, "`vocabulary` must name the vocabulary that defines the allowed values")
        vocabulary = vocabularies[raw["vocabulary"]]
        if constraints.get("enum") != list(vocabulary.values):
            raise SchemaError(place, f"`enum` must repeat the vocabulary {vocabulary.name}: {list(vocabulary.values)}")
    if "pattern" in constraints:
        re.compile(constraints["pattern"])
    return Field(
        raw["name"],
        raw["type"],
        raw["title"],
        raw["description"],
        raw["example"],
        constraints,
        vocabulary,
        raw.get("origin"),
        raw.get("wording"),
        raw.get("formerly"),
    )


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SchemaError(path, f"cannot read the file: {error.strerror}; is this the project's folder?") from error
    except ValueError as error:
        raise SchemaError(path, f"is not JSON: {error}") from error
