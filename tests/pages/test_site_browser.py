"""The page in a real browser: what a reader does with it, and what a hostile release cannot do to it."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from playwright.sync_api import Page, expect
from visiting import CHECKERS, DESK, PHONE, UNFOLD, Visit, needed

from russia_iran_claims.pipeline.pages.site.data import read_released
from russia_iran_claims.pipeline.pages.site.page import render

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a release in which every free text is markup, a script, or one endless word."""
    return hostile_page(tmp_path_factory.mktemp("hostile"))


def shown(page: Page, table: str) -> list[str]:
    """The ids of the rows that a table shows, from top to bottom."""
    rows = page.locator(f"#{table}-rows > tbody:not([hidden]) > tr:first-child > th")
    return [text.strip() for text in rows.all_inner_texts()]


def test_nothing_is_asked_for_but_the_page_itself(visit: Visit, address: str) -> None:
    page = visit(address)
    page.locator("summary").first.click()
    assert visit.requests == [address]
    assert visit.complaints == []


def test_it_reads_from_disk(visit: Visit, site: Path) -> None:
    page = visit((site / "index.html").as_uri() + "#qu-0012")
    expect(page.locator("#qu-0012")).to_be_visible()
    assert visit.complaints == []
    assert len(visit.requests) == 1


def test_a_click_sorts_up_and_then_down(visit: Visit, address: str) -> None:
    page = visit(address)
    head = page.locator("#figures-rows > thead th", has_text="value")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    rows = page.locator("#figures-rows > tbody > tr:first-child > td:nth-child(5)").all_inner_texts()
    numbers = [float(text) for text in rows if text]
    assert numbers == sorted(numbers)
    assert len(numbers) > 5
    assert rows[len(numbers) :] == [""] * (len(rows) - len(numbers)), "rows without a value stand last"
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    down = page.locator("#figures-rows > tbody > tr:first-child > td:nth-child(5)").all_inner_texts()
    assert [float(text) for text in down if text] == numbers[::-1]
    assert down[len(numbers) :] == rows[len(numbers) :]
    head.get_by_role("button").click()
    assert shown(page, "figures") == sorted(shown(page, "figures")), "the third click restores the order as published"


def test_the_keyboard_sorts(visit: Visit, address: str) -> None:
    page = visit(address)
    button = page.locator("#quotes-rows > thead th", has_text="speaker").get_by_role("button")
    page.locator("form[data-for=quotes-rows] select").last.focus()
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#quotes-rows > thead th[aria-sort=ascending]")).to_have_text("speaker")
    speakers = page.locator("#quotes-rows > tbody > tr:first-child > td:nth-child(3)").all_inner_texts()
    assert speakers == sorted(speakers, key=str.lower)
    page.keyboard.press("Space")
    expect(page.locator("#quotes-rows > thead th[aria-sort=descending]")).to_have_text("speaker")


def test_a_row_keeps_what_it_unfolds_when_sorted(visit: Visit, address: str) -> None:
    page = visit(address)
    page.locator("#quotes-rows > thead th").first.get_by_role("button").dblclick()
    assert shown(page, "quotes") == sorted(shown(page, "quotes"), reverse=True)
    for body in page.locator("#quotes-rows > tbody").all()[:5]:
        assert body.locator("[id]").first.get_attribute("id") == body.locator("th").first.inner_text().strip()


def test_words_and_choices_narrow_the_rows(
    visit: Visit, address: str, published: dict[str, list[dict[str, str]]]
) -> None:
    page = visit(address)
    form = page.locator("form[data-for=quotes-rows]")
    form.get_by_label("speaker").select_option("Ted Lieu")
    lieu = [row["quote_id"] for row in published["quotes"] if row["speaker"] == "Ted Lieu"]
    assert shown(page, "quotes") == lieu
    assert form.locator("output").inner_text() == f"{len(lieu)} of {len(published['quotes'])}"
    form.get_by_label("speaker").focus()
    page.keyboard.press("Home")
    form.get_by_label("Words").focus()
    page.keyboard.type("MILITARY dominance")
    assert shown(page, "quotes") == ["qu-0004"]
    page.keyboard.press("Control+A")
    page.keyboard.type("xyzzy")
    assert shown(page, "quotes") == []
    page.keyboard.press("Enter")
    assert page.url == address, "the form is not sent"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("id", ["qu-0012", "at-0005", "fi-0008"])
