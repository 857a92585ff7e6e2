"""A long life of the dataset, made up by hypothesis: whatever curators do, versions can be trusted."""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
import shutil
import tempfile
from pathlib import Path

import hypothesis.strategies as st
import pytest
from conftest import HARBOUR, ROOT
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.versions.changes import published_changes, replay, tables_of
from russia_iran_claims.pipeline.versions.index import parts, read_index
from russia_iran_claims.pipeline.versions.version import from_folder

FIGURES = ("fi-0001", "fi-0002", "fi-0003")


class History(RuleBasedStateMachine):
    """Edits, retires, releases and reverts of the made-up project."""

    @initialize()
    def first_release(self) -> None:
        self.root = Path(tempfile.mkdtemp())
        shutil.copytree(HARBOUR / "raw", self.root / "raw")
        shutil.copytree(ROOT / "schema", self.root / "schema")
        self.day = 1
        self.retired: set[str] = set()
        self.seen: dict[str, str] = {}
        assert self.run("release", "--date", "2027-01-01") == 0
        self.kept = {path: path.read_text("utf-8") for path in (self.root / "raw").rglob("*.yaml")}

    def run(self, *arguments: str) -> int:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return main(self.root, arguments)

    def newest(self) -> str:
        return str(read_index(self.root / "dataset")[-1]["version"])

    @rule(word=st.sampled_from(["Norland sends boats.", "Tugs come from Norland.", "Help comes by sea."]))
    def correct(self, word: str) -> None:
        path = self.root / "raw" / "articles" / "art-001.yaml"
        text = path.read_text("utf-8")
        start = text.index("summary:", text.index("event_id: ev-0002"))
        path.write_text(f"{text[:start]}summary: {word}{text[text.index(chr(10), start) :]}", "utf-8")
        corrections = self.root / "raw" / "corrections.yaml"
        entry = f"- {{table: events, id: ev-0002, column: summary, corrects: {self.newest()}, reason: Said better.}}\n"
        if entry not in corrections.read_text("utf-8"):
            with corrections.open("a", encoding="utf-8") as file:
                file.write(entry)

    @rule(number=st.integers(10, 99))
    def link(self, number: int) -> None:
        path = self.root / "raw" / "links.yaml"
        ends = ("ev-0001", "ev-0003") if number % 2 else ("ev-0002", "ev-0003")
        if f"from_id: {ends[0]}, to_id: {ends[1]}" not in path.read_text("utf-8"):
            with path.open("a", encoding="utf-8") as file:
                file.write(
                    f"- {{from_id: {ends[0]}, to_id: {ends[1]}, relation: about, basis: inferred, note: Same port.}}\n"
                )

    @rule(id=st.sampled_from(FIGURES))
    def retire(self, id: str) -> None:
        for path in (self.root / "raw" / "articles").glob("*.yaml"):
            text = path.read_text("utf-8")
            found = re.search(rf"  - figure_id: {id}\n.*?(?=\n  - figure_id|\nexclusions)", text, re.DOTALL)
            if found:
                path.write_text(text.replace(found[0], ""), "utf-8")
                links = self.root / "raw" / "links.yaml"
                kept = [line for line in links.read_text("utf-8").splitlines() if id not in line]
                links.write_text("\n".join(kept) + "\n", "utf-8")
                with (self.root / "raw" / "retired.yaml").open("a", encoding="utf-8") as file:
                    file.write(f"- {{row_id: {id}, reason: No quantity.}}\n")

    @rule()
    def release(self) -> None:
        before = [entry["version"] for entry in read_index(self.root / "dataset")]
        self.day += 1
        code = self.run("release", "--date", f"2027-01-{self.day:02}")
        after = [entry["version"] for entry in read_index(self.root / "dataset")]
        assert after[: len(before)] == before
        assert len(after) <= len(before) + 1
        if code == 0:
            self.kept = {path: path.read_text("utf-8") for path in (self.root / "raw").rglob("*.yaml")}
            tables = from_folder(self.root / "dataset" / after[-1]).tables
            self.retired |= set(FIGURES) - set(tables["figures"].rows)
            assert self.retired == set(tables["retired"].rows if "retired" in tables else ())
            assert self.run("verify") == 0
        else:
            assert after == before
            assert self.run("build") in (0, 1)

    @precondition(lambda self: hasattr(self, "kept"))
    @rule()
    def revert(self) -> None:
        for path, text in self.kept.items():
            path.write_text(text, "utf-8")

    @invariant()
    def history_never_changes(self) -> None:
        if not hasattr(self, "root"):
            return
        entries = read_index(self.root / "dataset")
        numbers = [entry["version"] for entry in entries]
        assert numbers == sorted(numbers, key=parts)
        for number in numbers:
            folder = self.root / "dataset" / number
            digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.iterdir()))).hexdigest()
            assert self.seen.setdefault(number, digest) == digest
        assert not self.retired & set(from_folder(self.root / "dataset" / numbers[-1]).tables["figures"].rows)

    def teardown(self) -> None:
        if not hasattr(self, "root"):
            return
        numbers = [entry["version"] for entry in read_index(self.root / "dataset")]
        versions = [from_folder(self.root / "dataset" / number) for number in numbers]
        tables = tables_of(versions[0])
        for number in numbers[1:]:
            tables = replay(tables, published_changes(self.root / "dataset" / number))
        assert tables == tables_of(versions[-1])
        shutil.rmtree(self.root)


TestHistory = pytest.mark.slow(History.TestCase)
TestHistory.settings = settings(max_examples=5, stateful_step_count=8, deadline=None)
