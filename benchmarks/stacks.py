"""What people would use instead: whole pipelines from raw files to tables, without any of the project's code.

`python benchmarks/stacks.py STACK PROJECT TARGET` parses the YAML under PROJECT/raw, validates every row against the
Table Schemas (types, required, enum, pattern, bounds, primary and foreign keys), and writes CSV and Parquet.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Rows = list[dict[str, Any]]

NESTED = ("mentions", "quotes", "events", "figures", "exclusions", "participants", "attestations", "spans")
# Which column of a nested record names the record around it.
PARENT = {
    "spans": "item_id",
    "participants": "event_id",
    "attestations": "event_id",
    **dict.fromkeys(("mentions", "quotes", "events", "figures", "exclusions"), "article_id"),
}
TYPES = {"string": str, "integer": int, "number": float, "boolean": bool, "date": str}


def floor(project: Path, target: Path) -> None:
    """The least that the work costs: a parser in Rust, columns from the start, polars for everything else."""
    import polars as pl
    import yaml_rs

    kinds = {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean, "date": pl.String}
    tables = read(project, lambda path: yaml_rs.loads(path.read_text("utf-8"), parse_datetime=False))
    frames = {}
    for name, table in schemas(project, tables).items():
        columns = {field["name"]: kinds[field["type"]] for field in table["fields"]}
        rows = tables[name]
        frames[name] = frame = pl.DataFrame(
            {column: [row.get(column) for row in rows] for column in columns}, schema=columns
        )
        wrong = []
        for field in table["fields"]:
            cell, limits = pl.col(field["name"]), field.get("constraints", {})
            if limits.get("required"):
                wrong.append(cell.is_null().any())
            if "enum" in limits:
                wrong.append((~cell.is_in(limits["enum"])).any())
            if "pattern" in limits:
                wrong.append((~cell.str.contains(f"^(?:{limits['pattern']})$")).any())
            if "minimum" in limits:
                wrong.append((cell < limits["minimum"]).any())
            if field["type"] == "date":
                wrong.append(cell.str.to_date("%Y-%m-%d", strict=False).is_null().any() & cell.is_not_null().any())
        wrong.append(pl.struct(table["primaryKey"]).is_duplicated().any())
        assert not any(frame.select(check.alias(str(n)) for n, check in enumerate(wrong)).row(0) or ()), name
    for name, column, other, key in references(project, frames):
        assert frames[name][column].drop_nulls().is_in(frames[other][key].implode()).all(), (name, column)
    for name, frame in frames.items():
        frame.write_csv(target / f"{name}.csv")
        frame.write_parquet(target / f"{name}.parquet")


def naive(project: Path, target: Path) -> None:
    """PyYAML's own loader, pydantic, pandas, frictionless."""
    import frictionless
    import pandas as pd
    import yaml

    tables = read(project, lambda path: yaml.load(path.read_text("utf-8"), Loader=yaml.SafeLoader))
    package = _written_by_pandas(project, target, _validated(project, tables), pd)
    assert frictionless.validate(package).valid


def peer(project: Path, target: Path) -> None:
    """The best of the usual parts: PyYAML with libyaml, pydantic, pandera on polars."""
    import pandera.polars as pa
    import polars as pl
    import yaml

    kinds = {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean, "date": pl.String}
    tables = read(project, lambda path: yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader))
    tables = _validated(project, tables)
    frames = {}
    for name, table in schemas(project, tables).items():
        columns = {field["name"]: kinds[field["type"]] for field in table["fields"]}
        rows = tables[name]
        frame = pl.DataFrame({column: [row.get(column) for row in rows] for column in columns}, schema=columns)
        checks = {}
        for field in table["fields"]:
            limits = field.get("constraints", {})
            wanted = [pa.Check.isin(limits["enum"])] if "enum" in limits else []
            wanted += [pa.Check.str_matches(f"^(?:{limits['pattern']})$")] if "pattern" in limits else []
            wanted += [pa.Check.ge(limits["minimum"])] if "minimum" in limits else []
            checks[field["name"]] = pa.Column(
                kinds[field["type"]], wanted, nullable=not limits.get("required"), unique=bool(limits.get("unique"))
            )
        frames[name] = pa.DataFrameSchema(checks, unique=table["primaryKey"]).validate(frame)
    for name, column, other, key in references(project, frames):
        assert frames[name][column].drop_nulls().is_in(frames[other][key].implode()).all(), (name, column)
    for name, frame in frames.items():
        frame.write_csv(target / f"{name}.csv")
        frame.write_parquet(target / f"{name}.parquet")


def frictionless_alone(project: Path, target: Path) -> None:
    """Frictionless, once, over the package that the project's own build has published."""
    import frictionless

    (package,) = project.glob("dataset/*/datapackage.json")
    assert frictionless.validate(str(package)).valid


def imports_check(project: Path, target: Path) -> None:
    """A process that only imports the YAML library and pydantic."""
    import yaml_rs  # noqa: F401
    from pydantic import BaseModel  # noqa: F401


