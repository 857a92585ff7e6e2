"""Chains of vouchers as geometry, which `graph.svg.j2` draws. 360 units wide, like the timeline."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

from ...schema.terms import ARTICLE, OPEN, SIDES
from .data import Released
from .rows import Rows
from .timeline import LARGE, SMALL, WIDTH, Label, label

# What a voucher does, in words, in the order of the bars.
STANCES = {
    "affirms": "affirms",
    "presupposes": "takes for granted",
    "denies": "denies",
    "questions": "asks",
    "withholds": "withholds",
    "leaves_open": "leaves open",
}
# Units of width of all attestations and figures together.
_FLOW = 64
_FROM, _TO, _GAP = 56, 108, 24
# How far a chain stands to the right of the one that it continues, and all of them together at most.
_INDENT, _INDENTS = 18, 90
# The longest bar, and the shortest part of one, which still shows how it is drawn.
_BAR, _PART, _THICK = 56, 5, 8


def graph(released: Released, rows: Rows) -> Graph:
    """The chains of vouchers of a version. A line is as wide as its number of attestations and figures."""
    told = [*released.rows("attestations"), *released.rows("figures")]
    through: Counter[str] = Counter()
    entering: Counter[tuple[str, str]] = Counter()
    stances: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in told:
        links = row["source_chain"].split("/")
        through.update("/".join(links[: depth + 1]) for depth in range(len(links)))
        entering[row["article_id"], links[0]] += 1
        stances[row["source_chain"], row["article_id"]][row["stance"]] += 1
    scale = _FLOW / max(len(told), 1)
    nodes, labels, height = _nodes(through, stances, rows, scale)
    heads = [chain for chain in nodes if "/" not in chain]
    into = {chain: nodes[chain].y - scale * through[chain] / 2 for chain in heads}
    totals = Counter({article: sum(entering[article, head] for head in heads) for article, _ in entering})
    needed = scale * len(told) + _GAP * len(totals)
    height = max(height, needed + 10)
    y = (height - needed) / 2 + _GAP / 2
    articles, flows = [], []
    for article in sorted(totals):
        articles.append((round(y, 1), round(scale * totals[article], 1)))
        name = label(1, 0, article, _FROM - 10, SMALL)
        middle = y + (scale * totals[article] - name.step * len(name.lines)) / 2
        labels.append(name._replace(y=round(middle + SMALL, 1)))
        out = y
        for head in heads:
            if number := entering[article, head]:
                width = scale * number
                who = "speaks itself" if head == ARTICLE else f"cites {nodes[head].names[-1]}"
                text = f"{article} {who}: {_times(number)}"
                flows.append(_flow(_FROM, out + width / 2, nodes[head].x, into[head] + width / 2, width, text))
                out, into[head] = out + width, into[head] + width
        y = out + _GAP
    for chain, node in nodes.items():
        if "/" in chain:
            via = nodes[chain.rpartition("/")[0]]
            text = f"{via.names[-1]} cites {node.names[-1]}: {_times(through[chain])}"
            path = f"M{via.x + 4} {via.y}V{node.y - 8}q0 8 8 8H{node.x}"
            flows.append(Flow(path, _width(scale * through[chain]), text))
    order = {chain: place for place, chain in enumerate(nodes)}
    counts = [
        Counted(" → ".join(nodes[chain].names), article, [stances[chain, article][stance] for stance in STANCES])
        for chain, article in sorted(stances, key=lambda each: (order[each[0]], each[1]))
    ]
    return Graph(round(height, 1), articles, list(nodes.values()), flows, labels, list(STANCES.values()), counts)


class Part(NamedTuple):
    """A part of the bar under a chain: how it is drawn, and where."""

    kind: str
    x: float
    y: float
    width: float


class Node(NamedTuple):
    """A chain of vouchers: the names in it, where its line ends, and what its last link does how often."""

    chain: str
    names: list[str]
    x: float
    y: float
    bar: list[Part]


class Flow(NamedTuple):
    """A line from an article, or from a voucher, to the next; as wide as what passes."""

    path: str
    width: float
    text: str


class Counted(NamedTuple):
    """A chain in an article as a row of the table: how often each stance is taken."""

    names: str
    article: str
    times: list[int]


class Graph(NamedTuple):
    """Articles on the left, chains of vouchers to the right, all texts, and the rows of the table."""

    height: float
    articles: list[tuple[float, float]]
    nodes: list[Node]
    flows: list[Flow]
    labels: list[Label]
    stances: list[str]
    counts: list[Counted]


def _nodes(
    through: Counter[str], stances: dict[tuple[str, str], Counter[str]], rows: Rows, scale: float
) -> tuple[dict[str, Node], list[Label], float]:
    """Every chain, each after the one that it continues, the most cited first; their texts; where they end."""
    rank = {chain: (-number, chain) for chain, number in through.items()}

    def order(chain: str) -> list[tuple[int, str]]:
        links = chain.split("/")
        return [rank["/".join(links[: depth + 1])] for depth in range(len(links))]

    taken: dict[str, Counter[str]] = defaultdict(Counter)
    for (chain, _), counts in stances.items():
        taken[chain] += counts
    most = max((counts.total() for counts in taken.values()), default=1)
    deepest = max((chain.count("/") for chain in through), default=0)
    indent = min(_INDENT, _INDENTS / max(deepest, 1))
    nodes, labels, y = {}, [], 6.0
    for chain in sorted(through, key=order):
        half = scale * through[chain] / 2
        names, x, middle = rows.names(chain), round(_TO + indent * chain.count("/"), 1), round(y + max(7, half), 1)
        name = label(x + 13, middle + 4, names[-1], WIDTH - 4 - x - 13, LARGE)
        labels.append(name)
        bottom = name.bottom
        bar = _bar(taken[chain], x + 13, bottom + 3, _BAR / most)
        if bar:
            words = ", ".join(
                f"{word}\u00a0{taken[chain][kind]}" for kind, word in STANCES.items() if taken[chain][kind]
            )
            beside = bar[-1].x + bar[-1].width + 5
            labels.append(label(beside, bottom + SMALL, words, WIDTH - 4 - beside, SMALL, "soft"))
            bottom = labels[-1].bottom
        nodes[chain] = Node(chain, names, x, middle, bar)
        y = max(bottom, middle + half) + 9
    return nodes, labels, y


def _bar(counts: Counter[str], x: float, y: float, unit: float) -> list[Part]:
    sides = {"affirms": counts["affirms"], "presupposes": counts["presupposes"], "denies": counts["denies"]}
    sides["open"] = sum(number for stance, number in counts.items() if SIDES[stance] == OPEN)
    parts = []
    for kind, number in sides.items():
        if number:
            width = max(number * unit, _PART)
            parts.append(Part(kind, round(x, 1), round(y, 1), round(width, 1)))
            x += width + 2
    return parts


def _flow(x1: float, y1: float, x2: float, y2: float, width: float, text: str) -> Flow:
    middle = (x1 + x2) / 2
    return Flow(f"M{x1} {y1:.1f}C{middle} {y1:.1f} {middle} {y2:.1f} {x2} {y2:.1f}", _width(width), text)


def _width(width: float) -> float:
    return round(max(width, 1), 1)


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
