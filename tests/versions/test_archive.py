"""The archive: one file, which opens in whatever program a reader has, with the same rows everywhere."""

from __future__ import annotations

import csv
import json
import re
import resource
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import frictionless
import openpyxl
import pytest
import yaml
from conftest import ROOT, digest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from russia_iran_claims import cite
from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.versions.archive import workbook
from russia_iran_claims.pipeline.versions.archive.pack import archive
from russia_iran_claims.pipeline.versions.index import read_index
from russia_iran_claims.pipeline.versions.version import Version

Rows = dict[str, list[dict[str, str]]]
NUMBERS = [entry["version"] for entry in read_index(ROOT / "dataset")]


def unpack(root: Path, number: str, target: Path) -> Path:
    with zipfile.ZipFile(archive(root / "dataset", number, target)) as packed:
        packed.extractall(target)
    return target / f"russia-iran-claims-{number}"


@pytest.fixture(scope="session")
def unpacked(version: Version, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newest version as somebody has it who downloads the archive."""
    return unpack(ROOT, version.number, tmp_path_factory.mktemp("unpacked"))


@pytest.fixture(scope="session")
def book(unpacked: Path) -> Iterator[Workbook]:
    with closing(openpyxl.load_workbook(unpacked / "russia-iran-claims.xlsx", rich_text=False)) as opened:
        yield opened


def as_csv(value: object) -> str:
    """A cell of a workbook or a database as the CSV files write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        assert value.time() == datetime.min.time()
        return value.date().isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


@pytest.mark.release
@pytest.mark.parametrize("number", NUMBERS)
def test_every_path_in_an_archive_leads_to_a_file_of_its_bytes(number: str, tmp_path: Path) -> None:
    folder = unpack(ROOT, number, tmp_path)
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    listed = {line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines()}
    assert files == {*listed, "SHA256SUMS"}
    for path in (ROOT / "dataset" / number).glob("*.[cp][sa]*"):
        assert (folder / path.suffix[1:] / path.name).read_bytes() == path.read_bytes()
    for name, key in (("croissant", "contentUrl"), ("schema-org", "contentUrl")):
        told = json.loads((folder / f"{name}.json").read_text("utf-8"))["distribution"]
        assert {entry[key] for entry in told} <= files
    assert frictionless.validate(str(folder / "datapackage.json")).valid
    assert f"version: {number}" in (folder / "CITATION.cff").read_text("utf-8")
    assert (folder / "CHANGES.md").read_text("utf-8").startswith(f"# Changes\n\n## {number} (")


@pytest.mark.release
def test_the_workbook_has_every_cell_as_what_it_is(book: Workbook, published: Rows, version: Version) -> None:
    assert book.sheetnames[:4] == ["claims", "events", "quotes", "figures"]
    assert set(book.sheetnames) == {*version.schema.tables, "codebook", "about"}
    for name, table in version.schema.tables.items():
        sheet = book[name]
        names = [field.name for field in table.fields]
        cells = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=len(names))]
        assert cells[0] == names
        assert [dict(zip(names, map(as_csv, row))) for row in cells[1:]] == published[name], name
        for place, field in enumerate(table.fields):
            kinds = {type(row[place]) for row in cells[1:]} - {type(None)}
            wanted = {"string": "str", "date": "datetime", "boolean": "bool"}.get(field.type, "int float").split()
            assert {kind.__name__ for kind in kinds} <= set(wanted), (name, field.name)


@pytest.mark.release
def test_the_workbook_can_be_read_and_filtered(book: Workbook, version: Version) -> None:
    for sheet in map(book.__getitem__, [*version.schema.tables, "codebook"]):
        assert isinstance(sheet, Worksheet)
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == f"A1:{openpyxl.utils.get_column_letter(sheet.max_column)}{sheet.max_row}"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    for name, table in version.schema.tables.items():
        for cell, field in zip(book[name][1], table.fields):
            assert cell.comment is not None
            assert cell.comment.text.startswith(field.description)


