"""Chains of vouchers: the heart of the data."""

from __future__ import annotations

from collections.abc import Iterator

from ..rows import Coding
from . import Finding, rule
from .references import chained


@rule("chain-loop")
def chain_loop(coding: Coding) -> Iterator[Finding]:
    """Nobody passes on what they heard from themselves: a chain holds each link once."""
    for row in chained(coding):
        links = row["source_chain"].split("/")
        if repeated := next((link for link in links if links.count(link) > 1), None):
            yield Finding(row, "source_chain", f"found {repeated!r} twice, expected each link once")


@rule("chain-article")
def chain_article(coding: Coding) -> Iterator[Finding]:
    """The article itself is never a link: its own voice is the chain `[article]` alone."""
    for row in chained(coding):
        links = row["source_chain"].split("/")
        if "article" in links and links != ["article"]:
            yield Finding(row, "source_chain", "found 'article' beside other links, expected [article] alone or none")


@rule("chain-speaker")
def chain_speaker(coding: Coding) -> Iterator[Finding]:
    """The origin of a quote is its speaker: the last link."""
    for row in coding.rows("quotes"):
        last = str(row["source_chain"]).rpartition("/")[2]
        if row["speaker_id"] is not None and last != row["speaker_id"]:
            yield Finding(row, "source_chain", f"found last link {last!r}, expected the speaker {row['speaker_id']!r}")


@rule("chain-nested")
def chain_nested(coding: Coding) -> Iterator[Finding]:
    """A quote inside another reaches the article through the outer speaker."""
    quotes = {row["quote_id"]: row for row in coding.rows("quotes")}
    for row in coding.rows("quotes"):
        outer = quotes.get(row["nested_in"])
        if outer is not None and not f"{row['source_chain']}/".startswith(f"{outer['source_chain']}/"):
            yield Finding(row, "source_chain", f"expected it to start with the chain of {row['nested_in']}")


@rule("chain-quote")
def chain_quote(coding: Coding) -> Iterator[Finding]:
    """What is vouched for inside a quote reaches the article through that quote."""
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
