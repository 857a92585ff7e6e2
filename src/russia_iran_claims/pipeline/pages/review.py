"""A coding on its text, as one HTML file for the curator: what is marked, what is not, what is wrong, what differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from ...marking import KINDS, Mark, Piece, pieces
from ..annotations.readings.compare import compare
from ..annotations.readings.settle import differences
from ..annotations.rows import Coding, Row
from ..io.problems import Problem
from ..rules.rows.spans import ranges
from ..rules.texts.coverage import NAMES, remaining
from ..schema.model import Record
from ..schema.terms import ITEMS, to_cell
from ..texts.read import Text
from .html import environment, hash_source
from .placing import place_problems

_TEMPLATES = Path(__file__).parent / "templates"
# The kinds of marks that are no rows.
TODO, PROBLEM = "todo", "problem"
_KIND_OF = {table: kind for kind, table in ITEMS.items()}


@dataclass(frozen=True)
class Coded:
    """One coding of the article: what it is called, its rows, and what is wrong with it."""

    name: str
    coding: Coding
    problems: Sequence[Problem]

    @property
    def ok(self) -> bool:
        """Whether it can be compared: warnings do not count."""
        return not any(problem.severity == "error" for problem in self.problems)


class Card(NamedTuple):
    """What is said about a mark: its id and kind, a line, the cells, and the words at its marks."""

    id: str
    kind: str
    line: str
    cells: Sequence[tuple[str, str]]
    words: Sequence[tuple[str, str]]


class Column(NamedTuple):
    """One coding as it is shown: the text in pieces, the cards in the order of the text, and problems without place."""

    name: str
    prefix: str
    pieces: Sequence[Piece]
    # The items whose first mark starts at a piece, for links to it.
    begins: Mapping[int, Sequence[str]]
    cards: Sequence[Card]
    problems: Sequence[Problem]
    todo: int


class Difference(NamedTuple):
    """A cell in which two codings differ, and the row in each; None where one does not have it."""

    cell: Record
    first: str | None
    second: str | None


def render_review(article: str, text: Text, coded: Sequence[Coded]) -> str:
    """The page with one coding of an article, or with two beside one another and where they differ.

    The template engine escapes every value. The Content-Security-Policy allows only this script and this style. A
    coding may have errors: what it has no place for is listed on top.
    """
    found = None
    if len(coded) > 1 and all(each.ok for each in coded):
        found = list(_differences(article, *coded))
    differing = [{each.first for each in found or ()}, {each.second for each in found or ()}]
    style, script = ((_TEMPLATES / f"review.{name}").read_text("utf-8") for name in ("css", "js"))
    return (
        environment(_TEMPLATES)
        .get_template("review.html.j2")
        .render(
            article=article,
            text=text.content,
            columns=[_column(article, text, each, prefix) for each, prefix in zip(coded, "ab")],
            kinds=[*KINDS, TODO, PROBLEM],
            differences=found,
            differing=differing,
            style=Markup(style),  # noqa: S704 - the project's own
            script=Markup(script),  # noqa: S704 - the project's own
            policy=f"default-src 'none'; style-src {hash_source(style)}; script-src {hash_source(script)}; "
            "base-uri 'none'; form-action 'none'",
        )
    )


def own_problems(article: str, problems: Iterable[Problem]) -> list[Problem]:
    """The problems but for those in the files of other articles, and what is not covered, which is marked anyway."""
    return [
        problem
        for problem in problems
        if problem.rule not in ("uncovered", "perhaps-quoted")
        and (Path(problem.path).parent.name != "articles" or Path(problem.path).stem == article)
    ]


def _column(article: str, text: Text, coded: Coded, prefix: str) -> Column:
    length = len(text.content)
    marks = [mark for row, home in ranges(coded.coding) if home == article and (mark := _mark(row, length))]
    todo = [
        Mark(f"todo-{found.start}-{found.end}", TODO, NAMES[found.kind], 1, found.start, found.end)
        for row, found in remaining(coded.coding, {article: text})
        if row["article_id"] == article
    ]
    placed, others = place_problems(coded.problems, coded.coding, marks)
    wrong = [
        Mark(f"problem-{number}", PROBLEM, problem.severity, 1, start, end)
        for number, (problem, (start, end)) in enumerate(placed, 1)
    ]
    every = sorted({*marks, *todo, *wrong}, key=lambda mark: (mark.start, -mark.end, mark))
    of: dict[str, list[Mark]] = {}
    for mark in every:
        of.setdefault(mark.item_id, []).append(mark)
    begins: dict[int, list[str]] = {}
    for item, own in of.items():
        begins.setdefault(own[0].start, []).append(item)
    rows = {row.id: row for table in (*_KIND_OF, "exclusions") for row in coded.coding.rows(table)}
    told = {mark.item_id: problem for mark, (problem, _) in zip(wrong, placed)}
    cards = [_card(item, own, rows.get(item), told.get(item), coded.coding, text.content) for item, own in of.items()]
    return Column(coded.name, prefix, pieces(length, every), begins, cards, others, len(todo))


def _mark(row: Row, length: int) -> Mark | None:
    """The mark of a span or an exclusion; none if nothing of the text is at its offsets."""
    start, end = sorted((row["start_char"], row["end_char"]))
    start, end = max(0, start), min(end, length)
    if start >= end:
        return None
    if row.table.name == "exclusions":
        return Mark(row.id, "exclusion", str(row["reason"]), 1, start, end)
    kind = _KIND_OF.get(row.parent.table.name, "") if row.parent is not None else ""
    return Mark(str(row["item_id"]), kind, str(row["part"]), row["seq"], start, end)


def _card(item: str, own: list[Mark], row: Row | None, problem: Problem | None, coding: Coding, text: str) -> Card:
    words = [(mark.part, text[mark.start : mark.end]) for mark in own]
    if problem is not None:
        cells = [("hint", problem.hint)] if problem.hint else []
        place = f"{problem.path}:{problem.line}" if problem.line else problem.path
        about = ", ".join(part for part in (problem.record, problem.field) if part)
        line = f"{problem.severity}: {problem.message}"
        cells = [*cells, ("rule", problem.rule), ("at", place), *([("about", about)] if about else [])]
        return Card(item, PROBLEM, line, cells, words)
    if row is None:
        line = f"{own[0].part}: no row and no exclusion accounts for it yet"
        return Card(item, own[0].kind, line if own[0].kind == TODO else "", [], words)
    cells = [(column, to_cell(cell)) for column, cell in row.cells.items() if cell is not None]
    for child in coding.rows("participants"):
        if child.parent is row:
            cells.append(("participant", f"{child['actor_id']}, {child['role']}"))
    return Card(item, own[0].kind, _line(row), cells, words)


def _line(row: Row) -> str:
    """What a row says in short; for an attestation, what its event does."""
    if row.table.name == "attestations" and row.parent is not None:
        row = row.parent
    said = (row.cells.get(column) for column in ("summary", "paraphrase", "text", "what", "reason"))
    return next((str(cell) for cell in said if cell), "")


def _differences(article: str, first: Coded, second: Coded) -> Iterator[Difference]:
    """Where two codings of the article differ. Those of other articles are left out before: they may be others."""
    codings = [
        each.coding.without(row for row in each.coding.rows("articles") if row["article_id"] != article)
        for each in (first, second)
    ]
    comparison = compare(*codings)
    for cell in differences(comparison):
        pair = comparison.rows[cell["table_name"], cell["pair_id"]]
        if cell["article_id"] == article:
            yield Difference(cell, *(None if row is None else _item(row) for row in pair))


def _item(row: Row) -> str:
    """The item or exclusion on whose card a row is."""
    return row.parent.id if row.table.name == "participants" and row.parent is not None else row.id
