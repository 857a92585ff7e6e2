"""How far two readings agreed, as tables and sentences for docs/reliability.md and README.md."""

from __future__ import annotations

from collections import Counter, defaultdict

from ..io.problems import BuildError, Problem
from ..schema.model import Record, Records
from ..tables.codebook import agreed, row, rows_in_both

# Below this, Krippendorff advises against firm conclusions.
_FIRM = 0.8
# What README tells: a table's rows, and two columns.
_TOLD = (("events", "*", "f1"), ("attestations", "stance", "alpha"), ("events", "event_type", "alpha"))


def agreement_tables(records: Records) -> str:
    """All published figures: the rows of each table, then the cells of the pairs, as Markdown."""
    by_place = _by_place(records)
    lines = ["| rows of | first | second | in both | precision | recall | F1 |", "|---|---:|---:|---:|---:|---:|---:|"]
    for (table, column), measures in by_place.items():
        if column == "*":
            counts = [measures["recall"]["n"], measures["precision"]["n"], measures["recall"]["agreed"]]
            lines.append(row(table, *counts, *(_two(measures[name]) for name in ("precision", "recall", "f1"))))
    lines += ["", "| column | equal | of | share | alpha | 95 % interval |", "|---|---:|---:|---:|---:|---|"]
    for (table, column), measures in by_place.items():
        if column != "*":
            share, alpha = measures["share"], measures.get("alpha")
            bounds = f"{float(alpha['low']):.2f} to {float(alpha['high']):.2f}" if alpha and alpha["low"] else ""
            if alpha and alpha["n"] != share["n"]:
                bounds = f"of {alpha['n']} pairs with numbers{', ' if bounds else ''}{bounds}"
            told = _two(alpha) if alpha else ""
            lines.append(row(f"{table}.{column}", share["agreed"], share["n"], _two(share), told, bounds))
    return "\n".join(lines)


def weak_columns(records: Records) -> str:
    """The columns whose alpha is too low for firm conclusions, as a list in Markdown, the lowest first."""
    weak = [
        (float(measures["alpha"]["value"]), f"`{table}.{column}`", measures)
        for (table, column), measures in _by_place(records).items()
        if "alpha" in measures and measures["alpha"]["value"] and float(measures["alpha"]["value"]) < _FIRM
    ]
    # With a digit more than elsewhere, so that none seems to reach the bound.
    return "\n".join(
        f"- {name}: alpha {alpha:.3f}, {measures['share']['agreed']} of {measures['share']['n']}"
        for alpha, name, measures in sorted(weak, key=lambda each: each[:2])
    )


def three_figures(records: Records) -> str:
    """The three figures of README, as a list in Markdown."""
    by_place = _by_place(records)
    events, stance, kind = (by_place[table, column] for table, column, _ in _TOLD)
    return "\n".join(
        [
            f"- events: {rows_in_both(events)}",
            f"- who takes which stance: {agreed(stance)}",
            f"- what kind of event it is: {agreed(kind)}",
        ]
    )


def settled_tables(records: Records) -> str:
    """How often readings differed in each column, and how that was settled: the kept readings, then those before."""
    needed = {"table_name", "column_name", "kind", "settled"}
    # In 0.1.0 the first two were called otherwise.
    formerly = {"table": "table_name", "column": "column_name"}
    told = [{formerly.get(name, name): cell for name, cell in each.items()} for each in records["differences"]]
    if missing := needed.difference(*told[:1]) if told else set():
        found = f"docs/reliability.md counts by the column {', '.join(sorted(missing))}, which is not in the schema"
        hint = "keep the column, or change the code that uses it"
        raise BuildError([Problem("schema/differences.json", 0, 0, "schema", found, hint=hint)])
    kept = [each for each in told if each.get("pair_id")]
    earlier = [each for each in told if not each.get("pair_id")]
    parts = [("Between the two readings:", kept), ("Between two earlier readings, which were not kept:", earlier)]
    return "\n\n".join(f"{title}\n\n{_settled(rows)}" for title, rows in parts if rows)


def _settled(rows: list[Record]) -> str:
    what = {"value": "cell", "extent": "cut of the passage", "only_first": "row", "only_second": "row"}
    ways = ("first", "second", "neither")
    places = [(each["table_name"], each["column_name"], what[each["kind"]]) for each in rows]
    counts = Counter((*place, each["settled"]) for place, each in zip(places, rows))
    totals = Counter(each["settled"] for each in rows)
    lines = [
        "| table | column | what differs | differences | as first | as second | otherwise |",
        "|---|---|---|---:|---:|---:|---:|",
    ]
    for place in sorted(set(places)):
        numbers = [counts[*place, way] for way in ways]
        lines.append(row(*place, str(sum(numbers)), *map(str, numbers)))
    lines.append(row("**all**", "", "", str(len(rows)), *(str(totals[way]) for way in ways)))
    return "\n".join(lines)


def _by_place(records: Records) -> dict[tuple[str, str], dict[str, Record]]:
    """The measures of each table and column, in the order of the tables."""
    found: dict[tuple[str, str], dict[str, Record]] = defaultdict(dict)
    for each in records["agreement"]:
        found[each["table_name"], each["column_name"]][each["measure"]] = each
    return found


def _two(measure: Record) -> str:
    return f"{float(measure['value']):.2f}" if measure["value"] else "-"
