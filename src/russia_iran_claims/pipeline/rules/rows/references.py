"""References: what is named exists, what exists is used, and chains of sources are consistent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...annotations.rows import Coding, Row
from ...io.problems import nearest
from ...schema.terms import ARTICLE, HEADLINE, ITEMS, UNSPECIFIED
from ..rule import Finding, once, rule


@rule("unknown-reference")
def unknown_reference(coding: Coding) -> Iterator[Finding]:
    """A row that is referred to exists.

    passes: addressee_id: courier, which raw/actors.yaml has
    fails: addressee_id: curier
    hint: correct the id, or add the row that it names
    """
    items = {row.key[0] for table in ITEMS.values() for row in coding.rows(table)}
    retired = {*coding.gone, *(row["row_id"] for row in coding.rows("retired"))}
    for rows in coding.tables.values():
        for key in rows[0].table.foreign_keys if rows else ():
            if key.table == "sources":
                continue  # derived from the chains themselves; their links are checked by `unknown-voucher`
            column = key.fields[0]
            if rows[0].table.by_name[column].origin in ("parent", "derived"):
                continue  # the record around is there, or the build writes the row
            known = items
            if key.table != "items":
                known = {row[key.references[0]] for row in coding.rows(key.table)}
            for row in rows:
                value = row.cells[column]
                if value is not None and value not in known:
                    found = f"there is no {value!r} among the {key.table}"
                    hint = f"{value} is retired: take this row out as well, or name another row"
                    yield Finding(row, column, found, hint if value in retired else _instead(value, known))


@rule("unknown-column")
def unknown_column(coding: Coding) -> Iterator[Finding]:
    """A difference names a column of its table, or the records inside its rows.

    passes: table_name: quotes, column_name: act
    fails: table_name: quotes, column_name: acts
    hint: correct the column
    """
    for row in coding.rows("differences"):
        table = coding.schema.tables.get(row["table_name"])
        # An exclusion is a span itself.
        known = [*table.by_name, *coding.schema.inside.get(table.name, ()), "spans"] if table else []
        column = row["column_name"]
        if table and column is not None and column not in known:
            yield Finding(row, "column_name", f"{table.name} has no column {column!r}", _write(column, known))


@rule("unknown-voucher")
def unknown_voucher(coding: Coding) -> Iterator[Finding]:
    """Every link of a chain is an actor, or the chain is the single word `article`.

    passes: source_chain: [courier]
    fails: source_chain: [curier]
    hint: correct the id, or add the actor to raw/actors.yaml
    """
    known = {row["actor_id"] for row in coding.rows("actors")}
    for row in chained(coding):
        for link in row["source_chain"].split("/"):
            if link not in known and link != ARTICLE:
                found = f"there is no {link!r} among the actors"
                yield Finding(row, "source_chain", found, _instead(link, known))


@rule("missing-mention")
def missing_mention(coding: Coding) -> Iterator[Finding]:
    """Every actor used in an article has a mention there, which says how the article names it.

    passes: an actor of a quote that `mentions` has
    fails: an actor of a quote that `mentions` lacks
    hint: add `- {actor_id: ..., name: ...}` to `mentions`, in the order of the text
    """
    known = {row["actor_id"] for row in coding.rows("actors")} - {UNSPECIFIED}
    mentioned = {(row["article_id"], row["actor_id"]) for row in coding.rows("mentions")}
    unread = {row["article_id"] for row in coding.rows("mentions") if row["actor_id"] is None}
    for article, actor, row, column in used(coding):
        if actor in known and (article, actor) not in mentioned and article not in unread:
            yield Finding(row, column, f"{actor!r} has no mention in {article}")


@rule("unused-mention")
def unused_mention(coding: Coding) -> Iterator[Finding]:
    """An actor is mentioned because a row of the article uses it, itself or as an affiliation.

    passes: a mention of an actor who speaks
    fails: a mention of an actor whom no row uses
    hint: delete the mention, or code what the actor does
    """
    named = {(article, actor) for article, actor, _, _ in used(coding)}
    affiliation = {row["actor_id"]: row["affiliation_id"] for row in coding.rows("actors")}
    named |= {(article, affiliation[actor]) for article, actor in named if affiliation.get(actor)}
    for row in coding.rows("mentions"):
        if (row["article_id"], row["actor_id"]) not in named:
            yield Finding(row, "actor_id", f"no row of the article uses {row['actor_id']!r}")


@rule("unused-actor")
def unused_actor(coding: Coding) -> Iterator[Finding]:
    """An actor is listed because an article uses it.

    passes: an actor whom an article mentions
    fails: an actor whom no article mentions
    hint: delete the actor, or mention it
    """
    named = {actor for _, actor, _, _ in used(coding)} | {row["actor_id"] for row in coding.rows("mentions")}
    named |= {row["outlet_id"] for row in coding.rows("articles")}
    for row in coding.rows("actors"):
        if row["actor_id"] not in named:
            yield Finding(row, "actor_id", f"no article uses {row['actor_id']!r}")


@rule("foreign-article")
def foreign_article(coding: Coding) -> Iterator[Finding]:
    """What a row of one article refers to stands in the same article; only links cross.

    passes: a figure and its event in one article
    fails: a figure of art-002 in an event of art-001
    hint: refer to a row of the same article; use links across articles
    """
    article = article_of(coding)
    for name, columns in {
        "attestations": ["quote_id"],
        "quotes": ["nested_in"],
        "figures": ["event_id", "quote_id"],
    }.items():
        for row in coding.rows(name):
            for column in columns:
                target = article.get(row[column])
                if target is not None and target != article.get(row.key[0]):
                    yield Finding(
                        row, column, f"{row[column]!r} belongs to {target}, this row to {article.get(row.key[0])}"
                    )


@rule("chain-loop")
def chain_loop(coding: Coding) -> Iterator[Finding]:
    """Nobody cites themselves, so a chain names each voucher once.

    passes: source_chain: [courier, two-officials]
    fails: source_chain: [courier, two-officials, courier]
    hint: remove the repeated link; keep the order, from whom the article cites to the origin
    """
    for row in chained(coding):
        links = row["source_chain"].split("/")
        if repeated := next((link for link in links if links.count(link) > 1), None):
            yield Finding(row, "source_chain", f"the chain contains {repeated!r} twice")


@rule("chain-article")
def chain_article(coding: Coding) -> Iterator[Finding]:
    """`article` stands alone: a chain is `[article]`, for the article's own voice, or a list of actors.

    passes: source_chain: [article]
    fails: source_chain: [article, ada-berg]
    hint: remove `article`, or make it the whole chain
    """
    for row in chained(coding):
        links = row["source_chain"].split("/")
        if ARTICLE in links and links != [ARTICLE]:
            yield Finding(row, "source_chain", "'article' stands beside other links")


@rule("chain-speaker", after=("unknown-voucher", "chain-loop"))
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


@rule("chain-nested", after=("unknown-voucher", "chain-loop", "chain-article"))
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
            yield Finding(row, "source_chain", f"does not start with the chain of {row['nested_in']}")


@rule("chain-quote", after=("unknown-voucher", "chain-loop", "chain-article"))
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
                found = f"{row['source_chain']!r} does not start with {quote['source_chain']!r}"
                yield Finding(row, "source_chain", f"{found}, the chain of {row['quote_id']}")


@once
def article_of(coding: Coding) -> dict[str, str]:
    """The article of each item, by item id."""
    result = {row.key[0]: row["article_id"] for name in HEADLINE for row in coding.rows(name)}
    for row in coding.rows("attestations"):
        if row["event_id"] in result:
            result[row["attestation_id"]] = result[row["event_id"]]
    return result


@once
def chained(coding: Coding) -> list[Row]:
    """Every row that has a chain of vouchers."""
    rows = (row for name in ("attestations", "quotes", "figures") for row in coding.rows(name))
    return [row for row in rows if isinstance(row.cells["source_chain"], str)]


def _write(word: str, known: Iterable[object]) -> str | None:
    choice = nearest(word, known)
    return f"write `{choice}`" if choice else None


def _instead(word: str, known: Iterable[object]) -> str | None:
    instead = _write(word, known)
    return f"{instead}, or add the row that it names" if instead else None


@once
def used(coding: Coding) -> list[tuple[str | None, str, Row, str]]:
    """Every actor that a row of an article uses: the article, the actor, the row and its column."""
    return list(_uses(coding))


def _uses(coding: Coding) -> Iterator[tuple[str | None, str, Row, str]]:
    article = article_of(coding)
    for row in chained(coding):
        for link in row["source_chain"].split("/"):
            yield article.get(row.key[0]), link, row, "source_chain"
    for row in coding.rows("quotes"):
        for column in ("speaker_id", "addressee_id"):
            if row[column] is not None:
                yield row["article_id"], row[column], row, column
    for row in coding.rows("participants"):
        if row["actor_id"] is not None:
            yield article.get(row["event_id"]), row["actor_id"], row, "actor_id"
