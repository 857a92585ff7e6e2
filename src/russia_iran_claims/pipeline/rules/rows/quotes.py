"""Quotes: what each type needs, and how they nest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ...annotations.rows import Coding
from ...schema.terms import BETWEEN_RUNS
from ..rule import READING, Finding, rule


@rule("quote-text", after=(READING,))
def quote_text(coding: Coding) -> Iterator[Finding]:
    """A direct or mixed quote has the words inside the marks; indirect speech has none.

    passes: quote_type: direct, text: We are safe.
    fails: quote_type: direct
    hint: direct or mixed: copy the words inside the marks into `text`; indirect: remove `text`; or correct quote_type
    """
    for row in coding.rows("quotes"):
        marked = row["quote_type"] in ("direct", "mixed")
        if marked and row["text"] is None:
            yield Finding(
                row, "text", f"a {row['quote_type']} quote needs `text`: the words inside the quotation marks"
            )
        if row["quote_type"] == "indirect" and row["text"] is not None:
            yield Finding(row, "text", "`text` must be empty for indirect speech")


@rule("quote-paraphrase", after=(READING,))
def quote_paraphrase(coding: Coding) -> Iterator[Finding]:
    """A mixed or indirect quote has a paraphrase of the whole proposition; a direct one speaks for itself.

    passes: quote_type: mixed, paraphrase: They are safe.
    fails: quote_type: mixed
    hint: mixed or indirect: say all of it in your own words; direct: remove `paraphrase`; or correct quote_type
    """
    for row in coding.rows("quotes"):
        if row["quote_type"] in ("mixed", "indirect") and row["paraphrase"] is None:
            yield Finding(row, "paraphrase", f"a quote of type {row['quote_type']} needs a paraphrase")
        if row["quote_type"] == "direct" and row["paraphrase"] is not None:
            yield Finding(row, "paraphrase", "`paraphrase` must be empty for a direct quote")


@rule("quote-runs", after=(READING, "span-part"))
def quote_runs(coding: Coding) -> Iterator[Finding]:
    """Each run of a quote's text, joined by ' | ', has a content span of its own.

    passes: text: one run | another, with two content spans
    fails: text: one run | another, with one content span
    hint: add the missing span, or join the runs by ' | '
    """
    content = Counter(span["item_id"] for span in coding.rows("spans") if span["part"] == "content")
    for row in coding.rows("quotes"):
        if row["text"] is not None and row["quote_type"] != "indirect":
            runs, spans = len(row["text"].split(BETWEEN_RUNS)), content[row["quote_id"]]
            if runs != spans:
                yield Finding(row, "text", f"`text` has {runs} runs, but the number of content spans is {spans}")


@rule("quote-nesting")
def quote_nesting(coding: Coding) -> Iterator[Finding]:
    """No quote stands inside itself, directly or through others.

    passes: qu-0002 nested in qu-0001
    fails: qu-0001 nested in qu-0001
    hint: set nested_in to the quote around it, or remove it
    """
    outer = {row["quote_id"]: row["nested_in"] for row in coding.rows("quotes")}
    for row in coding.rows("quotes"):
        step, seen = row["nested_in"], {row["quote_id"]}
        while step is not None and step not in seen:
            seen.add(step)
            step = outer.get(step)
        if step == row["quote_id"]:
            yield Finding(row, "nested_in", f"nested_in leads from {row['quote_id']} back to itself")
