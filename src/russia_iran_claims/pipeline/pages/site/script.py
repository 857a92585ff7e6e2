"""The page's scripts: JavaScript modules with tests of their own, joined into one text that asks for nothing."""

from __future__ import annotations

import re
from pathlib import Path

_FOLDER = Path(__file__).parent / "templates"
_COMMENT = re.compile(r"^[ \t]*(?:/\*\*(?s:.*?)\*/|//.*)\n", re.MULTILINE)
_IMPORT = re.compile(r"^import .*;\n", re.MULTILINE)
# What runs in the page, and what in the worker beside it; each after what it uses.
PAGE = ("script/pieces.mjs", "script/messages.mjs", "script/copy.mjs", "page.js")
WORKER = ("script/points.mjs", "script/place.mjs", "script/find.mjs", "script/worker.mjs")


def source(name: str) -> str:
    """A style or script without indentation, empty lines and comments."""
    text = _COMMENT.sub("", (_FOLDER / name).read_text("utf-8"))
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("/*"))


def joined(names: tuple[str, ...]) -> str:
    """Modules as one classic script. Each is in a block of its own but for what it exports."""
    text = "\n".join(_IMPORT.sub("", f"{source(name)}\n") for name in names)
    return '"use strict";\n' + re.sub(r"^export ", "", text, flags=re.MULTILINE).replace('"use strict";\n', "")
