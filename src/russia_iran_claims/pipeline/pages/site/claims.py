"""The claims as the page opens with them: who takes which side, and how each article tells it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...schema.terms import CHAIN_LISTS
from ...versions.version import Cells
from .data import Released
from .rows import Rows, Voucher

# What heads the columns of a claim before it is unfolded, those of the chains as people say it.
SHOWN = ("claim", "statement", "status", "affirmed by", "taken for granted by", "denied by", "left open by", "origins")
_REST = ("kind", "certainty", "measure", "wording", "value", "low", "high", "modifier", "unit", "direction")


class Passage(NamedTuple):
    """An attestation, a figure or a quote of a claim: its id, who vouches, and what it says."""

    id: str
    voucher: Voucher
    told: str


class Told(NamedTuple):
    """What one article has on a claim."""

    article: str
    attestations: list[Passage]
    figures: list[Passage]
    quotes: list[Passage]


class Claim(NamedTuple):
    """A claim: the cells that are always shown, the others, and what each article has on it."""

    id: str
    cells: list[str]
    rest: list[tuple[str, str]]
    told: list[Told]


def claims(released: Released, rows: Rows) -> Iterator[Claim]:
    """The claims of a version, those first that most passages of the articles are about."""
    attestations, figures = released.by("attestations", "claim_id"), released.by("figures", "claim_id")
    events = released.by("events", "claim_id")
    in_event = released.by("figures", "event_id")
    articles = [row["article_id"] for row in released.rows("articles")]
    for claim in sorted(released.rows("claims"), key=lambda row: -len(attestations.get(row["claim_id"], ()))):
        id = claim["claim_id"]
        said = attestations.get(id, [])
        in_events = [row for event in events.get(id, ()) for row in in_event.get(event["event_id"], ())]
        counted = list({row["figure_id"]: row for row in (*figures.get(id, ()), *in_events)}.values())
        quoted = dict.fromkeys(row["quote_id"] for row in (*said, *counted) if "quote_id" in row)
        quotes = [released.items[quote] for quote in quoted]
        sides = [rows.readable(name, claim.get(name, "")) for name in CHAIN_LISTS]
        origins = " to ".join(dict.fromkeys((claim["origins_at_least"], claim["origins_at_most"])))
        yield Claim(
            id,
            [id, claim["statement"], claim["status"], *sides, origins],
            [(column, claim[column]) for column in _REST if column in claim],
            list(_told(rows, articles, said, counted, quotes)),
        )


def _told(
    rows: Rows, articles: list[str], said: list[Cells], counted: list[Cells], quotes: list[Cells]
) -> Iterator[Told]:
    """What each article has on a claim; nothing of an article that does not tell it."""
    for article in articles:
        told = Told(
            article,
            [Passage(row["attestation_id"], rows.voucher(row), "") for row in _of(article, said)],
            [
                Passage(row["figure_id"], rows.voucher(row), f"{row['wording']}: {row['what']}")
                for row in _of(article, counted)
            ],
            [
                Passage(row["quote_id"], rows.voucher(row), row.get("text") or row["paraphrase"])
                for row in _of(article, quotes)
            ],
        )
        if any(told[1:]):
            yield told


def _of(article: str, rows: list[Cells]) -> list[Cells]:
    return [row for row in rows if row["article_id"] == article]
