"""The command line: arguments, and what happens when a command fails."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from ..problems import BuildError, Problem
from . import commands, releasing
from .report import Report


def main(root: Path, arguments: Sequence[str] | None = None) -> int:
    """Run one command on the project at `root`. Returns the exit code: 0, 1 with problems, or 2 for wrong usage."""
    # Looking for garbage every 700 objects takes a sixth of a build of 2,000 articles, and there is little to find.
    gc.set_threshold(100_000)
    options = _parser().parse_args(arguments)
    report = Report(options.root or root, json=options.format == "json")
    try:
        code = _run(options, report)
        report.end()
        return code
    except KeyboardInterrupt:
        print(f"interrupted; {report.done}", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read the output has had enough: what is left of it goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(options: argparse.Namespace, report: Report) -> int:
    """Run the command, and print errors as problems."""
    try:
        return int(options.run(options, report))
    except BuildError as error:
        problems = error.problems
    except BrokenPipeError:
        raise
    except OSError as error:
        place, hint = str(error.filename or report.root), "check the path, the permissions and the space on the disk"
        problems = [Problem(place, 0, 0, "file", f"cannot read or write: {error.strerror or error}", hint=hint)]
    report.tell(problems)
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
    subcommands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def command(run: Callable[..., int], *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        help = (run.__doc__ or "").strip()
        name = run.__name__.removeprefix("run_")
        added = subcommands.add_parser(name, parents=[common, *parents], help=help, description=help)
        added.set_defaults(run=run)
        return added

    command(commands.run_build, texts)
    command(commands.run_check, texts)
    anchor = command(commands.run_anchor)
    anchor.add_argument("--articles", type=Path, metavar="DIR", required=True, help="folder with the articles' texts")
    new = command(commands.run_new)
    new.add_argument("text", type=Path, metavar="TEXT", help="the text, in a file named after the article: art-003.txt")
    new.add_argument("--published", type=_day, metavar="DATE", required=True, help="YYYY-MM-DD")
    rules = command(commands.run_rules)
    rules.add_argument("id", nargs="?", metavar="ID", help="the rule to explain")
    release = command(releasing.run_release, texts)
    release.add_argument("--date", type=_day, metavar="DATE", help="day of the release, YYYY-MM-DD")
    release.add_argument("--at-least", choices=("patch", "minor", "major"), help="a larger step than computed")
    release.add_argument("--dry-run", action="store_true", help="say what would be published, and write nothing")
    verify = command(releasing.run_verify)
    whole = "one version (default: all, and that raw/ gives the newest)"
    verify.add_argument("version", nargs="?", metavar="VERSION", help=whole)
    diff = command(releasing.run_diff)
    diff.add_argument("old", metavar="OLD", help="the earlier version")
    diff.add_argument("new", metavar="NEW", help="the later version")
    archive = command(releasing.run_archive)
    archive.add_argument("version", metavar="VERSION", help="the version to pack")
    archive.add_argument("--to", type=Path, default=Path("dist"), metavar="DIR", help="folder for it (default: dist)")
    site = command(releasing.run_site)
    site.add_argument("--to", type=Path, default=Path("site"), metavar="DIR", help="folder for it (default: site)")
    command(releasing.run_docs)
    parser.set_defaults(run=commands.run_build, articles=None, root=None, format="text")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a valid date; write YYYY-MM-DD") from error
