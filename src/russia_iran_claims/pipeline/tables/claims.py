"""What is claimed, across articles: who stands how to each claim, and how many independent origins it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from ..schema.model import Record, Records, Schema
from ..schema.terms import ARTICLE, CHAIN_LISTS, OPEN, SAME, SIDES, UNNAMED

# How a statement begins that does not stand as it is told.
_BEGINS = {"denied": "Only denied: ", "disputed": "Disputed: ", "open": "Left open: "}
# Of a figure, the columns that its claim has as well, if all tellings agree.
_COUNTED = ("measure", "value", "low", "high", "modifier", "unit", "direction")


class Voucher(NamedTuple):
    """Who takes a stance: a chain, with `article` replaced by the article's id, and whether its origin has no name."""

    chain: str
    stance: str
    unnamed: bool
    certainty: str | None = None


def claims(records: Records, schema: Schema) -> list[Record]:
    """One row for each claim. Events and figures must have their `claim_id`."""
    vouchers, disputed = vouchers_by_claim(records), disputed_items(records)
    levels = schema.levels("attestations", "certainty")
    members: dict[str, list[Record]] = defaultdict(list)
    for record in (*records["events"], *records["figures"]):
        members[record["claim_id"]].append(record)
    rows = []
    for claim, tellings in members.items():
        figure = claim.startswith("fi-")
        by_id = {row["figure_id" if figure else "event_id"]: row for row in tellings}
        status = status_of(vouchers[claim], not disputed.isdisjoint(by_id))
        wording = joined(row["wording"] for row in tellings) if figure else None
        told = f"{by_id[claim]['what']}: {wording}" if figure else by_id[claim]["summary"]
        affirmed = {voucher.certainty for voucher in vouchers[claim] if voucher.stance == "affirms"} - {None}
        rows.append(
            {
                "claim_id": claim,
                "kind": "figure" if figure else "event",
                "statement": statement(told, status),
                "status": status,
                "articles": len({row["article_id"] for row in tellings}),
                **sides(vouchers[claim]),
                **origins(vouchers[claim]),
                "certainty": next((level for level in reversed(levels) if level in affirmed), None),
                "wording": wording,
                **{column: _agreed(tellings, column) if figure else None for column in _COUNTED},
            }
        )
    return rows


def groups(ids: Iterable[str], links: Iterable[Record], relations: Collection[str] = SAME) -> dict[str, str]:
    """For each id, the smallest id of its group: rows that links with these relations tie together."""
    parent = {id: id for id in ids}

    def root(id: str) -> str:
        while parent[id] != id:
            id = parent[id]
        return id

    for link in links:
        if link["relation"] in relations and link["from_id"] in parent:
            one, other = sorted((root(link["from_id"]), root(link["to_id"])))
            parent[other] = one
    return {id: root(id) for id in parent}


def vouchers_by_claim(records: Records, by: str = "claim_id") -> dict[str, list[Voucher]]:
    """Who takes a stance on each claim, or on each event, in the order in which the articles have it."""
    places: dict[str, int] = {}
    for span in records["spans"]:
        if span["part"] in ("evidence", "number"):
            places.setdefault(span["item_id"], span["start_char"])
    unnamed = {actor["actor_id"] for actor in records["actors"] if actor["kind"] == UNNAMED}
    told = [(row["article_id"], places[row["attestation_id"]], row) for row in records["attestations"]]
    told += [(row["article_id"], places[row["figure_id"]], row) for row in records["figures"] if by == "claim_id"]
    found: dict[str, list[Voucher]] = defaultdict(list)
    for article, _, row in sorted(told, key=lambda each: each[:2]):
        chain = row["source_chain"]
        voucher = Voucher(
            article if chain == ARTICLE and by == "claim_id" else chain,
            row["stance"],
            chain.rpartition("/")[2] in unnamed,
            row.get("certainty"),
        )
        found[row[by]].append(voucher)
    return found


def disputed_items(records: Records) -> set[str]:
    """The events and figures that a link `disputes`, by themselves or in a quote or attestation that states them."""
    targets = {link["to_id"] for link in records["links"] if link["relation"] == "disputes"}
    stated = [row for row in records["attestations"] if SIDES[row["stance"]] != OPEN]
    found = {row["event_id"] for row in stated if row["quote_id"] in targets}
    found |= {row["event_id"] for row in records["attestations"] if row["attestation_id"] in targets}
    found |= {
        row["figure_id"] for row in records["figures"] if SIDES[row["stance"]] != OPEN and row["quote_id"] in targets
    }
    return found | targets


def status_of(vouchers: Iterable[Voucher], disputed: bool) -> str:
    """The status of a claim: affirmed, denied, disputed or open."""
    stances = {SIDES[voucher.stance] for voucher in vouchers}
    affirmed, denied = bool(stances & {"affirmed_by", "presupposed_by"}), "denied_by" in stances
    if disputed or (affirmed and denied):
        return "disputed"
    return "affirmed" if affirmed else "denied" if denied else "open"


def statement(told: str, status: str) -> str:
    """What is told, for a reader who sees nothing beside it."""
    return _BEGINS.get(status, "") + told


def sides(vouchers: Sequence[Voucher]) -> dict[str, str | None]:
    """The chains on each side, by column."""
    return {
        column: joined(voucher.chain for voucher in vouchers if SIDES[voucher.stance] == column)
        for column in CHAIN_LISTS
    }


def origins(vouchers: Iterable[Voucher]) -> dict[str, int | bool]:
    """How many independent origins affirm or presuppose a claim, at least and at most.

    An unnamed source may be one of the named ones, or of the other unnamed ones, or another at every mention.
    """
    vouching = [voucher for voucher in vouchers if SIDES[voucher.stance] in ("affirmed_by", "presupposed_by")]
    named = {voucher.chain.rpartition("/")[2] for voucher in vouching if not voucher.unnamed}
    unnamed = sum(voucher.unnamed for voucher in vouching)
    return {
        "origins_at_least": len(named) or min(unnamed, 1),
        "origins_at_most": len(named) + unnamed,
        "unnamed_only": bool(unnamed and not named),
    }


def joined(words: Iterable[str]) -> str | None:
    """Words in one cell, each once."""
    return "; ".join(dict.fromkeys(words)) or None


def _agreed(tellings: Iterable[Record], column: str) -> Any:
    """The value of a column, if all tellings have the same."""
    values = {row[column] for row in tellings}
    return values.pop() if len(values) == 1 else None
