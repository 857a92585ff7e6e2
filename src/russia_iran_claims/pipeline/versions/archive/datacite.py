"""What a repository asks for when it registers a DOI, in the words of DataCite's schema 4."""

from __future__ import annotations

from typing import Any

from ...schema.model import Schema
from ...tables.describe import how_it_was_coded

VERSION = "http://datacite.org/schema/kernel-4"


def datacite(schema: Schema) -> dict[str, Any]:
    """The metadata of a version as DataCite JSON. Without a DOI it has no identifier: the repository fills it in."""
    dataset = schema.dataset
    doi, whole, base = (dataset.get(key, "") for key in ("version_doi", "doi", "download_base"))
    related = {"relationType": "IsVersionOf", "relatedIdentifier": whole, "relatedIdentifierType": "DOI"}
    licences = [
        {
            "rights": each["title"],
            "rightsUri": each["path"],
            "rightsIdentifier": each["name"],
            "rightsIdentifierScheme": "SPDX",
        }
        for each in dataset["licenses"]
    ]
    descriptions = [(dataset["description"], "Abstract"), (" ".join(how_it_was_coded(schema)), "Methods")]
    return {
        "schemaVersion": VERSION,
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Annotations of news articles"},
        "identifiers": [{"identifierType": "DOI", "identifier": doi}] if doi else [],
        "titles": [{"title": dataset["title"]}],
        "creators": [{"name": person["title"]} for person in dataset["contributors"]],
        "publisher": {"name": dataset["contributors"][0]["title"]},
        "publicationYear": dataset["released"][:4],
        "dates": [{"date": dataset["released"], "dateType": "Issued"}],
        "version": schema.version,
        "language": dataset["language"],
        "subjects": [{"subject": word} for word in dataset["keywords"]],
        "rightsList": licences,
        "descriptions": [{"description": text, "descriptionType": kind} for text, kind in descriptions if text],
        **({"relatedIdentifiers": [related]} if whole else {}),
        **({"url": base} if base else {}),
    }
