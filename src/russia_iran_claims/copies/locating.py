"""Find the rows in a reader's own copy of an article by the digests of their spans."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..letters import normalised
from ..published import Release, find_release, pandas
from .placing import Span, find_matches, find_places

if TYPE_CHECKING:
    import pandas as pd

# An article, its spans, the range of each that is found, and those that are ambiguous.
Located = tuple[str, list[Span], dict[Span, tuple[int, int]], set[Span]]

_FILE_NAME = re.compile(r"[^\n]{1,255}\.[A-Za-z0-9]{1,5}")


def locate(text: str, *, version: str | None = None, folder: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """Find the rows of an article in your own copy of its text.

    Returns one row for each span: item_id, part, seq, start_char, end_char and state. The state is `found`;
    `ambiguous`, if the words stand at several places and none is more likely than the others; or `missing`, if they are
    not there to the letter, or too little is around them to tell that they are the same. The offsets count Unicode code
    points of `text` and are null unless the span is found. The copy may have another header, and paragraphs more,
    fewer, or in another order; its letters may be composed or decomposed. `.attrs` has article_id, found and spans.
    Raises ValueError, which says what does not match, if less than half of the spans of any article are found or
    ambiguous. `version` and `folder` choose the release, as in `load`.
    """
    if not isinstance(text, str):
        raise TypeError(f"locate takes the text of an article as str, not {type(text).__name__}")
    if not text.strip():
        raise ValueError("the text is empty")
    release = find_release(version, folder)
    articles = _spans(release)
    tried = [_locate(articles, text)]
    # A digest is of words as the article has them, and a copy may have the same letters in another form.
    for form in ("NFC", "NFD"):
        if len(tried[0][2]) < len(tried[0][1]) and not unicodedata.is_normalized(form, text):
            other = normalised(text, form)
            article, spans, places, unsure = _locate(articles, other.text)
            back = {span: (other.starts[start], other.ends[end - 1]) for span, (start, end) in places.items()}
            tried.append((article, spans, back, unsure))
    article, spans, found, unsure = max(tried, key=lambda located: (_share(located), len(located[2])))
    there = found.keys() | unsure
    if 2 * len(there) < len(spans):
        if _FILE_NAME.fullmatch(text.strip()):
            raise ValueError(f"{text!r} looks like a file's name: give the text that is in the file")
        missing = ", ".join([f"{span.item_id} {span.part}" for span in spans if span not in there][:5]) + ", …"
        raise ValueError(
            f"the text is no copy of an annotated article: the nearest is {article}, of whose {len(spans)} spans "
            f"{len(there)} are in the text to the letter (missing are {missing}). Quotation marks, apostrophes "
            "and dashes have to be those of the article."
        )
    pd = pandas()
    frame = pd.DataFrame(
        [
            {
                "item_id": span.item_id,
                "part": span.part,
                "seq": span.seq,
                "start_char": found[span][0] if span in found else None,
                "end_char": found[span][1] if span in found else None,
                "state": "found" if span in found else "ambiguous" if span in unsure else "missing",
            }
            for span in spans
        ]
    ).astype(
        dict.fromkeys(("item_id", "part", "state"), "string")
        | dict.fromkeys(("seq", "start_char", "end_char"), "Int64")
    )
    frame.attrs = {"article_id": article, "found": len(found), "spans": len(spans)}
    return frame


def offsets(row: Mapping[str, str]) -> tuple[int, int]:
    """Where a span or an exclusion stands in the annotated text. The columns of 0.1.0 were called start and end."""
    return int(row.get("start_char") or row["start"]), int(row.get("end_char") or row["end"])


def _locate(articles: dict[str, list[Span]], text: str) -> Located:
    """The article whose spans a text has most of, the range of each that is found, and those that are ambiguous."""
    matches = find_matches([span for spans in articles.values() for span in spans], text)
    tried = []
    for article, spans in articles.items():
        places, unsure = find_places(spans, matches, text)
        found = {span: (start, start + span.end - span.start) for span, start in places.items()}
        tried.append((article, spans, found, unsure))
    return max(tried, key=_share)


def _share(located: Located) -> float:
    """How many of the spans are in the text, from 0 to 1."""
    _, spans, found, unsure = located
    return (len(found) + len(unsure)) / len(spans)


def _spans(release: Release) -> dict[str, list[Span]]:
    """The spans of each article, in the order of the table. Raises ValueError if the release has not what it takes."""
    spans: dict[str, list[Span]] = defaultdict(list)
    try:
        article = {row["item_id"]: row["article_id"] for row in release.rows("items")}
        for row in release.rows("spans"):
            span = Span(row["item_id"], row["part"], int(row["seq"]), *offsets(row), row["digest"])
            spans[article[span.item_id]].append(span)
    except KeyError as error:
        raise ValueError(f"{release.folder} has no spans as this package reads them: {error} is missing") from error
    if not spans:
        raise ValueError(f"{release.folder} has no spans to look for")
    return spans
