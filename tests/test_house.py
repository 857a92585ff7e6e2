"""Imports run downward: a room knows only the rooms below it, and no two know each other."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

from conftest import ROOT

PIPELINE = "russia_iran_claims.pipeline"
ORDER = ("io", "schema", "texts", "annotations", "rules", "tables", "versions", "pages", "cli")


def imports(path: Path) -> set[str]:
    """What a module imports from the package, anywhere in it: modules, and names in them."""
    parts = path.relative_to(ROOT / "src").parent.parts
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = list(parts[: len(parts) - node.level + 1]) if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            found |= {module, *(f"{module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found


def room(module: str) -> str:
    return module.removeprefix(f"{PIPELINE}.").split(".")[0]


def test_imports_run_downward_and_in_no_circle() -> None:
    paths = {
        ".".join(path.relative_to(ROOT / "src").with_suffix("").parts): path
        for path in (ROOT / "src").rglob("*.py")
        if path.stem != "__init__"
    }
    modules = {module: imports(path) & paths.keys() for module, path in paths.items()}
    tuple(TopologicalSorter(modules).static_order())  # raises CycleError, which names the circle
    for module, used in modules.items():
        for other in {room(name) for name in used if name.startswith(PIPELINE)}:
            assert room(module) in ORDER, f"{module} is outside the pipeline and imports {other}"
            assert ORDER.index(other) <= ORDER.index(room(module)), f"{module} imports {other}, which is above it"
    print("Imports run from right to left:", " < ".join(ORDER))


def test_rooms_are_few_and_modules_small() -> None:
    for folder in {path.parent for path in (ROOT / "src").rglob("*.py")}:
        rooms = [path for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()]
        assert len([room for room in rooms if room.stem != "__init__"]) <= 9, folder
    for path in (ROOT / "src").rglob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) <= 300, path
