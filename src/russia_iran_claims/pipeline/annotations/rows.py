"""From the nested records of `raw/` to flat rows that know their place in the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from ..io import limits
from ..io.files import UNFINISHED
from ..io.problems import BuildError, Problem, nearest, shown
from ..schema.cells import Complaint, validate
from ..schema.model import Schema, Table
from ..schema.terms import AFTERWARDS, join_key
from .yaml import Document, Pointer

ARTICLES, READINGS = "articles", "readings"
# The records that may say which words of the text they mean, until `anchor` turns that into offsets.
ANCHORED = ("spans", "exclusions")
# The key, in any record, of the rules whose warnings about it a curator has looked into: it is right.
CONFIRMED = "confirmed"


class Cells(dict[str, Any]):
    """The cells of a row by column. A column that is not in the schema, and that the code needs, ends the command."""

    __slots__ = ("table",)

    def __init__(self, table: str, cells: Mapping[str, Any]) -> None:
        super().__init__(cells)
        self.table = table

    def __missing__(self, column: str) -> Any:
        found = f"the build works with the column `{column}` of {self.table}, which is not in the schema"
        hint = "keep the column, or change the code that uses it"
        raise BuildError([Problem(f"schema/{self.table}.json", 0, 0, "schema", found, hint=hint)])

    def copy(self) -> Cells:
        """The same cells, to be changed."""
        return Cells(self.table, self)


@dataclass(slots=True, eq=False)
class Row:
    """A row of a table: its cells, and the record in a raw file that it came from, inside that of `parent`.

    `broken` names the columns already reported; other rules skip them. `confirmed` is what a curator wrote under that
    key, which no table has.
    """

    table: Table
    cells: Cells
    document: Document
    pointer: Pointer
    parent: Row | None
    broken: frozenset[str] = frozenset()
    confirmed: Any = None

    def __getitem__(self, column: str) -> Any:
        return self.cells[column]

    @property
    def key(self) -> tuple[Any, ...]:
        """The cells of the primary key."""
        cells = self.cells
        return tuple([cells[name] for name in self.table.primary_key])

    @property
    def id(self) -> str:
        """How the row is named across tables."""
        return join_key(self.key)

    @property
    def label(self) -> str | None:
        """How messages name the row: by its key, or, if that is a place in a list, by the record around it."""
        if self.parent is not None and len(self.table.primary_key) > 1:
            return self.parent.label
        return " ".join(part for part in self.key if isinstance(part, str)) or None

    def place(self, column: str | None = None) -> tuple[int, int]:
        """Line and column, from 1, of a cell or of the row."""
        return self.document.place((*self.pointer, column) if column else self.pointer)

    def problem(
        self,
        rule: str,
        message: str,
        column: str | None = None,
        severity: Literal["error", "warning"] = "error",
        hint: str | None = None,
    ) -> Problem:
        """A problem of the row, or of one of its cells, at its place."""
        return Problem(self.document.path, *self.place(column), rule, message, self.label, column, severity, hint)


@dataclass(slots=True)
class Coding:
    """All rows that curators wrote, by table, and the problems found while reading them.

    `readable` is false if a file cannot be read, has words that are not anchored yet, or has a record without its id:
    rules across rows are skipped then. `suspects` names records with wrong offsets. `gone` has the ids that are no
    longer published, each with the version that took it out. `memo` keeps what several rules need to compute.
    `readings` are the two that are kept beside the rows, if there are any and nothing is wrong with them.
    """

    schema: Schema
    tables: dict[str, list[Row]]
    problems: list[Problem]
    readable: bool = True
    suspects: set[str] = field(default_factory=set)
    gone: Mapping[str, str] = field(default_factory=dict)
    memo: dict[object, Any] = field(default_factory=dict)
    readings: tuple[Coding, Coding] | None = None

    def rows(self, table: str) -> list[Row]:
        """The rows of a table, in the order in which they are written; none if there is no such table."""
        return self.tables.get(table, [])

    def without(self, rows: Iterable[Row]) -> Coding:
        """The coding without some rows and the records inside them."""
        records = {(row.document.path, row.pointer) for row in rows}
        if not records:
            return self

        def stays(row: Row) -> bool:
            path, pointer = row.document.path, row.pointer
            return not any((path, pointer[:length]) in records for length in range(len(pointer) + 1))

        tables = {name: [row for row in rows if stays(row)] for name, rows in self.tables.items()}
        return Coding(self.schema, tables, self.problems, self.readable, gone=self.gone)


def read_coding(raw: Path, schema: Schema, shown_as: str = "raw", *, reading: bool = False) -> Coding:
    """Read every file under `raw`: one for each article, and one for each table that is not written inside another.

    A `reading` is what one reader wrote, without the tables on how rows were settled and corrected afterwards. Problems
    are listed in the result; they call the folder `shown_as`.
    """
    written = {
        name: table
        for name, table in {**schema.tables, **schema.inputs}.items()
        if not table.derived and not (reading and name in AFTERWARDS)
    }
    coding = Coding(schema, {name: [] for name in written}, [])
    alone = [name for name, table in written.items() if not table.inside and name != ARTICLES]
    paths, strangers = _listed(raw, shown_as, alone, AFTERWARDS if reading else ())
    coding.problems += strangers
    if any(problem.severity == "error" for problem in strangers):
        coding.readable = False  # what the file should have held would seem to be missing
    for name in alone if raw.is_dir() else ():
        document = _read(coding, raw / f"{name}.yaml", f"{shown_as}/{name}.yaml", list)
        for pointer, record in _records(document, (), document.value, coding.problems):
            _add(coding, name, document, pointer, record, None)
    for path in paths:
        document = _read(coding, path, f"{shown_as}/{ARTICLES}/{path.name}", dict)
        if isinstance(document.value, dict):
            _add(coding, ARTICLES, document, (), document.value, None)
        elif not document.problems:
            found = "the file is not the record of an article"
            coding.problems.append(Problem(document.path, 1, 1, "shape", found))
    if len(coding.problems) >= limits.PROBLEMS:
        found = f"there are {limits.PROBLEMS:,} problems or more; the rest is not read"
        coding.problems.append(Problem(shown_as, 0, 0, "file-size", found, hint="correct these first"))
        coding.readable = False
    if any(problem.rule == "shape" for problem in coding.problems):
        coding.readable = False  # whatever names a record that is none would seem to be wrong
    return coding


def article_files(raw: Path) -> list[Path]:
    """The files of annotated articles, by name."""
    return sorted((raw / ARTICLES).glob("*.yaml"), key=lambda path: path.name)


def _listed(
    raw: Path, shown_as: str, tables: Iterable[str], ignored: Iterable[str]
) -> tuple[list[Path], list[Problem]]:
    """The files of articles, and the problems with what else is there: only these may be, and folders are no links."""
    names = [f"{name}.yaml" for name in tables]
    for folder, place in ((raw, shown_as), (raw / ARTICLES, f"{shown_as}/{ARTICLES}")):
        if folder.is_symlink() or not folder.is_dir():
            found = "is a symbolic link, not the folder" if folder.is_symlink() else "the folder is missing"
            return [], [Problem(place, 0, 0, "file", found)]
    paths, problems = article_files(raw), []
    if not paths:
        hint = "begin with `build_dataset.py new art-001.txt --published DATE`"
        problems.append(Problem(f"{shown_as}/{ARTICLES}", 0, 0, "file", "the folder has no article", hint=hint))
    known = {ARTICLES, READINGS, "README.md", *names, *(f"{name}.yaml" for name in ignored)}
    known |= {f"{ARTICLES}/{path.name}" for path in paths}
    for path in sorted([*raw.iterdir(), *(raw / ARTICLES).iterdir()]):
        name = path.relative_to(raw).as_posix()
        if name in known or UNFINISHED.fullmatch(path.name):
            continue
        # What editors and systems leave takes no row's place.
        harmless = path.name.startswith((".", "#")) or path.name.endswith("~")
        found, hint = "the build does not read this file", "move it elsewhere"
        wanted = f"{ARTICLES}/{path.stem}.yaml" if name.startswith(f"{ARTICLES}/") else nearest(name, names)
        if wanted and not harmless:
            hint = f"rename it to {wanted}, or move it elsewhere"
        problems.append(
            Problem(f"{shown_as}/{name}", 0, 0, "file", found, severity="warning" if harmless else "error", hint=hint)
        )
    return paths, problems


def _read(coding: Coding, path: Path, shown_as: str, shape: type) -> Document:
    document = Document(path, shown_as)
    coding.problems += document.problems
    if document.problems or not isinstance(document.value, shape | None):
        coding.readable = False
    return document


def _add(
    coding: Coding, name: str, document: Document, pointer: Pointer, record: dict[str, Any], parent: Row | None
) -> Row:
    table = coding.schema.tables.get(name) or coding.schema.inputs[name]
    nested = {key: record[key] for key in coding.schema.inside.get(name, ()) if key in record}
    written = {key: value for key, value in record.items() if key not in nested and key != CONFIRMED}
    if isinstance(chain := written.get("source_chain"), list):
        written = {**written, "source_chain": _joined(chain)}
    typed, complaints = validate(table, written)
    cells = Cells(name, dict.fromkeys(table.coded))
    cells.update(typed)
    for column in table.inherited:
        cells[column] = _inherited(column, parent)
    row = Row(table, cells, document, pointer, parent, confirmed=record.get(CONFIRMED))
    if complaints:
        row.broken = frozenset(complaint.column for complaint in complaints)
        coding.problems += [_problem(row, complaint) for complaint in complaints[: limits.COMPLAINTS]]
        if len(table.primary_key) == 1 and not cells[table.primary_key[0]]:
            coding.readable = False  # whatever names the row would seem to be wrong
    coding.tables[name].append(row)
    for key, value in nested.items():
        ranks: dict[Any, int] = {}
        for child_pointer, child_record in _records(document, (*pointer, key), value, coding.problems):
            if key in ANCHORED and "find" in child_record:
                place = document.key_place(child_pointer, "find")
                found = f"{shown(child_record['find'])} is not anchored yet"
                coding.problems.append(Problem(document.path, *place, "not-anchored", found, row.label, "find"))
                coding.readable = False
                continue
            child = _add(coding, key, document, child_pointer, child_record, row)
            if "seq" in child.cells:
                rank = child.cells.get("part")
                child.cells["seq"] = ranks[rank] = ranks.get(rank, 0) + 1
    return row


def _problem(row: Row, complaint: Complaint) -> Problem:
    if complaint.rule == "unknown-key":
        place = row.document.key_place(row.pointer, complaint.column)
    else:
        place = row.place(complaint.column)
    told = Problem(row.document.path, *place, complaint.rule, complaint.message, row.label, complaint.column)
    return replace(told, hint=complaint.hint)


def _records(
    document: Document, pointer: Pointer, value: Any, problems: list[Problem]
) -> Iterator[tuple[Pointer, dict[str, Any]]]:
    if value is None:
        return
    if not isinstance(value, list):
        problems.append(Problem(document.path, *document.place(pointer), "shape", "is not a list of records"))
        return
    for index, record in enumerate(value):
        if len(problems) >= limits.PROBLEMS:
            return
        if isinstance(record, dict):
            yield (*pointer, index), record
        else:
            place = document.place((*pointer, index))
            problems.append(Problem(document.path, *place, "shape", f"{shown(record)} is not a record"))


def _joined(links: list[Any]) -> Any:
    """A chain as one cell. Anything but words stays as it is; the column's type refuses it."""
    return "/".join(links) if links and all(isinstance(link, str) and "/" not in link for link in links) else links


def _inherited(column: str, parent: Row | None) -> Any:
    if parent is None:
        return None
    return parent.cells[column] if column in parent.cells else parent.cells[parent.table.primary_key[0]]
