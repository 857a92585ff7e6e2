"""Find the rows in a reader's own copy of an article by the digests of their spans."""

from __future__ import annotations

import hashlib
import os
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from .published import Release, find_release

if TYPE_CHECKING:
    import pandas as pd


class Span(NamedTuple):
    """A span as published: what it belongs to, its offsets in the annotated text, and the digest of its words."""

    item_id: str
    part: str
    seq: int
    start: int
    end: int
    digest: str


def locate(text: str, *, version: str | None = None, folder: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """Find the rows of an article in your own copy of its text.

    Returns one row for each span: item_id, part, seq, start and end. The offsets count Unicode code points of `text`;
    they are null if the words are not there to the letter. The copy may have another header, more paragraphs, or only a
    part of the text. `.attrs` has article_id, found and spans. Raises ValueError, which says what does not match, if
    fewer than half of the spans of any article are found. `version` and `folder` choose the release, as in `load`.
    """
    if not isinstance(text, str):
        raise TypeError(f"locate takes the text of an article as str, not {type(text).__name__}")
    if len(text) < 200:
        raise ValueError(f"{text[:60]!r} is no article: give the whole text, not a file's name")
    best: tuple[float, str, list[Span], dict[Span, int]] = (-1.0, "", [], {})
    for article, spans in _spans(find_release(version, folder)).items():
        places = _places(spans, text)
        best = max(best, (len(places) / len(spans), article, spans, places), key=lambda entry: entry[0])
    share, article, spans, places = best
    if share < 0.5:
        missing = ", ".join([f"{span.item_id} {span.part}" for span in spans if span not in places][:5]) + ", …"
        raise ValueError(
            f"the text is no copy of an annotated article: the nearest is {article}, of whose {len(spans)} spans "
            f"{len(places)} are in the text to the letter (missing are {missing}). Quotation marks, apostrophes "
            "and dashes have to be those of the article."
        )
    import pandas as pd

    frame = pd.DataFrame(
        [
            {
                "item_id": span.item_id,
                "part": span.part,
                "seq": span.seq,
                "start": places.get(span),
                "end": places[span] + span.end - span.start if span in places else None,
            }
            for span in spans
        ]
    ).astype({"item_id": "string", "part": "string", "seq": "Int64", "start": "Int64", "end": "Int64"})
    frame.attrs = {"article_id": article, "found": len(places), "spans": len(spans)}
    return frame


def _spans(release: Release) -> dict[str, list[Span]]:
    """The spans of each article, in the order of the table."""
    article = {row["item_id"]: row["article_id"] for row in release.rows("items")}
    spans: dict[str, list[Span]] = defaultdict(list)
    for row in release.rows("spans"):
        span = Span(row["item_id"], row["part"], int(row["seq"]), int(row["start"]), int(row["end"]), row["digest"])
        spans[article[span.item_id]].append(span)
    return spans


def _places(spans: list[Span], text: str) -> dict[Span, int]:
    """Where each span starts in the text. Of several places, the one that moved as most other spans did."""
    candidates: dict[Span, list[int]] = {}
    lengths: dict[int, set[str]] = defaultdict(set)
    for span in spans:
        lengths[span.end - span.start].add(span.digest)
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for length, digests in lengths.items():
        for start in range(len(text) - length + 1):
            digest = hashlib.sha256(text[start : start + length].encode("utf-8", "surrogatepass")).hexdigest()[:16]
            if digest in digests:
                found[length, digest].append(start)
    for span in spans:
        if places := found.get((span.end - span.start, span.digest)):
            candidates[span] = places
    moved = Counter(place - span.start for span, places in candidates.items() for place in places)
    shift = moved.most_common(1)[0][0] if moved else 0
    return {
        span: min(places, key=lambda place: (-moved[place - span.start], abs(place - span.start - shift)))
        for span, places in candidates.items()
    }
