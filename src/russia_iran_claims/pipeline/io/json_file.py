"""Read JSON files through pydantic models, and tell what is wrong with them by line and column."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from . import limits
from .files import read_text
from .problems import BuildError, Problem, shown

Pointer = tuple[str | int, ...]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]|[^\s\[\]{}:,"]+')
_EXPECTED = {
    "string_type": "text in quotation marks",
    "string_unicode": "text without half a surrogate pair",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
}


@dataclass
class JsonFile:
    """A JSON file: its text, its value, and the problems that were found in it."""

    path: str
    rule: str
    text: str
    value: Any = None
    problems: list[Problem] = field(default_factory=list)

    def problem(self, pointer: Pointer, message: str, hint: str | None = None, *, at_key: bool = False) -> None:
        """Note a problem at a value, or at its key; at the closest value around it if there is none."""
        values, keys, _ = self._places
        places = keys if at_key and pointer in keys else values
        while pointer not in places and pointer:
            pointer = pointer[:-1]
        line, column = self._line(places.get(pointer, 0))
        self.problems.append(Problem(self.path, line, column, self.rule, message, hint=hint))

    def validated(self, model: TypeAdapter[Any]) -> Any:
        """The value as the model gives it, or None after noting what does not fit."""
        try:
            return model.validate_python(self.value)
        except ValidationError as error:
            for issue in error.errors(include_url=False):
                self._note(issue)
        return None

    def _note(self, issue: Any) -> None:
        # pydantic marks the key of a dict by a further step, which is no place in the file.
        pointer = tuple(step for step in issue["loc"] if step != "[key]")
        kind, last = issue["type"], pointer[-1] if pointer else ""
        if kind == "missing":
            self.problem(pointer[:-1], f"the key `{last}` is missing", f"add `{last}`")
        elif kind == "extra_forbidden":
            self.problem(pointer, f"the build does not know the key `{last}`", "correct or remove it", at_key=True)
        elif kind == "value_error":
            self.problem(pointer, str(issue["ctx"]["error"]))
        else:
            ctx = issue.get("ctx", {})
            expected = _EXPECTED.get(kind) or (f"one of {ctx['expected']}" if kind == "literal_error" else None)
            found = f"found {shown(issue['input'])}"
            self.problem(
                pointer, f"{found}, expected {expected}" if expected else f"{found}: {_begun_small(issue['msg'])}"
            )

    def _line(self, offset: int) -> tuple[int, int]:
        return self.text.count("\n", 0, offset) + 1, offset - self.text.rfind("\n", 0, offset)

    @cached_property
    def _places(self) -> tuple[dict[Pointer, int], dict[Pointer, int], list[Pointer]]:
        return _places(self.text)


def _begun_small(message: str) -> str:
    # What it quotes, such as a pattern, keeps its letters.
    return message[:1].lower() + message[1:]


def read_json(path: Path, shown_as: str, rule: str, *, largest: int | None = limits.FILE) -> JsonFile:
    """Read a JSON file. Raises BuildError if it cannot be read, is not JSON or has a key twice; `rule` names those."""
    file = JsonFile(shown_as, rule, read_text(path, shown_as, largest=largest))
    twice: list[str] = []

    def record(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            twice.append("")
        return made

    if file.text.count(",") > limits.VALUES:
        found = f"found more than {limits.VALUES:,} values"
        raise BuildError([Problem(shown_as, 0, 0, rule, found, hint="look for repeated content")])
    try:
        file.value = json.loads(file.text, object_pairs_hook=record, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        found = f"is not JSON: {error.msg.lower()}"
        hint = "look just before this place for a missing comma or quotation mark"
        raise BuildError([Problem(shown_as, error.lineno, error.colno, rule, found, hint=hint)]) from error
    except (ValueError, RecursionError) as error:
        found = "is nested too deep" if isinstance(error, RecursionError) else f"is not JSON: {error}"
        raise BuildError([Problem(shown_as, 0, 0, rule, found)]) from error
    if _depth(file.value) > limits.DEPTH:
        raise BuildError([Problem(shown_as, 0, 0, rule, "is nested too deep")])
    if twice:
        for pointer in file._places[2]:
            file.problem(pointer, f"the object already has a key `{pointer[-1]}`", "delete one of the two", at_key=True)
        raise BuildError(file.problems)
    return file


def read_model(path: Path, shown_as: str, rule: str, model: Any, hint: str) -> Any:
    """Read a JSON file that a command wrote, as a model. Raises BuildError: each problem has the same hint."""
    try:
        file = read_json(path, shown_as, rule, largest=limits.WRITTEN)
        value, problems = file.validated(TypeAdapter(model)), file.problems
    except BuildError as error:
        problems = error.problems
    if problems:
        raise BuildError([replace(problem, hint=hint) for problem in problems])
    return value


def _depth(value: Any) -> int:
    """How deep lists and objects are in one another, as far as the limit."""
    depth, level = 0, [value]
    while level and depth <= limits.DEPTH:
        inner = [list(each.values()) if isinstance(each, dict) else each for each in level]
        level = [one for each in inner if isinstance(each, list) for one in each]
        depth += 1
    return depth


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number in JSON")


def _places(text: str) -> tuple[dict[Pointer, int], dict[Pointer, int], list[Pointer]]:
    """Where each value and each key of a JSON text begins, and the keys that an object has twice."""
    values: dict[Pointer, int] = {}
    keys: dict[Pointer, int] = {}
    twice: list[Pointer] = []
    # Of each open list and object: its pointer, and the step to the next value; None before a key.
    around: list[tuple[Pointer, str | int | None]] = []
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word in "]}":
            around.pop()
        elif word == ",":
            pointer, step = around[-1]
            around[-1] = pointer, step + 1 if isinstance(step, int) else None
        elif word != ":":
            pointer, step = around[-1] if around else ((), None)
            if around and step is None:
                key = json.loads(word)
                if (*pointer, key) in keys:
                    twice.append((*pointer, key))
                keys[*pointer, key] = token.start()
                around[-1] = pointer, key
                continue
            here = (*pointer, step) if step is not None else pointer
            values[here] = token.start()
            if word in "[{":
                around.append((here, 0 if word == "[" else None))
    return values, keys, twice
