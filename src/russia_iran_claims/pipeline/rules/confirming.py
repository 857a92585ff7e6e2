"""A warning that a curator has confirmed in the row is not told again, and a confirmation without a warning is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ..annotations.rows import CONFIRMED, Coding, Row
from ..io.problems import nearest, shown
from .rule import Finding, Rule

IDLE = Rule(
    "idle-confirmation",
    "A row confirms warnings that it would get; a confirmation of anything else hides what is wrong later.",
    passes='confirmed: [cell-formula-verbatim], with text: "@harbour, dear"',
    fails="confirmed: [cell-formula-verbatim], with text: Dear @harbour",
    hint="remove the id from `confirmed`",
)
# A warning about a file of the folder with the texts, which is another one for each curator.
_ABOUT_FILES = ("text-missing",)


def confirmable(rule: Rule) -> bool:
    """Whether a row can confirm the warnings of a rule."""
    return rule.severity == "warning" and rule.id not in _ABOUT_FILES


def is_confirmed(rule: Rule, row: Row) -> bool:
    """Whether a row confirms the warnings of a rule."""
    return confirmable(rule) and isinstance(row.confirmed, list) and rule.id in row.confirmed


def idle(
    coding: Coding,
    rules: Mapping[str, Rule],
    confirmed: Collection[tuple[Row, str]],
    reported: Collection[tuple[str, str]],
    articles: Collection[str],
) -> Iterator[Finding]:
    """Every confirmation of what is no warning, or of a warning that the row does not get.

    `confirmed` has the rows with the warnings that they confirm. Where a problem of the record is `reported`, or the
    text is none of those of `articles` and the rule needs it, the warning may only be missing for now.
    """
    known = [id for id, rule in rules.items() if confirmable(rule)]
    for row in (row for rows in coding.tables.values() for row in rows if row.confirmed is not None):
        if not isinstance(row.confirmed, list):
            hint = "write it as a list: `confirmed: [rule]`"
            yield Finding(row, CONFIRMED, f"found {shown(row.confirmed)}, expected a list of rules", hint)
            continue
        for id in row.confirmed:
            if id not in known:
                what = "is no rule" if not isinstance(id, str) or id not in rules else "gives no warning of a row"
                choice = nearest(id, known)
                yield Finding(row, CONFIRMED, f"{shown(id)} {what}", f"write `{choice}`" if choice else None)
            elif (
                (row, id) not in confirmed
                and (row.document.path, row.label or "") not in reported
                and (not rules[id].needs_texts or _article(row) in articles)
            ):
                yield Finding(row, CONFIRMED, f"the row gets no warning {shown(id)}")


def _article(row: Row) -> str | None:
    while row.parent is not None:
        row = row.parent
    return row.cells.get("article_id")
