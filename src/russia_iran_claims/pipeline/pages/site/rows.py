"""The headline rows as the page unfolds them: sources, the same thing in the other article, links, anchors."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from ...schema.terms import CHAIN_LISTS, SAME
from ...tables.claims import statement
from ...versions.version import Cells
from .data import Released

# The columns that a row shows before it is unfolded; the others follow when it is.
SHOWN = {
    "events": ("event_id", "article_id", "event_type", "summary", "status", *CHAIN_LISTS),
    "quotes": ("quote_id", "article_id", "speaker", "act", "text", "paraphrase"),
    "figures": ("figure_id", "article_id", "what", "wording", "value", "low", "high", "unit", "source"),
}
# Columns with few values, by which the reader may choose rows.
CHOSEN_BY = {
    "events": ("article_id", "event_type", "status"),
    "quotes": ("article_id", "speaker", "act"),
    "figures": ("article_id", "unit"),
}
# Tables whose rows stand inside the headline rows, and how.
INSIDE = {
    "claims": "At the top of the page, one row each, with what every article has on it.",
    "items": "Each id stands once above: events, quotes and figures as rows, attestations inside their events.",
    "participants": "Inside their events, by role: actors, recipients, affected.",
    "attestations": "Inside their events, one line for each, with an address of its own.",
    "links": "Inside the row they come from, with a pointer in the row they lead to.",
    "spans": "Inside their rows, as anchors: half-open ranges of code points. The files also have digests.",
    "readings": "In the files: every compared cell of both readings. The table agreement has what follows from them.",
    "changes": "In the list of versions, in a few lines for each. The files have every cell.",
}
_COMPARED = {
    "events": ("summary", "status", *CHAIN_LISTS, "date_start", "date_end", "place", "time_status"),
    "quotes": ("speaker", "speaker_role", "cue", "text", "paraphrase", "act", "medium", "said_start", "said_end"),
    "figures": ("what", "wording", "value", "low", "high", "modifier", "unit", "source", "as_of_start", "as_of_end"),
}
_TABLE = {"ev": "events", "qu": "quotes", "fi": "figures"}


class Voucher(NamedTuple):
    """Who vouches for a claim: the names from the article outward, and their stance.

    `anchors` are those of an attestation's evidence.
    """

    id: str | None
    names: list[str]
    chain: str
    stance: str | None
    certainty: str | None
    quote: str | None
    about: tuple[str, str] | None
    anchors: str


class Side(NamedTuple):
    """One column of a row, in this article and in the other."""

    column: str
    left: str
    right: str


class Same(NamedTuple):
    """The same event, utterance or quantity in two articles, column by column."""

    relation: str
    basis: str
    left: tuple[str, str]
    right: tuple[str, str]
    left_label: str
    sides: list[Side]


class Link(NamedTuple):
    """A link from the row, with a few words about its target."""

    relation: str
    other: str
    label: str
    basis: str
    note: str | None


class Row(NamedTuple):
    """A headline row: the cells that are always shown, and those that unfold."""

    id: str
    cells: list[str]
    rest: list[tuple[str, str]]
    vouchers: list[Voucher]
    uttered: list[Voucher]
    same: list[Same]
    links: list[Link]
    linked_from: dict[str, list[str]]
    anchors: str


class Rows:
    """Arranges the rows of one version for the page."""

    def __init__(self, released: Released) -> None:
        self._released = released

    def of(self, table: str) -> Iterator[Row]:
        """The rows of a headline table, in the order of their ids."""
        for row in self._released.rows(table):
            id = row[SHOWN[table][0]]
            linked = self._linked.get(id, ())
            yield Row(
                id,
                [self.readable(column, row.get(column, "")) for column in SHOWN[table]],
                self._rest(table, row),
                self._vouchers(table, row),
                [self.voucher(said, said["event_id"]) for said in self._attested_in.get(id, ())],
                [self._same(link) for link in linked if self._across(link)],
                [self._link(link) for link in linked if link["from_id"] == id and not self._across(link)],
                self._linked_from(id),
                self._anchors(id),
            )

    def told_twice(self) -> list[Same]:
        """What two articles both report, each pair once: statements first, then events, then quantities."""
        links = [link for link in self._released.rows("links") if self._across(link)]
        order = ("same_utterance", "same_event", "same_quantity")
        return [self._same(link) for link in sorted(links, key=lambda link: order.index(link["relation"]))]

    def names(self, chain: str) -> list[str]:
        """A chain of vouchers as readable names, whom the article cites first."""
        known = self._released.actor_names
        if chain in self._articles:
            return [f"{chain} itself"]
        return ["the article itself"] if chain == "article" else [known.get(link, link) for link in chain.split("/")]

    def readable(self, column: str, cell: str) -> str:
        """A cell with chains as readable names; any other cell as it is."""
        if column not in CHAIN_LISTS:
            return cell
        return "; ".join(" → ".join(self.names(chain)) for chain in cell.split("; ") if chain)

    def _vouchers(self, table: str, row: Cells) -> list[Voucher]:
        if table == "events":
            return [self.voucher(said) for said in self._attested.get(row["event_id"], ())]
        return [self.voucher(row)]

    def voucher(self, row: Cells, about: str | None = None) -> Voucher:
        """The voucher of an attestation, of a quote or of a figure."""
        id = row.get("attestation_id")
        return Voucher(
            id,
            self.names(row["source_chain"]),
            row["source_chain"],
            row.get("stance"),
            row.get("certainty"),
            row.get("quote_id") if id and not about else None,
            (about, self._label(about)) if about else None,
            self._anchors(id).removeprefix("evidence ") if id and not about else "",
        )

    def _across(self, link: Cells) -> bool:
        """Whether a link says that two articles report the same thing."""
        articles = {self._items[link[end]].get("article_id") for end in ("from_id", "to_id")}
        return link["relation"] in SAME and len(articles) == 2

    def _same(self, link: Cells) -> Same:
        ends = [self._items[link[end]] for end in ("from_id", "to_id")]
        table = _TABLE[link["from_id"][:2]]
        sides = [
            Side(column, *(self.readable(column, end.get(column, "")) for end in ends)) for column in _COMPARED[table]
        ]
        return Same(
            link["relation"],
            link["basis"],
            (link["from_id"], ends[0]["article_id"]),
            (link["to_id"], ends[1]["article_id"]),
            self._label(link["from_id"]),
            [side for side in sides if side.left or side.right],
        )

    def _link(self, link: Cells) -> Link:
        return Link(link["relation"], link["to_id"], self._label(link["to_id"]), link["basis"], link.get("note"))

    def _linked_from(self, id: str) -> dict[str, list[str]]:
        """The rows that link to this one, by relation."""
        found: dict[str, list[str]] = {}
        for link in self._linked.get(id, ()):
            if link["to_id"] == id and not self._across(link):
                found.setdefault(link["relation"], []).append(link["from_id"])
        return found

    def _rest(self, table: str, row: Cells) -> list[tuple[str, str]]:
        """The other columns of the row."""
        return [(column, cell) for column, cell in row.items() if column not in (*SHOWN[table], "published")]

    def _label(self, id: str) -> str:
        """A few words that say which item it is."""
        row = self._items[id]
        if "attestation_id" in row:
            return self._label(row["event_id"])
        if "summary" in row:
            return statement(row["summary"], row["status"])
        return row.get("paraphrase") or row.get("text") or f"{row['wording']}: {row['what']}"

    def _anchors(self, id: str) -> str:
        parts: dict[str, list[str]] = {}
        for span in self._spans.get(id, ()):
            zone = "" if span["zone"] == "body" else f" ({span['zone']})"
            parts.setdefault(span["part"], []).append(f"{span['start_char']}–{span['end_char']}{zone}")
        return "; ".join(f"{part} {', '.join(places)}" for part, places in parts.items())

    @property
    def _items(self) -> dict[str, Cells]:
        return self._released.items

    @cached_property
    def _articles(self) -> set[str]:
        return {row["article_id"] for row in self._released.rows("articles")}

    @cached_property
    def _attested(self) -> dict[str, list[Cells]]:
        return self._released.by("attestations", "event_id")

    @cached_property
    def _attested_in(self) -> dict[str, list[Cells]]:
        return self._released.by("attestations", "quote_id")

    @cached_property
    def _linked(self) -> dict[str, list[Cells]]:
        return self._released.by("links", "from_id", "to_id")

    @cached_property
    def _spans(self) -> dict[str, list[Cells]]:
        return self._released.by("spans", "item_id")
