"""The published tables: whole, consistent, and right in the rows that everybody will look at first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.versions.index import read_index
from russia_iran_claims.pipeline.versions.version import Version, from_folder

pytestmark = pytest.mark.release

Tables = dict[str, list[dict[str, str]]]


def row(published: Tables, table: str, **wanted: str) -> dict[str, str]:
    found = [row for row in published[table] if wanted.items() <= row.items()]
    assert len(found) == 1, f"{table}: {len(found)} rows with {wanted}"
    return found[0]


def test_the_first_two_articles_are_whole(published: Tables) -> None:
    days = {row["article_id"]: row["published"] for row in published["articles"]}
    assert (days["art-001"], days["art-002"]) == ("2026-03-06", "2026-03-07")
    for table in ("events", "quotes", "figures"):
        assert {row["article_id"] for row in published[table]} == set(days), f"{table}: an article is missing"


def test_keys_are_unique_and_sorted(published: Tables, version: Version) -> None:
    for name, table in version.schema.tables.items():
        keys = [
            tuple(
                int(row[column]) if table.by_name[column].type == "integer" else row[column]
                for column in table.primary_key
            )
            for row in published[name]
        ]
        assert keys == sorted(set(keys)), f"{name}: keys repeat or are out of order"


def test_references_resolve(published: Tables, version: Version) -> None:
    for name, table in version.schema.tables.items():
        for key in table.foreign_keys:
            known = {tuple(row[column] for column in key.references) for row in published[key.table]}
            for entry in published[name]:
                value = tuple(entry[column] for column in key.fields)
                assert value in known or "" in value, f"{name}: {key.fields} {value} is not among the {key.table}"


def test_ids_share_one_namespace(published: Tables) -> None:
    ids = [
        row[f"{table[:-1]}_id"] for table in ("events", "quotes", "figures", "attestations") for row in published[table]
    ]
    assert sorted(ids) == [row["item_id"] for row in published["items"]]


def test_bounds_hold_the_value(published: Tables) -> None:
    for figure in published["figures"]:
        bounds = [float(figure[column]) for column in ("low", "value", "high") if figure[column]]
        assert bounds == sorted(bounds), figure["figure_id"]


@pytest.mark.parametrize(
    ("wording", "value", "low", "high", "modifier"),
    [
        ("nearly 30", "30", "", "30", "nearly"),
        ("More than 1000", "1000", "1000", "", "more_than"),
        ("over 50,000", "50000", "50000", "", "more_than"),
        ("200", "200", "200", "200", "exact"),
        ("Ninety percent", "90", "90", "90", "exact"),
        ("day six", "6", "6", "6", "exact"),
        ("several", "", "", "", "vague"),
        ("A significant portion", "", "", "", "vague"),
    ],
)
def test_numbers_keep_their_wording(
    published: Tables, wording: str, value: str, low: str, high: str, modifier: str
) -> None:
    figure = row(published, "figures", wording=wording)
    assert (figure["value"], figure["low"], figure["high"], figure["modifier"]) == (value, low, high, modifier)


def test_a_modifier_governs_its_own_number_only(published: Tables) -> None:
    forces = {row["wording"]: row["modifier"] for row in published["figures"] if row["scope"] == "stock"}
    assert forces["over 50,000"] == "more_than"
    assert forces["200"] == forces["two"] == "exact"


def test_deaths_name_who_died_who_says_so_and_when(published: Tables) -> None:
    deaths = {
        (row["article_id"], row["wording"], row["source_chain"], row["scope"], row["as_of_start"], row["as_of_end"])
        for row in published["figures"]
        if row["measure"] == "killed"
    }
    assert deaths >= {
        ("art-001", "6", "ted-lieu", "cumulative", "", ""),
        ("art-001", "More than 1000", "article", "cumulative", "2026-02-28", ""),
        ("art-001", "six", "article", "cumulative", "2026-02-28", ""),
        ("art-001", "six", "article", "incident", "2026-03-01", "2026-03-01"),
        ("art-002", "six", "cnn", "incident", "2026-03-01", "2026-03-01"),
    }


def test_intelligence_sharing_is_vouched_for_through_chains(published: Tables) -> None:
    sharing = {row["event_id"]: row for row in published["events"] if row["event_type"] == "cooperate"}
    first = sharing["ev-0002"]
    assert (first["actors"], first["recipients"], first["time_status"]) == ("Russia", "Iran", "ongoing")
    assert first["affirmed_by"] == "unspecified; john-roberts; john-roberts/us-officials; washington-post"
    assert first["presupposed_by"] == "article; john-roberts; ted-lieu"
    assert (first["denied_by"], first["left_open_by"]) == ("", "karoline-leavitt")
    (link,) = (row for row in published["links"] if row["from_id"] == "ev-0002" and row["relation"] == "same_event")
    second = sharing[link["to_id"]]
    assert "cnn/sources-familiar-us-intelligence" in second["presupposed_by"].split("; ")
    assert second["left_open_by"] == "pete-hegseth"


def test_a_mark_of_certainty_belongs_to_the_link_that_utters_it(published: Tables) -> None:
    told = [row for row in published["attestations"] if (row["event_id"], row["stance"]) == ("ev-0002", "affirms")]
    marks = {row["source_chain"]: (row["certainty"], row["hedge"]) for row in told}
    assert marks["john-roberts"] == ("certain", "confirmed")
    assert marks["john-roberts/us-officials"] == ("unmarked", "reports")


def test_compare_gives_the_published_figures(release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders = [str(ROOT / "raw" / "readings" / name) for name in ("first", "second")]
    assert main(ROOT, ["compare", *folders, "--format", "csv"]) == 0
    assert capsys.readouterr().out == (release / "agreement.csv").read_text("utf-8")


def test_denials_are_data(published: Tables) -> None:
    denied = {row["event_id"]: row["denied_by"] for row in published["events"] if row["denied_by"]}
    assert set(denied.values()) >= {"karoline-leavitt", "pete-hegseth", "article"}


def test_a_negated_attitude_and_a_refusal_are_events_as_they_are_told(published: Tables) -> None:
    for event in ("ev-0007", "ev-0023"):
        assert row(published, "events", event_id=event)["status"] == "affirmed"


def test_asked_is_about_the_help_and_not_about_the_dead(published: Tables) -> None:
    for help, strike in {
        "ev-0024": "ev-0082",
        "ev-0025": "ev-0083",
        "ev-0026": "ev-0084",
        "ev-0027": "ev-0085",
    }.items():
        assert row(published, "events", event_id=help)["left_open_by"] == "ted-lieu"
        assert row(published, "events", event_id=strike)["presupposed_by"] == "ted-lieu"


def test_one_statement_in_two_wordings(published: Tables) -> None:
    link = row(published, "links", relation="same_utterance")
    one, other = (row(published, "quotes", quote_id=link[end]) for end in ("from_id", "to_id"))
    assert one["article_id"] != other["article_id"]
    assert one["speaker_id"] == other["speaker_id"] == "pete-hegseth"
    assert one["said_start"] == other["said_start"] == "2026-03-04"
    assert (one["text"], other["text"]) == ("really a factor here.", "not really a factor")
    assert (one["speaker_role"], other["speaker_role"]) == ("Defense Secretary", "United States Secretary of War")


def test_a_quotation_runs_on_across_a_caption(published: Tables) -> None:
    for quote_id, runs in {"qu-0003": 2, "qu-0004": 3, "qu-0008": 2, "qu-0009": 2}.items():
        assert len(row(published, "quotes", quote_id=quote_id)["text"].split(" | ")) == runs


def test_a_quote_in_a_quote_comes_through_the_outer_speaker(published: Tables) -> None:
    inner = row(published, "quotes", nested_in="qu-0006")
    assert inner["source_chain"] == "white-house-rapid-response/karoline-leavitt"


def test_nothing_known_from_elsewhere(published: Tables) -> None:
    assert row(published, "actors", actor_id="putin")["name"] == "Putin"
    assert all(
        article["outlet_id"] == article["title"] == article["url"] == "" for article in published["articles"][:2]
    )
    (interview,) = (row for row in published["events"] if row["summary"].startswith("Hegseth gives an interview"))
    assert (interview["date_start"], interview["date_end"], interview["date_basis"]) == ("", "", "none")


def test_no_date_is_invented(published: Tables) -> None:
    days = {day for row in texts_of_dates(published) for day in row}
    # The calendar date of a caption, and the weekdays and weeks of the two texts resolved by hand.
    assert days == {"2026-02-28", "2026-03-01", "2026-03-02", "2026-03-04", "2026-03-08"}


def texts_of_dates(published: Tables) -> Iterator[set[str]]:
    for table, columns in {
        "events": ("date_start", "date_end"),
        "quotes": ("said_start", "said_end"),
        "figures": ("as_of_start", "as_of_end"),
    }.items():
        for entry in published[table]:
            if entry["article_id"] in ("art-001", "art-002"):
                yield {entry[column] for column in columns} - {""}


def test_a_claim_stands_once_for_both_articles(published: Tables) -> None:
    claim = row(published, "claims", claim_id="ev-0002")
    events = [row for row in published["events"] if row["claim_id"] == "ev-0002"]
    assert {row["article_id"] for row in events} >= {"art-001", "art-002"}
    assert int(claim["articles"]) == len({row["article_id"] for row in events})
    vouching = [
        row
        for row in published["attestations"]
        if row["claim_id"] == "ev-0002" and row["stance"] in ("affirms", "presupposes")
    ]
    kinds = {row["actor_id"]: row["kind"] for row in published["actors"]}
    last = [row["source_chain"].rpartition("/")[2] for row in vouching]
    named = {
        row["article_id"] if name == "article" else name
        for row, name in zip(vouching, last)
        if kinds.get(name) != "unnamed_source"
    }
    unnamed = sum(kinds.get(name) == "unnamed_source" for name in last)
    assert (int(claim["origins_at_least"]), int(claim["origins_at_most"])) == (len(named), len(named) + unnamed)


def test_what_a_post_disputes_is_disputed(published: Tables) -> None:
    link = row(published, "links", relation="disputes", from_id="qu-0009")
    said = row(published, "attestations", quote_id=link["to_id"])
    assert row(published, "claims", claim_id=said["claim_id"])["status"] == "disputed"


def test_an_utterance_has_one_fullest_telling(published: Tables) -> None:
    tellings: dict[str, list[str]] = {}
    for quote in published["quotes"]:
        tellings.setdefault(quote["utterance_id"], []).append(quote["fullest"])
    assert all(told.count("true") == 1 for told in tellings.values())
    assert row(published, "quotes", quote_id="qu-0024")["fullest"] == "true"


def test_every_table_is_published_twice(release: Path, version: Version) -> None:
    described = {"datapackage.json", "croissant.json", "schema-org.json", "README.md"}
    sums = {"SHA256SUMS"}
    expected = {f"{name}.{kind}" for name in version.tables for kind in ("csv", "parquet")} | described | sums
    assert {path.name for path in release.iterdir()} - {"CONTENTSUMS"} == expected


def test_rows_have_the_hashes_that_the_first_version_lists() -> None:
    first = read_index(ROOT / "dataset")[0]
    tables = from_folder(ROOT / "dataset" / first["version"]).tables
    listed = {name: rows["content"] for name, rows in first["tables"].items() if "content" in rows}
    assert listed
    assert {name: tables[name].content_hash() for name in listed} == listed
