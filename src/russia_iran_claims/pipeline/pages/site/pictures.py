"""The two pictures as geometry: when the reported events happen, and through whom each claim comes.

Both are 360 units wide, so that a telephone shows their words at their own size. The template draws them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from ...schema.terms import ARTICLE, SIDES
from ...versions.version import Cells
from .data import Released
from .rows import Rows

WIDTH = 360
_LEFT, _RIGHT = 4, WIDTH - 4
_ROW = 34
# Marks stand as far apart as a finger needs.
_STEP = 24
_MARK = 14
_PER_LINE = (_RIGHT - _LEFT - _MARK) // _STEP + 1
_TICKS = 10
_LABEL = 56
# Units of width for each claim, where all claims together would be this wide.
_FLOW = 64


class Mark(NamedTuple):
    """An event: where it stands, whether somebody affirms or denies it, and its words."""

    id: str
    x: float
    y: float
    width: float
    before: bool
    after: bool
    vouched: str
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


class Node(NamedTuple):
    """A chain of vouchers: where its line ends, and what its last link says to how many claims."""

    chain: str
    label: str
    x: float
    y: float
    affirms: int
    denies: int
    leaves_open: int
    bar: tuple[float, float, float]

    @property
    def claims(self) -> int:
        """How many claims end here."""
        return self.affirms + self.denies + self.leaves_open


class Flow(NamedTuple):
    """A line from an article, or from a voucher, to the next one; as wide as the claims that pass."""

    path: str
    width: float
    text: str


class Graph(NamedTuple):
    """Articles on the left, chains of vouchers from there outward."""

    height: float
    articles: list[tuple[str, float, float]]
    nodes: list[Node]
    flows: list[Flow]


def timeline(released: Released, statuses: Iterable[str]) -> Timeline:
    """The events of a release on their days; `statuses` orders those whose day the text does not give."""
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


def graph(released: Released, rows: Rows) -> Graph:
    """The chains of vouchers of a release. A line is as wide as the claims (attestations and figures) on it."""
    claims = released.rows("claims")
    through: Counter[str] = Counter()
    entering: Counter[tuple[str, str]] = Counter()
    stances: dict[str, Counter[str]] = defaultdict(Counter)
    for claim in claims:
        links = claim["source_chain"].split("/")
        through.update("/".join(links[: depth + 1]) for depth in range(len(links)))
        entering[claim["article_id"], links[0]] += 1
        stances[claim["source_chain"]][SIDES[claim["stance"]]] += 1
    scale = _FLOW / max(len(claims), 1)
    nodes = _nodes(through, stances, rows)
    heads = [chain for chain in nodes if "/" not in chain]
    height = _ROW * len(nodes) + 20
    articles, flows = [], []
    into = {chain: nodes[chain].y - scale * through[chain] / 2 for chain in heads}
    totals = Counter({article: sum(entering[article, head] for head in heads) for article, _ in entering})
    y = (height - scale * len(claims) - 40 * (len(totals) - 1)) / 2
    for article in sorted(totals):
        articles.append((article, round(y, 1), round(scale * totals[article], 1)))
        out = y
        for head in heads:
            if number := entering[article, head]:
                width = scale * number
                who = "speaks itself" if head == ARTICLE else f"cites {nodes[head].label}"
                text = f"{article} {who}: {_claims(number)}"
                flows.append(_flow(58, out + width / 2, nodes[head].x, into[head] + width / 2, width, text))
                out, into[head] = out + width, into[head] + width
        y = out + 40
    for chain, node in nodes.items():
        if "/" in chain:
            via = nodes[chain.rpartition("/")[0]]
            text = f"{via.label} cites {node.label}: {_claims(through[chain])}"
            path = f"M{via.x + 4} {via.y}V{node.y - 8}q0 8 8 8H{node.x}"
            flows.append(Flow(path, _width(scale * through[chain]), text))
    return Graph(height, articles, list(nodes.values()), flows)


def _nodes(through: Counter[str], stances: dict[str, Counter[str]], rows: Rows) -> dict[str, Node]:
    """Every chain in the order of drawing: each after the one it passes through, the most cited first."""
    rank = {chain: (-number, chain) for chain, number in through.items()}

    def order(chain: str) -> list[tuple[int, str]]:
        links = chain.split("/")
        return [rank["/".join(links[: depth + 1])] for depth in range(len(links))]

    most = max((sum(counts.values()) for counts in stances.values()), default=1)
    nodes = {}
    for place, chain in enumerate(sorted(through, key=order)):
        affirms, denies, open_ = (stances[chain][side] for side in dict.fromkeys(SIDES.values()))
        bar = round(64 * affirms / most, 1), round(64 * denies / most, 1), round(64 * open_ / most, 1)
        x, y = 120 + 18 * chain.count("/"), 20 + place * _ROW
        nodes[chain] = Node(chain, rows.names(chain)[-1], x, y, affirms, denies, open_, bar)
    return nodes


def _flow(x1: float, y1: float, x2: float, y2: float, width: float, text: str) -> Flow:
    middle = (x1 + x2) / 2
    return Flow(f"M{x1} {y1:.1f}C{middle} {y1:.1f} {middle} {y2:.1f} {x2} {y2:.1f}", _width(width), text)


def _width(width: float) -> float:
    return round(max(width, 1), 1)


def _claims(number: int) -> str:
    return f"{number} claim" + ("" if number == 1 else "s")


def _mark(event: Cells, x: float, y: float, width: float, before: bool = False, after: bool = False) -> Mark:
    vouched = {(True, True): "both", (True, False): "affirmed", (False, True): "denied", (False, False): "open"}[
        "affirmed_by" in event, "denied_by" in event
    ]
    text = event["summary"]
    when = " to ".join(event.get(column, "?") for column in ("date_start", "date_end"))
    told = f"{event['event_id']}, {_VOUCHED[vouched]}" + (f", {when}" if when != "? to ?" else "") + f": {text}"
    short = text if len(text) <= _LABEL else text[: _LABEL - 1].rstrip() + "…"
    return Mark(event["event_id"], x, y, width, before, after, vouched, short, told)


_VOUCHED = {
    "affirmed": "affirmed",
    "denied": "denied",
    "both": "affirmed and denied",
    "open": "neither affirmed nor denied",
}
