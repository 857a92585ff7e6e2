"""What the page needs to mark a reader's own copy: the spans of each article, and the words that are published."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ....marking import Mark
from ...schema.terms import BETWEEN_RUNS, ITEMS
from ...tables.claims import statement
from ...versions.version import Cells
from .data import Released

# The column of each table that has the words of a part; of several spans, the words of each run.
_WORDS = {
    ("quote", "content"): "text",
    ("quote", "cue"): "cue",
    ("event", "trigger"): "trigger",
    ("event", "time"): "time_wording",
    ("figure", "number"): "wording",
    ("figure", "time"): "time_wording",
    ("attestation", "hedge"): "hedge",
}


def spans(released: Released) -> dict[str, Any]:
    """For each article: the hash of its text, its spans with digests and known words, exclusions, and what rows say."""
    kinds = {
        row[f"{kind}_id"]: (kind, row["article_id"]) for kind, table in ITEMS.items() for row in released.rows(table)
    }
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    told: dict[str, dict[str, str]] = defaultdict(dict)
    for span in released.rows("spans"):
        kind, article = kinds[span["item_id"]]
        row = released.items[span["item_id"]]
        numbers = (int(span[column]) for column in ("seq", "start_char", "end_char"))
        mark = Mark(span["item_id"], kind, span["part"], *numbers)
        words = _words(mark, row)
        known = {"words": words} if words else {}
        found[article].append({**mark._asdict(), "digest": span["digest"], **known})
        told[article][span["item_id"]] = _told(released, row)
    excluded = released.by("exclusions", "article_id")
    return {
        row["article_id"]: {
            "published": row["published"],
            "sha256": row["text_sha256"],
            "spans": found[row["article_id"]],
            "told": told[row["article_id"]],
            "exclusions": [
                {
                    "start": int(each["start_char"]),
                    "end": int(each["end_char"]),
                    "words": each["wording"],
                    "reason": each["reason"],
                }
                for each in excluded.get(row["article_id"], ())
                if "wording" in each
            ],
        }
        for row in released.rows("articles")
    }


def _words(mark: Mark, row: Cells) -> str | None:
    """The words of a span, where a cell of its row has them."""
    cell = row.get(_WORDS.get((mark.kind, mark.part), ""))
    runs = [] if cell is None else cell.split(BETWEEN_RUNS) if mark.part in ("content", "number") else [cell]
    words = runs[mark.seq - 1] if mark.seq <= len(runs) else ""
    # The text of indirect speech is no run, and a trigger is the first of several.
    return words if len(words) == mark.end - mark.start else None


def _told(released: Released, row: Cells) -> str:
    """What a row says, in a few words."""
    if "attestation_id" in row:
        event = released.items[row["event_id"]]
        return f"{row['source']} {row['stance'].replace('_', ' ')}: {event['summary']}"
    if "summary" in row:
        return statement(row["summary"], row["status"])
    return row.get("paraphrase") or row.get("text") or f"{row['wording']}: {row['what']}"
