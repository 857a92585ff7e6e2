"""What is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Literal

from . import limits


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing that is wrong in one place.

    `line` and `column` count from 1; 0 means the whole file. `hint` says what to do; None means the hint of the rule.
    """

    path: str
    line: int
    column: int
    rule: str
    message: str
    record: str | None = None
    field: str | None = None
    severity: Literal["error", "warning"] = "error"
    hint: str | None = None


class BuildError(Exception):
    """Ends a command with a list of problems."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def ordered(problems: list[Problem]) -> list[Problem]:
    """The problems by place, each once."""
    return sorted(set(problems), key=lambda problem: tuple("" if part is None else part for part in astuple(problem)))


def shown(value: object, limit: int = 60) -> str:
    """A value as a message quotes it: on one line, shortened, without invisible characters."""
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def printable(text: str) -> str:
    """A text without characters that a terminal would obey or not show; line breaks stay visible as such."""
    return text if text.isprintable() else "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def nearest(word: object, choices: Iterable[object]) -> str | None:
    """The choice that is most like a word, for a hint, or None where none is like it."""
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    # Sorted, so that of two that are as like the same is always suggested.
    names = sorted({choice for choice in choices if isinstance(choice, str)})
    if not isinstance(word, str) or len(names) > limits.NAMES:
        return None
    # Below this likeness (0 to 1) a suggestion would be a guess.
    found = process.extractOne(word, names, scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=0.6)
    return found[0] if found else None
