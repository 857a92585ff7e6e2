"""Any text, and any right coding of it: `new`, `anchor`, `check` and `locate` agree to the code point."""

from __future__ import annotations

import json
import shutil
import tempfile
import unicodedata
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

import hypothesis.strategies as st
import pandas as pd
import pytest
import yaml
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from readme import named_block

import russia_iran_claims as ric
from russia_iran_claims.pipeline.annotations.rows import read_coding
from russia_iran_claims.pipeline.annotations.yaml import plain
from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.schema.model import Schema
from russia_iran_claims.pipeline.tables.derive import derive
from russia_iran_claims.pipeline.tables.describe import numbered
from russia_iran_claims.pipeline.tables.write import files_of

FORMS = ("", "NFC", "NFD")
LINE_ENDS = ("\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029")
MARKS = {"“": "”", '"': '"', "‘": "’", "'": "'", "«": "»", "„": "”", "‹": "›"}
# Letters composed and decomposed, syllables of Hangul in parts, an emoji of three, of two, a new one, a flag, a keycap.
ODD = ["café", "cafe\u0301", "nai\u0308ve", "g\u0303o", "\u1112\u1161\u11ab", "ÅÅ", "ﬁre", "soft\u00adly", "o’er"]
# Words with an apostrophe at an end, and emoji: these may be there twice.
OTHERS = ["dockers’", "’tis", "dockin’", "👩\u200d🍳", "🐟", "\U0001fae9", "❤\ufe0f", "🇳🇴", "👍🏽", "#\ufe0f\u20e3"]


class Article(NamedTuple):
    """A text, whether all its letters are in one form, and where the quotations and the sentences before them are."""

    text: str
    uniform: bool
    quotes: list[tuple[int, int]]
    sentences: list[tuple[int, int]]


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """Paragraphs of a sentence and a quotation, which is closed or left open. No word is there twice."""
    text, own = draw(st.sampled_from(["", "\ufeff"])), draw(st.sampled_from(FORMS))
    count = 0
    quotes, sentences = [], []

    def word() -> str:
        nonlocal count
        count += 1
        suffix = "".join(chr(ord("a") + int(digit)) for digit in f"{count:03}")
        return typed(draw(st.sampled_from(["port", "harbour", *ODD])) + suffix, own)

    def words(least: int, most: int) -> str:
        chosen = [word() for _ in range(draw(st.integers(least, most)))]
        for place in draw(st.lists(st.integers(0, len(chosen)), max_size=2)):
            chosen.insert(place, draw(st.sampled_from(OTHERS)))
        # What stands at an end would stand beside a mark.
        return " ".join([word(), *chosen, word()])

    for _ in range(draw(st.integers(1, 3))):
        start = len(text)
        text += words(4, 7)
        sentences.append((start, len(text)))
        text += " said: "
        opening = draw(st.sampled_from(sorted(MARKS)))
        quoted = words(0, 5) + draw(st.sampled_from([",", ".", "!", "…"]))
        text += opening
        quotes.append((len(text), len(text) + len(quoted)))
        text += quoted + draw(st.sampled_from([MARKS[opening], " ", ""]))
        text += "".join(draw(st.lists(st.sampled_from(LINE_ENDS), min_size=1, max_size=3)))
    return Article(text, bool(own), quotes, sentences)


