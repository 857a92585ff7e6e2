"""How the dataset names and describes itself: one source, `schema/dataset.json`, for every file that says so."""

from __future__ import annotations

from typing import Any

from .schemas import Schema


def citation(schema: Schema) -> str:
    """The dataset's citation as one line of text."""
    dataset = schema.dataset
    authors = ", ".join(person["title"] for person in dataset["contributors"])
    year = dataset["released"][:4]
    return f"{authors} ({year}). {dataset['title']} (Version {schema.version}) [Data set]."


def package(schema: Schema, resources: list[dict[str, Any]]) -> dict[str, Any]:
    """The Data Package (v2) descriptor of a release."""
    dataset = schema.dataset
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": dataset["name"],
        "title": dataset["title"],
        "description": dataset["description"],
        "version": schema.version,
        "created": f"{dataset['released']}T00:00:00Z",
        "keywords": dataset["keywords"],
        "contributors": dataset["contributors"],
        "licenses": dataset["licenses"],
        "citation": citation(schema),
        "resources": resources,
    }