@pytest.mark.release
def test_an_id_in_the_workbook_leads_to_the_row_that_it_names(book: Workbook, version: Version) -> None:
    followed = 0
    for name in version.schema.tables:
        for row in book[name].iter_rows(min_row=2):
            for cell in row:
                if cell.hyperlink is not None:
                    sheet, place = str(cell.hyperlink.location).split("!")
                    assert book[sheet.strip("'")][place].value == cell.value
                    followed += 1
    assert followed > len(version.tables["spans"].rows)


@pytest.mark.release
@pytest.mark.parametrize("number", NUMBERS)
def test_the_database_has_every_row_under_its_rules(number: str, tmp_path: Path) -> None:
    folder = unpack(ROOT, number, tmp_path)
    tables = [
        entry
        for entry in json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]
        if "schema" in entry
    ]
    with closing(sqlite3.connect(folder / "russia-iran-claims.sqlite")) as opened:
        assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        strict = {row[1] for row in opened.execute("PRAGMA table_list") if row[5]}
        for table in tables:
            name, fields = table["name"], table["schema"]["fields"]
            assert name in strict
            with (folder / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                expected = list(csv.reader(file))
            truths = [field["type"] == "boolean" for field in fields]
            rows = [
                [as_csv(bool(cell) if truth and cell is not None else cell) for cell, truth in zip(row, truths)]
                for row in opened.execute(f'SELECT * FROM "{name}" ORDER BY rowid')  # noqa: S608
            ]
            assert [[field["name"] for field in fields], *rows] == expected
            keys = opened.execute(f'PRAGMA foreign_key_list("{name}")').fetchall()
            assert len(keys) == len(table["schema"].get("foreignKeys", ()))
            told = dict(
                opened.execute(
                    "SELECT column_name, description FROM codebook WHERE table_name = ? AND value = ''", [name]
                )
            )
            assert told == {field["name"]: field["description"] for field in fields}


@pytest.mark.release
def test_the_database_answers_in_words(unpacked: Path, published: Rows) -> None:
    with closing(sqlite3.connect(unpacked / "russia-iran-claims.sqlite")) as opened:
        opened.row_factory = sqlite3.Row
        told = {row["claim_id"]: dict(row) for row in opened.execute("SELECT * FROM claims_told")}
        assert set(told) == {row["claim_id"] for row in published["claims"]}
        for row in published["claims"]:
            for side in ("affirmed_by", "presupposed_by", "denied_by", "left_open_by"):
                assert bool(told[row["claim_id"]][side]) == bool(row[side]), (row["claim_id"], side)
        names = {row["name"] for row in published["actors"]} | {row["article_id"] for row in published["articles"]}
        who = {name for row in told.values() for name in (row["denied_by"] or "").split("; ") if name}
        assert all(
            name.split(", citing ")[0] in {*names, *(a["article_id"] for a in published["articles"])} for name in who
        )
        once = [row["quote_id"] for row in opened.execute("SELECT quote_id FROM quotes_once")]
        assert once == [row["quote_id"] for row in published["quotes"] if row["fullest"] == "true"]
        tellings = opened.execute("SELECT sum(tellings) FROM quotes_once").fetchone()[0]
        assert tellings == len(published["quotes"])
        found = opened.execute(
            "SELECT quote_id FROM quotes WHERE rowid IN (SELECT rowid FROM quotes_fts WHERE quotes_fts MATCH ?)",
            ["intelligence"],
        )
        texts = {row["quote_id"]: f"{row['text']} {row['paraphrase']}".lower() for row in published["quotes"]}
        assert [row["quote_id"] for row in found] == [id for id, text in texts.items() if "intelligence" in text] != []
        for query in (
            "SELECT count(*) FROM events_fts WHERE events_fts MATCH 'russia'",
            "SELECT count(*) FROM claims_fts WHERE claims_fts MATCH 'russia'",
        ):
            assert opened.execute(query).fetchone()[0] > 0


@pytest.mark.release
def test_the_database_refuses_what_the_schema_refuses(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.sqlite").write_bytes((unpacked / "russia-iran-claims.sqlite").read_bytes())
    with closing(sqlite3.connect(tmp_path / "copy.sqlite")) as opened:
        opened.execute("PRAGMA foreign_keys = ON")
        for change in (
            "UPDATE attestations SET stance = 'shrugs'",
            "UPDATE attestations SET event_id = 'ev-9999'",
            "UPDATE quotes SET speaker_id = NULL",
            "UPDATE spans SET start_char = 'early'",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                opened.execute(change)


@pytest.mark.slow
@pytest.mark.release
def test_datasette_shows_the_database_and_its_meaning(unpacked: Path) -> None:
    def ask(address: str) -> str:
        command = [sys.executable, "-m", "datasette", "russia-iran-claims.sqlite", "--metadata", "datasette.json"]
        result = subprocess.run([*command, "--get", address], cwd=unpacked, capture_output=True, text=True)
        assert result.returncode == 0, result.stderr
        return result.stdout

    rows = json.loads(ask("/russia-iran-claims/quotes.json?_search=intelligence&_shape=array"))
    assert {"quote_id", "speaker", "text"} <= set(rows[0])
    assert len(rows) < len(json.loads(ask("/russia-iran-claims/quotes.json?_shape=array")))
    assert json.loads(ask("/russia-iran-claims/quotes.json?_search=zzzz&_shape=array")) == []
    assert "What each article reports" in (page := ask("/russia-iran-claims/events"))
    assert "The word or words that name the event" in page
    assert re.search(r"articles/art-\d+\">art-\d+</a>", page)
    assert "CC" in page or "Creative Commons" in page
    assert json.loads(ask("/russia-iran-claims/claims_told.json?_shape=array&_size=1"))[0]["statement"]


@pytest.mark.slow
@pytest.mark.release
def test_hugging_face_datasets_load_every_table_that_has_rows(unpacked: Path, published: Rows, tmp_path: Path) -> None:
    program = (
        "import json, sys, datasets\n"
        "folder, names = sys.argv[1], sys.argv[2:]\n"
        "loaded = {name: datasets.load_dataset(folder, name, split='train') for name in names}\n"
        "print(json.dumps({name: [each.num_rows, each.column_names] for name, each in loaded.items()}))\n"
        "assert datasets.load_dataset(folder, split='train').num_rows == loaded['events'].num_rows\n"
    )
    environment = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path), "PATH": "", "HOME": str(tmp_path)}
    names = [name for name, rows in published.items() if rows]
    folders = [unpacked / "card"]
    if (released := ROOT / "dataset" / unpacked.name.rpartition("-")[2] / "README.md").exists():
        folders.append(released.parent)
    for folder in folders:
        command = [sys.executable, "-c", program, str(folder), *names]
        result = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path)
        assert result.returncode == 0, result.stderr
        told = json.loads(result.stdout.splitlines()[-1])
        assert told == {name: [len(published[name]), list(published[name][0])] for name in names}


