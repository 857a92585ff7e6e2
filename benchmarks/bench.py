"""`make bench`: the project's own commands beside what people would use instead, in turn, on the same files.

Every pipeline runs as a process of its own, one after the other, round after round (A B A B); what is told are medians
over the rounds and ratios within this one run. The results go between the markers of docs/performance.md.
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
import threading
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import NamedTuple

from generate import generate
from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
LIBRARIES = ("yaml-rs", "PyYAML", "pydantic", "pydantic-core", "pyarrow", "frictionless", "polars", "pandera", "pandas")
OTHERS = ("floor", "naive", "peer", "frictionless")


class Run(NamedTuple):
    """One run: seconds, and the most memory that the process and its children held at a time, in MB."""

    wall: float
    peak: float


class Case(NamedTuple):
    """A command to measure; `before` makes the files as it is to find them."""

    name: str
    command: list[str]
    before: Callable[[], None] = lambda: None


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        start = _measure(_start_up(options.python), options.rounds * 3, "two articles")
        sizes = {}
        for articles in options.articles:
            project = Path(folder) / str(articles)
            rows = generate(project, articles)
            sizes[articles] = rows, _measure(_cases(project, options.python), options.rounds, f"{articles} articles")
    text = "\n\n".join([_about(options), _start_table(start), *_size_tables(sizes), _goals(start, sizes)])
    print(text)
    if not options.dry_run:
        page = PAGE.read_text("utf-8")
        PAGE.write_text(
            re.sub(r"(<!-- bench.*?-->\n).*(<!-- /bench -->)", rf"\1{text}\n\2", page, flags=re.DOTALL), "utf-8"
        )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="runs of each pipeline")
    parser.add_argument("--articles", type=int, nargs="+", default=[20, 200, 2000], help="sizes of the projects")
    parser.add_argument("--python", default=sys.executable, help="interpreter for the project's own commands")
    parser.add_argument("--dry-run", action="store_true", help="print, and leave docs/performance.md alone")
    options = parser.parse_args()
    if len(options.articles) < 2:
        parser.error("--articles: two sizes or more, to tell how the time grows")
    return options


def _start_up(python: str) -> list[Case]:
    """The real project, and processes that only import and read what is needed for it."""
    own, stack = [python, str(ROOT / "build_dataset.py")], [python, str(ROOT / "benchmarks" / "stacks.py")]
    return [
        Case("imports for check", [*stack, "imports-check", str(ROOT), "."]),
        Case("imports of pydantic's core alone", [*stack, "imports-core", str(ROOT), "."]),
        Case("check", [*own, "check"], _forget(ROOT)),
        Case("check, remembered", [*own, "check"]),
        Case("imports for build", [*stack, "imports-build", str(ROOT), "."]),
        Case("build", [*own, "build"]),
    ]


def _cases(project: Path, python: str) -> list[Case]:
    own, at = [python, str(ROOT / "build_dataset.py")], ["--root", str(project)]
    target = project / "target"
    target.mkdir()
    others = [
        Case(name, [sys.executable, str(ROOT / "benchmarks" / "stacks.py"), name, str(project), str(target)])
        for name in OTHERS
    ]
    return [
        Case("build", [*own, "build", *at], lambda: shutil.rmtree(project / "dataset", ignore_errors=True)),
        Case("check", [*own, "check", *at], _forget(project)),
        Case("check after an edit", [*own, "check", *at], _edit(project)),
        *others,
    ]


def _forget(project: Path) -> Callable[[], None]:
    return lambda: shutil.rmtree(project / ".check-cache", ignore_errors=True)


def _edit(project: Path) -> Callable[[], None]:
    path = project / "raw" / "articles" / "art-001.yaml"

    def edit() -> None:
        path.write_text(path.read_text("utf-8") + "# edited\n", "utf-8")

    return edit


def _measure(cases: list[Case], rounds: int, what: str) -> dict[str, Run]:
    runs: dict[str, list[Run]] = {case.name: [] for case in cases}
    with tqdm(total=rounds * len(cases), desc=what, disable=None) as bar:
        for _ in range(rounds):
            for case in cases:
                case.before()
                runs[case.name].append(_run(case.command))
                bar.update()
    return {
        name: Run(median(run.wall for run in each), median(run.peak for run in each)) for name, each in runs.items()
    }


def _run(command: list[str]) -> Run:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment, cwd=ROOT) as process:
        peak = [0.0]
        watch = threading.Thread(target=_watch, args=(process, peak))
        watch.start()
        code = process.wait()
        wall = time.perf_counter() - start
        watch.join()
    if code:
        sys.exit(f"{' '.join(command)}: ended with {code}")
    return Run(wall, peak[0])


def _watch(process: subprocess.Popen[bytes], peak: list[float]) -> None:
    """The sum over a process and its children, looked at every fiftieth of a second. Shared pages count for each."""
    while process.returncode is None:
        peak[0] = max(peak[0], sum(map(_resident, _family(process.pid))))
        time.sleep(0.02)


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in _family(int(child)))]


def _resident(pid: int) -> float:
    try:
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) / 1000 if found else 0


def _about(options: argparse.Namespace) -> str:
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    machine = f"{os.cpu_count()} cores ({model[1] if model else platform.machine()}), {platform.system()}"
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"CPython {platform.python_version()}, {machine}. {libraries}. Medians of {options.rounds} rounds "
        f"({options.rounds * 3} for two articles), in turn. Memory is that of all processes of a run together."
    )


def _start_table(runs: dict[str, Run]) -> str:
    lines = ["### Two articles", "", "| process | ms | MB | ratio to the imports |", "|---|---:|---:|---:|"]
    for name, run in runs.items():
        base = runs["imports for build" if "build" in name else "imports for check"]
        lines.append(f"| {name} | {run.wall * 1000:.0f} | {run.peak:.0f} | {run.wall / base.wall:.2f} |")
    return "\n".join(lines)


def _size_tables(sizes: dict[int, tuple[int, dict[str, Run]]]) -> list[str]:
    tables = []
    for articles, (rows, runs) in sizes.items():
        lines = [
            f"### {articles:,} articles, {rows:,} rows",
            "",
            "| pipeline | s | MB | rows/s | " + " | ".join(f"x {name}" for name in OTHERS) + " |",
            "|---|---:|---:|---:|" + "---:|" * len(OTHERS),
        ]
        for name, run in runs.items():
            ratios = " | ".join(f"{run.wall / runs[other].wall:.2f}" for other in OTHERS)
            lines.append(f"| {name} | {run.wall:.2f} | {run.peak:.0f} | {rows / run.wall:,.0f} | {ratios} |")
        tables.append("\n".join(lines))
    return tables


def _goals(start: dict[str, Run], sizes: dict[int, tuple[int, dict[str, Run]]]) -> str:
    (small, (_, few)), (large, (_, many)) = list(sizes.items())[-2:]

    def exponent(name: str) -> float:
        return math.log(many[name].wall / few[name].wall) / math.log(large / small)

    two = start["check"].wall
    goals = [
        ("check on two articles / its imports", two / start["imports for check"].wall, 2),
        (
            "build on two articles / its imports and one validation",
            start["build"].wall / start["imports for build"].wall,
            1.5,
        ),
        *(
            (f"check / floor, {size:,} articles", runs["check"].wall / runs["floor"].wall, 2)
            for size, (_, runs) in sizes.items()
        ),
        *(
            (f"check / best peer, {size:,} articles", runs["check"].wall / runs["peer"].wall, 1 / 3)
            for size, (_, runs) in sizes.items()
        ),
        *(
            (f"build / frictionless alone, {size:,} articles", runs["build"].wall / runs["frictionless"].wall, 1.25)
            for size, (_, runs) in sizes.items()
        ),
        (f"growth exponent of check, {small:,} to {large:,}", exponent("check"), 1.05),
        (f"growth exponent of build, {small:,} to {large:,}", exponent("build"), 1.05),
        (f"memory of build, {large:,} articles, in GB", many["build"].peak / 1000, 1),
        (f"check after an edit to one of {large:,} / check on two", many["check after an edit"].wall / two, 2),
    ]
    lines = ["### Goals", "", "| what | measured | at most | met |", "|---|---:|---:|---|"]
    for what, found, most in goals:
        lines.append(f"| {what} | {found:.2f} | {most:.2f} | {'yes' if found <= most else '**no**'} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
