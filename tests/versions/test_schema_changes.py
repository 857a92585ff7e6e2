"""Whatever changes in schema/ or in what describes the dataset can be released, the whole way, and is told."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from test_numbering import ONE, add, correct, edit, genres

import russia_iran_claims as ric
from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.tables import derive
from russia_iran_claims.pipeline.versions.changes import published_changes, replay, tables_of
from russia_iran_claims.pipeline.versions.index import read_index
from russia_iran_claims.pipeline.versions.version import from_folder

NOTE = {
    "name": "note",
    "type": "string",
    "title": "Note",
    "description": "What else a reader should know.",
    "example": "Told twice.",
    "missing": "not_said",
    "wording": "own",
}


def change_json(root: Path, name: str, edit: Callable[[dict[str, Any]], object]) -> None:
    path = root / "schema" / f"{name}.json"
    content = json.loads(path.read_text("utf-8"))
    edit(content)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False), "utf-8")


def replace_all(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def field(content: dict[str, Any], name: str) -> dict[str, Any]:
    return dict_of(content)[name]


def dict_of(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {entry["name"]: entry for entry in content["fields"]}


def add_column(root: Path) -> None:
    change_json(root, "events", lambda content: content["fields"].append(NOTE))
    edit(root, ONE, "    summary: Norland sends tugs.\n", "    summary: Norland sends tugs.\n    note: Told twice.\n")


def rename_column(root: Path) -> None:
    change_json(root, "events", lambda content: field(content, "place").update(name="site", formerly="place"))
    replace_all(root, ONE, "\n    place: ", "\n    site: ")


def remove_column(root: Path) -> None:
    change_json(root, "events", lambda content: content["fields"].remove(field(content, "country")))


def change_type(root: Path) -> None:
    change_json(root, "articles", lambda content: field(content, "text_chars").update(type="number"))


def change_pattern(root: Path) -> None:
    change_json(
        root, "quotes", lambda content: field(content, "quote_id")["constraints"].update(pattern="qu-[0-9]{4,}")
    )


def add_value(root: Path) -> None:
    with genres(root) as (values, enum):
        values["interview"] = {"definition": "A conversation in print.", "example": "Ten questions."}
        enum.append("interview")


def new_table(root: Path, name: str, **more: object) -> None:
    key = {**NOTE, "name": "note_id", "wording": "code", "constraints": {"required": True}}
    del key["missing"]
    content = {"name": name, "title": name.title(), "description": "Notes.", "fields": [key, NOTE], **more}
    path = root / "schema" / f"{name}.json"
    path.write_text(json.dumps({**content, "primaryKey": ["note_id"]}), "utf-8")
    change_json(root, "dataset", lambda dataset: dataset["tables"].append(name))


def add_raw_table(root: Path) -> None:
    new_table(root, "notes")
    (root / "raw" / "notes.yaml").write_text("- {note_id: no-0001, note: Nobody was hurt.}\n", "utf-8")


def add_an_unfitting_name(root: Path) -> None:
    new_table(root, "curator_notes")
    change_json(root, "changes", lambda content: field(content, "table_name")["constraints"].update(pattern="[a-z]+"))


def add_derived_table(root: Path) -> None:
    new_table(root, "digest", origin="derived")
    derive.DERIVED["digest"] = lambda records, schema: [{"note_id": "one", "note": f"{len(records['events'])} events"}]


def remove_table(root: Path) -> None:
    for name in ("differences", "readings", "agreement"):
        change_json(root, "dataset", lambda dataset, name=name: dataset["tables"].remove(name))  # type: ignore[misc]
        (root / "schema" / f"{name}.json").unlink()
    (root / "raw" / "differences.yaml").unlink()
    change_json(
        root,
        "vocabularies",
        lambda content: [content.pop(name) for name in ("compared_table", "difference_kind", "settlement")],
    )


def dataset(**more: object) -> Callable[[Path], None]:
    return lambda root: change_json(root, "dataset", lambda content: content.update(more))


def tell_table(root: Path) -> None:
    change_json(root, "events", lambda content: content.update(description="What is reported."))


LICENCE = [{"name": "CC0-1.0", "title": "CC0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}]
CASES: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "column added": (add_column, "0.2.0", "MINOR: events.note: column added"),
    "column renamed": (rename_column, "0.2.0", "MAJOR: events.place: column renamed to site"),
    "column removed": (remove_column, "0.2.0", "MAJOR: events.country: column removed"),
    "type changed": (change_type, "0.2.0", "MAJOR: articles.text_chars: type changed from integer to number"),
    "pattern changed": (change_pattern, "0.2.0", "MAJOR: quotes.quote_id: constraint pattern changed"),
    "value added": (add_value, "0.2.0", "MINOR: articles.genre: values added: interview"),
    "table added": (add_raw_table, "0.2.0", "MINOR: notes: table added"),
    "derived table added": (add_derived_table, "0.2.0", "MINOR: digest: table added"),
    "table removed": (remove_table, "0.2.0", "MAJOR: differences: table removed"),
    "title": (dataset(title="Another title"), "0.1.1", "PATCH: dataset: title changed"),
    "description": (dataset(description="Words. " * 20), "0.1.1", "PATCH: dataset: description changed"),
    "contributors": (
        dataset(contributors=[{"title": "Ada Berg", "roles": ["author"]}]),
        "0.1.1",
        "PATCH: dataset: contributors changed",
    ),
    "keywords": (dataset(keywords=["harbour"]), "0.1.1", "PATCH: dataset: keywords changed"),
    "coverage": (dataset(spatial_coverage=["Vik"]), "0.1.1", "PATCH: dataset: spatial_coverage changed"),
    "table's description": (tell_table, "0.1.1", "PATCH: events: description reworded"),
    "tables reordered": (
        lambda root: change_json(root, "dataset", lambda content: content["tables"].reverse()),
        "0.1.1",
        "PATCH: dataset: tables reordered",
    ),
    "licence": (dataset(licenses=LICENCE), "0.2.0", "MAJOR: dataset: licenses changed"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_a_change_is_released_the_whole_way(
    case: str,
    released: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    change, number, reason = CASES[case]
    shutil.copy(ROOT / "README.md", released)
    shutil.copytree(ROOT / "docs", released / "docs")
    (released / "CHANGELOG.md").write_text("# Changelog\n", "utf-8")
    monkeypatch.setattr(derive, "DERIVED", dict(derive.DERIVED))
    change(released)
    assert main(released, ["build"]) == 0, capsys.readouterr().out
    assert f"as version {number} (" in (told := capsys.readouterr().out)
    assert reason in told
    assert main(released, ["release", "--date", "2026-12-01"]) == 0, capsys.readouterr().out
    for command in (["verify"], ["build"], ["docs"], ["diff", "0.1.0", number], ["archive", "0.1.0"], ["site"]):
        capsys.readouterr()
        assert main(released, command) == 0, (command, capsys.readouterr().out)
        if command == ["docs"]:
            assert capsys.readouterr().out == "the generated parts are current\n"
    versions = [from_folder(released / "dataset" / name) for name in ("0.1.0", number)]
    changes = published_changes(released / "dataset" / number)
    assert changes or case == "tables reordered"
    assert replay(tables_of(versions[0]), changes) == tables_of(versions[1])
    assert f"- {reason}\n" in (released / "CHANGELOG.md").read_text("utf-8")
    assert len(ric.load("events", folder=released / "dataset")) == len(versions[1].tables["events"].rows)


def test_a_renamed_column_is_one_change_and_its_cells_are_none(released: Path) -> None:
    rename_column(released)
    edit(released, ONE, "site: port of Vik", "site: port of Norvik")
    correct(released, "events", "ev-0001", "site", "It has moved.")
    assert main(released, ["release", "--date", "2026-12-01"]) == 0
    changes = {change[:3]: change[3:] for change in published_changes(released / "dataset" / "0.2.0")}
    assert changes == {
        ("datapackage", "events.place", "name"): ("corrected", "place", "site", None),
        ("events", "ev-0001", "site"): ("corrected", "port of Vik", "port of Norvik", "It has moved."),
    }


def test_a_line_in_changes_tells_each_description_that_changed(released: Path) -> None:
    for change in (tell_table, add_value, dataset(title="Another title", licenses=LICENCE)):
        change(released)
    assert main(released, ["release", "--date", "2026-12-01"]) == 0
    told = {change[:3]: change.new for change in published_changes(released / "dataset" / "0.2.0")}
    assert told.keys() == {
        ("datapackage", "articles.genre", "constraints"),
        ("datapackage", "articles.genre.interview", "name"),
        ("datapackage", "dataset", "licenses"),
        ("datapackage", "dataset", "title"),
        ("datapackage", "events", "description"),
    }
    assert told["datapackage", "dataset", "title"] == "Another title"


def test_names_that_change_twice_are_told_over_both_versions(
    released: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rename_column(released)
    assert main(released, ["release", "--date", "2026-12-01"]) == 0
    change_json(released, "events", lambda content: field(content, "site").update(name="venue", formerly="site"))
    replace_all(released, ONE, "\n    site: ", "\n    venue: ")
    assert main(released, ["release", "--date", "2026-12-01"]) == 0
    capsys.readouterr()
    assert main(released, ["diff", "0.1.0", "0.3.0"]) == 0
    assert capsys.readouterr().out == "From 0.1.0 to 0.3.0:\n- MAJOR: events.place: column renamed to venue\n"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["claims", "items", "sources"])
def test_a_derived_table_that_is_removed_takes_no_ids_along(name: str, released: Path) -> None:
    change_json(released, "dataset", lambda dataset: dataset["tables"].remove(name))
    (released / "schema" / f"{name}.json").unlink()
    for path in (released / "schema").glob("*.json"):
        content = json.loads(path.read_text("utf-8"))
        kept = [key for key in content.get("foreignKeys", ()) if key["reference"]["resource"] != name]
        if kept != content.get("foreignKeys", []):
            path.write_text(json.dumps({**content, "foreignKeys": kept}), "utf-8")
    kinds = ("item_kind",) if name == "items" else ()
    change_json(released, "vocabularies", lambda content: [content.pop(kind, None) for kind in kinds])
    assert main(released, ["release", "--date", "2026-12-01"]) == 0
    assert main(released, ["verify"]) == 0
    tell_table(released)
    assert main(released, ["release", "--date", "2026-12-02"]) == 0
    assert "retired" not in from_folder(released / "dataset" / "0.2.1").tables
    (released / "docs").mkdir()
    (released / "docs" / "codebook.md").write_text("## Limits\n\nNone.\n", "utf-8")
    assert main(released, ["site"]) == 0


@pytest.mark.slow
def test_a_table_with_another_name_keeps_its_ids(released: Path) -> None:
    change_json(released, "differences", lambda content: content.update(name="settlements"))
    (released / "schema" / "differences.json").rename(released / "schema" / "settlements.json")
    (released / "raw" / "differences.yaml").rename(released / "raw" / "settlements.yaml")
    change_json(
        released,
        "dataset",
        lambda dataset: dataset.update(
            tables=["settlements" if name == "differences" else name for name in dataset["tables"]]
        ),
    )
    assert main(released, ["release", "--date", "2026-12-01"]) == 0
    assert main(released, ["verify"]) == 0
    assert "retired" not in from_folder(released / "dataset" / "0.2.0").tables


@pytest.mark.slow
def test_the_old_name_of_a_column_can_be_taken_out_and_used_again(
    released: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rename_column(released)
    assert main(released, ["release", "--date", "2026-12-01"]) == 0
    change_json(released, "events", lambda content: field(content, "site").pop("formerly"))
    assert main(released, ["verify"]) == 0
    change_json(released, "events", lambda content: content["fields"].append({**NOTE, "name": "place"}))
    assert main(released, ["release", "--date", "2026-12-02"]) == 0
    change_json(released, "events", lambda content: field(content, "place").update(name="spot", formerly="place"))
    assert main(released, ["release", "--date", "2026-12-03"]) == 0
    assert main(released, ["verify"]) == 0
    for first, told in (
        ("0.1.0", ["MAJOR: events.place: column renamed to site", "MINOR: events.spot: column added"]),
        ("0.2.0", ["MINOR: events.spot: column added"]),
        ("0.3.0", ["MAJOR: events.place: column renamed to spot"]),
    ):
        capsys.readouterr()
        assert main(released, ["diff", first, "0.4.0"]) == 0
        assert [line[2:] for line in capsys.readouterr().out.splitlines()[1:]] == told, first


@pytest.mark.slow
def test_a_reason_outlives_the_name_of_its_column(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(released, ONE, "place: port of Vik", "place: port of Norvik")
    correct(released, "events", "ev-0001", "place", "It has moved.")
    assert main(released, ["release", "--date", "2026-12-01"]) == 0
    rename_column(released)
    assert main(released, ["release", "--date", "2026-12-02"]) == 0
    remove_column(released)
    change_json(released, "events", lambda content: field(content, "site").update(name="venue", formerly="site"))
    replace_all(released, ONE, "\n    site: ", "\n    venue: ")
    assert main(released, ["release", "--date", "2026-12-03"]) == 0
    capsys.readouterr()
    assert main(released, ["diff", "0.1.0", "0.3.0"]) == 0
    assert "events ev-0001, venue: “port of Vik” becomes “port of Norvik” (It has moved.)" in capsys.readouterr().out
    corrections = released / "raw" / "corrections.yaml"
    whole = corrections.read_text("utf-8")
    for text in ("", whole.replace("It has moved.", "Moved.")):
        corrections.write_text(text, "utf-8")
        assert main(released, ["verify"]) == 1
        assert "1 problem (1 reason)" in capsys.readouterr().out
    corrections.write_text(whole, "utf-8")
    assert main(released, ["verify"]) == 0


@pytest.mark.slow
def test_a_table_that_came_and_went_between_is_no_difference(
    released: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_raw_table(released)
    assert main(released, ["release", "--date", "2026-12-01"]) == 0
    change_json(released, "notes", lambda content: field(content, "note").update(name="words", formerly="note"))
    replace_all(released, "raw/notes.yaml", "note:", "words:")
    assert main(released, ["release", "--date", "2026-12-02"]) == 0
    change_json(released, "dataset", lambda dataset: dataset["tables"].remove("notes"))
    (released / "schema" / "notes.json").unlink()
    (released / "raw" / "notes.yaml").unlink()
    assert main(released, ["release", "--date", "2026-12-03"]) == 0
    capsys.readouterr()
    assert main(released, ["diff", "0.2.0", "0.4.0"]) == 0
    assert "MAJOR: notes: table removed" in capsys.readouterr().out


def spoil_json(name: str, edit: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    return lambda root: change_json(root, name, edit)


REFUSED: dict[str, tuple[Callable[[Path], None], str]] = {
    "a derived table": (lambda root: new_table(root, "digest", origin="derived"), "nothing derives the rows of digest"),
    "a derived column": (
        spoil_json("quotes", lambda content: content["fields"].append({**NOTE, "origin": "derived"})),
        "schema/quotes.json: schema: nothing derives the column note of quotes",
    ),
    "a column in use": (
        spoil_json("quotes", lambda content: content["fields"].remove(field(content, "cue"))),
        "schema/quotes.json: schema: the build works with the column `cue` of quotes",
    ),
    "a column of the docs": (
        spoil_json("differences", lambda content: content["fields"].remove(field(content, "kind"))),
        "docs/reliability.md counts by the column kind, which is not in the schema",
    ),
    "changes without reasons": (
        spoil_json("changes", lambda content: content["fields"].pop()),
        "the build needs seven columns of text",
    ),
    "changes with another column": (
        spoil_json("changes", lambda content: content["fields"].append(NOTE)),
        "the build needs seven columns of text",
    ),
    "retired rows with another column": (
        spoil_json("retired", lambda content: content["fields"].append(NOTE)),
        "the build needs the columns row_id, version, reason, replacement",
    ),
    "a name of a table": (
        add_an_unfitting_name,
        "the name 'curator_notes' does not have the form [a-z]+ that changes.table_name requires",
    ),
    "a key of the dataset": (dataset(isbn="1"), ": schema: the build does not know the key `isbn`"),
    "a constraint of another type": (
        spoil_json("articles", lambda content: field(content, "text_chars").update(type="string")),
        "a string cannot have the constraint minimum",
    ),
    "values of another type": (
        spoil_json(
            "claims",
            lambda content: field(content, "articles").update(
                type="boolean", constraints={"required": True}, example="true"
            ),
        ),
        "schema/claims.json: schema: articles: the values are not of the type boolean",
    ),
    "an example that is no text": (
        spoil_json("articles", lambda content: field(content, "text_chars").update(example=7)),
        "found 7, expected text in quotation marks",
    ),
    "a date that is text": (
        spoil_json("articles", lambda content: field(content, "published").update(type="string")),
        "published: the build computes with it, and it must be of the type date",
    ),
    "a number that is text": (
        spoil_json("figures", lambda content: field(content, "value").update(type="string")),
        "value: the build computes with it, and it must be of the type number or integer",
    ),
    "no articles": (spoil_json("dataset", lambda content: content["tables"].remove("articles")), "the table articles"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_published_is_told_before_anything_is_written(
    case: str, documented: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil, told = REFUSED[case]
    assert main(documented, ["release", "--date", "2026-12-01"]) == 0
    spoil(documented)
    if "column" in case and "docs" not in case:
        path = documented / ONE
        kept = [line for line in path.read_text("utf-8").split("\n") if "    cue: " not in line or "`cue`" not in told]
        path.write_text("\n".join(kept), "utf-8")
    if case == "a column of the docs":
        path = documented / "raw" / "differences.yaml"
        kept = [line for line in path.read_text("utf-8").split("\n") if " kind: " not in line]
        path.write_text("\n".join(kept), "utf-8")
        change_json(documented, "vocabularies", lambda content: content.pop("difference_kind"))
    if case == "a name of a table":
        (documented / "raw" / "curator_notes.yaml").write_text("", "utf-8")
    before = sorted(path.name for path in (documented / "dataset").iterdir())
    for command in (["build"], ["release", "--date", "2026-12-02"]):
        capsys.readouterr()
        assert main(documented, command) == 1, command
        assert told in "".join(capsys.readouterr())
    assert sorted(path.name for path in (documented / "dataset").iterdir()) == before


def test_a_page_says_which_column_it_lacks(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change_json(released, "links", lambda content: content["fields"].remove(field(content, "basis")))
    change_json(released, "vocabularies", lambda content: content.pop("link_basis"))
    path = released / "raw" / "links.yaml"
    path.write_text(re.sub(r", basis: \w+", "", path.read_text("utf-8")), "utf-8")
    assert main(released, ["release", "--date", "2026-12-01"]) == 0, capsys.readouterr().out
    (released / "docs").mkdir()
    (released / "docs" / "codebook.md").write_text("## Limits\n\nNone.\n", "utf-8")
    assert main(released, ["site"]) == 1
    assert "site: the page shows the column `basis` of links" in capsys.readouterr().out


@pytest.mark.release
def test_any_two_versions_of_the_project_replay() -> None:
    dataset = ROOT / "dataset"
    for before, after in pairwise(entry["version"] for entry in read_index(dataset)):
        tables = replay(tables_of(from_folder(dataset / before)), published_changes(dataset / after))
        assert tables == tables_of(from_folder(dataset / after))


@pytest.mark.slow
def test_a_retired_row_in_a_table_with_other_names_of_columns(released: Path) -> None:
    """The tables about versions may be renamed themselves."""
    change_json(
        released,
        "changes",
        lambda content: (
            [
                field(content, old).update(name=new, formerly=old)
                for old, new in {"table_name": "in_table", "row_id": "of_row", "column_name": "of_column"}.items()
            ]
            and content.update(primaryKey=["in_table", "of_row", "of_column"])
        ),
    )
    edit(released, ONE, "paraphrase: Tugs from Norland are on their way.", "paraphrase: Norland has sent tugs.")
    correct(released, "quotes", "qu-0003", "paraphrase", "Said as done.")
    assert main(released, ["release", "--date", "2026-12-01"]) == 0
    add(released, "raw/actors.yaml", {"actor_id": "norvik", "name": "Norvik", "kind": "state"})
    assert main(released, ["verify"]) in (0, 1)
    changes = ric.load("changes", folder=released / "dataset")
    assert set(changes["of_column"]) == {"paraphrase", "name"}
