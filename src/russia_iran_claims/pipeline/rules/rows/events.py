"""Events and who vouches for them."""

from __future__ import annotations

from collections.abc import Iterator

from ...annotations.rows import Coding
from ..rule import Finding, rule

MARKED = ("affirms", "denies", "presupposes")


@rule("event-vouched")
def event_vouched(coding: Coding) -> Iterator[Finding]:
    """An event stands in the data because somebody says something about it.

    passes: an event with one attestation or more
    fails: an event without attestations
    hint: add who says so under `attestations`, or delete the event
    """
    vouched = {row["event_id"] for row in coding.rows("attestations")}
    for row in coding.rows("events"):
        if row["event_id"] not in vouched:
            yield Finding(row, None, "the event has no attestation")


@rule("certainty")
def certainty(coding: Coding) -> Iterator[Finding]:
    """Only what is affirmed, denied or presupposed has a certainty; but for `unmarked`, a hedge gives its words.

    passes: stance: affirms, certainty: possible, hedge: may
    fails: stance: questions, certainty: certain
    hint: add `certainty` for affirms, denies and presupposes; remove it for the others
    """
    for row in coding.rows("attestations"):
        if row["stance"] in MARKED and row["certainty"] is None:
            yield Finding(row, "certainty", f"certainty is needed for the stance {row['stance']}")
        elif row["stance"] is not None and row["stance"] not in MARKED and row["certainty"] is not None:
            yield Finding(row, "certainty", f"certainty must be empty for the stance {row['stance']}")
        elif row["certainty"] not in (None, "unmarked") and row["hedge"] is None:
            hint = "copy the words that mark it into `hedge`, and add their span"
            yield Finding(row, "hedge", f"the certainty {row['certainty']} needs the words that mark it", hint)


@rule("attestation-repeated")
def attestation_repeated(coding: Coding) -> Iterator[Finding]:
    """An event, chain, stance and passage make one attestation.

    passes: two passages, two attestations
    fails: one passage twice with the same chain and stance
    hint: delete one of the two
    """
    evidence: dict[str, list[tuple[int, int]]] = {}
    for span in coding.rows("spans"):
        cells = span.cells
        if cells["part"] == "evidence" and cells["start_char"] is not None and cells["end_char"] is not None:
            evidence.setdefault(cells["item_id"], []).append((cells["start_char"], cells["end_char"]))
    first: dict[tuple[object, ...], str] = {}
    for row in coding.rows("attestations"):
        passage = tuple(sorted(evidence.get(row["attestation_id"], ())))
        identity = (row["event_id"], row["source_chain"], row["stance"], passage)
        other = first.setdefault(identity, row["attestation_id"])
        if other != row["attestation_id"]:
            yield Finding(row, "source_chain", f"has the same chain, stance and passage as {other}")
