"""Find the rows of two readings that are about the same thing. Their ids are their own, and say nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ...schema.model import Field, Table
from ...schema.terms import ARTICLE, SAME, UNSPECIFIED
from ..rows import Coding, Row

# The tables that are compared, each after those that its rows hang on. Actors are paired by where they stand in them.
TABLES = ("events", "quotes", "figures", "exclusions", "attestations", "participants", "mentions", "links", "actors")
# Which spans say where a row stands.
_PLACED = {
    "events": ("trigger",),
    "quotes": ("content", "reported"),
    "figures": ("number",),
    "attestations": ("evidence",),
}
# What breaks a tie must not outweigh what it breaks: equal cells count less than a code point of overlap does, and the
# order of the rows less than a cell.
_CELLS, _ORDER = 1e-4, 1e-6
# Two actors with other names are one if they stand in the same places at least so far (Dice's coefficient).
_SAME_PLACES = 0.5
_NAMED, _BY_NAME = "named", 1e3
_ROUNDS = 2

Names = Mapping[str, str]


class Pair(NamedTuple):
    """Two rows about the same thing, or a row that only one reading has."""

    first: Row | None
    second: Row | None


def pair(first: Coding, second: Coding) -> tuple[dict[str, list[Pair]], Names]:
    """Pair the rows of each table, and give the first reading's id for each id of the second that is in a pair.

    Rows with spans are paired where these overlap, so that the overlap of all pairs is as large as can be; ties go to
    rows with more equal cells and more overlap of what belongs to them. Attestations and participants are paired only
    inside events that are.
    """
    names: dict[str, str] = {}
    pairs: dict[str, list[Pair]] = {}
    here, there = _places(first), _places(second)
    placed, spans = (here[0], there[0]), (here[1], there[1])
    # What rows refer to is known only when all tables are paired: then ties can be broken by references, too.
    for _ in range(_ROUNDS):
        known, names = names, {name: name for name in (ARTICLE, UNSPECIFIED)}
        for table in (name for name in TABLES if name in first.schema.tables):
            if table == "attestations":
                names |= _actors(first, second, pairs, names)
            pairs[table] = list(_pairs(first, second, table, placed, spans, names, {**known, **names}))
            for one, other in pairs[table]:
                if one is not None and other is not None and len(one.key) == 1:
                    names[other.key[0]] = one.key[0]
    return pairs, names


def value_columns(table: Table) -> list[Field]:
    """The columns in which paired rows are compared: what was written, but for own words, ids, and what spans say."""
    told = _TOLD.get(table.name, ())
    ids = table.primary_key if len(table.primary_key) == 1 else ()
    return [
        field for field in table.written if field.wording not in ("own", "name") and field.name not in (*told, *ids)
    ]


def translated(row: Row, field: Field, names: Names | None) -> object:
    """A cell, with ids of the second reading replaced by those of the first. `names` is None for the first reading."""
    value = row[field.name]
    if value is None or names is None:
        return value
    if field.name == "source_chain":
        return "/".join(_name(link, names) for link in value.split("/"))
    return _name(value, names) if field.name in refers(row.table) else value


def refers(table: Table) -> set[str]:
    """The columns that name an actor or an item."""
    return {key.fields[0] for key in table.foreign_keys if key.table not in ("articles", "claims", "sources")}


def turned(link: Row, names: Names, other: Row) -> bool:
    """Whether a link of the second reading leads the other way round than one of the first."""
    return other["relation"] not in SAME and names.get(other["from_id"]) == link["to_id"] != link["from_id"]


# Columns by which rows are paired, or that repeat the words at their spans.
_TOLD = {
    "quotes": ("text",),
    "exclusions": ("start_char", "end_char", "wording"),
    "participants": ("actor_id",),
    "mentions": ("actor_id",),
    "links": ("from_id", "to_id"),
}


def _name(id: str, names: Names) -> str:
    return names.get(id, f"second:{id}")


def _pairs(
    first: Coding,
    second: Coding,
    table: str,
    placed: tuple[Mapping[str, set[int]], Mapping[str, set[int]]],
    spans: tuple[Mapping[str, set[int]], Mapping[str, set[int]]],
    names: Names,
    known: Names,
) -> Iterator[Pair]:
    """The pairs of a table in the order of the first reading, then what only the second has."""
    columns = value_columns(first.schema.tables[table])
    own = [field for field in first.schema.tables[table].written if field.wording == "own"]
    groups: dict[Hashable, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for row in first.rows(table):
        groups[_group(row, None)][0].append(row)
    for row in second.rows(table):
        groups[_group(row, names)][1].append(row)
    partner: dict[int, Row] = {}

    def likeness(one: Row, other: Row) -> float:
        if table in _PLACED or table == "exclusions":
            here, there = placed[0].get(one.id, set()), placed[1].get(other.id, set())
            score = _overlap(here, there)
        else:
            score = 1.0
        if not score:
            return 0.0
        equal = sum(translated(one, field, None) == translated(other, field, known) for field in [*columns, *own])
        share = equal / max(1, len(columns) + len(own))
        return (
            score + _CELLS * (share + _overlap(*(spans[side].get(row.id) for side, row in enumerate((one, other))))) / 2
        )

    for ones, others in groups.values():
        partner |= {id(one): other for one, other in assigned(ones, others, likeness)}
    taken = {id(other) for other in partner.values()}
    for row in first.rows(table):
        yield Pair(row, partner.get(id(row)))
    for row in second.rows(table):
        if id(row) not in taken:
            yield Pair(None, row)


def assigned(
    ones: Sequence[Row], others: Sequence[Row], likeness: Callable[[Row, Row], float]
) -> Iterator[tuple[Row, Row]]:
    """The pairs with the greatest likeness in all (0: no pair). Of equal ones, those that keep the order."""
    if not ones or not others:
        return
    import numpy
    from scipy.optimize import linear_sum_assignment

    scores = numpy.array([[likeness(one, other) for other in others] for one in ones])
    # The square keeps pairs from crossing, which the distance alone would not tell apart.
    far = numpy.subtract.outer(numpy.arange(len(ones)), numpy.arange(len(others))) ** 2
    ordered = numpy.where(scores > 0, scores + _ORDER * (1 - far / max(scores.shape) ** 2), 0)
    for place, other in zip(*linear_sum_assignment(ordered, maximize=True)):
        if scores[place, other] > 0:
            yield ones[place], others[other]


def _group(row: Row, names: Names | None) -> Hashable:
    """What two rows must have in common to be a pair."""

    def name(column: str) -> str:
        return str(row[column]) if names is None else _name(str(row[column]), names)

    match row.table.name:
        case "attestations":
            return name("event_id")
        case "participants":
            return name("event_id"), name("actor_id")
        case "mentions":
            return row["article_id"], name("actor_id")
        case "links":
            return frozenset((name("from_id"), name("to_id")))
        case "actors":
            return name("actor_id")
        case _:
            return str(row["article_id"])


def _overlap(here: set[int] | None, there: set[int] | None) -> float:
    """The code points that two sets share, of all of them."""
    return len(here & there) / len(here | there) if here and there else 0.0


def _places(coding: Coding) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """The code points that say where each item and exclusion stands, and all that belong to an item.

    The evidence of an attestation belongs to its event as well.
    """
    wanted = {part for parts in _PLACED.values() for part in parts}
    event = {row["attestation_id"]: row["event_id"] for row in coding.rows("attestations")}
    places: dict[str, set[int]] = defaultdict(set)
    spans: dict[str, set[int]] = defaultdict(set)
    for span in coding.rows("spans"):
        item, points = span["item_id"], range(span["start_char"], span["end_char"])
        if span["part"] in wanted:
            places[item].update(points)
        for each in {item, event.get(item, item)}:
            spans[each].update(points)
    for row in coding.rows("exclusions"):
        places[row.id].update(range(row["start_char"], row["end_char"]))
    return places, spans


def _actors(first: Coding, second: Coding, pairs: Mapping[str, list[Pair]], names: Names) -> dict[str, str]:
    """The first reading's id of each actor of the second: who has the same name there, or stands in the same places."""
    both = {one.id for each in pairs.values() for one, other in each if one is not None and other is not None}
    here, there = _standing(first, None, both), _standing(second, names, both)

    def likeness(one: Row, other: Row) -> float:
        mine, its = here[one["actor_id"]], there[other["actor_id"]]
        common = mine & its
        dice = 2 * len(common) / (len(mine) + len(its)) if common else 0.0
        # A name goes before any places: these are cells that are compared later.
        if any(row == _NAMED for row, *_ in common):
            return _BY_NAME + dice
        return dice if dice >= _SAME_PLACES else 0.0

    actors = [[row for row in coding.rows("actors") if row["actor_id"] != UNSPECIFIED] for coding in (first, second)]
    return {other["actor_id"]: one["actor_id"] for one, other in assigned(actors[0], actors[1], likeness)}


def _standing(coding: Coding, names: Names | None, both: set[str]) -> dict[str, set[tuple[Hashable, ...]]]:
    """Where each actor stands: its name in each article, and its places in the rows that both readings have."""
    found: dict[str, set[tuple[Hashable, ...]]] = defaultdict(set)

    def add(actor: str | None, row: str, *place: Hashable) -> None:
        row = row if names is None else _name(row, names)
        if actor is not None and row in both:
            found[actor].add((row, *place))

    for row in coding.rows("mentions"):
        found[row["actor_id"]].add((_NAMED, row["article_id"], str(row["name"]).casefold()))
    for row in [*coding.rows("quotes"), *coding.rows("figures")]:
        for column in ("speaker_id", "addressee_id"):
            add(row.cells.get(column), row.id, column)
        for rank, link in enumerate(str(row["source_chain"]).split("/")):
            add(link, row.id, rank)
    for row in coding.rows("participants"):
        add(row["actor_id"], row["event_id"], row["role"])
    return found
