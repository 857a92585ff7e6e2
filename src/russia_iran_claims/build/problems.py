"""What is wrong, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing wrong in one place.

    `line` and `column` count from 1; 0 means that the problem concerns the whole file.
    """

    path: str
    line: int
    column: int
    rule: str
    message: str
    record: str | None = None
    field: str | None = None
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        about = ", ".join(part for part in (self.record, self.field) if part)
        warning = "warning: " if self.severity == "warning" else ""
        return f"{place}: {self.rule}: {warning}{f'{about}: ' if about else ''}{self.message}"


class BuildError(Exception):
    """Ends a command with a list of problems. Nothing is written when it is raised."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def shown(value: object, limit: int = 60) -> str:
    """A value as a message quotes it: one line, shortened."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
