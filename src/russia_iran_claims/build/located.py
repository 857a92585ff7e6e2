"""YAML files as plain values, with the line and column of each on demand.

Values follow the YAML 1.2 core schema; dates stay text until a column asks for a date. What older readers of YAML
would take for something else (`no`, `12:30`, `010`) is a problem, so that no two readers of a file ever disagree.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from .problems import Problem

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML without libyaml: slower, same nodes
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

Pointer = tuple[str | int, ...]

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
        if text is None:
            return
        try:
            self._root = yaml.compose(text, Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._problem(
                (mark.line + 1, mark.column + 1) if mark else (1, 1),
                "yaml-syntax",
                f"{error.problem or error}; expected YAML",
            )
        except yaml.YAMLError as error:
            self._problem((1, 1), "yaml-syntax", f"{error}; expected YAML".replace("\n", " "))
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

    def _text(self, path: Path) -> str | None:
        try:
            return path.read_bytes().decode("utf-8")
        except OSError as error:
            self._problem((1, 1), "file", f"cannot be read: {error.strerror}; expected a YAML file")
        except UnicodeDecodeError as error:
            before = error.object[: error.start]
            line = before.count(b"\n") + 1
            column = error.start - (before.rfind(b"\n") + 1) + 1
            self._problem((line, column), "encoding", f"byte {error.object[error.start]:#04x} is not UTF-8")
        return None

    def _construct(self, node: yaml.Node) -> Any:
        if id(node) in self._seen:
            self._problem(
                _mark(node), "yaml-alias", "found an anchor that is used again; expected the value written out"
            )
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            result: dict[str, Any] = {}
            for key, value in node.value:
                name = key.value if isinstance(key, yaml.ScalarNode) else None
                if name is None:
                    self._problem(_mark(key), "yaml-key", "found a key that is not a word")
                    continue
                if name in result:
                    self._problem(_mark(key), "duplicate-key", f"found key {name!r} again; expected each key once")
                    continue
                result[name] = self._construct(value)
            return result
        if isinstance(node, yaml.SequenceNode):
            return [self._construct(value) for value in node.value]
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
            self._problem(
                _mark(node),
                "yaml-surprise",
                f"found {text!r}, which readers of YAML take for different things; quote it",
            )
            return text
        if _INT.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
        return text

    def _problem(self, place: tuple[int, int], rule: str, message: str) -> None:
        self.problems.append(Problem(self.path, *place, rule, message))


def _mark(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
