"""Any value in the place of any value, in everything that the commands read: problems or success, never an exception.

`RIC_FUZZ=5000` tries as many cases as that, chosen at random; without it the same 500 are tried every time.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from conftest import HARBOUR, digest
from hypothesis import HealthCheck, given, settings

from russia_iran_claims.pipeline.annotations.yaml import Document
from russia_iran_claims.pipeline.cli.main import main

pytestmark = pytest.mark.slow
CASES = os.environ.get("RIC_FUZZ")
MEMORY, TIME = 2_000_000_000, 1_200  # bytes and seconds of processor time, for the whole run, beyond what is used

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["", "0.1.0", "../../x", "qu-0001", "quotes", "articles", "no", "2026-01-10", "a|b", "a/b", "\0", "*"]
    )
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)
COMMANDS = [
    ["check"],
    ["check", "--articles", str(HARBOUR / "texts")],
    ["check", "--format", "json"],
    ["build"],
    ["verify"],
    ["docs"],
    ["diff", "0.1.0", "0.1.0"],
    ["release", "--dry-run"],
    ["release", "--date", "2026-12-01"],
    ["anchor", "--articles", str(HARBOUR / "texts")],
    ["archive", "0.1.0"],
]


@contextmanager
def limited() -> Iterator[None]:
    """Limits for the whole run: memory that runs out is an error, time that runs out ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    with Path("/proc/self/statm").open(encoding="ascii") as file:
        size = int(file.read().split()[0]) * resource.getpagesize()
    before = {kind: resource.getrlimit(kind) for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU)}
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, before[resource.RLIMIT_AS][1]))
    seconds = int(used.ru_utime + used.ru_stime) + TIME * (int(CASES) // 500 + 1 if CASES else 1)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, before[resource.RLIMIT_CPU][1]))
    try:
        yield
    finally:
        for kind, limits in before.items():
            resource.setrlimit(kind, limits)


def places(value: Any, pointer: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of every value."""
    yield pointer
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*pointer, key))


def at(value: Any, pointer: tuple[Any, ...]) -> Any:
    for step in pointer:
        value = value[step]
    return value


@st.composite
def damaged(draw: st.DrawFn, value: Any) -> Any:
    """The value with another one somewhere in it: any, one from elsewhere, none, or one more."""
    value = json.loads(json.dumps(value))
    known = list(places(value))
    pointer = draw(st.sampled_from(known))
    new = draw(VALUES) if draw(st.booleans()) else json.loads(json.dumps(at(value, draw(st.sampled_from(known)))))
    if not pointer:
        return new
    around, last = at(value, pointer[:-1]), pointer[-1]
    match draw(st.sampled_from(["replace", "replace", "remove", "add"])):
        case "remove":
            del around[last]
        case "add" if isinstance(around, list):
            around.insert(last, new)
        case "add":
            around[draw(st.text(max_size=8))] = new
        case _:
            around[last] = new
    return value


def test_any_value_in_the_place_of_any_other(published_once: Path, tmp_path: Path) -> None:
    names = sorted(
        str(path.relative_to(published_once))
        for pattern in ("schema/*.json", "raw/*.yaml", "raw/articles/*.yaml", "dataset/versions.json")
        for path in published_once.glob(pattern)
    )
    contents: dict[str, Any] = {}
    for name in names:
        path = published_once / name
        contents[name] = json.loads(path.read_text("utf-8")) if path.suffix == ".json" else Document(path, name).value
    before = digest(published_once / "dataset" / "0.1.0")
    codes: dict[int, int] = {}

    @settings(
        max_examples=int(CASES or 500),
        deadline=None,
        database=None,
        derandomize=not CASES,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def run(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(names))
        content = data.draw(damaged(contents[name]))
        command = data.draw(st.sampled_from(COMMANDS))
        root = tmp_path / "project"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(published_once, root)
        # YAML has no pairs of escapes for one character, as JSON has.
        text = json.dumps(content, indent=1, ensure_ascii=name.endswith(".json"))
        (root / name).write_bytes(text.encode("utf-8", "surrogatepass"))
        code = main(root, command)
        assert code in (0, 1), (name, command)
        codes[code] = codes.get(code, 0) + 1
        assert digest(root / "dataset" / "0.1.0") == before

    with limited():
        run()
    print(f"{sum(codes.values())} cases, of which {codes.get(1, 0)} have problems")
    assert codes.keys() == {0, 1}
