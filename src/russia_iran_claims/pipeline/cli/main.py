"""The command line: arguments, and what happens when a command fails or is stopped."""

from __future__ import annotations

import argparse
import gc
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from types import FrameType

from ..io.problems import BuildError, Problem, printable
from . import commands, comparing, releasing, reviewing
from .report import Report
from .steps import clear_leftovers, name_leftovers


def main(root: Path, arguments: Sequence[str] | None = None) -> int:
    """Run one command on the project at `root`.

    Returns the exit code: 0; 1 with problems or if the output cannot be written; 2 for wrong usage; 128 and the
    number of the signal if it was stopped by INT, TERM or HUP.
    """
    # Looking for garbage every 700 objects takes a sixth of a build of 2,000 articles, and there is little to find.
    gc.set_threshold(100_000)
    _open_streams()
    report = Report(root)
    with _stoppable():
        try:
            options = _parser().parse_args(arguments)
            report = Report(options.root or root, json=options.format == "json", writes=bool(options.writes))
            return report.end(_run(options, report))
        except KeyboardInterrupt as stop:
            return report.stopped(stop.args[0] if stop.args else signal.SIGINT)
        except SystemExit as usage:  # from argparse, which has printed by then
            return report.end(int(usage.code or 0))


def _run(options: argparse.Namespace, report: Report) -> int:
    """Run the command, and print errors as problems."""
    try:
        if not report.root.is_dir():
            hint = "run the command in the project's folder, or give it with --root"
            problem = Problem(printable(str(report.root)), 0, 0, "root", "there is no such folder", hint=hint)
            raise BuildError([problem])
        if options.writes:
            clear_leftovers(report.root)
        elif options.writes is False:
            name_leftovers(report)
        return int(options.run(options, report))
    except BuildError as error:
        problems = error.problems
    except OSError as error:
        place, hint = str(error.filename or "."), "check the path, the permissions and the space on the disk"
        found = f"cannot read or write it: {(error.strerror or str(error)).lower()}"
        problems = [Problem(place, 0, 0, "file", found, hint=hint)]
    except MemoryError:
        hint = "give the command more memory, or look for a file that is too large"
        problems = [Problem(".", 0, 0, "memory", "there is not enough memory", hint=hint)]
    except ImportError as error:
        hint = "run make build, which installs what is needed, or give the command more memory"
        problems = [Problem(".", 0, 0, "library", f"a library cannot be loaded: {error}", hint=hint)]
    report.tell(problems)
    return 1


def _open_streams() -> None:
    """Make output safe: a stream that is closed goes nowhere, and what a terminal cannot show is escaped."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - until the process ends
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
            with suppress(OSError, ValueError):  # else what a reader is too slow for is lost
                os.set_blocking(stream.fileno(), True)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let INT, TERM and HUP end a command alike: what it began is cleared away, and it says what was done."""

    def stop(number: int, frame: FrameType | None) -> None:
        # Once is enough: a second signal would cut the clearing short.
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt(number)

    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # `nohup` and shells tell commands in the background to ignore some.
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build_dataset.py", description="Validate the annotations and publish the tables."
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--root", type=_folder, metavar="DIR", help="project folder (default: that of build_dataset.py)"
    )
    texts = argparse.ArgumentParser(add_help=False)
    anchors = "folder with the articles' texts, for every anchor"
    texts.add_argument("--articles", type=_folder, metavar="DIR", help=anchors)
    subcommands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def command(
        run: Callable[..., int],
        *parents: argparse.ArgumentParser,
        writes: bool | None,
        formats: tuple[str, ...] = ("text", "json"),
        printed: str = "how problems are printed",
    ) -> argparse.ArgumentParser:
        help = (run.__doc__ or "").strip()
        name = run.__name__.removeprefix("run_")
        added = subcommands.add_parser(name, parents=[common, *parents], help=help, description=help)
        added.add_argument("--format", choices=formats, default="text", help=printed)
        added.set_defaults(run=run, writes=writes)
        return added

    command(commands.run_build, texts, writes=True)
    command(commands.run_check, texts, writes=False)
    anchor = command(commands.run_anchor, writes=True)
    anchor.add_argument(
        "--articles", type=_folder, metavar="DIR", required=True, help="folder with the articles' texts"
    )
    new = command(commands.run_new, writes=True)
    new.add_argument("text", type=Path, metavar="TEXT", help="the text, in a file named after the article: art-003.txt")
    new.add_argument("--published", type=_day, metavar="DATE", required=True, help="YYYY-MM-DD")
    tag = "language of the text as a BCP 47 tag (default: en)"
    new.add_argument("--language", type=_language, default="en", metavar="TAG", help=tag)
    rules = command(commands.run_rules, writes=None)
    rules.add_argument("id", nargs="?", metavar="ID", help="the rule to explain")
    release = command(releasing.run_release, texts, writes=True)
    release.add_argument("--date", type=_day, metavar="DATE", help="day of the release, YYYY-MM-DD")
    release.add_argument("--at-least", choices=("patch", "minor", "major"), help="a larger step than computed")
    unwritten = "say what would be published, and write nothing"
    release.add_argument("--dry-run", action="store_const", dest="writes", const=False, help=unwritten)
    verify = command(releasing.run_verify, writes=False)
    whole = "one version (default: all, and that raw/ gives the newest)"
    verify.add_argument("version", nargs="?", type=_version, metavar="VERSION", help=whole)
    diff = command(releasing.run_diff, writes=False)
    diff.add_argument("old", type=_version, metavar="OLD", help="the earlier version")
    diff.add_argument("new", type=_version, metavar="NEW", help="the later version")
    archive = command(releasing.run_archive, writes=True)
    archive.add_argument("version", type=_version, metavar="VERSION", help="the version to pack")
    archive.add_argument(
        "--to", type=_folder, default=Path("dist"), metavar="DIR", help="folder for it (default: dist)"
    )
    site = command(releasing.run_site, writes=True)
    site.add_argument("--to", type=_folder, default=Path("site"), metavar="DIR", help="folder for it (default: site)")
    command(releasing.run_docs, writes=True)
    formats, printed = ("text", "json", "csv"), "how the comparison is printed"
    compare = command(comparing.run_compare, texts, writes=False, formats=formats, printed=printed)
    compare.add_argument("first", type=_folder, metavar="FIRST", help="folder of the first reading")
    compare.add_argument("second", type=_folder, metavar="SECOND", help="folder of the second reading")
    review = command(reviewing.run_review, writes=False)
    review.add_argument("article", metavar="ARTICLE", help="the id of the article: art-003")
    beside = "folder with the articles' texts, in which the file is written"
    review.add_argument("--articles", type=_folder, metavar="DIR", required=True, help=beside)
    other = "folder of another reading, to show beside raw/ with what differs"
    review.add_argument("--reading", type=_folder, metavar="DIR", help=other)
    parser.set_defaults(run=commands.run_build, articles=None, root=None, format="text", writes=True)
    return parser


def _day(text: str) -> date:
    try:
        # fromisoformat alone takes 20260301 and 2026-W09-7, too.
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is not a valid date; write YYYY-MM-DD")


def _language(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not the tag of a language; write en or pt-BR")
    return text


def _version(text: str) -> str:
    """A version, which an unset variable of the shell does not give."""
    if not text.strip():
        raise argparse.ArgumentTypeError("give a version, such as 0.1.0")
    return text


def _folder(text: str) -> Path:
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError(f"{text!r} is not the name of a folder")
    return Path(text)