def code(root: Path, article: Article, form: str, mark: str) -> None:
    """Code a text by its words, typed in a form of Unicode, in a file with or without a byte-order mark."""
    text = root / "texts" / "art-001.txt"
    text.parent.mkdir()
    text.write_bytes(article.text.encode())
    assert main(root, ["new", str(text), "--published", "2026-01-10"]) == 0
    path = root / "raw" / "articles" / "art-001.yaml"

    def found(start: int, end: int) -> str:
        return f"find: {plain(typed(article.text[start:end], form))}"

    def spans(part: str, start: int, end: int, indent: str) -> str:
        return f"{indent}spans:\n{indent}  - {{part: {part}, {found(start, end)}, zone: body}}\n"

    name = article.text[article.sentences[0][0] :].split()[0]
    lines = f"mentions:\n  - {{actor_id: ada, name: {plain(name)}}}\n\nquotes:\n"
    for number, (start, end) in enumerate(article.quotes, 1):
        lines += (
            f"  - quote_id: qu-{number:04}\n    quote_type: direct\n    speaker_id: ada\n    source_chain: [ada]\n"
            f"    text: {plain(article.text[start:end])}\n    act: assert\n    medium: unspecified\n"
            f"    date_basis: none\n{spans('content', start, end, '    ')}"
        )
    lines += "\nevents:\n"
    for number, (start, end) in enumerate(article.sentences, 1):
        trigger = article.text[start:end].split()[0]
        lines += (
            f"  - event_id: ev-{number:04}\n    event_type: other\n    summary: Boats leave.\n"
            f"    trigger: {plain(trigger)}\n    date_basis: none\n    time_status: past\n    attestations:\n"
            f"      - attestation_id: at-{number:04}\n        source_chain: [article]\n        stance: affirms\n"
            f"        certainty: unmarked\n{spans('evidence', start, end, ' ' * 8)}"
            f"{spans('trigger', start, start + len(trigger), '    ')}"
        )
    head = path.read_text("utf-8").split("mentions:")[0]
    path.write_text(f"{mark}{head}{lines}", "utf-8")
    (root / "raw" / "actors.yaml").write_text("- {actor_id: ada, name: Ada, kind: group}\n", "utf-8")


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(article=articles(), form=st.sampled_from(FORMS), mark=st.sampled_from(["", "\ufeff"]))
def test_all_commands_agree_to_the_code_point(schema: Schema, article: Article, form: str, mark: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(ROOT / "schema", root / "schema")
        (root / "raw").mkdir()
        for name in ("corrections", "differences", "links", "retired"):
            (root / "raw" / f"{name}.yaml").touch()
        code(root, article, form, mark)
        assert main(root, ["anchor", "--articles", str(root / "texts")]) == 0
        content = (root / "raw" / "articles" / "art-001.yaml").read_text("utf-8")
        assert content.startswith("\ufeff") == bool(mark)
        coded = yaml.safe_load(content.removeprefix("\ufeff"))

        def places(rows: list[Any]) -> list[tuple[int, int]]:
            return [(span["start_char"], span["end_char"]) for row in rows for span in row["spans"]]

        assert places(coded["quotes"]) == article.quotes
        assert places([row for event in coded["events"] for row in event["attestations"]]) == article.sentences
        assert main(root, ["check", "--articles", str(root / "texts")]) == 0
        rows = derive(read_coding(root / "raw", schema))
        (root / "dataset" / "unreleased").mkdir(parents=True)
        for file, written in files_of(numbered(schema, rows), rows):
            (root / "dataset" / "unreleased" / file).write_bytes(written)
        wanted = dict(zip((f"qu-{number:04}" for number in range(1, 9)), article.quotes))
        for form in FORMS if article.uniform else ("",):
            copy = typed(article.text, form)
            located = ric.locate(copy, folder=root / "dataset")
            assert set(located["state"]) == {"found"}
            for row in located[located["item_id"].isin(wanted)].itertuples():
                assert copy[row.start_char : row.end_char] == typed(article.text[slice(*wanted[row.item_id])], form)


def typed(words: str, form: str) -> str:
    return unicodedata.normalize(cast(Literal["NFC", "NFD"], form), words) if form else words


def with_words(root: Path, words: str, marks: str = "“”", after: str = "") -> None:
    """A project with one article and one quotation, which has these words."""
    shutil.copytree(ROOT / "schema", root / "schema")
    (root / "raw").mkdir()
    for name in ("corrections", "differences", "links", "retired"):
        (root / "raw" / f"{name}.yaml").touch()
    before = f"Boats left. Holm wrote: {marks[0]}"
    place = len(before)
    code(root, Article(f"{before}{words}{marks[1]}{after}\n", True, [(place, place + len(words))], [(0, 10)]), "", "")


HELD = {
    **{f"missing: {words}": words for words in ("None", "NA", "N/A", "nan", "NULL")},
    "joined emoji": "No fish 👩\u200d🍳 here",
    "an emoji of four": "All 👨\u200d👩\u200d👧\u200d👦 here",
    "an emoji younger than the interpreter": "So \U0001fae9 now",
    "a code point that is not assigned": "So \U0001fade now \u0378",
    "a flag of tags": "Go 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f now",
    "Persian with a non-joiner": "او می\u200cخواهد",
    "a right-to-left mark": "abc \u200fשלום\u200e now",
    "a no-break space and a soft hyphen": "no\u00a0boats soft\u00adly",
    "marks piled up": "so z\u0300\u0301\u0302\u0303\u0304\u0305 now",
    "a byte-order mark": "so\ufeff it goes",
}


@pytest.mark.parametrize("case", HELD)
def test_a_quotation_holds_what_the_text_has(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_words(tmp_path, HELD[case])
    articles = ["--articles", str(tmp_path / "texts")]
    assert main(tmp_path, ["anchor", *articles]) == 0
    capsys.readouterr()
    assert main(tmp_path, ["check", *articles]) == 0
    told = capsys.readouterr().out
    assert ("cell-missing-verbatim: warning: " in told) == case.startswith("missing")
    assert "cell-" not in told.replace("cell-missing-verbatim", "")
    assert main(tmp_path, ["build", *articles]) == 0
    folder = tmp_path / "dataset" / "unreleased"
    names: dict[str, Any] = {}
    exec(named_block(ROOT / "docs" / "using.md", "read-csv"), names)
    assert list(names["read_csv"](folder, "quotes")["text"]) == [HELD[case]]
    assert list(pd.read_parquet(folder / "quotes.parquet")["text"]) == [HELD[case]]


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("the boats", " bill is paid’ to us"),
        ("the boats’ bill is paid", " to us"),
        ("Bordeaux’ port is closed", ", he said"),
        ("Bordeaux", " port is closed’, he said"),
        ("’tis the 90s’ boats", " he said"),
        ("It is the U.S.’ fault,", " he said"),
    ],
)
def test_where_a_quotation_ends_is_the_curators_to_say(
    words: str, after: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_words(tmp_path, words, "‘’", after)
    path = tmp_path / "raw" / "articles" / "art-001.yaml"
    if "90s" in words:
        path.write_text(path.read_text("utf-8") + "\nexclusions:\n  - {find: 90s, reason: date}\n", "utf-8")
    assert main(tmp_path, ["anchor", "--articles", str(tmp_path / "texts")]) == 0
    assert main(tmp_path, ["check", "--articles", str(tmp_path / "texts")]) == 0
    assert "perhaps-quoted" not in capsys.readouterr().out


@pytest.mark.parametrize("character", ["\x07", "\x9f", "\x1b", "\ufdd0", "\t"])
def test_a_control_character_is_refused_in_a_quotation(
    character: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_words(tmp_path, f"so{character}now")
    path = tmp_path / "raw" / "articles" / "art-001.yaml"
    escaped = json.dumps(character)[1:-1] if character.isascii() else f"\\u{ord(character):04x}"
    path.write_text(path.read_text("utf-8").replace(character, escaped), "utf-8")
    assert main(tmp_path, ["anchor", "--articles", str(tmp_path / "texts")]) == 0
    assert main(tmp_path, ["check"]) == 1
    assert "cell-character: contains the invisible character" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", ["None", "👩\u200d🍳 leaves", "Nor\u200bland leaves", "a\u00a0boat", "z\u0300\u0301\u0302\u0303"]
)
def test_own_words_are_refused_as_before(words: str, harbour: Path) -> None:
    path = harbour / "raw" / "articles" / "art-001.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("summary: Norland sends tugs.", f"summary: {plain(words)}"), "utf-8")
    assert main(harbour, ["check"]) == 1
