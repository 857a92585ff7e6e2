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
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from stat import S_ISREG

from .check import Checked, check
from .elsewhere import Elsewhere, Facts, Unique
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
# Fewer new articles than this are read as soon by one process: at 200 both ways take the same, at 2,000 one takes half
# as long again.
_WORTH_CORES = 400
_CHUNK = 50
# What the other processes start with: they are forks, and nothing is sent to them but numbers.
_job: tuple[Coding, list[tuple[Path, bytes]]] | None = None


def check_known(raw: Path, schema: Schema, cache: Path) -> Checked:
    """What `check` says of `raw` without texts, with what an earlier run has left in the folder `cache`."""
    paths = article_paths(raw)
    try:
        context = context_of(raw, schema)
    except OSError:
        return check(raw, schema, None)
    shared = read_shared(raw, schema)
    if shared.problems or not paths:
        return check(raw, schema, None)
    contents = {path: content for path in paths if (content := _content(path)) is not None}
    known = recall(cache, context)
    names = {path: _digest(path, content) for path, content in contents.items()}
    fresh = [(path, content) for path, content in contents.items() if names[path] not in known]
    found = dict(zip((path for path, _ in fresh), _facts(shared, fresh)))
    facts = {path: known[name] for path, name in names.items() if name in known}
    facts |= {path: told for path, told in found.items() if told is not None}
    # Not where the actors were edited meanwhile: the facts would be kept for others than they were judged with.
    if (found or len(known) != len(facts)) and context_of(raw, schema) == context:
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
    starts = range(0, len(fresh), _CHUNK)
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    if len(fresh) < _WORTH_CORES or cores == 1:
        for start in shown_on_terminal(starts, len(fresh), "articles", _CHUNK):
            yield from _judged(shared, fresh[start : start + _CHUNK])
        return
    _job = shared, fresh
    for told in shown_on_terminal(_by_all(starts, cores), len(fresh), "articles", _CHUNK):
        yield from told


def _by_all(starts: range, cores: int) -> Iterator[list[Facts | None]]:
    """What the cores answer, in order; what a process that was killed leaves open is judged here."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    context, done = multiprocessing.get_context("fork"), 0
    pool = ProcessPoolExecutor(min(cores, len(starts)), context, signal.signal, (signal.SIGINT, signal.SIG_IGN))
    try:
        for told in pool.map(_chunk, starts):
            yield told
            done += 1
    except BrokenProcessPool:
        yield from map(_chunk, starts[done:])
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _chunk(start: int) -> list[Facts | None]:
    """What a process answers for the articles from one on."""
    assert _job is not None  # noqa: S101 - set before the processes fork
    shared, fresh = _job
    return _judged(shared, fresh[start : start + _CHUNK])


def _judged(shared: Coding, some: list[tuple[Path, bytes]]) -> list[Facts | None]:
    """The facts of some articles, judged together as long as nothing is wrong with any of them."""
    coding = _with(shared, Elsewhere(), only=("actors", "retired"))
    for path, content in some:
        read_article(coding, path, content)
    names = [article_name(path) for path, _ in some]
    if {problem.path for problem in [*coding.problems, *judge(coding, None)]}.isdisjoint(names):
        told = _told(coding)
        return [told.get(name) for name in names]
    # What is wrong with one article can keep rules from speaking of another: each by itself, then.
    return [None] if len(some) == 1 else [told for one in some for told in _judged(shared, [one])]


def _told(coding: Coding) -> dict[str, Facts]:
    """The facts of every article in a coding whose file is plain, by its name: the others rest on PyYAML, too."""
    article = {row.document.path: row["article_id"] for row in coding.rows("articles")}
    plain = {row.document.path for row in coding.rows("articles") if row.document.plain}
    ids: dict[str, dict[str, list[str]]] = {name: {} for name in article}
    unique: dict[str, list[Unique]] = {name: [] for name in article}
    named: dict[str, set[str]] = {name: set() for name in article}
    count = Counter(row.document.path for rows in coding.tables.values() for row in rows)
    for table in coding.schema.tables.values():
        once = [column.name for column in table.written if column.constraints.get("unique")]
        owns = _owns_key(table)
        for row in coding.tables.get(table.name, ()) if owns or once else ():
            name = row.document.path
            if name not in article:
                continue
            if owns:
                ids[name].setdefault(table.name, []).append(row.key[0])
            for column in once:
                if (column,) != table.primary_key and row[column] is not None:
                    unique[name].append((table.name, column, str(row[column])))
    for _, actor, row, _ in used(coding):
        named[row.document.path].add(actor)
    for row in coding.rows("mentions"):
        named[row.document.path].add(row["actor_id"])
    for row in coding.rows("articles"):
        if row["outlet_id"] is not None:
            named[row.document.path].add(row["outlet_id"])
    facts = {name: Facts(id, ids[name], unique[name], sorted(named[name]), count[name]) for name, id in article.items()}
    return {name: told for name, told in facts.items() if name in plain}


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
    # One namespace: an id of another kind is wrong, and still taken.
    items = elsewhere.article_of.keys() | elsewhere.ids.get("articles", set())
    if any(row.key[0] in items for table in elsewhere.ids for row in coding.rows(table)):
        return True
    unique = {(table, column) for table, column, _ in elsewhere.unique}
    return any(
        (table, column, str(row[column])) in elsewhere.unique for table, column in unique for row in coding.rows(table)
    )


def _content(path: Path) -> bytes | None:
    """What a file holds; None for what reading refuses, and tells why."""
    try:
        found = path.lstat()
        return path.read_bytes() if S_ISREG(found.st_mode) and found.st_size <= LARGEST else None
    except OSError:
        return None


def _digest(path: Path, content: bytes) -> str:
    return hashlib.sha256(path.name.encode() + b"\0" + content).hexdigest()
