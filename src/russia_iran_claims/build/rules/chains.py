"""Chains of vouchers: the heart of the data."""

from __future__ import annotations

from collections.abc import Iterator

from ..rows import Coding
from . import Finding, rule
from .references import chained


@rule("chain-loop")
def chain_loop(coding: Coding) -> Iterator[Finding]:
    """Nobody passes on what they heard from themselves: a chain holds each link once.

    passes: source_chain: [courier, two-officials]
    fails: source_chain: [courier, two-officials, courier]
    hint: keep each voucher once, the one whom the article cites first
    """
    for row in chained(coding):
        links = row["source_chain"].split("/")
        if repeated := next((link for link in links if links.count(link) > 1), None):
            yield Finding(row, "source_chain", f"found {repeated!r} twice, expected each link once")


@rule("chain-article")
def chain_article(coding: Coding) -> Iterator[Finding]:
    """The article itself is never a link: its own voice is the chain `[article]` alone.

    passes: source_chain: [article]
    fails: source_chain: [article, ada-berg]
    hint: take `article` out: the article is never a link
    """
    for row in chained(coding):
        links = row["source_chain"].split("/")
        if "article" in links and links != ["article"]:
            yield Finding(row, "source_chain", "found 'article' beside other links, expected [article] alone or none")


@rule(
    "chain-speaker",
    after=(
        "unknown-voucher",
        "chain-loop",
    ),
)
def chain_speaker(coding: Coding) -> Iterator[Finding]:
    """The origin of a quote is its speaker: the last link.

    passes: speaker_id: ada-berg, source_chain: [courier, ada-berg]
    fails: speaker_id: ada-berg, source_chain: [courier]
    hint: end the chain with the speaker, or correct the speaker
    """
    for row in coding.rows("quotes"):
        last = str(row["source_chain"]).rpartition("/")[2]
        if row["speaker_id"] is not None and last != row["speaker_id"]:
            yield Finding(row, "source_chain", f"found last link {last!r}, expected the speaker {row['speaker_id']!r}")


@rule(
    "chain-nested",
    after=(
        "unknown-voucher",
        "chain-loop",
        "chain-article",
    ),
)
def chain_nested(coding: Coding) -> Iterator[Finding]:
    """A quote inside another reaches the article through the outer speaker.

    passes: source_chain: [union, ada-berg] inside a quote with [union]
    fails: source_chain: [ada-berg] inside a quote with [union]
    hint: put the chain of the outer quote before the speaker
    """
    quotes = {row["quote_id"]: row for row in coding.rows("quotes")}
    for row in coding.rows("quotes"):
        outer = quotes.get(row["nested_in"])
        if outer is not None and not f"{row['source_chain']}/".startswith(f"{outer['source_chain']}/"):
            yield Finding(row, "source_chain", f"expected it to start with the chain of {row['nested_in']}")


@rule(
    "chain-quote",
    after=(
        "unknown-voucher",
        "chain-loop",
        "chain-article",
    ),
)
def chain_quote(coding: Coding) -> Iterator[Finding]:
    """What is vouched for inside a quote reaches the article through that quote.

    passes: source_chain: [ada-berg, crew] in a quote with [ada-berg]
    fails: source_chain: [crew] in a quote with [ada-berg]
    hint: begin with the chain of the quote, or correct quote_id
    """
    quotes = {row["quote_id"]: row for row in coding.rows("quotes")}
    for name in ("attestations", "figures"):
        for row in coding.rows(name):
            quote = quotes.get(row["quote_id"])
            if quote is not None and not f"{row['source_chain']}/".startswith(f"{quote['source_chain']}/"):
                yield Finding(
                    row,
                    "source_chain",
                    f"found {row['source_chain']!r}, expected it to start with {quote['source_chain']!r}, "
                    f"the chain of {row['quote_id']}",
                )
