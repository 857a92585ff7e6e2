"""`anchor` replaces the words after `find:` with offsets, paragraph and digest, and changes nothing else in a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..io import limits
from ..io.problems import Problem, shown
from ..texts.find import Folded, find, fold, most_like, paragraph_number
from ..texts.quotations import unmarked
from ..texts.read import Text, digest
from .rows import ANCHORED, ARTICLES, article_files
from .yaml import Document, Node, plain

_CONTEXT = ("before", "after")
_OURS = ("find", *_CONTEXT)


@dataclass(frozen=True, slots=True)
class Edit:
    """A range of a file, in characters, and the text that replaces it."""

    start: int
    end: int
    text: str


def anchor(raw: Path, texts: dict[str, Text]) -> tuple[dict[Path, str], int, list[Problem]]:
    """Return the new content of each file that has words to find, how many were found, and the problems.

    Writes nothing. If there are problems, the caller should not write either.
    """
    contents: dict[Path, str] = {}
    count, problems = 0, list[Problem]()
    paths = article_files(raw)
    if not paths:
        hint = "begin with `build_dataset.py new art-001.txt --published DATE`"
        problems.append(Problem(f"raw/{ARTICLES}", 0, 0, "file", "the folder has no article", hint=hint))
    for path in paths:
        document = Document(path, f"raw/{ARTICLES}/{path.name}")
        problems += document.problems
        records = [node for node in document.records(ANCHORED) if "find" in _pairs(node)]
        if document.problems or not records:
            continue
        article = document.value.get("article_id") if isinstance(document.value, dict) else None
        text = texts.get(article) if isinstance(article, str) else None
        if text is not None and document.value.get("text_sha256") != text.sha256:
            found = f"the text in {text.path} is not the one that the article was annotated in"
            hint = f"restore that text; if it was changed on purpose, write `text_sha256: {text.sha256}`"
            place = document.place(("text_sha256",))
            problems.append(Problem(document.path, *place, "text-hash", found, hint=hint))
            continue
        if text is None:
            found, hint = f"there is no {article}.txt among the texts", f"save the text as {article}.txt in the folder"
            if article is None:
                found, hint = "the file has no article_id, so its text is not known", "add `article_id` to the file"
            place = document.place(("article_id",))
            problems.append(Problem(document.path, *place, "text-missing", found, hint=hint))
            continue
        content, folded, edits = document.text or "", fold(text.content), list[Edit]()
        for node in records:
            made = _anchor(node, text, folded, content, document.path)
            if isinstance(made, Problem):
                problems.append(made)
            else:
                edits += made
                count += 1
        for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
            content = content[: edit.start] + edit.text + content[edit.end :]
        contents[path] = document.mark + content
    return contents, count, problems


def _anchor(node: Node, text: Text, folded: Folded, content: str, path: str) -> list[Edit] | Problem:
    pairs = _pairs(node)
    for name in _OURS:
        if name in pairs and not pairs[name][1].word:
            found = f"`{name}` holds no words"
            return Problem(path, *pairs[name][1].place, "anchor-missing", found, hint="write the words on one line")
        if name in pairs and len(str(pairs[name][1].word)) > limits.FIND:
            found = f"`{name}` holds more than {limits.FIND:,} characters"
            return Problem(path, *pairs[name][1].place, "anchor-missing", found, hint="anchor it in parts")
    # A pair without braces in a list in brackets, or one after `? `: YAML that no edit of a pair fits.
    bare = node.styled and node.start.index == node.children[0].start.index
    if bare or content[: pairs["find"][0].start.index].rstrip(" ").endswith("?"):
        found = "the record is not in braces"
        return Problem(path, *pairs["find"][0].place, "anchor-missing", found, hint="write it as `{find: ..., ...}`")
    values = {name: str(pairs[name][1].word) for name in _OURS if name in pairs}
    # Spans leave the quotation marks out, also where a curator copied them along.
    wanted = unmarked(values["find"].strip())
    key, value = pairs["find"]
    if not wanted:
        return Problem(
            path, *value.place, "anchor-missing", "`find` holds only marks", hint="write the words between them"
        )
    places = find(wanted, folded, values.get("before", ""), values.get("after", ""))
    if len(places) != 1:
        return _not_found(wanted, places, text, folded, path, key.place)
    given = ("start_char", "end_char", "paragraph", "wording" if "reason" in pairs else "digest")
    if old := [name for name in given if name in pairs]:
        found = f"the record has `find`, and still `{old[0]}` of before"
        hint = f"remove {' and '.join(f'`{name}`' for name in old)}: they are written anew"
        return Problem(path, *pairs[old[0]][0].place, "anchor-missing", found, hint=hint)
    start, end = places[0]
    words = text.content[start:end]
    cells: dict[str, Any] = {"start_char": start, "end_char": end}
    if "reason" in pairs:
        cells["wording"] = plain(words)
    else:
        cells |= {"paragraph": paragraph_number(text.content, start), "digest": plain(digest(words))}
    separator = ", " if node.styled else "\n" + " " * key.start.column
    replacement = separator.join(f"{name}: {cell}" for name, cell in cells.items())
    edits = [Edit(key.start.index, _end(value, content), replacement)]
    return edits + [_removal(node, name, content) for name in _CONTEXT if name in pairs]


def _removal(node: Node, name: str, content: str) -> Edit:
    """The edit that removes a key and its value from a record, with the separator."""
    pairs = list(_pairs(node).items())
    index = next(index for index, (other, _) in enumerate(pairs) if other == name)
    key, value = pairs[index][1]
    end = _end(value, content)
    if node.styled:
        # A pair takes the comma before it along; where nothing before it stays, the one behind it.
        if any(other not in _CONTEXT for other, _ in pairs[:index]):
            return Edit(_end(pairs[index - 1][1][1], content), end, "")
        return Edit(key.start.index, pairs[index + 1][1][0].start.index, "")
    line_start = content.rfind("\n", 0, key.start.index) + 1
    line_end = content.find("\n", end)
    line_end = len(content) if line_end < 0 else line_end + 1
    alone = not content[line_start : key.start.index].strip() and not content[end:line_end].strip()
    return Edit(line_start, line_end, "") if alone else Edit(key.start.index, end, "")


def _not_found(
    words: str, places: list[tuple[int, int]], text: Text, folded: Folded, path: str, place: tuple[int, int]
) -> Problem:
    if places:
        where = "; ".join(_context(text.content, start, end) for start, end in places[:4])
        few = "; the first 4 are" if len(places) > 4 else ""
        message = f"{shown(words)} occurs in the text {len(places)} times{few}: {where}"
        return Problem(path, *place, "anchor-ambiguous", message)
    if anywhere := find(words, folded):
        where = "; ".join(_context(text.content, start, end) for start, end in anywhere[:4])
        message = f"{shown(words)} occurs in the text, but not next to these words: {where}"
        hint = "give as `before:` the words directly before it, as `after:` those directly after"
        return Problem(path, *place, "anchor-missing", message, hint=hint)
    message = f"{shown(words)} does not occur in the text"
    passage = most_like(words, folded)
    if passage is None:
        return Problem(path, *place, "anchor-missing", message)
    nearest = text.content[passage.start : passage.end]
    hint = (
        f"copy the words from the text; the most similar ones ({passage.score:.0f} %) are {shown(nearest, 200)} "
        f"at {passage.start}-{passage.end}"
    )
    return Problem(path, *place, "anchor-missing", message, hint=hint)


def _context(content: str, start: int, end: int, around: int = 15) -> str:
    return f"at {start} in {shown(content[max(0, start - around) : end + around])}"


def _pairs(node: Node) -> dict[str, tuple[Node, Node]]:
    return {str(key.word): (key, value) for key, value in node.pairs()}


def _end(value: Node, content: str) -> int:
    """Where a value ends, without the line break at the end of a block of text."""
    return len(content[: value.end.index].rstrip())
