"""The codebook: every column from the schemas, with counts of its values in a version."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..schema.model import Field, Record, Records, Schema, Table, Vocabulary


def codebook(schema: Schema, records: Records) -> str:
    """The codebook of every table of a version, as Markdown."""
    return "\n\n".join(_table(table, records[table.name]) for table in schema.tables.values())


def _table(table: Table, rows: list[Record]) -> str:
    key = ", ".join(f"`{name}`" for name in table.primary_key)
    lines = [
        f"## {table.name}",
        "",
        f"{table.description} {len(rows)} rows, key {key}.",
        "",
        "| column | type | meaning | example | null |",
        "|---|---|---|---|---:|",
    ]
    for field in table.fields:
        example = field.example.replace("|", "\\|")
        null = _share(sum(row[field.name] is None for row in rows), len(rows)) if not field.required else ""
        lines.append(f"| {field.name} | {_type(table, field)} | {field.description} | `{example}` | {null} |")
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
        lines.append(f"| {value} | {text['definition']} | {text['example']} | {counts[value]} |")
    return lines


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else ""
