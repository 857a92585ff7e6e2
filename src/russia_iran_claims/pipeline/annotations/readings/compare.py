"""Compare two readings cell by cell: the rows of the tables `readings` and `agreement`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from ...schema.model import Record, Schema, Table
from ...schema.terms import ITEMS, to_cell
from ..rows import Coding, Row
from .agreement import SPANS, agreement
from .pair import TABLES, Names, Pair, pair, translated, turned, value_columns


@dataclass(frozen=True)
class Comparison:
    """Two readings compared.

    `cells` are the rows of `readings`, `agreement` those of the table of that name. `rows` has the two rows of each
    pair, by table and pair.
    """

    cells: list[Record]
    agreement: list[Record]
    rows: dict[tuple[str, str], Pair]


def comparison_of(coding: Coding) -> Comparison | None:
    """The comparison of the readings that are kept beside the rows, made once; None if there are none."""
    if coding.readings is None:
        return None
    if comparison_of not in coding.memo:
        coding.memo[comparison_of] = compare(*coding.readings)
    return cast(Comparison, coding.memo[comparison_of])


def compare(first: Coding, second: Coding) -> Comparison:
    """Compare two readings of the same articles, both without problems.

    In `readings`, the ids that the second reading uses are replaced by those of the first for the same thing, and what
    only the second has is called `second:` and its id. So two cells agree if they hold the same text.
    """
    pairs, names = pair(first, second)
    tables = [table for name, table in first.schema.tables.items() if name in TABLES]
    spans = _spans(first), _spans(second)
    articles = [
        {row.id: row["article_id"] for name in ITEMS.values() for row in coding.rows(name)}
        for coding in (first, second)
    ]
    cells: list[Record] = []
    rows: dict[tuple[str, str], Pair] = {}
    for table in tables:
        for each in pairs[table.name]:
            id = pair_id(each)
            rows[table.name, id] = each
            about = {
                "table_name": table.name,
                "pair_id": id,
                "article_id": _article(each.first, articles[0]) or _article(each.second, articles[1]),
                "first_id": each.first.id if each.first else None,
                "second_id": each.second.id if each.second else None,
            }
            for column, one, other in _values(table, each, names, spans, _has_spans(table.name, first.schema)):
                both = each.first is not None and each.second is not None
                told = {"column_name": column, "first_reading": one, "second_reading": other}
                cells.append({**about, **told, "equal": both and one == other})
    return Comparison(cells, agreement(cells, columns(first.schema)), rows)


def columns(schema: Schema) -> list[tuple[str, str, bool]]:
    """The columns that are compared, by table and name, and whether their values are numbers."""
    found: list[tuple[str, str, bool]] = []
    for name, table in schema.tables.items():
        if name in TABLES:
            found += [(name, field.name, field.type in ("number", "integer")) for field in value_columns(table)]
            found += [(name, SPANS, False)] if _has_spans(name, schema) else []
    return found


def pair_id(pair: Pair) -> str:
    """How a pair is named: by the id of the first reading; what only the second has, by its own."""
    if pair.first is not None:
        return pair.first.id
    assert pair.second is not None  # noqa: S101 - one of the two is there
    return f"second:{pair.second.id}"


def _has_spans(table: str, schema: Schema) -> bool:
    return table == "exclusions" or ("spans" in schema.tables and table in schema.tables["spans"].inside)


def _values(
    table: Table, pair: Pair, names: Names, spans: tuple[dict[str, str], dict[str, str]], with_spans: bool
) -> list[tuple[str, str | None, str | None]]:
    """The columns of a pair, with what each reading has."""
    values = []
    for field in value_columns(table):
        one, other = (
            None if row is None else to_cell(translated(row, field, names if side else None)) or None
            for side, row in enumerate(pair)
        )
        if table.name == "links" and field.name == "relation" and pair.first and pair.second:
            other = f"{other}, the other way round" if turned(pair.first, names, pair.second) else other
        values.append((field.name, one, other))
    if with_spans:
        one, other = (None if row is None else spans[side].get(row.id) for side, row in enumerate(pair))
        values.append((SPANS, one, other))
    return values


def spans_as_text(spans: Iterable[Row] | Iterable[Record]) -> dict[str, str]:
    """The spans of each item in one text, in the order of the article: `cue 10-14; content 16-40`."""
    found: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for span in spans:
        found[span["item_id"]].append((span["start_char"], span["end_char"], span["part"]))
    return {id: "; ".join(f"{part} {start}-{end}" for start, end, part in sorted(each)) for id, each in found.items()}


def _spans(coding: Coding) -> dict[str, str]:
    """The spans of each item and of each exclusion."""
    exclusions = {row.id: f"{row['start_char']}-{row['end_char']}" for row in coding.rows("exclusions")}
    return {**spans_as_text(coding.rows("spans")), **exclusions}


def _article(row: Row | None, articles: dict[str, str]) -> str | None:
    """The article in which a row stands; None for actors, and for links across articles."""
    record: Row | None = row
    while record is not None:
        if record.cells.get("article_id") is not None:
            return str(record["article_id"])
        record = record.parent
    if row is None or row.table.name != "links":
        return None
    ends = {articles.get(row[end]) for end in ("from_id", "to_id")}
    return ends.pop() if len(ends) == 1 else None
