"""The README's code, for the tests that run it as a user would."""

from __future__ import annotations

import re
from pathlib import Path


def python_blocks(page: Path) -> list[str]:
    """The Python blocks of a Markdown page, in order."""
    return re.findall(r"^```python\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
