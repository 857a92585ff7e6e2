"""What a rule is: a small function with an id, and a docstring that gives its reason, two examples and a hint."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Literal, NamedTuple, TypeVar, cast

from ..annotations.rows import Coding, Row
from ..texts.read import Text


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
    def remembered(coding: Coding) -> T:
        if find not in coding.memo:
            coding.memo[find] = find(coding)
        return cast(T, coding.memo[find])

    return remembered


READING = "reading"
_DOCSTRING = re.compile(
    r"(?P<reason>.+)\n\n\s*passes: (?P<passes>.+)\n\s*fails: (?P<fails>.+)\n\s*hint: (?P<hint>.+)\n\s*"
)


def rule(
    id: str, *, needs_texts: bool = False, severity: Literal["error", "warning"] = "error", after: tuple[str, ...] = ()
) -> Callable[[Check], Rule]:
    """Make a rule of a check. Its docstring gives the reason, an example of each kind, and the hint."""

    def made(check: Check) -> Rule:
        told = _DOCSTRING.fullmatch(check.__doc__ or "")
        if told is None:
            raise ValueError(f"{id}: the docstring needs a reason and the lines passes:, fails: and hint:")
        return Rule(id, **told.groupdict(), check=check, needs_texts=needs_texts, severity=severity, after=after)

    return made
