"""Read an article with its rows on it, or only the words of one row, in a reader's own copy."""

from __future__ import annotations

import hashlib
import operator
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, SupportsIndex

from ..citing import cite
from ..marking import Mark
from ..published import Release, find_release
from .locating import locate, offsets
from .showing import as_html, as_text

if TYPE_CHECKING:
    import pandas as pd

Folder = str | os.PathLike[str] | None

# The part of each kind of item that has its words.
_WORDS = {"event": "trigger", "quote": "content", "figure": "number", "attestation": "evidence"}


@dataclass(frozen=True, eq=False, repr=False)
class Reading:
    """A copy of an article with its rows. It shows itself in Jupyter, and `print` marks the rows in the text.

    `rows` is what `locate` returns, and for each span the `kind` of its item and what the row says (`told`): the
    summary of an event, also for its attestations, the paraphrase or the text of a quote, what a figure counts.
    `marks` are the spans that are found. If the copy is exact, they have the exclusions, too: only then is it sure
    where these are.
    """

    text: str
    article_id: str
    rows: pd.DataFrame
    marks: tuple[Mark, ...]

    def at(self, position: SupportsIndex) -> pd.DataFrame:
        """The rows at a code point of the text. Raises IndexError if the text has no such code point."""
        place = operator.index(position)
        if not 0 <= place < len(self.text):
            raise IndexError(
                f"position {place} is outside the text, whose {len(self.text)} code points count from 0 to "
                f"{len(self.text) - 1}"
            )
        here = (self.rows["start_char"] <= place) & (place < self.rows["end_char"])
        return self.rows[here.fillna(False)]

    def __repr__(self) -> str:
        found, spans = (self.rows.attrs[name] for name in ("found", "spans"))
        return f"<Reading of {self.article_id}: {found} of {spans} spans found>"

    def __str__(self) -> str:
        return as_text(self.text, self.marks, self._told(), [repr(self), *self._lost()])

    def _repr_html_(self) -> str:
        return as_html(self.text, self.marks, self._told(), [repr(self).strip("<>"), *self._lost()])

    def _told(self) -> dict[str, str]:
        return {row.item_id: row.told for row in self.rows.dropna(subset="told").itertuples()}

    def _lost(self) -> list[str]:
        """The spans that are not found, by state, each as a line."""
        return [
            f"{state}: " + ", ".join(f"{row.item_id} {row.part}" for row in rows.itertuples())
            for state in ("ambiguous", "missing")
            if len(rows := self.rows[self.rows["state"] == state])
        ]


def read(text: str, *, version: str | None = None, folder: Folder = None) -> Reading:
    """Show the rows of an article on your own copy of its text.

    The result shows itself in Jupyter and, with `print`, in a terminal; `.rows` has the rows as a DataFrame and
    `.at(position)` those at one place. What is found where, and which errors there are, is as in `locate`. Exclusions
    are shown only if the copy is the annotated text to the byte.
    """
    rows = locate(text, version=version, folder=folder)
    release = find_release(version, folder)
    kinds = {row["item_id"]: row["kind"] for row in release.rows("items")}
    told = dict(_told(release))
    rows.insert(1, "kind", rows["item_id"].map(kinds).astype("string"))
    rows["told"] = rows["item_id"].map(told).astype("string")
    article = str(rows.attrs["article_id"])
    found = rows[rows["state"] == "found"]
    marks = [
        Mark(row.item_id, row.kind, row.part, int(row.seq), int(row.start_char), int(row.end_char))
        for row in found.itertuples()
    ]
    return Reading(text, article, rows, (*marks, *_exclusions(release, article, text)))


def quote(id: str, text: str, *, version: str | None = None, folder: Folder = None) -> str:
    """The words of one row in your own copy of its article, joined by " | " if they are in several places.

    These are the triggers of an event, the quoted words of a quote, the wording of a figure, or the evidence of an
    attestation. Raises ValueError, which says what is wrong, if there is no such row, if the text is no copy of its
    article, or if the copy does not have its words.
    """
    cite(id=id, version=version, folder=folder)  # which says what became of an id that is gone
    rows = read(text, version=version, folder=folder).rows
    article = rows.attrs["article_id"]
    items = {row["item_id"]: row for row in find_release(version, folder).rows("items")}
    if (item := items.get(id)) is None:
        raise ValueError(f"row {id!r} has no words of its own: give the id of an event, quote, figure or attestation")
    if item["article_id"] != article:
        raise ValueError(
            f"row {id!r} is in {item['article_id']}, and the text is a copy of {article}: give a copy of "
            f"{item['article_id']}"
        )
    words = rows[(rows["item_id"] == id) & (rows["part"] == _WORDS[item["kind"]])]
    lost = [f"{row.part} {row.seq} is {row.state}" for row in words.itertuples() if row.state != "found"]
    if lost or not len(words):
        told = ", ".join(lost) or "the release has no place for them"
        raise ValueError(
            f"the words of row {id!r} are not found in this copy of {article}: {told}. They have to be there to the "
            "letter, once, in their passage: compare the copy with the article"
        )
    return " | ".join(text[row.start_char : row.end_char] for row in words.itertuples())


def _told(release: Release) -> Iterator[tuple[str, str | None]]:
    """What each row says, in the words of those who coded it where it has such words."""
    summary = {row["event_id"]: row.get("summary") or None for row in release.rows("events")}
    yield from summary.items()
    for row in release.rows("attestations"):
        yield row["attestation_id"], summary.get(row["event_id"])
    for row in release.rows("quotes"):
        yield row["quote_id"], row.get("paraphrase") or row.get("text") or None
    for row in release.rows("figures"):
        yield row["figure_id"], row.get("what") or None


def _exclusions(release: Release, article: str, text: str) -> Iterator[Mark]:
    """The exclusions of an article, if a copy is exact: their words, such as `Friday`, may stand anywhere else."""
    hashes = {row["article_id"]: row.get("text_sha256") for row in release.rows("articles")}
    if hashes.get(article) != hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest():
        return
    for row in release.rows("exclusions") if "exclusions" in release.tables else ():
        if row["article_id"] == article:
            start, end = offsets(row)
            yield Mark(f"{article}|{start}", "exclusion", row.get("reason") or "excluded", 1, start, end)
