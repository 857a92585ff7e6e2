"""Reading along on the page: a reader's own copy, marked in the browser, by mouse, keyboard and without leaving it."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from harbour_site import made_up_site
from playwright.sync_api import Page, expect
from test_locate import copied, edited, made_up, publish
from visiting import CHECKERS, UNFOLD, Visit, needed

import russia_iran_claims as ric

pytestmark = pytest.mark.slow
# Every span that is marked, with the words that are marked for it.
MARKED = """() => {
  const found = {};
  for (const piece of document.getElementById("reading-text").childNodes)
    for (const { item_id: id, part, start } of piece.marks ?? [])
      if (id) found[`${id}|${part}|${start}`] = (found[`${id}|${part}|${start}`] ?? "") + piece.textContent;
  return found;
}"""
LOOKING = "Looking for the rows in your copy …"
SIZES = {"phone": (360, 780), "desk": (1440, 900)}


@pytest.fixture(scope="session")
def strike(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a made-up release with an emoji before spans, and its folder of texts beside it."""
    return made_up_site(tmp_path_factory.mktemp("strike"))


@pytest.fixture
def page(visit: Visit, strike: Path) -> Page:
    return visit((strike / "site" / "index.html").as_uri())


def paste(page: Page, text: str) -> str:
    """Paste a text, and return what is said of it."""
    page.locator("#reader-text").fill(text)
    page.get_by_role("button", name="Mark my copy").click()
    said = page.locator("#reader-said")
    expect(said).not_to_have_text(LOOKING, timeout=60_000)
    expect(said).not_to_be_empty()
    return said.inner_text()


def digests(page: Page) -> set[tuple[str, str, str]]:
    """Item, part and digest of the words of each span that is marked."""
    return {
        (*key.split("|")[:2], hashlib.sha256(words.encode()).hexdigest()[:16])
        for key, words in page.evaluate(MARKED).items()
    }


def published_spans(folder: Path, article: str) -> set[tuple[str, str, str]]:
    tables = {}
    for name in ("items", "spans"):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            tables[name] = list(csv.DictReader(file))
    own = {row["item_id"] for row in tables["items"] if row["article_id"] == article}
    return {(row["item_id"], row["part"], row["digest"]) for row in tables["spans"] if row["item_id"] in own}


@pytest.mark.parametrize("how", ["file", "pasted"])
def test_the_annotated_text_shows_every_span_on_its_words(how: str, page: Page, strike: Path) -> None:
    path = strike / "texts" / "art-003.txt"
    if how == "file":
        page.locator("#reader-file").set_input_files(path)
        expect(page.locator("#reading")).to_be_visible()
    else:
        paste(page, path.read_text("utf-8"))
    assert "the text of art-003 that was annotated" in page.locator("#reader-said").inner_text()
    assert digests(page) == published_spans(strike / "dataset" / "0.1.0", "art-003")
    assert page.locator("#reading-text").evaluate("(text) => text.textContent") == path.read_text("utf-8")


@pytest.mark.parametrize("name", ["art-001", "art-002"])
def test_both_articles_and_their_copies_show_the_spans_that_they_have(
    name: str,
    visit: Visit,
    address: str,
    articles: Path,
    release: Path,
) -> None:
    page, own = visit(address), published_spans(release, name)
    text = (articles / f"{name}.txt").read_bytes().decode()
    page.locator("#reader-file").set_input_files(articles / f"{name}.txt")
    expect(page.locator("#reading")).to_be_visible()
    assert digests(page) == own
    for copy in (
        f"Another header 🐟\n\n{text}",
        text.replace("\n\n", "\n"),
        text.replace("\n\n", " "),
        f"Header\n\n{text[: len(text) * 2 // 3]}".replace("\n\n", "\n"),
    ):
        paste(page, copy)
        found = digests(page)
        assert found <= own, "words are marked that are not those of the span"
        located = ric.locate(copy)
        assert len(page.evaluate(MARKED)) >= 0.95 * (located["state"] == "found").sum()
    assert visit.complaints == []
    assert {request.split(":")[0] for request in visit.requests if request != address} <= {"blob"}


