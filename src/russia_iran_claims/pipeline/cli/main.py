"""The command line: arguments, and how a command ends."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ..problems import BuildError, Problem
from ..schema.load import SchemaError
from . import commands
from .report import print_problems


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
        print_problems(error.problems, root, options)
        return 1
    except BrokenPipeError:
        raise
    except OSError as error:
        found = f"found that {error.filename or 'a file'} cannot be written or read ({error.strerror or error})"
        print_problems([Problem(str(root), 0, 0, "file", f"{found}, expected that it can")], root, options)
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
    subcommands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def command(name: str, run: object, help: str, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        added = subcommands.add_parser(name, parents=[common, *parents], help=help, description=help)
        added.set_defaults(run=run)
        return added

    command("build", commands.run_build, "validate, and publish the version of schema/dataset.json (default)", texts)
    command("check", commands.run_check, "validate alone, publish nothing", texts)
    anchor = command("anchor", commands.run_anchor, "turn `find:` in raw/articles/ into offsets and digests")
    anchor.add_argument("--articles", type=Path, metavar="DIR", required=True, help="folder with the articles' texts")
    new = command("new", commands.run_new, "write the skeleton for a new article")
    new.add_argument("text", type=Path, metavar="TEXT", help="the text, in a file named after the article: art-003.txt")
    new.add_argument("--published", type=_day, metavar="DATE", required=True, help="YYYY-MM-DD")
    rules = command("rules", commands.run_rules, "list the rules, or explain one")
    rules.add_argument("id", nargs="?", metavar="ID", help="the rule to explain")
    release = command("release", commands.run_release, "compute the next version, and publish it for good", texts)
    release.add_argument("--date", type=_day, metavar="DATE", help="day of the release, YYYY-MM-DD")
    release.add_argument("--at-least", choices=("patch", "minor", "major"), help="a larger step than computed")
    release.add_argument("--dry-run", action="store_true", help="say what would be published, and write nothing")
    verify = command("verify", commands.run_verify, "prove that published versions are what they were")
    verify.add_argument(
        "version", nargs="?", metavar="VERSION", help="one version (default: all, and that raw/ gives the newest)"
    )
    diff = command("diff", commands.run_diff, "show what changed between two published versions")
    diff.add_argument("old", metavar="OLD")
    diff.add_argument("new", metavar="NEW")
    archive = command("archive", commands.run_archive, "make the file for the download page")
    archive.add_argument("version", metavar="VERSION")
    archive.add_argument("--to", type=Path, default=Path("dist"), metavar="DIR", help="folder for it (default: dist)")
    site = command("site", commands.run_site, "make the page that shows the published versions, for any static host")
    site.add_argument("--to", type=Path, default=Path("site"), metavar="DIR", help="folder for it (default: site)")
    command("docs", commands.run_docs, "write the generated parts of README.md and docs/ anew")
    parser.set_defaults(run=commands.run_build, articles=None, root=None, format="text")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day, expected YYYY-MM-DD") from error
