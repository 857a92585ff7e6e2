"""All rules in one table, applied to the rows."""

from __future__ import annotations

from collections.abc import Iterable

from ..annotations.rows import Coding, Row
from ..io.problems import Problem
from .confirming import IDLE, confirmable, idle, is_confirmed
from .rows import cells, dates, events, figures, ids, links, quotes, references, spans
from .rule import READING, Finding, Rule, Texts
from .texts import coded_words, coverage, dates_in_text, passages, verbatim
from .while_reading import RULES as WHILE_READING

# In the order in which they are judged: a rule may only be silent after one that stands before it.
_MODULES = (
    *(ids, references, spans, quotes, events, figures, dates, links, cells),
    *(verbatim, coverage, dates_in_text, passages, coded_words),
)
_JUDGED = [found for module in _MODULES for found in vars(module).values() if isinstance(found, Rule)]
# Every rule by its id.
RULES: dict[str, Rule] = {rule.id: rule for rule in [*WHILE_READING, *_JUDGED, IDLE]}

# Rules on whether the texts are the annotated ones: the others on texts mean nothing where they are not.
_FIRST = ("text-missing", "text-hash")
# Rules after which the offsets of a record are not to be trusted.
_MISPLACED = (READING, "span-range", "span-digest", "span-part")


def judge(coding: Coding, texts: Texts | None) -> list[Problem]:
    """Apply all rules, and return the problems in no order. Without texts, rules about texts are left out.

    Consequences of a reported problem are not reported: rows whose key is taken, cells that their column refused,
    anchors into a text that was not annotated, and rules across rows if a file cannot be read, is not anchored yet, or
    has a record without its id. A warning that its row confirms is not reported, but the confirmation of none is.
    """
    if not coding.readable:
        return []
    results = _Results(coding)
    repeated = results.apply(RULES["duplicate-id"], coding)
    coding = coding.without(finding.row for finding in repeated)
    coding.suspects = results.suspects
    checked = [results.apply(RULES[id], coding, texts) for id in _FIRST if texts is not None]
    stale = {
        finding.row["article_id"] for findings in checked for finding in findings if finding.column == "text_sha256"
    }
    known = {id: text for id, text in (texts or {}).items() if id not in stale}
    for entry in RULES.values():
        if entry.check is None or entry.id in ("duplicate-id", *_FIRST):
            continue
        if not entry.needs_texts:
            results.apply(entry, coding)
        elif texts is not None:
            results.apply(entry, coding, known)
    results.add(IDLE, idle(coding, RULES, results.confirmed, results.reported.copy(), known))
    return results.problems


class _Results:
    """The problems so far, and which rules reported each record."""

    def __init__(self, coding: Coding) -> None:
        self.problems: list[Problem] = []
        self.reported: dict[tuple[str, str], set[str]] = {}
        self.suspects: set[str] = set()
        self.confirmed: set[tuple[Row, str]] = set()
        for problem in coding.problems:
            self._note(problem.path, problem.record, READING)

    def apply(self, entry: Rule, *given: object) -> list[Finding]:
        return self.add(entry, entry.check(*given)) if entry.check is not None else []

    def add(self, entry: Rule, found: Iterable[Finding]) -> list[Finding]:
        findings = [finding for finding in found if self._new(entry, finding)]
        for row, column, message, hint in findings:
            if confirmable(entry):
                hint = f"{hint or entry.hint}, or confirm it in the row: `confirmed: [{entry.id}]`"
            self.problems.append(row.problem(entry.id, message, column, entry.severity, hint))
            self._note(row.document.path, row.label, entry.id)
        return findings

    def _new(self, entry: Rule, finding: Finding) -> bool:
        if is_confirmed(entry, finding.row):
            self.confirmed.add((finding.row, entry.id))
            return False
        before = self.reported.get((finding.row.document.path, finding.row.label or ""), set())
        return finding.column not in finding.row.broken and not before.intersection(entry.after)

    def _note(self, path: str, record: str | None, rule: str) -> None:
        if record is not None:
            self.reported.setdefault((path, record), set()).add(rule)
            if rule in _MISPLACED:
                self.suspects.add(record)
