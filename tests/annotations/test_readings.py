"""Two readings: which rows are the same, how far they agree, and what is not settled yet."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import FIRST_DAY, HARBOUR, ROOT, Approved
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import binary_distance, interval_distance

from russia_iran_claims.pipeline.annotations.readings.agreement import FEWEST, alphas
from russia_iran_claims.pipeline.annotations.readings.compare import Comparison, compare
from russia_iran_claims.pipeline.annotations.rows import read_coding
from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.schema.load import load_schema
from russia_iran_claims.pipeline.tables.as_text import split
from russia_iran_claims.pipeline.versions.version import from_folder

TWELVE = Path(__file__).parent / "twelve"
WRITTEN = ("actors.yaml", "links.yaml", "articles")
SCHEMA = load_schema(ROOT / "schema")
IDS = re.compile(r"\b(?:ev|qu|fi|at)-[0-9]{4}\b")
ACTORS = re.compile(r"\b(?:ada-berg|courier|dockers-union|norland|two-officials)\b")


def keep(raw: Path, folder: Path) -> Path:
    """Keep what a reader wrote as a reading."""
    folder.mkdir(parents=True)
    for name in WRITTEN:
        (shutil.copytree if (raw / name).is_dir() else shutil.copy)(raw / name, folder / name)
    return folder


def change(folder: Path, edit: Callable[[str], str]) -> None:
    for path in folder.rglob("*.yaml"):
        path.write_text(edit(path.read_text("utf-8")), "utf-8")


def swap(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def compared(first: Path, second: Path) -> Comparison:
    return compare(*(read_coding(folder, SCHEMA, reading=True) for folder in (first, second)))


def measures(comparison: Comparison) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(row["table_name"], row["column_name"], row["measure"]): row for row in comparison.agreement}


@pytest.fixture
def twice(harbour: Path) -> Path:
    """The made-up project with two readings that are its own rows, which is what it publishes first."""
    for name in ("first", "second"):
        keep(harbour / "raw", harbour / "raw" / "readings" / name)
    return harbour


def test_twelve_rows_give_what_pencil_and_paper_give() -> None:
    """Six rows in each reading, five of them in pairs, so F1 = 2 * 5 / 12.

    `scope` has the pairs incident-incident, incident-stock, stock-stock, cumulative-cumulative and stock-stock: one of
    five differs (0.2), and of the ten values incident stands 3 times, stock 5 and cumulative 2, so that two drawn at
    random are equal with (3*2 + 5*4 + 2*1) / (10*9) = 28/90. Alpha = 1 - 0.2 / (62/90) = 44/62.

    `value` has numbers in four pairs: 10-10, 20-22, 30-30 and 5-5. The mean square of their distances is 4/4 = 1. The
    eight numbers sum to 132 and their squares to 2,934, so that the mean over all pairs of them is
    2 * (8 * 2934 - 132**2) / (8 * 7) = 216. Alpha = 1 - 1/216.
    """
    found = measures(compared(TWELVE / "first", TWELVE / "second"))
    rows = {name: found["figures", "*", name] for name in ("precision", "recall", "f1")}
    assert [(row["n"], row["agreed"], row["value"]) for row in rows.values()] == [
        (6, 5, 0.8333), (6, 5, 0.8333), (12, 10, 0.8333),
    ]  # fmt: skip
    share, alpha = (found["figures", "scope", name] for name in ("share", "alpha"))
    assert (share["n"], share["agreed"], share["value"]) == (5, 4, 0.8)
    assert (alpha["n"], alpha["value"], alpha["low"]) == (5, round(44 / 62, 4), None)
    share, alpha = (found["figures", "value", name] for name in ("share", "alpha"))
    assert (share["n"], share["agreed"]) == (5, 3)
    assert (alpha["n"], alpha["agreed"], alpha["value"]) == (4, 3, round(1 - 1 / 216, 4))
    # Nobody wrote an event: there is nothing to measure, and no NaN.
    assert [found["events", "event_type", name]["value"] for name in ("share", "alpha")] == [None, None]
    assert found["events", "*", "f1"]["n"] == 0
    # Nobody varies: alpha is 1, as no chance could be better.
    assert found["figures", "unit", "alpha"]["value"] == 1


@pytest.mark.parametrize("project", [HARBOUR, ROOT])
def test_a_reading_agrees_with_itself(project: Path) -> None:
    raw = project / "raw"
    comparison = compared(raw, raw)
    assert all(cell["equal"] and cell["first_id"] == cell["second_id"] for cell in comparison.cells)
    assert {row["value"] for row in comparison.agreement if row["n"]} == {1}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=False), left=st.sets(st.integers(0, 40)))
def test_ids_and_order_do_not_matter(tmp_path_factory: pytest.TempPathFactory, chance: Any, left: set[int]) -> None:
    folder = tmp_path_factory.mktemp("readings")
    first = keep(HARBOUR / "raw", folder / "first")
    number = iter(range(1_000))
    # Both readings lack some rows that nothing else names.
    for path in first.rglob("art-*.yaml"):
        record = yaml.safe_load(path.read_text("utf-8"))
        for owner in [record, *record["events"]]:
            for name in ("figures", "exclusions", "participants"):
                owner[name] = [row for row in owner.get(name) or [] if next(number) not in left]
        path.write_text(yaml.safe_dump(record, allow_unicode=True), "utf-8")
    (first / "links.yaml").write_text("", "utf-8")
    second = keep(first, folder / "second")
    names: dict[str, str] = {}

    def another(found: re.Match[str]) -> str:
        if found[0] not in names:
            kind = found[0][:3] if IDS.fullmatch(found[0]) else "actor-"
            free = {f"{kind}{number:04d}" for number in range(9_000, 9_200)} - set(names.values())
            names[found[0]] = chance.choice(sorted(free))
        return names[found[0]]

    change(second, lambda text: ACTORS.sub(another, IDS.sub(another, text)))
    for path in second.rglob("art-*.yaml"):
        record = yaml.safe_load(path.read_text("utf-8"))
        for name in ("quotes", "events", "figures", "exclusions"):
            chance.shuffle(record[name])
        path.write_text(yaml.safe_dump(record, allow_unicode=True), "utf-8")
    comparison = compared(first, second)
    assert [cell for cell in comparison.cells if not cell["equal"]] == []
    assert {row["value"] for row in comparison.agreement if row["n"]} == {1}


def test_which_reading_is_first_does_not_matter(twice: Path) -> None:
    first, second = (twice / "raw" / "readings" / name for name in ("first", "second"))
    swap(second / "articles" / "art-001.yaml", "act: criticise", "act: deny")
    swap(second / "articles" / "art-001.yaml", "start_char: 382, end_char: 389", "start_char: 384, end_char: 389")
    text = (second / "articles" / "art-002.yaml").read_text("utf-8")
    assert re.search(r"\nfigures:\n  - ", text)
    (second / "articles" / "art-002.yaml").write_text(
        re.sub(r"(?s)\nfigures:\n.*?(?=\n\w)", "\nfigures:\n", text), "utf-8"
    )
    one, other = measures(compared(first, second)), measures(compared(second, first))
    assert one.keys() == other.keys()
    assert one["figures", "*", "recall"]["value"] == other["figures", "*", "precision"]["value"] < 1
    for key, row in one.items():
        if key[2] not in ("precision", "recall"):
            assert row == other[key]


def test_pairs_with_the_same_spans_go_to_equal_cells(twice: Path) -> None:
    first, second = (twice / "raw" / "readings" / name for name in ("first", "second"))
    text = (first / "articles" / "art-001.yaml").read_text("utf-8")
    # Two vouchers in the same words, which one reading tells in the other order.
    start = text.index("      - attestation_id:")
    end = text.index("      - attestation_id:", start + 1) if text.count("- attestation_id") > 1 else len(text)
    one = text[start:end].split("    spans:\n      - {part: trigger")[0]
    id = IDS.search(one)
    assert id is not None
    twin = one.replace(id[0], "at-0099").replace("stance: affirms", "stance: denies")
    assert twin != one
    (first / "articles" / "art-001.yaml").write_text(text.replace(one, one + twin, 1), "utf-8")
    (second / "articles" / "art-001.yaml").write_text(text.replace(one, twin + one, 1), "utf-8")
    found = compared(first, second)
    assert all(cell["equal"] for cell in found.cells)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=60),
    st.lists(st.tuples(st.integers(-1000, 1000), st.integers(-1000, 1000)), min_size=2, max_size=60),
)
@settings(max_examples=60, deadline=None)
def test_alpha_is_that_of_nltk(letters: list[tuple[str, str]], numbers: list[tuple[int, int]]) -> None:
    for pairs, distance, interval in ((letters, binary_distance, False), (numbers, interval_distance, True)):
        if len({value for pair in pairs for value in pair}) == 1:
            continue  # nltk has an answer of its own where nothing varies
        task = AnnotationTask(
            [(str(coder), str(place), pair[coder]) for place, pair in enumerate(pairs) for coder in (0, 1)], distance
        )
        one, other = zip(*pairs)
        value, low, high = alphas(one, other, interval=interval)
        assert value == pytest.approx(task.alpha(), abs=6e-5)
        assert (low is None) == (high is None) == (len(pairs) < FEWEST)


def test_the_interval_of_an_alpha_narrows_with_more_pairs_and_repeats_itself() -> None:
    few, many = ([*"aabbabbabaabbaabababbaababbaab"], [*"aabbabbabaabbaabababbaababbbba"]), []
    value, low, high = alphas(*few)
    assert low is not None
    assert high is not None
    assert value is not None
    assert low < value < high
    many = [each * 10 for each in few]
    _, lower, upper = alphas(*many)
    assert lower is not None
    assert upper is not None
    assert upper - lower < (high - low) / 2
    assert alphas(*few) == (value, low, high)


def test_compare_prints_the_worst_first_with_both_places(
    capsys: pytest.CaptureFixture[str], approved: Approved
) -> None:
    assert main(ROOT, ["compare", str(TWELVE / "first"), str(TWELVE / "second")]) == 0
    approved(capsys.readouterr().out)


def test_json_and_csv_have_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["compare", str(TWELVE / "first"), str(TWELVE / "second"), "--format"]
    assert main(ROOT, [*arguments, "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    place = "tests/annotations/twelve/second/articles/art-001.yaml:82"
    (cell,) = [each for each in told["readings"] if each["first_id"] == "fi-0002" and each["column_name"] == "scope"]
    assert (cell["first_reading"], cell["second_reading"], cell["equal"]) == ("incident", "stock", False)
    assert cell["second_place"] == place
    assert main(ROOT, [*arguments, "csv"]) == 0
    head, *rows = split(capsys.readouterr().out)
    assert head == [field.name for field in SCHEMA.tables["agreement"].fields]
    assert len(rows) == len(told["agreement"])


def lost_article(folder: Path) -> None:
    (folder / "articles" / "art-002.yaml").unlink()


def other_text(folder: Path) -> None:
    change(folder, lambda text: re.sub("text_sha256: .{64}", "text_sha256: " + "a" * 64, text))


def no_spans(folder: Path) -> None:
    change(folder, lambda text: re.sub(r"    spans:\n(?:      - \{part: (?:content|cue).*\n)+", "", text, count=1))


def another_column(folder: Path) -> None:
    change(folder, lambda text: text.replace("    act: assert\n", "    act: assert\n    mood: calm\n"))


def a_file_less(folder: Path) -> None:
    (folder / "links.yaml").unlink()


WRONG = (lost_article, other_text, no_spans, another_column, a_file_less)


@pytest.mark.parametrize("spoil", WRONG)
def test_what_cannot_be_compared_is_listed_with_places(
    spoil: Callable[[Path], None], twice: Path, capsys: pytest.CaptureFixture[str], approved: Approved
) -> None:
    spoil(twice / "raw" / "readings" / "second")
    folders = [str(twice / "raw" / "readings" / name) for name in ("first", "second")]
    assert main(twice, ["compare", *folders]) == 1
    approved(report := capsys.readouterr().out)
    # `check` and `build` find the same, and nothing is published of it.
    assert main(twice, ["check"]) == 1
    assert capsys.readouterr().out == report
    assert main(twice, ["build"]) == 1
    assert not (twice / "dataset").exists()


def test_what_is_no_reading_is_named(twice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(twice / "raw" / "readings" / "first", twice / "raw" / "readings" / "third")
    (twice / "raw" / "readings" / ".DS_Store").touch()
    assert main(twice, ["check"]) == 1
    assert capsys.readouterr().out == (
        "raw/readings/third: file: the build does not read this\n"
        "  hint: keep two readings, `first` and `second`\n"
        "1 problem (1 file)\n"
    )


def test_a_reading_is_not_compared_with_itself(twice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = twice / "raw" / "readings" / "first"
    assert main(twice, ["compare", str(folder), str(folder / ".." / "first")]) == 1
    assert "is the same folder as raw/readings/first" in capsys.readouterr().out
    assert main(twice, ["compare", str(folder)]) == 2


def settle(root: Path, report: str) -> None:
    """Do what the hints say: add the entries, with what only a curator knows."""
    entries = re.findall(r"add `- (\{difference_id: .*\})`", report)
    told = [
        entry.replace("difference_id: ...", f"difference_id: df-{number:04d}")
        .replace("item_id: ...", "item_id: qu-0004" if "quotes" in entry else "item_id: null")
        .replace("settled: ...", "settled: first")
        .replace("reason: ...", "reason: The rules say so.")
        for number, entry in enumerate(entries, start=101)
    ]
    path = root / "raw" / "differences.yaml"
    path.write_text(path.read_text("utf-8") + "".join(f"- {entry}\n" for entry in told), "utf-8")


def test_a_release_waits_until_every_difference_is_settled(twice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second = twice / "raw" / "readings" / "second"
    swap(second / "articles" / "art-001.yaml", "act: criticise", "act: deny")
    swap(second / "articles" / "art-001.yaml", "start_char: 382, end_char: 389", "start_char: 384, end_char: 389")
    assert main(twice, ["build"]) == 0
    assert "2 warnings (2 unsettled)" in capsys.readouterr().out
    assert main(twice, ["release", "--date", FIRST_DAY]) == 1
    settle(twice, capsys.readouterr().out)
    assert main(twice, ["release", "--date", FIRST_DAY]) == 0
    tables = from_folder(twice / "dataset" / "0.1.0").records()
    alike = {row["item_id"]: row["coded_alike"] for row in tables["items"]}
    assert alike.pop("qu-0004") == "settled"
    assert set(alike.values()) == {"alike"}
    different = [row for row in tables["readings"] if row["equal"] == "false"]
    assert {(row["pair_id"], row["column_name"]) for row in different} == {("qu-0004", "act"), ("qu-0004", "spans")}
    # What the entry tells is what the readings have.
    capsys.readouterr()
    swap(twice / "raw" / "differences.yaml", 'second_reading: "deny"', 'second_reading: "warn"')
    assert main(twice, ["build"]) == 0
    assert "found 'warn', and the readings give 'deny'" in capsys.readouterr().out


def entry(**cells: str) -> str:
    told = {
        "difference_id": "df-0102", "article_id": "art-001", "table_name": "quotes", "pair_id": "qu-0004",
        "item_id": "qu-0004", "column_name": "act", "kind": "value", "first_reading": "criticise",
        "second_reading": "deny", "settled": "first", "reason": "It finds fault.", **cells,
    }  # fmt: skip
    return f"- {json.dumps(told)}\n"


def test_entries_are_held_against_the_readings(twice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = twice / "raw" / "differences.yaml"
    text = path.read_text("utf-8")
    swap(twice / "raw" / "readings" / "second" / "articles" / "art-001.yaml", "act: criticise", "act: deny")
    wrong = {
        "settled twice": entry() + entry(difference_id="df-0103", settled="second"),
        "found 'art-002', and the readings give 'art-001'": entry(article_id="art-002"),
        "the readings do not differ in act of quotes qu-0005": entry()
        + entry(difference_id="df-0103", pair_id="qu-0005"),
    }
    for told, entries in wrong.items():
        path.write_text(text + entries, "utf-8")
        assert main(twice, ["build"]) == 0
        assert told in (printed := capsys.readouterr().out)
        assert "1 warning (1 unsettled)" in printed
    path.write_text(text + entry(), "utf-8")
    assert main(twice, ["build"]) == 0
    assert "unsettled" not in capsys.readouterr().out
    shutil.rmtree(twice / "raw" / "readings")
    assert main(twice, ["build"]) == 0
    assert "the readings do not differ in act of quotes qu-0004" in capsys.readouterr().out


def test_a_name_says_more_of_an_actor_than_where_it_stands(twice: Path) -> None:
    first, second = (twice / "raw" / "readings" / name for name in ("first", "second"))
    path = second / "articles" / "art-001.yaml"
    mentions, rest = path.read_text("utf-8").split("\nquotes:\n")
    names = {"ada-berg": "dockers-union", "dockers-union": "ada-berg"}
    rest = re.sub("ada-berg|dockers-union", lambda found: names[found[0]], rest)
    path.write_text(f"{mentions}\nquotes:\n{rest}", "utf-8")
    cells = compared(first, second).cells
    said = [cell for cell in cells if cell["column_name"] == "speaker_id" and cell["article_id"] == "art-001"]
    assert {cell["equal"] for cell in said if cell["first_reading"] in names} == {False}
    assert all(cell["equal"] for cell in cells if cell["table_name"] in ("actors", "mentions"))


def test_other_participants_or_other_words_are_more_than_a_cut(twice: Path) -> None:
    readings = [twice / "raw" / "readings" / name / "articles" / "art-001.yaml" for name in ("first", "second")]
    swap(
        twice / "raw" / "articles" / "art-001.yaml",
        "{actor_id: norland, role: actor}",
        "{actor_id: norland, role: affected}",
    )
    swap(readings[1], "cue: citing", "cue: denied")
    assert main(twice, ["build"]) == 0
    tables = from_folder(twice / "dataset" / "unreleased").records()
    alike = {row["item_id"]: row["coded_alike"] for row in tables["items"]}
    assert (alike["ev-0002"], alike["qu-0003"], alike["qu-0002"]) == ("settled", "settled", "alike")


def test_a_table_and_a_column_less_can_be_compared(twice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in [*twice.rglob("art-*.yaml")]:
        path.write_text(re.sub(r", reason: [a-z_]+\}", "}", path.read_text("utf-8")), "utf-8")
    path = twice / "schema" / "exclusions.json"
    content = json.loads(path.read_text("utf-8"))
    content["fields"] = [field for field in content["fields"] if field["name"] != "reason"]
    path.write_text(json.dumps(content), "utf-8")
    folders = [str(twice / "raw" / "readings" / name) for name in ("first", "second")]
    assert main(twice, ["compare", *folders]) == 0
    assert "exclusions.spans" in capsys.readouterr().out
    (twice / "schema" / "links.json").unlink()
    dataset = json.loads((twice / "schema" / "dataset.json").read_text("utf-8"))
    dataset["tables"].remove("links")
    (twice / "schema" / "dataset.json").write_text(json.dumps(dataset), "utf-8")
    for path in [*twice.rglob("links.yaml")]:
        path.unlink()
    assert main(twice, ["compare", *folders]) == 0
    assert "links" not in capsys.readouterr().out


def test_readings_belong_to_the_project(twice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (twice / "raw" / "articles" / "art-002.yaml").unlink()
    (twice / "raw" / "links.yaml").write_text("", "utf-8")
    assert main(twice, ["check"]) == 1
    assert "readings: raw/articles has no such article (art-002, article_id)" in capsys.readouterr().out
    (twice / "raw" / "readings").rename(twice / "elsewhere")
    (twice / "raw" / "readings").symlink_to(twice / "elsewhere")
    assert main(twice, ["check"]) == 1
    assert "raw/readings: file: is not a folder" in capsys.readouterr().out


def test_rows_tell_whether_they_were_coded_alike(twice: Path) -> None:
    second, raw = twice / "raw" / "readings" / "second", twice / "raw"
    swap(second / "articles" / "art-001.yaml", "start_char: 382, end_char: 389", "start_char: 384, end_char: 389")
    # A row that was corrected after both readings agreed on it is not what they agreed on.
    swap(raw / "articles" / "art-001.yaml", "medium: social_post", "medium: unspecified")
    assert main(twice, ["build"]) == 0
    tables = from_folder(twice / "dataset" / "unreleased").records()
    alike = {row["item_id"]: row["coded_alike"] for row in tables["items"]}
    assert (alike["qu-0004"], alike["qu-0005"], alike["qu-0001"]) == ("cut_only", "settled", "alike")


def test_without_readings_nothing_is_compared(harbour: Path) -> None:
    assert main(harbour, ["build"]) == 0
    tables = from_folder(harbour / "dataset" / "unreleased").records()
    assert {row["coded_alike"] for row in tables["items"]} == {"not_compared"}
    assert "readings" not in tables


def test_alpha_is_that_of_the_textbook() -> None:
    """The first two examples in Krippendorff's "Computing Krippendorff's Alpha-Reliability": 0.095 and 0.692."""
    assert alphas([*"0100000010"], [*"1110010000"])[0] == pytest.approx(0.095, abs=5e-4)
    assert alphas([*"aabbdcccedda"], [*"babbbcccedd", "d"])[0] == pytest.approx(0.692, abs=5e-4)
