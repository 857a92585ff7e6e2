"""One description of the dataset, and every file that repeats it: valid, complete and in agreement."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path
from typing import Any

import jsonschema
import mlcroissant
import pytest
import yaml
from conftest import ROOT

from russia_iran_claims.pipeline.schema.load import Schema
from russia_iran_claims.pipeline.tables.derive import Records


def read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8")))


def test_the_citation_file_is_valid(schema: Schema) -> None:
    content = yaml.load((ROOT / "CITATION.cff").read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506, all as text
    # Found and not imported: of cffconvert only the schema is installed to be used.
    carrier = importlib.util.find_spec("cffconvert")
    assert carrier is not None
    assert carrier.origin is not None
    cff = read(Path(carrier.origin).parent / "schemas" / "1.2.0" / "schema.json")
    errors = jsonschema.Draft7Validator(cff, format_checker=jsonschema.FormatChecker()).iter_errors(content)
    assert [error.message for error in errors] == []
    assert (content["type"], content["version"]) == ("dataset", schema.version)
    assert content["date-released"] == schema.dataset["released"]


@pytest.mark.parametrize("name", ["croissant.json", "schema-org.json"])
def test_descriptions_have_what_search_engines_need(name: str, release: Path, schema: Schema) -> None:
    content = read(release / name)
    assert content["name"] == "russia-iran-claims"
    assert 50 <= len(content["description"]) <= 5000
    assert content["license"].startswith("https://creativecommons.org/")
    assert content["version"] == schema.version
    assert content["datePublished"] == schema.dataset["released"]
    assert content["creator"] == [{"@type": "Organization", "name": "The russia-iran-claims contributors"}]
    assert content["keywords"]
    assert len(content["distribution"]) == len(schema.tables) * (2 if name == "schema-org.json" else 1)
    for file in content["distribution"]:
        path = release / file["contentUrl"]
        assert file["contentSize"] == f"{path.stat().st_size} B"
        assert file["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert file["encodingFormat"]
        assert file["description"]


@pytest.mark.slow
# mlcroissant's own use of what its dependencies deprecate
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated", "ignore:The inplace keyword")
def test_croissant_is_valid_and_its_records_load(
    release: Path, schema: Schema, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = mlcroissant.Dataset(jsonld=str(release / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    assert not dataset.metadata.ctx.issues.warnings
    for name in schema.tables:
        loaded = list(dataset.records(record_set=name))
        assert len(loaded) == len(records[name])
        assert not loaded or set(loaded[0]) == {f"{name}/{field.name}" for field in schema.tables[name].fields}
    quotes = {row["quotes/quote_id"]: row for row in dataset.records(record_set="quotes")}
    assert quotes[b"qu-0012"]["quotes/text"] == b"really a factor here."


def test_croissant_names_every_field_and_key(release: Path, schema: Schema) -> None:
    for entry in read(release / "croissant.json")["recordSet"]:
        table = schema.tables[entry["name"]]
        assert [key["@id"] for key in entry["key"]] == [f"{table.name}/{name}" for name in table.primary_key]
        assert [field["name"] for field in entry["field"]] == [field.name for field in table.fields]
        assert all(field["description"] and field["dataType"] for field in entry["field"])


def test_a_place_to_download_reaches_every_address(project: Path) -> None:
    from russia_iran_claims.pipeline.cli.main import main

    path = project / "schema" / "dataset.json"
    path.write_text(
        path.read_text("utf-8").replace('"download_base": ""', '"download_base": "https://data.example/ric"')
    )
    assert main(project, ["build"]) == 0
    release = project / "dataset" / "0.1.0"
    for name in ("croissant.json", "schema-org.json"):
        for file in read(release / name)["distribution"]:
            assert file["contentUrl"] == f"https://data.example/ric/0.1.0/{file['name']}"
    assert read(release / "datapackage.json")["citation"].endswith("[Data set]. https://data.example/ric")


def test_versions_and_dates_agree(schema: Schema, release: Path) -> None:
    assert read(release / "datapackage.json")["version"] == schema.version == release.name
    assert f"## {schema.version} ({schema.dataset['released']}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f'folder = "dataset/{schema.version}"' in (ROOT / "README.md").read_text("utf-8")
    assert f"(Version {schema.version}) [Data set]" in (ROOT / "README.md").read_text("utf-8")
    assert f'base = "dataset/{schema.version}"' in (ROOT / "docs" / "using.md").read_text("utf-8")
