"""Run the snippets of a page, and write what they print below them."""

from __future__ import annotations

import contextlib
import io
import re

_SNIPPET = re.compile(
    r"^```python\n(?P<code>.*?)^```\n(?P<between>\s*)(?:^```output\n.*?^```$)?", re.MULTILINE | re.DOTALL
)


def answered(text: str) -> str:
    """The page with the output of its Python snippets, which see what those before them have made.

    Raises whatever a snippet raises.
    """
    names: dict[str, object] = {}

    def run(found: re.Match[str]) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(found["code"], "snippet", "exec"), names)  # noqa: S102 - the project's own page
        lines = "\n".join(line.rstrip() for line in printed.getvalue().splitlines())
        output = f"```output\n{lines}\n```" if lines else ""
        return f"```python\n{found['code']}```\n{found['between']}{output}"

    return _SNIPPET.sub(run, text)
