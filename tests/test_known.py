"""`check` with what it remembers says what `check` says that reads everything, whatever was changed in between."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from test_rules import COUNTEREXAMPLES, spoil

from russia_iran_claims.build import known, remembered
from russia_iran_claims.build.check import check
from russia_iran_claims.build.commands import CACHE, main
from russia_iran_claims.build.elsewhere import Facts
from russia_iran_claims.build.known import check_known
from russia_iran_claims.build.rows import Coding, read_article
from russia_iran_claims.build.schemas import load_schema

sys.path.insert(0, str(ROOT / "benchmarks"))
from generate import generate

ARTICLE = "raw/articles/art-001.yaml"


def said(root: Path) -> list[str]:
    """What the remembering check says, held against the one that reads everything."""
    schema = load_schema(root / "schema")
    whole, quick = check(root / "raw", schema, None), check_known(root / "raw", schema, root / CACHE)
    assert quick.problems == whole.problems
    if whole.ok:
        assert quick.rows == whole.rows
    return [problem.rule for problem in whole.problems]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the articles that are read from here on."""
    names: list[str] = []

    def noted(coding: Coding, path: Path, content: bytes | None = None) -> None:
        names.append(path.name)
        read_article(coding, path, content)

    monkeypatch.setattr(known, "read_article", noted)
    return names


@pytest.mark.parametrize("path", COUNTEREXAMPLES, ids=lambda path: path.stem)
def test_a_counterexample_is_found_with_and_without_a_memory(path: Path, harbour: Path) -> None:
    case = yaml.safe_load(path.read_text("utf-8"))
    before = {file: file.read_bytes() for file in (harbour / "raw").rglob("*.yaml")}
    spoil(harbour, case)
    cold = said(harbour)
    for file, content in before.items():
        file.unlink(missing_ok=True)
        file.write_bytes(content)
    assert said(harbour) == []
    spoil(harbour, case)
    assert said(harbour) == cold


def test_only_what_changed_is_read(harbour: Path, reads: list[str]) -> None:
    articles = sorted(path.name for path in (harbour / "raw" / "articles").iterdir())
    said(harbour)
    assert sorted(reads) == articles
    reads.clear()
    said(harbour)
    assert reads == []
    path = harbour / ARTICLE
    path.write_text(path.read_text("utf-8") + "# edited\n", "utf-8")
    said(harbour)
    assert reads == ["art-001.yaml"]


@pytest.mark.parametrize("name", ["actors.yaml", "retired.yaml"])
def test_articles_are_read_again_when_what_they_rest_on_changes(name: str, harbour: Path, reads: list[str]) -> None:
    said(harbour)
    reads.clear()
    path = harbour / "raw" / name
    path.write_text(path.read_text("utf-8") + "# edited\n", "utf-8")
    said(harbour)
    assert len(reads) == len(list((harbour / "raw" / "articles").iterdir()))


def test_a_schema_that_changed_is_heeded(harbour: Path) -> None:
    assert said(harbour) == []
    path = harbour / "schema" / "quotes.json"
    path.write_text(path.read_text("utf-8").replace('"qu-[0-9]{4}"', '"qu-[0-9]{5}"'), "utf-8")
    assert "pattern" in said(harbour)


def test_a_program_that_changed_is_heeded(
    harbour: Path, reads: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "build"
    shutil.copytree(Path(remembered.__file__).parent, package)
    monkeypatch.setattr(remembered, "__file__", str(package / "remembered.py"))
    said(harbour)
    for change in (
        lambda: (package / "rules" / "dates.py").write_text("# another rule\n", "utf-8"),
        lambda: monkeypatch.setattr("pydantic_core.__version__", "0"),
        lambda: monkeypatch.setattr("yaml_rs.__version__", "0"),
        lambda: monkeypatch.setattr("sys.version", "4.0"),
    ):
        reads.clear()
        change()
        said(harbour)
        assert reads, "remembered in spite of the change"


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"qu-0001", b"qu-0099"),
        lambda content: content.replace(b"ev-0001", b"ev-0002", 1),
        lambda content: content[:-1] + b"\xff",
        lambda content: b"\x00" + content,
        lambda content: content.partition(b"\n")[0] + b"\n{}",
        lambda content: content.partition(b"\n")[0] + b"\n[]",
        lambda content: b"x" * 1000,
    ],
)  # fmt: skip
def test_a_damaged_memory_counts_for_nothing(damage: object, harbour: Path) -> None:
    said(harbour)
    memory = harbour / CACHE / "articles.json"
    content = memory.read_bytes()
    memory.write_bytes(damage(content))  # type: ignore[operator]
    assert said(harbour) == []
    assert memory.read_bytes() == content, "and it is made anew"


