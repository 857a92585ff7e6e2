"""The page that shows the releases: its files and its HTML, without a browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zipfile
from functools import cached_property
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from conftest import ROOT
from selectolax.lexbor import LexborHTMLParser, LexborNode

from russia_iran_claims import cite
from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.pages.site.page import make_site
from russia_iran_claims.pipeline.versions.version import Version

pytestmark = pytest.mark.release

Rows = dict[str, list[dict[str, str]]]


class Page:
    """The page as a browser's parser reads it."""

    def __init__(self, path: Path) -> None:
        self._tree = LexborHTMLParser(path.read_text("utf-8"))

    def all(self, selector: str) -> list[LexborNode]:
        return self._tree.css(selector)

    @cached_property
    def text(self) -> str:
        return " ".join(node.text() for node in self.all("body"))

    @cached_property
    def within(self) -> dict[str, str]:
        """The text of each element that has an id."""
        return {str(node.attributes["id"]): node.text() for node in self.all("[id]")}

    @cached_property
    def links(self) -> set[str]:
        return {str(node.attributes["href"]) for node in self.all("a[href]")}


@pytest.fixture(scope="session")
def page(site: Path) -> Page:
    return Page(site / "index.html")


def test_the_page_is_small_beside_the_rows_that_it_shows(site: Path, release: Path) -> None:
    rows = sum(path.stat().st_size for path in release.glob("*.csv"))
    earlier = len(list(site.glob("*.zip"))) - 1
    assert (site / "index.html").stat().st_size <= 3 * rows + 20_000 * earlier


def test_the_same_releases_give_the_same_bytes(site: Path, tmp_path: Path) -> None:
    make_site(ROOT, tmp_path)
    again = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert again == {path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_every_value_of_the_headline_rows_is_on_the_page(page: Page, published: Rows) -> None:
    text = page.text
    for table in ("events", "quotes", "figures"):
        for row in published[table]:
            missing = [
                cell
                for column, cell in row.items()
                if cell and column != "published" and not column.endswith("_by") and cell not in text
            ]
            assert not missing, (table, row, missing)


def test_every_row_has_an_address(page: Page, published: Rows) -> None:
    keys = {"events": "event_id", "quotes": "quote_id", "figures": "figure_id", "attestations": "attestation_id"}
    expected = {row[key] for table, key in keys.items() for row in published[table]}
    assert expected <= set(page.within)
    assert len(page.within) == len(page.all("[id]"))


def test_every_span_and_link_stands_in_its_row(page: Page, published: Rows) -> None:
    for span in published["spans"]:
        assert f"{span['start_char']}–{span['end_char']}" in page.within[span["item_id"]], span
    for link in published["links"]:
        assert link["to_id"] in page.within[link["from_id"]], link
        assert link["from_id"] in page.within[link["to_id"]], link
        assert (link["note"] or "") in page.within[link["from_id"]], link


def test_every_stance_stands_with_its_voucher(page: Page, published: Rows) -> None:
    names = {row["actor_id"]: row["name"] for row in published["actors"]}
    for said in published["attestations"]:
        words = page.within[said["attestation_id"]]
        assert said["stance"] in words
        for link in said["source_chain"].split("/"):
            assert names.get(link, "itself") in words, said


def test_every_claim_stands_first_with_its_sides_and_passages(page: Page, published: Rows) -> None:
    assert len(page.all("#claims-rows > tbody")) == len(published["claims"])
    assert page.all("main > section")[0].css("#claims")
    for said in published["attestations"]:
        assert said["attestation_id"] in page.within[f"claim-{said['claim_id']}"], said
    for figure in published["figures"]:
        assert figure["figure_id"] in page.within[f"claim-{figure['claim_id']}"], figure


def test_the_other_tables_stand_row_by_row(page: Page, published: Rows) -> None:
    for table in ("articles", "actors", "mentions", "sources", "exclusions", "differences"):
        assert len(page.all(f"#{table} tbody tr")) == len(published[table]), table


def test_every_link_inside_the_page_leads_somewhere(page: Page, site: Path) -> None:
    for address in page.links:
        if address.startswith("#"):
            assert address[1:] in page.within, address
        elif "://" not in address:
            assert (site / address).is_file(), address


def test_the_page_asks_for_nothing_from_elsewhere(page: Page, version: Version) -> None:
    assert not page.all("[src], link:not([href='data:,']), iframe, object, embed, form[action], [style]")
    licences = {licence["path"] for licence in version.schema.dataset["licenses"]}
    assert {address for address in page.links if "://" in address} == licences


def test_the_policy_lets_exactly_this_style_and_script_run(page: Page) -> None:
    (element,) = page.all("meta[http-equiv='Content-Security-Policy']")
    policy = str(element.attributes["content"])
    inline = [node.text() for node in page.all("style, script")]
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline]
    assert sorted(re.findall(r"'sha256-([^']+)'", policy)) == sorted(hashes)
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")