OTHER = "Nothing of the kind is told here, and nobody said a word about it. " * 40
BAD: dict[str, tuple[str | bytes, str]] = {
    "an empty field": (" \n", "There is no text: paste the article's text"),
    "another article": (OTHER, "no copy of an annotated article: 0 of "),
    "a PDF": (b"%PDF-1.7 \xff\xfe", "This is a PDF. Open it, copy the text"),
    "Latin-1": ("café".encode("latin-1"), "not text in UTF-8"),
    "ten megabytes": ("a boat " * 1_500_000, "more than any article. Paste the article alone."),
    "other quotation marks": ("quotes", "spans are found and marked"),
    "the lede": ("lede", "It may be only a part of the article"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_marked_is_told_in_a_sentence(case: str, page: Page, strike: Path, tmp_path: Path) -> None:
    content, sentence = BAD[case]
    text = (strike / "texts" / "art-003.txt").read_text("utf-8")
    if content == "quotes":
        content = text.replace("‘", "'").replace("’", "'")
    elif content == "lede":
        content = text[: text.index("\n\nThe two sides")]
    if len(content) > 100_000 or isinstance(content, bytes):
        path = tmp_path / "article.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        page.locator("#reader-file").set_input_files(path)
    else:
        paste(page, content)
    expect(page.locator("#reader-said")).to_contain_text(sentence)
    expect(page.locator("#reading")).to_be_visible(visible="spans are" in sentence or "part of" in sentence)


def test_without_digests_the_page_says_why(visit: Visit, strike: Path) -> None:
    page = visit((strike / "site" / "index.html").as_uri())
    page.evaluate("() => Object.defineProperty(crypto, 'subtle', { value: undefined })")
    assert "plain http, where browsers compute no SHA-256" in paste(page, "The port of Vik was closed.")


def test_a_search_can_be_cancelled(page: Page) -> None:
    page.evaluate("() => { window.Worker = class { postMessage() {} terminate() { window.stopped = true; } }; }")
    page.locator("#reader-text").fill("The port of Vik was closed.")
    page.get_by_role("button", name="Mark my copy").click()
    expect(page.get_by_role("progressbar", name="Search")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#reader-said")).to_have_text("Stopped. Nothing is marked.")
    assert page.evaluate("window.stopped")
    expect(page.get_by_role("button", name="Cancel")).to_be_hidden()


def test_marks_lead_to_rows_and_rows_to_their_words(page: Page, strike: Path) -> None:
    paste(page, (strike / "texts" / "art-003.txt").read_text("utf-8"))
    page.locator("#reading-text mark", has_text="ask the bosses").first.click()
    rows = page.locator("#reading-rows")
    expect(rows).to_contain_text("quote, content")
    expect(rows.locator("a").first).to_have_attribute("href", "#qu-0026")
    page.get_by_text("All rows, in the order of the text").click()
    page.locator("#reading-all").get_by_role("button", name="fi-0008", exact=True).click()
    expect(page.locator("#reading-text mark.here")).to_have_text(["700 at most"])
    expect(page.locator("#reading-text mark.here")).to_be_in_viewport()
    page.evaluate("location.hash = '#qu-0026'")
    page.locator("#qu-0026").get_by_role("button", name="qu-0026 in your copy").click()
    expect(page.locator("#reading-text mark.here").first).to_be_in_viewport()


def test_the_keyboard_does_the_same(page: Page, strike: Path) -> None:
    paste(page, (strike / "texts" / "art-003.txt").read_text("utf-8"))
    marks = page.locator("#reading-text mark")
    assert page.locator("#reading-text mark[tabindex='0']").count() == 1, "one stop for Tab, the arrow keys do the rest"
    marks.first.focus()
    page.keyboard.press("ArrowRight")
    expect(marks.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#reading-rows li").first).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(marks.first).to_be_focused()


def test_marks_break_no_line(page: Page, strike: Path) -> None:
    text = (strike / "texts" / "art-003.txt").read_text("utf-8")
    paste(page, text)
    plain = page.evaluate(
        """(text) => { const own = document.getElementById("reading-text"), copy = own.cloneNode();
        copy.removeAttribute("id"); copy.textContent = text; own.after(copy);
        copy.style.cssText = `white-space:pre-wrap;line-height:2.1;width:${own.clientWidth}px`;
        const heights = [own.scrollHeight, copy.scrollHeight]; copy.remove(); return heights; }""",
        text,
    )
    assert plain[0] == plain[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_with_a_copy_on_the_page(
    size: str,
    scheme: str,
    visit: Visit,
    strike: Path,
) -> None:
    axe = CHECKERS / "axe-core" / "axe.min.js"
    needed(axe.exists(), "axe-core")
    page = visit((strike / "site" / "index.html").as_uri(), scheme=scheme, size=SIZES[size], csp=False)
    paste(page, (strike / "texts" / "art-003.txt").read_text("utf-8"))
    page.locator("#reading-text mark").first.click()
    expect(page.locator("#reading-rows li").first).to_be_in_viewport()
    page.evaluate(UNFOLD)
    page.add_script_tag(path=axe)
    violations = page.evaluate("axe.run().then((result) => result.violations)")
    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]


def test_without_scripts_the_page_says_what_needs_them(visit: Visit, strike: Path) -> None:
    page = visit((strike / "site" / "index.html").as_uri(), script=False)
    expect(page.get_by_text("This needs JavaScript.")).to_be_visible()
    expect(page.locator("#reader")).to_be_hidden()


def test_claims_are_chosen_by_status_voucher_and_word(page: Page, strike: Path) -> None:
    form, rows = page.locator("form[data-for=claims-rows]"), page.locator("#claims-rows > tbody:visible")
    form.get_by_label("voucher").select_option("Karl Brandt")
    vouched = rows.count()
    assert 0 < vouched < page.locator("#claims-rows > tbody").count()
    form.get_by_label("status").select_option("disputed")
    assert 0 < rows.count() < vouched
    form.get_by_label("Words").fill("safety review")
    expect(rows).to_have_count(1)
    rows.locator("summary").click()
    told = rows.locator("[id^=claim-]")
    expect(told).to_contain_text("Ines Roth: affirms")
    expect(told).to_contain_text("Karl Brandt: denies")


def test_the_two_articles_stand_side_by_side(visit: Visit, address: str) -> None:
    page = visit(address, size=SIZES["desk"])
    page.locator("#claims-rows summary", has_text="in art-001, art-002").first.click()
    left, right = (page.locator("details[open] .sides > div").nth(place).bounding_box() for place in (0, 1))
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"]
    assert left["y"] == right["y"]


def test_the_modules_pass_their_own_tests() -> None:
    needed(shutil.which("node"), "Node")
    command = ["node", "--test", str(ROOT / "tests" / "pages" / "script")]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_the_page_places_spans_where_python_does(tmp_path: Path) -> None:
    needed(shutil.which("node"), "Node")
    cases: list[dict[str, Any]] = []
    python: list[dict[int, int]] = []
    edits = [[], [("cut", 3)], [("swap", 2)], [("repeat", 4)], [("cut", 1), ("swap", 5)]]
    for seed in range(20):
        paragraphs = made_up(seed)
        folder = tmp_path / str(seed)
        folder.mkdir()
        publish(paragraphs, folder)
        texts = [paragraph.text for paragraph in paragraphs]
        whole = "\n\n".join(texts)
        with (folder / "spans.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        spans = [
            {"start": int(row["start_char"]), "end": int(row["end_char"]), "digest": row["digest"]} for row in rows
        ]
        for place, span in enumerate(spans):
            if place % 3 == 0:
                span["words"] = whole[int(span["start"]) : int(span["end"])]
        copy = copied(texts, edited([*range(len(texts))], edits[seed % len(edits)]), "A header 🐟\n\n")
        cases.append({"spans": spans, "text": copy.text})
        located = ric.locate(copy.text, folder=folder)
        python.append({place: row.start_char for place, row in enumerate(located.itertuples()) if row.state == "found"})
    (tmp_path / "cases.json").write_text(json.dumps(cases), "utf-8")
    find = ROOT / "src/russia_iran_claims/pipeline/pages/site/templates/script/find.mjs"
    script = f"""
        import {{ readFileSync }} from "node:fs"; import {{ createHash }} from "node:crypto";
        import {{ locate }} from {json.dumps(find.as_uri())};
        const digest = async (words) => createHash("sha256").update(words).digest("hex").slice(0, 16);
        const out = [];
        for (const {{ spans, text }} of JSON.parse(readFileSync({json.dumps(str(tmp_path / "cases.json"))})))
          out.push([...(await locate({{ a: {{ spans }} }}, text, digest)).found]);
        console.log(JSON.stringify(out));"""
    (tmp_path / "run.mjs").write_text(script, "utf-8")
    result = subprocess.run(["node", str(tmp_path / "run.mjs")], capture_output=True, text=True, check=True)
    both = total = 0
    for found, expected in zip(map(dict, json.loads(result.stdout)), python, strict=True):
        assert all(expected.get(index, start) == start for index, start in found.items()), "another place than Python's"
        both += len(found.keys() & expected.keys())
        total += len(expected)
    assert both >= 0.97 * total
