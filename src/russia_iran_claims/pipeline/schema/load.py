"""Load `schema/`, the only place where tables, columns and allowed values are defined.

Loading refuses every key, type and constraint that the build does not implement, so that none is silently ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from ..io.json_file import JsonFile, Pointer, read_json
from ..io.problems import BuildError, Problem, ordered
from .files import Column, DatasetFile, TableFile, VocabularyEntry
from .model import DESCRIBED, Field, ForeignKey, Schema, Table, Vocabulary
from .terms import MISSING

RETIRED_COLUMNS = ["row_id", "version", "reason", "replacement"]
# The columns that rules and derived rows compute with, in whatever table they are, and the types that they can have.
_COMPUTED = {
    ("date",): ("published", "date_start", "date_end", "said_start", "said_end", "as_of_start", "as_of_end"),
    ("integer",): ("start_char", "end_char", "paragraph"),
    ("number", "integer"): ("value", "low", "high"),
}
# Which constraints a type can have, beside those that every type can.
_FITTING = {
    "string": ("pattern", "minLength", "maxLength"),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
}
# The other files in `schema/`, and what `changes` calls the descriptor.
_RESERVED = ("dataset", "vocabularies", "datapackage")
# What an example of each type looks like.
_EXAMPLES = {
    "integer": r"-?[0-9]+",
    "number": r"-?[0-9]+([.][0-9]+)?",
    "boolean": "true|false",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
}
# What is wrong with a file: the value, the message, and what to do if that is not said by it.
_Found = tuple[Pointer, str, str | None]


def load_schema(folder: Path) -> Schema:
    """Load every schema file. Raises BuildError with everything that is wrong, by file, line and column."""
    if not folder.is_dir():
        hint = "run the command in the project's folder, or give it with --root"
        raise BuildError([Problem("schema", 0, 0, "schema", f"there is no such folder in {folder.parent}", hint=hint)])
    files = _Files(folder)
    dataset: DatasetFile | None = files.read("dataset", DatasetFile)
    vocabularies: dict[str, VocabularyEntry] | None = files.read("vocabularies", dict[str, VocabularyEntry])
    names = [*dataset.tables, *dataset.inputs] if dataset else []
    read: dict[str, TableFile] = {name: files.read(name, TableFile) for name in dict.fromkeys(names)}
    files.stop_if_wrong()
    assert dataset is not None  # noqa: S101 - without it there are problems
    assert vocabularies is not None  # noqa: S101
    for name, table in read.items():
        files.note(name, _wrong_with_table(name, table, read, vocabularies))
    files.note("dataset", _wrong_with_dataset(dataset))
    files.note_unlisted({*names, "dataset", "vocabularies"})
    files.stop_if_wrong()
    words = {
        name: Vocabulary(
            name, entry.title, entry.ordered, {value: dict(level) for value, level in entry.values.items()}
        )
        for name, entry in vocabularies.items()
    }
    # Dicts are taken as they are written: a model would put their keys into its own order, which is published.
    made = {name: _table(table, files.value(name), words) for name, table in read.items()}
    return Schema(
        {key: value for key, value in files.value("dataset").items() if key in DESCRIBED},
        {name: made[name] for name in dataset.tables},
        {name: made[name] for name in dataset.inputs},
    )


class _Files:
    """The files of `schema/` as they are read, with all that is wrong with them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, JsonFile] = {}
        self._problems: list[Problem] = []

    def read(self, name: str, model: Any) -> Any:
        """A file as its model, or None if something is wrong with it."""
        try:
            file = self._files[name] = read_json(self._folder / f"{name}.json", f"schema/{name}.json", "schema")
        except BuildError as error:
            self._problems += error.problems
            return None
        return file.validated(TypeAdapter(model))

    def value(self, name: str) -> Any:
        return self._files[name].value

    def note(self, name: str, found: Iterator[_Found]) -> None:
        for pointer, message, hint in found:
            self._files[name].problem(pointer, message, hint)

    def note_unlisted(self, listed: set[str]) -> None:
        for path in sorted(self._folder.glob("*.json")):
            if path.stem not in listed:
                found = "dataset.json lists it neither under `tables` nor under `inputs`"
                hint = "list it, or move it elsewhere"
                self._problems.append(Problem(f"schema/{path.name}", 0, 0, "schema", found, hint=hint))

    def stop_if_wrong(self) -> None:
        problems = [*self._problems, *(problem for file in self._files.values() for problem in file.problems)]
        if problems:
            raise BuildError(ordered(problems))


def _wrong_with_dataset(dataset: DatasetFile) -> Iterator[_Found]:
    names = [*dataset.tables, *dataset.inputs]
    for key in ("tables", "inputs"):
        for place, name in enumerate(getattr(dataset, key)):
            if names.count(name) > 1:
                yield (key, place), f"the table {name} is listed twice", "list each table once"
            if name in _RESERVED:
                yield (key, place), f"{name} cannot be the name of a table", "give it another name"
    for name in ("articles", "changes"):
        if name not in dataset.tables:
            yield ("tables",), f"the build needs the table {name}", "list it"