def test_a_row_has_an_address_that_unfolds_it(visit: Visit, address: str, id: str, script: bool) -> None:
    page = visit(f"{address}#{id}", script=script)
    expect(page.locator(f"#{id}")).to_be_in_viewport()


def test_the_two_wordings_stand_side_by_side(visit: Visit, address: str) -> None:
    page = visit(f"{address}#qu-0012")
    table = page.locator("#qu-0012 table.same")
    expect(table).to_contain_text("really a factor here.")
    expect(table).to_contain_text("not really a factor")
    left, right = (table.locator("tbody tr", has_text="paraphrase").locator("td").nth(n).bounding_box() for n in (0, 1))
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"] + 1
    assert left["y"] == right["y"]


def test_an_address_finds_a_row_that_a_filter_hides(visit: Visit, address: str) -> None:
    page = visit(address)
    page.locator("form[data-for=events-rows]").get_by_label("Words").fill("xyzzy")
    page.evaluate("document.querySelectorAll('#events-rows details').forEach((each) => { each.open = false; })")
    for _ in range(2):
        page.evaluate("scrollTo(0, 0)")
        page.locator("#both + p + ul a", has_text="ev-0002").first.click()
        expect(page.locator("#ev-0002")).to_be_in_viewport()


@pytest.mark.parametrize("name", ["apa", "bibtex", "ris", "pandas", "r", "duckdb"])
def test_a_button_copies(visit: Visit, address: str, name: str) -> None:
    page = visit(address)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(f"button[data-copy={name}]").click()
    expect(page.get_by_role("status").last).to_have_text("Copied")
    expect(page.locator(f"button[data-copy={name}]")).to_have_class("done")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator(f"#{name}").text_content()


def test_where_copying_is_not_allowed_the_text_is_selected(visit: Visit, address: str) -> None:
    page = visit(address)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')) }")
    page.locator("button[data-copy=bibtex]").click()
    assert page.evaluate("getSelection().toString()").startswith("@misc{")


def test_without_scripts_all_is_there_and_nothing_is_dead(
    visit: Visit, address: str, published: dict[str, list[dict[str, str]]]
) -> None:
    page = visit(address, script=False)
    for table in ("events", "quotes", "figures"):
        assert len(shown(page, table)) == len(published[table])
    assert page.locator("form.filter:visible, main button:visible").count() == 0
    page.locator("#events-rows summary").first.click()
    expect(page.locator("#ev-0001")).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nobody_scrolls_sideways(visit: Visit, address: str, hostile: Path, size: tuple[int, int]) -> None:
    for place in (address, hostile.as_uri()):
        page = visit(place, size=size)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], place


