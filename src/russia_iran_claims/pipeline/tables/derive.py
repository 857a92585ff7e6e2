"""Derive what curators do not write: readable names, derived columns, derived tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from ..annotations.readings.compare import comparison_of
from ..annotations.readings.settle import coded_alike
from ..annotations.rows import Coding, Row
from ..io.problems import BuildError, Problem
from ..schema.model import Record, Records, Schema, Table
from ..schema.terms import ARTICLE, ITEMS, TELLINGS
from .claims import (
    claims,
    disputed_items,
    groups,
    joined,
    sides,
    statement,
    status_of,
    vouchers_by_claim,
)

Derive = Callable[[Records, Schema], list[Record]]


def derive(coding: Coding) -> Records:
    """Return the complete rows of every table as dicts, sorted by primary key. The coding must have no problems.

    `changes` and `retired` have no rows yet: they come from the comparison with the version before. Raises BuildError
    for a derived table or column that this module does not know.
    """
    records: Records = defaultdict(list)
    records |= {name: [row.cells.copy() for row in rows] for name, rows in coding.tables.items()}
    names = _Names(coding)
    _events(records, coding, names)
    _attestations(records, names)
    _quotes(records, coding, names)
    _figures(records, names)
    if comparison := comparison_of(coding):
        records |= {"readings": comparison.cells, "agreement": comparison.agreement}
    for name, table in coding.schema.tables.items():
        if table.derived or name in COMPARED:
            records[name] = _derived(name)(records, coding.schema)
    return {name: _sorted(table, records[name]) for name, table in coding.schema.tables.items()}


def _derived(name: str) -> Derive:
    if name in COMPARED:
        return lambda _records, _schema: []
    if name not in DERIVED:
        raise _unknown(name, f"nothing derives the rows of {name}")
    return DERIVED[name]


def _unknown(table: str, found: str) -> BuildError:
    hint = "write it in src/russia_iran_claims/pipeline/tables/derive.py"
    return BuildError([Problem(f"schema/{table}.json", 0, 0, "schema", found, hint=hint)])


class _Names:
    """Readable names, roles and dates, by id."""

    def __init__(self, coding: Coding) -> None:
        self.actor = {row["actor_id"]: row["name"] for row in coding.rows("actors")}
        mentions = coding.rows("mentions")
        self.role = {(row["article_id"], row["actor_id"]): row["role"] for row in mentions}
        self.rank = {(row["article_id"], row["actor_id"]): row["seq"] for row in mentions}
        self.published = {row["article_id"]: row["published"] for row in coding.rows("articles")}

    def chain(self, chain: str) -> str:
        if chain == ARTICLE:
            return "the article itself"
        return ", citing ".join(self.actor[link] for link in chain.split("/"))


def _events(records: Records, coding: Coding, names: _Names) -> None:
    claim = groups((event["event_id"] for event in records["events"]), records["links"])
    vouchers, disputed = vouchers_by_claim(records, by="event_id"), disputed_items(records)
    roles: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in coding.rows("participants"):
        roles[row["event_id"], row["role"]].append(row)
    for event in records["events"]:
        id = event["event_id"]
        event["claim_id"] = claim[id]
        event["status"] = status_of(vouchers[id], id in disputed)
        event["published"] = names.published[event["article_id"]]
        for role, column in (("actor", "actors"), ("recipient", "recipients"), ("affected", "affected")):
            rows = sorted(roles[id, role], key=lambda row: names.rank[event["article_id"], row["actor_id"]])
            event[column] = joined(names.actor[row["actor_id"]] for row in rows)
        event |= sides(vouchers[id])


def _attestations(records: Records, names: _Names) -> None:
    events = {event["event_id"]: event for event in records["events"]}
    for row in records["attestations"]:
        event = events[row["event_id"]]
        row["claim_id"], row["event"] = event["claim_id"], event["summary"]
        row["published"] = names.published[row["article_id"]]
        row["source"] = names.chain(row["source_chain"])


def _quotes(records: Records, coding: Coding, names: _Names) -> None:
    types = coding.schema.levels("quotes", "quote_type")
    quotes = {quote["quote_id"]: quote for quote in records["quotes"]}
    utterance = groups(quotes, records["links"], TELLINGS)

    def fullness(id: str) -> tuple[int, int, str]:
        quote = quotes[id]
        return types.index(quote["quote_type"]), -len(quote["text"] or quote["paraphrase"]), id

    fullest: dict[str, str] = {}
    for id in sorted(quotes, key=fullness):
        fullest.setdefault(utterance[id], id)
    for id, quote in quotes.items():
        quote["utterance_id"], quote["fullest"] = utterance[id], fullest[utterance[id]] == id
        quote["published"] = names.published[quote["article_id"]]
        quote["speaker"] = names.actor[quote["speaker_id"]]
        quote["speaker_role"] = names.role.get((quote["article_id"], quote["speaker_id"]))
        quote["addressee"] = names.actor.get(quote["addressee_id"])


def _figures(records: Records, names: _Names) -> None:
    claim = groups((figure["figure_id"] for figure in records["figures"]), records["links"])
    told = {event["event_id"]: statement(event["summary"], event["status"]) for event in records["events"]}
    for figure in records["figures"]:
        figure["claim_id"] = claim[figure["figure_id"]]
        figure["published"] = names.published[figure["article_id"]]
        figure["event"] = told.get(figure["event_id"])
        figure["source"] = names.chain(figure["source_chain"])


def _items(records: Records, schema: Schema) -> list[Record]:
    became = coded_alike(records)
    return [
        {
            "item_id": row[f"{kind}_id"],
            "kind": kind,
            "article_id": row["article_id"],
            "coded_alike": became.get(row[f"{kind}_id"], "not_compared"),
        }
        for kind, table in ITEMS.items()
        for row in records[table]
    ]


def _sources(records: Records, schema: Schema) -> list[Record]:
    chains: set[str] = set()
    for name in ("attestations", "quotes", "figures"):
        for record in records[name]:
            links = record["source_chain"].split("/")
            chains.update("/".join(links[: count + 1]) for count in range(len(links)))
    sources = []
    for chain in chains:
        via, _, origin = chain.rpartition("/")
        sources.append({"source_chain": chain, "via": via or None, "actor_id": None if chain == ARTICLE else origin})
    return sources


def _sorted(table: Table, records: list[Record]) -> list[Record]:
    columns = [field.name for field in table.fields]
    if missing := [column for record in records[:1] for column in columns if column not in record]:
        raise _unknown(table.name, f"nothing derives the column {', '.join(missing)} of {table.name}")
    ordered = sorted(records, key=lambda record: tuple(record[name] for name in table.primary_key))
    return [{name: record[name] for name in columns} for record in ordered]


def _compared_readings(name: str) -> Derive:
    """The rows of a table about readings, which `derive` has put there."""
    return lambda records, _schema: records[name]


# What derives each table of its own, and the tables that only the version before can fill.
DERIVED: dict[str, Derive] = {
    "items": _items,
    "sources": _sources,
    "claims": claims,
    "readings": _compared_readings("readings"),
    "agreement": _compared_readings("agreement"),
}
COMPARED = ("changes", "retired")
