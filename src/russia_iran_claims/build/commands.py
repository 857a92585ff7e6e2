"""The command line: what a curator does with the annotations, from a new article to a published version."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from pathlib import Path

from .problems import BuildError, Problem
from .schemas import SchemaError, load_schema

NOT_CHECKED = "anchors not checked: give --articles DIR to hold every anchor against the texts"


def main(root: Path, arguments: Sequence[str] | None = None) -> int:
    """Run one command over the project at `root`. Gives the exit code: 0, or 1 with a list of problems."""
    # Looking for garbage every 700 objects takes a fifth of a build of 2,000 articles, and there is little to find.
    gc.set_threshold(20_000)
    options = _parser().parse_args(arguments)
    root = options.root or root
    try:
        code = _run(root, options)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("interrupted; what is published is as it was", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read the output has had enough: what is left of it goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(root: Path, options: argparse.Namespace) -> int:
    """Run the command, and print what it cannot do as problems."""
    try:
        return int(options.run(root, options))
    except BuildError as error:
        _print(error.problems, root, options)
        return 1
    except BrokenPipeError:
        raise
    except OSError as error:
        found = f"found that {error.filename or 'a file'} cannot be written or read ({error.strerror or error})"
        _print([Problem(str(root), 0, 0, "file", f"{found}, expected that it can")], root, options)
        return 1
    except SchemaError as error:
        print(f"schema: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build_dataset.py", description="Validate the annotations and publish the tables."
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--root", type=Path, metavar="DIR", help="project folder (default: that of build_dataset.py)")
    common.add_argument("--format", choices=("text", "json"), default="text", help="how problems are printed")
    texts = argparse.ArgumentParser(add_help=False)
    texts.add_argument("--articles", type=Path, metavar="DIR", help="folder with the articles' texts, for every anchor")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def command(name: str, run: object, help: str, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        added = commands.add_parser(name, parents=[common, *parents], help=help, description=help)
        added.set_defaults(run=run)
        return added

    command("build", _build, "validate, and publish the version of schema/dataset.json (default)", texts)
    command("check", _check, "validate alone, publish nothing", texts)
    anchor = command("anchor", _anchor, "turn `find:` in raw/articles/ into offsets and digests")
    anchor.add_argument("--articles", type=Path, metavar="DIR", required=True, help="folder with the articles' texts")
    new = command("new", _new, "write the skeleton for a new article")
    new.add_argument("text", type=Path, metavar="TEXT", help="the text, in a file named after the article: art-003.txt")
    new.add_argument("--published", type=_day, metavar="DATE", required=True, help="YYYY-MM-DD")
    rules = command("rules", _rules, "list the rules, or explain one")
    rules.add_argument("id", nargs="?", metavar="ID", help="the rule to explain")
    release = command("release", _release, "compute the next version, and publish it for good", texts)
    release.add_argument("--date", type=_day, metavar="DATE", help="day of the release, YYYY-MM-DD")
    release.add_argument("--at-least", choices=("patch", "minor", "major"), help="a larger step than computed")
    release.add_argument("--dry-run", action="store_true", help="say what would be published, and write nothing")
    verify = command("verify", _verify, "prove that published versions are what they were")
    verify.add_argument(
        "version", nargs="?", metavar="VERSION", help="one version (default: all, and that raw/ gives the newest)"
    )
    diff = command("diff", _diff, "show what changed between two published versions")
    diff.add_argument("old", metavar="OLD")
    diff.add_argument("new", metavar="NEW")
    archive = command("archive", _archive, "make the file for the download page")
    archive.add_argument("version", metavar="VERSION")
    archive.add_argument("--to", type=Path, default=Path("dist"), metavar="DIR", help="folder for it (default: dist)")
    site = command("site", _site, "make the page that shows the published versions, for any static host")
    site.add_argument("--to", type=Path, default=Path("site"), metavar="DIR", help="folder for it (default: site)")
    command("docs", _docs, "write the generated parts of README.md and docs/ anew")
    parser.set_defaults(run=_build, articles=None, root=None, format="text")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day, expected YYYY-MM-DD") from error


def _check(root: Path, options: argparse.Namespace) -> int:
    from .check import check
    from .rules.coverage import progress
    from .texts import read_texts

    texts = read_texts(options.articles) if options.articles else None
    schema = load_schema(root / "schema")
    checked = check(root / "raw", schema, texts)
    if checked.problems or options.format == "json":
        _print(checked.problems, root, options)
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


def _build(root: Path, options: argparse.Namespace) -> int:
    from .check import check
    from .derive import derive
    from .publish import build
    from .releasing import carried_changes
    from .texts import read_texts

    texts = read_texts(options.articles) if options.articles else None
    schema = load_schema(root / "schema")
    checked = check(root / "raw", schema, texts)
    if checked.problems:
        _print(checked.problems, root, options)
    if not checked.ok:
        return 1
    records = derive(checked.coding)
    carried_changes(root, schema, checked.coding, records)
    folder, changed = build(root / "dataset", schema, records)
    for name, rows in records.items():
        print(f"  {name:<13}{len(rows):>5} rows")
    where = folder.relative_to(root)
    print(f"{where}: version {schema.version}, {len(records)} tables as CSV and Parquet, accepted by frictionless")
    print(f"{where}: {'written' if changed else 'unchanged, to the byte'}")
    if texts is None:
        print(NOT_CHECKED)
    return 0


def _anchor(root: Path, options: argparse.Namespace) -> int:
    from .anchoring import anchor
    from .files import replace_text
    from .texts import read_texts

    contents, count, problems = anchor(root / "raw", read_texts(options.articles))
    if problems:
        raise BuildError(problems)
    for path, content in contents.items():
        replace_text(path, content)
        print(f"{path.relative_to(root)}: written")
    print(f"{count} anchored" if count else "nothing to anchor")
    return 0


def _new(root: Path, options: argparse.Namespace) -> int:
    from .codable import find_codable
    from .rows import read_coding
    from .skeleton import new_article
    from .texts import read_text

    text = read_text(options.text)
    coding = read_coding(root / "raw", load_schema(root / "schema"))
    path = new_article(root / "raw", text, options.text.stem, options.published, coding)
    print(f"{path.relative_to(root)}: written, with {len(find_codable(text.content))} places to code or exclude")
    return 0


def _rules(root: Path, options: argparse.Namespace) -> int:
    from .rules import RULES
    from .suggest import nearest

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


def _release(root: Path, options: argparse.Namespace) -> int:
    from .check import valid
    from .publish import locked, read_index, release
    from .releasing import plan, settle
    from .texts import read_texts
    from .versioning import Step

    if options.date is None and not options.dry_run and read_index(root / "dataset"):
        print("release: give --date YYYY-MM-DD, the day of the release: no clock is asked", file=sys.stderr)
        return 2
    with nullcontext() if options.dry_run else locked(root / "dataset"):
        for path in () if options.dry_run else settle(root):
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
        settle(root)
    return 0


def _verify(root: Path, options: argparse.Namespace) -> int:
    from .check import valid
    from .derive import derive
    from .releasing import carried_changes
    from .verify import rebuilt, verify

    proved, problems = verify(root / "dataset", options.version)
    for line in proved:
        print(line)
    if problems:
        raise BuildError(problems)
    if options.version is None:
        schema = load_schema(root / "schema")
        coding = valid(root / "raw", schema)
        records = derive(coding)
        carried_changes(root, schema, coding, records)
        print(rebuilt(root / "dataset", schema, records))
    return 0


def _diff(root: Path, options: argparse.Namespace) -> int:
    from .canon import from_folder
    from .changes import changes_of, compare
    from .publish import read_index
    from .releasing import describe

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


def _archive(root: Path, options: argparse.Namespace) -> int:
    from .archive import archive
    from .publish import sha256

    path = archive(root, options.version, options.to if options.to.is_absolute() else root / options.to)
    print(f"{path}: {path.stat().st_size:,} bytes, SHA-256 {sha256(path)}")
    return 0


def _site(root: Path, options: argparse.Namespace) -> int:
    from .site.making import make_site

    page = make_site(root, options.to if options.to.is_absolute() else root / options.to)
    print(f"{page}: {page.stat().st_size:,} bytes")
    return 0


def _docs(root: Path, options: argparse.Namespace) -> int:
    from .check import valid
    from .derive import derive
    from .docs import write_docs

    schema = load_schema(root / "schema")
    changed = write_docs(root, schema, derive(valid(root / "raw", schema)))
    for path in changed:
        print(f"{path.relative_to(root)}: written")
    if not changed:
        print("the generated parts are current")
    return 0


def _print(problems: list[Problem], root: Path, options: argparse.Namespace) -> None:
    from .report import as_json, as_text, summary

    if options.format == "json":
        print(as_json(problems))
        return
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    print(as_text(problems, root, colour=colour))
    failed = any(problem.severity == "error" for problem in problems)
    print(f"{summary(problems)}{'; nothing was written' if failed else ''}")
