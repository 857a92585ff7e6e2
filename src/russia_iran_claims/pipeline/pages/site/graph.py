"""Chains of sources as geometry, which `graph.svg.j2` draws. 360 units wide, like the timeline."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

from ...schema.terms import ARTICLE, OPEN, SIDES
from .data import Released
from .rows import Rows

_ROW = 34
# Units of width of all attestations and figures together.
_FLOW = 64


def graph(released: Released, rows: Rows) -> Graph:
    """The chains of sources of a version. A line is as wide as its number of attestations and figures."""
    told = [*released.rows("attestations"), *released.rows("figures")]
    through: Counter[str] = Counter()
    entering: Counter[tuple[str, str]] = Counter()
    stances: dict[str, Counter[str]] = defaultdict(Counter)
    for row in told:
        links = row["source_chain"].split("/")
        through.update("/".join(links[: depth + 1]) for depth in range(len(links)))
        entering[row["article_id"], links[0]] += 1
        stances[row["source_chain"]][SIDES[row["stance"]]] += 1
    scale = _FLOW / max(len(told), 1)
    nodes = _nodes(through, stances, rows)
    heads = [chain for chain in nodes if "/" not in chain]
    height = _ROW * len(nodes) + 20
    articles, flows = [], []
    into = {chain: nodes[chain].y - scale * through[chain] / 2 for chain in heads}
    totals = Counter({article: sum(entering[article, head] for head in heads) for article, _ in entering})
    y = (height - scale * len(told) - 40 * (len(totals) - 1)) / 2
    for article in sorted(totals):
        articles.append((article, round(y, 1), round(scale * totals[article], 1)))
        out = y
        for head in heads:
            if number := entering[article, head]:
                width = scale * number
                who = "speaks itself" if head == ARTICLE else f"cites {nodes[head].label}"
                text = f"{article} {who}: {_times(number)}"
                flows.append(_flow(58, out + width / 2, nodes[head].x, into[head] + width / 2, width, text))
                out, into[head] = out + width, into[head] + width
        y = out + 40
    for chain, node in nodes.items():
        if "/" in chain:
            via = nodes[chain.rpartition("/")[0]]
            text = f"{via.label} cites {node.label}: {_times(through[chain])}"
            path = f"M{via.x + 4} {via.y}V{node.y - 8}q0 8 8 8H{node.x}"
            flows.append(Flow(path, _width(scale * through[chain]), text))
    return Graph(height, articles, list(nodes.values()), flows)


class Node(NamedTuple):
    """A chain of sources: where its line ends, and how often its last link affirms, denies and leaves open."""

    chain: str
    label: str
    x: float
    y: float
    affirms: int
    denies: int
    leaves_open: int
    bar: tuple[float, float, float]

    @property
    def times(self) -> int:
        """How often something ends here."""
        return self.affirms + self.denies + self.leaves_open


class Flow(NamedTuple):
    """A line from an article, or from a source, to the next; as wide as what passes."""

    path: str
    width: float
    text: str


class Graph(NamedTuple):
    """Articles on the left, chains of sources to the right."""

    height: float
    articles: list[tuple[str, float, float]]
    nodes: list[Node]
    flows: list[Flow]


def _nodes(through: Counter[str], stances: dict[str, Counter[str]], rows: Rows) -> dict[str, Node]:
    """Every chain, each after the one that it continues, the most cited first."""
    rank = {chain: (-number, chain) for chain, number in through.items()}

    def order(chain: str) -> list[tuple[int, str]]:
        links = chain.split("/")
        return [rank["/".join(links[: depth + 1])] for depth in range(len(links))]

    most = max((sum(counts.values()) for counts in stances.values()), default=1)
    nodes = {}
    for place, chain in enumerate(sorted(through, key=order)):
        counts = stances[chain]
        affirms, denies, open_ = counts["affirmed_by"] + counts["presupposed_by"], counts["denied_by"], counts[OPEN]
        bar = round(64 * affirms / most, 1), round(64 * denies / most, 1), round(64 * open_ / most, 1)
        x, y = 120 + 18 * chain.count("/"), 20 + place * _ROW
        nodes[chain] = Node(chain, rows.names(chain)[-1], x, y, affirms, denies, open_, bar)
    return nodes


def _flow(x1: float, y1: float, x2: float, y2: float, width: float, text: str) -> Flow:
    middle = (x1 + x2) / 2
    return Flow(f"M{x1} {y1:.1f}C{middle} {y1:.1f} {middle} {y2:.1f} {x2} {y2:.1f}", _width(width), text)


def _width(width: float) -> float:
    return round(max(width, 1), 1)


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
