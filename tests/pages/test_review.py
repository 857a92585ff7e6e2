"""A coding on its text: every row is on its words, and what is missing, wrong or different is where a curator looks."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import digest
from playwright.sync_api import expect
from visiting import CHECKERS, Visit, needed

from russia_iran_claims.pipeline.cli.main import main

CODED = "raw/articles/art-001.yaml"


class Page(HTMLParser):
    """What a file has: the text and the links of each column, cards by id, and all that is said elsewhere."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.texts: list[str] = []
        # For each column: the words of a link, the cards that it shows, its classes.
        self.links: list[list[tuple[str, list[str], list[str]]]] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.targets: list[str] = []
        self._in_text = self._in_link = False
        self.feed(html)
        self.cards = {
            id: " ".join(unescape(re.sub("<[^>]*>", " ", card)).split())
            for id, card in re.findall(r'<section class="card [^"]*" id="([^"]*)">(.*?)</section>', html, re.DOTALL)
        }

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.ids += [of["id"]] if "id" in of else []
        self.targets += [of["href"]] if "href" in of else []
        if tag == "div" and of.get("class") == "text":
            self._in_text = True
            self.texts.append("")
            self.links.append([])
        elif tag == "a" and self._in_text:
            self._in_link = True
            self.links[-1].append(("", of["data-rows"].split(), of["class"].split()))

    def handle_endtag(self, tag: str) -> None:
        if tag == "div":
            self._in_text = False
        elif tag == "a":
            self._in_link = False

    def handle_data(self, data: str) -> None:
        if self._in_text:
            self.texts[-1] += data
            if self._in_link:
                words, rows, classes = self.links[-1][-1]
                self.links[-1][-1] = words + data, rows, classes

    def words(self, card: str, column: int = 0) -> str:
        """The words on which a card's marks are."""
        return "|".join(words for words, rows, _ in self.links[column] if card in rows)


def review(root: Path, *more: str | Path) -> Page:
    assert main(root, ["review", "art-001", "--articles", str(root / "texts"), *map(str, more)]) == 0
    return Page((root / "texts" / "art-001.review.html").read_text("utf-8"))


