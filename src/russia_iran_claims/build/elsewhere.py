"""What a check needs to know of articles that are known to be right, without their rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

# A table and the key of one of its rows; or a table, a column and a value that it holds once.
Key = tuple[str, ...]


class Facts(NamedTuple):
    """One article of which no rule has anything to say.

    `keys` are those of rows whose key is not made of that of the record around; `unique` are the values of columns that
    hold each value once; `actors` are those whom a row names; `rows` counts the rows by table.
    """

    article_id: str
    keys: list[Key]
    unique: list[Key]
    actors: list[str]
    rows: dict[str, int]

    @classmethod
    def from_json(cls, told: Any) -> Facts:
        article_id, keys, unique, actors, rows = told
        return cls(article_id, [tuple(key) for key in keys], [tuple(key) for key in unique], actors, rows)


@dataclass
class Elsewhere:
    """The facts of several articles together. `clash` tells whether two of them claim the same key or value."""

    ids: dict[str, set[str]] = field(default_factory=dict)
    article_of: dict[str, str] = field(default_factory=dict)
    unique: set[Key] = field(default_factory=set)
    actors: set[str] = field(default_factory=set)
    rows: int = 0
    clash: bool = False

    @classmethod
    def of(cls, known: Iterable[Facts]) -> Elsewhere:
        """What all of these articles hold."""
        whole, keys = cls(), 0
        for facts in known:
            for table, id in facts.keys:
                whole.ids.setdefault(table, set()).add(id)
                if table != "articles":
                    whole.article_of[id] = facts.article_id
            keys += len(facts.keys) + len(facts.unique)
            whole.unique.update(facts.unique)
            whole.actors.update(facts.actors)
            whole.rows += sum(facts.rows.values())
        whole.clash = keys != sum(map(len, whole.ids.values())) + len(whole.unique)
        return whole
