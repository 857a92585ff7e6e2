"""What people import: typed tables, the codebook and citations."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from conftest import ROOT

import russia_iran_claims as ric
from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.versions.version import Version
from russia_iran_claims.published import find_release

pytestmark = pytest.mark.release


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_every_table_loads_with_the_promised_types(version: Version) -> None:
    promised = {
        "string": "string",
        "integer": "Int64",
        "number": "Float64",
        "boolean": "boolean",
        "date": "datetime64[ns]",
    }
    for table in version.schema.tables.values():
        frame = ric.load(cast(Any, table.name))
        assert list(frame.columns) == [field.name for field in table.fields]
        assert list(frame.index) == list(range(len(frame)))
        for field in table.fields:
            expected = "category" if field.levels is not None else promised[field.type]
            assert str(frame[field.name].dtype) == expected, (table.name, field.name)
        assert frame.attrs["name"] == f"russia-iran-claims/{table.name}"
        assert (frame.attrs["version"], frame.attrs["license"]) == (
            version.number,
            version.schema.dataset["licenses"][0]["name"],
        )
        assert frame.attrs["citation"] == ric.cite()


def test_certainty_can_be_compared() -> None:
    attestations = ric.load("attestations")
    assert set(attestations[attestations["certainty"] > "unmarked"]["certainty"]) == {"certain"}


def test_a_wrong_name_lists_the_right_ones() -> None:
    for call in (ric.load, ric.describe):
        with pytest.raises(ValueError, match=r"no table 'quote'; did you mean 'quotes'\? There are: articles, actors,"):
            call("quote")  # type: ignore[arg-type] # a type checker refuses it, too


def folder_instead(file: Path) -> None:
    file.unlink()
    file.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a file is gone": lambda file: file.unlink(),
    "a folder stands there": folder_instead,
    "nothing is in it": lambda file: file.write_bytes(b""),
    "something else is in it": lambda file: file.write_bytes(b"\xff\x00<html>"),
    "its end is missing": lambda file: file.write_bytes(file.read_bytes().rpartition(b",")[0]),
}
CALLS: dict[str, Callable[[Path], object]] = {
    "events.parquet": lambda folder: ric.load("events", folder=folder),
    "quotes.parquet": lambda folder: ric.tables(folder=folder),
    "spans.csv": lambda folder: ric.locate("Some text.", folder=folder),
    "items.csv": lambda folder: ric.locate("Some text.", folder=folder),
    "events.csv": lambda folder: ric.cite(id="ev-9999", folder=folder),
    "datapackage.json": lambda folder: ric.describe("events", folder=folder),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_release_is_an_error_that_names_the_file(
    name: str, damage: str, version: Version, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(ROOT / "dataset" / version.number, tmp_path / "release"))
    DAMAGES[damage](folder / name)
    with pytest.raises(ValueError, match=re.escape(name if name != "datapackage.json" else str(folder))):
        CALLS[name](folder)


def test_a_descriptor_without_what_it_needs_is_named(version: Version, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "dataset" / version.number, tmp_path / "release"))
    path = folder / "datapackage.json"
    content = json.loads(path.read_text("utf-8"))
    for lacking in ("title", "description", "schema"):
        less = json.loads(json.dumps(content))
        del less["resources"][0][lacking]
        path.write_text(json.dumps(less), "utf-8")
        with pytest.raises(ValueError, match=r"datapackage\.json is not the descriptor"):
            ric.load("events", folder=folder)


def test_tables_and_codebook(version: Version) -> None:
    tables = ric.tables().set_index("table")
    assert list(tables.index) == list(version.schema.tables)
    assert all(tables.loc[name, "rows"] == len(ric.load(name)) for name in ric.tables()["table"])
    columns = ric.describe("figures").set_index("column")
    assert columns.loc["modifier", "values"]["more_than"] == "Above the number, which is excluded."
    assert columns.loc["value", "values"] is None
    assert bool(columns.loc["wording", "required"])


def test_citations_name_authors_year_title_and_version(version: Version) -> None:
    released = version.schema.dataset["released"]
    for style in ("text", "apa", "bibtex", "ris"):
        cited = ric.cite(style)
        assert all(
            part in cited
            for part in ("The russia-iran-claims contributors", released[:4], version.schema.dataset["title"])
        )
        assert version.number in cited
        assert "doi" not in cited.lower()
        assert "qu-0007" in ric.cite(style, id="qu-0007")
    assert ric.cite("bibtex").startswith("@misc{russia_iran_claims_")
    assert ric.cite("ris").splitlines()[0] == "TY  - DATA"
    assert ric.cite("ris").splitlines()[-1] == "ER  - "
    assert ric.cite(id="ev-0002").endswith("[Data set]. Table events, row ev-0002.")
    with pytest.raises(ValueError, match="no row 'qu-9999'"):
        ric.cite(id="qu-9999")
    with pytest.raises(ValueError, match=r"no style 'mla'\. There are: text, apa, bibtex, ris"):
        ric.cite("mla")  # type: ignore[arg-type]


def test_importing_brings_in_nothing_but_the_standard_library() -> None:
    code = "import sys; import russia_iran_claims; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pandas", "pyarrow", "numpy", "frictionless", "pydantic", "yaml"} & set(result.stdout.split())


@pytest.mark.slow
def test_the_wheel_carries_the_release_and_not_the_build(wheel: Path, release: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path)
    assert not [name for name in names if "/pipeline/" in name]
    assert "russia_iran_claims/py.typed" in names
    packed = {path.name: path.read_bytes() for path in (tmp_path / "russia_iran_claims" / "data").iterdir()}
    rows = str(len(ric.load("quotes")))
    assert packed == {path.name: path.read_bytes() for path in release.iterdir()}
    code = "import russia_iran_claims as ric; print(ric.__file__); print(len(ric.load('quotes')))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}
    )
    assert result.stdout.splitlines() == [str(tmp_path / "russia_iran_claims" / "__init__.py"), rows], result.stderr


def test_one_row_answers_how_the_sharing_is_carried() -> None:
    sharing = ric.load("claims", version="0.2.0").set_index("claim_id").loc["ev-0002"]
    # Named: two articles in their own voice, Roberts, Lieu and the Washington Post. Unnamed: officials, CNN's sources,
    # the source briefed on the matter, and three mentions of reports; each may be one of the others.
    assert (sharing["articles"], sharing["origins_at_least"], sharing["origins_at_most"]) == (2, 5, 11)
    # Nobody denies it: leaving open and declining to confirm are no denial.
    assert (sharing["status"], sharing["unnamed_only"]) == ("affirmed", False)
    # The first version has a row for each attestation instead.
    assert "item_id" in ric.load("claims", version="0.1.0")


def test_any_version_in_a_folder_loads(waiting: Path) -> None:
    assert main(waiting, ["release", "--date", "2026-12-01"]) == 0
    folder = waiting / "dataset"
    said = {
        version: ric.load("quotes", version=version, folder=folder).set_index("quote_id")["paraphrase"]["qu-0003"]
        for version in ("0.1.0", "0.1.1", None)
    }
    assert said == {
        "0.1.0": "Tugs from Norland are on their way.",
        "0.1.1": "Norland has sent tugs.",
        None: "Norland has sent tugs.",
    }
    assert ric.load("quotes", folder=str(folder / "0.1.0")).attrs["version"] == "0.1.0"
    assert "(Version 0.1.0)" in ric.cite(version="0.1.0", folder=folder)
    assert ric.tables(folder=folder).set_index("table").loc["changes", "rows"] == 1
    with pytest.raises(ValueError, match=r"no version 0\.9\.0 in .*dataset; there are: 0\.1\.0, 0\.1\.1$"):
        ric.load("quotes", version="0.9.0", folder=folder)
    with pytest.raises(ValueError, match=r"no version in .*raw; there are: none$"):
        ric.load("quotes", folder=waiting / "raw")


def test_versions_are_in_the_order_of_their_numbers(released: Path) -> None:
    dataset = released / "dataset"
    for name in ("0.9.0", "0.10.0", "unreleased"):
        shutil.copytree(dataset / "0.1.0", dataset / name)
    assert find_release(folder=dataset).folder.name == "0.10.0"
    assert find_release("unreleased", dataset).folder.name == "unreleased"


@pytest.mark.parametrize("style", [["bibtex"], "bibtx", None, 5])
def test_a_style_that_is_none_lists_those_there_are(style: Any) -> None:
    with pytest.raises(ValueError, match="There are: text, apa, bibtex, ris"):
        ric.cite(style)


def test_a_version_is_text() -> None:
    with pytest.raises(TypeError, match=r"version is text such as '0\.1\.0', not float"):
        ric.load("quotes", version=0.1)  # type: ignore[arg-type]


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"resources": 5}', b"\xff", "[" * 100_000])
def test_a_damaged_descriptor_is_named(content: str | bytes, tmp_path: Path) -> None:
    path = tmp_path / "datapackage.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ValueError, match=r"datapackage\.json is not the descriptor of a version"):
        ric.tables(folder=tmp_path)


@pytest.mark.parametrize("name", ["pandas", "pyarrow"])
def test_without_pandas_it_says_what_to_install(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    calls: list[Callable[[], object]] = [ric.tables, lambda: ric.load("quotes"), lambda: ric.describe("quotes")]
    for call in calls:
        with pytest.raises(ImportError, match=f"{name} is not installed: pip install pandas pyarrow"):
            call()


def test_a_very_long_cell_is_read(version: Version, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "dataset" / version.number, tmp_path / "release"))
    path = folder / "sources.csv"
    head, _, rest = path.read_text("utf-8").partition("\n")
    path.write_text("\n".join([head, ",".join("x" * 200_000 for _ in head.split(",")), rest]), "utf-8")
    first = next(iter(find_release(folder=folder).rows("sources")))
    assert {len(cell) for cell in first.values()} == {200_000}
