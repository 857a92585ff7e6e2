"""The names of the tables, for editors and type checkers. Written by `make docs` from the newest version."""

from typing import Literal

TableName = Literal[
    "articles",
    "actors",
    "mentions",
    "sources",
    "items",
    "events",
    "participants",
    "attestations",
    "quotes",
    "figures",
    "claims",
    "links",
    "spans",
    "exclusions",
    "differences",
    "readings",
    "agreement",
    "changes",
    "retired",
]
