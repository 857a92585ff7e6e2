"""Derive what curators do not write: readable names, derived columns, derived tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from ..annotations.rows import Coding, Row
from ..io.problems import BuildError, Problem
from ..schema.model import Table
from ..schema.terms import ARTICLE, ITEMS, SAME, SIDES, UNSPECIFIED

Record = dict[str, Any]
Records = dict[str, list[Record]]


def derive(coding: Coding) -> Records:
    """Return the complete rows of every table as dicts, sorted by primary key. The coding must have no problems.

    `changes` and `retired` have no rows yet: they come from the comparison with the version before. Raises BuildError
    for a derived table or column that this module does not know.
    """
    records: Records = defaultdict(list)
    records |= {name: [row.cells.copy() for row in rows] for name, rows in coding.tables.items()}
    names = _Names(coding)
    _events(records, coding, names)
    _quotes(records, names)
    _figures(records, names)
    for name, table in coding.schema.tables.items():
        if table.derived or name in COMPARED:
            records[name] = _derived(name)(records)
    return {name: _sorted(table, records[name]) for name, table in coding.schema.tables.items()}


def _derived(name: str) -> Callable[[Records], list[Record]]:
    if name in COMPARED:
        return lambda _: []
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
    first_evidence = {
        row["item_id"]: row["start"] for row in reversed(coding.rows("spans")) if row["part"] == "evidence"
    }
    sides: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in sorted(coding.rows("attestations"), key=lambda row: (first_evidence[row["attestation_id"]], row.key)):
        chains = sides[row["event_id"]][SIDES[row["stance"]]]
        if row["source_chain"] not in chains:
            chains.append(row["source_chain"])
    roles: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in coding.rows("participants"):
        roles[row["event_id"], row["role"]].append(row)
    for event in records["events"]:
        event["published"] = names.published[event["article_id"]]
        for role, column in (("actor", "actors"), ("recipient", "recipients")):
            rows = roles[event["event_id"], role]
            rows.sort(key=lambda row: names.rank[event["article_id"], row["actor_id"]])
            event[column] = _joined(names.actor[row["actor_id"]] for row in rows)
        for column in dict.fromkeys(SIDES.values()):
            event[column] = _joined(sides[event["event_id"]][column])


def _quotes(records: Records, names: _Names) -> None:
    for quote in records["quotes"]:
        quote["published"] = names.published[quote["article_id"]]
        quote["speaker"] = names.actor[quote["speaker_id"]]
        quote["speaker_role"] = names.role.get((quote["article_id"], quote["speaker_id"]))
        quote["addressee"] = names.actor.get(quote["addressee_id"])


def _figures(records: Records, names: _Names) -> None:
    summaries = {event["event_id"]: event["summary"] for event in records["events"]}
    for figure in records["figures"]:
        figure["published"] = names.published[figure["article_id"]]
        figure["event"] = summaries.get(figure["event_id"])
        figure["source"] = names.chain(figure["source_chain"])


def _items(records: Records) -> list[Record]:
    article = {event["event_id"]: event["article_id"] for event in records["events"]}
    return [
        {"item_id": row[f"{kind}_id"], "kind": kind, "article_id": row.get("article_id") or article[row["event_id"]]}
        for kind, table in ITEMS.items()
        for row in records[table]
    ]


def _sources(records: Records) -> list[Record]:
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


def _claims(records: Records) -> list[Record]:
    events = {event["event_id"]: event for event in records["events"]}
    group = _groups([*events, *(figure["figure_id"] for figure in records["figures"])], records["links"])
    claims = []
    for attestation in records["attestations"]:
        event = events[attestation["event_id"]]
        claims.append(
            _claim(group[event["event_id"]], attestation["attestation_id"], event, event["summary"], attestation)
        )
    for figure in records["figures"]:
        claims.append(_claim(group[figure["figure_id"]], figure["figure_id"], figure, figure["what"], figure))
    members: dict[str, list[Record]] = defaultdict(list)
    for claim in claims:
        members[claim["claim_id"]].append(claim)
    for rows in members.values():
        told = {side: {row["source_chain"] for row in rows if SIDES[row["stance"]] == side} for side in SIDES.values()}
        whole = {
            "articles": len({row["article_id"] for row in rows}),
            "chains": len({row["source_chain"] for row in rows}),
            "origins_at_most": len({_origin(row) for row in rows} - {UNSPECIFIED}),
            "disputed": any(a != b for a in told["affirmed_by"] for b in told["denied_by"]),
        }
        for row in rows:
            row.update(whole)
    return claims


def _claim(claim_id: str, item_id: str, home: Record, summary: str, vouched: Record) -> Record:
    chain = vouched["source_chain"]
    return {
        "claim_id": claim_id,
        "item_id": item_id,
        "article_id": home["article_id"],
        "published": home["published"],
        "summary": summary,
        "time_status": home.get("time_status"),
        "source_chain": chain,
        "origin": None if chain == ARTICLE else chain.rpartition("/")[2],
        "stance": vouched["stance"],
        "certainty": vouched.get("certainty"),
        **{column: vouched.get(column) for column in ("value", "low", "high", "modifier", "unit")},
    }


def _origin(claim: Record) -> str | tuple[str, str]:
    """What distinguishes origins: the last link, or the article for its own voice."""
    return claim["origin"] or (ARTICLE, claim["article_id"])


def _groups(ids: list[str], links: list[Record]) -> dict[str, str]:
    """For each id, the smallest id of its group: rows that links declare to be the same."""
    parent = {id: id for id in ids}

    def root(id: str) -> str:
        while parent[id] != id:
            id = parent[id]
        return id

    for link in links:
        if link["relation"] in SAME and link["from_id"] in parent:
            one, other = sorted((root(link["from_id"]), root(link["to_id"])))
            parent[other] = one
    return {id: root(id) for id in ids}


def _joined(names: Iterable[str]) -> str | None:
    return "; ".join(names) or None


def _sorted(table: Table, records: list[Record]) -> list[Record]:
    columns = [field.name for field in table.fields]
    if missing := [column for record in records[:1] for column in columns if column not in record]:
        raise _unknown(table.name, f"nothing derives the column {', '.join(missing)} of {table.name}")
    ordered = sorted(records, key=lambda record: tuple(record[name] for name in table.primary_key))
    return [{name: record[name] for name in columns} for record in ordered]


# What derives each table of its own, and the tables that only the version before can fill.
DERIVED: dict[str, Callable[[Records], list[Record]]] = {"items": _items, "sources": _sources, "claims": _claims}
COMPARED = ("changes", "retired")
