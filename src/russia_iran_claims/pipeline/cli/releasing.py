"""The commands around published versions. Each takes its options and the report, and returns the exit code.

A docstring is the `--help` text of its command.
"""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from pathlib import Path

from ..io.problems import BuildError, Problem
from ..schema.load import load_schema
from .report import NOTHING, Report
from .steps import bring_up_to_date, check_date, texts_of, try_docs, valid


def run_release(options: argparse.Namespace, report: Report) -> int:
    """Compute the next version, and publish it for good."""
    from ..versions.numbering import Step
    from ..versions.release import plan
    from ..versions.store import complete, locked, publish, remove_unreleased, state
    from ..versions.verify import sound

    dataset, released, dry = report.root / "dataset", options.date, not options.writes
    if released is None and not dry:
        return report.usage("release: give --date YYYY-MM-DD, the day of the release")
    with nullcontext() if dry else locked(dataset):
        if not dry and (added := complete(dataset)):
            report.done = f"{added} is published: an interrupted release had not listed it"
            report.say(f"dataset/{added}: published; an interrupted release had not listed it")
        index = sound(dataset)
        for path in () if dry else bring_up_to_date(report):
            report.say(f"{path.relative_to(report.root)}: brought to the newest published version")
        schema = load_schema(report.root / "schema")
        least = Step[(options.at_least or "none").upper()]
        coding = valid(report, schema, texts_of(options))
        if released:
            check_date(released, index, coding)
        planned = plan(report.root, schema, coding, least)
        if planned.step is Step.NONE:
            report.say(f"nothing to do: {planned.newest} is published, and {planned.same}")
            return 0
        if planned.problems:
            raise BuildError(planned.problems)
        report.say(f"version {planned.number}{f', released {released}' if released else ''}\n{planned.description}")
        try_docs(report, planned)
        if dry or released is None:
            report.say(NOTHING)
            return 0
        # From here on the folder itself tells how far the release has come, whenever it is stopped.
        report.done = lambda: state(dataset, planned.number)
        folder = publish(dataset, *planned.version(planned.number, released.isoformat()))
        remove_unreleased(dataset)
        bring_up_to_date(report)
        count = len(planned.changes)
        report.done = f"{folder.name} is published"
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
        planned = plan(report.root, schema, valid(report, schema, None))
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
        return report.usage(f"diff: {options.old} is later than {options.new}; give the earlier one first")
    report.say(f"From {options.old} to {options.new}:")
    report.say(difference(dataset, known[first : last + 1]) or "nothing changed")
    return 0


def run_archive(options: argparse.Namespace, report: Report) -> int:
    """Write one zip file with a published version."""
    from ..versions.archive.pack import archive
    from ..versions.index import sha256
    from ..versions.store import record_archive
    from ..versions.verify import sound

    sound(report.root / "dataset")
    if (target := _outside(options, report)) is None:
        return 2
    path = archive(report.root / "dataset", options.version, target)
    report.done = f"{report.place(str(path))} is written"
    made = sha256(path)
    report.say(f"{report.place(path)}: {path.stat().st_size:,} bytes, SHA-256 {made}")
    first = record_archive(report.root / "dataset", options.version, made)
    if first != made:
        report.say(f"it was first made as {first}: other releases of the code and its libraries write other bytes")
    return 0


def run_site(options: argparse.Namespace, report: Report) -> int:
    """Write a static page that shows the published versions."""
    from ..pages.site.page import make_site

    if (target := _outside(options, report)) is None:
        return 2
    report.done = lambda: "the page may not be complete" if target.exists() else NOTHING
    page = make_site(report.root, target)
    report.say(f"{report.place(page)}: {page.stat().st_size:,} bytes")
    return 0


def run_docs(options: argparse.Namespace, report: Report) -> int:
    """Write the generated parts of README.md and docs/, which tell the newest published version."""
    for path in (changed := bring_up_to_date(report)):
        report.say(f"{path.relative_to(report.root)}: written")
    if not changed:
        report.say("the generated parts are current")
    return 0


def _outside(options: argparse.Namespace, report: Report) -> Path | None:
    """The folder of --to. Where the project's own files stand it would be in their way: an error of usage."""
    # A relative folder is one of the project; `/` leaves an absolute one as it is.
    target: Path = (report.root / options.to).resolve()
    own = {name: (report.root / name).resolve() for name in ("dataset", "raw", "schema", "src")}
    if name := next((name for name, path in own.items() if path in (target, *target.parents)), None):
        report.usage(f"--to {options.to}: give a folder outside {name}/")
        return None
    return target
