"""An article in the style of a British paper, coded by the docs alone: it checks, and its rows say what it says.

It has single quotation marks, a quotation over three paragraphs, two voices that differ about a number, a retraction,
dates without a year, and an emoji of three code points.
"""

from __future__ import annotations

import shutil
import unicodedata
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from conftest import HARBOUR
from harbour_site import add_strike
from readme import named_block

import russia_iran_claims as ric
from russia_iran_claims.pipeline.cli.main import main

STRIKE = HARBOUR / "strike"
TEXT = (STRIKE / "art-003.txt").read_text("utf-8")
CODED: dict[str, Any] = yaml.safe_load((STRIKE / "art-003.yaml").read_text("utf-8"))
QUOTES = {row["quote_id"]: row for row in CODED["quotes"]}
FIGURES = {row["wording"]: row for row in CODED["figures"]}
POST = "No fish today 🐟👩\u200d🍳 – ask the bosses"


@pytest.fixture
def strike(harbour: Path) -> Path:
    """The made-up project with a third article."""
    add_strike(harbour)
    return harbour


def test_its_coding_is_right(strike: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(strike, ["check", "--articles", str(strike / "texts")]) == 0
    told = capsys.readouterr().out
    assert told.startswith("ok: ")
    assert told.endswith("every anchor holds\n")


def test_new_lists_what_was_coded(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(STRIKE / "art-003.txt", harbour / "texts")
    assert main(harbour, ["new", str(harbour / "texts" / "art-003.txt"), "--published", "2026-09-05"]) == 0
    listed = (harbour / "raw" / "articles" / "art-003.yaml").read_text("utf-8").split("\n")
    quoted = [line for line in listed if line.startswith("#   quotation")]
    starts = {int(line.split()[2].split("-")[0]) for line in quoted}
    content = [span for row in CODED["quotes"] for span in row["spans"] if span["part"] == "content"]
    marked = {span["start_char"] for span in content if TEXT[span["start_char"] - 1] == "‘"}
    assert starts == marked
    # The genitive in the paragraph that is left open may be its end.
    (unsure,) = [line for line in quoted if "quotation?" in line]
    assert "Our members have waited" in unsure


def test_a_quotation_over_three_paragraphs_is_one_row() -> None:
    (letter,) = [row for row in CODED["quotes"] if "Our members" in row.get("text", "")]
    assert letter["speaker_id"] == "ines-roth"
    assert [run[:12] for run in letter["text"].split(" | ")] == ["Our members ", "The company ", "We are tired"]


def test_two_voices_differ_about_the_strikers() -> None:
    union, company = FIGURES["about 1,200"], FIGURES["700 at most"]
    assert (union["value"], union["modifier"], union["source_chain"]) == (1200, "approximate", ["quay-workers-union"])
    assert (company["value"], company["high"], company["source_chain"]) == (700, 700, ["karl-brandt"])
    links = yaml.safe_load((STRIKE / "links.yaml").read_text("utf-8"))
    assert {(link["from_id"], link["to_id"], link["relation"]) for link in links} >= {
        (union["figure_id"], company["figure_id"], "same_quantity"),
        (company["quote_id"], union["quote_id"], "disputes"),
    }


def test_the_damage_is_billions_and_denied() -> None:
    assert FIGURES["more than £5bn"]["low"] == 5_000_000_000
    (event,) = [row for row in CODED["events"] if "five billion" in row["summary"]]
    assert {(each["source_chain"][0], each["stance"]) for each in event["attestations"]} == {
        ("article", "affirms"),
        ("tarn-port-company", "affirms"),
        ("quay-workers-union", "denies"),
    }


def test_the_statement_is_taken_back() -> None:
    (event,) = [row for row in CODED["events"] if row["trigger"] == "had withdrawn"]
    assert (event["event_type"], event["participants"]) == (
        "concede",
        [{"actor_id": "ministry-of-transport", "role": "actor"}],
    )


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("value: 5000000000", "value: 50000000", "found 5000000000, expected 50000000 for the modifier exact"),
        ("value: 1200\n", "value: 12000\n", "found 12000, expected the number in 'about 1,200'"),
        (
            "2026-09-03\n    date_basis: inf",
            "2026-09-02\n    date_basis: inf",
            "date-text: found",
        ),
        ("today 🐟👩\u200d🍳 –", "today 🐟👩🍳 –", "but the text has 'No fish today 🐟👩\\u200d🍳"),
        ("The dockers’ pay has not moved since. |", "The dockers’ pay has not moved |", "verbatim-spans"),
    ],
)
def test_what_is_plainly_wrong_is_refused(
    right: str, wrong: str, message: str, strike: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = strike / "raw" / "articles" / "art-003.yaml"
    text = path.read_text("utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), "utf-8")
    assert main(strike, ["check", "--articles", str(strike / "texts")]) == 1
    assert message in capsys.readouterr().out


def test_a_date_without_a_year_is_that_of_the_year() -> None:
    (strike,) = [row for row in CODED["events"] if row.get("time_wording") == "on Sept 3"]
    assert (str(strike["date_start"]), strike["date_basis"]) == ("2026-09-03", "inferred")


def test_the_emoji_reach_every_reader(strike: Path) -> None:
    assert main(strike, ["build", "--articles", str(strike / "texts")]) == 0
    folder = strike / "dataset" / "unreleased"
    (post,) = [row["quote_id"] for row in CODED["quotes"] if row.get("text") == POST]
    names: dict[str, Any] = {}
    exec(named_block(Path(__file__).parents[2] / "docs" / "using.md", "read-csv"), names)
    for frame in (pd.read_parquet(folder / "quotes.parquet"), names["read_csv"](folder, "quotes")):
        assert frame.set_index("quote_id").loc[post, "text"] == POST
    for copy in (TEXT, unicodedata.normalize("NFD", TEXT)):
        places = ric.locate(copy, folder=strike / "dataset")
        assert places.attrs == {"article_id": "art-003", "found": len(places), "spans": len(places)}
        (row,) = places[(places["item_id"] == post) & (places["part"] == "content")].itertuples()
        assert copy[row.start_char : row.end_char] == POST
