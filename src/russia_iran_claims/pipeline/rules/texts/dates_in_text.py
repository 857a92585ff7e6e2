"""Dates compared with the words of the text that give them."""

from __future__ import annotations

from collections.abc import Iterator

from ...annotations.rows import Coding, Row
from ...texts.find import paragraph_at
from ...texts.must_code import days_in
from ..rows.dates import dated, published_on
from ..rows.references import article_of
from ..rows.spans import ranges
from ..rule import Finding, Texts, rule


@rule("date-text", needs_texts=True, after=("date-range", "date-future", "date-order"))
def date_text(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """The paragraph gives a stated date, or the weekday: the last one on or before publication, or for plans the next.

    passes: date_start: 2026-01-08, with 'on Thursday' in the paragraph, published on Saturday 2026-01-10
    fails: date_start: 2026-01-07, with 'on Thursday' in the paragraph, published on Saturday 2026-01-10
    hint: copy the date from the paragraph, or count its weekday back from publication (forward for plans)
    """
    published, article = published_on(coding), article_of(coding)
    passages: dict[str, list[Row]] = {}
    event_of = {row["attestation_id"]: row["event_id"] for row in coding.rows("attestations")}
    for span, _ in ranges(coding):
        item = span.cells.get("item_id")
        if item is not None:
            passages.setdefault(event_of.get(item, item), []).append(span)
    for row, start, end in dated(coding):
        text, day = texts.get(article.get(row.key[0], "")), published.get(row["article_id"])
        if text is None or day is None or row["date_basis"] not in ("stated", "weekday"):
            continue
        planned = row.cells.get("time_status") in ("planned", "conditional")
        told = {
            told
            for span in passages.get(row.key[0], ())
            for told in days_in(paragraph_at(text.content, span["start_char"]), row["date_basis"], day, later=planned)
        }
        for column in (start, end):
            if row[column] is not None and row[column] not in told:
                expected = (
                    " or ".join(sorted(str(day) for day in told))
                    or f"a {'date' if row['date_basis'] == 'stated' else 'weekday'} in its paragraph"
                )
                yield Finding(row, column, f"found {row[column]}, expected {expected}")
