"""`make bench`: `check` and `build` beside their imports and beside frictionless alone, as ratios measured in one run.

Every command runs as a process of its own, in turn, round after round; what is told are medians over the rounds. The
larger projects are copies of the tests' made-up articles under other ids. The table goes into docs/performance.md.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
HARBOUR = ROOT / "tests" / "harbour" / "raw"
IMPORTS = "import russia_iran_claims.pipeline.rules.check, russia_iran_claims.pipeline.schema.load, yaml; " + (
    "import russia_iran_claims.pipeline.cli.report, russia_iran_claims.pipeline.versions.index"
)
AUDIT = "import sys, frictionless; sys.exit(not frictionless.Package(sys.argv[1]).validate().valid)"


class Run(NamedTuple):
    """Seconds, and the most memory at a time in GB."""

    wall: float
    peak: float


def main() -> None:
    """Measure, print the table, and write it into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="runs of each command")
    parser.add_argument("--articles", type=int, nargs=2, default=[200, 2000], help="sizes of the made-up projects")
    parser.add_argument("--python", default=sys.executable, help="interpreter that has what `make build` installs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ours = len(list((ROOT / "raw" / "articles").glob("*.yaml")))
        sizes = {ours: measure(ROOT, options, options.rounds * 3)}
        for articles in options.articles:
            project = Path(folder) / str(articles)
            generate(project, articles)
            sizes[articles] = measure(project, options, options.rounds)
    text = table(sizes)
    print(text)
    page = PAGE.read_text("utf-8")
    PAGE.write_text(
        re.sub(r"(<!-- bench.*?-->\n).*(<!-- /bench -->)", rf"\1{text}\n\2", page, flags=re.DOTALL), "utf-8"
    )


def generate(target: Path, articles: int) -> None:
    """A project of many articles: the made-up ones again and again, each time with ids of their own."""
    (target / "raw" / "articles").mkdir(parents=True)
    (target / "schema").mkdir()
    for path in (ROOT / "schema").glob("*.json"):
        # The published ids end at 999 articles.
        text = re.sub(r"-\[0-9\]\{([34])\}", r"-[0-9]{\1,7}", path.read_text("utf-8"))
        (target / "schema" / path.name).write_text(text, "utf-8")
    for name in ("actors", "differences", "corrections", "retired"):
        shutil.copy(HARBOUR / f"{name}.yaml", target / "raw")
    (target / "raw" / "differences.yaml").write_text("", "utf-8")
    links = []
    for copy in range(articles // 2):
        for path in sorted((HARBOUR / "articles").glob("*.yaml")):
            text = renumbered(path.read_text("utf-8"), copy)
            name = re.findall(r"^article_id: (.*)$", text, re.MULTILINE)[0]
            text = re.sub(r"(?<=text_sha256: ).{8}", f"{int(name[4:]):08}", text)
            (target / "raw" / "articles" / f"{name}.yaml").write_text(text, "utf-8")
        links.append(renumbered((HARBOUR / "links.yaml").read_text("utf-8"), copy))
    (target / "raw" / "links.yaml").write_text("".join(links), "utf-8")


def renumbered(text: str, copy: int) -> str:
    """A file with every id moved up: there are two articles and fewer than ten rows of each kind in the original."""

    def moved(match: re.Match[str]) -> str:
        step, width = (2, 3) if match[1] == "art" else (10, 4)
        return f"{match[1]}-{int(match[2]) + step * copy:0{width}}"

    return re.sub(r"\b(art|at|ev|fi|qu)-([0-9]+)\b", moved, text)


def measure(project: Path, options: argparse.Namespace, rounds: int) -> dict[str, Run]:
    """The medians of each command over the rounds."""
    own = [options.python, str(ROOT / "build_dataset.py")]
    newest = sorted((ROOT / "dataset").glob("[0-9]*"))[-1]
    folder = newest if project == ROOT else project / "dataset" / "unreleased"
    commands = {
        "imports of check": [options.python, "-c", IMPORTS],
        "check": [*own, "check", "--root", str(project)],
        "build": [*own, "build", "--root", str(project)],
        "frictionless alone": [options.python, "-c", AUDIT, str(folder / "datapackage.json")],
    }
    run(commands["build"])
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in tqdm(range(rounds), desc=project.name, disable=None):
        for name, command in commands.items():
            runs[name].append(run(command))
    return {name: Run(median(r.wall for r in each), max(r.peak for r in each)) for name, each in runs.items()}


def run(command: list[str]) -> Run:
    """One run of a command, which has to succeed."""
    start = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)}: failed")
    return Run(time.perf_counter() - start, usage.ru_maxrss / 1e6)


def table(sizes: dict[int, dict[str, Run]]) -> str:
    """The goals with what was measured."""
    ours, few, many = sizes.values()
    small, large = list(sizes)[1:]
    growth = math.log(many["check"].wall / few["check"].wall) / math.log(large / small)

    def ratio(runs: dict[str, Run], name: str, base: str) -> float:
        return runs[name].wall / runs[base].wall

    goals = [
        ("`check` of this dataset / its imports", ratio(ours, "check", "imports of check"), 2.0),
        ("`build` of this dataset, unchanged / frictionless alone", ratio(ours, "build", "frictionless alone"), 1.5),
        (f"`build` of {large:,} articles / frictionless alone", ratio(many, "build", "frictionless alone"), 2.0),
        (f"growth exponent of `check`, {small:,} to {large:,} articles", growth, 1.05),
        (f"memory of `check`, {large:,} articles, in GB", many["check"].peak, 1.0),
    ]
    seconds = ", ".join(f"`{name}` {many[name].wall:.1f} s" for name in ("check", "build"))
    lines = [
        f"CPython {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}. This dataset: `check` "
        f"{ours['check'].wall * 1000:.0f} ms, `build` {ours['build'].wall * 1000:.0f} ms; "
        f"{large:,} articles: {seconds}.",
        "",
        "| what | measured | at most |",
        "|---|---:|---:|",
        *(f"| {what} | {found:.2f} | {most:.2f} |" for what, found, most in goals),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
