"""Read the articles' texts, which are not part of the project, from a folder."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ..problems import BuildError, Problem

LARGEST = 5_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Text:
    """An article's text exactly as it stands in its file, and the SHA-256 of the file's bytes."""

    path: str
    content: str
    sha256: str


def read_texts(folder: Path) -> dict[str, Text]:
    """The texts `<article_id>.txt` in a folder, by article id, read as UTF-8 without newline translation.

    Raises BuildError if there is no such folder or a file is not UTF-8.
    """
    if not folder.is_dir():
        raise BuildError([Problem(str(folder), 0, 0, "articles", "there is no such folder")])
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
    """Read one text. Raises BuildError if it cannot be read, is not UTF-8 or has more than 5 MB."""
    content = read_utf8(path, str(path))
    return Text(str(path), content, hashlib.sha256(content.encode("utf-8")).hexdigest())


def read_utf8(path: Path, shown_as: str) -> str:
    """Read a file without newline translation.

    Raises BuildError, which calls the file `shown_as`, if it cannot be read, is not UTF-8 or has more than 5 MB.
    """
    try:
        if (size := path.stat().st_size) > LARGEST:
            found = f"found {size:,} bytes, expected at most {LARGEST:,}"
            raise BuildError([Problem(shown_as, 0, 0, "file-size", found)])
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise BuildError([Problem(shown_as, 0, 0, "file", f"cannot read the file: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        place = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        found = f"found byte {error.object[error.start]:#04x}, expected UTF-8"
        raise BuildError([Problem(shown_as, *place, "encoding", found)]) from error


def digest(text: str) -> str:
    """First 16 hexadecimal digits of the SHA-256 of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
