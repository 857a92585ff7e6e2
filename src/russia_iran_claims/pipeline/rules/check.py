"""Read and validate everything in `raw/`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..annotations.rows import ARTICLES, READINGS, Coding, read_coding
from ..io.problems import Problem, ordered
from ..schema.model import Schema
from ..texts.read import Text
from .judge import judge
from .readings import check_readings


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows of `raw/`, and the problems in the order of the files."""

    coding: Coding
    problems: list[Problem]

    @property
    def rows(self) -> int:
        """How many of the rows are published."""
        return sum(len(rows) for name, rows in self.coding.tables.items() if name not in self.coding.schema.inputs)

    @property
    def tables(self) -> int:
        """How many tables curators write for every version."""
        return sum(not table.derived and not table.optional for table in self.coding.schema.tables.values())

    @property
    def ok(self) -> bool:
        """Whether the rows can be published: warnings do not count."""
        return not any(problem.severity == "error" for problem in self.problems)


def check(
    raw: Path,
    schema: Schema,
    texts: dict[str, Text] | None,
    gone: Mapping[str, str] | None = None,
    published: Collection[str] = (),
) -> Checked:
    """Read and validate every file under `raw`, and the two readings if they are kept there, against the given texts.

    `gone` has the ids that were published and are no longer, each with the version that took it out; `published` the
    articles of the newest version.
    """
    coding = read_coding(raw, schema)
    coding.gone = gone or {}
    there = {row["article_id"] for row in coding.rows("articles")}
    there.update(row["row_id"] for row in coding.rows("retired"))
    for article in sorted(set(published) - there) if coding.readable else ():
        found = "the file is missing, and the newest version has the article"
        hint = f"restore it, or add `- {{row_id: {article}, reason: ...}}` to raw/retired.yaml"
        coding.problems.append(Problem(f"raw/{ARTICLES}/{article}.yaml", 0, 0, "file", found, hint=hint))
        coding.readable = False  # whatever names its rows would seem to be wrong
    problems = [*coding.problems, *judge(coding, texts)]
    if (folder := raw / READINGS).is_symlink() or (folder.exists() and not folder.is_dir()):
        problems.append(Problem(f"raw/{READINGS}", 0, 0, "file", "is not a folder", hint="put the folder itself there"))
    elif folder.exists():
        folders, place = (folder / "first", folder / "second"), f"raw/{READINGS}"
        coding.readings, wrong = check_readings(folders, (f"{place}/first", f"{place}/second"), schema, texts)
        problems += wrong
        for row in coding.readings[0].rows("articles") if coding.readings and coding.readable else ():
            if row["article_id"] not in {each["article_id"] for each in coding.rows("articles")}:
                told, hint = "raw/articles has no such article", "restore it, or take it out of both readings"
                problems.append(row.problem("readings", told, "article_id", hint=hint))
        for path in sorted(folder.iterdir()):
            if path not in folders and not path.name.startswith("."):
                told, hint = "the build does not read this", "keep two readings, `first` and `second`"
                problems.append(Problem(f"{place}/{path.name}", 0, 0, "file", told, hint=hint))
    return Checked(coding, ordered(problems))
