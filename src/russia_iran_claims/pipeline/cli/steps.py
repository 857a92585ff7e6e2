"""What several commands do: check raw/, and keep the files that name the newest version up to date."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..problems import BuildError
from ..schema.model import Schema
from .report import Report

# Imported where they are used: most commands need neither pyarrow nor frictionless.
if TYPE_CHECKING:
    from ..annotations.rows import Coding
    from ..rules.check import Checked
    from ..texts.read import Text
    from ..versions.release import Plan


def texts_of(options: argparse.Namespace) -> dict[str, Text] | None:
    """The texts of --articles, or None without it."""
    from ..texts.read import read_texts

    return read_texts(options.articles) if options.articles else None


def check_raw(report: Report, schema: Schema, texts: dict[str, Text] | None) -> Checked:
    """Check raw/, with the ids that published versions took out, and print the problems."""
    from ..rules.check import check

    checked = check(report.root / "raw", schema, texts, gone_of(report.root / "dataset"))
    report.tell(checked.problems)
    return checked


def gone_of(dataset: Path) -> dict[str, str]:
    """The ids that are no longer published, each with the version that removed it."""
    from ..versions.changes import gone_ids
    from ..versions.index import read_unmodified

    return gone_ids([dataset / entry["version"] for entry in read_unmodified(dataset)])


def valid(report: Report, schema: Schema, texts: dict[str, Text] | None) -> Coding:
    """The rows of raw/. Raises BuildError if there is an error; the problems are printed by then."""
    checked = check_raw(report, schema, texts)
    if not checked.ok:
        raise BuildError([])
    return checked.coding


def try_docs(report: Report, planned: Plan) -> None:
    """Render the docs of a version that is not published yet. Raises BuildError if they cannot be."""
    from ..pages.docs import render_docs
    from ..versions.version import from_records

    if (report.root / "README.md").is_file() or (report.root / "docs").is_dir():
        render_docs(report.root, from_records(*planned.version(planned.number, "0001-01-01")))


def bring_up_to_date(report: Report) -> list[Path]:
    """Update every file that names the newest published version. Returns the files that changed."""
    from ..pages.docs import render_docs, write_pages
    from ..versions.index import read_unmodified
    from ..versions.release import add_to_changelog

    before = report.done
    read_unmodified(report.root / "dataset")
    pages = render_docs(report.root)
    if before == "nothing was written":
        report.done = "some of the files that name the newest version may be updated"
    changed = [*add_to_changelog(report.root), *write_pages(pages)]
    if not changed:
        report.done = before
    return changed
