"""What a schema is: tables, their columns, and the allowed values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

UNRELEASED = "unreleased"
# A row by column, and the rows of each table.
Record = dict[str, Any]
Records = dict[str, list[Record]]
# What schema/dataset.json says about the dataset as a whole; temporal_coverage is filled in from the rows.
DESCRIBED = (
    "name", "title", "description", "coding", "download_base", "doi", "keywords", "language", "temporal_coverage",
    "spatial_coverage", "contributors", "licenses",
)  # fmt: skip


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
    curator's, `name` a readable name, `code` a notation. `formerly` is the name of a renamed column. `missing` says
    what null means (`schema.terms.MISSING`); columns of versions before 0.3.0 have none.
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
    missing: str | None = None

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
    def coded(self) -> tuple[str, ...]:
        """The names of the columns whose cells come from `raw/`, by what is written or by where."""
        return tuple(field.name for field in self.fields if field.origin != "derived")

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
            if field.missing:
                entry["missing"] = field.missing
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

    def levels(self, table: str, column: str) -> list[str]:
        """The allowed values of a column in order; none if there is no such column, or any value is allowed."""
        field = self.tables[table].by_name.get(column) if table in self.tables else None
        return (field.levels if field else None) or []

    @property
    def version(self) -> str:
        """The number of the version, or `unreleased`."""
        return str(self.dataset.get("version", UNRELEASED))
