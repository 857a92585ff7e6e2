"""The codebook as the page shows it: columns by table, and each list of values once."""

from __future__ import annotations

import json
from typing import NamedTuple

from .data import Released


def codebook(released: Released) -> tuple[dict[str, list[Column]], list[Values]]:
    """Every column of every table, and the lists of values; columns that share a list refer to the same one."""
    known: dict[str, Values] = {}
    columns: dict[str, list[Column]] = {}
    for name, schema in released.version.schemas.items():
        columns[name] = []
        for field in schema["fields"]:
            values = None
            if "categories" in field:
                levels = json.dumps(field["categories"], sort_keys=True)
                taken = sum(each.id.partition("-")[0] == field["name"] for each in known.values())
                values = known.setdefault(
                    levels, Values(field["name"] + (f"-{name}" if taken else ""), field["categories"])
                ).id
            required = bool(field.get("constraints", {}).get("required"))
            columns[name].append(
                Column(field["name"], field["type"], field["description"], field["example"], required, values)
            )
    return columns, list(known.values())


class Column(NamedTuple):
    """A column of the codebook; `values` names the list of its values."""

    name: str
    type: str
    description: str
    example: str
    required: bool
    values: str | None


class Values(NamedTuple):
    """The values that one or more columns may hold, each with its meaning and an example."""

    id: str
    values: list[dict[str, str]]
