"""Thirty slips that a careful person makes: the first line names the place, and following the hint mends it.

Each entry of `slips.yaml` puts `wrong` where the made-up project has `right`. The report has to begin with `place`, and
its first hint has to name what mends it; doing so, that is putting `right` back, leaves nothing to complain of.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from conftest import HARBOUR

from russia_iran_claims.pipeline.cli.main import main

SLIPS: list[dict[str, str]] = yaml.safe_load((Path(__file__).parent / "slips.yaml").read_text("utf-8"))
CHECK = ["check", "--articles", str(HARBOUR / "texts")]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip["name"])
def test_the_first_line_names_the_place_and_the_hint_mends_it(
    slip: dict[str, str], harbour: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = harbour / "raw" / slip["file"]
    right = path.read_text("utf-8")
    assert slip["right"] in right
    path.write_text(right.replace(slip["right"], slip["wrong"], 1), "utf-8")
    assert main(harbour, CHECK) == 1
    report = capsys.readouterr().out
    assert report.startswith(f"raw/{slip['file']}:{slip['place']}"), report
    first = report.split("\nraw/")[0]
    assert slip["hint"] in first[first.index("  hint: ") :], report
    path.write_text(right, "utf-8")
    assert main(harbour, CHECK) == 0


def test_there_are_thirty() -> None:
    assert len({slip["name"] for slip in SLIPS}) >= 30
