"""The command line: `check` judges what curators wrote, `build` publishes it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from .problems import BuildError, Problem
from .schemas import SchemaError, load_schema

NOT_CHECKED = "anchors not checked: give --articles DIR to hold every anchor against the texts"


def main(root: Path, arguments: Sequence[str] | None = None) -> int:
    """Run one command over the project at `root`. Gives the exit code: 0, or 1 with a list of problems."""
    options = _parser().parse_args(arguments)
    root = options.root or root
    try:
        return int(options.run(root, options))
    except BuildError as error:
        return _failed(error.problems)
    except SchemaError as error:
        print(f"schema: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build_dataset.py", description="Validate the annotations and publish the tables."
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--articles", type=Path, metavar="DIR", help="folder with the articles' texts, to check every anchor"
    )
    common.add_argument("--root", type=Path, metavar="DIR", help="project folder (default: that of build_dataset.py)")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    build = commands.add_parser(
        "build", parents=[common], help="validate and publish the version of schema/dataset.json (default)"
    )
    build.set_defaults(run=_build)
    check = commands.add_parser("check", parents=[common], help="validate alone, write nothing")
    check.set_defaults(run=_check)
    docs = commands.add_parser("docs", parents=[common], help="write the generated parts of README.md and docs/ anew")
    docs.set_defaults(run=_docs)
    parser.set_defaults(run=_build, articles=None, root=None)
    return parser


def _check(root: Path, options: argparse.Namespace) -> int:
    from .check import check
    from .texts import read_texts

    texts = read_texts(options.articles) if options.articles else None
    coding, warnings = check(root / "raw", load_schema(root / "schema"), texts)
    _print(warnings)
    rows = sum(len(rows) for rows in coding.tables.values())
    print(f"ok: {rows} rows in {len(coding.tables)} tables" + ("; every anchor holds" if texts else ""))
    if texts is None:
        print(NOT_CHECKED)
    return 0


def _build(root: Path, options: argparse.Namespace) -> int:
    from .check import check
    from .derive import derive
    from .publish import publish
    from .texts import read_texts

    texts = read_texts(options.articles) if options.articles else None
    schema = load_schema(root / "schema")
    coding, warnings = check(root / "raw", schema, texts)
    _print(warnings)
    records = derive(coding)
    folder, changed = publish(root / "dataset", schema, records)
    for name, rows in records.items():
        print(f"  {name:<13}{len(rows):>5} rows")
    where = folder.relative_to(root)
    print(f"{where}: version {schema.version}, {len(records)} tables as CSV and Parquet, accepted by frictionless")
    print(f"{where}: {'written' if changed else 'unchanged, to the byte'}")
    if texts is None:
        print(NOT_CHECKED)
    return 0


def _docs(root: Path, options: argparse.Namespace) -> int:
    from .check import check
    from .derive import derive
    from .docs import write_docs

    schema = load_schema(root / "schema")
    coding, _ = check(root / "raw", schema, None)
    changed = write_docs(root, schema, derive(coding))
    for path in changed:
        print(f"{path.relative_to(root)}: written")
    if not changed:
        print("the generated parts are current")
    return 0


def _failed(problems: list[Problem]) -> int:
    _print(problems)
    count = sum(problem.severity == "error" for problem in problems)
    print(f"{count} problem{'s' if count != 1 else ''}; nothing was written", file=sys.stderr)
    return 1


def _print(problems: list[Problem]) -> None:
    for problem in problems:
        print(problem, file=sys.stderr)
