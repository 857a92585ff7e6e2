"""What a check needs to know of articles that are known to be right, without their rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

# A table, a column, and a value that it holds once.
Unique = tuple[str, str, str]


class Facts(NamedTuple):
    """One article of which no rule has anything to say.

    `ids` are, by table, the keys of rows that are not made of that of the record around; `unique` are the values of
    columns that hold each value once; `actors` are those whom a row names; `rows` is how many rows there are.
    """

    article_id: str
    ids: dict[str, list[str]]
    unique: list[Unique]
    actors: list[str]
    rows: int

    @classmethod
    def from_json(cls, told: Any) -> Facts:
        article_id, ids, unique, actors, rows = told
        return cls(article_id, ids, [tuple(each) for each in unique], actors, rows)


@dataclass
class Elsewhere:
    """The facts of several articles together. `clash` tells whether two of them claim the same id or value."""

    ids: dict[str, set[str]] = field(default_factory=dict)
    article_of: dict[str, str] = field(default_factory=dict)
    unique: set[Unique] = field(default_factory=set)
    actors: set[str] = field(default_factory=set)
    rows: int = 0
    clash: bool = False

    @classmethod
    def of(cls, known: Iterable[Facts]) -> Elsewhere:
        """What all of these articles hold."""
        whole, claimed = cls(), 0
        for facts in known:
            for table, ids in facts.ids.items():
                whole.ids.setdefault(table, set()).update(ids)
                if table != "articles":
                    whole.article_of.update(dict.fromkeys(ids, facts.article_id))
                claimed += len(ids)
            claimed += len(facts.unique)
            whole.unique.update(facts.unique)
            whole.actors.update(facts.actors)
            whole.rows += facts.rows
        different = len(whole.article_of) + len(whole.ids.get("articles", ())) + len(whole.unique)
        whole.clash = claimed != different
        return whole
