"""When the reported events happen, as geometry, which `timeline.svg.j2` draws.

It is 360 units wide, so that a phone shows the text at its normal size. Every text is wrapped here.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from ...tables.claims import statement
from ...versions.version import Cells
from .data import Released

WIDTH = 360
# The sizes of text, which `pictures.css` has as well, and the distances between lines.
LARGE, SMALL = 12, 11
LINE = {LARGE: 14.5, SMALL: 13.5}
_LEFT, _RIGHT = 4, WIDTH - 4
_MARK = 14
# Marks stand as far apart as a finger needs.
_STEP = 24
_PER_LINE = (_RIGHT - _LEFT - _MARK) // _STEP + 1
_TICKS = 11
# How wide letters are, in parts of their size, in the widest of the usual fonts.
_THIN, _NARROW, _BROAD = frozenset("iljI.,:;' \u00a0"), frozenset("rtf-()[]/|!‘’"), frozenset("mwMW@%—…→")
# What a mark says by its shape, and the words for it. The first two name a mark's claim status and time status.
_KEY = (
    ("affirmed", "past", "affirmed as past, ongoing or general"),
    ("affirmed", "planned", "affirmed as planned"),
    ("affirmed", "conditional", "affirmed on a condition, or as possible"),
    ("open", "past", "open: only asked about, withheld or left open"),
    ("denied", "past", "denied, and affirmed by nobody"),
    ("disputed", "past", "disputed among those who speak of it"),
)


def timeline(released: Released, statuses: Iterable[str]) -> Timeline:
    """The events of a version on their days; `statuses` gives the order of events without a day."""
    events = released.rows("events")
    dated = [event for event in events if _days(event) != (None, None)]
    dated.sort(key=lambda event: (event.get("date_start", ""), event.get("date_end", "9999"), event["event_id"]))
    papers = {row["article_id"]: date.fromisoformat(row["published"]) for row in released.rows("articles")}
    days = [*papers.values(), *(day for event in dated for day in _days(event) if day)]
    scale = _Scale(min(days), (max(days) - min(days)).days + 1)
    publications, axis, labels = _publications(papers, scale)
    years = scale.first.year != max(days).year
    every = -(-scale.days // _TICKS)
    drawn = [scale.first + timedelta(n) for n in range(0, scale.days, every)]
    top = axis + 13 * (3 if years else 2) + 6
    for day in drawn:
        lines = [str(day.day), f"{day:%b}", *([str(day.year)] if years else [])]
        labels.append(Label(scale.at(day) + 3, axis + 11, lines, SMALL, "tick"))
    bars, y = [], top + 6
    for event in dated:
        start, end = _days(event)
        words = f"{event['event_id']}, {event['article_id']}: {event['time_status']}, {event['status']}; {_when(event)}"
        told = label(6, y + LARGE, statement(event["summary"], event["status"]), _RIGHT - 6, LARGE)
        below = label(6, told.bottom + SMALL, words, _RIGHT - 6, SMALL, "soft")
        labels += [told, below]
        left = scale.at(start) if start else _LEFT
        right = scale.at(end + timedelta(1)) if end else _RIGHT
        bars.append(_mark(event, left, below.bottom + 3, max(right - left, _MARK), start is None, end is None))
        y = below.bottom + 3 + _MARK + 14
    bottom, groups = y - 6, []
    undated = defaultdict(list)
    for event in events:
        if event not in dated:
            undated[event["article_id"], event["time_status"]].append(event)
    if undated:
        labels.append(Label(6, y + 20, ["No day in the text"], LARGE, "head"))
        y += 28
    for article in papers:
        for status in statuses:
            if members := undated.get((article, status)):
                counts = Counter(event["status"] for event in members)
                parts = ", ".join(f"{counts[kind]} {kind}" for kind in sorted(counts))
                told = label(6, y + SMALL, f"{article}, told as {status}: {parts}", _RIGHT - 6, SMALL)
                labels.append(told)
                y = told.bottom + 4
                for place, event in enumerate(sorted(members, key=lambda event: event["status"])):
                    groups.append(
                        _mark(event, _LEFT + 2 + place % _PER_LINE * _STEP, y + place // _PER_LINE * _STEP, _MARK)
                    )
                y += (1 + (len(members) - 1) // _PER_LINE) * _STEP + 6
    ticks = [scale.at(day) for day in drawn]
    key = [(_mark({"status": kind, "time_status": time}, 1, 1, _MARK), words) for kind, time, words in _KEY]
    arrow = _mark({"status": "affirmed", "time_status": "past"}, 1, 1, 22, after=True)
    key.append((arrow, "no bound in the text on the side of the tip"))
    return Timeline(
        round(y + 4, 1), axis, top, bottom, ticks, publications, bars, groups, labels, key, [_told(e) for e in events]
    )


class Label(NamedTuple):
    """A text in lines: its start, or its end, on the first baseline."""

    x: float
    y: float
    lines: list[str]
    size: int
    kind: str = "text"
    end: bool = False

    @property
    def step(self) -> float:
        """From one baseline to the next."""
        return LINE[self.size]

    @property
    def bottom(self) -> float:
        """Where the next thing may begin."""
        return round(self.y + (len(self.lines) - 1) * self.step + 0.25 * self.size, 1)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The left, upper, right and lower bound, as wide as the text is at most."""
        width = max(broad(line, self.size) for line in self.lines) * (1.15 if self.kind == "head" else 1)
        left = self.x - width if self.end else self.x
        return left, self.y - 0.8 * self.size, left + width, self.bottom


