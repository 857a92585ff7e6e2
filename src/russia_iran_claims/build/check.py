"""Validation as a whole: from the files in `raw/` to rows that can be published, or to a list of problems."""

from __future__ import annotations

from pathlib import Path

from .problems import BuildError, Problem
from .rows import Coding, read_coding
from .rules import judge
from .schemas import Schema
from .texts import Text


def check(raw: Path, schema: Schema, texts: dict[str, Text] | None) -> tuple[Coding, list[Problem]]:
    """The rows of `raw`, and warnings. Raises BuildError with every problem of every file."""
    coding = read_coding(raw, schema)
    problems = sorted({*coding.problems, *judge(coding, texts)})
    if any(problem.severity == "error" for problem in problems):
        raise BuildError(problems)
    return coding, problems
