"""Ids and keys: each names one row."""

from __future__ import annotations

from collections.abc import Iterator

from ...annotations.new_article import free_ids
from ...annotations.rows import Coding, Row
from ...annotations.yaml import Pointer
from ...schema.model import Table
from ...schema.terms import ITEMS
from ..rule import Finding, once, rule

ID_COLUMNS = tuple(f"{kind}_id" for kind in ITEMS)


@rule("duplicate-id")
def duplicate_key(coding: Coding) -> Iterator[Finding]:
    """A key names one row only.

    passes: quote_id: qu-0001, then quote_id: qu-0002
    fails: quote_id: qu-0001 twice
    hint: give the row an id that is free
    """
    found: set[tuple[str, Pointer]] = set()
    for rows in coding.tables.values():
        first: dict[tuple[object, ...], Row] = {}
        for row in rows if rows and not _counted(rows[0].table) else ():
            key = row.key
            if None in key or (found and _within(row, found)):
                continue
            other = first.setdefault(key, row)
            if other is not row:
                found.add((row.document.path, row.pointer))
                column = row.table.primary_key[0]
                prefix = str(key[0]).rpartition("-")[0]
                free = _free(coding) if column in ID_COLUMNS else {}
                hint = f"write `{free[prefix]}`, the next free id" if prefix in free else None
                written = row.table.by_name[column].origin is None
                yield Finding(row, column if written else None, _taken(row, other), hint)


@rule("not-unique")
def not_unique(coding: Coding) -> Iterator[Finding]:
    """A column that is unique by its schema holds each value once.

    passes: a text_sha256 of its own for each article
    fails: the same text_sha256 for two articles
    hint: correct the value that was copied
    """
    for rows in coding.tables.values():
        if not rows:
            continue
        table = rows[0].table
        for column in table.written:
            if not column.constraints.get("unique") or table.primary_key == (column.name,):
                continue
            first: dict[object, Row] = {}
            for row in rows:
                value = row[column.name]
                other = first.setdefault(value, row)
                if value is not None and other is not row:
                    where = f"{other.document.path}:{other.place(column.name)[0]}"
                    yield Finding(row, column.name, f"{other.label} has the same value, at {where}")


@rule("article-file")
def article_file(coding: Coding) -> Iterator[Finding]:
    """An article's file is named after its id, so that both can be found from each other.

    passes: article_id: art-001 in art-001.yaml
    fails: article_id: art-002 in art-001.yaml
    hint: rename the file, or correct the id
    """
    for row in coding.rows("articles"):
        folder = row.document.path.rpartition("/")[0]
        expected = f"{folder}/{row['article_id']}.yaml"
        if row["article_id"] is not None and row.document.path != expected:
            yield Finding(row, "article_id", f"{row['article_id']!r} belongs in {expected}")


def _counted(table: Table) -> bool:
    """Whether the key contains a position: such keys cannot repeat unless the key of the record around does."""
    return any(table.by_name[column].origin == "position" for column in table.primary_key)


@once
def _free(coding: Coding) -> dict[str, str]:
    """The next free id of each kind."""
    return free_ids(coding)


def _within(row: Row, found: set[tuple[str, Pointer]]) -> bool:
    """Whether a row is inside one of these records: what is inside a repeated record is repeated, too."""
    return any((row.document.path, row.pointer[:length]) in found for length in range(len(row.pointer)))


def _taken(row: Row, other: Row) -> str:
    key = ", ".join(str(part) for part in row.key)
    return f"{key!r} is taken already, at {other.document.path}:{other.place()[0]}"


@rule("retired-id")
def retired_id(coding: Coding) -> Iterator[Finding]:
    """The id of a row that was removed is never used again, so that a citation never points to another row.

    passes: fi-0003 in raw/retired.yaml and nowhere else
    fails: fi-0003 in raw/retired.yaml and in an article
    hint: give the row an id that is free
    """
    listed = {row["row_id"]: row for row in coding.rows("retired")}
    for name, rows in coding.tables.items() if listed or coding.gone else ():
        for row in rows if name not in coding.schema.inputs and name != "retired" else ():
            if row.id in listed:
                where = f"{listed[row.id].document.path}:{listed[row.id].place()[0]}"
                yield Finding(row, None, f"{row.id!r} is retired, at {where}")
            elif row.id in coding.gone:
                yield Finding(row, None, f"{row.id!r} was published once, and version {coding.gone[row.id]} removed it")


@rule("retired-replacement")
def retired_replacement(coding: Coding) -> Iterator[Finding]:
    """The replacement of a retired row exists, or is itself retired.

    passes: replacement: fi-0004, which an article has
    fails: replacement: fi-0044, which nothing has
    hint: correct the id, or remove the key if no row replaces this one
    """
    retired = coding.rows("retired")
    known = {row.id for rows in coding.tables.values() for row in rows if retired}
    for row in retired:
        if row["replacement"] is not None and row["replacement"] not in {*known, *coding.gone}:
            yield Finding(row, "replacement", f"there is no row {row['replacement']!r}")