def swap(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def second(harbour: Path) -> Path:
    """What another reader wrote: the same, but for an act and the trigger of an event."""
    folder = harbour / "second"
    folder.mkdir()
    for name in ("actors.yaml", "links.yaml"):
        shutil.copy(harbour / "raw" / name, folder)
    shutil.copytree(harbour / "raw" / "articles", folder / "articles")
    swap(folder / "articles" / "art-001.yaml", "act: ask", "act: assert")
    return folder


def test_every_row_is_on_its_words(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = digest(harbour / "raw")
    page = review(harbour)
    assert capsys.readouterr().out == "texts/art-001.review.html: written, with 0 problems\n"
    assert digest(harbour / "raw") == before
    assert page.texts == [(harbour / "texts" / "art-001.txt").read_text("utf-8")]
    assert page.words("a-fi-0001") == "about 40"
    assert page.words("a-ev-0001").replace("|", "") == "was closedon Thursdayclosed it"
    assert "evidence: Berg would not confirm that" in page.cards["a-at-0004"]
    assert "Norland sends tugs." in page.cards["a-ev-0002"]
    assert "participant norland, actor" in page.cards["a-ev-0002"]
    assert "reason dateline" in page.cards["a-art-001|6"]
    assert "fi-0003" not in page.html  # that of the other article


def test_links_work_without_the_script_and_ids_are_there_once(harbour: Path, second: Path) -> None:
    page = review(harbour, "--reading", second)
    assert len(page.ids) == len(set(page.ids))
    assert {target.removeprefix("#") for target in page.targets} <= set(page.ids)
    assert {row for column in page.links for _, rows, _ in column for row in rows} <= set(page.ids)


def test_what_is_not_covered_yet_is_marked(harbour: Path) -> None:
    swap(
        harbour / CODED,
        "  - {start_char: 248, end_char: 261, wording: two officials, reason: source_count}\n",
        "",
    )
    page = review(harbour)
    (todo,) = [card for card in page.cards if card.startswith("a-todo")]
    assert page.words(todo) == "two"
    assert "a number: no row and no exclusion accounts for it yet" in page.cards[todo]
    assert "1 place not covered yet" in page.html
    assert not [card for card in page.cards if card.startswith("a-problem")]


def test_a_problem_is_at_its_span_or_at_the_first_of_its_row(harbour: Path) -> None:
    swap(harbour / CODED, "end_char: 118, paragraph: 2", "end_char: 118, paragraph: 3")
    swap(harbour / CODED, "act: ask", "act: asks")
    # The second run of a quote: a problem there is not at its first.
    swap(harbour / CODED, "end_char: 180, paragraph: 2", "end_char: 180, paragraph: 4")
    page = review(harbour)
    problems = {page.words(card): text for card, text in page.cards.items() if card.startswith("a-problem")}
    assert {*problems} >= {"about 40", "Nobody was hurt.", "wrote"}
    assert "error: " in problems["wrote"]
    for text in problems.values():
        assert " hint " in text
    assert re.search(r"at raw/articles/art-001\.yaml:\d+", problems["about 40"])
    assert "<li>" not in page.html


def test_a_problem_without_a_place_is_on_top(harbour: Path) -> None:
    swap(harbour / CODED, "text_chars: 469", "text_chars: 468")
    swap(harbour / "raw/articles/art-002.yaml", "act: deny", "act: denies")
    page = review(harbour)
    (listed,) = re.findall(r"<li>(.*?)</li>", page.html, re.DOTALL)
    assert "raw/articles/art-001.yaml:7: error text-hash: found 468" in listed
    assert "hint: restore the text" in listed
    assert "denies" not in page.html


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("start_char: 110, end_char: 118", "start_char: 118, end_char: 110"),
        ("start_char: 110, end_char: 118", "start_char: 110, end_char: 100000"),
        ("start_char: 110, end_char: 118", "start_char: many, end_char: 118"),
        ("start_char: 110, end_char: 118", "start_char: -4, end_char: 0"),
        ("start_char: 110, end_char: 118", "find: no such words"),
        ("figure_id: fi-0001", "figure_id: fi-0002"),
        ("figure_id: fi-0001", "figure_id: fi 0001"),
        ("event_id: ev-0002", "event_id: [ev-0002]"),
        ("reason: ordinal", "reason: 12"),
        ("exclusions:", "exclusions: 12\nother:"),
        ("language: en", "language:"),
    ],
)
def test_a_coding_with_errors_is_shown(harbour: Path, old: str, new: str) -> None:
    swap(harbour / CODED, old, new)
    page = review(harbour)
    assert page.texts == [(harbour / "texts" / "art-001.txt").read_text("utf-8")]
    assert len(page.ids) == len(set(page.ids))
    assert any(card.startswith("a-problem") for card in page.cards) or "<li>" in page.html


def test_nothing_of_a_text_or_a_row_is_read_as_html(harbour: Path) -> None:
    plain = review(harbour)
    path = harbour / "texts" / "art-001.txt"
    hostile = "</div><script>alert(1)</script>{{ 7 * 7 }}<img src=x onerror=alert(1)>"
    path.write_text(path.read_text("utf-8") + hostile, "utf-8")
    swap(harbour / CODED, "summary: Norland sends tugs.", 'summary: "<img src=x>{{ 7 * 7 }}</style>"')
    swap(harbour / CODED, "cue: wrote", 'cue: "<script>x</script>"')
    page = review(harbour)
    assert page.texts == [path.read_text("utf-8")]
    assert {*page.tags} - {"ul", "li", "br"} <= {*plain.tags}
    assert page.tags.count("script") == 1
    assert "<img src=x>{{ 7 * 7 }}</style>" in page.cards["a-ev-0002"]


def test_two_readings_are_side_by_side_with_what_differs(harbour: Path, second: Path) -> None:
    path = second / "articles" / "art-001.yaml"
    lines = path.read_text("utf-8")
    start = lines.index("  - figure_id: fi-0002")
    path.write_text(lines[:start] + lines[lines.index("exclusions:") :], "utf-8")
    swap(path, "exclusions:", "exclusions:\n  - {start_char: 294, end_char: 299, wording: three, reason: idiom}")
    page = review(harbour, "--reading", second)
    assert len(page.texts) == 2
    assert page.texts[0] == page.texts[1]
    assert page.words("a-fi-0002", 0) == "three"
    assert "b-fi-0002" not in page.cards
    rows = [unescape(re.sub("<[^>]*>", "", row)) for row in re.findall(r"<tr>(.*?)</tr>", page.html, re.DOTALL)][1:]
    told = {row.split("\n")[0]: " ".join(row.split("\n")[1:]) for row in rows}
    assert "qu-0005: ask" in told["quotes.act"]
    assert "qu-0005: assert" in told["quotes.act"]
    assert "no such row" in told["figures.figure_id"]
    differs = [{row for _, rows, kinds in column if "differs" in kinds for row in rows} for column in page.links]
    assert differs[0] >= {"a-qu-0005", "a-fi-0002"}
    assert "b-qu-0005" in differs[1]
    assert not any("a-ev-0001" in rows and "differs" in kinds for _, rows, kinds in page.links[0])


