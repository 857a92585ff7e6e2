"""`check` without texts: articles that are known to be right are not read again, and new ones are read by all cores.

An article is right by itself where no rule has anything to say of it, read together with nothing but the actors and the
retired rows. What articles say of each other is then judged by their facts. Wherever that could say less, or other
things, than reading everything would, everything is read: `tests/test_known.py` holds both ways against each other.
"""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from .check import Checked, check
from .elsewhere import Elsewhere, Facts
from .located import LARGEST
from .problems import ordered
from .progress import shown_on_terminal
from .remembered import context_of, recall, remember
from .rows import Coding, article_name, article_paths, read_article, read_shared
from .rules import judge
from .rules.references import used
from .schemas import Schema, Table

# Rules that look into rows of other articles: facts do not tell what they would say.
_FAR = {"duplicate-id", "not-unique", "foreign-article", "retired-id", "retired-replacement"}
# Fewer new articles than this are read sooner than other processes start.
_WORTH_CORES = 200
_CHUNK = 50
# What the other processes start with: they are forks, and nothing is sent to them but numbers.
_job: tuple[Coding, list[tuple[Path, bytes]]] | None = None


def check_known(raw: Path, schema: Schema, cache: Path) -> Checked:
    """What `check` says of `raw` without texts, with what an earlier run has left in the folder `cache`."""
    shared = read_shared(raw, schema)
    paths = article_paths(raw)
    if shared.problems or not paths:
        return check(raw, schema, None)
    contents = {path: content for path in paths if (content := _content(path)) is not None}
    context = context_of(raw, schema)
    known = recall(cache, context)
    names = {path: _digest(path, content) for path, content in contents.items()}
    fresh = [(path, content) for path, content in contents.items() if names[path] not in known]
    found = dict(zip((path for path, _ in fresh), _facts(shared, fresh)))
    facts = {path: known[name] for path, name in names.items() if name in known}
    facts |= {path: told for path, told in found.items() if told is not None}
    if found or len(known) != len(facts):
        remember(cache, context, {names[path]: told for path, told in facts.items()})
    coding = _with(shared, Elsewhere.of(facts.values()))
    for path in paths:
        if path not in facts:
            read_article(coding, path, contents.get(path))
    problems = ordered([*coding.problems, *judge(coding, None)])
    if _clash(coding) or any(problem.rule in _FAR for problem in problems):
        return check(raw, schema, None)
    return Checked(coding, problems)


def _facts(shared: Coding, fresh: list[tuple[Path, bytes]]) -> Iterator[Facts | None]:
    """The facts of each article, or None where anything is to be said of it."""
    global _job
    _job = shared, fresh
    starts = range(0, len(fresh), _CHUNK)
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    if len(fresh) < _WORTH_CORES or cores == 1:
        for start in shown_on_terminal(starts, len(fresh), "articles", _CHUNK):
            yield from _chunk(start)
        return
    import multiprocessing

    with multiprocessing.get_context("fork").Pool(cores, signal.signal, (signal.SIGINT, signal.SIG_IGN)) as pool:
        for told in shown_on_terminal(pool.imap(_chunk, starts), len(fresh), "articles", _CHUNK):
            yield from told


def _chunk(start: int) -> list[Facts | None]:
    """The facts of some articles, judged together: rules speak of rows of one article, but for those of `_FAR`."""
    assert _job is not None  # noqa: S101 - set before the processes fork
    shared, fresh = _job
    some = fresh[start : start + _CHUNK]
    coding = _with(shared, Elsewhere(), only=("actors", "retired"))
    for path, content in some:
        read_article(coding, path, content)
    wrong = {problem.path for problem in coding.problems}
    if not coding.readable:
        # Nothing is judged where something cannot be read: the others are judged without it.
        if len(some) == 1:
            return [None]
        return [told for place in range(len(some)) for told in _one(shared, *some[place])]
    wrong |= {problem.path for problem in judge(coding, None)}
    told = _told(coding)
    return [None if (name := article_name(path)) in wrong else told.get(name) for path, _ in some]


def _one(shared: Coding, path: Path, content: bytes) -> list[Facts | None]:
    global _job
    kept, _job = _job, (shared, [(path, content)])
    try:
        return _chunk(0)
    finally:
        _job = kept


def _told(coding: Coding) -> dict[str, Facts]:
    """The facts of every article in a coding, by the name of its file."""
    told = {row.document.path: Facts(row["article_id"], [], [], [], {}) for row in coding.rows("articles")}
    named: dict[str, set[str]] = {name: set() for name in told}
    for table in coding.schema.tables.values():
        unique = [column.name for column in table.written if column.constraints.get("unique")]
        for row in coding.tables.get(table.name, ()):
            facts = told.get(row.document.path)
            if facts is None:
                continue
            facts.rows[table.name] = facts.rows.get(table.name, 0) + 1
            if _owns_key(table):
                facts.keys.append((table.name, row.key[0]))
            for column in unique:
                if (column,) != table.primary_key and row[column] is not None:
                    facts.unique.append((table.name, column, str(row[column])))
    for _, actor, row, _ in used(coding):
        named[row.document.path].add(actor)
    for row in coding.rows("mentions"):
        named[row.document.path].add(row["actor_id"])
    for row in coding.rows("articles"):
        if row["outlet_id"] is not None:
            named[row.document.path].add(row["outlet_id"])
    for name, facts in told.items():
        facts.actors.extend(sorted(named[name]))
    return told


def _owns_key(table: Table) -> bool:
    """Whether the key is the row's own, not made of that of the record around."""
    return all(table.by_name[column].origin is None for column in table.primary_key)


def _with(shared: Coding, elsewhere: Elsewhere, only: Iterable[str] | None = None) -> Coding:
    """A coding of the shared files, to which articles can be added."""
    tables = {name: list(rows) if only is None or name in only else [] for name, rows in shared.tables.items()}
    return Coding(shared.schema, tables, list(shared.problems), elsewhere=elsewhere)


def _clash(coding: Coding) -> bool:
    """Whether a row has a key, or a value that is to be unique, that an article elsewhere has too."""
    elsewhere = coding.elsewhere
    if elsewhere.clash:
        return True
    unique = {(table, column) for table, column, _ in elsewhere.unique}
    return any(row.key[0] in ids for table, ids in elsewhere.ids.items() for row in coding.rows(table)) or any(
        (table, column, str(row[column])) in elsewhere.unique for table, column in unique for row in coding.rows(table)
    )


def _content(path: Path) -> bytes | None:
    """What a file holds; None for what reading refuses, and tells why."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST:
            return None
        return path.read_bytes()
    except OSError:
        return None


def _digest(path: Path, content: bytes) -> str:
    return hashlib.sha256(path.name.encode() + b"\0" + content).hexdigest()
