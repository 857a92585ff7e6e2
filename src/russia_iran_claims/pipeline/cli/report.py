"""Print problems and messages, as text for people or as JSON for programs."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from ..io import limits
from ..io.files import read_bytes
from ..io.problems import BuildError, Problem, printable

NOTHING = "nothing was written"
_WIDTH = 100
_RED, _YELLOW, _BOLD, _DIM, _PLAIN = "\033[31m", "\033[33m", "\033[1m", "\033[2m", "\033[0m"


class Report:
    """Prints for one command: text, or only one JSON list of problems.

    A command goes on when its output cannot be written: what it does matters more than what it says. `done` says what
    the command has done so far, for the last line if it fails or is stopped, or finds it out when it is asked.
    """

    def __init__(self, root: Path, *, json: bool = False, writes: bool = False) -> None:
        self.root = root
        self.done: str | Callable[[], str] = NOTHING if writes else ""
        # With `--format json`, what the command found, beside the problems.
        self.result: dict[str, object] = {}
        self._json = json
        self._problems: list[Problem] = []
        self._lost: OSError | None = None

    def say(self, line: str) -> None:
        """Print a message."""
        if not self._json:
            self._print("\n".join(map(printable, line.split("\n"))))

    def tell(self, problems: Sequence[Problem]) -> None:
        """Print problems and, if one of them is an error, what the command has done so far."""
        problems = [replace(problem, path=self.place(problem.path)) for problem in problems]
        self._problems += problems
        if self._json or not problems:
            return
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self._print(as_text(problems, self.root, colour=colour))
        failed = any(problem.severity == "error" for problem in problems)
        self._print("; ".join(filter(None, [summary(problems), self._told() if failed else ""])))

    def usage(self, message: str) -> int:
        """Print what is wrong with the arguments. Returns the exit code."""
        self._complain(message)
        return 2

    def end(self, code: int) -> int:
        """Print the JSON list, which is complete only now. Returns the exit code: 1 if output was lost for a reason."""
        if self._json and self.result:
            self._print(json.dumps(self.result, ensure_ascii=False, indent=2))
        elif self._json:
            self._print(as_json(self._problems))
        self._print("", end="")
        if self._lost is None or isinstance(self._lost, BrokenPipeError):
            return code
        reason = (self._lost.strerror or str(self._lost)).lower()
        self._complain("; ".join(filter(None, [f"cannot write the output: {reason}", self._told()])))
        return code or 1

    def stopped(self, number: int) -> int:
        """Print that the command was stopped by a signal, and what it had done. Returns the exit code."""
        what = "interrupted" if number == signal.SIGINT else "terminated"
        self._complain("; ".join(filter(None, [what, self._told()])))
        return 128 + number

    def place(self, path: str | Path) -> str:
        """A path as it is printed: from the project's folder if it is in there."""
        full = Path(path)
        with suppress(OSError):  # the folder that the command runs in may be gone
            for root in (self.root.absolute(), self.root.resolve()):
                if full.is_absolute() and full != root and full.is_relative_to(root):
                    return str(full.relative_to(root))
        return str(path)

    def _told(self) -> str:
        try:
            return self.done if isinstance(self.done, str) else self.done()
        except BuildError:
            return ""

    def _print(self, text: str, end: str = "\n") -> None:
        if self._lost is not None:
            return
        try:
            print(text, end=end, flush=True)
        except OSError as error:
            # A full disk, or a reader who has had enough: what is left in the buffer must not fail again at the end.
            self._lost = error
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _complain(self, message: str) -> None:
        with suppress(OSError):
            print(printable(message), file=sys.stderr, flush=True)


def as_text(problems: Sequence[Problem], root: Path, *, colour: bool = False) -> str:
    """A paragraph for each problem: its place and what is wrong, the line with a caret, and what to do."""
    lines: dict[str, list[str]] = {}
    paragraphs = []
    for problem in problems[: limits.PRINTED]:
        if problem.line and problem.path not in lines:
            lines[problem.path] = _lines(root / problem.path)
        paragraphs.append(_paragraph(problem, lines.get(problem.path, []), colour))
    if len(problems) > limits.PRINTED:
        paragraphs.append(f"and {len(problems) - limits.PRINTED:,} more: `--format json` lists all of them")
    return "\n".join(paragraphs)


def as_json(problems: Sequence[Problem]) -> str:
    """A list with an object for each problem."""
    return json.dumps([{**asdict(problem), "hint": hint_of(problem)} for problem in problems], indent=2)


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
    path = printable(problem.path)
    place = f"{path}:{problem.line}:{problem.column}" if problem.line else path
    tone = red if problem.severity == "error" else yellow
    warning = "warning: " if problem.severity == "warning" else ""
    about = printable(", ".join(part for part in (problem.record, problem.field) if part))
    message = "\n".join(map(printable, problem.message.split("\n")))
    paragraph = [
        f"{bold}{place}{plain}: {tone}{problem.rule}{plain}: {warning}{message}{f' ({about})' if about else ''}"
    ]
    if 0 < problem.line <= len(lines):
        text, column = _window(lines[problem.line - 1], problem.column)
        paragraph += [f"    {dim}{text}{plain}", f"    {' ' * (column - 1)}{tone}^{plain}"]
    if hint := hint_of(problem):
        paragraph.append(f"  hint: {printable(hint)}")
    return "\n".join(paragraph)


def _window(line: str, column: int) -> tuple[str, int]:
    """The part of a line around a column, without control characters, and the column in it."""
    first = max(0, column - 1 - _WIDTH // 2) if len(line) > _WIDTH else 0
    part = line[first : first + _WIDTH]
    return "".join(character if character.isprintable() else "·" for character in part), column - first


def _lines(path: Path) -> list[str]:
    try:
        return read_bytes(path, str(path), largest=None).decode("utf-8", "replace").lstrip("\ufeff").split("\n")
    except BuildError:
        return []
