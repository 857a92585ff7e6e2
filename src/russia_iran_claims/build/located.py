"""YAML files as plain values, with the line and column of each on demand.

Values follow the YAML 1.2 core schema; dates stay text until a column asks for a date. What older readers of YAML
would take for something else (`no`, `12:30`, `010`) is a problem, so that no two readers of a file ever disagree.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from .problems import Problem, shown

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML without libyaml: slower, same nodes
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

Pointer = tuple[str | int, ...]

_BARE = re.compile(r"[^\W_](?:[\w .’%$§/()-]*[\w.%)])?")
LARGEST = 5_000_000  # bytes
_DEEPEST = 50
_TOO_DEEP = f"found records nested deeper than {_DEEPEST}, expected at most four"
_DIGITS = 18
_BRACKET = re.compile(r"[\[\]{}]")
_STAIRS = re.compile(rf"(?:[-?:] +){{{_DEEPEST}}}")

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SURPRISE = re.compile(
    r"[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF"
    r"|[-+]?0[0-9_]+|0b[01_]+|0o[0-7]+|0x[0-9a-fA-F_]+|[-+]?[0-9]+(_[0-9]+)+(\.[0-9]*)?"
    r"|[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|<<|="
)


class Document:
    """One YAML file.

    `value` is made of dict, list, str, int, float, bool and None. `problems` lists what makes the file unfit to be
    read; where the file cannot be parsed at all, `value` is None.
    """

    def __init__(self, path: Path, shown_as: str) -> None:
        self.path = shown_as
        self.problems: list[Problem] = []
        self._root: yaml.Node | None = None
        self._seen: set[int] = set()
        self.value: Any = None
        text = self._text(path)
        if text is None or self._unfit(text):
            return
        try:
            self._root = yaml.compose(text, Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._problem(
                (mark.line + 1, mark.column + 1) if mark else (1, 1),
                "yaml-syntax",
                f"found that a reader of YAML {error.problem or 'gives up'}, expected YAML",
            )
        except yaml.YAMLError as error:
            self._problem((1, 1), "yaml-syntax", f"found {error}, expected YAML".replace("\n", " "))
        if self._root is not None:
            self.value = self._construct(self._root)

    def place(self, pointer: Pointer) -> tuple[int, int]:
        """Line and column, from 1, of the value at `pointer`, or of the closest record around it."""
        node = self._root
        for step in pointer:
            if isinstance(node, yaml.MappingNode):
                found = next((value for key, value in node.value if key.value == step), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
                found = node.value[step]
            else:
                found = None
            if found is None:
                break
            node = found
        return _mark(node) if node is not None else (1, 1)

    def key_place(self, pointer: Pointer, key: str) -> tuple[int, int]:
        """Line and column, from 1, of the key `key` of the mapping at `pointer`."""
        node = self._root
        for step in pointer:
            if isinstance(node, yaml.MappingNode):
                node = next(value for name, value in node.value if name.value == step)
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
                node = node.value[step]
        if isinstance(node, yaml.MappingNode):
            for name, _ in node.value:
                if name.value == key:
                    return _mark(name)
        return self.place(pointer)

    def mappings(self, inside: tuple[str, ...]) -> Iterator[yaml.MappingNode]:
        """Every record of the lists under a key of `inside`, as a node with its marks, in the order of the file."""
        stack: list[tuple[yaml.Node, str | None]] = [(self._root, None)] if self._root is not None else []
        while stack:
            node, key = stack.pop()
            if isinstance(node, yaml.MappingNode):
                if key in inside:
                    yield node
                stack += [(value, name.value) for name, value in reversed(node.value)]
            elif isinstance(node, yaml.SequenceNode):
                stack += [(value, key) for value in reversed(node.value)]

    def _text(self, path: Path) -> str | None:
        try:
            if path.is_symlink() or not path.is_file():
                what = "a link" if path.is_symlink() else "no file"
                self._problem((0, 0), "file", f"found {what}, expected a file of its own")
                return None
            if (size := path.stat().st_size) > LARGEST:
                self._problem((0, 0), "file-size", f"found {size:,} bytes, expected at most {LARGEST:,}")
                return None
            return path.read_bytes().decode("utf-8")
        except OSError as error:
            self._problem((0, 0), "file", f"found that it cannot be read ({error.strerror}), expected a YAML file")
        except UnicodeDecodeError as error:
            before = error.object[: error.start]
            line = before.count(b"\n") + 1
            column = error.start - (before.rfind(b"\n") + 1) + 1
            self._problem((line, column), "encoding", f"found byte {error.object[error.start]:#04x}, expected UTF-8")
        return None

    def _unfit(self, text: str) -> bool:
        """Whether a text is not for the parser: with tabs, or nested so deep that the parser's stack would overflow."""
        for number, line in enumerate(text.split("\n"), start=1):
            if "\t" in line:
                self._problem((number, line.index("\t") + 1), "yaml-tab", "found a tab, expected spaces")
        deep = _STAIRS.search(text)
        depth = 0
        for bracket in () if deep else _BRACKET.finditer(text):
            depth = depth + 1 if bracket.group() in "[{" else max(0, depth - 1)
            if depth > _DEEPEST:
                deep = bracket
                break
        if deep:
            row, start = text.count("\n", 0, deep.start()) + 1, text.rfind("\n", 0, deep.start()) + 1
            self._problem((row, deep.start() - start + 1), "yaml-depth", _TOO_DEEP)
        return bool(self.problems)

    def _construct(self, node: yaml.Node, depth: int = 0) -> Any:
        if depth > _DEEPEST:
            self._problem(_mark(node), "yaml-depth", _TOO_DEEP)
            return None
        if id(node) in self._seen:
            self._problem(_mark(node), "yaml-alias", "found an anchor that is used again, expected the value itself")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            result: dict[str, Any] = {}
            for key, value in node.value:
                name = key.value if isinstance(key, yaml.ScalarNode) else None
                if name is None:
                    self._problem(_mark(key), "yaml-key", "found a key that is no word, expected a column's name")
                    continue
                if name in result:
                    self._problem(_mark(key), "duplicate-key", f"found key {shown(name)} again, expected each key once")
                    continue
                result[name] = self._construct(value, depth + 1)
            return result
        if isinstance(node, yaml.SequenceNode):
            return [self._construct(value, depth + 1) for value in node.value]
        return self._scalar(node) if isinstance(node, yaml.ScalarNode) else None

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        text: str = node.value
        if node.style:  # quoted or block: text, whatever it looks like
            return text
        if text in _NULL:
            return None
        if text in _BOOL:
            return _BOOL[text]
        if _SURPRISE.fullmatch(text):
            found = f"found {shown(text)}, which readers of YAML take for different things, expected text or a number"
            self._problem(_mark(node), "yaml-surprise", found, f"write `'{text}'` if it is text")
            return text
        if _INT.fullmatch(text):
            # More digits than any column holds are left as text, for the column's type to refuse.
            return int(text) if len(text) <= _DIGITS else text
        if _FLOAT.fullmatch(text):
            return float(text)
        return text

    def _problem(self, place: tuple[int, int], rule: str, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(self.path, *place, rule, message, hint=hint))


def _mark(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def plain(text: str) -> str:
    """A text as it is written into a file: bare where every reader takes it for this text, else in double quotes."""
    bare = _BARE.fullmatch(text) and not any(kind.fullmatch(text) for kind in (_SURPRISE, _INT, _FLOAT))
    return text if bare and text not in _NULL and text not in _BOOL else json.dumps(text, ensure_ascii=False)
