"""The codebook: every column from the schemas, with counts of its values in a version."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from ..schema.model import Field, Record, Records, Schema, Table, Vocabulary
from ..schema.terms import MISSING


def codebook(schema: Schema, records: Records) -> str:
    """The codebook of every table of a version, as Markdown."""
    return "\n\n".join(
        _table(table, records[table.name], records.get("agreement", [])) for table in schema.tables.values()
    )


def row(*cells: str) -> str:
    """A row of a Markdown table."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def agreed(measures: Mapping[str, Record]) -> str:
    """How far two readings agreed in a column: its alpha if there is one, and how many pairs have equal cells."""
    share, alpha = measures["share"], measures.get("alpha")
    counts = f"{share['agreed']} of {share['n']}"
    return f"alpha {float(alpha['value']):.2f}, {counts}" if alpha and alpha["value"] is not None else counts


def rows_in_both(measures: Mapping[str, Record]) -> str:
    """How many rows of a table are in both readings: `83 rows in both readings, of 87 and 85 (F1 0.97)`."""
    both, first, second = measures["recall"]["agreed"], measures["recall"]["n"], measures["precision"]["n"]
    value = measures["f1"]["value"]
    return f"{both} rows in both readings, of {first} and {second}" + (
        f" (F1 {float(value):.2f})" if value is not None else ""
    )


def _table(table: Table, rows: list[Record], agreement: list[Record]) -> str:
    key = ", ".join(f"`{name}`" for name in table.primary_key)
    measures: dict[str, dict[str, Record]] = defaultdict(dict)
    for each in agreement:
        if each["table_name"] == table.name:
            measures[each["column_name"]][each["measure"]] = each
    lines = [
        f"## {table.name}",
        "",
        f"{table.description} {len(rows)} row{'' if len(rows) == 1 else 's'}, key {key}.",
        "",
        f"| column | type | meaning | example | null |{' agreement |' if measures else ''}",
        f"|---|---|---|---|---|{'---|' if measures else ''}",
    ]
    for field in table.fields:
        cells = [field.name, _type(table, field), field.description, f"`{field.example}`", _null(field, rows)]
        if measures:
            cells.append(agreed(measures[field.name]) if measures[field.name].get("share") else "")
        lines.append(row(*cells))
    if measures:
        spans = f"; {agreed(measures['spans'])} pairs have equal spans" if "spans" in measures else ""
        lines += ["", f"Agreement: {rows_in_both(measures['*'])}{spans}."]
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