def test_a_memory_that_cannot_be_written_is_done_without(harbour: Path) -> None:
    (harbour / CACHE).write_text("a file where the folder should be", "utf-8")
    assert said(harbour) == []
    (harbour / CACHE).unlink()
    (harbour / CACHE / "articles.json").mkdir(parents=True)
    assert said(harbour) == []


def test_two_articles_that_claim_one_id_are_found_though_neither_changed(harbour: Path) -> None:
    said(harbour)
    path = harbour / CACHE / "articles.json"
    _, _, body = path.read_text("utf-8").partition("\n")
    assert len(json.loads(body)) == len(list((harbour / "raw" / "articles").iterdir()))
    one = harbour / ARTICLE
    other = harbour / "raw" / "articles" / "art-009.yaml"
    other.write_text(one.read_text("utf-8").replace("article_id: art-001", "article_id: art-009"), "utf-8")
    assert "duplicate-id" in said(harbour)
    assert "duplicate-id" in said(harbour), "and again, from what is remembered by now"


def test_a_fault_beside_another_of_the_same_id_is_not_forgotten(harbour: Path) -> None:
    one, two = (harbour / "raw" / "articles" / f"art-00{number}.yaml" for number in (1, 2))
    right = two.read_text("utf-8")
    text = one.read_text("utf-8")
    start = text.index("    paraphrase:", text.index("quote_id: qu-0001"))
    one.write_text(text[:start] + text[text.index("\n", start) + 1 :], "utf-8")
    two.write_text(right.replace("qu-0007", "qu-0001").replace("act: deny", "act: shout", 1), "utf-8")
    said(harbour)
    two.write_text(right, "utf-8")
    assert "quote-paraphrase" in said(harbour)


def test_an_id_of_another_kind_is_taken_too(harbour: Path) -> None:
    said(harbour)
    path = harbour / "raw" / "articles" / "art-002.yaml"
    text = path.read_text("utf-8")
    name = text[text.index("figure_id: ") :].split()[1]
    path.write_text(text.replace(name, "qu-0001", 1), "utf-8")
    assert "pattern" in said(harbour)


def test_suggestions_do_not_depend_on_what_is_remembered(harbour: Path) -> None:
    said(harbour)
    path = harbour / "raw" / "links.yaml"
    path.write_text(path.read_text("utf-8").replace("to_id: ev-0", "to_id: ev-9", 1), "utf-8")
    assert "unknown-reference" in said(harbour)


def test_a_file_that_only_the_nodes_can_read_is_read_each_time(harbour: Path, reads: list[str]) -> None:
    path = harbour / ARTICLE
    path.write_text("---\n" + path.read_text("utf-8"), "utf-8")
    for _ in range(2):
        reads.clear()
        assert said(harbour) == []
        assert "art-001.yaml" in reads


def test_a_process_that_is_killed_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generate(tmp_path, 120)
    monkeypatch.setattr(known, "_WORTH_CORES", 1)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})
    here, judged = os.getpid(), known._judged

    def killed(shared: Coding, some: list[tuple[Path, bytes]]) -> list[Facts | None]:
        if os.getpid() != here and some[0][0].name != "art-001.yaml":
            os.kill(os.getpid(), signal.SIGKILL)
        return judged(shared, some)

    monkeypatch.setattr(known, "_judged", killed)
    assert said(tmp_path) == []


def test_many_articles_are_read_by_all_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generate(tmp_path, 120)
    monkeypatch.setattr(known, "_WORTH_CORES", 1)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})
    assert said(tmp_path) == []
    shutil.rmtree(tmp_path / CACHE)
    for name, old, new in (("art-007", "act: assert", "act: shout"), ("art-099", "start: 20,", "start: 2000,")):
        path = tmp_path / "raw" / "articles" / f"{name}.yaml"
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    assert {"enum", "span-range"} <= set(said(tmp_path))
    (tmp_path / "raw" / "articles" / "art-050.yaml").write_bytes(b"\xff")
    assert "encoding" in said(tmp_path)


def test_the_command_remembers(harbour: Path, capsys: pytest.CaptureFixture[str], reads: list[str]) -> None:
    assert main(harbour, ["check"]) == 0
    first = capsys.readouterr().out
    reads.clear()
    assert main(harbour, ["check"]) == 0
    assert capsys.readouterr().out == first
    assert reads == []
