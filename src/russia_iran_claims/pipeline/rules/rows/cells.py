"""What may stand in a cell, whatever the column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ...annotations.rows import Coding, Row
from ...io.problems import shown
from ...schema.model import Field
from ..rule import Finding, once, rule

# What pandas, R, readr and Polars read as missing by default. `none` in lower case is no such word.
_MISSING = {
    "NA", "N/A", "n/a", "#N/A", "#N/A N/A", "#NA", "<NA>", "NaN", "nan", "-NaN", "-nan", "NULL", "null", "None", "NaT",
    "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN",
}  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_START = (*_FORMULA, " ")
# Written out: what a character is must not depend on how much of Unicode an interpreter knows.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_INVISIBLE = re.compile(
    f"{_CONTROL.pattern[:-1]}\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ue000-\uf8ff\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_SPACE = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# No spelling puts more marks on a letter, once those are joined that Unicode joins.
_PILED = re.compile(".[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]{4,}", re.DOTALL)

# Words at the beginning of a cell, and anywhere in it, that point at what stands elsewhere.
OPENINGS = ("This", "These", "Those", "Such", "Here")
PHRASES = (
    "such data", "the reports", "the report", "the remark", "the remarks", "the developments", "the situation",
    "what happens",
)  # fmt: skip
_LEANING = re.compile(rf"^(?:{'|'.join(OPENINGS)})\b|\b(?i:{'|'.join(PHRASES)})\b(?! (?:that|of)\b)")


@rule("cell-missing")
def missing_token(coding: Coding) -> Iterator[Finding]:
    """Clients of CSV read words such as `NA` as missing, so a cell that holds one would be lost.

    passes: name: Norland
    fails: name: "NA"
    hint: spell the word out in full, or remove the key if the article says nothing
    """
    for row, column, text in _doubtful(coding):
        if column.wording != "verbatim" and text.strip() in _MISSING:
            yield Finding(row, column.name, f"pandas, R and others read {text!r} as a missing value")


@rule("cell-missing-verbatim", severity="warning")
def verbatim_missing(coding: Coding) -> Iterator[Finding]:
    """Words copied from an article may be such a word, but users of CSV should know.

    passes: text: None of us
    fails: text: None
    hint: copy the words exactly as the article has them; docs/using.md reads the CSV files without loss
    """
    for row, column, text in _doubtful(coding):
        if column.wording == "verbatim" and text.strip() in _MISSING:
            yield Finding(row, column.name, f"pandas, R and others read {text!r} as a missing value")


@rule("cell-formula")
def formula(coding: Coding) -> Iterator[Finding]:
    """Spreadsheets run a cell that starts with `= + - @` or a tab; curators can word it otherwise.

    passes: summary: Norland sends tugs.
    fails: summary: "=tugs"
    hint: begin with a word
    """
    for row, column, text in _doubtful(coding):
        if column.wording != "verbatim" and text.startswith(_FORMULA):
            yield Finding(row, column.name, f"starts with {text[:1]!r}, so spreadsheets run it as a formula")


@rule("cell-formula-verbatim", severity="warning")
def verbatim_formula(coding: Coding) -> Iterator[Finding]:
    """Words copied from an article may start with `= + - @`, but users of spreadsheets should know.

    passes: text: Dear @harbour
    fails: text: "@harbour, dear"
    hint: copy the words exactly as the article has them
    """
    for row, column, text in _doubtful(coding):
        if column.wording == "verbatim" and text.startswith(_FORMULA):
            yield Finding(row, column.name, f"starts with {text[:1]!r}, so spreadsheets run it as a formula")


@rule("cell-character")
def invisible_character(coding: Coding) -> Iterator[Finding]:
    """Control characters and line breaks break tables; in own words, what is invisible or piles up deceives, too.

    passes: name: Norland
    fails: name: Nor<U+200B>land
    hint: delete the character; retype the word if it cannot be seen
    """
    for row, column, text in _doubtful(coding):
        own = column.wording != "verbatim"
        if found := (_INVISIBLE if own else _CONTROL).search(text):
            name = unicodedata.name(found[0], "a control character")
            yield Finding(row, column.name, f"contains the invisible character U+{ord(found[0]):04X} ({name})")
        elif own and (found := _SPACE.search(text)):
            name = unicodedata.name(found[0])
            told = f"contains U+{ord(found[0]):04X} ({name}), which looks like a space"
            yield Finding(row, column.name, told, "write a plain space")
        if own and (piled := _PILED.search(unicodedata.normalize("NFC", text))):
            told = f"piles up marks on one letter: {shown(piled[0], 12)}"
            yield Finding(row, column.name, told, "delete the marks")


@rule("cell-space")
def outer_space(coding: Coding) -> Iterator[Finding]:
    """Space around a cell is invisible, and some readers strip it.

    passes: name: Norland
    fails: name: "Norland "
    hint: delete the space
    """
    for row, column, text in _doubtful(coding):
        if text != text.strip():
            yield Finding(row, column.name, f"has space around {text.strip()!r}")


@rule("stands-alone", severity="warning", lists={"openings": OPENINGS, "phrases": PHRASES})
def stands_alone(coding: Coding) -> Iterator[Finding]:
    """Own words stand alone. None begin with {openings}, or have one of these without `that` or `of`: {phrases}.

    passes: summary: The harbour office is worried by reports that ice is coming.
    fails: summary: The harbour office is worried by the reports.
    hint: name who does what, to whom and about what
    """
    for rows in coding.tables.values():
        columns = [column.name for column in rows[0].table.written if column.wording == "own"] if rows else []
        for row in rows:
            for column in columns:
                cell = row[column]
                if isinstance(cell, str) and (found := _LEANING.search(cell)):
                    yield Finding(row, column, f"{found[0]!r} points at words that stand elsewhere")


@once
def _doubtful(coding: Coding) -> list[tuple[Row, Field, str]]:
    """Texts that a rule above may object to, found by a cheap test."""
    found = []
    for rows in coding.tables.values():
        columns = (
            [column for column in rows[0].table.written if column.type == "string" and column.levels is None]
            if rows
            else []
        )
        for row in rows:
            cells = row.cells
            for column in columns:
                text = cells[column.name]
                if isinstance(text, str) and (
                    not text.isascii()
                    or not text.isprintable()
                    or text.startswith(_START)
                    or text.endswith(" ")
                    or text in _MISSING
                ):
                    found.append((row, column, text))
    return found
