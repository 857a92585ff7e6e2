"""Every change has its reason, which is written for one version and never changes once it is published."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import HARBOUR, Approved
from test_numbering import ONE, add, add_quote, correct, correct_value, edit, remove_figure

import russia_iran_claims as ric
from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.versions.changes import published_changes
from russia_iran_claims.pipeline.versions.index import read_index
from russia_iran_claims.pipeline.versions.version import from_folder

RELEASE = ["release", "--date", "2026-12-01"]
DERIVED = "Follows from other changes."


def newest(root: Path) -> Path:
    return root / "dataset" / str(read_index(root / "dataset")[-1]["version"])


def reasons(root: Path) -> dict[tuple[str, str], str | None]:
    """The reasons that the newest version gives, by table and kind of change."""
    return {(change.table, change.kind): change.reason for change in published_changes(newest(root))}


def test_a_correction_without_a_reason_is_refused(
    released: Path, capsys: pytest.CaptureFixture[str], approved: Approved
) -> None:
    edit(released, ONE, "paraphrase: Tugs from Norland are on their way.", "paraphrase: Norland has sent tugs.")
    assert main(released, RELEASE) == 1
    approved(capsys.readouterr().out)


def test_a_reason_for_a_row_is_one_for_what_stands_inside_it(released: Path) -> None:
    edit(released, ONE, "      - {actor_id: norland, role: actor}", "      - {actor_id: norland, role: affected}")
    assert main(released, RELEASE) == 1
    correct(released, "events", "ev-0002", "*", "Read again.")
    assert main(released, RELEASE) == 0
    assert reasons(released) == {
        ("participants", "retired"): "Read again.",
        ("participants", "added"): None,
        ("events", "retired"): DERIVED,
        ("events", "added"): DERIVED,
    }


def test_a_span_that_moves_is_one_line_of_the_description(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = "start_char: 382, end_char: 389, paragraph: 5, zone: body, digest: 32cf7844a4bddb5b"
    edit(released, ONE, old, "start_char: 384, end_char: 389, paragraph: 5, zone: body, digest: 0123456789abcdef")
    correct(released, "spans", "qu-0004|content|1", "*", "The article is no part of it.")
    assert main(released, RELEASE) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if "spans qu-0004|content|1" in line]
    assert lines == ["  - spans qu-0004|content|1 moved (The article is no part of it.)"]
    assert {
        change.column for change in published_changes(released / "dataset" / "0.1.1") if change.table == "spans"
    } == {
        "start_char",
        "digest",
    }


def test_a_reason_for_a_column_is_one_for_each_of_its_cells(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (released / ONE).read_text("utf-8")
    assert text.count("medium: unspecified") > 2
    (released / ONE).write_text(text.replace("medium: unspecified", "medium: remarks"), "utf-8")
    assert main(released, RELEASE) == 1
    assert capsys.readouterr().out.count(", column medium, has changed without a reason") > 2
    correct(released, "quotes", "*", "medium", "Said aloud.")
    assert main(released, RELEASE) == 0
    assert reasons(released) == {("quotes", "corrected"): "Said aloud."}


@pytest.mark.slow
def test_an_old_reason_does_not_explain_a_later_change_and_a_second_one_can_be_written(released: Path) -> None:
    correct_value(released)
    assert main(released, RELEASE) == 0
    edit(released, ONE, "paraphrase: Norland has sent tugs.", "paraphrase: Norland sent its tugs.")
    assert main(released, RELEASE) == 1
    correct(released, "quotes", "qu-0003", "paraphrase", "All of its tugs.")
    assert main(released, RELEASE) == 0
    assert reasons(released) == {("quotes", "corrected"): "All of its tugs."}
    assert main(released, ["verify"]) == 0


def test_a_comma_in_a_reason_does_not_cut_it(
    released: Path, capsys: pytest.CaptureFixture[str], approved: Approved
) -> None:
    correct_value(released)
    (released / "raw" / "corrections.yaml").write_text(
        "- {table: quotes, id: qu-0003, column: paraphrase, corrects: 0.1.0, reason: Said as done, not as planned.}\n",
        "utf-8",
    )
    assert main(released, RELEASE) == 1
    approved(capsys.readouterr().out)


ALTERED: dict[str, tuple[str, str, str]] = {
    "another reason for a correction": ("corrections", "Said as done.", "Better."),
    "no reason for a correction": ("corrections", "", ""),
    "another reason for a row that is gone": ("retired", "Counted", "Seen"),
    "no reason for a row that is gone": ("retired", "", ""),
    "another row in its place": ("retired", "row_id: fi-0002", "row_id: fi-0002\n  replacement: fi-0001"),
}


@pytest.fixture(scope="module")
def published_thrice(_released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up project with a correction and a row that is gone published; to be copied, not changed."""
    root = Path(shutil.copytree(_released, tmp_path_factory.mktemp("thrice") / "project"))
    for change in (correct_value, remove_figure):
        change(root)
        assert main(root, RELEASE) == 0
    return root


