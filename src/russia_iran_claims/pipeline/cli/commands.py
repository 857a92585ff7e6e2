"""The commands for raw/. Each takes its options and the report that it prints to, and returns the exit code.

A docstring is the `--help` text of its command. Each command imports what it needs: most of them need neither pyarrow
nor frictionless.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

from ..io.files import write
from ..io.problems import BuildError, nearest
from ..schema.load import load_schema
from ..schema.model import UNRELEASED
from .report import Report
from .steps import check_raw, gone_of, texts_of, try_docs

NOT_CHECKED = "anchors not checked: give --articles DIR to hold every anchor against the texts"


def run_check(options: argparse.Namespace, report: Report) -> int:
    """Validate only; write nothing."""
    from ..rules.texts.coverage import progress

    texts = texts_of(options)
    schema = load_schema(report.root / "schema")
    checked = check_raw(report, schema, texts)
    for article, (done, total) in progress(checked.coding, texts).items() if texts else ():
        if done < total:
            left = f"{total - done} to do"
            report.say(f"{article}: {done} of {total} quoted runs, numbers and dates coded or excluded, {left}")
    if not checked.ok:
        return 1
    whole = texts is not None and all(problem.rule != "text-missing" for problem in checked.problems)
    report.say(f"ok: {checked.rows} rows in {checked.tables} tables" + ("; every anchor holds" if whole else ""))
    if texts is None:
        report.say(NOT_CHECKED)
    return 0


def run_build(options: argparse.Namespace, report: Report) -> int:
    """Validate, and write the tables that raw/ gives now (the default)."""
    from ..versions.release import plan
    from ..versions.store import remove_unreleased, write_unreleased

    texts, dataset = texts_of(options), report.root / "dataset"
    schema = load_schema(report.root / "schema")
    checked = check_raw(report, schema, texts)
    if not checked.ok:
        return 1
    planned = plan(report.root, schema, checked.coding)
    try_docs(report, planned)
    unreleased, records = planned.version()
    for name in unreleased.tables:
        report.say(f"  {name:<13}{len(records[name]):>5} rows")
    report.tell([replace(problem, severity="warning") for problem in planned.problems])
    if planned.same:
        report.say(f"dataset/{planned.newest}: {planned.same}; nothing to write")
        if remove_unreleased(dataset):
            report.say(f"dataset/{UNRELEASED}: removed, because nothing is unreleased")
    else:
        folder, changed = write_unreleased(dataset, unreleased, records)
        tables = len(list(folder.glob("*.csv")))
        how = "written" if changed else "unchanged, to the byte"
        report.say(f"dataset/{UNRELEASED}: {how}; {tables} tables as CSV and Parquet, accepted by frictionless")
        early = (
            ", which counts as MINOR below 1.0.0"
            if planned.step.name == "MAJOR" and planned.number.startswith("0.")
            else ""
        )
        since = f" ({planned.step.name} since {planned.newest}{early})" if planned.newest else ""
        report.say(f"`release` would publish it as version {planned.number}{since}:\n{planned.description}")
    if texts is None:
        report.say(NOT_CHECKED)
    return 0


def run_anchor(options: argparse.Namespace, report: Report) -> int:
    """Turn `find:` in raw/articles/ into offsets and digests."""
    from ..annotations.anchor import anchor
    from ..texts.read import read_texts

    contents, count, problems = anchor(report.root / "raw", read_texts(options.articles))
    if problems:
        raise BuildError(problems)
    for number, (path, content) in enumerate(contents.items(), start=1):
        write(path, content)
        report.done = f"{number} of {len(contents)} files written"
        report.say(f"{path.relative_to(report.root)}: written")
    report.say(f"{count} anchored" if count else "nothing to anchor")
    return 0


def run_new(options: argparse.Namespace, report: Report) -> int:
    """Write the skeleton of a new article."""
    from ..annotations.new_article import new_article
    from ..annotations.rows import read_coding
    from ..texts.must_code import find_codable
    from ..texts.read import read_article

    text = read_article(options.text)
    coding = read_coding(report.root / "raw", load_schema(report.root / "schema"))
    # The ids in a file that cannot be read would seem to be free.
    unread = [problem for problem in coding.problems if problem.rule.startswith(("file", "yaml-", "encoding"))]
    # What is not there yet has none: the first article of a project begins in an empty folder.
    found = {problem: report.root / problem.path for problem in unread if problem.severity == "error"}
    if problems := [problem for problem, path in found.items() if path.is_file() or path.is_symlink()]:
        raise BuildError(problems)
    coding.gone = gone_of(report.root / "dataset")
    path = new_article(report.root / "raw", text, options.text.stem, options.published, options.language, coding)
    places = len(find_codable(text.content, options.language))
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
        return report.usage(f"no rule {options.id!r}" + (f"; did you mean {choice!r}?" if choice else ""))
    entry = RULES[options.id]
    report.say(f"{entry.id} ({entry.severity}): {entry.reason}\n")
    report.say(f"  passes: {entry.passes}\n  fails:  {entry.fails}\n  hint:   {entry.hint}")
    return 0
