"""Ids and keys: each names one row."""

from __future__ import annotations

from collections.abc import Iterator

from ..rows import Coding, Row
from . import Finding, rule


@rule("duplicate-id")
def duplicate_key(coding: Coding) -> Iterator[Finding]:
    """A key names one row only."""
    for rows in coding.tables.values():
        first: dict[tuple[object, ...], Row] = {}
        for row in rows:
            if None in row.key:
                continue
            other = first.setdefault(row.key, row)
            if other is not row:
                column = row.table.primary_key[0]
                yield Finding(row, column if row.table.by_name[column].origin is None else None, _taken(row, other))


@rule("not-unique")
def not_unique(coding: Coding) -> Iterator[Finding]:
    """A column that is unique by its schema holds each value once."""
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
                    yield Finding(row, column.name, _taken(row, other))


@rule("article-file")
def article_file(coding: Coding) -> Iterator[Finding]:
    """An article's file is named after its id, so that both can be found from each other."""
    for row in coding.rows("articles"):
        expected = f"raw/articles/{row['article_id']}.yaml"
        if row["article_id"] is not None and row.document.path != expected:
            yield Finding(row, "article_id", f"found {row['article_id']!r} in this file, expected it in {expected}")


def _taken(row: Row, other: Row) -> str:
    key = ", ".join(str(part) for part in row.key)
    return f"found {key!r}, which is taken at {other.document.path}:{other.place()[0]}; expected another"
