"""The articles' texts, which stay outside the project: read from a folder that the user names."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from .located import LARGEST
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
        raise BuildError([Problem(str(folder), 0, 0, "articles", "found no folder, expected one with art-001.txt")])
    texts, problems = {}, []
    for path in sorted(folder.glob("*.txt")):
        try:
            texts[path.stem] = read_text(path)
        except BuildError as error:
            problems += error.problems
    if problems:
        raise BuildError(problems)
    return texts


def read_text(path: Path) -> Text:
    """One text. Raises BuildError where it cannot be read, is not UTF-8 or has more than 5 MB."""
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LARGEST else b""
        if size > LARGEST:
            raise BuildError(
                [Problem(str(path), 0, 0, "file-size", f"found {size:,} bytes, expected at most {LARGEST:,}")]
            )
        return Text(str(path), content.decode("utf-8"), hashlib.sha256(content).hexdigest())
    except OSError as error:
        found = f"found that it cannot be read ({error.strerror}), expected a text"
        raise BuildError([Problem(str(path), 0, 0, "file", found)]) from error
    except UnicodeDecodeError as error:
        found = f"found byte {error.object[error.start]:#04x} at {error.start}, expected UTF-8"
        raise BuildError([Problem(str(path), 0, 0, "encoding", found)]) from error


def digest(text: str) -> str:
    """First 16 hexadecimal digits of the SHA-256 of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
