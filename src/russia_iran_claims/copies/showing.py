"""Show marks on a text: as HTML for notebooks, and as plain text for terminals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from ..marking import KINDS, Mark, pieces

# Each kind has a line of its own shape and height, so that several can be told apart without their colours.
_LINES = {
    "event": "underline solid 2px #c2410c;text-underline-offset:.15em",
    "attestation": "underline dashed 1px #15803d;text-underline-offset:.75em",
    "quote": "underline dotted 2px #2563eb;text-underline-offset:.45em",
    "figure": "underline double 1px #a21caf;text-underline-offset:.15em",
    "exclusion": "overline solid 2px #6b7280",
}
_TITLE = "font-weight:bold;margin:0"
# What a terminal would obey, and halves of characters, which no encoding takes. Lines and tabs are wanted.
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_LINE_END = re.compile("\r\n?")


def as_html(text: str, marks: Sequence[Mark], told: Mapping[str, str], notes: Sequence[str]) -> str:
    """A fragment of HTML with all its style in it: the notes, a legend, the text. Nothing in it is read as HTML.

    Pointing at a mark shows its rows, with what they say.
    """
    title, *others = (escape(_clean(note)) for note in notes)
    parts = ['<div dir="auto" style="max-width:48em">', f'<p style="{_TITLE}">{title}</p>']
    parts += [f'<p style="margin:0">{note}</p>' for note in others]
    there = {mark.kind for mark in marks}
    legend = (_lined(kind, [kind]) for kind in KINDS if kind in there)
    parts.append(f'<p style="margin:0;line-height:2.6">Marks: {" &#160; ".join(legend)}</p>')
    parts.append('<div style="white-space:pre-wrap;overflow-wrap:break-word;line-height:2.6">')
    for start, end, here in pieces(len(text), marks):
        words = escape(_clean(text[start:end]))
        if here:
            title = escape("\n".join(_clean(_label(mark, told)) for mark in here))
            kinds = dict.fromkeys(mark.kind for mark in here)
            words = f'<span title="{title}">{_lined(words, kinds)}</span>'
        parts.append(words)
    return "".join([*parts, "</div></div>"])


def as_text(text: str, marks: Sequence[Mark], told: Mapping[str, str], notes: Sequence[str]) -> str:
    """The notes, the text, and the rows. A mark is `[3 the words 3]`, with the number of its row in the list below."""
    order = sorted(marks, key=lambda mark: (mark.start, -mark.end, mark))
    rows: dict[str, list[Mark]] = {}
    for mark in order:
        rows.setdefault(mark.item_id, []).append(mark)
    numbers = {item: number for number, item in enumerate(rows, 1)}
    shown = []
    for start, end, here in pieces(len(text), marks):
        # What is inside ends first.
        shown += [f"[{numbers[mark.item_id]} " for mark in here if mark.start == start]
        shown.append(_clean(text[start:end]))
        shown += [f" {numbers[mark.item_id]}]" for mark in reversed(here) if mark.end == end]
    lines = [*(_clean(note) for note in notes), "", "".join(shown).strip("\n"), ""]
    width = len(str(len(numbers)))
    for item, number in numbers.items():
        parts = ", ".join(dict.fromkeys(mark.part for mark in rows[item]))
        says = _clean(f": {told[item]}" if item in told else "")
        lines.append(f"[{number:>{width}}] {rows[item][0].kind} {item} ({parts}){says}")
    return "\n".join(lines)


def _lined(words: str, kinds: Iterable[str]) -> str:
    """Words with the line of each kind. Lines of elements inside one another are all drawn, and no line breaks."""
    for kind in kinds:
        words = f'<span style="text-decoration:{_LINES[kind]}">{words}</span>'
    return words


def _label(mark: Mark, told: Mapping[str, str]) -> str:
    says = f": {told[mark.item_id]}" if mark.item_id in told else ""
    return f"{mark.item_id} {mark.kind}, {mark.part}{says}"


def _clean(text: str) -> str:
    return _UNSHOWN.sub("\ufffd", _LINE_END.sub("\n", text))
