"""Validate two readings of the same articles like any annotation, and that they can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..annotations.rows import ARTICLES, Coding, read_coding
from ..io.problems import Problem, ordered
from ..schema.model import Schema
from ..texts.read import Text
from .judge import judge


def check_readings(
    folders: tuple[Path, Path], places: tuple[str, str], schema: Schema, texts: dict[str, Text] | None
) -> tuple[tuple[Coding, Coding] | None, list[Problem]]:
    """Read and validate two readings. Returns them if they can be compared, and the problems of both.

    `places` are what problems call their folders.
    """
    if folders[0].exists() and folders[1].exists() and folders[0].samefile(folders[1]):
        hint = "give the folders of two readings"
        return None, [Problem(places[1], 0, 0, "readings", f"is the same folder as {places[0]}", hint=hint)]
    first, second = (read_coding(folder, schema, place, reading=True) for folder, place in zip(folders, places))
    problems = [*first.problems, *second.problems]
    for one, other, place in ((first, second, places[1]), (second, first, places[0])):
        missing = list(_missing(one, other, place)) if first.readable and second.readable else []
        # What names the rows of an article that is missing would seem to be wrong.
        problems += missing or judge(other, texts)
    problems += _of_other_texts(first, second)
    wrong = any(problem.severity == "error" for problem in problems)
    return None if wrong else (first, second), ordered(problems)


def _missing(one: Coding, other: Coding, place: str) -> Iterator[Problem]:
    """The articles of one reading that the other does not have."""
    theirs = {row["article_id"] for row in other.rows("articles")}
    for row in one.rows("articles"):
        if row["article_id"] not in theirs:
            path = f"{place}/{ARTICLES}/{row['article_id']}.yaml"
            found = f"the file is missing, and {row.document.path} has the article"
            hint = "add the article to this reading, or take it out of the other"
            yield Problem(path, 0, 0, "readings", found, hint=hint)


def _of_other_texts(first: Coding, second: Coding) -> Iterator[Problem]:
    """The articles that the two readings made from texts that are not the same."""
    rows = {row["article_id"]: row for row in first.rows("articles")}
    for row in second.rows("articles"):
        before = rows.get(row["article_id"])
        if before is not None and before["text_sha256"] != row["text_sha256"]:
            found = f"the text is not the one that {before.document.path} was made from"
            yield row.problem("readings", found, "text_sha256", hint="compare readings of the same text")
