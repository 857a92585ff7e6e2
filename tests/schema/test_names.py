"""Every column can be used as it is: unquoted in SQL, and as an attribute in pandas."""

from __future__ import annotations

import sqlite3

import duckdb
import pandas as pd
import pglast
import pytest
from conftest import ROOT

from russia_iran_claims.pipeline.schema.load import load_schema

COLUMNS = sorted({name for table in load_schema(ROOT / "schema").tables.values() for name in table.by_name})


def accepted(engine: str, columns: list[str]) -> None:
    """Create a table with these columns and select them. Raises what the engine raises."""
    create = f"CREATE TABLE rows ({', '.join(f'{name} VARCHAR' for name in columns)})"
    select = f"SELECT {', '.join(columns)} FROM rows"  # noqa: S608 - names of columns
    run = {
        "postgresql": pglast.parse_sql,
        "duckdb": duckdb.connect().execute,
        "sqlite": sqlite3.connect(":memory:").execute,
    }[engine]
    run(create)
    run(select)


ENGINES = ["sqlite", "duckdb", "postgresql"]


@pytest.mark.parametrize("engine", ENGINES)
def test_no_column_needs_quotes_in_sql(engine: str) -> None:
    accepted(engine, COLUMNS)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_column_that_needs_quotes_is_noticed(engine: str) -> None:
    with pytest.raises((sqlite3.Error, duckdb.Error, pglast.Error)):
        accepted(engine, [*COLUMNS, "table"])


def test_no_column_is_hidden_by_an_attribute_of_a_frame() -> None:
    assert [name for name in COLUMNS if hasattr(pd.DataFrame, name)] == []