class Mark(NamedTuple):
    """An event: its outline, what is filled, the sign on it, its statuses and its words."""

    id: str
    frame: str
    half: str
    sign: str
    status: str
    time: str
    text: str


class Told(NamedTuple):
    """An event as a row of the table."""

    id: str
    article: str
    statement: str
    first: str
    last: str
    time: str
    status: str


class Timeline(NamedTuple):
    """Days on the axis, days of publication, dated events as bars, undated ones as squares, and all texts."""

    height: float
    axis: float
    top: float
    bottom: float
    ticks: list[float]
    publications: list[tuple[float, float]]
    bars: list[Mark]
    squares: list[Mark]
    labels: list[Label]
    key: list[tuple[Mark, str]]
    events: list[Told]


def broad(text: str, size: float) -> float:
    """How wide a text is at most."""
    return size * sum(_letter(letter) for letter in text)


def label(x: float, y: float, text: str, width: float, size: int, kind: str = "text") -> Label:
    """A text in as many lines as it needs; a word that is too long for a line is broken."""
    lines = [""]
    for word in re.split(r"[ \t\r\n]+", text.strip()):
        rest = word
        if lines[-1] and broad(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
            continue
        while rest:
            fits = next((n for n in range(len(rest), 1, -1) if broad(rest[:n], size) <= width), 1)
            lines.append(rest[:fits])
            rest = rest[fits:]
    return Label(x, round(y, 1), lines[1:] or lines, size, kind)


class _Scale(NamedTuple):
    first: date
    days: int

    def at(self, day: date) -> float:
        """Where a day begins."""
        return round(_LEFT + 2 + (day - self.first).days * (_RIGHT - _LEFT - 16) / self.days, 1)


def _publications(papers: dict[str, date], scale: _Scale) -> tuple[list[tuple[float, float]], float, list[Label]]:
    """The lines of the days of publication, where the axis stands below their names, and the names."""
    names = defaultdict(list)
    for name, day in papers.items():
        names[scale.at(day), f"published {_short(day)}"].append(name)
    # So sorted, hardly any line goes through the name of another.
    order = sorted(names, key=lambda each: (each[0] >= WIDTH / 2, each[0] if each[0] < WIDTH / 2 else -each[0]))
    lines, labels, y = [], [], 2.0
    for x, published in order:
        end = x >= WIDTH / 2
        text = f"{', '.join(names[x, published])} {published}"
        told = label(x - 3 if end else x + 3, y + SMALL, text, (x if end else WIDTH - x) - 6, SMALL, "soft")
        labels.append(told._replace(end=end))
        lines.append((x, y))
        y = told.bottom + 1
    return lines, round(y + 3, 1), labels


def _mark(event: Cells, x: float, y: float, width: float, before: bool = False, after: bool = False) -> Mark:
    tip, x, y, width = _MARK / 2, round(x, 1), round(y, 1), round(width, 1)
    left, right = (x + tip if before else x), (x + width - tip if after else x + width)
    frame = f"M{left:g} {y:g}H{right:g}{'l7 7-7 7' if after else 'v14'}H{left:g}{'l-7-7 7-7' if before else ''}z"
    filled = event["status"] == "disputed" and event["time_status"] not in ("planned", "conditional")
    half = (
        f"M{left:g} {y + tip:g}H{right + (tip if after else 0):g}{'l-7 7' if after else 'v7'}H{left:g}z"
        if filled
        else ""
    )
    sign = {
        "denied": f"M{left + 4:g} {y + 4:g}l6 6m0-6l-6 6",
        "open": f"M{left + 4.5:g} {y + 5.4:g}c0-3.6 5-3.6 5-.6c0 1.6-2.5 1.6-2.5 3.6m0 2v.4",
    }.get(event["status"], "")
    if "event_id" not in event:
        return Mark("", frame, half, sign, event["status"], event["time_status"], "")
    words = f"{event['time_status']}, {event['status']}, {_when(event)}"
    text = f"{event['event_id']}: {statement(event['summary'], event['status'])} ({words})"
    return Mark(event["event_id"], frame, half, sign, event["status"], event["time_status"], text)


def _told(event: Cells) -> Told:
    told = statement(event["summary"], event["status"])
    first, last = (event.get(column, "") for column in ("date_start", "date_end"))
    return Told(event["event_id"], event["article_id"], told, first, last, event["time_status"], event["status"])


def _days(event: Cells) -> tuple[date | None, date | None]:
    start, end = (event.get(column) for column in ("date_start", "date_end"))
    return date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None


def _when(event: Cells) -> str:
    start, end = _days(event)
    if start and end:
        return _short(start) if start == end else f"{_short(start)} to {_short(end)}"
    return f"from {_short(start)}" if start else f"until {_short(end)}" if end else "no day in the text"


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"


def _letter(letter: str) -> float:
    if letter in _THIN:
        return 0.34
    if letter in _NARROW:
        return 0.42
    if letter in _BROAD or unicodedata.east_asian_width(letter) in "WF":
        return 1.05
    return 0.78 if letter.isupper() else 0.65
