"""The page that goes along with the tables: a README, and as such the card that the Hugging Face Hub reads."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from ..schema.model import Schema
from ..schema.terms import HEADLINE, MISSING
from .codebook import row
from .describe import citation, how_it_was_coded

CARD = "README.md"


def card(schema: Schema, counts: Mapping[str, int], *, parquet: str = "", codebook: str = "datapackage.json") -> str:
    """The card of a version: `datasets` loads each table by its name.

    `counts` are the rows of each table; one without rows cannot be loaded that way, and is left out. `parquet` and
    `codebook` are the paths of the Parquet files and of the codebook.
    """
    tables = [name for name in schema.tables if counts[name]]
    first = next((name for name in HEADLINE if name in tables), None)
    dataset = schema.dataset
    metadata = {
        "pretty_name": dataset["name"],
        "language": [dataset["language"]],
        "license": dataset["licenses"][0]["name"].lower(),
        "tags": dataset["keywords"],
        "configs": [
            {
                "config_name": name,
                "data_files": f"{parquet}{name}.parquet",
                **({"default": True} if name == first else {}),
            }
            for name in tables
        ],
    }
    front = yaml.safe_dump(metadata, sort_keys=False, allow_unicode=True, width=110)
    return f"---\n{front}---\n\n{about_the_tables(schema, counts, codebook=codebook)}"


def about(schema: Schema) -> list[tuple[str, str]]:
    """What a person has to know about a version, as pairs of property and text."""
    dataset = schema.dataset
    coding = dataset.get("coding", {})
    told = [
        ("title", dataset["title"]),
        ("version", schema.version),
        ("description", dataset["description"]),
        ("how it was coded", " ".join(how_it_was_coded(schema))),
        ("limits", " ".join([*coding.get("dataLimitations", ()), *coding.get("dataBiases", ())])),
        ("citation", citation(schema)),
        ("licence", "; ".join(f"{each['title']}, {each['path']}" for each in dataset["licenses"])),
    ]
    return [(name, text) for name, text in told if text]


def about_the_tables(
    schema: Schema, counts: Mapping[str, int], *, opening: str = "", codebook: str = "datapackage.json"
) -> str:
    """What a person has to know about a version, as Markdown.

    `opening` says how to open its files, and `codebook` is the path of the one that defines the columns.
    """
    dataset = schema.dataset
    coding = dataset.get("coding", {})
    told = any(field.missing for table in schema.tables.values() for field in table.fields)
    meanings = ", ".join(f"*{short}* ({long})" for short, long in MISSING.values())
    null = f", and what null means in it: {meanings}" if told else ""
    parts = [
        f"# {dataset['title']}",
        f"Version {schema.version}" + (f", {dataset['released']}." if dataset.get("released") else "."),
        dataset["description"],
        opening,
        "## The tables",
        "\n".join(
            [
                "| table | rows | what a row is |",
                "|---|---:|---|",
                *(row(table.name, str(counts[name]), table.description) for name, table in schema.tables.items()),
            ]
        ),
        "A *claim* is what is said. A *source chain* names everyone between the article and the claim. A *curator* is "
        "whoever coded the article.",
        f"`{codebook}` defines every column and value{null}.",
        *(("## How it was coded", "\n\n".join(how_it_was_coded(schema))) if coding else ()),
        *(("## Limits", _list([*coding["dataLimitations"], *coding["dataBiases"]])) if coding else ()),
        "## Cite it",
        f"> {citation(schema)}",
        "## Licence",
        "; ".join(f"[{each['title']}]({each['path']})" for each in dataset["licenses"])
        + ". Quoted words remain their speakers' and publishers'.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _list(points: list[str]) -> str:
    return "\n".join(f"- {point}" for point in points)
