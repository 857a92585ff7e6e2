"""The codebook: every column from the schemas, with counts of its values in a version."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..schema.model import Field, Record, Records, Schema, Table, Vocabulary
from ..schema.terms import MISSING


def codebook(schema: Schema, records: Records) -> str:
    """The codebook of every table of a version, as Markdown."""
    return "\n\n".join(_table(table, records[table.name]) for table in schema.tables.values())


def row(*cells: str) -> str:
    """A row of a Markdown table."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _table(table: Table, rows: list[Record]) -> str:
    key = ", ".join(f"`{name}`" for name in table.primary_key)
    lines = [
        f"## {table.name}",
        "",
        f"{table.description} {len(rows)} row{'' if len(rows) == 1 else 's'}, key {key}.",
        "",
        "| column | type | meaning | example | null |",
        "|---|---|---|---|---|",
    ]
    for field in table.fields:
        example = f"`{field.example}`"
        lines.append(row(field.name, _type(table, field), field.description, example, _null(field, rows)))
    for field in table.fields:
        if field.vocabulary is not None:
            lines += ["", *_values(field.name, field.vocabulary, rows)]
    return "\n".join(lines)


def _type(table: Table, field: Field) -> str:
    targets = [key.table for key in table.foreign_keys if key.fields == (field.name,)]
    if targets:
        return f"{field.type}, one of {targets[0]}"
    if field.vocabulary is not None:
        return "one of the values below" + (", in this order" if field.vocabulary.ordered else "")
    return field.type


def _values(name: str, vocabulary: Vocabulary, rows: list[Record]) -> list[str]:
    counts: Counter[Any] = Counter(row[name] for row in rows)
    lines = [f"**{name}**", "", "| value | meaning | example | rows |", "|---|---|---|---:|"]
    for value, text in vocabulary.values.items():
        lines.append(row(value, text["definition"], text["example"], str(counts[value])))
    return lines


def _null(field: Field, rows: list[Record]) -> str:
    """What null means in a column, and in how many of the rows it stands."""
    if field.required:
        return ""
    meaning = MISSING[field.missing][0] if field.missing else ""
    share = f"{100 * sum(row[field.name] is None for row in rows) / len(rows):.0f} %" if rows else ""
    return ", ".join(part for part in (meaning, share) if part)
