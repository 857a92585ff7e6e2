"""Rules across rows: one small function each, with an id and the reason that its docstring gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeVar

from ..problems import Problem
from ..rows import Coding, Row
from ..texts import Text


class Finding(NamedTuple):
    """What a rule says of a row: the column concerned, or None for the row, and what was found and expected."""

    row: Row
    column: str | None
    message: str


Texts = Mapping[str, Text]
# A check takes the coding, and the texts too where it needs them.
Check = Callable[..., Iterator[Finding]]
C = TypeVar("C", bound=Check)


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    reason: str
    check: Check
    needs_texts: bool
    severity: Literal["error", "warning"]


RULES: dict[str, Rule] = {}


def rule(id: str, *, needs_texts: bool = False, severity: Literal["error", "warning"] = "error") -> Callable[[C], C]:
    """Put a check into the table of rules. Its docstring's first line is the reason."""

    def register(check: C) -> C:
        if id in RULES:
            raise ValueError(f"two rules are called {id}")
        RULES[id] = Rule(id, (check.__doc__ or "").strip().split("\n")[0], check, needs_texts, severity)
        return check

    return register


def judge(coding: Coding, texts: Texts | None) -> list[Problem]:
    """What all rules say of a coding, in no order. Rules on the texts are left out where there are none."""
    problems = []
    for entry in RULES.values():
        if entry.needs_texts:
            findings = entry.check(coding, texts) if texts is not None else ()
        else:
            findings = entry.check(coding)
        for row, column, message in findings:
            # A cell that the row's model refused has been reported; what follows from it would only distract.
            if column is None or column not in row.broken:
                problems.append(row.problem(entry.id, message, column, entry.severity))
    return problems


from . import anchors, cells, chains, coverage, dates, events, figures, keys, links, quotes, references, spans  # noqa: E402, F401
