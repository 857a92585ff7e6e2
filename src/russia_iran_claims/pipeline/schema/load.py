"""Load `schema/`, the only place where tables, columns and allowed values are defined.

Loading refuses every key, type and constraint that the build does not implement, so that none is silently ignored.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ..problems import BuildError, Problem
from .model import DESCRIBED, Field, ForeignKey, Schema, Table, Vocabulary

TYPES = ("string", "integer", "number", "boolean", "date")
CONSTRAINTS = ("required", "unique", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength")
RETIRED_COLUMNS = ("row_id", "version", "reason", "replacement")
# The columns that rules and derived rows compute with, in whatever table they are, and the types that they can have.
_COMPUTED = {
    ("date",): ("published", "date_start", "date_end", "said_start", "said_end", "as_of_start", "as_of_end"),
    ("integer",): ("start", "end"),
    ("number", "integer"): ("value", "low", "high"),
}
# Which constraints a type can have, beside those that every type can.
_FITTING = {
    "string": ("pattern", "minLength", "maxLength"),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
}
FIELD_KEYS = (
    "name", "type", "title", "description", "example", "constraints", "vocabulary", "origin", "wording", "formerly",
)  # fmt: skip
ORIGINS = (None, "parent", "position", "derived")
WORDINGS = (None, "verbatim", "own", "name", "code")


class SchemaError(BuildError):
    """A schema file that the build cannot use."""

    def __init__(self, place: object, message: str) -> None:
        super().__init__([Problem(str(place), 0, 0, "schema", message)])
        self.args = (f"{place}: {message}",)


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
    _check_dataset(folder, dataset, tables)
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


def _check_dataset(folder: Path, dataset: dict[str, Any], tables: dict[str, Table]) -> None:
    """Refuse what the build would leave out, and tables that it could not work with."""
    if unknown := set(dataset) - {*DESCRIBED, "tables", "inputs"}:
        raise SchemaError(folder / "dataset.json", f"the build does not know the key {', '.join(sorted(unknown))}")
    if "articles" not in tables:
        raise SchemaError(folder / "dataset.json", "the build needs the table articles")
    for table in tables.values():
        for types, columns in _COMPUTED.items():
            for name in columns:
                if name in table.by_name and table.by_name[name].type not in types:
                    found = f"{name}: the build computes with it, and it must be of the type {' or '.join(types)}"
                    raise SchemaError(folder / f"{table.name}.json", found)
    if changes := tables.get("changes"):
        enums = [field.vocabulary is not None for field in changes.fields]
        if enums != [False, False, False, True, False, False, False] or {f.type for f in changes.fields} != {"string"}:
            found = (
                "the build needs seven columns of text: table, row, column, kind, old, new, reason; names may differ"
            )
            raise SchemaError(folder / "changes.json", found)
        for table in tables.values():
            for field, name in (
                (changes.fields[0], table.name),
                *((changes.fields[2], each) for each in table.by_name),
            ):
                pattern = field.constraints.get("pattern", ".*")
                if not re.fullmatch(pattern, name):
                    found = f"the name {name!r} does not have the form {pattern} that changes.{field.name} requires"
                    raise SchemaError(folder / f"{table.name}.json", found)
    if (retired := tables.get("retired")) and list(retired.by_name) != list(RETIRED_COLUMNS):
        raise SchemaError(folder / "retired.json", f"the build needs the columns {', '.join(RETIRED_COLUMNS)}")


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
        if not isinstance(raw[key], str):
            raise SchemaError(place, f"`{key}` is not text: put {raw[key]!r} in quotation marks")
    if unknown := set(raw) - set(FIELD_KEYS):
        raise SchemaError(place, f"the build does not know the key {', '.join(sorted(unknown))}")
    if raw["type"] not in TYPES:
        raise SchemaError(place, f"the build does not know the type {raw['type']!r}; it knows {', '.join(TYPES)}")
    constraints = raw.get("constraints", {})
    if unknown := set(constraints) - set(CONSTRAINTS):
        raise SchemaError(place, f"the build does not know the constraint {', '.join(sorted(unknown))}")
    fitting = ("required", "unique", "enum", *_FITTING.get(raw["type"], ()))
    if other := set(constraints) - set(fitting):
        raise SchemaError(place, f"a {raw['type']} cannot have the constraint {', '.join(sorted(other))}")
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
