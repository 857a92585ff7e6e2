"""The schemas of a published version, from its own descriptors: those in `schema/` may have moved on."""

from __future__ import annotations

from typing import Any

from .model import Field, ForeignKey, Schema, Table, Vocabulary

# What describes the dataset as a whole, in datapackage.json and in schema-org.json.
_PACKAGE = ("name", "title", "description", "version", "keywords", "contributors", "licenses")
_SCHEMA_ORG = {
    "language": "inLanguage", "temporal_coverage": "temporalCoverage", "spatial_coverage": "spatialCoverage",
}  # fmt: skip


def schema_of(package: dict[str, Any], schema_org: dict[str, Any]) -> Schema:
    """The schemas that two descriptors of a version repeat. What only curators need is not in them."""
    dataset = {name: package[name] for name in _PACKAGE}
    dataset |= {name: schema_org[key] for name, key in _SCHEMA_ORG.items()}
    dataset["released"] = package.get("created", "")[:10] or None
    dataset["download_base"] = package.get("homepage", "")
    tables = {entry["name"]: _table(entry) for entry in package["resources"] if entry.get("type") == "table"}
    return Schema(dataset, tables, {})


def _table(resource: dict[str, Any]) -> Table:
    schema = resource["schema"]
    keys = tuple(
        ForeignKey(
            tuple(key["fields"]), key["reference"]["resource"] or resource["name"], tuple(key["reference"]["fields"])
        )
        for key in schema.get("foreignKeys", ())
    )
    return Table(
        resource["name"],
        resource["title"],
        resource["description"],
        tuple(_field(entry) for entry in schema["fields"]),
        tuple(schema["primaryKey"]),
        keys,
    )


def _field(entry: dict[str, Any]) -> Field:
    vocabulary = None
    if "categories" in entry:
        values = {
            level["value"]: {"definition": level["description"], "example": level["example"]}
            for level in entry["categories"]
        }
        vocabulary = Vocabulary(entry["name"], entry["title"], entry["categoriesOrdered"], values)
    return Field(
        entry["name"],
        entry["type"],
        entry["title"],
        entry["description"],
        entry["example"],
        entry.get("constraints", {}),
        vocabulary,
    )
