"""Coded values compared with the words that they rest on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ...annotations.rows import Coding
from ...io.problems import shown
from ..rows.references import article_of
from ..rows.spans import spans_of
from ..rule import READING, Finding, Texts, rule

_NOT = (
    "not no never nor neither none nobody nothing without cannot *n't unable deny* denie* denial* reject* refus* "
    "declin* dismiss* avoid* fail* lack* hardly untrue false* wrong fake* fabricat* invent* absurd* hoax* lie lies "
    "lied nonsense"
)
_ASKED = "*? ask* question* whether if wonder* inquir* possib*"
_FUTURE = "to will would *'ll *'d going plan* aim* intend* prepar* ready"
_NUMBER = (
    "# one two three four five six seven eight nine ten eleven twelve *teen *ty hundred* thousand* million* billion* "
    "dozen* several both neither zero half couple"
)
# For values of a column, the words of which the row needs one: `*` stands for any letters, `#` for digits, `_` for a
# space. A value without words needs the row to have none of those of the other values.
WORDS: dict[tuple[str, str], dict[str, str | None]] = {
    ("attestations", "stance"): {
        "denies": _NOT,
        "questions": _ASKED,
        "withholds": f"{_NOT} comment*",
        "leaves_open": f"{_NOT} whether if open* remain* unclear uncertain unknown unconfirmed potential* possib*",
    },
    ("attestations", "certainty"): {
        "certain": "clear* confirm* certain* sure* assur* doubt* undoubted* definite* obvious* eviden* know* fact "
        "prove* proof guarant*",
        "probable": "likely probab* appear* apparent* seem* suggest* indicat* expect* believ* think* thought presum*",
        "possible": "might may could can possib* potential* perhaps maybe conceivab*",
    },
    ("quotes", "act"): {
        "ask": f"{_ASKED} want*",
        "warn": f"{_FUTURE} warn* threat* if risk* danger*",
        "promise": f"{_FUTURE} promis* pledg* vow* assur* reassur* guarant* swear* swore commit*",
        "deny": _NOT,
        "decline": _NOT,
        "explain": "because mean* meant since reason* expla* so clarif* due_to in_order",
    },
    ("events", "time_status"): {
        "planned": f"{_FUTURE} next this tomorrow soon later until",
        "conditional": "if unless could can might may would should whether possib* potential* any* in_case",
    },
    ("exclusions", "reason"): {
        "date": "# #s *day week* month* year* yesterday tomorrow",
        "dateline": "#",
        "ordinal": "first second third fourth fifth sixth seventh eighth ninth *enth twelfth *ieth #st #nd #rd #th",
        "pronoun": f"{_NUMBER} either each none",
        "source_count": _NUMBER,
        "idiom": _NUMBER,
    },
    ("figures", "modifier"): {
        "exact": None,
        "more_than": "more_than over above exceed* beyond",
        "at_least": "at_least no_fewer_than no_less_than minimum or_more upwards",
        "less_than": "less_than fewer_than under below",
        "at_most": "at_most up_to no_more_than maximum as_many_as or_less or_fewer",
        "nearly": "nearly almost close_to just_under just_short",
        # Two-thirds in percent is rounded.
        "approximate": "about around roughly approximately some circa or_so estimated third thirds sixths ninths",
    },
}

# The cells that hold the words of a value, where the row has them.
WORDING = {
    ("attestations", "certainty"): "hedge",
    ("exclusions", "reason"): "wording",
    ("figures", "modifier"): "wording",
}


@rule(
    "coded-words",
    needs_texts=True,
    severity="warning",
    after=(READING, "span-range", "span-digest", "span-missing", "verbatim-exclusion", "idle-exclusion"),
)
def coded_words(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """Some values rest on words: without a word such as 'not', nothing is denied.

    passes: stance: denies, with 'was not closed' in the evidence
    fails: stance: denies, with 'was closed' in the evidence
    hint: correct the value or the span
    """
    passages = _passages(coding, texts)
    for (table, column), values in WORDS.items():
        for row in coding.rows(table):
            words = row[WORDING[table, column]] if (table, column) in WORDING else passages.get(row.key[0])
            value = row[column]
            if words is None or value not in values:
                continue
            needed = values[value]
            if needed is None:
                other = next((name for name, listed in values.items() if listed and _has(words, listed)), None)
                if other is not None:
                    yield Finding(row, column, f"found {value!r}, but {shown(words)} says {other!r}")
            elif not _has(words, needed):
                yield Finding(row, column, f"found {value!r}, but no word for it in {shown(words)}")


def _passages(coding: Coding, texts: Texts) -> dict[str, str]:
    """The words at the spans of each item, those of an event with the evidence for it."""
    article, spans = article_of(coding), spans_of(coding)
    found: dict[str, list[str]] = {}
    event_of = {row["attestation_id"]: row["event_id"] for row in coding.rows("attestations")}
    for item, rows in spans.items():
        if article.get(item) in texts:
            content = texts[article[item]].content
            words = [content[row["start_char"] : row["end_char"]] for row in rows]
            for owner in {item, event_of.get(item, item)}:
                found.setdefault(owner, []).extend(words)
    return {item: " … ".join(words) for item, words in found.items()}


def _has(words: str, listed: str) -> bool:
    return _pattern(listed).search(words.replace("’", "'")) is not None


@cache
def _pattern(listed: str) -> re.Pattern[str]:
    words = re.escape(listed).replace(r"\*", r"\w*").replace(r"\#", r"\d+").replace("_", r"\s+").split(r"\ ")
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)
