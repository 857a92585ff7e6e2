"""Claims: who stands how to each, what its status is, and how many independent origins it has."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from russia_iran_claims.pipeline.annotations.rows import read_coding
from russia_iran_claims.pipeline.schema.model import Schema
from russia_iran_claims.pipeline.tables.claims import Voucher, origins, status_of
from russia_iran_claims.pipeline.tables.derive import derive

STANCES = ("affirms", "presupposes", "denies", "questions", "withholds", "leaves_open")


def tables(root: Path, schema: Schema) -> dict[str, dict[str, Any]]:
    """The derived rows of a project, by table and id."""
    records = derive(read_coding(root / "raw", schema))
    keys = {"claims": "claim_id", "events": "event_id", "quotes": "quote_id", "attestations": "attestation_id"}
    return {table: {row[key]: row for row in records[table]} for table, key in keys.items()}


def change(root: Path, file: str, old: str, new: str) -> None:
    path = root / "raw" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


vouchers = st.lists(
    st.builds(
        lambda name, stance: Voucher(f"courier/{name}", stance, name.startswith("source")),
        st.sampled_from(["art-001", "art-002", "ada-berg", "union", "source-a", "source-b", "source-c"]),
        st.sampled_from(STANCES),
    ),
    max_size=6,
)


@given(vouchers)
def test_the_bounds_are_those_of_every_way_in_which_unnamed_sources_can_be_the_same(told: list[Voucher]) -> None:
    vouching = [voucher for voucher in told if voucher.stance in ("affirms", "presupposes")]
    named = [voucher.chain for voucher in vouching if not voucher.unnamed]
    unnamed = len(vouching) - len(named)
    # Each mention of an unnamed source is one of the named ones, or one of as many others as there are mentions.
    identities = [*dict.fromkeys(named), *range(unnamed)]
    counts = {len({*named, *choice}) for choice in itertools.product(identities, repeat=unnamed)}
    found = origins(told)
    assert (found["origins_at_least"], found["origins_at_most"]) == (min(counts), max(counts))
    assert found["unnamed_only"] == bool(vouching and not named)


@given(vouchers)
def test_who_denies_or_leaves_open_is_no_origin(told: list[Voucher]) -> None:
    others = [Voucher("mayor", stance, False) for stance in ("denies", "questions", "withholds", "leaves_open")]
    assert origins([*told, *others]) == origins(told)


@pytest.mark.parametrize(
    ("stances", "disputed", "status"),
    [
        (["affirms", "questions"], False, "affirmed"),
        (["presupposes"], False, "affirmed"),
        (["denies", "withholds"], False, "denied"),
        (["affirms", "denies"], False, "disputed"),
        (["presupposes", "denies"], False, "disputed"),
        (["denies"], True, "disputed"),
        (["questions", "withholds", "leaves_open"], False, "open"),
    ],
)
def test_status(stances: list[str], disputed: bool, status: str) -> None:
    assert status_of([Voucher("ada-berg", stance, False) for stance in stances], disputed) == status


def test_the_made_up_articles_have_every_status(harbour: Path, schema: Schema) -> None:
    claims = tables(harbour, schema)["claims"]
    assert {id: row["status"] for id, row in claims.items() if row["kind"] == "event"} == {
        "ev-0001": "disputed",
        "ev-0002": "affirmed",
        "ev-0003": "denied",
        "ev-0004": "open",
    }
    assert claims["ev-0001"]["statement"] == "Disputed: The port of Vik is shut."
    assert claims["ev-0002"]["statement"] == "Norland sends tugs."
    assert claims["ev-0003"]["statement"] == "Only denied: People are injured in the port."
    assert claims["ev-0004"]["statement"] == "Left open: Berg may have meant the first storm."


def test_a_disputed_question_is_open(harbour: Path, schema: Schema) -> None:
    change(harbour, "links.yaml", "to_id: qu-0002, relation: disputes", "to_id: qu-0005, relation: disputes")
    claims = tables(harbour, schema)["claims"]
    assert (claims["ev-0001"]["status"], claims["ev-0004"]["status"]) == ("affirmed", "open")


def test_an_event_can_be_disputed_itself(harbour: Path, schema: Schema) -> None:
    change(harbour, "links.yaml", "to_id: qu-0002, relation: disputes", "to_id: ev-0002, relation: disputes")
    found = tables(harbour, schema)
    assert found["claims"]["ev-0002"]["status"] == found["events"]["ev-0002"]["status"] == "disputed"


def test_each_article_in_its_own_voice_is_told_apart(harbour: Path, schema: Schema) -> None:
    for article, chain in (("art-001", "[courier, two-officials]"), ("art-002", "[ada-berg]")):
        change(harbour, f"articles/{article}.yaml", f"source_chain: {chain}", "source_chain: [article]")
    old = "from_id: ev-0001, to_id: ev-0002, relation: about, basis: inferred, note: Both concern the port."
    change(harbour, "links.yaml", old, "from_id: ev-0002, to_id: ev-0003, relation: same_event, basis: inferred")
    claim = tables(harbour, schema)["claims"]["ev-0002"]
    assert (claim["affirmed_by"], claim["denied_by"], claim["articles"]) == ("art-001", "art-002", 2)
    assert (claim["origins_at_least"], claim["origins_at_most"], claim["status"]) == (1, 1, "disputed")


def test_a_number_told_twice_is_one_claim_without_what_differs(harbour: Path, schema: Schema) -> None:
    claim = tables(harbour, schema)["claims"]["fi-0001"]
    assert claim["statement"] == "Disputed: boats in danger: about 40; Up to 50"
    assert (claim["wording"], claim["unit"], claim["measure"]) == ("about 40; Up to 50", "ships", "vessels")
    assert claim["value"] is claim["high"] is claim["modifier"] is None


def test_the_strongest_certainty_of_those_who_affirm(harbour: Path, schema: Schema) -> None:
    old = "certainty: unmarked\n        quote_id: qu-0002"
    change(harbour, "articles/art-001.yaml", old, old.replace("unmarked", "certain"))
    claims = tables(harbour, schema)["claims"]
    assert [claims[id]["certainty"] for id in ("ev-0001", "ev-0002", "ev-0003")] == ["certain", "unmarked", None]


def test_tellings_of_one_utterance(harbour: Path, schema: Schema) -> None:
    quotes = tables(harbour, schema)["quotes"]
    assert {id: (row["utterance_id"], row["fullest"]) for id, row in quotes.items()} == {
        "qu-0001": ("qu-0001", True),
        "qu-0002": ("qu-0002", True),
        "qu-0003": ("qu-0003", True),
        "qu-0004": ("qu-0004", False),
        "qu-0005": ("qu-0004", True),
        "qu-0006": ("qu-0006", True),
        "qu-0007": ("qu-0002", False),
    }


def test_an_attestation_can_be_read_alone(harbour: Path, schema: Schema) -> None:
    row = tables(harbour, schema)["attestations"]["at-0003"]
    assert (row["event"], row["source"]) == ("Norland sends tugs.", "Courier, citing two officials")
    assert (row["article_id"], str(row["published"]), row["claim_id"]) == ("art-001", "2026-01-10", "ev-0002")
