"""The code of README.md and docs/using.md, for the tests that run it as a user would."""

from __future__ import annotations

import re
from pathlib import Path


def python_blocks(page: Path) -> list[str]:
    """The Python blocks of a Markdown page, in order; those with a name belong to one client and are left out."""
    return re.findall(r"^```python\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def named_block(page: Path, name: str) -> str:
    """The block of a Markdown page that has a name."""
    (found,) = re.findall(rf"^```python {name}\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return str(found)