def test_print_leaves_out_what_paper_cannot_do(visit: Visit, address: str) -> None:
    page = visit(address, scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("form.filter:visible, nav:visible, button[data-copy]:visible").count() == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize(("scheme", "size"), [("light", DESK), ("dark", PHONE)], ids=["light desk", "dark phone"])
def test_axe_finds_no_violation(visit: Visit, address: str, scheme: str, size: tuple[int, int]) -> None:
    axe = CHECKERS / "axe-core" / "axe.min.js"
    needed(axe.exists(), "axe-core")
    page = visit(f"{address}#qu-0012", scheme=scheme, size=size, csp=False)
    page.evaluate(UNFOLD)
    page.add_script_tag(path=axe)
    violations = page.evaluate("axe.run().then((result) => result.violations)")
    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []


@pytest.mark.parametrize("which", ["published", "hostile"])
def test_the_validator_finds_no_error(site: Path, hostile: Path, which: str) -> None:
    needed(shutil.which("java"), "Java")
    vnu = CHECKERS / "vnu-jar" / "build" / "dist" / "vnu.jar"
    needed(vnu.exists(), "vnu")
    page = {"published": site / "index.html", "hostile": hostile}[which]
    result = subprocess.run(["java", "-jar", str(vnu), "--format", "json", str(page)], capture_output=True, text=True)
    # It takes the hash of a long script for another one; browsers do not, and a test of the policy computes it, too.
    told = json.loads(result.stderr)["messages"]
    messages = [message for message in told if "Content Security Policy" not in message["message"]]
    if which == "hostile":
        # Its licence leads to a script instead of to a page: the policy stops it, the validator may say so.
        messages = [message for message in messages if "javascript" not in message.get("extract", "")]
    assert messages == []


def test_a_hostile_release_runs_nothing_and_shows_its_markup(visit: Visit, hostile: Path) -> None:
    page = visit(hostile.as_uri() + "#qu-0001")
    page.locator("a[href^='javascript:']").first.click()
    page.locator("#figures-rows > thead th").nth(2).get_by_role("button").click()
    assert page.evaluate("typeof window.hacked") == "undefined"
    # The policy's own word on the licence's address is the only one.
    assert [each for each in visit.complaints if "javascript:" not in each and "script-src" not in each] == []
    assert visit.requests == [hostile.as_uri()]
    text = page.locator("body").text_content() or ""
    for payload in PAYLOADS:
        assert payload.strip() in text, payload


PAYLOADS = (
    "<script>window.hacked=1</script>",
    '"><img src=x onerror="window.hacked=1">',
    "</style></title></textarea></svg><script>window.hacked=1</script>",
    "' onmouseover='window.hacked=1",
    "{{ 7 * 7 }}{% raw %}",
    "<!-- --> ]]> &amp; &lt;b&gt;",
    "\u202eright to left",
    "W" * 400,
)


# A table's name, which stands in the style, too.
NAME = "x</style><script>window.hacked=1</script>"


def hostile_page(folder: Path) -> Path:
    """Write the page of a copy of the newest release whose free texts are payloads."""
    shutil.copytree(ROOT / "dataset", folder / "dataset")
    (folder / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "codebook.md", folder / "docs")
    index = json.loads((folder / "dataset" / "versions.json").read_text("utf-8"))["versions"]
    tables = index[-1]["tables"]
    tables[NAME] = tables.pop("exclusions")
    release = folder / "dataset" / index[-1]["version"]
    package = json.loads((release / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        resource["description"] = PAYLOADS[0]
        if resource["name"] == "exclusions-parquet":
            resource["name"] = f"{NAME}-parquet"
        if resource.get("type") == "table":
            free = []
            for field in resource["schema"]["fields"]:
                field["description"], field["example"] = PAYLOADS[1], PAYLOADS[2]
                if field["type"] == "string" and not {"pattern", "enum"} & set(field.get("constraints", ())):
                    free.append(field["name"])
                for level in field.get("categories", ()):
                    level["description"] = PAYLOADS[3]
            if resource["name"] == "exclusions":
                free.remove("wording")
                _rename(resource["schema"], release / resource["path"], "wording", PAYLOADS[2])
                resource["name"] = NAME
            _poison(release / resource["path"], free)
    package["title"], package["description"], package["citation"] = PAYLOADS[7], PAYLOADS[2], PAYLOADS[4]
    package["contributors"][0]["title"] = PAYLOADS[0]
    package["licenses"][0] |= {"path": "javascript:window.hacked=1", "title": PAYLOADS[1]}
    (release / "datapackage.json").write_text(json.dumps(package), "utf-8")
    about = json.loads((release / "schema-org.json").read_text("utf-8"))
    (release / "schema-org.json").write_text(json.dumps(about | {"description": PAYLOADS[2]}), "utf-8")
    archive = folder / "archive.zip"
    archive.write_bytes(b"")
    page = folder / "index.html"
    page.write_text(render(read_released(folder, index, {entry["version"]: archive for entry in index})), "utf-8")
    return page


def _rename(schema: dict[str, Any], path: Path, column: str, to: str) -> None:
    next(field for field in schema["fields"] if field["name"] == column)["name"] = to
    path.write_text(path.read_text("utf-8").replace(column, f'"{to}"', 1), "utf-8")


def _poison(path: Path, columns: list[str]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        names, rows = list(reader.fieldnames or ()), list(reader)
    chains = {"affirmed_by", "presupposed_by", "denied_by", "left_open_by", "source_chain", "origin", "via", "default"}
    for number, row in enumerate(rows):
        for place, column in enumerate(columns):
            if row[column] and column not in chains and not column.endswith("_id"):
                row[column] = PAYLOADS[(number + place) % len(PAYLOADS)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
