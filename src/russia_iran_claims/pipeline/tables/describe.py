"""Metadata files, all from `schema/dataset.json`: Data Package, CITATION.cff, schema.org, Croissant."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from ...citing import as_text
from ..schema.model import Field, Records, Schema, Table
from ..schema.published import dois_of
from ..schema.terms import HEADLINE

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_CROISSANT_TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
}
PARQUET = "application/vnd.apache.parquet"


def numbered(schema: Schema, records: Records, number: str | None = None, released: str | None = None) -> Schema:
    """The schemas of one version of the rows, or without a number those of rows that are not released.

    Fills in what the description says about the articles, and leaves out optional tables without rows.
    """
    articles = [row["published"] for row in records["articles"]]
    reports, described = _counted(len(articles), "report"), _counted(len(articles), "news article")
    told = {
        name: schema.dataset[name]
        .replace("{reports}", reports)
        .replace("{articles}", f"{described} of {_days(articles)}" if articles else described)
        for name in ("title", "description")
    }
    told |= dois_of(number, schema.dataset.get("doi", {}))
    dataset = {**schema.dataset, **told, "temporal_coverage": _coverage(schema, records), "released": released}
    tables = {name: table for name, table in schema.tables.items() if records[name] or not table.optional}
    return dataclasses.replace(schema, dataset={**dataset, **({"version": number} if number else {})}, tables=tables)


def _counted(count: int, what: str) -> str:
    return f"{_COUNTS[count] if count < len(_COUNTS) else count} {what}{'' if count == 1 else 's'}"


def _days(days: list[date]) -> str:
    """Days as people list them: 6 and 7 March and 2 May 2026."""
    years = []
    for year, each in groupby(sorted(set(days)), lambda day: day.year):
        months = [
            f"{_listed([str(day.day) for day in group])} {month}"
            for month, group in groupby(each, lambda day: f"{day:%B}")
        ]
        years.append(f"{_listed(months)} {year}")
    return _listed(years)


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _coverage(schema: Schema, records: Records) -> str:
    """The days that headline rows tell, from the first to the last."""
    told = [schema.tables[name] for name in HEADLINE if name in schema.tables]
    dates = [(table.name, field.name) for table in told for field in table.fields if field.type == "date"]
    days = {row[column] for name, column in dates for row in records[name]}
    days = {*days, *(row["published"] for row in records["articles"])} - {None}
    return f"{min(days)}/{max(days)}" if days else ".."


def about(schema: Schema) -> dict[str, Any]:
    """The properties of the Data Package, without its resources."""
    dataset = schema.dataset
    base, released = dataset["download_base"], dataset.get("released")
    dois = {key: dataset.get(key, "") for key in ("doi", "version_doi")}
    listed = {key: doi for key, doi in (("all", dois["doi"]), (schema.version, dois["version_doi"])) if doi}
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": dataset["name"],
        "title": dataset["title"],
        "description": dataset["description"],
        **({"id": doi_address(dois["version_doi"] or dois["doi"])} if any(dois.values()) else {}),
        **({"homepage": base} if base else {}),
        "version": schema.version,
        **({"created": f"{released}T00:00:00Z"} if released else {}),
        "keywords": dataset["keywords"],
        "contributors": dataset["contributors"],
        "licenses": dataset["licenses"],
        **({"coding": dataset["coding"]} if "coding" in dataset else {}),
        **({"doi": listed} if listed else {}),
    }


def citation(schema: Schema) -> str:
    """The dataset's citation as one line of text."""
    return as_text(about(schema))


def package(schema: Schema, resources: list[dict[str, Any]]) -> dict[str, Any]:
    """The Data Package (v2) descriptor of a release."""
    return {**about(schema), "citation": citation(schema), "resources": resources}


def cff(schema: Schema) -> str:
    """The content of CITATION.cff (Citation File Format 1.2.0)."""
    dataset = schema.dataset
    content: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it with its version.",
        "type": "dataset",
        "title": dataset["title"],
        "abstract": " ".join([dataset["description"], *how_it_was_coded(schema)]),
        "authors": [{"name": person["title"]} for person in dataset["contributors"]],
        "version": schema.version,
        "date-released": dataset["released"],
        "license": dataset["licenses"][0]["name"],
        "keywords": dataset["keywords"],
    }
    if dataset["download_base"]:
        content["url"] = dataset["download_base"]
    if identifiers := _identifiers(schema):
        content["doi"] = identifiers[0][0]
        content["identifiers"] = [{"type": "doi", "value": doi, "description": what} for doi, what in identifiers]
    return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110))