def imports_core(project: Path, target: Path) -> None:
    """A process that only imports what `check` imports of them."""
    import pydantic_core  # noqa: F401
    import yaml_rs  # noqa: F401


def imports_build(project: Path, target: Path) -> None:
    """A process that imports frictionless, pyarrow and pydantic, and validates the published package."""
    import pyarrow as pa  # noqa: F401
    from pydantic import BaseModel  # noqa: F401

    frictionless_alone(project, target)


def read(project: Path, parse: Callable[[Path], Any]) -> dict[str, Rows]:
    """All records under raw/ as rows of flat tables."""
    tables: dict[str, Rows] = defaultdict(list)
    for name in ("actors", "links"):
        tables[name] = parse(project / "raw" / f"{name}.yaml") or []
    for path in sorted((project / "raw" / "articles").glob("*.yaml")):
        _flatten("articles", parse(path), None, tables)
    kinds = ("event", "quote", "figure", "attestation")
    tables["items"] = [{"item_id": row[f"{kind}_id"]} for kind in kinds for row in tables[f"{kind}s"]]
    return tables


def _flatten(name: str, record: dict[str, Any], parent: str | None, tables: dict[str, Rows]) -> None:
    row = {}
    for key, value in record.items():
        if key in NESTED:
            continue
        row[key] = "/".join(value) if key == "source_chain" else str(value) if key == "published" else value
    if parent is not None:
        row[PARENT[name]] = parent
    tables[name].append(row)
    own = next(iter(row.values()))
    for key in NESTED:
        ranks: dict[str, int] = defaultdict(int)
        for child in record.get(key, ()):
            if key in ("spans", "mentions"):
                part = child.get("part", "")
                ranks[part] += 1
                child = {**child, "seq": ranks[part]}
            _flatten(key, child, own, tables)


def schemas(project: Path, tables: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The Table Schema of each table that is written by hand, without columns that are derived."""
    found = {}
    for name in tables:
        if name == "items":
            found[name] = {"fields": [{"name": "item_id", "type": "string"}], "primaryKey": ["item_id"]}
            continue
        table = json.loads((project / "schema" / f"{name}.json").read_text("utf-8"))
        table["fields"] = [field for field in table["fields"] if field.get("origin") != "derived"]
        found[name] = table
    return found


def references(project: Path, tables: Iterable[str]) -> Iterable[tuple[str, str, str, str]]:
    """Every foreign key between tables that are written by hand: table, column, other table, its column."""
    for name, table in schemas(project, tables).items():
        for key in table.get("foreignKeys", ()):
            other = key["reference"]["resource"] or name
            if other in set(tables):
                yield name, key["fields"][0], other, key["reference"]["fields"][0]


def _validated(project: Path, tables: dict[str, Rows]) -> dict[str, Rows]:
    """The rows as pydantic models see them."""
    from typing import Annotated, Literal

    from pydantic import ConfigDict, Field, create_model

    for name, table in schemas(project, tables).items():
        columns: dict[str, Any] = {}
        for field in table["fields"]:
            limits = field.get("constraints", {})
            kind: Any = TYPES[field["type"]]
            if "enum" in limits:
                kind = Literal[tuple(limits["enum"])]
            elif "pattern" in limits:
                kind = Annotated[str, Field(pattern=f"^(?:{limits['pattern']})$")]
            elif "minimum" in limits:
                kind = Annotated[kind, Field(ge=limits["minimum"])]
            columns[field["name"]] = (kind, ...) if limits.get("required") else (kind | None, None)
        model = create_model(name, __config__=ConfigDict(strict=True, extra="forbid"), **columns)
        tables[name] = [model.model_validate(row).__dict__ for row in tables[name]]
    return tables


def _written_by_pandas(project: Path, target: Path, tables: dict[str, Rows], pd: Any) -> str:
    resources = []
    for name, table in schemas(project, tables).items():
        frame = pd.DataFrame(tables[name], columns=[field["name"] for field in table["fields"]])
        for field in table["fields"]:
            if field["type"] == "integer":
                frame[field["name"]] = frame[field["name"]].astype("Int64")
        frame.to_csv(target / f"{name}.csv", index=False)
        frame.to_parquet(target / f"{name}.parquet")
        table["foreignKeys"] = [
            key for key in table.get("foreignKeys", ()) if (key["reference"]["resource"] or name) in tables
        ]
        resources.append({"name": name, "type": "table", "path": f"{name}.csv", "schema": table})
    package = target / "datapackage.json"
    package.write_text(json.dumps({"name": "naive", "resources": resources}), "utf-8")
    return str(package)


STACKS = {
    "floor": floor,
    "naive": naive,
    "peer": peer,
    "frictionless": frictionless_alone,
    "imports-check": imports_check,
    "imports-core": imports_core,
    "imports-build": imports_build,
}

if __name__ == "__main__":
    stack, project, target = sys.argv[1:]
    STACKS[stack](Path(project), Path(target))
