"""Rules across rows: one small function each, with an id and the reason that its docstring gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Literal, NamedTuple, TypeVar, cast

from ..problems import Problem
from ..rows import Coding, Row
from ..texts import Text


class Finding(NamedTuple):
    """What a rule says of a row: the column concerned, or None for the row, and what was found and expected.

    `hint` is what to do in this very case, where the rule's own hint does not do.
    """

    row: Row
    column: str | None
    message: str
    hint: str | None = None


Texts = Mapping[str, Text]
# A check takes the coding, and the texts too where it needs them.
Check = Callable[..., Iterator[Finding]]
C = TypeVar("C", bound=Check)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as `build_dataset.py rules ID` explains it. One without a check is judged while files are read.

    `after` names the rules that may have found the cause already: the rule says nothing of a record of which one of
    them has spoken. `READING` stands for all rules without a check.
    """

    id: str
    reason: str
    passes: str
    fails: str
    hint: str
    check: Check | None = None
    needs_texts: bool = False
    severity: Literal["error", "warning"] = "error"
    after: tuple[str, ...] = ()


def once(find: Callable[[Coding], T]) -> Callable[[Coding], T]:
    """Find something out about a coding once, however many rules ask for it."""

    @wraps(find)
    def known(coding: Coding) -> T:
        if find not in coding.known:
            coding.known[find] = find(coding)
        return cast(T, coding.known[find])

    return known


RULES: dict[str, Rule] = {}
READING = "reading"
# Rules on whether the texts are the annotated ones: the others on texts mean nothing where they are not.
FIRST = ("text-missing", "text-hash")
# Rules after which the offsets of a record are not to be trusted.
MISPLACED = (READING, "span-range", "span-digest", "span-part")
_DOCSTRING = re.compile(
    r"(?P<reason>.+)\n\n\s*passes: (?P<passes>.+)\n\s*fails: (?P<fails>.+)\n\s*hint: (?P<hint>.+)\n\s*"
)


def rule(
    id: str,
    *,
    needs_texts: bool = False,
    severity: Literal["error", "warning"] = "error",
    after: tuple[str, ...] = (),
) -> Callable[[C], C]:
    """Put a check into the table of rules. Its docstring gives the reason, an example of each kind, and the hint."""

    def register(check: C) -> C:
        told = _DOCSTRING.fullmatch(check.__doc__ or "")
        if told is None:
            raise ValueError(f"{id}: the docstring needs a reason and the lines passes:, fails: and hint:")
        _register(Rule(id, **told.groupdict(), check=check, needs_texts=needs_texts, severity=severity, after=after))
        return check

    return register


def reading_rule(id: str, reason: str, *, passes: str, fails: str, hint: str) -> None:
    """Put a rule into the table that is judged while files are read."""
    _register(Rule(id, reason, passes, fails, hint))


def _register(entry: Rule) -> None:
    if entry.id in RULES:
        raise ValueError(f"two rules are called {entry.id}")
    RULES[entry.id] = entry


def judge(coding: Coding, texts: Texts | None) -> list[Problem]:
    """What all rules say of a coding, in no order. Rules on the texts are left out where there are none.

    What only follows from a fault already found is not reported: a row under a key that is taken, a cell that the
    row's model refused, anchors into another text than the one annotated, or anything while a file
    cannot be read or has words that are still to be anchored.
    """
    if not coding.readable:
        return []
    bench = _Bench(coding)
    repeated = bench.apply(RULES["duplicate-id"], coding)
    coding = coding.without(finding.row for finding in repeated)
    coding.suspects = bench.suspects
    others = [bench.apply(RULES[id], coding, texts) for id in FIRST if texts is not None]
    stale = {
        finding.row["article_id"] for findings in others for finding in findings if finding.column == "text_sha256"
    }
    known = {id: text for id, text in (texts or {}).items() if id not in stale}
    for entry in RULES.values():
        if entry.check is None or entry.id in ("duplicate-id", *FIRST):
            continue
        if not entry.needs_texts:
            bench.apply(entry, coding)
        elif texts is not None:
            bench.apply(entry, coding, known)
    return bench.problems


class _Bench:
    """What has been found so far, and of which records."""

    def __init__(self, coding: Coding) -> None:
        self.problems: list[Problem] = []
        self.spoken: dict[tuple[str, str], set[str]] = {}
        self.suspects: set[str] = set()
        for problem in coding.problems:
            self._note(problem.path, problem.record, READING)

    def apply(self, entry: Rule, *given: object) -> list[Finding]:
        if entry.check is None:
            return []
        findings = [finding for finding in entry.check(*given) if self._new(entry, finding)]
        for row, column, message, hint in findings:
            self.problems.append(row.problem(entry.id, message, column, entry.severity, hint))
            self._note(row.document.path, row.label, entry.id)
        return findings

    def _new(self, entry: Rule, finding: Finding) -> bool:
        said = self.spoken.get((finding.row.document.path, finding.row.label or ""), set())
        return finding.column not in finding.row.broken and not said.intersection(entry.after)

    def _note(self, path: str, record: str | None, rule: str) -> None:
        if record is not None:
            self.spoken.setdefault((path, record), set()).add(rule)
            if rule in MISPLACED:
                self.suspects.add(record)


# The order in which `rules` lists them: what is read first is judged first.
from . import reading, keys, references, spans, chains, quotes, events, figures, dates, links, cells  # noqa: E402, F401, I001
from . import anchors, coverage  # noqa: E402, F401
