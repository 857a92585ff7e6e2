"""`anchor`: words become offsets, and not a byte besides changes."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import pytest
import yaml

from russia_iran_claims.pipeline.annotations.anchor import anchor
from russia_iran_claims.pipeline.annotations.yaml import Document, plain
from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.texts.find import find, fold
from russia_iran_claims.pipeline.texts.read import read_texts

OFFSETS = r"start_char: (\d+), end_char: (\d+)"
SPAN = re.compile(rf"{OFFSETS}, paragraph: \d+, (?:digest: \w+, )?(zone: \w+)(?:, digest: \w+)?(?=}})")
EXCLUSION = re.compile(rf"{OFFSETS}, wording: .+(?=, reason)")


def words_at(text: str, start: int, end: int) -> str:
    """The `find:` for a range, with as much before and after it as tells it from others."""
    found = f"find: {plain(text[start:end])}"
    if text.count(text[start:end]) > 1:
        found += f", before: {plain(text[max(0, start - 9) : start])}, after: {plain(text[end : end + 9])}"
    return found


def unanchored(content: str, text: str) -> str:
    content = SPAN.sub(lambda match: f"{words_at(text, int(match[1]), int(match[2]))}, {match[3]}", content)
    return EXCLUSION.sub(lambda match: words_at(text, int(match[1]), int(match[2])), content)


@pytest.mark.parametrize("name", ["art-001", "art-002"])
def test_anchoring_gives_back_every_offset_and_leaves_the_rest(name: str, harbour: Path) -> None:
    path = harbour / "raw" / "articles" / f"{name}.yaml"
    before = path.read_text("utf-8") + "\n# a comment at the end, without a line break"
    texts = read_texts(harbour / "texts")
    path.write_text(unanchored(before, texts[name].content), "utf-8")
    assert "find:" in path.read_text("utf-8")
    contents, count, problems = anchor(harbour / "raw", texts)
    assert problems == []
    assert count == len(re.findall(OFFSETS, before))
    after = contents[path]
    path.write_text(after, "utf-8")
    (harbour / "raw" / "before.yaml").write_text(before, "utf-8")
    assert Document(path, "").value == Document(harbour / "raw" / "before.yaml", "").value
    for line, other in zip(before.split("\n"), after.split("\n"), strict=True):
        assert line == other or "start_char: " in line


def test_block_style_keeps_comments(harbour: Path) -> None:
    path = harbour / "raw" / "articles" / "art-002.yaml"
    before = path.read_text("utf-8")
    span = next(line for line in before.split("\n") if "part: cue" in line)
    block = (
        "      - part: cue\n        find: said  # the verb\n        before: port of Vik,\n"
        "        after: >-\n          on Saturday\n        zone: body"
    )
    path.write_text(before.replace(span, block), "utf-8")
    assert main(harbour, ["anchor", "--articles", str(harbour / "texts")]) == 0
    after = path.read_text("utf-8")
    start, end = re.findall(OFFSETS, span)[0]
    offsets = f"        start_char: {start}\n        end_char: {end}\n        paragraph: 1\n        digest: "
    assert offsets in after
    assert "  # the verb\n        zone: body\n" in after
    assert main(harbour, ["check", "--articles", str(harbour / "texts")]) == 0


@pytest.mark.parametrize("style", ["flow", "block"])
def test_the_order_of_keys_does_not_matter(style: str, harbour: Path) -> None:
    path = harbour / "raw" / "articles" / "art-002.yaml"
    texts = read_texts(harbour / "texts")
    before = path.read_text("utf-8")
    span = next(line for line in before.split("\n") if "part: cue" in line)
    expected = Document(path, "").value
    pairs = ["part: cue", "find: said", "before: 'Vik,'", "after: on Saturday", "zone: body"]
    for order in itertools.islice(itertools.permutations(pairs), 0, None, 3):
        written = f"{{{', '.join(order)}}}" if style == "flow" else "\n        ".join(order)
        path.write_text(before.replace(span, f"      - {written}"), "utf-8")
        contents, count, problems = anchor(harbour / "raw", texts)
        assert (count, problems) == (1, [])
        path.write_text(contents[path], "utf-8")
        assert Document(path, "").value == expected, order


def test_what_the_text_does_not_have_is_shown_and_nothing_is_written(
    harbour: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = harbour / "raw" / "articles" / "art-001.yaml"
    offsets = "start_char: 382, end_char: 389, paragraph: 5"
    path.write_text(path.read_text("utf-8").replace(offsets, "find: a force", 1), "utf-8")
    path = harbour / "raw" / "articles" / "art-002.yaml"
    line = next(line for line in path.read_text("utf-8").split("\n") if "wording: Saturday" in line)
    path.write_text(path.read_text("utf-8").replace(line, "  - {find: Saturday, reason: date}"), "utf-8")
    before = {path: path.read_bytes() for path in (harbour / "raw").rglob("*.yaml")}
    assert main(harbour, ["anchor", "--articles", str(harbour / "texts")]) == 1
    output = capsys.readouterr().out
    assert "anchor-missing: 'a force' does not occur in the text" in output
    assert re.search(
        r"hint: copy the words from the text; the most similar ones \(\d\d %\) are '.*a farce?.*' at \d+-\d+", output
    )
    assert {path: path.read_bytes() for path in (harbour / "raw").rglob("*.yaml")} == before


def test_an_article_that_is_a_list_is_a_clear_problem(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = harbour / "raw" / "articles" / "art-002.yaml"
    path.write_text("- spans:\n    - {part: cue, find: said, zone: body}\n", "utf-8")
    assert main(harbour, ["anchor", "--articles", str(harbour / "texts")]) == 1
    assert "art-002.yaml:1:1: text-missing: the file has no article_id" in capsys.readouterr().out


def test_a_record_in_braces_may_run_over_lines(harbour: Path) -> None:
    path = harbour / "raw" / "articles" / "art-002.yaml"
    before = path.read_text("utf-8")
    span = next(line for line in before.split("\n") if "part: cue" in line)
    path.write_text(
        before.replace(span, "      - {\n          find: said,\n          part: cue,\n zone: body}"), "utf-8"
    )
    assert main(harbour, ["anchor", "--articles", str(harbour / "texts")]) == 0
    assert main(harbour, ["check", "--articles", str(harbour / "texts")]) == 0


def test_a_file_may_end_without_a_line_break(harbour: Path) -> None:
    path = harbour / "raw" / "articles" / "art-002.yaml"
    head = path.read_text("utf-8").rpartition("\n  - ")[0]
    path.write_text(f"{head}\n  - reason: date\n    find: Saturday\n    before: said on", "utf-8")
    assert main(harbour, ["anchor", "--articles", str(harbour / "texts")]) == 0
    anchored = "  - reason: date\n    start_char: 61\n    end_char: 69\n    wording: Saturday\n"
    assert path.read_text("utf-8") == f"{head}\n{anchored}"


@pytest.mark.parametrize("style", ["flow", "block"])
def test_a_byte_order_mark_moves_nothing(style: str, harbour: Path) -> None:
    path = harbour / "raw" / "articles" / "art-002.yaml"
    before = path.read_text("utf-8")
    span = next(line for line in before.split("\n") if "part: cue" in line)
    pairs = ["part: cue", "find: said", "before: 'Vik,'", "zone: body"]
    written = f"{{{', '.join(pairs)}}}" if style == "flow" else "\n        ".join(pairs)
    path.write_text("\ufeff" + before.replace(span, f"      - {written}"), "utf-8")
    assert main(harbour, ["anchor", "--articles", str(harbour / "texts")]) == 0
    assert path.read_text("utf-8").startswith("\ufeff")
    assert main(harbour, ["check", "--articles", str(harbour / "texts")]) == 0


@pytest.mark.parametrize("record", ["[find: said]", "[said, find: said]", "\n        - ? find\n          : said"])
def test_a_record_that_no_edit_fits_is_left_alone(
    record: str, harbour: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = harbour / "raw" / "articles" / "art-002.yaml"
    path.write_text(path.read_text("utf-8").split("exclusions:")[0] + f"exclusions: {record}\n", "utf-8")
    before = path.read_bytes()
    assert main(harbour, ["anchor", "--articles", str(harbour / "texts")]) == 1
    assert "hint: write it as `{find: ..., ...}`" in capsys.readouterr().out
    assert path.read_bytes() == before


def test_words_and_what_they_are_found_by_stand_in_one_record_once(
    harbour: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = harbour / "raw" / "articles" / "art-002.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("{start_char: 61, end_char: 69, wording", "{find: Saturday, wording"), "utf-8")
    assert main(harbour, ["anchor", "--articles", str(harbour / "texts")]) == 1
    output = capsys.readouterr().out
    assert "the record has `find`, and still `wording` of before" in output
    assert "hint: remove `wording`: they are written anew" in output


@pytest.mark.parametrize("words", ["[said]", "{said: said}", "''"])
def test_find_takes_words_alone(words: str, harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = harbour / "raw" / "articles" / "art-002.yaml"
    span = next(line for line in path.read_text("utf-8").split("\n") if "part: cue" in line)
    path.write_text(path.read_text("utf-8").replace(span, f"      - {{part: cue, find: {words}, zone: body}}"), "utf-8")
    before = path.read_bytes()
    assert main(harbour, ["anchor", "--articles", str(harbour / "texts")]) == 1
    assert "anchor-missing: `find` holds no words" in capsys.readouterr().out
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ("find: said", r"anchor-ambiguous: 'said' occurs in the text \d+ times: at \d+ in '[^']*said[^']*'; at \d+"),
        (
            "find: said, before: nobody ever",
            r"anchor-missing: 'said' occurs in the text, but not next to these words: at \d+ in '[^']*said",
        ),
        ("find: '“'", r"anchor-missing: `find` holds only marks"),
    ],
)
def test_words_that_are_not_clear_are_shown_at_their_places(
    pairs: str, told: str, harbour: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = harbour / "raw" / "articles" / "art-001.yaml"
    span = next(line for line in path.read_text("utf-8").split("\n") if "part: cue" in line)
    path.write_text(path.read_text("utf-8").replace(span, f"      - {{part: cue, {pairs}, zone: body}}"), "utf-8")
    assert main(harbour, ["anchor", "--articles", str(harbour / "texts")]) == 1
    output = capsys.readouterr().out
    assert re.search(told, output), output
    assert "hint: " in output


MARKED = {
    "the case reported": ("      - {part: cue, find: said, before: 'Vik,', zone: body}", "\n"),
    "Windows line ends": ("      - {part: cue, find: said, before: 'Vik,', zone: body}", "\r\n"),
    "block style": ("      - part: cue\n        find: said\n        before: 'Vik,'\n        zone: body", "\n"),
    "quotation marks": ("      - {part: cue, zone: body, find: \"said\", after: 'on Saturday'}", "\n"),
    "on the first line": ("      - {part: cue, find: said, before: 'Vik,', zone: body}", "one line"),
}


@pytest.mark.parametrize("case", MARKED)
def test_a_byte_order_mark_changes_nothing(case: str, harbour: Path) -> None:
    path = harbour / "raw" / "articles" / "art-002.yaml"
    span, end = MARKED[case]
    before = path.read_text("utf-8")
    before = before.replace(next(line for line in before.split("\n") if "part: cue" in line), span)
    if end == "one line":
        value = yaml.safe_load(before)
        before = json.dumps(value, default=str, ensure_ascii=False) + "\n"
    else:
        before = before.replace("\n", end)
    texts = read_texts(harbour / "texts")
    path.write_bytes(before.encode())
    plainly, _, problems = anchor(harbour / "raw", texts)
    assert problems == []
    for mark in ("\ufeff", "\ufeff\ufeff"):
        path.write_bytes(f"{mark}{before}".encode())
        marked, count, problems = anchor(harbour / "raw", texts)
        assert (count, problems) == (1, [])
        assert marked[path] == mark + plainly[path]
        path.write_bytes(marked[path].encode())
        assert main(harbour, ["check", "--articles", str(harbour / "texts")]) == 0


@pytest.mark.parametrize("name", ["actors.yaml", "links.yaml", "articles/art-001.yaml"])
def test_places_are_the_same_behind_a_byte_order_mark(
    name: str, harbour: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = harbour / "raw" / name
    spoiled = path.read_text("utf-8").replace("_id: ", "_idd: ", 1)
    reports = []
    for mark in ("", "\ufeff"):
        path.write_text(mark + spoiled, "utf-8")
        assert main(harbour, ["check"]) == 1
        reports.append(capsys.readouterr().out)
    assert reports[0] == reports[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The café is shut.", "cafe\u0301"),
        ("The cafe\u0301 is shut.", "café"),
        ("The Ångström is shut.", "\u212bngstro\u0308m"),
        ("The \u1112\u1161\u11ab is shut.", "한"),
        ("The g\u0303o is shut.", "g\u0303o"),
        ("The A\u0302\u0323 is shut.", "Ậ"),
    ],
)
def test_letters_are_the_same_composed_and_decomposed(text: str, words: str) -> None:
    (place,) = find(words, fold(text))
    assert text[slice(*place)] == text.split()[1]


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("👩\u200d🍳 and 👩", "👩", ["👩"]),
        ("🇳🇴🇳🇱 or 🇴🇳", "🇴🇳", ["🇴🇳"]),
        ("a 👍🏽, a 👍", "👍", ["👍"]),
        ("two cafe\u0301 and a cafe", "cafe", ["cafe"]),
        ("I ❤\ufe0f it", "❤", ["❤\ufe0f"]),
        ("the 👩\u200d🍳!", "👩\u200d🍳", ["👩\u200d🍳"]),
    ],
)
def test_no_part_of_a_sign_is_found(text: str, words: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in find(words, fold(text))] == found


@pytest.mark.parametrize("marks", ["‘’", "“”", "«»", "''", "„“", "” "])
def test_marks_copied_along_are_left_out(marks: str, harbour: Path) -> None:
    path = harbour / "raw" / "articles" / "art-001.yaml"
    before = path.read_text("utf-8")
    span = "start_char: 164, end_char: 180, paragraph: 2, zone: body, digest: 15f564485db6e162"
    path.write_text(before.replace(span, f'find: "{marks[0]}Nobody was hurt.{marks[1]}", zone: body'), "utf-8")
    contents, _, problems = anchor(harbour / "raw", read_texts(harbour / "texts"))
    assert problems == []
    assert "start_char: 164, end_char: 180" in contents[path]
