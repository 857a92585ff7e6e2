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
# Rules on whether the texts are the annotated ones: the others on texts mean nothing where they are not.
FIRST = ("text-missing", "text-hash")


def rule(id: str, *, needs_texts: bool = False, severity: Literal["error", "warning"] = "error") -> Callable[[C], C]:
    """Put a check into the table of rules. Its docstring's first line is the reason."""

    def register(check: C) -> C:
        if id in RULES:
            raise ValueError(f"two rules are called {id}")
        RULES[id] = Rule(id, (check.__doc__ or "").strip().split("\n")[0], check, needs_texts, severity)
        return check

    return register


def judge(coding: Coding, texts: Texts | None) -> list[Problem]:
    """What all rules say of a coding, in no order. Rules on the texts are left out where there are none.

    What only follows from a fault already found is not reported: a row under a key that is taken, a cell that the
    row's model refused, anchors into another text than the one annotated, or anything while a file cannot be read.
    """
    if not coding.readable:
        return []
    problems: list[Problem] = []
    repeated = _apply(RULES["duplicate-id"], problems, coding)
    coding = coding.without(finding.row for finding in repeated)
    others = [_apply(RULES[id], problems, coding, texts) for id in FIRST if texts is not None]
    stale = {
        finding.row["article_id"] for findings in others for finding in findings if finding.column == "text_sha256"
    }
    known = {id: text for id, text in (texts or {}).items() if id not in stale}
    for entry in RULES.values():
        if entry.id not in ("duplicate-id", *FIRST):
            if not entry.needs_texts:
                _apply(entry, problems, coding)
            elif texts is not None:
                _apply(entry, problems, coding, known)
    return problems


def _apply(entry: Rule, problems: list[Problem], *given: object) -> list[Finding]:
    findings = [finding for finding in entry.check(*given) if finding.column not in finding.row.broken]
    problems += [row.problem(entry.id, message, column, entry.severity) for row, column, message in findings]
    return findings


from . import anchors, cells, chains, coverage, dates, events, figures, keys, links, quotes, references, spans  # noqa: E402, F401
