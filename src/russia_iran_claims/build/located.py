"""YAML files as plain values, with the line and column of each on demand.

Values follow the YAML 1.2 core schema; dates stay text until a column asks for a date. What older readers of YAML
would take for something else (`no`, `12:30`, `010`) is a problem, so that no two readers of a file ever disagree.

A fast parser reads what is plain; PyYAML, which knows places, reads everything else, and again what has a problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .plain_yaml import NOT_PLAIN, read_plain
from .problems import Problem

if TYPE_CHECKING:
    import yaml

    from .nodes import Tree

Pointer = tuple[str | int, ...]

LARGEST = 5_000_000  # bytes
_BRACKET = re.compile(r"[\[\]{}]")
DEEPEST = 50
TOO_DEEP = f"found records nested deeper than {DEEPEST}, expected at most four"
_STAIRS = re.compile(rf"^ *(?:[-?:] +){{{DEEPEST}}}", re.MULTILINE)


class Document:
    """One YAML file.

    `value` is made of dict, list, str, int, float, bool and None. `problems` lists what makes the file unfit to be
    read; where the file cannot be parsed at all, `value` is None. `plain` tells whether the fast parser has read it.
    `content` is what has been read of the file before.
    """

    def __init__(self, path: Path, shown_as: str, content: bytes | None = None) -> None:
        self.path = shown_as
        self.problems: list[Problem] = []
        self.value: Any = None
        self.plain = False
        self._source = self._text(path, content)
        if self._source is None:
            return
        self.value = read_plain(self._source)
        self.plain = self.value is not NOT_PLAIN
        if not self.plain:
            if self._unfit(self._source):
                self._source = None
            self.value = self._tree.value if self._tree else None
            self.problems += self._tree.problems if self._tree else []

    def place(self, pointer: Pointer) -> tuple[int, int]:
        """Line and column, from 1, of the value at `pointer`, or of the closest record around it."""
        return self._tree.place(pointer) if self._tree else (1, 1)

    def key_place(self, pointer: Pointer, key: str) -> tuple[int, int]:
        """Line and column, from 1, of the key `key` of the mapping at `pointer`."""
        return self._tree.key_place(pointer, key) if self._tree else (1, 1)

    def mappings(self, inside: tuple[str, ...]) -> Iterator[yaml.MappingNode]:
        """Every record of the lists under a key of `inside`, as a node with its marks, in the order of the file."""
        return self._tree.mappings(inside) if self._tree else iter(())

    @cached_property
    def _tree(self) -> Tree | None:
        """The file as nodes; None for what is not for the parser."""
        if self._source is None:
            return None
        # Imported here: a file without a problem is read without it.
        from .nodes import Tree

        return Tree(self._source, self.path)

    def _text(self, path: Path, content: bytes | None) -> str | None:
        try:
            if path.is_symlink() or not path.is_file():
                what = "a link" if path.is_symlink() else "no file"
                self._problem((0, 0), "file", f"found {what}, expected a file of its own")
                return None
            if (size := path.stat().st_size) > LARGEST:
                self._problem((0, 0), "file-size", f"found {size:,} bytes, expected at most {LARGEST:,}")
                return None
            return (path.read_bytes() if content is None else content).decode("utf-8")
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
            if depth > DEEPEST:
                deep = bracket
                break
        if deep:
            row, start = text.count("\n", 0, deep.start()) + 1, text.rfind("\n", 0, deep.start()) + 1
            self._problem((row, deep.start() - start + 1), "yaml-depth", TOO_DEEP)
        return bool(self.problems)

    def _problem(self, place: tuple[int, int], rule: str, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(self.path, *place, rule, message, hint=hint))
