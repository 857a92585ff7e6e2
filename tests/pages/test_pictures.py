"""The pictures: no text is cut or covers another, everybody tells their marks apart, and the tables say the same."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
from conftest import ROOT
from PIL import ImageFont
from selectolax.lexbor import LexborHTMLParser

from russia_iran_claims.pipeline.pages.html import environment
from russia_iran_claims.pipeline.pages.site import timeline as module
from russia_iran_claims.pipeline.pages.site.data import Released, read_released
from russia_iran_claims.pipeline.pages.site.graph import Graph, graph
from russia_iran_claims.pipeline.pages.site.rows import Rows
from russia_iran_claims.pipeline.pages.site.timeline import WIDTH, Timeline, broad, label, timeline
from russia_iran_claims.pipeline.versions.index import read_index
from russia_iran_claims.pipeline.versions.version import Cells

TEMPLATES = Path(module.__file__).parent / "templates"
TIMES = ("past", "ongoing", "planned", "conditional", "general")
CLAIMS = ("affirmed", "denied", "disputed", "open")
STANCES = ("affirms", "presupposes", "denies", "questions", "withholds", "leaves_open")
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
Colour = tuple[float, float, float]
Drawn = tuple[Released, Timeline, Graph]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Released:
    index = read_index(ROOT / "dataset")
    archive = tmp_path_factory.mktemp("archive") / "archive.zip"
    archive.write_bytes(b"")
    return read_released(ROOT, index, {entry["version"]: archive for entry in index})


@pytest.fixture(scope="module", params=["real", "long", "many days", "nothing"])
def drawn(request: pytest.FixtureRequest, real: Released) -> Drawn:
    made_up = {"real": real, "long": long(real), "many days": many_days(real), "nothing": nothing(real)}
    released = made_up[request.param]
    return released, timeline(released, TIMES), graph(released, Rows(released))


def with_rows(real: Released, **tables: list[Cells]) -> Released:
    changed = {
        name: replace(
            real.version.tables[name],
            rows={str(place): {column: cell for column, cell in row.items() if cell} for place, row in enumerate(rows)},
        )
        for name, rows in tables.items()
    }
    return replace(real, version=replace(real.version, tables=real.version.tables | changed))


def event(number: int, **cells: str) -> Cells:
    told = {"event_id": f"ev-{number:04}", "article_id": "art-001", "summary": "Ships leave.", "status": "affirmed"}
    return {**told, "time_status": "past", **cells}


def attested(chain: str, stance: str, article: str = "art-001") -> Cells:
    return {"article_id": article, "source_chain": chain, "stance": stance}


def long(real: Released) -> Released:
    """Words without end, chains that go deep, every status with every other, with and without bounds."""
    words = itertools.cycle([WORD * 3, f"The {WORD} and the {WORD} say so.", "W" * 400, "Wide 艦隊が港を出る " * 9, ""])
    bounds = [("2026-03-02", "2026-03-04"), ("2026-03-02", ""), ("", "2026-03-05"), ("", "")]
    kinds = itertools.product(CLAIMS, TIMES, bounds)
    events = [
        event(number, summary=next(words), status=status, time_status=time, date_start=start, date_end=end)
        for number, (status, time, (start, end)) in enumerate(kinds, 1)
    ]
    actors = [{"actor_id": f"a{number}", "name": WORD[number:] + " W" * number} for number in range(9)]
    chains = ["/".join(f"a{link}" for link in range(depth)) for depth in range(1, 9)]
    told = [attested(chain, stance) for chain in [*chains, "article", "a8"] for stance in STANCES]
    days = ["2026-03-01", "2026-03-01", "2026-03-02", "2026-03-06", "2026-03-07"]
    articles = [{"article_id": f"art-{n:03}", "published": day} for n, day in enumerate(days, 1)]
    told += [attested("a1", "denies", row["article_id"]) for row in articles]
    return with_rows(real, events=events, actors=actors, attestations=told, figures=[], articles=articles)


def many_days(real: Released) -> Released:
    """Two years, and one voucher through whom all passes."""
    days = [(date(2025, 1, 31) + timedelta(40 * n)).isoformat() for n in range(18)]
    events = [event(n, date_start=day, date_end=day) for n, day in enumerate(days, 1)]
    articles = [{"article_id": "art-001", "published": "2025-12-31"}]
    told = [attested("article", "affirms")] * 50
    return with_rows(real, events=events, attestations=told, figures=[], articles=articles)


def nothing(real: Released) -> Released:
    return with_rows(real, events=[], attestations=[], figures=[])


def page_of(drawn: Drawn) -> LexborHTMLParser:
    return LexborHTMLParser(
        environment(TEMPLATES).get_template("pictures.html.j2").render(timeline=drawn[1], graph=drawn[2])
    )


def test_no_text_covers_another_or_leaves_the_picture(drawn: Drawn) -> None:
    for picture in drawn[1:]:
        for text in picture.labels:
            left, top, right, bottom = text.box
            assert left >= 0, text
            assert right <= WIDTH, text
            assert top >= 0, text
            assert bottom <= picture.height, text
        for one, other in itertools.combinations(picture.labels, 2):
            assert not overlap(one.box, other.box), (one, other)


def test_no_mark_covers_a_text_or_leaves_the_picture(drawn: Drawn) -> None:
    _, when, who = drawn
    marks = [(mark.text, outline(mark.frame)) for mark in [*when.bars, *when.squares]]
    bars = [(node.chain, (p.x, p.y, p.x + p.width, p.y + 9)) for node in who.nodes for p in node.bar]
    for picture, boxes in ((when, marks), (who, bars)):
        for name, box in boxes:
            assert box[0] >= 0, name
            assert box[2] <= WIDTH, name
            assert box[3] <= picture.height, name
            for text in picture.labels:
                assert not overlap(box, text.box), (name, text)
        for (name, box), (other, second) in itertools.combinations(boxes, 2):
            assert not overlap(box, second), (name, other)


def test_texts_are_whole(drawn: Drawn) -> None:
    released, when, who = drawn
    written = {squeezed("".join(text.lines)) for text in [*when.labels, *who.labels]}
    summaries = {row["event_id"]: row["summary"] for row in released.rows("events")}
    for bar in when.bars:
        assert any(text.endswith(squeezed(summaries[bar.id])) for text in written), bar
    for node in who.nodes:
        assert squeezed(node.names[-1]) in written


def test_a_long_word_is_broken_and_nothing_is_lost() -> None:
    told = label(6, 12, f"in {WORD} they say", 100, 12)
    assert all(broad(line, 12) <= 100 for line in told.lines)
    assert squeezed("".join(told.lines)) == squeezed(f"in {WORD} they say")
    assert label(0, 0, "", 100, 12).lines == [""]


def test_no_letter_is_wider_than_reckoned(drawn: Drawn) -> None:
    """Held against DejaVu Sans, the widest of the fonts that a reader is likely to have."""
    spec = find_spec("matplotlib")
    assert spec is not None
    assert spec.origin is not None
    fonts = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
    plain, bold = (ImageFont.truetype(fonts / f"DejaVuSans{name}.ttf", 100) for name in ("", "-Bold"))
    for text in [*drawn[1].labels, *drawn[2].labels]:
        font, left, right = bold if text.kind == "head" else plain, text.box[0], text.box[2]
        for line in text.lines:
            if not re.search("[\u3000-\u9fff]", line):  # the font has no such letters
                assert font.getlength(line) * text.size / 100 <= right - left, line


def test_every_tick_has_its_day_and_month(drawn: Drawn) -> None:
    _, when, _ = drawn
    ticks = [text for text in when.labels if text.kind == "tick"]
    assert len(ticks) == len(when.ticks)
    for x, text in zip(when.ticks, ticks):
        assert 0 < text.x - x < 5
        assert re.fullmatch(r"[1-9]\d? [A-Z][a-z]{2}( \d{4})?", " ".join(text.lines))


def test_only_what_is_affirmed_as_done_is_filled(drawn: Drawn) -> None:
    released, when, _ = drawn
    rows = {row["event_id"]: row for row in released.rows("events")}
    page = page_of(drawn)
    marks = page.css("a.pic-mark")
    assert len(marks) == len(rows)
    for mark in marks:
        row = rows[str(mark.attributes["href"])[1:]]
        kinds = set(str(mark.attributes["class"]).split())
        done = row["time_status"] in ("past", "ongoing", "general")
        assert ({"pic-affirmed", "pic-done"} <= kinds) == (row["status"] == "affirmed" and done)
        assert ("pic-done" in kinds) == done
        assert bool(mark.css("path.pic-sign")) == (row["status"] in ("denied", "open"))
        assert bool(mark.css("path.pic-half")) == (row["status"] == "disputed" and done)
        assert row["time_status"] in mark.text()
        assert row["status"] in mark.text()
    filled = [
        rule
        for rule in rules("pictures.css")
        if "pic-frame" in rule and "--pic-done" in rule.partition("fill:")[2][:20]
    ]
    assert filled == [".pic-affirmed.pic-done .pic-frame { fill: var(--pic-done); }"]
    assert len({words for _, words in when.key}) == 7


def test_the_tables_say_what_the_pictures_show(drawn: Drawn) -> None:
    released, _, who = drawn
    page = page_of(drawn)
    events = [[cell.text().strip() for cell in row.css("th, td")] for row in page.css(".pic-events tbody tr")]
    columns = ("event_id", "article_id", "date_start", "date_end", "time_status", "status")
    assert [[*row[:2], *row[3:]] for row in events] == [
        [row.get(column, "") for column in columns] for row in released.rows("events")
    ]
    assert {str(a.attributes["href"]) for a in page.css(".pic-events a")} == {f"#{row[0]}" for row in events}
    told = [*released.rows("attestations"), *released.rows("figures")]
    expected = Counter(row["stance"] for row in told)
    assert [sum(row.times[n] for row in who.counts) for n in range(len(STANCES))] == [expected[s] for s in STANCES]
    shown = [[cell.text().strip() for cell in row.css("th, td")] for row in page.css(".pic-chains tbody tr")]
    assert shown == [[row.names, row.article, *map(str, row.times)] for row in who.counts]


def test_pictures_are_named_and_style_themselves_by_classes(drawn: Drawn) -> None:
    page = page_of(drawn)
    for picture in page.css("svg.pic-drawn"):
        title, more = (str(picture.attributes[name]) for name in ("aria-labelledby", "aria-describedby"))
        assert [node.tag for node in page.css(f"#{title}, #{more}") if node.text()] == ["title", "desc"]
        if picture.attributes["role"] == "img":
            assert not picture.css("a, [tabindex]"), "what is inside an img cannot be reached"
    assert not page.css("[style], script, style")
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))


# Meanings that stand in one picture, each with the variable of its colour. They differ in form, too.
PAIRS = [
    ("--pic-done", "--pic-no"),
    ("--pic-done", "--pic-open"),
    ("--pic-no", "--pic-open"),
    ("--pic-done", "--pic-flow"),
    ("--pic-no", "--pic-flow"),
]
# The least distance in CIE L*a*b* (CIE76): two to three is what a trained eye just sees side by side.
APART = 15.0
# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
SEEN = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "everything": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
}


@pytest.mark.parametrize("mode", ["light", "dark", "print"])
@pytest.mark.parametrize("eyes", SEEN)
def test_the_colour_blind_tell_meanings_apart(mode: str, eyes: str) -> None:
    palette = colours(mode)
    for pair in PAIRS:
        assert math.dist(*(lab(simulated(palette[name], eyes)) for name in pair)) >= APART, pair


@pytest.mark.parametrize("mode", ["light", "dark", "print"])
@pytest.mark.parametrize("eyes", SEEN)
def test_marks_stand_out_from_the_paper_and_texts_more(mode: str, eyes: str) -> None:
    palette = colours(mode)
    paper = luminance(simulated(palette["--paper"], eyes))
    for name in ("--pic-done", "--pic-no", "--pic-open", "--pic-flow", "--soft", "--ink"):
        lighter, darker = sorted((paper, luminance(simulated(palette[name], eyes))), reverse=True)
        needed = 4.5 if name in ("--soft", "--ink") else 3.0
        assert (lighter + 0.05) / (darker + 0.05) >= needed, name


def test_what_looks_alike_in_grey_has_another_form() -> None:
    """Each kind of mark and of part has a drawing of its own, whatever its colour."""
    style = "\n".join(rules("pictures.css"))
    dashes = re.findall(r"\.pic-(conditional|open) \.pic-frame \{[^}]*stroke-dasharray: ([^;]+);", style)
    assert len({pattern for _, pattern in dashes}) == 2
    assert re.search(r"\.pic-part-open \{[^}]*stroke-dasharray", style)
    assert re.search(r"\.pic-part-denies \{[^}]*fill: var\(--paper\)", style)


def test_every_class_of_the_pictures_has_its_style_here(drawn: Drawn) -> None:
    style = (TEMPLATES / "pictures.css").read_text("utf-8")
    used = {name for node in page_of(drawn).css("[class]") for name in str(node.attributes["class"]).split()}
    plain = {"n", "pic-mark", "pic-text", "pic-part", "pic-affirmed", "pic-planned"}
    assert not {name for name in used - plain if f".{name}" not in style}


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def outline(path: str) -> tuple[float, float, float, float]:
    """The bounds of a bar or square, with its tips."""
    left, top, right = map(float, re.findall(r"^M([\d.]+) ([\d.]+)H([\d.]+)", path)[0])
    after, before = "l7 7-7 7" in path, "l-7-7 7-7" in path
    return left - 7 * before, top, right + 7 * after, top + 14


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def rules(name: str) -> list[str]:
    return [line.strip() for line in (TEMPLATES / name).read_text("utf-8").splitlines()]


def colours(mode: str) -> dict[str, Colour]:
    """The variables as they hold in a mode: the light ones, and over them those of the mode."""
    style = "\n".join((TEMPLATES / name).read_text("utf-8") for name in ("page.css", "pictures.css"))
    found: dict[str, Colour] = {}
    for block in blocks(style, mode):
        for name, value in re.findall(r"(--[\w-]+):\s*(#[0-9a-fA-F]{3,6})\b", block):
            digits = value[1:] if len(value) == 7 else "".join(digit * 2 for digit in value[1:])
            found[name] = linear(int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return found


def blocks(style: str, mode: str) -> Iterator[str]:
    for condition, body in re.findall(r"(@media[^{]*\{\s*)?:root \{([^}]*)\}", style):
        if not condition:
            yield body
    for condition, body in re.findall(r"(@media[^{]*)\{\s*:root \{([^}]*)\}", style):
        if {"dark": "prefers-color-scheme: dark", "print": "print"}.get(mode, "no such mode") in condition:
            yield body


def linear(channels: Iterable[float]) -> Colour:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def simulated(colour: Colour, eyes: str) -> Colour:
    red, green, blue = (
        min(max(sum(part * channel for part, channel in zip(row, colour)), 0.0), 1.0) for row in SEEN[eyes]
    )
    return red, green, blue


def luminance(colour: Colour) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def lab(colour: Colour) -> Colour:
    """CIE L*a*b* under D65."""
    red, green, blue = colour
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, luminance(colour), z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)
