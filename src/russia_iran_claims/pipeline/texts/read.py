"""Read the articles' texts, which are not part of the project, from a folder."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ..io.files import read_text
from ..io.problems import BuildError, Problem, printable


@dataclass(frozen=True, slots=True)
class Text:
    """An article's text exactly as it stands in its file, and the SHA-256 of the file's bytes."""

    path: str
    content: str
    sha256: str


def read_texts(folder: Path) -> dict[str, Text]:
    """The texts `<article_id>.txt` in a folder, by article id, read as UTF-8 without newline translation.

    Raises BuildError if there is no such folder, if it has no text, or if a file cannot be read as UTF-8.
    """
    paths = sorted(folder.glob("art-*.txt")) if folder.is_dir() else []
    if not paths:
        found = "the folder has no text" if folder.is_dir() else "there is no such folder"
        hint = "give the folder that holds the texts, each named after its article: art-001.txt"
        raise BuildError([Problem(printable(str(folder)), 0, 0, "articles", found, hint=hint)])
    texts, problems = {}, []
    for path in paths:
        try:
            texts[path.stem] = read_article(path)
        except BuildError as error:
            problems += error.problems
    if problems:
        raise BuildError(problems)
    return texts


def read_article(path: Path) -> Text:
    """Read one text. Raises BuildError if it cannot be read, is not UTF-8 or is too large."""
    content = read_text(path, str(path), follow=True)
    return Text(str(path), content, hashlib.sha256(content.encode("utf-8")).hexdigest())


def digest(text: str) -> str:
    """First 16 hexadecimal digits of the SHA-256 of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