def test_downloads_tell_the_size_and_hash_of_their_files(site: Path, page: Page, version: Version) -> None:
    for name in version.tables:
        for suffix in ("csv", "parquet"):
            content = (site / version.number / f"{name}.{suffix}").read_bytes()
            assert hashlib.sha256(content).hexdigest() in page.text
            assert f"{version.number}/{name}.{suffix}" in page.links
    archive = site / f"russia-iran-claims-{version.number}.zip"
    assert hashlib.sha256(archive.read_bytes()).hexdigest() in page.text


def test_the_citations_are_those_of_the_package(page: Page) -> None:
    assert page.within["bibtex"] == cite("bibtex")
    assert page.within["ris"] == cite("ris")
    assert page.within["apa"] == cite("apa").replace("*", "")


def test_search_engines_read_version_licence_and_files(site: Path, page: Page, version: Version) -> None:
    (element,) = page.all("script[type='application/ld+json']")
    told = json.loads(element.text())
    assert told["@type"] == "Dataset"
    assert told["version"] == version.number
    assert told["license"] == version.schema.dataset["licenses"][0]["path"]
    assert 50 <= len(told["description"]) <= 5000
    for file in told["distribution"]:
        path = site / file["contentUrl"]
        assert f"{path.stat().st_size} B" == file["contentSize"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == file["sha256"]
    assert len(told["distribution"]) == 1 + 2 * len(version.tables)


def test_the_snippets_load_what_the_archive_holds(
    site: Path, page: Page, published: Rows, version: Version, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = site / f"russia-iran-claims-{version.number}.zip"
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, pd.DataFrame] = {}
    exec(page.within["pandas"], names)
    assert len(names["quotes"]) == len(published["quotes"])
    assert len(duckdb.sql(page.within["duckdb"]).fetchall()) == len(published["quotes"])
    (file,) = re.findall(r'"([^"]+\.csv)"', page.within["r"])
    assert (tmp_path / file).is_file()


def test_every_published_version_is_there_with_its_changes(waiting: Path) -> None:
    assert main(waiting, ["release", "--date", "2026-12-01"]) == 0
    (waiting / "docs").mkdir()
    (waiting / "docs" / "codebook.md").write_text("## Limits\n\nNone.\n\n<!-- codebook", "utf-8")
    assert main(waiting, ["site"]) == 0
    text = Page(waiting / "site" / "index.html").text
    assert "Version 0.1.1, the newest" in text
    for number in ("0.1.0", "0.1.1"):
        assert (waiting / "site" / f"russia-iran-claims-{number}.zip").is_file()
        assert (waiting / "site" / number / "quotes.csv").is_file()
        assert f"russia-iran-claims-{number}.zip" in text
    assert "quotes qu-0003, paraphrase: “Tugs from Norland are on their way.” becomes “Norland has sent tugs.”" in text
    assert "1 change against the version before" in text


def test_a_published_file_that_was_edited_is_not_shown(waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edited = waiting / "dataset" / "0.1.0" / "quotes.csv"
    edited.write_text(edited.read_text("utf-8").replace("a", "b", 1), "utf-8")
    assert main(waiting, ["site"]) == 1
    assert "quotes.csv" in capsys.readouterr().out
    assert not (waiting / "site").exists()


def test_nothing_published_is_told_as_such(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(harbour, ["site"]) == 1
    assert "there is no published version" in capsys.readouterr().out


def test_a_release_without_claims_has_a_page(harbour: Path) -> None:
    for path in (harbour / "raw" / "articles").glob("*.yaml"):
        text = path.read_text("utf-8")
        events, end = text.index("\nevents:"), text.index("\nexclusions:")
        path.write_text(text[:events] + text[end:], "utf-8")
    # Norland acts in an event, and does nothing else.
    for path in ((harbour / "raw" / "actors.yaml"), *(harbour / "raw" / "articles").glob("*.yaml")):
        kept = [line for line in path.read_text("utf-8").splitlines() if "actor_id: norland" not in line]
        path.write_text("\n".join(kept) + "\n", "utf-8")
    links = harbour / "raw" / "links.yaml"
    kept = [line for line in links.read_text("utf-8").splitlines() if "from_id: qu" in line]
    links.write_text("\n".join(kept) + "\n", "utf-8")
    assert main(harbour, ["release", "--date", "2026-12-01"]) == 0
    (harbour / "docs").mkdir()
    (harbour / "docs" / "codebook.md").write_text("## Limits\n\nNone.\n", "utf-8")
    assert main(harbour, ["site"]) == 0
    assert "0 events" in " ".join(Page(harbour / "site" / "index.html").text.split())
