"""What each command does."""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext
from datetime import date
from pathlib import Path

from ..problems import BuildError, Problem
from ..schema.load import load_schema
from .report import print_problems

NOT_CHECKED = "anchors not checked: give --articles DIR to hold every anchor against the texts"


def run_check(root: Path, options: argparse.Namespace) -> int:
    from ..rules.check import check
    from ..rules.texts.coverage import progress
    from ..texts.read import read_texts

    texts = read_texts(options.articles) if options.articles else None
    schema = load_schema(root / "schema")
    checked = check(root / "raw", schema, texts)
    if checked.problems or options.format == "json":
        print_problems(checked.problems, root, options)
    if options.format == "json":
        return 0 if checked.ok else 1
    for article, (done, total) in progress(checked.coding, texts).items() if texts else ():
        if done < total:
            print(
                f"{article}: {done} of {total} quoted runs, numbers and dates coded or excluded, {total - done} to do"
            )
    if not checked.ok:
        return 1
    tables = len(checked.coding.tables) - len(schema.inputs)
    whole = texts is not None and not checked.problems
    print(f"ok: {checked.rows} rows in {tables} tables" + ("; every anchor holds" if whole else ""))
    if texts is None:
        print(NOT_CHECKED)
    return 0


def run_build(root: Path, options: argparse.Namespace) -> int:
    from ..rules.check import check
    from ..tables.derive import derive
    from ..texts.read import read_texts
    from ..versions.release import add_changes
    from ..versions.store import build

    texts = read_texts(options.articles) if options.articles else None
    schema = load_schema(root / "schema")
    checked = check(root / "raw", schema, texts)
    if checked.problems:
        print_problems(checked.problems, root, options)
    if not checked.ok:
        return 1
    records = derive(checked.coding)
    add_changes(root, schema, checked.coding, records)
    folder, changed = build(root / "dataset", schema, records)
    for name, rows in records.items():
        print(f"  {name:<13}{len(rows):>5} rows")
    where = folder.relative_to(root)
    print(f"{where}: version {schema.version}, {len(records)} tables as CSV and Parquet, accepted by frictionless")
    print(f"{where}: {'written' if changed else 'unchanged, to the byte'}")
    if texts is None:
        print(NOT_CHECKED)
    return 0


def run_anchor(root: Path, options: argparse.Namespace) -> int:
    from ..annotations.anchor import anchor
    from ..tables.write import replace_text
    from ..texts.read import read_texts

    contents, count, problems = anchor(root / "raw", read_texts(options.articles))
    if problems:
        raise BuildError(problems)
    for path, content in contents.items():
        replace_text(path, content)
        print(f"{path.relative_to(root)}: written")
    print(f"{count} anchored" if count else "nothing to anchor")
    return 0


def run_new(root: Path, options: argparse.Namespace) -> int:
    from ..annotations.new import new_article
    from ..annotations.rows import read_coding
    from ..texts.must_code import find_codable
    from ..texts.read import read_text

    text = read_text(options.text)
    coding = read_coding(root / "raw", load_schema(root / "schema"))
    path = new_article(root / "raw", text, options.text.stem, options.published, coding)
    print(f"{path.relative_to(root)}: written, with {len(find_codable(text.content))} places to code or exclude")
    return 0


def run_rules(root: Path, options: argparse.Namespace) -> int:
    from ..problems import nearest
    from ..rules.judge import RULES

    if options.id is None:
        width = max(map(len, RULES))
        for entry in RULES.values():
            print(f"{entry.id:<{width}}  {entry.reason}")
        return 0
    if options.id not in RULES:
        choice = nearest(options.id, RULES)
        print(f"no rule {options.id!r}" + (f"; did you mean {choice!r}?" if choice else ""), file=sys.stderr)
        return 2
    entry = RULES[options.id]
    print(f"{entry.id} ({entry.severity}): {entry.reason}\n")
    print(f"  passes: {entry.passes}\n  fails:  {entry.fails}\n  hint:   {entry.hint}")
    return 0


