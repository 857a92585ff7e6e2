"""Links: what may be tied to what, and in which direction."""

from __future__ import annotations

from collections.abc import Iterator

from ...annotations.rows import Coding
from ...schema.terms import SAME
from ..rule import Finding, rule
from .references import article_of

# The prefixes that both ends of a link may have; a relation that is not listed ties anything.
ENDS = {
    "same_event": {"ev"},
    "part_of": {"ev", "fi"},
    "same_utterance": {"qu"},
    "same_quantity": {"fi"},
    "repeats": {"qu"},
    "clarifies": {"qu"},
}


@rule("link-self")
def link_self(coding: Coding) -> Iterator[Finding]:
    """A link ties two rows.

    passes: from qu-0001 to qu-0002
    fails: from qu-0001 to qu-0001
    hint: correct one of them: a link ties two different rows
    """
    for row in coding.rows("links"):
        if row["from_id"] is not None and row["from_id"] == row["to_id"]:
            yield Finding(row, "to_id", f"from_id and to_id are both {row['to_id']!r}")


@rule("link-direction")
def link_direction(coding: Coding) -> Iterator[Finding]:
    """A link that holds both ways stands once, the smaller id first.

    passes: from ev-0001 to ev-0002, same_event
    fails: from ev-0002 to ev-0001, same_event
    hint: swap from_id and to_id
    """
    for row in coding.rows("links"):
        if row["relation"] in SAME and None not in (row["from_id"], row["to_id"]) and row["from_id"] > row["to_id"]:
            yield Finding(
                row, "from_id", f"from_id must be the smaller id, found {row['from_id']} before {row['to_id']}"
            )


@rule("link-ends")
def link_ends(coding: Coding) -> Iterator[Finding]:
    """A relation ties rows of the kind that its definition names.

    passes: same_quantity from fi-0001 to fi-0002
    fails: same_quantity from fi-0001 to qu-0001
    hint: correct the id, or use the relation `about` with a note
    """
    for row in coding.rows("links"):
        ends = [str(row[column])[:2] for column in ("from_id", "to_id") if row[column] is not None]
        allowed = ENDS.get(row["relation"]) if len(ends) == 2 else None
        if allowed and (not set(ends) <= allowed or ends[0] != ends[1]):
            found = f"{row['relation']} from {row['from_id']} to {row['to_id']}"
            expected = " or ".join(sorted(allowed))
            yield Finding(row, "relation", f"{found}: both ends must be {expected} ids, of the same kind")


@rule("link-article")
def link_article(coding: Coding) -> Iterator[Finding]:
    """`repeats` stays within an article; `same_utterance` ties two articles.

    passes: same_utterance from qu-0001 to qu-0009 of another article
    fails: repeats from qu-0001 to qu-0009 of another article
    hint: use `repeats` within an article and `same_utterance` across
    """
    article = article_of(coding)
    for row in coding.rows("links"):
        if None in (row["from_id"], row["to_id"]):
            continue
        same = article.get(row["from_id"]) == article.get(row["to_id"])
        if row["relation"] == "repeats" and not same:
            yield Finding(row, "relation", "`repeats` ties rows of two articles; that is `same_utterance`")
        if row["relation"] == "same_utterance" and same and row["from_id"] in article:
            yield Finding(row, "relation", "`same_utterance` ties rows of one article; that is `repeats`")


@rule("link-note")
def link_note(coding: Coding) -> Iterator[Finding]:
    """`about` does not say how two rows are related, so its note has to.

    passes: relation: about, note: The help is what is asked for.
    fails: relation: about
    hint: add a note that says in your own words how the two rows are related
    """
    for row in coding.rows("links"):
        if row["relation"] == "about" and row["note"] is None:
            yield Finding(row, "note", "the note is missing: what the first item has to do with the second")


@rule("link-loop")
def link_loop(coding: Coding) -> Iterator[Finding]:
    """Nothing is a part, a repetition or a clarification of itself, directly or through others.

    passes: qu-0002 repeats qu-0001
    fails: qu-0002 repeats qu-0001, and qu-0001 repeats qu-0002
    hint: remove one link: `repeats` and `clarifies` point to the earlier row, `part_of` points to the whole
    """
    for relation in ("part_of", "repeats", "clarifies"):
        rows = [row for row in coding.rows("links") if row["relation"] == relation]
        targets: dict[str, set[str]] = {}
        for row in rows:
            targets.setdefault(row["from_id"], set()).add(row["to_id"])
        for row in rows:
            seen, stack = set[str](), [row["to_id"]]
            while stack:
                step = stack.pop()
                if step not in seen:
                    seen.add(step)
                    stack += targets.get(step, ())
            if row["from_id"] in seen and row["from_id"] != row["to_id"]:
                yield Finding(row, "to_id", f"the {relation} links form a loop through {row['from_id']}")
