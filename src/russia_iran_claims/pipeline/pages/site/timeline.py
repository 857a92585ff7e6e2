"""When the reported events happen, as geometry, which `timeline.svg.j2` draws.

It is 360 units wide, so that a phone shows the text at its normal size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from ...tables.claims import statement
from ...versions.version import Cells
from .data import Released

_LEFT, _RIGHT = 4, 356
_ROW = 34
# Marks stand as far apart as a finger needs.
_STEP = 24
_MARK = 14
_PER_LINE = (_RIGHT - _LEFT - _MARK) // _STEP + 1
_TICKS = 10
_LABEL = 56


def timeline(released: Released, statuses: Iterable[str]) -> Timeline:
    """The events of a version on their days; `statuses` gives the order of events without a day."""
    events = released.rows("events")
    dated = [event for event in events if "date_start" in event or "date_end" in event]
    dated.sort(key=lambda event: (event.get("date_start", ""), event.get("date_end", "9999"), event["event_id"]))
    papers = {row["article_id"]: date.fromisoformat(row["published"]) for row in released.rows("articles")}
    days = [*papers.values(), *(date.fromisoformat(e[c]) for e in dated for c in ("date_start", "date_end") if c in e)]
    first, count = min(days), (max(days) - min(days)).days + 1

    def x(day: date) -> float:
        return round(_LEFT + 14 + (day - first).days * (_RIGHT - _LEFT - 28) / count, 1)

    axis = 52.0
    bars = []
    for place, event in enumerate(dated):
        start, end = (date.fromisoformat(event[c]) if c in event else None for c in ("date_start", "date_end"))
        left = x(start) if start else _LEFT
        right = x(end + timedelta(1)) if end else _RIGHT
        bars.append(_mark(event, left, axis + 26 + place * _ROW, round(right - left, 1), start is None, end is None))
    y = axis + 26 + len(dated) * _ROW + 24
    groups = []
    undated = defaultdict(list)
    for event in events:
        if event not in dated:
            undated[event["article_id"], event["time_status"]].append(event)
    for article in papers:
        for status in statuses:
            if members := undated.get((article, status)):
                marks = [
                    _mark(event, _LEFT + place % _PER_LINE * _STEP, y + 8 + place // _PER_LINE * _STEP, _MARK)
                    for place, event in enumerate(members)
                ]
                groups.append(Group(f"{article}, {status}: {len(members)}", y, marks))
                y += 20 + (1 + (len(members) - 1) // _PER_LINE) * _STEP
    every = -(-count // _TICKS)
    drawn = [first + timedelta(n) for n in range(0, count + 1, every)]
    ticks = [
        (x(day), f"{day.day} {day:%b}" if before is None or before.month != day.month else str(day.day))
        for before, day in zip([None, *drawn], drawn)
    ]
    return Timeline(y, axis, ticks, [(x(day), name) for name, day in papers.items()], bars, groups)


class Mark(NamedTuple):
    """An event: where it stands, its status, and its words."""

    id: str
    x: float
    y: float
    width: float
    before: bool
    after: bool
    status: str
    label: str
    text: str


class Group(NamedTuple):
    """Undated events of one article and time status."""

    label: str
    y: float
    marks: list[Mark]


class Timeline(NamedTuple):
    """Days on the axis, days of publication, dated events as bars, undated ones in groups."""

    height: float
    axis: float
    ticks: list[tuple[float, str]]
    publications: list[tuple[float, str]]
    bars: list[Mark]
    groups: list[Group]


def _mark(event: Cells, x: float, y: float, width: float, before: bool = False, after: bool = False) -> Mark:
    text = statement(event["summary"], event["status"])
    when = " to ".join(event.get(column, "?") for column in ("date_start", "date_end"))
    told = event["event_id"] + (f", {when}" if when != "? to ?" else "") + f": {text}"
    short = text if len(text) <= _LABEL else text[: _LABEL - 1].rstrip() + "…"
    return Mark(event["event_id"], x, y, width, before, after, event["status"], short, told)
