"""What clients see: CSV, Parquet and the descriptor say the same, in the types that the README promises."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import dplib
import jsonschema
import pandas as pd
import pyarrow.parquet as pq
import pytest
from readme import named_block, python_blocks

from russia_iran_claims.pipeline.io.problems import BuildError, Problem
from russia_iran_claims.pipeline.tables.arrow import to_schema
from russia_iran_claims.pipeline.tables.as_text import read_csv
from russia_iran_claims.pipeline.tables.check_files import check_files
from russia_iran_claims.pipeline.versions.version import Version

pytestmark = pytest.mark.release


@pytest.fixture(scope="module")
def descriptor(release: Path) -> dict[str, Any]:
    return dict(json.loads((release / "datapackage.json").read_text("utf-8")))


def test_release_passes_its_audit(release: Path) -> None:
    assert check_files(release) == []


def test_descriptor_follows_the_official_profile(descriptor: dict[str, Any]) -> None:
    profile = Path(dplib.__file__).parent / "profiles" / "2.0" / "datapackage.json"
    validator = jsonschema.Draft7Validator(json.loads(profile.read_text("utf-8")))
    assert [error.message for error in validator.iter_errors(descriptor)] == []


def test_descriptor_defines_every_column_and_value(descriptor: dict[str, Any]) -> None:
    for resource in descriptor["resources"]:
        for field in resource.get("schema", {}).get("fields", ()):
            assert field["title"], field
            assert field["description"], field
            assert field["example"], field
            levels = [level["value"] for level in field.get("categories", ())]
            assert levels == field.get("constraints", {}).get("enum", []), field
            assert all(level["description"].endswith(".") for level in field.get("categories", ())), field


def test_csv_is_plain(release: Path) -> None:
    missing = {"NA", "N/A", "n/a", "NULL", "null", "None", "NaN", "nan", "NaT", "#N/A", "<NA>"}
    for path in release.glob("*.csv"):
        content = path.read_bytes()
        assert b"\r" not in content, path.name
        assert content.endswith(b"\n"), path.name
        header, *rows = csv.reader(content.decode("utf-8").splitlines(keepends=True))
        assert all(len(row) == len(header) for row in rows), path.name
        assert not missing & {cell for row in rows for cell in row}, path.name
        verbatim = {header.index(name) for name in ("text", "wording") if name in header}
        formulas = [
            cell
            for row in rows
            for index, cell in enumerate(row)
            if cell[:1] in ("=", "+", "-", "@") and index not in verbatim
        ]
        assert not formulas, path.name
        # A field is quoted only because of what stands in it.
        for field in re.findall(rb'(?:^|,)"((?:[^"]|"")*)"(?=,|$)', content, re.MULTILINE):
            assert any(mark in field for mark in (b",", b'"', b"\n")), (path.name, field)


def test_parquet_describes_itself(release: Path, version: Version) -> None:
    for table in version.schema.tables.values():
        stored = pq.read_schema(release / f"{table.name}.parquet")
        assert stored.equals(to_schema(version.schema, table), check_metadata=False)
        metadata = {key.decode(): value.decode() for key, value in (stored.metadata or {}).items()}
        assert metadata["version"] == version.number
        assert metadata["license"] == version.schema.dataset["licenses"][0]["name"]
        assert version.number in metadata["citation"]
        assert json.loads(metadata["table_schema"]) == table.descriptor()
        for field in table.fields:
            assert stored.field(field.name).metadata[b"description"].decode() == field.description
        compression = {
            pq.ParquetFile(release / f"{table.name}.parquet").metadata.row_group(0).column(index).compression
            for index in range(len(table.fields))
        }
        assert compression == {"SNAPPY"}


def test_plain_read_parquet_gives_the_promised_types(release: Path, version: Version) -> None:
    promised = {"string": "string", "integer": "Int64", "number": "Float64", "boolean": "boolean", "date": "object"}
    for table in version.schema.tables.values():
        frame = pd.read_parquet(release / f"{table.name}.parquet")
        for field in table.fields:
            column = frame[field.name]
            if field.levels is not None and not len(frame):
                continue  # pandas gives a table without rows no levels
            if field.levels is not None:
                assert list(column.cat.categories) == field.levels
                assert column.cat.ordered == (field.vocabulary is not None and field.vocabulary.ordered)
            else:
                assert str(column.dtype) == promised[field.type], (table.name, field.name)
        assert frame.attrs["version"] == version.number
        assert frame.attrs["license"] == version.schema.dataset["licenses"][0]["name"]
        assert frame.attrs["citation"].startswith(
            f"The russia-iran-claims contributors ({version.schema.dataset['released'][:4]})."
        )


def test_the_documented_lines_load_equal_frames(
    release: Path, version: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(release.parent.parent)
    names: dict[str, Any] = {}
    for block in python_blocks(Path("README.md")):
        exec(compile(block, "README.md", "exec"), names)
    exec(named_block(Path("docs/using.md"), "read-csv"), names)
    assert names["folder"] == f"dataset/{version.number}"
    for name in version.schema.tables:
        from_csv, from_parquet = names["read_csv"](names["folder"], name), pd.read_parquet(release / f"{name}.parquet")
        # A table without rows has no levels in Parquet, and no index to speak of in CSV.
        pd.testing.assert_frame_equal(
            from_csv,
            from_parquet,
            check_categorical=bool(len(from_csv)),
            check_dtype=bool(len(from_csv)),
            check_index_type=bool(len(from_csv)),
        )


def test_a_changed_cell_is_found(release: Path, tmp_path: Path) -> None:
    for path in release.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = (tmp_path / "figures.csv").read_text("utf-8")
    (tmp_path / "figures.csv").write_text(text.replace("nearly 30,30,", "nearly 30,31,", 1), "utf-8")
    problems = check_files(tmp_path)
    assert {problem.path for problem in problems} >= {"figures.csv", "figures.parquet"}
    assert any("found 30.0 in row 2 of value, expected 31.0" in problem.message for problem in problems)


def test_lost_rows_are_found(release: Path, tmp_path: Path) -> None:
    for path in release.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    pq.write_table(pq.read_table(release / "quotes.parquet").slice(1), tmp_path / "quotes.parquet")
    assert any("found the rows" in problem.message for problem in check_files(tmp_path))


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("quotes.csv", ",mixed,", ",mixt,", "constraint-error"),
        ("participants.csv", "ev-0002,", "ev-9999,", "foreign-key"),
        ("links.csv", "", "", "scheme-error"),
        ("spans.parquet", "", "", "parquet"),
    ],
    ids=["a value that is not allowed", "a reference to nothing", "a CSV file gone", "a Parquet file gone"],
)
def test_damage_is_found(name: str, old: str, new: str, rule: str, release: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(release, tmp_path / "release"))
    if old:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    else:
        (folder / name).unlink()
    problems = check_files(folder)
    assert (name, rule) in {(problem.path, problem.rule) for problem in problems}
    gone = Problem(name, 0, 0, "parquet", "the file is missing; spans.csv is there")
    assert (gone in problems) == (rule == "parquet")


def test_a_bar_in_an_example_does_not_end_a_cell_of_the_codebook(version: Version) -> None:
    from dataclasses import replace

    from russia_iran_claims.pipeline.tables.codebook import codebook

    table = version.schema.tables["quotes"]
    field = replace(table.fields[0], example="one | two")
    schema = replace(version.schema, tables={"quotes": replace(table, fields=(field,))})
    assert "| `one \\| two` |" in codebook(schema, {"quotes": []})


def test_what_is_no_csv_is_told_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x" * 5_000_001, "utf-8")
    with pytest.raises(BuildError) as error:
        list(read_csv(tmp_path / "a.csv", "a.csv"))
    assert error.value.problems == [
        Problem("a.csv", 0, 0, "csv", "is not CSV: field larger than field limit (5000000)")
    ]
