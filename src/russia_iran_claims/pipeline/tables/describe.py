"""Metadata files, all from `schema/dataset.json`: Data Package, CITATION.cff, schema.org, Croissant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from ...citing import as_text
from ..schema.load import Field, Schema, Table
from ..schema.terms import HEADLINE

_CROISSANT_TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
}
PARQUET = "application/vnd.apache.parquet"


def about(schema: Schema) -> dict[str, Any]:
    """The properties of the Data Package, without its resources."""
    dataset = schema.dataset
    base = dataset["download_base"]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": dataset["name"],
        "title": dataset["title"],
        "description": dataset["description"],
        **({"homepage": base} if base else {}),
        "version": schema.version,
        "created": f"{dataset['released']}T00:00:00Z",
        "keywords": dataset["keywords"],
        "contributors": dataset["contributors"],
        "licenses": dataset["licenses"],
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
        "abstract": dataset["description"],
        "authors": [{"name": person["title"]} for person in dataset["contributors"]],
        "version": schema.version,
        "date-released": dataset["released"],
        "license": dataset["licenses"][0]["name"],
        "keywords": dataset["keywords"],
    }
    if dataset["download_base"]:
        content["url"] = dataset["download_base"]
    return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110))


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
        "variableMeasured": [field.name for name in HEADLINE for field in schema.tables[name].fields],
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
    return {
        "@context": json.loads((Path(__file__).parent / "croissant-context.json").read_text("utf-8")),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        **_described(schema),
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
        "datePublished": dataset["released"],
        "license": dataset["licenses"][0]["path"],
        "keywords": dataset["keywords"],
        "creator": [{"@type": "Organization", "name": person["title"]} for person in dataset["contributors"]],
    }
    return {**described, **({"url": dataset["download_base"]} if dataset["download_base"] else {})}


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
