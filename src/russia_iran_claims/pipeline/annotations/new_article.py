"""`new` writes the file for a new article, with a list of everything in its text that must be coded or excluded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from ..io import limits
from ..io.files import write
from ..io.problems import BuildError, Problem, printable, shown
from ..schema.terms import ITEMS
from ..texts.must_code import Codable, find_codable
from ..texts.read import Text
from .rows import ARTICLES, Coding
from .yaml import plain

_ID = re.compile(r"art-[0-9]{3}")


def new_article(raw: Path, text: Text, name: str, published: date, language: str, coding: Coding) -> Path:
    """Write the file for a text, whose name is the id of the new article. Returns the path.

    Raises BuildError, and writes nothing, if the name is not an id or the id is taken.
    """
    taken = [row["article_id"] for row in coding.rows("articles")]
    taken += [*coding.gone, *(row["row_id"] for row in coding.rows("retired"))]
    free = next_id(taken, width=3).get("art", "art-001")
    target = raw / ARTICLES / f"{name}.yaml"
    same = [row["article_id"] for row in coding.rows("articles") if row["text_sha256"] == text.sha256]
    if same or not text.content.strip():
        found = f"the text is that of {same[0]}" if same else "the text is empty"
        hint = "annotate a text once" if same else "save the article's text into the file"
        raise BuildError([Problem(text.path, 0, 0, "new-text", found, hint=hint)])
    if not _ID.fullmatch(name) or target.exists() or target.is_symlink() or name in taken:
        found = f"{shown(name)} is not the id of a new article"
        raise BuildError([Problem(text.path, 0, 0, "new-name", found, hint=f"name the file {free}.txt")])
    skeleton = _skeleton(name, text, published, language, coding)
    if len(skeleton.encode("utf-8")) > limits.FILE:
        found = "the text has too much to code for one file of annotations"
        raise BuildError([Problem(text.path, 0, 0, "new-text", found, hint="check that it is an article")])
    write(target, skeleton)
    return target


def free_ids(coding: Coding) -> dict[str, str]:
    """The next free id of each kind of item, after those in use and those that were taken out."""
    used = [row.key[0] for table in ITEMS.values() for row in coding.rows(table)]
    return next_id([*used, *(row["row_id"] for row in coding.rows("retired")), *coding.gone])


def next_id(taken: Iterable[object], width: int = 4) -> dict[str, str]:
    """The next free id for each prefix in use: `qu-0008` for `qu` if `qu-0007` is the largest."""
    largest: dict[str, int] = {}
    for id in taken:
        prefix, _, number = str(id).rpartition("-")
        if number.isdecimal():
            largest[prefix] = max(largest.get(prefix, 0), int(number))
    return {prefix: f"{prefix}-{number + 1:0{width}d}" for prefix, number in largest.items()}


def _skeleton(name: str, text: Text, published: date, language: str, coding: Coding) -> str:
    free = free_ids(coding)
    ids = ", ".join(free.get(prefix, f"{prefix}-0001") for prefix in ("at", "ev", "fi", "qu"))
    todo = [_line(entry, text.content) for entry in find_codable(text.content, language)]
    return "\n".join(
        [
            f"# {name}: annotate it by docs/coding-rules.md, in the format of raw/README.md.",
            f"# Next free ids: {ids}.",
            "#",
            f"# To be coded, or excluded with a reason: {len(todo)}. `check --articles DIR` counts what is left.",
            *todo,
            "",
            f"article_id: {name}",
            f"published: {published.isoformat()}",
            f"language: {plain(language)}",
            "genre: news",
            f"text_sha256: {text.sha256}",
            f"text_chars: {len(text.content)}",
            "",
            *(f"{table}:\n" for table in ("mentions", "quotes", "events", "figures", "exclusions")),
        ]
    )


def _line(entry: Codable, content: str) -> str:
    words = content[entry.start : entry.end].split()
    begin = " ".join(words[:4]) + (" …" if len(words) > 4 else "")
    kind = entry.kind if entry.sure else f"{entry.kind}?"
    return f"#   {kind:<10} {entry.start}-{entry.end}  {printable(begin)}"
