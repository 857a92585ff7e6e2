"""Print problems and messages, as text for people or as JSON for programs."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from ..problems import Problem

_WIDTH = 100
_RED, _YELLOW, _BOLD, _DIM, _PLAIN = "\033[31m", "\033[33m", "\033[1m", "\033[2m", "\033[0m"


class Report:
    """Prints for one command: text, or only one JSON list of problems.

    `done` says what the command has done so far, for the last line if it fails or is interrupted.
    """

    def __init__(self, root: Path, *, json: bool) -> None:
        self.root = root
        self.done = "nothing was written"
        self._json = json
        self._problems: list[Problem] = []

    def say(self, line: str) -> None:
        """Print a message."""
        if not self._json:
            print(line)

    def tell(self, problems: Sequence[Problem]) -> None:
        """Print problems and, if one of them is an error, what the command has done so far."""
        self._problems += problems
        if self._json or not problems:
            return
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        print(as_text(problems, self.root, colour=colour))
        failed = any(problem.severity == "error" for problem in problems)
        print(f"{summary(problems)}{f'; {self.done}' if failed else ''}")

    def end(self) -> None:
        """Print the JSON list, which is complete only now."""
        if self._json:
            print(as_json(self._problems))
        sys.stdout.flush()


def as_text(problems: Sequence[Problem], root: Path, *, colour: bool = False) -> str:
    """A paragraph for each problem: its place and what is wrong, the line with a caret, and what to do."""
    lines: dict[str, list[str]] = {}
    paragraphs = []
    for problem in problems:
        if problem.path not in lines:
            lines[problem.path] = _lines(root / problem.path)
        paragraphs.append(_paragraph(problem, lines[problem.path], colour))
    return "\n".join(paragraphs)


def as_json(problems: Sequence[Problem]) -> str:
    """A list with an object for each problem."""
    return json.dumps(
        [{**asdict(problem), "hint": hint_of(problem)} for problem in problems], indent=2, ensure_ascii=False
    )


def summary(problems: Sequence[Problem]) -> str:
    """How many problems there are, by rule, the most frequent first."""
    kinds = []
    for severity in ("error", "warning"):
        counts = Counter(problem.rule for problem in problems if problem.severity == severity)
        if counts:
            total = sum(counts.values())
            name = {"error": "problem", "warning": "warning"}[severity]
            rules = ", ".join(
                f"{count} {rule}" for rule, count in sorted(counts.items(), key=lambda item: (-item[1], item))
            )
            kinds.append(f"{total} {name}{'s' if total != 1 else ''} ({rules})")
    return "; ".join(kinds)


def hint_of(problem: Problem) -> str | None:
    """What to do about a problem: its own hint, or that of its rule."""
    # Imported here, so that the command line is ready before all rules are.
    from ..rules.judge import RULES

    if problem.hint is not None:
        return problem.hint
    return RULES[problem.rule].hint if problem.rule in RULES else None


def _paragraph(problem: Problem, lines: list[str], colour: bool) -> str:
    red, yellow, bold, dim, plain = (_RED, _YELLOW, _BOLD, _DIM, _PLAIN) if colour else ("",) * 5
    place = f"{problem.path}:{problem.line}:{problem.column}" if problem.line else problem.path
    tone = red if problem.severity == "error" else yellow
    warning = "warning: " if problem.severity == "warning" else ""
    about = ", ".join(part for part in (problem.record, problem.field) if part)
    paragraph = [
        f"{bold}{place}{plain}: {tone}{problem.rule}{plain}: {warning}{problem.message}{f' ({about})' if about else ''}"
    ]
    if 0 < problem.line <= len(lines):
        text, column = _window(lines[problem.line - 1], problem.column)
        paragraph += [f"    {dim}{text}{plain}", f"    {' ' * (column - 1)}{tone}^{plain}"]
    if hint := hint_of(problem):
        paragraph.append(f"  hint: {hint}")
    return "\n".join(paragraph)


def _window(line: str, column: int) -> tuple[str, int]:
    """The part of a line around a column, without control characters, and the column in it."""
    first = max(0, column - 1 - _WIDTH // 2) if len(line) > _WIDTH else 0
    part = line[first : first + _WIDTH]
    return "".join(character if character.isprintable() else "·" for character in part), column - first


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", errors="replace").split("\n") if path.is_file() else []
    except OSError:
        return []
