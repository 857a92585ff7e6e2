"""The schemas of a published version, from its own descriptors: those in `schema/` may have moved on."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NotRequired

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

from ..io.json_file import read_model
from .model import Field, ForeignKey, Schema, Table, Vocabulary

# What describes the dataset as a whole, in datapackage.json and in schema-org.json.
_PACKAGE = ("name", "title", "description", "version", "keywords", "contributors", "licenses")
_SCHEMA_ORG = {
    "language": "inLanguage", "temporal_coverage": "temporalCoverage", "spatial_coverage": "spatialCoverage",
}  # fmt: skip
# Of what was published everything is kept, also what later versions of the build do not know.
_OPEN = ConfigDict(extra="allow", strict=True)


@with_config(_OPEN)
class _Level(TypedDict):
    value: str
    label: str
    description: str
    example: str


@with_config(_OPEN)
class _Column(TypedDict):
    name: str
    type: str
    title: str
    description: str
    example: str
    constraints: NotRequired[dict[str, Any]]
    categories: NotRequired[list[_Level]]
    categoriesOrdered: NotRequired[bool]
    missing: NotRequired[str]


@with_config(_OPEN)
class _Reference(TypedDict):
    resource: str
    fields: list[str]


@with_config(_OPEN)
class _Key(TypedDict):
    fields: list[str]
    reference: _Reference


@with_config(_OPEN)
class _TableSchema(TypedDict):
    fields: list[_Column]
    primaryKey: list[str]
    foreignKeys: NotRequired[list[_Key]]


@with_config(_OPEN)
class _Resource(TypedDict):
    name: str
    path: str
    title: str
    description: str
    bytes: int
    hash: str
    type: NotRequired[str]
    schema: NotRequired[_TableSchema]


@with_config(_OPEN)
class Package(TypedDict):
    """`datapackage.json` of a version."""

    name: str
    title: str
    description: str
    version: str
    keywords: list[str]
    contributors: list[dict[str, Any]]
    licenses: list[dict[str, Any]]
    resources: list[_Resource]
    created: NotRequired[str]
    homepage: NotRequired[str]
    coding: NotRequired[dict[str, str | list[str]]]
    doi: NotRequired[dict[str, str]]


@with_config(_OPEN)
class SchemaOrg(TypedDict):
    """`schema-org.json` of a version."""

    inLanguage: str
    temporalCoverage: str
    spatialCoverage: list[str]
    distribution: list[dict[str, Any]]


def descriptors(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The descriptors of a version that its schemas are read from. Raises BuildError if one has another shape."""
    hint = f"take it from version control: git checkout -- dataset/{folder.name}"
    package, schema_org = (
        read_model(folder / name, f"dataset/{folder.name}/{name}", "descriptor", model, hint)
        for name, model in (("datapackage.json", Package), ("schema-org.json", SchemaOrg))
    )
    return package, schema_org


def schema_of(package: dict[str, Any], schema_org: dict[str, Any]) -> Schema:
    """The schemas that two descriptors of a version repeat. What only curators need is not in them."""
    dataset = {name: package[name] for name in _PACKAGE}
    dataset |= {name: schema_org[key] for name, key in _SCHEMA_ORG.items()}
    dataset["released"] = package.get("created", "")[:10] or None
    dataset["download_base"] = package.get("homepage", "")
    dataset |= {"coding": package["coding"]} if "coding" in package else {}
    dataset |= dois_of(package["version"], package.get("doi", {}))
    tables = {entry["name"]: _table(entry) for entry in package["resources"] if "schema" in entry}
    return Schema(dataset, tables, {})


def dois_of(number: str | None, dois: dict[str, str]) -> dict[str, str]:
    """The DOI that leads to all versions, and that of one version; empty if there is none."""
    return {"doi": dois.get("all", ""), "version_doi": dois.get(number or "", "")}


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
        missing=entry.get("missing"),
    )