def run_release(root: Path, options: argparse.Namespace) -> int:
    from ..rules.check import valid
    from ..texts.read import read_texts
    from ..versions.release import plan
    from ..versions.step import Step
    from ..versions.store import locked, read_index, release

    if options.date is None and not options.dry_run and read_index(root / "dataset"):
        print("release: give --date YYYY-MM-DD, the day of the release: no clock is asked", file=sys.stderr)
        return 2
    with nullcontext() if options.dry_run else locked(root / "dataset"):
        for path in () if options.dry_run else _bring_up_to_date(root):
            print(f"{path.relative_to(root)}: brought to the newest published version")
        schema = load_schema(root / "schema")
        coding = valid(root / "raw", schema, read_texts(options.articles) if options.articles else None)
        released = options.date or date.fromisoformat(schema.dataset["released"])
        made = plan(root, schema, coding, released, Step[(options.at_least or "none").upper()])
        if made is None:
            print(f"nothing to do: raw/ and schema/ give version {schema.version} as it is published")
            return 0
        print(f"version {made.schema.version}, released {made.schema.dataset['released']}")
        for reason in made.reasons:
            print(f"  {reason}")
        if options.dry_run:
            print("nothing was written")
            return 0
        folder = release(root / "dataset", made.schema, made.records)
        print(f"{folder.relative_to(root)}: published, with {len(made.changes)} changed cells")
        _bring_up_to_date(root)
    return 0


def _bring_up_to_date(root: Path) -> list[Path]:
    """Have every file that names the newest version name the one that is published."""
    from ..pages.docs import published_records, write_docs
    from ..versions.release import bring_up_to_date
    from ..versions.store import read_index

    changed, index = bring_up_to_date(root), read_index(root / "dataset")
    if index and (root / "README.md").exists():
        schema = load_schema(root / "schema")
        folder = root / "dataset" / index[-1]["version"]
        changed += write_docs(root, schema, published_records(schema, folder))
    return changed


def run_verify(root: Path, options: argparse.Namespace) -> int:
    from ..rules.check import valid
    from ..tables.derive import derive
    from ..versions.release import add_changes
    from ..versions.verify import rebuilt, verify

    proved, problems = verify(root / "dataset", options.version)
    for line in proved:
        print(line)
    if problems:
        raise BuildError(problems)
    if options.version is None:
        schema = load_schema(root / "schema")
        coding = valid(root / "raw", schema)
        records = derive(coding)
        add_changes(root, schema, coding, records)
        print(rebuilt(root / "dataset", schema, records))
    return 0


def run_diff(root: Path, options: argparse.Namespace) -> int:
    from ..versions.changes import changes_of, compare
    from ..versions.release import describe
    from ..versions.store import read_index
    from ..versions.version import from_folder

    known = [entry["version"] for entry in read_index(root / "dataset")]
    for number in (options.old, options.new):
        if number not in known:
            found = f"found no published version {number}, expected one of: {', '.join(known) or 'none'}"
            raise BuildError([Problem("dataset/versions.json", 0, 0, "diff", found)])
    old, new = (from_folder(root / "dataset" / number) for number in (options.old, options.new))
    between = known[known.index(options.old) + 1 : known.index(options.new) + 1]
    reasons = {}
    for number in between:
        for change in changes_of(from_folder(root / "dataset" / number)):
            reasons[change.table, change.id, change.column] = change.reason
    changes = [change._replace(reason=reasons.get(change[:3])) for change in compare(old, new)]
    print(describe(old, new, changes) or "nothing changed")
    return 0


def run_archive(root: Path, options: argparse.Namespace) -> int:
    from ..versions.archive import archive
    from ..versions.store import sha256

    path = archive(root, options.version, options.to if options.to.is_absolute() else root / options.to)
    print(f"{path}: {path.stat().st_size:,} bytes, SHA-256 {sha256(path)}")
    return 0


def run_site(root: Path, options: argparse.Namespace) -> int:
    from ..pages.site.page import make_site

    page = make_site(root, options.to if options.to.is_absolute() else root / options.to)
    print(f"{page}: {page.stat().st_size:,} bytes")
    return 0


def run_docs(root: Path, options: argparse.Namespace) -> int:
    from ..pages.docs import write_docs
    from ..rules.check import valid
    from ..tables.derive import derive

    schema = load_schema(root / "schema")
    changed = write_docs(root, schema, derive(valid(root / "raw", schema)))
    for path in changed:
        print(f"{path.relative_to(root)}: written")
    if not changed:
        print("the generated parts are current")
    return 0
