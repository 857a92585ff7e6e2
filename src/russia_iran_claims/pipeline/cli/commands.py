"""What each command does. A command takes its options and the report that it prints to, and returns the exit code.

Its docstring is its `--help` text.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from ..problems import BuildError, Problem, nearest
from ..schema.load import UNRELEASED, Schema, load_schema
from .report import Report

# Each command imports what it needs: most of them need neither pyarrow nor frictionless.
if TYPE_CHECKING:
    from pathlib import Path

    from ..annotations.rows import Coding
    from ..rules.check import Checked
    from ..texts.read import Text

NOT_CHECKED = "anchors not checked: give --articles DIR to hold every anchor against the texts"


def run_check(options: argparse.Namespace, report: Report) -> int:
    """Validate only; write nothing."""
    from ..rules.texts.coverage import progress

    texts = _texts(options)
    schema = load_schema(report.root / "schema")
    checked = _check(report, schema, texts)
    for article, (done, total) in progress(checked.coding, texts).items() if texts else ():
        if done < total:
            left = f"{total - done} to do"
            report.say(f"{article}: {done} of {total} quoted runs, numbers and dates coded or excluded, {left}")
    if not checked.ok:
        return 1
    whole = texts is not None and not checked.problems
    report.say(f"ok: {checked.rows} rows in {checked.tables} tables" + ("; every anchor holds" if whole else ""))
    if texts is None:
        report.say(NOT_CHECKED)
    return 0


def run_build(options: argparse.Namespace, report: Report) -> int:
    """Validate, and write the tables that raw/ gives now (the default)."""
    from ..versions.release import plan
    from ..versions.store import remove_unreleased, write_unreleased

    texts, dataset = _texts(options), report.root / "dataset"
    schema = load_schema(report.root / "schema")
    checked = _check(report, schema, texts)
    if not checked.ok:
        return 1
    planned = plan(report.root, schema, checked.coding)
    for name in planned.version()[0].tables:
        report.say(f"  {name:<13}{len(planned.records[name]):>5} rows")
    report.tell([replace(problem, severity="warning") for problem in planned.problems])
    if planned.same:
        report.say(f"dataset/{planned.newest}: {planned.same}; nothing to write")
        if remove_unreleased(dataset):
            report.say(f"dataset/{UNRELEASED}: removed, because nothing is unreleased")
    else:
        folder, changed = write_unreleased(dataset, *planned.version())
        tables = len(list(folder.glob("*.csv")))
        how = "written" if changed else "unchanged, to the byte"
        report.say(f"dataset/{UNRELEASED}: {how}; {tables} tables as CSV and Parquet, accepted by frictionless")
        since = f", {planned.step.name} since {planned.newest}" if planned.newest else ""
        report.say(f"`release` would publish it as version {planned.number}{since}:\n{planned.description}")
    if texts is None:
        report.say(NOT_CHECKED)
    return 0


def run_anchor(options: argparse.Namespace, report: Report) -> int:
    """Turn `find:` in raw/articles/ into offsets and digests."""
    from ..annotations.anchor import anchor
    from ..tables.write import replace_text
    from ..texts.read import read_texts

    contents, count, problems = anchor(report.root / "raw", read_texts(options.articles))
    if problems:
        raise BuildError(problems)
    for number, (path, content) in enumerate(contents.items(), start=1):
        replace_text(path, content)
        report.done = f"{number} of {len(contents)} files written"
        report.say(f"{path.relative_to(report.root)}: written")
    report.say(f"{count} anchored" if count else "nothing to anchor")
    return 0


def run_new(options: argparse.Namespace, report: Report) -> int:
    """Write the skeleton of a new article."""
    from ..annotations.new_article import new_article
    from ..annotations.rows import read_coding
    from ..texts.must_code import find_codable
    from ..texts.read import read_text

    text = read_text(options.text)
    coding = read_coding(report.root / "raw", load_schema(report.root / "schema"))
    coding.gone = _gone(report.root / "dataset")
    path = new_article(report.root / "raw", text, options.text.stem, options.published, coding)
    places = len(find_codable(text.content))
    report.say(f"{path.relative_to(report.root)}: written, with {places} places to code or exclude")
    return 0


def run_rules(options: argparse.Namespace, report: Report) -> int:
    """List the rules, or explain one."""
    from ..rules.judge import RULES

    if options.id is None:
        width = max(map(len, RULES))
        for entry in RULES.values():
            report.say(f"{entry.id:<{width}}  {entry.reason}")
        return 0
    if options.id not in RULES:
        choice = nearest(options.id, RULES)
        print(f"no rule {options.id!r}" + (f"; did you mean {choice!r}?" if choice else ""), file=sys.stderr)
        return 2
    entry = RULES[options.id]
    report.say(f"{entry.id} ({entry.severity}): {entry.reason}\n")
    report.say(f"  passes: {entry.passes}\n  fails:  {entry.fails}\n  hint:   {entry.hint}")
    return 0


def run_release(options: argparse.Namespace, report: Report) -> int:
    """Compute the next version, and publish it for good."""
    from ..versions.numbering import Step
    from ..versions.release import plan
    from ..versions.store import locked, publish, remove_unreleased
    from ..versions.verify import sound

    dataset, released = report.root / "dataset", options.date
    if released is None and not options.dry_run:
        print("release: give --date YYYY-MM-DD, the day of the release", file=sys.stderr)
        return 2
    with nullcontext() if options.dry_run else locked(dataset):
        index = sound(dataset)
        for path in () if options.dry_run else _bring_up_to_date(report):
            report.say(f"{path.relative_to(report.root)}: brought to the newest published version")
        if released and index and released.isoformat() < index[-1]["released"]:
            found = f"{released} is before {index[-1]['released']}, the date of {index[-1]['version']}"
            raise BuildError([Problem("dataset", 0, 0, "release-date", found, hint="give the day of this release")])
        schema = load_schema(report.root / "schema")
        least = Step[(options.at_least or "none").upper()]
        planned = plan(report.root, schema, _valid(report, schema, _texts(options)), least)
        if planned.step is Step.NONE:
            report.say(f"nothing to do: {planned.newest} is published, and {planned.same}")
            return 0
        if planned.problems:
            raise BuildError(planned.problems)
        report.say(f"version {planned.number}{f', released {released}' if released else ''}\n{planned.description}")
        if options.dry_run or released is None:
            report.say("nothing was written")
            return 0
        folder = publish(dataset, *planned.version(planned.number, released.isoformat()))
        report.done = f"{folder.name} is published; run `release` again to bring the files that name it up to date"
        remove_unreleased(dataset)
        _bring_up_to_date(report)
        count = len(planned.changes)
        report.say(f"dataset/{folder.name}: published; its table `changes` has {count} row{'' if count == 1 else 's'}")
    return 0


def run_verify(options: argparse.Namespace, report: Report) -> int:
    """Check that published versions are unmodified."""
    from ..versions.release import plan
    from ..versions.verify import verify

    proved, problems = verify(report.root / "dataset", options.version)
    for line in proved:
        report.say(line)
    if problems:
        raise BuildError(problems)
    if options.version is None:
        schema = load_schema(report.root / "schema")
        planned = plan(report.root, schema, _valid(report, schema, None))
        if not planned.same:
            found = f"raw/ and schema/ are ahead of {planned.newest}, by what {planned.number} would change:"
            hint = "run release, or undo the changes"
            place = f"dataset/{planned.newest}"
            raise BuildError([Problem(place, 0, 0, "ahead", f"{found}\n{planned.description}", hint=hint)])
        report.say(f"{planned.newest}: {planned.same}")
    return 0


def run_diff(options: argparse.Namespace, report: Report) -> int:
    """Show what changed between two published versions, and why."""
    from ..versions.index import find_version, read_unmodified
    from ..versions.release import difference

    dataset = report.root / "dataset"
    known = [entry["version"] for entry in read_unmodified(dataset)]
    first, last = (known.index(find_version(dataset, number)["version"]) for number in (options.old, options.new))
    if first > last:
        print(f"diff: {options.old} is later than {options.new}; give the earlier one first", file=sys.stderr)
        return 2
    report.say(difference(dataset, known[first : last + 1]) or "nothing changed")
    return 0


def run_archive(options: argparse.Namespace, report: Report) -> int:
    """Write one zip file with a published version."""
    from ..versions.archive import archive
    from ..versions.index import sha256
    from ..versions.verify import sound

    sound(report.root / "dataset")
    # A relative folder is one of the project; `/` leaves an absolute one as it is.
    path = archive(report.root / "dataset", options.version, report.root / options.to)
    report.say(f"{path}: {path.stat().st_size:,} bytes, SHA-256 {sha256(path)}")
    return 0


def run_site(options: argparse.Namespace, report: Report) -> int:
    """Write a static page that shows the published versions."""
    from ..pages.site.page import make_site

    try:
        page = make_site(report.root, report.root / options.to)
    except (OSError, KeyboardInterrupt):
        report.done = "the page may not be complete"
        raise
    report.say(f"{page}: {page.stat().st_size:,} bytes")
    return 0


def run_docs(options: argparse.Namespace, report: Report) -> int:
    """Write the generated parts of README.md and docs/, which tell the newest published version."""
    for path in (changed := _bring_up_to_date(report)):
        report.say(f"{path.relative_to(report.root)}: written")
    if not changed:
        report.say("the generated parts are current")
    return 0


def _texts(options: argparse.Namespace) -> dict[str, Text] | None:
    from ..texts.read import read_texts

    return read_texts(options.articles) if options.articles else None


def _check(report: Report, schema: Schema, texts: dict[str, Text] | None) -> Checked:
    """Check raw/, with the ids that published versions took out, and print the problems."""
    from ..rules.check import check

    checked = check(report.root / "raw", schema, texts, _gone(report.root / "dataset"))
    report.tell(checked.problems)
    return checked


def _gone(dataset: Path) -> dict[str, str]:
    from ..versions.changes import gone_ids
    from ..versions.index import read_unmodified

    return gone_ids(dataset / entry["version"] for entry in read_unmodified(dataset)[1:])


def _valid(report: Report, schema: Schema, texts: dict[str, Text] | None) -> Coding:
    """The rows of raw/. Raises BuildError if there is an error; the problems are printed by then."""
    checked = _check(report, schema, texts)
    if not checked.ok:
        raise BuildError([])
    return checked.coding


def _bring_up_to_date(report: Report) -> list[Path]:
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
