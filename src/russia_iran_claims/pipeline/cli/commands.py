"""What each command does. A command takes its options and the report that it prints to, and returns the exit code.

Its docstring is its `--help` text.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ..problems import BuildError, Problem, nearest
from ..schema.load import Schema, load_schema
from .report import Report

# Each command imports what it needs: most of them need neither pyarrow nor frictionless.
if TYPE_CHECKING:
    from ..annotations.rows import Coding
    from ..tables.derive import Records
    from ..texts.read import Text

NOT_CHECKED = "anchors not checked: give --articles DIR to hold every anchor against the texts"


def run_check(options: argparse.Namespace, report: Report) -> int:
    """Validate only; write nothing."""
    from ..rules.check import check
    from ..rules.texts.coverage import progress

    texts = _texts(options)
    schema = load_schema(report.root / "schema")
    checked = check(report.root / "raw", schema, texts)
    report.tell(checked.problems)
    for article, (done, total) in progress(checked.coding, texts).items() if texts else ():
        if done < total:
            left = f"{total - done} to do"
            report.say(f"{article}: {done} of {total} quoted runs, numbers and dates coded or excluded, {left}")
    if not checked.ok:
        return 1
    tables = len(checked.coding.tables) - len(schema.inputs)
    whole = texts is not None and not checked.problems
    report.say(f"ok: {checked.rows} rows in {tables} tables" + ("; every anchor holds" if whole else ""))
    if texts is None:
        report.say(NOT_CHECKED)
    return 0


def run_build(options: argparse.Namespace, report: Report) -> int:
    """Validate, and write the tables (the default)."""
    from ..rules.check import check
    from ..versions.store import build

    texts = _texts(options)
    schema = load_schema(report.root / "schema")
    checked = check(report.root / "raw", schema, texts)
    report.tell(checked.problems)
    if not checked.ok:
        return 1
    records = _records(report.root, schema, checked.coding)
    folder, changed = build(report.root / "dataset", schema, records)
    for name, rows in records.items():
        report.say(f"  {name:<13}{len(rows):>5} rows")
    where = folder.relative_to(report.root)
    report.say(f"{where}: version {schema.version}, {len(records)} tables as CSV and Parquet, accepted by frictionless")
    report.say(f"{where}: {'written' if changed else 'unchanged, to the byte'}")
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
    from ..rules.check import valid
    from ..versions.numbering import Step
    from ..versions.release import plan
    from ..versions.store import locked, publish, read_index

    root = report.root
    if options.date is None and not options.dry_run and read_index(root / "dataset"):
        print("release: give --date YYYY-MM-DD, the day of the release", file=sys.stderr)
        return 2
    with nullcontext() if options.dry_run else locked(root / "dataset"):
        for path in () if options.dry_run else _bring_up_to_date(report):
            report.say(f"{path.relative_to(root)}: brought to the newest published version")
        schema = load_schema(root / "schema")
        coding = valid(root / "raw", schema, _texts(options))
        released = options.date or date.fromisoformat(schema.dataset["released"])
        planned = plan(root, schema, coding, released, Step[(options.at_least or "none").upper()])
        if planned is None:
            report.say(f"nothing to do: raw/ and schema/ give version {schema.version} as it is published")
            return 0
        report.say(f"version {planned.schema.version}, released {released}")
        for reason in planned.reasons:
            report.say(f"  {reason}")
        if options.dry_run:
            report.say("nothing was written")
            return 0
        folder = publish(root / "dataset", planned.schema, planned.records)
        report.done = f"{folder.name} is published; run `release` again to bring the files that name it up to date"
        _bring_up_to_date(report)
        report.say(f"{folder.relative_to(root)}: published, with {len(planned.changes)} changed cells")
    return 0


def run_verify(options: argparse.Namespace, report: Report) -> int:
    """Check that published versions are unmodified."""
    from ..rules.check import valid
    from ..versions.verify import rebuilt, verify

    proved, problems = verify(report.root / "dataset", options.version)
    for line in proved:
        report.say(line)
    if problems:
        raise BuildError(problems)
    if options.version is None:
        schema = load_schema(report.root / "schema")
        records = _records(report.root, schema, valid(report.root / "raw", schema))
        report.say(rebuilt(report.root / "dataset", schema, records))
    return 0


def run_diff(options: argparse.Namespace, report: Report) -> int:
    """Show what changed between two published versions."""
    from ..versions.changes import changes_of, compare
    from ..versions.release import describe
    from ..versions.store import read_index
    from ..versions.version import from_folder

    dataset = report.root / "dataset"
    known = [entry["version"] for entry in read_index(dataset)]
    for number in (options.old, options.new):
        if number not in known:
            found = f"there is no published version {number}; there are: {', '.join(known) or 'none'}"
            raise BuildError([Problem("dataset/versions.json", 0, 0, "diff", found)])
    old, new = (from_folder(dataset / number) for number in (options.old, options.new))
    reasons = {}
    for number in known[known.index(options.old) + 1 : known.index(options.new) + 1]:
        for change in changes_of(from_folder(dataset / number)):
            reasons[change.table, change.id, change.column] = change.reason
    changes = [change._replace(reason=reasons.get(change[:3])) for change in compare(old, new)]
    report.say(describe(old, new, changes) or "nothing changed")
    return 0


def run_archive(options: argparse.Namespace, report: Report) -> int:
    """Write one zip file with a published version."""
    from ..versions.archive import archive
    from ..versions.store import sha256

    # A relative folder is one of the project; `/` leaves an absolute one as it is.
    path = archive(report.root, options.version, report.root / options.to)
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
    """Write the generated parts of README.md and docs/."""
    from ..pages.docs import render_docs, write_pages
    from ..rules.check import valid
    from ..tables.derive import derive

    schema = load_schema(report.root / "schema")
    pages = render_docs(report.root, schema, derive(valid(report.root / "raw", schema)))
    report.done = "some of the pages may be written"
    changed = write_pages(pages)
    for path in changed:
        report.say(f"{path.relative_to(report.root)}: written")
    if not changed:
        report.say("the generated parts are current")
    return 0


def _texts(options: argparse.Namespace) -> dict[str, Text] | None:
    from ..texts.read import read_texts

    return read_texts(options.articles) if options.articles else None


def _records(root: Path, schema: Schema, coding: Coding) -> Records:
    """The rows of every table of the version, including `changes`."""
    from ..tables.derive import derive
    from ..versions.release import add_changes

    records = derive(coding)
    add_changes(root, schema, coding, records)
    return records


def _bring_up_to_date(report: Report) -> list[Path]:
    """Update every file that names the newest version. Returns the files that changed."""
    from ..pages.docs import published_records, render_docs, write_pages
    from ..versions.release import bring_up_to_date
    from ..versions.store import read_index

    root, before = report.root, report.done
    index = read_index(root / "dataset")
    if before == "nothing was written":
        report.done = "some of the files that name the newest version may be updated"
    changed = bring_up_to_date(root)
    if index and (root / "README.md").exists():
        schema = load_schema(root / "schema")
        folder = root / "dataset" / index[-1]["version"]
        changed += write_pages(render_docs(root, schema, published_records(schema, folder)))
    if not changed:
        report.done = before
    return changed
