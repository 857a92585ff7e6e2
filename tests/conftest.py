"""What the tests stand on: the project itself, a made-up project that is right, and the texts where there are any."""

from __future__ import annotations

import csv
import hashlib
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest
import yaml
from visiting import address, browser, visit  # noqa: F401 - fixtures for all

from russia_iran_claims.pipeline.cli.main import main
from russia_iran_claims.pipeline.cli.report import Report
from russia_iran_claims.pipeline.io.problems import Problem
from russia_iran_claims.pipeline.pages.site.page import make_site
from russia_iran_claims.pipeline.schema.load import load_schema
from russia_iran_claims.pipeline.schema.model import Schema
from russia_iran_claims.pipeline.versions.index import read_index
from russia_iran_claims.pipeline.versions.version import Version, from_folder

ROOT = Path(__file__).resolve().parent.parent
HARBOUR = ROOT / "tests" / "harbour"
# The day on which the made-up project publishes its first version.
FIRST_DAY = "2026-11-21"
Approved = Callable[[str], None]


@pytest.fixture(scope="session")
def schema() -> Schema:
    """The schemas as they are now."""
    return load_schema(ROOT / "schema")


@pytest.fixture(scope="session")
def release() -> Path:
    """The folder of the newest published version."""
    return ROOT / "dataset" / str(read_index(ROOT / "dataset")[-1]["version"])


@pytest.fixture(scope="session")
def version(release: Path) -> Version:
    """The newest published version, with its own schemas."""
    return from_folder(release)


@pytest.fixture(scope="session")
def published(release: Path, version: Version) -> dict[str, list[dict[str, str]]]:
    """The published rows as text, by table, straight from the CSV files."""
    tables = {}
    for name in version.tables:
        with (release / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            tables[name] = list(csv.DictReader(file))
    return tables


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project that a test may change: schemas and annotations, nothing published."""
    return _copy(ROOT / "raw", tmp_path / "project")


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    """A small made-up project that is right, with its texts in `texts/`."""
    root = _copy(HARBOUR / "raw", tmp_path / "harbour")
    shutil.copytree(HARBOUR / "texts", root / "texts")
    return root


@pytest.fixture(scope="session")
def _released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = _copy(HARBOUR / "raw", tmp_path_factory.mktemp("released") / "project")
    assert main(root, ["release", "--date", FIRST_DAY]) == 0
    return root


@pytest.fixture
def released(_released: Path, tmp_path: Path) -> Path:
    """The made-up project with its first version published."""
    return Path(shutil.copytree(_released, tmp_path / "released"))


@pytest.fixture(scope="session")
def published_once(_released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up project with 0.1.0 published and a correction waiting; to be copied, not changed."""
    root = Path(shutil.copytree(_released, tmp_path_factory.mktemp("once") / "project"))
    path = root / "raw/articles/art-001.yaml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("paraphrase: Tugs from Norland are on their way.", "paraphrase: Norland has sent tugs."), "utf-8"
    )
    (root / "raw" / "corrections.yaml").write_text(
        "- {table: quotes, id: qu-0003, column: paraphrase, corrects: 0.1.0, reason: Said as done.}\n", "utf-8"
    )
    return root


@pytest.fixture
def waiting(published_once: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(published_once, tmp_path / "project"))


@pytest.fixture
def documented(waiting: Path) -> Path:
    """The same with the project's own pages, and a changelog that has nothing in it yet."""
    shutil.copy(ROOT / "README.md", waiting)
    shutil.copytree(ROOT / "docs", waiting / "docs")
    (waiting / "CHANGELOG.md").write_text("# Changelog\n", "utf-8")
    return waiting


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the page of the published releases."""
    folder = tmp_path_factory.mktemp("site")
    make_site(ROOT, folder)
    return folder


@pytest.fixture(scope="session")
def articles() -> Path:
    folder = os.environ.get("RIC_ARTICLES")
    if not folder:
        pytest.skip("RIC_ARTICLES names no folder with the articles' texts, which are not part of the project")
    return Path(folder)


@pytest.fixture(autouse=True)
def _places_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test provokes: a problem has a line, and in it a column, or it is about the whole file."""
    tell = Report.tell

    def checked(report: Report, problems: Sequence[Problem]) -> None:
        for problem in problems:
            assert (type(problem.line), type(problem.column)) == (int, int), problem
            assert problem.line or not problem.column, problem
        tell(report, problems)

    monkeypatch.setattr(Report, "tell", checked)


@pytest.fixture
def approved(request: pytest.FixtureRequest) -> Approved:
    """Holds what is printed against the text that `approved.yaml`, beside the test, has under the test's name."""
    texts = _texts(request.path.with_name("approved.yaml"))

    def hold(printed: str) -> None:
        assert printed == texts[request.node.name]

    return hold


def digest(folder: Path) -> str:
    """One hash over everything in a folder."""
    names = sorted(path for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256(
        b"".join(os.fsencode(path.relative_to(folder)) + path.read_bytes() for path in names)
    ).hexdigest()


def started(
    root: Path,
    arguments: list[str],
    *,
    memory: int | None = None,
    encoding: str = "utf-8",
    stdout: int | None = subprocess.PIPE,
    before: Callable[[], None] | None = None,
    options: list[str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""

    def prepare() -> None:
        if memory:
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        if before:
            before()

    return subprocess.run(
        [sys.executable, *(options or []), str(ROOT / "build_dataset.py"), *arguments, "--root", str(root)],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=prepare,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        timeout=120,
    )


@cache
def _texts(path: Path) -> dict[str, str]:
    return dict(yaml.safe_load(path.read_text("utf-8")))


def _copy(raw: Path, root: Path) -> Path:
    shutil.copytree(raw, root / "raw")
    shutil.copytree(ROOT / "schema", root / "schema")
    return root
