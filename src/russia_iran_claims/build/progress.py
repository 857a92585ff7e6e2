"""Long work shows itself: a bar with count, rate and remaining time on a terminal, nothing anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
# Seconds before a bar is worth showing.
_DELAY = 1


def shown_on_terminal(steps: Iterable[T], total: int, unit: str, each: int = 1) -> Iterator[T]:
    """Go through steps of `each` units, of which there are `total` in all, with a bar on a terminal.

    What is done within a second shows none.
    """
    if not sys.stderr.isatty():
        yield from steps
        return
    from tqdm import tqdm

    done = 0
    with tqdm(total=total, unit=f" {unit}", leave=False, delay=_DELAY) as bar:
        for step in steps:
            yield step
            bar.update(min(each, total - done))
            done += each