def how_it_was_coded(schema: Schema) -> list[str]:
    """How the rows were made, as sentences; none for a version that does not say it."""
    coding = schema.dataset.get("coding", {})
    kept = ("dataCollection", "dataAnnotationProtocol", "annotationsPerItem", "machineAnnotationTools")
    return [" ".join(_all(coding[key])) for key in kept if key in coding]


def doi_address(doi: str) -> str:
    """The address that a DOI resolves at."""
    return f"https://doi.org/{doi}"


def _identifiers(schema: Schema) -> list[tuple[str, str]]:
    """The DOIs of a version, its own first, and what each names."""
    own, whole = (schema.dataset.get(key, "") for key in ("version_doi", "doi"))
    told = [(own, f"Version {schema.version}"), (whole, "All versions")]
    return [(doi, what) for doi, what in told if doi]


def _all(told: str | list[str]) -> list[str]:
    return [told] if isinstance(told, str) else told


def licence(schema: Schema) -> str:
    """What the licence of a version is, as a text file beside its tables."""
    dataset = schema.dataset
    authors = ", ".join(person["title"] for person in dataset["contributors"])
    names = "\n".join(f"{each['title']} ({each['name']})\n{each['path']}" for each in dataset["licenses"])
    return (
        f"{names}\n\nThe tables of {dataset['name']}, version {schema.version}, are made available by {authors}\n"
        "under this licence. Words quoted in them remain their speakers' and publishers'.\n"
    )


def schema_org(schema: Schema, files: list[dict[str, Any]]) -> dict[str, Any]:
    """The release as schema.org/Dataset (JSON-LD), which dataset search engines read.

    `files` are the resources of the descriptor, with path, mediatype and bytes.
    """
    dataset = schema.dataset
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        **_described(schema),
        "inLanguage": dataset["language"],
        "isAccessibleForFree": True,
        "temporalCoverage": dataset["temporal_coverage"],
        "spatialCoverage": dataset["spatial_coverage"],
        **({"measurementTechnique": how} if (how := how_it_was_coded(schema)) else {}),
        "variableMeasured": [
            field.name for name in HEADLINE if name in schema.tables for field in schema.tables[name].fields
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file["path"],
                "description": file["description"],
                "contentUrl": address(schema, file["path"]),
                "encodingFormat": file["mediatype"],
                "contentSize": f"{file['bytes']} B",
                "sha256": file["hash"].removeprefix("sha256:"),
            }
            for file in files
        ],
    }


def croissant(schema: Schema, files: list[dict[str, Any]]) -> dict[str, Any]:
    """The release as Croissant 1.1: the Parquet file of each table as a set of records.

    Readers of Croissant expect another media type for Parquet.
    """
    parquet = [file for file in files if file["mediatype"] == PARQUET]
    coding = schema.dataset.get("coding", {})
    return {
        "@context": json.loads((Path(__file__).parent / "croissant-context.json").read_text("utf-8")),
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
        **_described(schema),
        **{f"rai:{key}": told for key, told in coding.items()},
        "citeAs": citation(schema),
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": file["path"],
                "name": file["path"],
                "description": file["description"],
                "contentUrl": address(schema, file["path"]),
                "contentSize": f"{file['bytes']} B",
                "encodingFormat": "application/x-parquet",
                "sha256": file["hash"].removeprefix("sha256:"),
            }
            for file in parquet
        ],
        "recordSet": [_record_set(table) for table in schema.tables.values()],
    }


def address(schema: Schema, path: str) -> str:
    """The address of a file of the release; relative if the dataset is not hosted anywhere."""
    base = schema.dataset["download_base"]
    return f"{base.rstrip('/')}/{schema.version}/{path}" if base else path


def _described(schema: Schema) -> dict[str, Any]:
    dataset = schema.dataset
    described = {
        "name": dataset["name"],
        "alternateName": dataset["title"],
        "description": dataset["description"],
        "version": schema.version,
        **({"datePublished": dataset["released"]} if dataset.get("released") else {}),
        "license": dataset["licenses"][0]["path"],
        "keywords": dataset["keywords"],
        "creator": [{"@type": "Organization", "name": person["title"]} for person in dataset["contributors"]],
    }
    identifiers = [doi_address(doi) for doi, _ in _identifiers(schema)]
    return {
        **described,
        **({"url": dataset["download_base"]} if dataset["download_base"] else {}),
        **({"identifier": identifiers[0]} if identifiers else {}),
    }


def _record_set(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        "key": [{"@id": f"{table.name}/{name}"} for name in table.primary_key],
        "field": [_croissant_field(table, field) for field in table.fields],
    }


def _croissant_field(table: Table, field: Field) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{field.name}",
        "name": field.name,
        "description": field.description,
        "dataType": _CROISSANT_TYPES[field.type],
        "source": {"fileObject": {"@id": f"{table.name}.parquet"}, "extract": {"column": field.name}},
    }
