"""A version as an SQLite database, with readable views and full-text search, and what Datasette shows of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from typing import Any

from ...schema.model import Field, Schema, Table
from ...schema.terms import MISSING, SIDES
from ...tables.card import about
from ...tables.describe import how_it_was_coded
from ..version import Version
from .typed import values

_TYPES = {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER", "date": "TEXT"}
# What is searched, by table.
_SEARCHED = {"quotes": ("text", "paraphrase"), "events": ("summary",), "claims": ("statement",)}
_SIDES = {side: [stance for stance in SIDES if SIDES[stance] == side] for side in dict.fromkeys(SIDES.values())}
_CLAIMS_TOLD = """
CREATE VIEW claims_told AS
WITH vouchers AS (
  SELECT claim_id, stance, CASE source_chain WHEN 'article' THEN article_id ELSE source END AS who FROM attestations
  UNION SELECT claim_id, stance, CASE source_chain WHEN 'article' THEN article_id ELSE source END FROM figures
)
SELECT claim_id, status, statement,
       {sides},
       origins_at_least, origins_at_most
FROM claims
ORDER BY claim_id
"""
_SIDE = """(
         SELECT group_concat(who, '; ')
         FROM (
           SELECT DISTINCT who FROM vouchers
           WHERE vouchers.claim_id = claims.claim_id AND stance IN ({stances}) ORDER BY who
         )
       ) AS {side}"""
_QUOTES_ONCE = """
CREATE VIEW quotes_once AS
SELECT quote_id, article_id, published, speaker, speaker_role, act, addressee, text, paraphrase, cue, medium, venue,
       (SELECT count(*) FROM quotes AS telling WHERE telling.utterance_id = quotes.utterance_id) AS tellings
FROM quotes WHERE fullest
ORDER BY quote_id
"""
# What is there beside the tables of the version.
_MORE = {
    "claims_told": "Each claim in words: who affirms it, takes it for granted, denies it or leaves it open, by name.",
    "quotes_once": "Each utterance once, in its fullest telling, and how often it is told.",
    "codebook": "What each column means, and each allowed value.",
    "about": "How the rows were coded, their limits, and how to cite them.",
}


def database(version: Version) -> bytes:
    """The database as the bytes of its file.

    They are the same whenever the same release of SQLite makes it, and another one gives the same rows.
    """
    with closing(sqlite3.connect(":memory:")) as made:
        for name, table in version.schema.tables.items():
            made.execute(_create(table, version.schema))
            places = ", ".join("?" * len(table.fields))
            rows = ([_stored(value) for value in row] for row in values(table, version.tables[name]))
            made.executemany(f'INSERT INTO "{name}" VALUES ({places})', rows)  # noqa: S608 - names from the schema
        _codebook(made, version.schema)
        made.execute("CREATE TABLE about (property TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT")
        made.executemany("INSERT INTO about VALUES (?, ?)", about(version.schema))
        for statement in (_claims_told(), _QUOTES_ONCE):
            _add_view(made, statement)
        for name, columns in _SEARCHED.items():
            if name in version.schema.tables and set(columns) <= set(version.schema.tables[name].by_name):
                _index(made, name, columns)
        made.commit()
        made.execute("VACUUM")
        return made.serialize()


def datasette(version: Version, name: str) -> dict[str, Any]:
    """The metadata of the database for Datasette 0.65: title, licence, and the meaning of tables and columns."""
    dataset = version.schema.dataset
    tables: dict[str, Any] = {
        table.name: {
            "description": table.description,
            # What a link to a row shows: else Datasette takes a title, and an article may have none.
            "label_column": "name" if "name" in table.by_name else table.primary_key[0],
            "columns": {field.name: _meaning(field) for field in table.fields},
        }
        for table in version.schema.tables.values()
    }
    return {
        "title": f"{dataset['title']}, version {version.number}",
        "description": " ".join([dataset["description"], *how_it_was_coded(version.schema)]),
        "license": dataset["licenses"][0]["title"],
        "license_url": dataset["licenses"][0]["path"],
        "databases": {name: {"tables": tables | {name: {"description": text} for name, text in _MORE.items()}}},
    }


def _create(table: Table, schema: Schema) -> str:
    lines = [_column(field) for field in table.fields]
    lines.append(f"PRIMARY KEY ({_names(table.primary_key)})")
    lines += [
        f'FOREIGN KEY ({_names(key.fields)}) REFERENCES "{key.table}" ({_names(key.references)})'
        for key in table.foreign_keys
        if key.table in schema.tables
    ]
    return f'CREATE TABLE "{table.name}" (\n  ' + ",\n  ".join(lines) + "\n) STRICT"


def _column(field: Field) -> str:
    allowed = ["0", "1"] if field.type == "boolean" else [_quoted(level) for level in field.levels or ()]
    check = f' CHECK ("{field.name}" IN ({", ".join(allowed)}))' if allowed else ""
    return f'"{field.name}" {_TYPES[field.type]}{" NOT NULL" if field.required else ""}{check}'


def _codebook(made: sqlite3.Connection, schema: Schema) -> None:
    """The meaning of each column, and of each allowed value."""
    made.execute(
        "CREATE TABLE codebook (table_name TEXT NOT NULL, column_name TEXT NOT NULL, value TEXT NOT NULL, type TEXT, "
        "description TEXT NOT NULL, example TEXT NOT NULL, missing TEXT, "
        "PRIMARY KEY (table_name, column_name, value)) STRICT"
    )
    for table in schema.tables.values():
        for field in table.fields:
            lines: list[tuple[str | None, ...]] = [
                ("", field.type, field.description, field.example, MISSING[field.missing][0] if field.missing else None)
            ]
            for value, text in (field.vocabulary.values if field.vocabulary else {}).items():
                lines.append((value, None, text["definition"], text["example"], None))
            told = [(table.name, field.name, *line) for line in lines]
            made.executemany("INSERT INTO codebook VALUES (?, ?, ?, ?, ?, ?, ?)", told)


def _claims_told() -> str:
    sides = ",\n       ".join(
        _SIDE.format(stances=", ".join(map(_quoted, stances)), side=side) for side, stances in _SIDES.items()
    )
    return _CLAIMS_TOLD.format(sides=sides)


def _add_view(made: sqlite3.Connection, statement: str) -> None:
    """Add a view, unless the version has not yet what it reads."""
    name = statement.split()[2]
    made.execute(statement)
    try:
        made.execute(f"SELECT * FROM {name} LIMIT 1")  # noqa: S608 - a name from this module
    except sqlite3.OperationalError:
        made.execute(f"DROP VIEW {name}")


def _index(made: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> None:
    """A full-text index that Datasette finds: `SELECT ... WHERE rowid IN (SELECT rowid FROM quotes_fts WHERE ...)`."""
    names = ", ".join(columns)
    made.execute(f'CREATE VIRTUAL TABLE {table}_fts USING fts5({names}, content="{table}")')
    made.execute(f"INSERT INTO {table}_fts({table}_fts) VALUES ('rebuild')")  # noqa: S608 - names from this module


def _meaning(field: Field) -> str:
    return field.description + (f" Null: {MISSING[field.missing][0]}." if field.missing else "")


def _stored(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if isinstance(value, date) else value


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
