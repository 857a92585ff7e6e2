"""Puts the newest release into the wheel, as `russia_iran_claims/data/`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Release(BuildHookInterface):  # type: ignore[misc]
    """Wheels carry the release; an editable installation reads it from the project."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Have the newest release packed, unless the installation is editable."""
        if version == "editable":
            return
        root = Path(self.root)
        number = json.loads((root / "schema" / "dataset.json").read_text("utf-8"))["version"]
        release = root / "dataset" / number
        if not (release / "datapackage.json").is_file():
            raise FileNotFoundError(f"{release} holds no release: run `make build` first")
        build_data["force_include"][str(release)] = "russia_iran_claims/data"
