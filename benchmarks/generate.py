"""Make a project of N made-up articles, of the same shape as the real ones, about fifty rows each, without a problem.

The same seed gives the same bytes. The schemas are the project's own, but for ids with more digits: the published ones
end at 999 articles.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SEED = 20260306
_WORDS = """
harbour tugs pilots crane ferry minister council deputy letter quay storm closed opened agreed asked refused northern
southern island coast bridge morning traffic captain crew ballast timber grain lantern signal chart
"""
_VOUCHERS = 40


def generate(target: Path, articles: int, seed: int = _SEED) -> int:
    """Write `schema/` and `raw/` of a project into a folder. Gives the number of rows that its files hold."""
    random_ = random.Random(seed)  # noqa: S311 - made-up articles, not secrets
    (target / "schema").mkdir(parents=True)
    for path in (ROOT / "schema").glob("*.json"):
        text = re.sub(r"-\[0-9\]\{([34])\}", r"-[0-9]{\1,7}", path.read_text("utf-8"))
        (target / "schema" / path.name).write_text(text, "utf-8")
    (target / "raw" / "articles").mkdir(parents=True)
    ids = _Ids()
    events: list[str] = []
    rows, cast = 0, set[str]()
    for number in range(1, articles + 1):
        text, count, first_event, used = _article(f"art-{number:03}", random_, ids)
        (target / "raw" / "articles" / f"art-{number:03}.yaml").write_text(text, "utf-8")
        events.append(first_event)
        rows += count
        cast |= used
    # Every second event is told again by the next article, every third about another.
    links = [
        f"- {{from_id: {one}, to_id: {other}, relation: same_event, basis: explicit}}"
        for one, other in list(pairwise(events))[::2]
    ]
    links += [
        f"- {{from_id: {one}, to_id: {other}, relation: about, basis: inferred, note: {_words(random_, 5)}.}}"
        for one, other in list(zip(events, events[2:]))[::3]
    ]
    actors = [
        f"- {{actor_id: voucher-{number}, name: Voucher {number}, kind: person, country: NLD}}"
        for number in range(_VOUCHERS)
        if f"voucher-{number}" in cast
    ]
    for name, lines in {"links": links, "actors": actors}.items():
        (target / "raw" / f"{name}.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    for name in ("differences", "corrections", "retired"):
        (target / "raw" / f"{name}.yaml").write_text("# None here.\n", "utf-8")
    return rows + len(links) + len(actors)


class _Ids:
    """The next free id of each kind."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def __call__(self, kind: str) -> str:
        self._last[kind] = self._last.get(kind, 0) + 1
        return f"{kind}-{self._last[kind]:04}"


def _article(id: str, random_: random.Random, ids: _Ids) -> tuple[str, int, str, set[str]]:
    """An article's file, the number of its rows, its first event, and the actors that it uses."""
    place = _places()
    # Every article has an eighth of the vouchers, in turn.
    number = int(id.partition("-")[2])
    cast = [f"voucher-{index}" for index in range(number % 8, _VOUCHERS, 8)]
    mentions = [f"  - {{actor_id: {actor}, name: {actor.capitalize().replace('-', ' ')}}}" for actor in cast]
    quotes = {ids("qu"): random_.choice(cast) for _ in range(3)}
    body, rows = [], 1 + len(mentions)
    body += ["", "quotes:"]
    for quote, speaker in quotes.items():
        body += [
            f"  - quote_id: {quote}",
            "    quote_type: mixed",
            f"    speaker_id: {speaker}",
            f"    source_chain: [{speaker}]",
            f"    text: {_words(random_, 6)}",
            f"    paraphrase: {_words(random_, 9).capitalize()}.",
            "    cue: said",
            "    act: assert",
            "    medium: unspecified",
            "    date_basis: none",
            "    spans:",
            f"      - {{part: reported, {_span(place, random_)}}}",
            f"      - {{part: cue, {_span(place, random_)}}}",
            f"      - {{part: content, {_span(place, random_)}}}",
            "",
        ]
        rows += 4
    body += ["events:"]
    events = [ids("ev") for _ in range(4)]
    for event, quote in zip(events, [*quotes, ""]):
        actor, recipient = random_.sample(cast, 2)
        body += [
            f"  - event_id: {event}",
            f"    event_type: {random_.choice(('agree', 'request', 'state', 'cooperate'))}",
            f"    summary: {_words(random_, 8).capitalize()}.",
            "    date_basis: none",
            f"    time_status: {random_.choice(('past', 'ongoing'))}",
            "    participants:",
            f"      - {{actor_id: {actor}, role: actor}}",
            f"      - {{actor_id: {recipient}, role: recipient}}",
            "    attestations:",
        ]
        rows += 4
        speakers = [quotes[quote] if quote else actor, recipient]
        for stance, speaker in zip(("affirms", "denies"), speakers):
            body += [
                f"      - attestation_id: {ids('at')}",
                f"        source_chain: [{speaker}]",
                f"        stance: {stance}",
                "        certainty: unmarked",
                *([f"        quote_id: {quote}"] if quote and stance == "affirms" else []),
                "        spans:",
                f"          - {{part: evidence, {_span(place, random_)}}}",
            ]
            rows += 2
        body += ["    spans:", f"      - {{part: trigger, {_span(place, random_)}}}", ""]
    body += ["figures:"]
    number = random_.randrange(2, 900)
    speaker = random_.choice(cast)
    body += [
        f"  - figure_id: {ids('fi')}",
        f"    event_id: {events[0]}",
        "    measure: vessels",
        f"    what: {_words(random_, 4)}",
        f"    wording: more than {number}",
        f"    value: {number}",
        f"    low: {number}",
        "    modifier: more_than",
        "    unit: ships",
        "    scope: stock",
        "    stance: affirms",
        f"    source_chain: [{speaker}]",
        "    date_basis: none",
        "    spans:",
        f"      - {{part: number, {_span(place, random_)}}}",
        "",
        "exclusions:",
    ]
    rows += 2
    for _ in range(2):
        start = next(place)
        body += [f"  - {{start: {start}, end: {start + 5}, wording: first, reason: ordinal}}"]
        rows += 1
    used = {actor for actor in cast if any(f"{actor}]" in line or f"{actor}," in line for line in body)}
    kept = [line for line, actor in zip(mentions, cast) if actor in used]
    head = [
        f"article_id: {id}",
        f"published: 2026-{random_.randrange(1, 13):02}-{random_.randrange(1, 29):02}",
        "language: en",
        "genre: news",
        f"text_sha256: {hashlib.sha256(id.encode()).hexdigest()}",
        f"text_chars: {next(place)}",
        "",
        "mentions:",
    ]
    return "\n".join([*head, *kept, *body]) + "\n", rows - len(mentions) + len(kept), events[0], used


def _places() -> Iterator[int]:
    """Offsets that grow, so that no span overlaps another."""
    place = 20
    while True:
        yield place
        place += 40


def _span(place: Iterator[int], random_: random.Random) -> str:
    start = next(place)
    return (
        f"start: {start}, end: {start + random_.randrange(3, 38)}, zone: body, digest: a{random_.getrandbits(60):015x}"
    )


def _words(random_: random.Random, count: int) -> str:
    return " ".join(random_.choices(_WORDS.split(), k=count))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    parser.add_argument("articles", type=int)
    options = parser.parse_args()
    print(generate(options.target, options.articles), "rows")
