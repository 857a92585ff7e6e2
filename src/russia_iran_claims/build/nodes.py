"""A YAML file as PyYAML's nodes, each of which knows its line and column: for what has a problem, and for `anchor`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from .located import DEEPEST, TOO_DEEP, Pointer
from .problems import Problem, shown
from .scalars import SURPRISE, bare_value

# PyYAML without libyaml is slower, and gives the same nodes.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Tree:
    """The nodes of one file, its value, and what makes it unfit to be read."""

    def __init__(self, text: str, path: str) -> None:
        self._path = path
        self.problems: list[Problem] = []
        self._seen: set[int] = set()
        self._root: yaml.Node | None = None
        try:
            self._root = yaml.compose(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._problem(
                (mark.line + 1, mark.column + 1) if mark else (1, 1),
                "yaml-syntax",
                f"found that a reader of YAML {error.problem or 'gives up'}, expected YAML",
            )
        except yaml.YAMLError as error:
            self._problem((1, 1), "yaml-syntax", f"found {error}, expected YAML".replace("\n", " "))
        self.value: Any = None if self._root is None else self._construct(self._root)

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

    def _construct(self, node: yaml.Node, depth: int = 0) -> Any:
        if depth > DEEPEST:
            self._problem(_mark(node), "yaml-depth", TOO_DEEP)
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
        if SURPRISE.fullmatch(text):
            found = f"found {shown(text)}, which readers of YAML take for different things, expected text or a number"
            self._problem(_mark(node), "yaml-surprise", found, f"write `'{text}'` if it is text")
            return text
        return bare_value(text)

    def _problem(self, place: tuple[int, int], rule: str, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(self._path, *place, rule, message, hint=hint))


def _mark(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
