"""Anchors and verbatim cells compared with the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ...annotations.rows import Coding, Row
from ...io.problems import shown
from ...schema.terms import BETWEEN_RUNS
from ...texts.find import first_place, fold, most_like, paragraph_number
from ...texts.quotations import find_quotations, is_marked
from ...texts.read import digest
from ..rows.references import article_of
from ..rows.spans import WORDED, ranges
from ..rule import READING, Finding, Texts, rule

_WORDS = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_RUN = 8


@rule("text-missing", needs_texts=True, severity="warning")
def text_missing(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """Without an article's text, its anchors cannot be checked; those of other articles still are.

    passes: art-001.txt in the folder
    fails: no art-001.txt in the folder
    hint: save the text as <article_id>.txt in the folder of --articles, or ignore this warning
    """
    for row in coding.rows("articles"):
        if row["article_id"] not in texts:
            yield Finding(row, "article_id", f"there is no {row['article_id']}.txt among the texts")


@rule("text-hash", needs_texts=True)
def text_hash(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """Offsets mean something only in the exact text that was annotated.

    passes: text_chars: 1234, as long as the text is
    fails: text_chars: 1233
    hint: restore the text that was annotated; if it was changed on purpose, copy the value and anchor the spans again
    """
    for row in coding.rows("articles"):
        if (text := texts.get(row["article_id"])) is not None:
            for column, found in (("text_sha256", text.sha256), ("text_chars", len(text.content))):
                if row[column] != found:
                    yield Finding(row, column, f"found {row[column]}, but the text in {text.path} has {found}")


@rule("span-digest", needs_texts=True)
def span_digest(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """The digest proves that the offsets were taken from the same words.

    passes: offsets and digest of the same words
    fails: {start_char: 10, end_char: 14} moved to {start_char: 11, end_char: 15}, digest kept
    hint: replace offsets and digest with `find: "the words"`, then run `build_dataset.py anchor --articles DIR`
    """
    for row, content in _spans(coding, texts):
        found = digest(content[row["start_char"] : row["end_char"]])
        if row["digest"] != found:
            yield Finding(
                row,
                "digest",
                f"found {row['digest']}, but the words at {row['start_char']}-{row['end_char']} give {found}",
            )


@rule("span-paragraph", needs_texts=True, after=(READING, "span-range", "span-digest"))
def span_paragraph(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """The paragraph of a span is the one in which it starts, counted from 1; any run of line ends ends one.

    passes: paragraph: 1, for words of the opening paragraph
    fails: paragraph: 2, for words of the opening paragraph
    hint: write the number of the paragraph
    """
    for row, content in _spans(coding, texts):
        expected = paragraph_number(content, row["start_char"])
        if row["paragraph"] != expected:
            yield Finding(row, "paragraph", f"found {row['paragraph']}, but the words stand in paragraph {expected}")


@rule(
    "verbatim-spans",
    needs_texts=True,
    after=(READING, "span-range", "span-digest", "span-part", "span-order", "span-missing", "quote-runs", "span-words"),
)
def verbatim_spans(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """Quote text, figure wording, cues, triggers, hedges and time wordings are what the text has at their spans.

    passes: text: quite safe, with a content span over these words
    fails: text: quite save
    hint: copy the words from the text, or anchor the span anew with `find:`
    """
    at: dict[tuple[str, str], list[str]] = {}
    for row, content in _spans(coding, texts):
        at.setdefault((row["item_id"], row["part"]), []).append(content[row["start_char"] : row["end_char"]])
    article = article_of(coding)
    for name, column, part in (
        ("quotes", "text", "content"),
        ("figures", "wording", "number"),
        ("events", "trigger", "trigger"),
        *WORDED,
    ):
        for row in coding.rows(name):
            if row[column] is None or article.get(row.key[0]) not in texts:
                continue
            words = at.get((row.key[0], part), [])
            # The other triggers are those of later mentions.
            expected = BETWEEN_RUNS.join(words[:1] if part == "trigger" else words)
            if row[column] != expected:
                found = f"found {row[column]!r}, but the text has {expected!r} at its {part} spans"
                yield Finding(row, column, found, _composed(row[column], expected))


@rule("verbatim-exclusion", needs_texts=True)
def verbatim_exclusion(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """An exclusion's wording is literally what the text has at its offsets.

    passes: wording: Monday, at offsets that hold Monday
    fails: wording: monday
    hint: copy the words from the text, or anchor the exclusion anew with `find:`
    """
    for row, article in ranges(coding):
        if row.table.name == "exclusions" and article in texts:
            expected = texts[article].content[row["start_char"] : row["end_char"]]
            if row["wording"] != expected:
                found = f"found {row['wording']!r}, but the text has {expected!r} there"
                yield Finding(row, "wording", found, _composed(row["wording"], expected))


@rule("verbatim-cell", needs_texts=True)
def verbatim_cell(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """Names, roles, places, venues and titles occur in the article to the letter.

    passes: role: Harbour Master
    fails: role: harbour master
    hint: copy the words from the text to the letter
    """
    for row, name, cell in _worded(coding, "verbatim"):
        text = texts.get(row.cells.get("article_id", ""))
        if (
            name in ("name", "role", "place", "venue", "title")
            and text is not None
            and first_place(cell, text.content) < 0
        ):
            like = most_like(cell, fold(text.content))
            words = text.content[like.start : like.end] if like else ""
            hint = f"copy the words exactly; the most similar ones are {shown(words)}" if like else None
            hint = _composed(cell, words) or hint
            yield Finding(row, name, f"{cell!r} does not occur in {row['article_id']}", hint)


@rule("mention-order", needs_texts=True)
def mention_order(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """Mentions are listed in the order in which the names first occur in the text.

    passes: Ada Berg, Courier, if the text names them in this order
    fails: Courier, Ada Berg
    hint: list mentions in the order in which their names first occur in the text
    """
    last: dict[str, tuple[int, str]] = {}
    for row in coding.rows("mentions"):
        text = texts.get(row["article_id"])
        if text is None or row["name"] is None:
            continue
        position = first_place(row["name"], text.content)
        before, name = last.get(row["article_id"], (0, ""))
        if 0 <= position < before:
            yield Finding(row, "name", f"{row['name']!r} is listed after {name!r}, but occurs earlier in the text")
        last[row["article_id"]] = max((position, row["name"]), (before, name))


@rule("quote-marks", needs_texts=True, after=("span-range", "span-digest"))
def quote_marks(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """A quoted run is a whole run: it starts and ends at its marks, and leaves them out.

    passes: a content span from the opening to the closing mark
    fails: a content span that ends before the closing mark
    hint: let the span cover everything between the two quotation marks, without the marks
    """
    for row, marked in _other_runs(coding, texts):
        if not marked:
            found = f"{row['start_char']}-{row['end_char']} is not all of the text between two quotation marks"
            yield Finding(row, "start_char", found)


@rule("quote-run", needs_texts=True, severity="warning", after=("span-range", "span-digest", "quote-marks"))
def quote_run(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """Which mark closes a run is not always sure: an apostrophe, and one run inside another, look like an end.

    passes: a content span from an opening to its closing mark
    fails: a content span from the opening mark of an outer run to the closing mark of an inner one
    hint: let the span begin and end where the quotation does
    """
    for row, marked in _other_runs(coding, texts):
        if marked:
            found = f"{row['start_char']}-{row['end_char']} has marks on both sides that do not seem to be a pair"
            yield Finding(row, "start_char", found)


def _other_runs(coding: Coding, texts: Texts) -> Iterator[tuple[Row, bool]]:
    """Content spans of quoted words that are no run, and whether they have a mark on each side."""
    quotes = {row["quote_id"]: row for row in coding.rows("quotes")}
    language = {row["article_id"]: row["language"] or "en" for row in coding.rows("articles")}
    runs = {
        name: {(run.start, run.end) for run in find_quotations(text.content, language.get(name, "en"))}
        for name, text in texts.items()
    }
    for row, content in _spans(coding, texts):
        quote = quotes.get(row["item_id"])
        if quote is None or row["part"] != "content" or quote["quote_type"] == "indirect":
            continue
        start, end = row["start_char"], row["end_char"]
        if (start, end) not in runs[quote["article_id"]]:
            # Marks of other languages, and dashes that open what is said, are not all known.
            english = language[quote["article_id"]].split("-")[0] == "en"
            yield row, not english or is_marked(content, start, end)


@rule("own-words", needs_texts=True)
def own_words(coding: Coding, texts: Texts) -> Iterator[Finding]:
    """The curator's words share no eight words in a row with a text, which is not redistributed.

    passes: paraphrase: Tugs are on their way.
    fails: paraphrase: eight words in a row from the article
    hint: say it in other words
    """
    known = {run for text in texts.values() for run in _word_runs(text.content)}
    for row, name, cell in _worded(coding, "own"):
        if run := next((run for run in _word_runs(cell) if run in known), None):
            yield Finding(row, name, f"repeats eight words in a row of an article: {' '.join(run)!r}")


def _composed(found: str | None, expected: str) -> str | None:
    """A hint for words that look the same because only their accents are typed in another way."""
    if found is None or unicodedata.normalize("NFC", found) != unicodedata.normalize("NFC", expected):
        return None
    return "only the code points of its accents differ (NFC or NFD): copy the words from the text"


def _worded(coding: Coding, wording: str) -> Iterator[tuple[Row, str, str]]:
    """Every cell of the columns whose words are `wording`, with its row and column."""
    for rows in coding.tables.values():
        for row in rows:
            for column in row.table.written:
                if column.wording == wording and isinstance(row[column.name], str):
                    yield row, column.name, row[column.name]


def _word_runs(text: str) -> Iterator[tuple[str, ...]]:
    words = _WORDS.findall(text.lower().replace("’", "'"))
    return (tuple(words[index : index + _RUN]) for index in range(len(words) - _RUN + 1))


def _spans(coding: Coding, texts: Texts) -> Iterator[tuple[Row, str]]:
    for row, article in ranges(coding):
        if row.table.name == "spans" and article in texts and row["start_char"] < row["end_char"]:
            yield row, texts[article].content
