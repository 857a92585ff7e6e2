"""The command `review`: a coding on its text, as a file for the curator."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..io.files import write
from ..io.problems import BuildError, Problem, ordered, printable
from ..schema.load import load_schema
from ..schema.model import Schema
from .report import Report, hint_of
from .steps import articles_of, gone_of, texts_of

if TYPE_CHECKING:
    from ..annotations.rows import Coding
    from ..pages.review import Coded
    from ..texts.read import Text

# Where a text must not be: what is there is committed, or published.
_COMMITTED = ("raw", "schema", "dataset", "docs", "src", "tests")


def run_review(options: argparse.Namespace, report: Report) -> int:
    """Show the coding of an article on its text, in an HTML file beside the text."""
    from ..annotations.rows import READINGS
    from ..pages.review import own_problems, render_review
    from ..rules.check import check

    article, folder = options.article, options.articles
    _refuse_committed(report.root, folder)
    texts = texts_of(options) or {}
    schema, dataset = load_schema(report.root / "schema"), report.root / "dataset"
    checked = check(report.root / "raw", schema, texts, gone_of(dataset), articles_of(dataset))
    _find(article, checked.coding, checked.problems, "raw")
    if article not in texts:
        hint = f"put the text there, as {article}.txt"
        raise BuildError(
            [Problem(printable(str(folder / f"{article}.txt")), 0, 0, "articles", "the text is missing", hint=hint)]
        )
    # Readings that are kept are shown only where they are asked for.
    problems = [problem for problem in checked.problems if not problem.path.startswith(f"raw/{READINGS}/")]
    coded = [_coded("raw", checked.coding, own_problems(article, problems))]
    if options.reading is not None:
        coded.append(_reading(options.reading, report, schema, article, texts[article]))
    path = folder / f"{article}.review.html"
    write(path, render_review(article, texts[article], coded))
    wrong = sum(len(each.problems) for each in coded)
    report.say(f"{report.place(path.absolute())}: written, with {wrong} problem{'' if wrong == 1 else 's'}")
    return 0


def _reading(folder: Path, report: Report, schema: Schema, article: str, text: Text) -> Coded:
    """The other reading of the article. Raises BuildError if it has none."""
    from ..annotations.rows import read_coding
    from ..pages.review import own_problems
    from ..rules.judge import judge

    place = report.place(folder.absolute())
    coding = read_coding(folder, schema, place, reading=True)
    _find(article, coding, coding.problems, place)
    # Its other articles have no text here, which is no matter.
    problems = [*coding.problems, *judge(coding, {article: text})]
    return _coded(place, coding, own_problems(article, problems))


def _coded(name: str, coding: Coding, problems: Iterable[Problem]) -> Coded:
    from ..pages.review import Coded

    return Coded(name, coding, [replace(problem, hint=hint_of(problem)) for problem in ordered([*problems])])


def _find(article: str, coding: Coding, problems: Iterable[Problem], place: str) -> None:
    """Raise BuildError if a coding does not have an article: with what is wrong with its file, or with those it has."""
    known = sorted({str(row["article_id"]) for row in coding.rows("articles")})
    if article in known:
        return
    own = [problem for problem in problems if Path(problem.path).name == f"{article}.yaml"]
    if not own and not known:
        own = [problem for problem in problems if problem.severity == "error"]
    found = f"there is no article {printable(article)}; there are: {', '.join(known) or 'none'}"
    hint = "give the id of an article that is there"
    raise BuildError(own or [Problem(f"{place}/articles", 0, 0, "articles", found, hint=hint)])


def _refuse_committed(root: Path, folder: Path) -> None:
    """Raise BuildError for a folder of texts that is in a part of the project that is committed."""
    for name in _COMMITTED:
        if folder.resolve().is_relative_to((root / name).resolve()):
            found = f"the file would have the text of the article, and {name}/ is committed"
            hint = "move the texts to a folder that git ignores, such as texts/"
            raise BuildError([Problem(printable(str(folder)), 0, 0, "articles", found, hint=hint)])
