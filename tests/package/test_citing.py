"""Citations of any title and any number of authors, as the programs that read them take them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml

from russia_iran_claims.citing import as_apa, as_bibtex, as_ris, as_text
from russia_iran_claims.pipeline.schema.model import Schema
from russia_iran_claims.pipeline.tables.describe import cff


def package(title: str, *names: str) -> dict[str, Any]:
    return {
        "name": "boat-claims",
        "title": title,
        "version": "1.0.0",
        "created": "2026-01-10T00:00:00Z",
        "contributors": [{"title": name} for name in names],
    }


@pytest.mark.parametrize(
    ("names", "bibtex", "apa"),
    [
        (["Ada Berg"], "{{Ada Berg}}", "Ada Berg. "),
        (["Ada Berg", "Jon Aas"], "{{Ada Berg} and {Jon Aas}}", "Ada Berg, & Jon Aas. "),
        (["A", "B", "C"], "{{A} and {B} and {C}}", "A, B, & C. "),
        (["Berg, Ada", "Quays & Boats"], r"{{Berg, Ada} and {Quays \& Boats}}", "Berg, Ada, & Quays & Boats. "),
        (["Rock and Sons", "Ø_ 50%"], r"{{Rock and Sons} and {Ø\_ 50\%}}", "Rock and Sons, & Ø_ 50%. "),
    ],
)
def test_authors_stay_apart(names: list[str], bibtex: str, apa: str) -> None:
    told = package("Boats", *names)
    assert f"  author = {bibtex}," in as_bibtex(told)
    assert as_apa(told).startswith(apa)
    assert as_text(told).startswith(f"{', '.join(names)} (2026). Boats ")
    assert [line for line in as_ris(told).splitlines() if line.startswith("AU")] == [f"AU  - {name}" for name in names]


@pytest.mark.parametrize(
    ("title", "escaped"),
    [
        ("Boats & ships", r"Boats \& ships"),
        ("50% of #1", r"50\% of \#1"),
        ("a_b and $5", r"a\_b and \$5"),
        ("{sic}", r"\{sic\}"),
        ("a~b^c\\d", r"a\textasciitilde{}b\textasciicircum{}c\textbackslash{}d"),
        ("Æ “ø” 🐟", "Æ “ø” 🐟"),
    ],
)
def test_a_title_is_escaped_for_latex_alone(title: str, escaped: str) -> None:
    told = package(title, "Ada Berg")
    assert f"  title = {{{{{escaped}}}}}," in as_bibtex(told)
    assert f"TI  - {title}" in as_ris(told).splitlines()
    assert title in as_apa(told)


def test_a_line_end_begins_no_field_of_ris() -> None:
    lines = as_ris(package("Boats\r\nER  - ", "Ada\nBerg")).splitlines()
    assert lines == ["TY  - DATA", "AU  - Ada Berg", "TI  - Boats ER -", "PY  - 2026", "ET  - 1.0.0", "ER  - "]


@pytest.mark.parametrize("names", [["Ada Berg"], ["Ada Berg", "Jon Aas"], ["Berg, Ada", "Quays & Boats: #1"]])
def test_the_citation_file_has_each_author(names: list[str], schema: Schema) -> None:
    contributors = [{"title": name} for name in names]
    dataset = {**schema.dataset, "title": "50% & #1: a_b", "contributors": contributors, "released": "2026-01-10"}
    content = yaml.safe_load(cff(replace(schema, dataset=dataset)))
    assert content["authors"] == [{"name": name} for name in names]
    assert content["title"] == "50% & #1: a_b"