@pytest.mark.parametrize("case", ALTERED)
def test_a_published_reason_stays_as_it_is(
    case: str, published_thrice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], approved: Approved
) -> None:
    name, old, new = ALTERED[case]
    root = Path(shutil.copytree(published_thrice, tmp_path / "project"))
    path = root / "raw" / f"{name}.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new) if old else "", "utf-8")
    for command in (["build"], RELEASE):
        capsys.readouterr()
        assert main(root, command) == 1
        approved(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("file", "entry"),
    [
        ("corrections", {"table": "quotes", "id": "qu-0003", "column": "cue", "corrects": "0.1.0"}),
        ("retired", {"row_id": "qu-0099"}),
    ],
    ids=["a cell", "a row"],
)
def test_a_reason_for_nothing_is_refused(
    file: str, entry: dict[str, str], waiting: Path, capsys: pytest.CaptureFixture[str], approved: Approved
) -> None:
    add(waiting, f"raw/{file}.yaml", {**entry, "reason": "A slip."})
    assert main(waiting, RELEASE) == 1
    approved(capsys.readouterr().out)


def test_a_reason_for_nothing_is_a_warning_to_a_build(waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(waiting, "raw/retired.yaml", {"row_id": "qu-0099", "reason": "A slip."})
    assert main(waiting, ["build"]) == 0
    assert "raw/retired.yaml:3:11: reason: warning: 0.1.0 has no row 'qu-0099'" in capsys.readouterr().out


def test_a_reason_for_a_version_that_there_is_not_is_refused(
    waiting: Path, capsys: pytest.CaptureFixture[str], approved: Approved
) -> None:
    edit(waiting, "raw/corrections.yaml", "corrects: 0.1.0", "corrects: 0.0.9")
    assert main(waiting, ["build"]) == 1
    approved(capsys.readouterr().out)


def test_a_row_that_vanishes_is_refused_and_its_id_stays_away(
    released: Path, capsys: pytest.CaptureFixture[str], approved: Approved
) -> None:
    whole = (released / ONE).read_text("utf-8")
    remove_figure(released)
    retired = (released / "raw" / "retired.yaml").read_text("utf-8")
    (released / "raw" / "retired.yaml").write_text("", "utf-8")
    assert main(released, RELEASE) == 1
    approved(capsys.readouterr().out)
    (released / "raw" / "retired.yaml").write_text(retired, "utf-8")
    assert main(released, RELEASE) == 0
    (released / ONE).write_text(whole, "utf-8")
    for text, told in (
        (retired, "retired-id: 'fi-0002' is retired, at raw/retired.yaml:"),
        ("", "retired-id: 'fi-0002' was published once, and version 0.2.0 removed it"),
    ):
        (released / "raw" / "retired.yaml").write_text(text, "utf-8")
        for command in (["check"], ["build"], RELEASE):
            capsys.readouterr()
            assert main(released, command) == 1
            assert told in capsys.readouterr().out


def remove_event(root: Path, id: str) -> None:
    text = (root / ONE).read_text("utf-8")
    start = text.index(f"  - event_id: {id}")
    end = min(place for mark in ("\n  - event_id", "\nfigures:") if (place := text.find(mark, start)) > 0)
    edit(root, ONE, text[start : end + 1], "")
    text = (root / ONE).read_text("utf-8")
    (root / ONE).write_text("\n".join(line for line in text.split("\n") if line.strip() != f"event_id: {id}"), "utf-8")
    links = root / "raw" / "links.yaml"
    links.write_text("\n".join(line for line in links.read_text("utf-8").split("\n") if id not in line), "utf-8")


@pytest.mark.slow
def test_retiring_an_event_retires_what_stands_inside_it(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = from_folder(released / "dataset" / "0.1.0")
    inside = {id for id, row in old.tables["attestations"].rows.items() if row["event_id"] == "ev-0001"}
    assert inside
    remove_event(released, "ev-0001")
    assert main(released, RELEASE) == 1
    assert "1 problem (1 unexplained)" in capsys.readouterr().out
    add(released, "raw/retired.yaml", {"row_id": "ev-0001", "reason": "Nothing happens.", "replacement": "ev-0002"})
    assert main(released, RELEASE) == 0, capsys.readouterr().out
    assert {reason for (_, kind), reason in reasons(released).items() if kind == "retired"} <= {
        "Nothing happens.", DERIVED
    }  # fmt: skip
    retired = ric.load("retired", folder=newest(released)).set_index("row_id")
    assert set(retired.index) == {"ev-0001", *inside}
    assert set(retired["version"]) == {"0.2.0"}
    assert set(retired["reason"]) == {"Nothing happens."}
    with pytest.raises(
        ValueError, match=r"'ev-0001' was removed in version 0\.2\.0: Nothing happens\. ev-0002 replaces"
    ):
        ric.cite(id="ev-0001", folder=released / "dataset")
    assert "row ev-0001" in ric.cite(id="ev-0001", version="0.1.0", folder=released / "dataset")
    told = ("datapackage", "retired", "name", "added", None, "retired", None)
    assert told in published_changes(newest(released))
    index = read_index(released / "dataset")
    assert ["retired" in entry["tables"] for entry in index] == [False, True]
    # Later versions keep telling it.
    add_quote(released)
    assert main(released, RELEASE) == 0
    assert not [change for change in published_changes(newest(released)) if change.table == "datapackage"]
    assert "ev-0001" in set(ric.load("retired", folder=newest(released))["row_id"])
    assert main(released, ["verify"]) == 0


def test_a_link_that_is_taken_out_needs_a_reason_too(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    links = released / "raw" / "links.yaml"
    first, *rest = links.read_text("utf-8").splitlines()
    links.write_text("\n".join([first, *rest[1:]]) + "\n", "utf-8")
    assert main(released, RELEASE) == 1
    output = capsys.readouterr().out
    (hint,) = [line for line in output.splitlines() if "hint: add" in line]
    entry = hint.partition("`")[2].partition("`")[0].replace("...", "They are not tied.")
    with (released / "raw" / "retired.yaml").open("a", encoding="utf-8") as file:
        file.write(entry + "\n")
    assert main(released, RELEASE) == 0
    assert reasons(released)["links", "retired"] == "They are not tied."


def test_a_null_id_is_one_problem(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path, id in ((ONE, "quote_id: qu-0001"), (ONE, "event_id: ev-0002"), ("raw/actors.yaml", "actor_id: courier")):
        before = (released / path).read_text("utf-8")
        edit(released, path, id, f"{id.partition(':')[0]}: null")
        for command in (["check"], ["check", "--articles", str(HARBOUR / "texts")], ["build"]):
            capsys.readouterr()
            assert main(released, command) == 1
            assert "1 problem (1 missing-key)" in capsys.readouterr().out, (id, command)
        (released / path).write_text(before, "utf-8")


@pytest.mark.slow
def test_diff_over_several_versions_has_every_reason(
    released: Path, capsys: pytest.CaptureFixture[str], approved: Approved
) -> None:
    correct_value(released)
    assert main(released, RELEASE) == 0
    edit(released, ONE, "paraphrase: Norland has sent tugs.", "paraphrase: Norland sent its tugs.")
    correct(released, "quotes", "qu-0003", "paraphrase", "All of its tugs.")
    assert main(released, RELEASE) == 0
    remove_figure(released)
    assert main(released, RELEASE) == 0
    capsys.readouterr()
    assert main(released, ["diff", "0.1.0", "0.2.0"]) == 0
    approved(capsys.readouterr().out)
    assert main(released, ["diff", "0.2.0", "0.1.0"]) == 2
    assert "give the earlier one first" in capsys.readouterr().err


def test_an_id_that_leaves_one_table_is_not_gone(released: Path) -> None:
    """The chain `courier` is no longer a row of `sources`; the actor is still there."""
    path = released / ONE
    path.write_text(path.read_text("utf-8").replace("[courier, two-officials]", "[two-officials]"), "utf-8")
    for table, id in (("quotes", "qu-0003"), ("figures", "fi-0002"), ("attestations", "at-0003")):
        correct(released, table, id, "source_chain", "Told by the officials themselves.")
    assert main(released, RELEASE) == 0
    assert main(released, ["verify"]) == 0
    assert "retired" not in from_folder(newest(released)).tables


@pytest.mark.slow
def test_a_retired_link_stands_in_the_way_of_no_later_release(released: Path) -> None:
    links = released / "raw" / "links.yaml"
    kept = [line for line in links.read_text("utf-8").splitlines(keepends=True) if "repeats" not in line]
    links.write_text("".join(kept), "utf-8")
    add(released, "raw/retired.yaml", {"row_id": "qu-0005|qu-0004|repeats", "reason": "Said once."})
    assert main(released, RELEASE) == 0
    correct_value(released)
    assert main(released, RELEASE) == 0
    assert set(ric.load("retired", folder=newest(released))["row_id"]) == {"qu-0005|qu-0004|repeats"}
    assert main(released, ["verify"]) == 0


@pytest.mark.slow
def test_two_reasons_in_the_same_words_are_told_apart(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = released / ONE
    text = path.read_text("utf-8")
    path.write_text(text.replace("summary: Norland sends tugs.", "summary: Norland sends boats."), "utf-8")
    correct(released, "events", "ev-0002", "summary", "A slip.")
    edit(released, ONE, "what: boats in danger", "what: boats at risk")
    correct(released, "figures", "fi-0001", "what", "A slip.")
    assert main(released, RELEASE) == 0
    add_quote(released)
    assert main(released, RELEASE) == 0
    corrections = released / "raw" / "corrections.yaml"
    whole = corrections.read_text("utf-8")
    entries = whole.split("- ")
    capsys.readouterr()
    for kept in (entries[:-1], [*entries[:-1], entries[-1].replace("fi-0001", "fi-0002")]):
        corrections.write_text("- ".join(kept), "utf-8")
        assert main(released, ["build"]) == 1
        output = capsys.readouterr().out
        assert "reason: the reason for figures fi-0001 that 0.1.1 published is gone" in output
        assert "{table: figures, id: fi-0001, column: what, corrects: 0.1.0, reason: " in output
    assert "fi-0002" in output
    assert "is for the step from 0.1.0 to 0.1.1, which is published without it" in output
    corrections.write_text(whole, "utf-8")
    assert main(released, ["verify"]) == 0


@pytest.mark.slow
def test_a_reason_that_was_never_published_is_found(
    released: Path, capsys: pytest.CaptureFixture[str], approved: Approved
) -> None:
    correct_value(released)
    correct(released, "quotes", "qu-0003", "*", "A second reason.")
    assert main(released, RELEASE) == 1
    assert "there is no change since 0.1.0 for this entry to explain" in capsys.readouterr().out
    corrections = released / "raw" / "corrections.yaml"
    whole = corrections.read_text("utf-8")
    corrections.write_text(whole[: whole.rindex("- ")], "utf-8")
    assert main(released, RELEASE) == 0
    corrections.write_text(whole, "utf-8")
    capsys.readouterr()
    assert main(released, ["verify"]) == 1
    approved(capsys.readouterr().out)


def test_a_cell_that_follows_from_others_may_have_a_reason_of_its_own(released: Path) -> None:
    edit(released, "raw/actors.yaml", "name: two officials", "name: officials")
    correct(released, "actors", "two-officials", "name", "Not only these two.")
    correct(released, "quotes", "qu-0003", "speaker", "As they are called now.")
    assert main(released, ["release", "--dry-run"]) == 0


def test_the_reason_of_a_retired_event_is_told_once_if_it_is_edited(
    released: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    remove_event(released, "ev-0001")
    add(released, "raw/retired.yaml", {"row_id": "ev-0001", "reason": "Nothing happens."})
    assert main(released, RELEASE) == 0
    edit(released, "raw/retired.yaml", "Nothing happens.", "Nothing at all.")
    capsys.readouterr()
    assert main(released, ["verify"]) == 1
    assert "1 problem (1 reason)" in capsys.readouterr().out


def test_what_names_a_retired_row_is_told_to_go_as_well(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (released / ONE).read_text("utf-8")
    start = text.index("  - figure_id: fi-0001")
    edit(released, ONE, text[start : text.index("  - figure_id: fi-0002")], "")
    add(released, "raw/retired.yaml", {"row_id": "fi-0001", "reason": "Counted by nobody."})
    assert main(released, ["check"]) == 1
    assert "hint: fi-0001 is retired: take this row out as well, or name another row" in capsys.readouterr().out
    links = released / "raw" / "links.yaml"
    kept = [line for line in links.read_text("utf-8").splitlines() if "fi-0001" not in line]
    links.write_text("\n".join(kept) + "\n", "utf-8")
    assert main(released, RELEASE) == 0, capsys.readouterr().out
    assert reasons(released)["links", "retired"] == "Counted by nobody."


def test_a_new_article_takes_no_id_that_was_published(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    remove_figure(released)
    add(released, "raw/retired.yaml", {"row_id": "art-003", "reason": "Made up."})
    text = released / "art-003.txt"
    text.write_text("The port is open again.", "utf-8")
    assert main(released, ["new", str(text), "--published", "2026-02-03"]) == 1
    assert "hint: name the file art-004.txt" in capsys.readouterr().out