def _wrong_with_table(
    name: str, table: TableFile, tables: dict[str, TableFile], vocabularies: dict[str, VocabularyEntry]
) -> Iterator[_Found]:
    if table.name != name:
        yield ("name",), f"found {table.name!r}, expected {name!r} as the file is called", None
    columns = {column.name: column for column in table.fields}
    for place, column in enumerate(table.fields):
        if columns[column.name] is not column:
            yield ("fields", place, "name"), f"the table already has a column {column.name}", "delete one of the two"
        for pointer, message, hint in _wrong_with_column(column, vocabularies):
            yield ("fields", place, *pointer), f"{column.name}: {message}", hint
    for place, key in enumerate(table.primary_key):
        if key not in columns:
            yield ("primaryKey", place), f"the key names the column {key}, which does not exist", None
        elif not columns[key].constraints.required:
            # Frictionless does not check keys with null parts.
            yield ("primaryKey", place), f"{key}: a key column must be required", "add the constraint `required`"
    for place, foreign in enumerate(table.foreign_keys):
        target = tables.get(foreign.reference.resource or name)
        there = {column.name for column in target.fields} if target else set()
        for key in foreign.fields:
            if key not in columns:
                yield ("foreignKeys", place), f"the key names the column {key}, which does not exist", None
        if not there.issuperset(foreign.reference.fields) or len(foreign.fields) != len(foreign.reference.fields):
            unknown = f"{foreign.reference.resource or name}.{', '.join(foreign.reference.fields)}"
            yield ("foreignKeys", place), f"foreign key to {unknown}, which does not exist", None
    if table.inside and table.origin == "derived":
        found = "rows that the build makes stand in no record"
        yield ("inside",), found, "remove `inside`, or the origin"
    for place, owner in enumerate(table.inside):
        if owner not in tables or owner == name:
            yield ("inside", place), f"there is no other table {owner} whose records hold these", None
    if changes := tables.get("changes"):
        yield from _unfit_for_changes(table, changes)
    if name == "retired" and [column.name for column in table.fields] != RETIRED_COLUMNS:
        yield ("fields",), f"the build needs the columns {', '.join(RETIRED_COLUMNS)}", None


def _wrong_with_column(column: Column, vocabularies: dict[str, VocabularyEntry]) -> Iterator[_Found]:
    given = column.constraints.model_dump(by_alias=True, exclude_unset=True)
    fitting = ("required", "unique", "enum", *_FITTING.get(column.type, ()))
    for key in given:
        if key not in fitting:
            yield ("constraints", key), f"a {column.type} cannot have the constraint {key}", "remove it"
    for low, high in (("minimum", "maximum"), ("minLength", "maxLength")):
        if given.get(low) is not None and given.get(high) is not None and given[low] > given[high]:
            yield ("constraints", low), f"{low} is greater than {high}, so no value can satisfy both", None
        for key in (low, high) if column.type in ("string", "integer") else ():
            if key in given and not (isinstance(given[key], int) and abs(given[key]) < 2**53):
                yield ("constraints", key), f"found {key} {given[key]}, expected a whole number below 2**53", None
    if not re.fullmatch(_EXAMPLES.get(column.type, "(?s).*"), column.example):
        yield ("example",), f"found {column.example!r}, expected a {column.type} as text", None
    if (column.missing is None) != column.constraints.required:
        found = (
            "every row has a value" if column.missing else "null is allowed, and `missing` does not say what it means"
        )
        hint = "remove `missing`" if column.missing else f"add `missing`, one of: {', '.join(MISSING)}"
        yield ("missing" if column.missing else "name",), found, hint
    for types, names in _COMPUTED.items():
        if column.name in names and column.type not in types:
            yield ("type",), f"the build computes with it, and it must be of the type {' or '.join(types)}", None
    if "enum" in given or column.vocabulary is not None:
        if column.type != "string":
            yield ("type",), "a column with a vocabulary must be of the type string", None
        if column.vocabulary not in vocabularies:
            found = "`vocabulary` must name the vocabulary that defines the allowed values"
            yield ("vocabulary",), found, "add it to vocabularies.json, or correct the name"
        elif given.get("enum") != list(values := vocabularies[column.vocabulary].values):
            yield (
                ("constraints", "enum"),
                f"`enum` must repeat the vocabulary {column.vocabulary}: {list(values)}",
                None,
            )


def _unfit_for_changes(table: TableFile, changes: TableFile) -> Iterator[_Found]:
    """What `changes` could not tell: its columns are read by their order, and their names may differ."""
    columns = changes.fields
    if table is changes:
        enums = [column.vocabulary is not None for column in columns]
        if enums != [False, False, False, True, False, False, False] or {each.type for each in columns} != {"string"}:
            found = "the build needs seven columns of text: table, row, column, kind, old, new, reason"
            yield ("fields",), found, "only the names may differ"
    if len(columns) < 3:
        return
    named: list[tuple[Pointer, str, Column]] = [(("name",), table.name, columns[0])]
    named += [(("fields", place, "name"), each.name, columns[2]) for place, each in enumerate(table.fields)]
    for pointer, name, column in named:
        pattern = column.constraints.pattern or ".*"
        if not re.fullmatch(pattern, name):
            found = f"the name {name!r} does not have the form {pattern} that changes.{column.name} requires"
            yield pointer, found, "change the name, or the pattern"


def _table(file: TableFile, written: dict[str, Any], vocabularies: dict[str, Vocabulary]) -> Table:
    return Table(
        file.name,
        file.title,
        file.description,
        tuple(
            _field(column, each.get("constraints", {}), vocabularies)
            for column, each in zip(file.fields, written["fields"])
        ),
        tuple(file.primary_key),
        tuple(
            ForeignKey(tuple(key.fields), key.reference.resource or file.name, tuple(key.reference.fields))
            for key in file.foreign_keys
        ),
        file.origin == "derived",
        file.optional,
        tuple(file.inside),
    )


def _field(column: Column, constraints: dict[str, Any], vocabularies: dict[str, Vocabulary]) -> Field:
    return Field(
        column.name,
        column.type,
        column.title,
        column.description,
        column.example,
        constraints,
        vocabularies[column.vocabulary] if column.vocabulary else None,
        column.origin,
        column.wording,
        column.formerly,
        column.missing,
    )