def test_readings_that_are_alike_do_not_differ(harbour: Path, second: Path) -> None:
    swap(second / "articles" / "art-001.yaml", "act: assert\n    medium: social", "act: ask\n    medium: social")
    # The other reader has not coded the other article, which is no matter for this one.
    (second / "articles" / "art-002.yaml").unlink()
    links = (second / "links.yaml").read_text("utf-8").splitlines(keepends=True)
    (second / "links.yaml").write_text("".join(link for link in links if not re.search("fi-0003|qu-0007", link)))
    page = review(harbour, "--reading", second)
    assert "The two do not differ in what is compared." in page.html
    assert not any("differs" in kinds for column in page.links for _, _, kinds in column)


def test_readings_with_errors_are_shown_and_not_compared(harbour: Path, second: Path) -> None:
    swap(second / "articles" / "art-001.yaml", "event_type: aid", "event_type: aids")
    page = review(harbour, "--reading", second)
    assert "not compared, because one of them has errors" in page.html
    assert [card[0] for card, text in page.cards.items() if "aids" in text and "problem" in card] == ["b"]


def unknown(harbour: Path) -> list[str]:
    return ["art-009", "--articles", str(harbour / "texts")]


def without_text(harbour: Path) -> list[str]:
    (harbour / "texts" / "art-001.txt").unlink()
    return ["art-001", "--articles", str(harbour / "texts")]


def committed(harbour: Path) -> list[str]:
    shutil.copytree(harbour / "texts", harbour / "raw" / "texts")
    return ["art-001", "--articles", str(harbour / "raw" / "texts")]


def unreadable(harbour: Path) -> list[str]:
    (harbour / CODED).write_text("article_id: [", "utf-8")
    return ["art-001", "--articles", str(harbour / "texts")]


def no_reading(harbour: Path) -> list[str]:
    return ["art-001", "--articles", str(harbour / "texts"), "--reading", str(harbour / "third")]


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (unknown, "raw/articles: articles: there is no article art-009; there are: art-001, art-002\n"),
        (without_text, "texts/art-001.txt: articles: the text is missing\n  hint: put the text there, as art-001.txt"),
        (committed, "raw/texts: articles: the file would have the text of the article, and raw/ is committed\n"),
        (unreadable, "raw/articles/art-001.yaml:2:1: yaml-syntax: "),
        (no_reading, "third: file: the folder is missing\n"),
    ],
)
def test_what_cannot_be_shown_says_why(
    case: Callable[[Path], list[str]], message: str, harbour: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(harbour, ["review", *case(harbour)]) == 1
    assert message in capsys.readouterr().out
    assert not [*harbour.rglob("*.review.html")]


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_in_a_browser_a_mark_shows_its_rows_and_no_other(
    scheme: str, width: int, harbour: Path, second: Path, visit: Visit
) -> None:
    review(harbour, "--reading", second)
    address = (harbour / "texts" / "art-001.review.html").as_uri()
    page = visit(address, scheme=scheme, size=(width, 900))
    page.locator("a[data-rows~='a-fi-0001']").first.click()
    expect(page.locator("[id='a-fi-0001']")).to_be_visible()
    expect(page.locator("[id='a-fi-0002']")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("[id='a-fi-0002']")).to_be_visible()
    page.get_by_text("cells differ").click()
    page.locator("#differences ~ details a", has_text="qu-0005").first.click()
    expect(page.locator("[id='b-qu-0005']")).to_be_visible()
    assert (visit.requests, visit.complaints) == ([address], [])
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    axe = CHECKERS / "axe-core" / "axe.min.js"
    needed(axe.exists(), "axe-core")
    bare = visit(address, scheme=scheme, size=(width, 900), csp=False)
    bare.add_script_tag(path=axe)
    violations = bare.evaluate("axe.run().then((result) => result.violations)")
    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []
