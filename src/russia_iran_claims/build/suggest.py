"""What somebody who wrote one thing may have meant. Suggestions only: equality decides everything else."""

from __future__ import annotations

from collections.abc import Iterable

# Below this likeness (0 to 1) a suggestion would be a guess.
_LIKE = 0.6


def nearest(word: object, choices: Iterable[object]) -> str | None:
    """The choice that is most like a word, or None where none is like it."""
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    # In an order of their own, so that of two that are as like the same is always suggested.
    names = sorted({choice for choice in choices if isinstance(choice, str)})
    if not isinstance(word, str):
        return None
    found = process.extractOne(word, names, scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=_LIKE)
    return found[0] if found else None


def next_id(taken: Iterable[object], width: int = 4) -> dict[str, str]:
    """The next free id for each prefix that is taken: `qu` gives `qu-0008` where `qu-0007` is the largest."""
    largest: dict[str, int] = {}
    for id in taken:
        prefix, _, number = str(id).rpartition("-")
        if number.isdecimal():
            largest[prefix] = max(largest.get(prefix, 0), int(number))
    return {prefix: f"{prefix}-{number + 1:0{width}d}" for prefix, number in largest.items()}
