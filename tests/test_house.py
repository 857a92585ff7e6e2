"""Imports run downward: a room knows only the rooms below it, and no two know each other."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

from conftest import ROOT

PIPELINE = "russia_iran_claims.pipeline"
ORDER = ("problems", "schema", "texts", "annotations", "rules", "tables", "versions", "pages", "cli")


def imports(path: Path) -> set[str]:
    """The modules of the package that a module imports, wherever in it."""
    package = ".".join(path.relative_to(ROOT / "src").parent.parts)
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1])
            module = f"{base}.{node.module}" if node.module else base
            found |= {module} if node.module else {f"{module}.{name.name}" for name in node.names}
    return found


def test_imports_run_downward_and_in_no_circle() -> None:
    modules = {
        ".".join(path.relative_to(ROOT / "src").with_suffix("").parts): imports(path)
        for path in (ROOT / "src").rglob("*.py")
    }
    tuple(TopologicalSorter(modules).static_order())  # raises CycleError that names the circle
    for module, used in modules.items():
        here = module.removeprefix(f"{PIPELINE}.").split(".")[0]
        for room in {name.removeprefix(f"{PIPELINE}.").split(".")[0] for name in used if name.startswith(PIPELINE)}:
            assert here in ORDER, f"{module} is outside the pipeline and imports {room}"
            assert ORDER.index(room) <= ORDER.index(here), f"{module} imports {room}, which is above it"
    print("Imports run from right to left:", " < ".join(ORDER))


def test_rooms_are_few_and_modules_small() -> None:
    for folder in {path.parent for path in (ROOT / "src").rglob("*.py")}:
        rooms = [path for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()]
        assert len([room for room in rooms if room.stem != "__init__"]) <= 9, folder
    for path in (ROOT / "src").rglob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) <= 300, path
