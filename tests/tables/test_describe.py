"""One description of the dataset, and every file that repeats it: valid, complete and in agreement."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import mlcroissant
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from conftest import ROOT, Approved

from russia_iran_claims.pipeline.io.problems import BuildError, Problem
from russia_iran_claims.pipeline.schema.model import Field, ForeignKey, Records, Schema, Table, Vocabulary
from russia_iran_claims.pipeline.tables import describe
from russia_iran_claims.pipeline.tables.check_files import check_files
from russia_iran_claims.pipeline.tables.codebook import codebook
from russia_iran_claims.pipeline.tables.describe import numbered
from russia_iran_claims.pipeline.tables.write import files_of
from russia_iran_claims.pipeline.versions.version import Version, from_folder

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
    release: Path, version: Version, caplog: pytest.LogCaptureFixture
) -> None:
    dataset = mlcroissant.Dataset(jsonld=str(release / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    assert not dataset.metadata.ctx.issues.warnings
    assert caplog.messages == []
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


def made_up() -> tuple[Schema, Records]:
    """A version with every type of column, small enough to be read whole."""
    field = partial(Field, origin=None)
    code = {"required": True, "pattern": "[a-z]+-[0-9]+"}
    wind = {level: {"definition": f"The wind is {level}.", "example": f"a {level} wind"} for level in ("low", "high")}
    articles = Table(
        "articles",
        "Articles",
        "What was read.",
        (
            field("article_id", "string", "Article", "The article.", "art-1", code, None),
            field("published", "date", "Day", "When it was published.", "2026-01-10", {"required": True}, None),
        ),
        ("article_id",),
        (),
    )
    events = Table(
        "events",
        "Events",
        "What happened at sea.",
        (
            field("event_id", "string", "Event", "The event.", "ev-1", code, None),
            field("article_id", "string", "Article", "Where it is told.", "art-1", code, None),
            field("part_of", "string", "Whole", "The event around it.", "ev-2", {}, None, missing="not_applicable"),
            field(
                "boats", "integer", "Boats", "How many boats | ships.", "3", {"minimum": 1}, None, missing="not_said"
            ),
            field("waves", "number", "Waves", "Their height in metres.", "1.5", {}, None),
            field("saved", "boolean", "Saved", "Whether all are safe.", "true", {}, None),
            field(
                "wind",
                "string",
                "Wind",
                "How strong it is.",
                "low | high",
                {"enum": ["low", "high"]},
                Vocabulary("wind", "Wind", True, wind),
            ),
        ),
        ("event_id",),
        (
            ForeignKey(("article_id",), "articles", ("article_id",)),
            ForeignKey(("part_of",), "events", ("event_id",)),
        ),
    )
    dataset = {
        "name": "boats",
        "title": "boats: {reports}",
        "description": "Boats from {articles}.",
        "coding": {
            "dataCollection": "From the harbour's log.",
            "dataAnnotationProtocol": "As the harbour master says.",
            "annotationsPerItem": "One.",
            "machineAnnotationTools": ["None."],
            "dataLimitations": ["Fog hides boats."],
            "dataBiases": ["Small boats are missed."],
        },
        "download_base": "https://data.example/boats/",
        "doi": {"all": "10.5555/boats", "1.2.3": "10.5555/boats.3", "9.9.9": "10.5555/other"},
        "keywords": ["boats"],
        "language": "en",
        "spatial_coverage": ["Vik"],
        "contributors": [{"title": "Ada Berg", "roles": ["author"]}],
        "licenses": [{"name": "CC0-1.0", "title": "CC0", "path": "https://licence.example/cc0"}],
    }
    first = {"article_id": "art-1", "part_of": None, "boats": 3, "waves": 2.0, "saved": True, "wind": "high"}
    none = dict.fromkeys(("part_of", "boats", "waves", "saved", "wind"))
    rows: Records = {
        "articles": [{"article_id": "art-1", "published": date(2026, 1, 10)}],
        "events": [
            {"event_id": "ev-1", **first},
            {**none, "event_id": "ev-2", "article_id": "art-1", "part_of": "ev-1"},
        ],
    }
    return numbered(Schema(dataset, {"articles": articles, "events": events}, {}), rows, "1.2.3", "2026-11-21"), rows


def texts_of(folder: Path, schema: Schema, rows: Records) -> dict[str, str]:
    """The files of a version as text, written to a folder: of Parquet, what it says of itself."""
    texts = {
        "codebook.md": codebook(schema, rows),
        "CITATION.cff": describe.cff(schema),
        "LICENSE": describe.licence(schema),
    }
    for name, content in files_of(schema, rows):
        (folder / name).write_bytes(content)
        if name.endswith(".parquet"):
            texts[f"{name}.json"] = told_by_parquet(folder / name)
        else:
            texts[name] = content.decode()
    # Another version of pyarrow writes other bytes.
    for path in folder.glob("*.parquet"):
        for written, told in ((hashlib.sha256(path.read_bytes()).hexdigest(), "hash"), (path.stat().st_size, "size")):
            texts = {name: re.sub(rf"\b{written}\b", f"<{told} of {path.name}>", text) for name, text in texts.items()}
    return texts


def told_by_parquet(path: Path) -> str:
    stored = pq.read_schema(path)
    told = {key.decode(): value.decode() for key, value in stored.metadata.items()}
    told |= {key: json.loads(told[key]) for key in ("pandas", "table_schema")}
    told["pandas"]["creator"]["version"] = "<that of pyarrow>"
    columns = {field.name: [str(field.type), field.nullable, field.metadata[b"title"].decode()] for field in stored}
    return json.dumps([columns, told], indent=2) + "\n"


def test_the_files_of_a_small_version_are_as_approved(tmp_path: Path) -> None:
    expected = {path.name: path.read_text("utf-8") for path in (Path(__file__).parent / "boats").iterdir()}
    assert texts_of(tmp_path, *made_up()) == expected


def written_otherwise(folder: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    pq.write_table(change(pq.read_table(folder / "events.parquet")), folder / "events.parquet")


def described_otherwise(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    package = read(folder / "datapackage.json")
    change(package)
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")


DAMAGE: dict[str, Callable[[Path], object]] = {
    "none": lambda folder: None,
    "a Parquet file is gone": lambda folder: (folder / "events.parquet").unlink(),
    "a Parquet file is none": lambda folder: (folder / "events.parquet").write_text("x"),
    "a row is lost": lambda folder: written_otherwise(folder, lambda table: table.slice(1)),
    "a column is lost": lambda folder: written_otherwise(folder, lambda table: table.drop_columns(["wind"])),
    "rows change places": lambda folder: written_otherwise(folder, lambda table: table.take([1, 0])),
    "a reference to nothing": lambda folder: (folder / "articles.csv").write_text("article_id,published\n", "utf-8"),
    "a description twice": lambda folder: described_otherwise(
        folder, lambda package: package["resources"].append(package["resources"][0])
    ),
    "nothing is described": lambda folder: described_otherwise(folder, lambda package: package.pop("resources")),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_damage_of_a_small_version_is_told(case: str, tmp_path: Path, approved: Approved) -> None:
    texts_of(tmp_path, *made_up())
    # What frictionless says of bytes and hashes depends on pyarrow.
    described_otherwise(tmp_path, lambda package: [entry.pop("hash") for entry in package["resources"]])
    described_otherwise(tmp_path, lambda package: [entry.pop("bytes") for entry in package["resources"]])
    DAMAGE[case](tmp_path)
    found = [f"{each.path}:{each.line}:{each.column}: {each.rule}: {each.message}\n" for each in check_files(tmp_path)]
    approved("".join(found))


def test_a_value_of_another_type_is_told_at_its_schema() -> None:
    schema, rows = made_up()
    rows["events"][1]["boats"] = "many"
    with pytest.raises(BuildError) as error:
        list(files_of(schema, rows))
    (problem,) = error.value.problems
    assert problem.message.startswith("boats: the values are not of the type integer: ")
    hint = "give the column the type of its values, or change the code that derives them"
    assert replace(problem, message="") == Problem("schema/events.json", 0, 0, "schema", "", hint=hint)


def test_a_version_that_is_read_again_describes_itself_alike(tmp_path: Path) -> None:
    schema, rows = made_up()
    written = texts_of(tmp_path, schema, rows)
    read = from_folder(tmp_path)
    assert read.schema.dataset["released"] == "2026-11-21"
    assert texts_of(tmp_path, read.schema, rows) == written
