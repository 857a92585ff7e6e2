"""`make mutants`: change the code in one random place at a time, and count how many changes the fast tests notice.

mutmut knows where and how to change code. Its own command leaves out decorated functions, which all rules are, so each
change is written to a copy of the project here, and pytest runs there: the tests that reach the line, fastest first.
Tests that take long, or run the code in another process, are left out, so that a few survivors may be noticed by those.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import coverage
import libcst as cst
from mutmut.mutation.file_mutation import MutationVisitor, deep_replace, mutation_operators
from mutmut.mutation.pragma_handling import get_ignored_lines
from reach import LINES, ORDER, TIMES
from tqdm import tqdm

PIPELINE = Path("src/russia_iran_claims/pipeline")
ROOMS = ("annotations", "rules", "schema", "tables", "versions")
# The share of the changes that the tests have to notice.
ENOUGH = 0.85
OUTCOMES = ("killed", "timed out", "survived")
# Seconds: of the processor, of a test that is run for each change; after which one test, or all of them, hang.
LONG, HANGS, ALL_HANG = 4, 60, 600
# Bytes that a test may take: a loop without an end can fill a list before it is stopped.
MEMORY = 8 * 2**30
LEFT_OUT = shutil.ignore_patterns(".git", ".venv*", "node_modules", "__pycache__", ".*_cache")


class Everywhere(MutationVisitor):  # type: ignore[misc]
    """Goes into decorated functions too."""

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        plain = node.with_changes(decorators=()) if isinstance(node, cst.FunctionDef) else node
        return bool(super()._skip_node_and_children(plain))


class Mutant(NamedTuple):
    path: Path
    module: Any
    change: Any

    def code(self) -> str:
        return str(deep_replace(self.module, self.change.original_node, self.change.mutated_node).code)

    def difference(self) -> tuple[int, list[str]]:
        before, after = self.path.read_text("utf-8").splitlines(), self.code().splitlines()
        _, _, place, *lines = difflib.unified_diff(before, after, n=0, lineterm="")
        return int(place.split()[1].strip("-").split(",")[0]), lines

    def __str__(self) -> str:
        line, lines = self.difference()
        return "\n    ".join([f"{self.path}:{line}", *lines])


def mutants(path: Path) -> list[Mutant]:
    wrapper = cst.MetadataWrapper(cst.parse_module(code := path.read_text("utf-8")))
    visitor = Everywhere(mutation_operators, get_ignored_lines(str(path), code, wrapper))
    module = wrapper.visit(visitor)
    return [Mutant(path, module, change) for change in visitor.mutations]


def run_tests(project: Path, limit: float | None = ALL_HANG) -> str:
    """Run the tests until one fails: killed, timed out or survived."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=short", "-p", "reach", f"--basetemp={project}-tmp"]
    command += ["-o", f"faulthandler_timeout={HANGS}", "-o", "faulthandler_exit_on_timeout=true"]
    # In CI hypothesis tries the same examples each time.
    environment = os.environ | {"PYTHONPATH": f"{project}/src:{project}/tests/mutants", "CI": "true"}
    with (project / "output").open("w+", encoding="utf-8") as output:
        process = subprocess.Popen(
            command, cwd=project, env=environment, stdout=output, stderr=output, start_new_session=True
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(limit)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        output.seek(0)
        late = process.wait() < 0 or "Timeout (" in output.read()
    # 5 is no test at all.
    return "timed out" if late else "survived" if process.returncode in (0, 5) else "killed"


def main() -> None:
    """Print the changes that no test notices, and fail if they are too many."""
    parser = argparse.ArgumentParser()
    for option in ("--mutants", "--seed", "--processes"):
        parser.add_argument(option, type=int, required=True)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    if texts := os.environ.get("RIC_ARTICLES"):
        os.environ["RIC_ARTICLES"] = str(Path(texts).resolve())
    places = [mutant for room in ROOMS for path in sorted((PIPELINE / room).rglob("*.py")) for mutant in mutants(path)]
    chosen = random.Random(options.seed).sample(range(len(places)), min(options.mutants, len(places)))
    sample = [places[index] for index in sorted(chosen)]
    with (
        tempfile.TemporaryDirectory() as folder,
        tqdm(total=len(sample), unit=" mutants", disable=None) as progress,
        ThreadPoolExecutor(options.processes) as pool,
    ):
        clean = Path(shutil.copytree(".", Path(folder) / "project", ignore=LEFT_OUT))
        if run_tests(clean, None) != "survived":
            sys.exit(f"tests fail where nothing is changed:\n{(clean / 'output').read_text('utf-8')}")
        times = json.loads((clean / TIMES).read_text("utf-8"))
        (lines := coverage.CoverageData(str(clean / LINES))).read()

        def outcome(mutant: Mutant) -> str:
            reached = lines.contexts_by_lineno(str(clean / mutant.path))
            near = reached.get(max((line for line in reached if line <= mutant.difference()[0]), default=0), [""])
            # What is reached by imports concerns all tests.
            tests = [test for test in times if times[test] < LONG and (test in near or "" in near)]
            with tempfile.TemporaryDirectory(dir=folder) as place:
                project = Path(shutil.copytree(clean, Path(place) / "project"))
                (project / mutant.path).write_text(mutant.code(), "utf-8")
                order = {test: place for place, test in enumerate(sorted(tests, key=times.__getitem__))}
                (project / ORDER).write_text(json.dumps(dict.fromkeys(times) | order), "utf-8")
                found = run_tests(project) if tests else "survived"
            progress.update()
            if found == "survived":
                progress.write(f"{mutant}\n")
                sys.stdout.flush()
            return found

        outcomes = list(pool.map(outcome, sample))
    print(f"{len(sample)} of {len(places)} mutants:", ", ".join(f"{outcomes.count(each)} {each}" for each in OUTCOMES))
    sys.exit(outcomes.count("survived") > (1 - ENOUGH) * len(sample))


if __name__ == "__main__":
    main()
