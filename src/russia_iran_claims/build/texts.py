"""The articles' texts, which stay outside the project: read from a folder that the user names."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from .problems import BuildError, Problem


@dataclass(frozen=True, slots=True)
class Text:
    """An article's text exactly as it stands in its file, and the SHA-256 of the file's bytes."""

    path: str
    content: str
    sha256: str


def read_texts(folder: Path) -> dict[str, Text]:
    """The texts `<article_id>.txt` in a folder, by article id, read as UTF-8 without newline translation.

    Raises BuildError where the folder is not there or a file is not UTF-8.
    """
    if not folder.is_dir():
        raise BuildError([Problem(str(folder), 0, 0, "articles", "is no folder; expected one with art-001.txt")])
    texts, problems = {}, []
    for path in sorted(folder.glob("*.txt")):
        content = path.read_bytes()
        try:
            texts[path.stem] = Text(str(path), content.decode("utf-8"), hashlib.sha256(content).hexdigest())
        except UnicodeDecodeError as error:
            problems.append(Problem(str(path), 0, 0, "encoding", f"byte {error.start} is not UTF-8"))
    if problems:
        raise BuildError(problems)
    return texts


def digest(text: str) -> str:
    """First 16 hexadecimal digits of the SHA-256 of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
