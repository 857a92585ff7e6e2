"""A rule is a small function with an id. Its docstring gives the reason, two examples and a hint."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Literal, NamedTuple, TypeVar, cast

from ..annotations.rows import Coding, Row
from ..texts.read import Text


class Finding(NamedTuple):
    """What a rule finds wrong with a row: the column, or None for the whole row, and the message.

    `hint` says what to do if the hint of the rule is too general.
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
    """A rule as `build_dataset.py rules ID` explains it. A rule without a check is applied while files are read.

    `after` names rules that may already have found the cause: if one of them reported a record, this rule skips it.
    `READING` stands for all rules without a check.
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
    """Compute something about a coding once, however many rules need it."""

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
    id: str,
    *,
    needs_texts: bool = False,
    severity: Literal["error", "warning"] = "error",
    after: tuple[str, ...] = (),
    lists: Mapping[str, Iterable[str]] | None = None,
) -> Callable[[Check], Rule]:
    """Turn a check into a rule. The docstring of the check gives the reason, the examples and the hint.

    `lists` are words that the docstring names as `{list}`.
    """

    def made(check: Check) -> Rule:
        docstring = check.__doc__ or ""
        for name, words in (lists or {}).items():
            docstring = docstring.replace(f"{{{name}}}", ", ".join(words))
        told = _DOCSTRING.fullmatch(docstring)
        if told is None:
            raise ValueError(f"{id}: the docstring needs a reason and the lines passes:, fails: and hint:")
        return Rule(id, **told.groupdict(), check=check, needs_texts=needs_texts, severity=severity, after=after)

    return made
