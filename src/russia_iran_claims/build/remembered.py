"""The cache of `check`: the facts of articles that were right, by the hash of their files.

It can be deleted at any time. It counts for nothing where it is damaged, or where the schemas, the program, a library,
the actors or the retired rows are not those it was made with.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from contextlib import suppress
from pathlib import Path

import pydantic_core
import yaml_rs

from .elsewhere import Facts
from .schemas import Schema

_NAME = "articles.json"
# Files whose rows articles are judged together with.
_BESIDE = ("actors.yaml", "retired.yaml")


def context_of(raw: Path, schema: Schema) -> str:
    """A hash of everything but the articles on which the verdict on one of them depends."""
    package = Path(__file__).parent
    parts = [sys.version, pydantic_core.__version__, yaml_rs.__version__]
    parts += [f"{path.relative_to(package)} {_hash(path.read_bytes())}" for path in sorted(package.rglob("*.py"))]
    parts += [f"{path.name} {_hash(path.read_bytes())}" for path in sorted(schema.folder.glob("*.json"))]
    parts += [f"{name} {_hash((raw / name).read_bytes())}" for name in _BESIDE]
    return _hash("\n".join(parts).encode())


def recall(cache: Path, context: str) -> dict[str, Facts]:
    """The facts of articles, by the hash of their files; none where the cache is not whole, or of another context."""
    try:
        head, _, body = (cache / _NAME).read_bytes().partition(b"\n")
        if head.decode() != f"{context} {_hash(body)}":
            return {}
        return {name: Facts.from_json(told) for name, told in json.loads(body).items()}
    except (OSError, ValueError):
        return {}


def remember(cache: Path, context: str, facts: dict[str, Facts]) -> None:
    """Keep the facts of articles for the next run. A cache that cannot be written is none: nothing depends on it."""
    body = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    made = cache / f"{_NAME}.{os.getpid()}"
    try:
        cache.mkdir(exist_ok=True)
        made.write_bytes(f"{context} {_hash(body)}\n".encode() + body)
        made.replace(cache / _NAME)
    except OSError:
        pass
    finally:
        with suppress(OSError):
            made.unlink()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
