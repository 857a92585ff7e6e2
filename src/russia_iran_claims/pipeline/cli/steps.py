"""What several commands do: check raw/, and keep the files that name the newest version up to date."""

from __future__ import annotations

import argparse
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ..io.files import leftovers, remove
from ..io.problems import BuildError, Problem
from ..schema.model import Schema
from .report import NOTHING, Report

_YEARS = 10
_AGAIN = "if no release is running, run `release` again: it finishes what is whole, and forgets the rest"

# Imported where they are used: most commands need neither pyarrow nor frictionless.
if TYPE_CHECKING:
    from ..annotations.rows import Coding
    from ..rules.check import Checked
    from ..texts.read import Text
    from ..versions.index import Entry
    from ..versions.release import Plan


def clear_leftovers(root: Path) -> None:
    """Remove what commands that were killed left unfinished in the project, as far as that is allowed."""
    for path in leftovers(_folders(root)):
        with suppress(BuildError):
            remove(path)


def name_leftovers(report: Report) -> None:
    """Print what commands that were killed left unfinished, as warnings."""
    from ..versions.index import UNDERWAY, underway

    hint = "the next command that writes removes it"
    found = [
        Problem(str(path.relative_to(report.root)), 0, 0, "leftover", "a command that was killed left this", hint=hint)
        for path in leftovers(_folders(report.root))
    ]
    if number := underway(report.root / "dataset"):
        found.append(
            Problem(f"dataset/{UNDERWAY}", 0, 0, "leftover", f"the release of {number} did not end", hint=_AGAIN)
        )
    report.tell([replace(problem, severity="warning") for problem in found])


def _folders(root: Path) -> list[Path]:
    return [root, *(root / name for name in ("dataset", "docs", "raw", "raw/articles"))]


def texts_of(options: argparse.Namespace) -> dict[str, Text] | None:
    """The texts of --articles, or None without it."""
    from ..texts.read import read_texts

    return read_texts(options.articles) if options.articles else None


def check_raw(report: Report, schema: Schema, texts: dict[str, Text] | None) -> Checked:
    """Check raw/, with the ids that published versions took out, and print the problems."""
    from ..rules.check import check

    dataset = report.root / "dataset"
    gone = gone_of(dataset)
    checked = check(report.root / "raw", schema, texts, gone, articles_of(dataset))
    report.tell(checked.problems)
    return checked


def gone_of(dataset: Path) -> dict[str, str]:
    """The ids that are no longer published, each with the version that removed it."""
    from ..versions.changes import gone_ids
    from ..versions.index import read_unmodified

    return gone_ids([dataset / entry["version"] for entry in read_unmodified(dataset)])


def articles_of(dataset: Path) -> set[str]:
    """The ids of the articles in the newest version. Its files must be known to be sound."""
    from ..tables.as_text import read_csv
    from ..versions.index import read_index

    numbers = [entry["version"] for entry in read_index(dataset)]
    if not numbers:
        return set()
    head, *rows = read_csv(dataset / numbers[-1] / "articles.csv", f"dataset/{numbers[-1]}/articles.csv")
    return {dict(zip(head, row)).get("article_id", "") for row in rows}


def valid(report: Report, schema: Schema, texts: dict[str, Text] | None) -> Coding:
    """The rows of raw/. Raises BuildError if there is an error; the problems are printed by then."""
    checked = check_raw(report, schema, texts)
    if not checked.ok:
        raise BuildError([])
    return checked.coding


def check_date(released: date, index: list[Entry], coding: Coding) -> None:
    """Refuse a day on which a version cannot come out. Raises BuildError.

    No version comes out before the one before it, so that a year that is mistyped would be the earliest for ever. The
    system's date is never asked: what is too late is told from the dates that the project has.
    """
    known = {f"{entry['version']} was released": date.fromisoformat(entry["released"]) for entry in index[-1:]}
    known |= {f"{row['article_id']} was published": row["published"] for row in coding.rows("articles")}
    what, newest = max(known.items(), key=lambda entry: entry[1])
    found = ""
    if released < newest:
        found = f"{released} is before {newest}, when {what}"
    elif released.year - newest.year > _YEARS:
        found = f"{released} is more than {_YEARS} years after {newest}, when {what}; no later version could be earlier"
    if found:
        raise BuildError([Problem("dataset", 0, 0, "release-date", found, hint="give the day of this release")])


def try_docs(report: Report, planned: Plan) -> None:
    """Render the docs of a version that is not published yet. Raises BuildError if they cannot be."""
    from ..pages.docs import render_docs
    from ..versions.version import from_records

    if (report.root / "README.md").exists() or (report.root / "docs").is_dir():
        render_docs(report.root, from_records(*planned.version(planned.number, "0001-01-01")))


def bring_up_to_date(report: Report) -> list[Path]:
    """Update every file that names the newest published version. Returns the files that changed."""
    from ..pages.docs import render_docs, write_pages
    from ..versions.index import read_unmodified
    from ..versions.release import add_to_changelog

    before = report.done
    read_unmodified(report.root / "dataset")
    pages = render_docs(report.root)
    if before == NOTHING:
        report.done = "some of the files that name the newest version may be updated"
    changed = [*add_to_changelog(report.root), *write_pages(pages)]
    if not changed:
        report.done = before
    return changed
