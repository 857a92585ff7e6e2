"""What the build adds to what curators write: readable names, sides of an event, chains and claims."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Approved

from russia_iran_claims.pipeline.rules.check import check
from russia_iran_claims.pipeline.schema.model import Schema
from russia_iran_claims.pipeline.tables.as_text import to_csv
from russia_iran_claims.pipeline.tables.derive import derive


@pytest.mark.parametrize("name", ["events", "quotes", "figures", "items", "sources", "claims"])
def test_derived_cells_of_the_made_up_project(name: str, harbour: Path, schema: Schema, approved: Approved) -> None:
    path = harbour / "raw" / "articles" / "art-001.yaml"
    recipients = "{actor_id: norland, role: actor}\n      - {actor_id: two-officials, role: recipient}"
    recipients += "\n      - {actor_id: courier, role: recipient}"
    path.write_text(path.read_text("utf-8").replace("{actor_id: norland, role: actor}", recipients), "utf-8")
    records = derive(check(harbour / "raw", schema, None).coding)
    table = schema.tables[name]
    shown = [field for field in table.fields if field.origin == "derived" or field.name in table.primary_key]
    approved(to_csv(replace(table, fields=tuple(shown)), records[name]).decode())
