"""One description of the dataset, and every file that repeats it: valid, complete and in agreement."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import mlcroissant
import pytest
import yaml
from conftest import ROOT

from russia_iran_claims.pipeline.schema.model import Schema
from russia_iran_claims.pipeline.tables.derive import Records
from russia_iran_claims.pipeline.tables.describe import numbered
from russia_iran_claims.pipeline.versions.version import Version

pytestmark = pytest.mark.release


def read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8")))


def test_the_citation_file_is_valid(version: Version) -> None:
    content = yaml.load((ROOT / "CITATION.cff").read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506, all as text
    # Found and not imported: of cffconvert only the schema is installed to be used.
    carrier = importlib.util.find_spec("cffconvert")
    assert carrier is not None
    assert carrier.origin is not None
    cff = read(Path(carrier.origin).parent / "schemas" / "1.2.0" / "schema.json")
    errors = jsonschema.Draft7Validator(cff, format_checker=jsonschema.FormatChecker()).iter_errors(content)
    assert [error.message for error in errors] == []
    assert (content["type"], content["version"]) == ("dataset", version.number)
    assert content["date-released"] == version.schema.dataset["released"]


@pytest.mark.parametrize("name", ["croissant.json", "schema-org.json"])
def test_descriptions_have_what_search_engines_need(name: str, release: Path, version: Version) -> None:
    content = read(release / name)
    assert content["name"] == "russia-iran-claims"
    assert 50 <= len(content["description"]) <= 5000
    assert content["license"] == version.schema.dataset["licenses"][0]["path"]
    assert content["version"] == version.number
    assert content["datePublished"] == version.schema.dataset["released"]
    assert content["creator"] == [{"@type": "Organization", "name": "The russia-iran-claims contributors"}]
    assert content["keywords"]
    assert len(content["distribution"]) == len(version.schema.tables) * (2 if name == "schema-org.json" else 1)
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
    release: Path, version: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = mlcroissant.Dataset(jsonld=str(release / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    assert not dataset.metadata.ctx.issues.warnings
    for name in version.schema.tables:
        loaded = list(dataset.records(record_set=name))
        assert len(loaded) == len(version.tables[name].rows)
        assert not loaded or set(loaded[0]) == {f"{name}/{field.name}" for field in version.schema.tables[name].fields}
    quotes = {row["quotes/quote_id"]: row for row in dataset.records(record_set="quotes")}
    assert quotes[b"qu-0012"]["quotes/text"] == b"really a factor here."


def test_croissant_names_every_field_and_key(release: Path, version: Version) -> None:
    for entry in read(release / "croissant.json")["recordSet"]:
        table = version.schema.tables[entry["name"]]
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
    release = project / "dataset" / "unreleased"
    for name in ("croissant.json", "schema-org.json"):
        for file in read(release / name)["distribution"]:
            assert file["contentUrl"] == f"https://data.example/ric/unreleased/{file['name']}"
    assert read(release / "datapackage.json")["citation"].endswith("[Data set]. https://data.example/ric")


def test_versions_and_dates_agree(version: Version, release: Path) -> None:
    number, released = version.number, version.schema.dataset["released"]
    assert read(release / "datapackage.json")["version"] == number == release.name
    assert f"## {number} ({released}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    readme = " ".join((ROOT / "README.md").read_text("utf-8").replace("> ", "").split())
    assert f'folder = "dataset/{number}"' in readme
    assert f"(Version {number}) [Data set]" in readme


def test_the_licence_file_is_that_of_the_newest_version(version: Version) -> None:
    for licence in version.schema.dataset["licenses"]:
        assert licence["name"] in (ROOT / "LICENSE-DATA").read_text("utf-8")


@pytest.mark.parametrize(
    "path", ["README.md", "docs/codebook.md", "docs/using.md", "docs/coding-rules.md", "pyproject.toml"]
)
def test_no_page_counts_articles_by_hand(path: str) -> None:
    text = re.sub(r"<!-- (\w+):.*?<!-- /\1 -->", "", (ROOT / path).read_text("utf-8"), flags=re.DOTALL)
    counted = re.findall(r"\b(?:the two|both|three|four|\d+) (?:news )?(?:articles|reports)\b", text, re.IGNORECASE)
    assert counted == []


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (["2026-03-06"], "one news article of 6 March 2026"),
        (["2026-03-07", "2026-03-06", "2026-03-06"], "three news articles of 6 and 7 March 2026"),
        (["2026-03-06", "2026-03-07", "2026-03-09"], "three news articles of 6, 7 and 9 March 2026"),
        (
            ["2026-12-31", "2027-01-01", "2026-03-06"],
            "three news articles of 6 March and 31 December 2026 and 1 January 2027",
        ),
        (["2026-03-06"] * 11, "11 news articles of 6 March 2026"),
        ([], "no news articles"),
    ],
)
def test_the_description_counts_the_articles(days: list[str], told: str, schema: Schema) -> None:
    rows: Records = {name: [] for name in schema.tables} | {
        "articles": [{"published": date.fromisoformat(day)} for day in days]
    }
    described = numbered(schema, rows).dataset
    assert described["description"].startswith(f"Events, quotes and figures from {told} on reports that Russia gave")
    assert "{" not in described["description"] + described["title"]
