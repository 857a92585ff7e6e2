"""The real annotations, damaged at random: accepted and fit to publish, or a problem at the damage; never a crash."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import yaml
from conftest import ROOT
from hypothesis import HealthCheck, given, settings

from russia_iran_claims.pipeline.cli.report import as_json, as_text, summary
from russia_iran_claims.pipeline.io.problems import Problem
from russia_iran_claims.pipeline.rules.check import check
from russia_iran_claims.pipeline.schema.load import load_schema
from russia_iran_claims.pipeline.tables.check_files import check_files
from russia_iran_claims.pipeline.tables.derive import derive
from russia_iran_claims.pipeline.tables.describe import numbered
from russia_iran_claims.pipeline.tables.write import files_of

FILES = ("actors.yaml", "links.yaml", "articles/art-001.yaml", "articles/art-002.yaml")
CONTENTS = {name: (ROOT / "raw" / name).read_text("utf-8") for name in FILES}
SETTINGS = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
# Rules that speak of what a damaged record no longer accounts for, at the place that is left alone by it.
ELSEWHERE = {"unused-mention", "unused-actor", "missing-mention", "text-missing"}


def records(text: str) -> list[yaml.MappingNode]:
    """Every record of a file that has a line of its own."""
    found: list[yaml.MappingNode] = []
    stack = [yaml.compose(text, Loader=yaml.CSafeLoader)]
    while stack:
        node = stack.pop()
        if isinstance(node, yaml.MappingNode):
            found.append(node)
            stack += [value for _, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            stack += node.value
    return sorted(found, key=lambda node: int(node.start_mark.index))


RECORDS = {name: records(text) for name, text in CONTENTS.items()}
VALUES = st.sampled_from(
    [
        *("", "null", "''", "7", "-7", "1.5", "true", "[]", "{}", "[a, b]", "{a: b}", "word", "no", "=1", "NA"),
        *("2026-02-30", "2026-03-05", "art-001", "ev-0001", "qu-0002", "russia", "[russia]", "[article]"),
        *("none", "exact", "direct", "'\\u202e'"),
    ]
)


def judged(name: str, text: str) -> tuple[list[Problem], bool]:
    """What is said of the annotations with one file's content replaced; what is accepted has to be fit to publish."""
    schema = load_schema(ROOT / "schema")
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        # The kept readings are not touched, and would be validated each time.
        shutil.copytree(ROOT / "raw", raw, ignore=shutil.ignore_patterns("readings"))
        (raw / name).write_bytes(text.encode("utf-8", "surrogatepass"))
        checked = check(raw, schema, None)
        assert as_text(checked.problems, Path(folder)).count("\n") >= len(checked.problems) - 1
        assert as_json(checked.problems)
        assert bool(summary(checked.problems)) == bool(checked.problems)
        if checked.ok:
            release = Path(folder) / "release"
            release.mkdir()
            rows = derive(checked.coding)
            for file, content in files_of(numbered(schema, rows), rows):
                (release / file).write_bytes(content)
            assert check_files(release) == []
        return checked.problems, checked.ok


def words_of(node: yaml.MappingNode) -> set[str]:
    return {value.value for _, value in node.value if isinstance(value.value, str)}


def inside(problem: Problem, name: str, node: yaml.MappingNode, told: set[str]) -> bool:
    first, last = node.start_mark.line + 1, node.end_mark.line + 1
    here = problem.path == f"raw/{name}" and first <= problem.line <= last
    return here or problem.rule in ELSEWHERE or any(word in problem.message for word in told)


@SETTINGS
@given(st.data())
def test_a_cell_is_retyped_or_dropped(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(FILES))
    node = data.draw(st.sampled_from(RECORDS[name]))
    key, value = data.draw(st.sampled_from(node.value))
    text, start, end = CONTENTS[name], value.start_mark.index, value.end_mark.index
    new = data.draw(VALUES)
    if not isinstance(value, yaml.ScalarNode):
        new = data.draw(st.sampled_from(["none", "7", "{a: b}", "[7]"]))
    damaged = f"{text[:start]}{new}{text[end:]}"
    problems, ok = judged(name, damaged)
    told = {
        text[start:end],
        str(key.value),
        *(str(other.value) for _, other in node.value if isinstance(other.value, str)),
    }
    assert ok or any(inside(problem, name, node, told) for problem in problems), problems


@SETTINGS
@given(st.data())
def test_two_cells_change_places(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(FILES))
    node = data.draw(st.sampled_from([node for node in RECORDS[name] if len(node.value) > 1]))
    pairs = data.draw(st.permutations(node.value))[:2]
    first, second = sorted((value for _, value in pairs), key=lambda value: int(value.start_mark.index))
    text = CONTENTS[name]
    cuts = [first.start_mark.index, first.end_mark.index, second.start_mark.index, second.end_mark.index]
    a, b, c, d = cuts
    problems, ok = judged(name, text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:])
    told = words_of(node)
    assert ok or any(inside(problem, name, node, told) for problem in problems), problems


@SETTINGS
@given(st.data())
def test_lines_are_dropped_doubled_or_moved(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(FILES))
    lines = CONTENTS[name].split("\n")
    index = data.draw(st.integers(0, len(lines) - 1))
    match data.draw(st.sampled_from(["drop", "double", "swap"])):
        case "drop":
            del lines[index]
        case "double":
            lines.insert(index, lines[index])
        case "swap":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[index], lines[other] = lines[other], lines[index]
    problems, ok = judged(name, "\n".join(lines))
    assert ok or problems


@SETTINGS
@given(st.data())
def test_a_file_is_cut_off_or_has_a_character_put_in(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(FILES))
    text = CONTENTS[name]
    place = data.draw(st.integers(0, len(text)))
    rest: Any = data.draw(st.just("") | st.characters().map(lambda character: character + text[place:]))
    problems, ok = judged(name, text[:place] + rest)
    assert ok or problems