def test_an_archive_is_the_same_bytes_whenever_it_is_made(waiting: Path, tmp_path: Path) -> None:
    assert main(waiting, ["archive", "0.1.0", "--to", str(tmp_path / "a")]) == 0
    for name, old, new in (
        ("quotes", '"title": "Cue"', '"title": "Cue words"'),
        ("dataset", '"CC-BY-4.0"', '"CC0-1.0"'),
        ("dataset", '"title": "russia', '"title": "The russia'),
    ):
        path = waiting / "schema" / f"{name}.json"
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert main(waiting, ["release", "--date", "2026-12-01"]) == 0
    assert main(waiting, ["archive", "0.1.0", "--to", str(tmp_path / "b")]) == 0
    one, other = (tmp_path / name / "russia-iran-claims-0.1.0.zip" for name in "ab")
    assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(one) as packed:
        assert {entry.date_time[0] for entry in packed.infolist()} == {1980}
        assert {entry.external_attr >> 16 for entry in packed.infolist()} == {0o644}
        text = packed.read("russia-iran-claims-0.1.0/LICENSE").decode()
    assert "CC-BY-4.0" in text


def test_the_first_archive_of_a_version_is_recorded(waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = digest(waiting / "dataset" / "0.1.0")
    assert main(waiting, ["archive", "0.1.0"]) == 0
    told = capsys.readouterr().out
    (entry,) = read_index(waiting / "dataset")
    assert told.endswith(f"SHA-256 {entry['archive']}\n")
    assert main(waiting, ["archive", "0.1.0"]) == 0
    assert capsys.readouterr().out == told
    path = waiting / "dataset" / "versions.json"
    path.write_text(path.read_text("utf-8").replace(entry["archive"], "0" * 64), "utf-8")
    assert main(waiting, ["archive", "0.1.0"]) == 0
    assert f"it was first made as {'0' * 64}: other releases of the code" in capsys.readouterr().out
    assert main(waiting, ["release", "--date", "2026-12-01"]) == 0
    assert [entry.get("archive") for entry in read_index(waiting / "dataset")] == ["0" * 64, None]
    assert digest(waiting / "dataset" / "0.1.0") == before


def test_an_archive_that_cannot_be_written_leaves_nothing(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = digest(released)
    result = subprocess.run(
        [sys.executable, str(ROOT / "build_dataset.py"), "archive", "0.1.0", "--root", str(released)],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )
    assert result.returncode == 1, result.stdout + result.stderr
    assert "russia-iran-claims-0.1.0.zip: file: cannot write it: file too large" in result.stdout
    assert result.stdout.endswith("nothing was written\n")
    assert digest(released) == before
    target = released / "there" / "russia-iran-claims-0.1.0.zip"
    target.mkdir(parents=True)
    assert main(released, ["archive", "0.1.0", "--to", "there"]) == 1
    assert "cannot write it: is a directory" in capsys.readouterr().out
    assert digest(released) == before


def test_an_archive_tells_the_changes_up_to_its_version_and_none_after(waiting: Path, tmp_path: Path) -> None:
    assert main(waiting, ["release", "--date", "2026-12-01"]) == 0
    told = [(unpack(waiting, number, tmp_path) / "CHANGES.md").read_text("utf-8") for number in ("0.1.0", "0.1.1")]
    assert told[0] == "# Changes\n\n## 0.1.0 (2026-11-21)\n\nFirst version.\n"
    assert told[1].startswith("# Changes\n\n## 0.1.1 (2026-12-01)\n")
    assert "Said as done." in told[1]
    assert told[1].endswith(told[0].removeprefix("# Changes\n"))


def test_text_that_is_too_long_for_a_workbook_is_cut_and_says_so(
    published_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "_LONGEST", 40)
    folder = unpack(published_once, "0.1.0", tmp_path)
    with closing(openpyxl.load_workbook(folder / "russia-iran-claims.xlsx")) as opened:
        cells = [cell.value for row in opened["claims"].iter_rows() for cell in row if isinstance(cell.value, str)]
    assert any(cell.endswith(" … (the rest is in the CSV file)") and len(cell) == 40 for cell in cells)


def test_an_address_and_dois_reach_everything(harbour: Path, tmp_path: Path) -> None:
    path = harbour / "schema" / "dataset.json"
    content = json.loads(path.read_text("utf-8"))
    content["download_base"] = "https://data.example/ric"
    content["doi"] = {"all": "10.5555/ric", "0.1.0": "10.5555/ric.1", "0.2.0": "10.5555/ric.2"}
    path.write_text(json.dumps(content, indent=2), "utf-8")
    assert main(harbour, ["release", "--date", "2026-12-01"]) == 0
    (harbour / "docs").mkdir()
    (harbour / "docs" / "codebook.md").write_text("## Limits\n\nNone.\n", "utf-8")
    folder = harbour / "dataset" / "0.1.0"
    files = unpack(harbour, "0.1.0", tmp_path)
    told: dict[str, Any] = {path.stem: json.loads(path.read_text("utf-8")) for path in files.glob("*.json")}
    assert told["datapackage"]["id"] == told["schema-org"]["identifier"] == "https://doi.org/10.5555/ric.1"
    assert told["croissant"]["identifier"] == "https://doi.org/10.5555/ric.1"
    assert told["datapackage"]["doi"] == {"all": "10.5555/ric", "0.1.0": "10.5555/ric.1"}
    assert told["datacite"]["identifiers"] == [{"identifierType": "DOI", "identifier": "10.5555/ric.1"}]
    assert told["datacite"]["relatedIdentifiers"][0]["relatedIdentifier"] == "10.5555/ric"
    cff = yaml.safe_load((files / "CITATION.cff").read_text("utf-8"))
    assert cff["doi"] == "10.5555/ric.1"
    assert [each["value"] for each in cff["identifiers"]] == ["10.5555/ric.1", "10.5555/ric"]
    assert "doi = {10.5555/ric.1}" in cite("bibtex", folder=folder)
    assert "url = {https://data.example/ric}" in cite("bibtex", folder=folder)
    assert {"DO  - 10.5555/ric.1", "UR  - https://data.example/ric"} <= set(cite("ris", folder=folder).splitlines())
    assert cite(folder=folder).endswith(" https://doi.org/10.5555/ric.1")
    assert main(harbour, ["verify"]) == 0
    assert main(harbour, ["site"]) == 0
    page = (harbour / "site" / "index.html").read_text("utf-8")
    assert '<link rel="canonical" href="https://data.example/ric/">' in page
    assert '"contentUrl":"https://data.example/ric/russia-iran-claims-0.1.0.zip"' in page


@pytest.mark.release
def test_without_an_address_nothing_dangles(unpacked: Path) -> None:
    if json.loads((unpacked / "datapackage.json").read_text("utf-8")).get("doi"):
        pytest.skip("this version has a DOI")
    for path in (*unpacked.glob("*.json"), *unpacked.glob("*.md"), unpacked / "CITATION.cff"):
        text = path.read_text("utf-8").lower()
        assert "doi.org" not in text, path
        assert '"url": ""' not in text, path
        assert "none)" not in text, path


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("download_base", "data.example", "expected an address that begins with https://"),
        ("download_base", "https://data.example/a b", "expected an address"),
        ("doi", {"all": "https://doi.org/10.5555/ric"}, "doi"),
        ("doi", "10.5555/ric", "doi"),
        ("coding", {"dataCollection": "By hand."}, "the key `dataAnnotationProtocol` is missing"),
    ],
)
def test_a_wrong_address_is_told(
    key: str, value: object, found: str, harbour: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = harbour / "schema" / "dataset.json"
    content = json.loads(path.read_text("utf-8")) | {key: value}
    path.write_text(json.dumps(content, indent=2), "utf-8")
    assert main(harbour, ["check"]) == 1
    output = capsys.readouterr().out
    assert found in output
    assert "schema/dataset.json:" in output


def test_dates_of_the_workbook_are_dates(released: Path, tmp_path: Path) -> None:
    folder = unpack(released, "0.1.0", tmp_path)
    with closing(openpyxl.load_workbook(folder / "russia-iran-claims.xlsx")) as opened:
        (published,) = {cell.value for cell in opened["articles"]["B"][1:] if cell.value == datetime(2026, 1, 10)}
        assert opened["articles"]["B2"].number_format == "yyyy-mm-dd"
        assert opened.properties.created.date() == date(2026, 11, 21)
    assert published == datetime(2026, 1, 10)
