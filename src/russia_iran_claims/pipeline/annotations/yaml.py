"""Read YAML files as plain values, and find the line and column of any value.

Values follow the YAML 1.2 core schema; dates stay text until a column needs a date. Words that YAML 1.1 reads
differently (`no`, `12:30`, `010`) are problems, so that all readers of a file agree.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from ..io import limits
from ..io.files import read_text
from ..io.problems import BuildError, Problem, shown

Pointer = tuple[str | int, ...]

# PyYAML without libyaml is slower and gives the same events.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*")
# More digits than any column holds.
_DIGITS = 18
# What a reader of YAML 1.1 takes for a boolean, a number in another base or by sixties, a merge, or the default.
SURPRISE = re.compile(
    r"[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF"
    r"|[-+]?0[0-9_]+|0b[01_]+|0o[0-7]+|0x[0-9a-fA-F_]+|[-+]?[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]*)?"
    r"|[-+]?[0-9]+(?::[0-5]?[0-9])+(?:\.[0-9]*)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|<<|="
)
_FORBIDDEN = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_BARE = re.compile(r"[^\W_](?:[\w .’%$§/()-]*[\w.%)])?")


@dataclass(slots=True, eq=False)
class Node:
    """A value of a file, and the marks where it starts and ends.

    `word` is the text of a scalar, and None for lists and records. The children of a record are its keys and values in
    turn. `styled` is true for a scalar in quotation marks or in a block, and for a list or record in brackets.
    """

    start: Any
    end: Any
    word: str | None
    styled: bool
    is_record: bool
    children: list[Node]

    @property
    def place(self) -> tuple[int, int]:
        """Line and column, from 1."""
        return self.start.line + 1, self.start.column + 1

    def pairs(self) -> list[tuple[Node, Node]]:
        """The keys and values of a record."""
        return list(zip(self.children[::2], self.children[1::2])) if self.is_record else []


class Document:
    """One YAML file.

    `value` is made of dict, list, str, int, float, bool and None; it is None if the file cannot be parsed. `text` is
    the file as it was read, None if it cannot be, without the byte-order mark that `mark` holds. `problems` lists what
    is wrong with the YAML.
    """

    def __init__(self, path: Path, shown_as: str) -> None:
        self.path = shown_as
        self.problems: list[Problem] = []
        text = self._read(path)
        # Readers of YAML disagree whether places in a file count it.
        self.text = text and text.lstrip("\ufeff")
        self.mark = (text or "").removesuffix(self.text or "")
        # The nodes are not kept: they take thirty times the memory of the text, and only problems need them again.
        root = self._parse()
        self.value: Any = None if root is None else self._value(root)

    def place(self, pointer: Pointer) -> tuple[int, int]:
        """Line and column, from 1, of the value at `pointer`, or of the closest record around it."""
        node = self._root
        for step in pointer:
            if node is None or (found := _step(node, step)) is None:
                break
            node = found
        return node.place if node else (1, 1)

    def key_place(self, pointer: Pointer, key: str) -> tuple[int, int]:
        """Line and column, from 1, of the key `key` of the record at `pointer`."""
        node = self._root
        for step in pointer:
            node = node and _step(node, step)
        keys = (name for name, _ in node.pairs() if name.word == key) if node else iter(())
        return next((name.place for name in keys), self.place(pointer))

    def records(self, inside: tuple[str, ...]) -> Iterator[Node]:
        """Every record of the lists under a key of `inside`, in the order of the file."""
        stack: list[tuple[Node, str | None]] = [(self._root, None)] if self._root is not None else []
        while stack:
            node, key = stack.pop()
            if node.is_record:
                if key in inside:
                    yield node
                stack += [(value, name.word) for name, value in reversed(node.pairs())]
            else:
                stack += [(value, key) for value in reversed(node.children)]

    @cached_property
    def _root(self) -> Node | None:
        return self._parse()

    def _read(self, path: Path) -> str | None:
        try:
            text = read_text(path, self.path)
        except BuildError as error:
            self.problems += error.problems
            return None
        for number, line in enumerate(text.split("\n"), start=1):
            if "\t" in line:
                self._problem((number, line.index("\t") + 1), "yaml-tab", "the line has a tab")
        return None if self.problems else text

    def _parse(self) -> Node | None:
        """The file as nodes; None if it is empty or cannot be parsed."""
        try:
            return self._nodes(self.text) if self.text is not None else None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            self._problem(place, "yaml-syntax", f"is not valid YAML: {error.problem or 'cannot be parsed'}")
        except yaml.YAMLError:
            # Of a character that YAML does not allow, libyaml tells the place in bytes.
            bad = _FORBIDDEN.search(self.text or "")
            before, character = (self.text or "")[: bad.start()] if bad else "", bad[0] if bad else ""
            place = before.count("\n") + 1, len(before) - before.rfind("\n")
            found = f"the character U+{ord(character or ' '):04X} cannot stand in a file of YAML"
            self._problem(place, "yaml-syntax", found, "delete the character")
        self.text = None
        return None

    def _nodes(self, text: str) -> Node | None:
        """Build the nodes from PyYAML's events without recursion, so that no depth overflows the stack."""
        root: Node | None = None
        around: list[Node] = []
        anchors: dict[str | None, Node] = {}
        left = limits.VALUES
        for event in yaml.parse(text, Loader=_LOADER):
            start: Any = event.start_mark
            end: Any = event.end_mark
            # Three of four events are this one.
            if type(event) is yaml.ScalarEvent and around and left > 0 and not event.anchor and not event.tag:
                around[-1].children.append(Node(start, end, event.value, bool(event.style), False, []))
                left -= 1
                continue
            left -= isinstance(event, yaml.NodeEvent)
            if left < 0:
                found = f"the file has more than {limits.VALUES:,} values"
                self._problem((start.line + 1, start.column + 1), "file-size", found)
                self.text = None
                return None
            if isinstance(event, yaml.ScalarEvent):
                node = Node(start, end, event.value, bool(event.style), False, [])
            elif isinstance(event, yaml.CollectionStartEvent):
                node = Node(start, end, None, bool(event.flow_style), isinstance(event, yaml.MappingStartEvent), [])
            elif isinstance(event, yaml.CollectionEndEvent):
                around.pop().end = end
                continue
            elif isinstance(event, yaml.AliasEvent):
                if (first := anchors.get(event.anchor)) is None:
                    undefined = f"the alias *{event.anchor} is not defined"
                    raise yaml.MarkedYAMLError(problem=undefined, problem_mark=start)
                node = Node(first.start, end, "", False, False, [])
                found = "the value is repeated with a YAML alias"
                self._problem(node.place, "yaml-alias", found)
            elif isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise yaml.MarkedYAMLError(problem="a second document begins", problem_mark=start)
            else:
                continue
            if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.anchor:
                anchors[event.anchor] = node
            if not isinstance(event, yaml.AliasEvent) and event.tag:
                self._problem(node.place, "yaml-surprise", f"the tag {shown(event.tag)} is not read", "remove the tag")
            if around:
                around[-1].children.append(node)
            else:
                root = node
            if isinstance(event, yaml.CollectionStartEvent):
                around.append(node)
                if len(around) > limits.DEPTH + 1:
                    found = f"records are nested more than {limits.DEPTH} deep"
                    self._problem(node.place, "yaml-depth", found)
                    self.text = None
                    return None
        return root

    def _value(self, node: Node) -> Any:
        if node.word is not None:
            return node.word if node.styled else self._bare(node, node.word)
        if not node.is_record:
            return [self._value(child) for child in node.children]
        result: dict[str, Any] = {}
        for key, value in node.pairs():
            name = key.word
            if name is None:
                self._problem(key.place, "yaml-key", "the key is a list or a record, not the name of a column")
            elif name in result:
                self._problem(key.place, "duplicate-key", f"the record already has a key {shown(name)}")
            else:
                result[name] = self._value(value)
        return result

    def _bare(self, node: Node, text: str) -> Any:
        value, surprising = _bare(text)
        if surprising:
            found = f"without quotation marks, readers of YAML disagree about {shown(text)}"
            self._problem(node.place, "yaml-surprise", found, f"write `'{text}'` if it is text")
        return value

    def _problem(self, place: tuple[int, int], rule: str, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(self.path, *place, rule, message, hint=hint))


@lru_cache(maxsize=10_000)
def _bare(text: str) -> tuple[Any, bool]:
    """What a text without quotation marks stands for, and whether readers of YAML disagree about it."""
    if SURPRISE.fullmatch(text):
        return text, True
    if text in _NULL:
        return None, False
    if text in _BOOL:
        return _BOOL[text], False
    if _INT.fullmatch(text):
        return int(text) if len(text) <= _DIGITS else text, False
    return float(text) if _FLOAT.fullmatch(text) else text, False


def _step(node: Node, step: str | int) -> Node | None:
    """The value of a key, or the element at a place of a list; None if there is none."""
    if isinstance(step, str):
        return next((value for name, value in node.pairs() if name.word == step), None)
    return None if node.is_record or node.word is not None else node.children[step]


def plain(text: str) -> str:
    """A text as YAML: bare if every reader takes it for this text, else in double quotes."""
    bare = _BARE.fullmatch(text) and not any(kind.fullmatch(text) for kind in (SURPRISE, _INT, _FLOAT, _DATE))
    if bare and text not in _NULL and text not in _BOOL:
        return text
    # YAML takes some characters that JSON leaves for line ends or a byte-order mark.
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))
