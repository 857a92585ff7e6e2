"""Puts the newest release into the wheel, as `russia_iran_claims/data/`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DATASET = Path(__file__).resolve().parent / "dataset"


def version() -> str:
    """The number of the newest published version, which is that of the package; 0 before the first."""
    index = DATASET / "versions.json"
    try:
        return str(json.loads(index.read_text("utf-8"))["versions"][-1]["version"]) if index.exists() else "0"
    except (OSError, ValueError, LookupError, TypeError) as error:
        sys.exit(f"{index} is damaged ({error}); take it from version control: git checkout -- dataset/versions.json")


class Release(BuildHookInterface):  # type: ignore[misc]
    """Wheels carry the release; an editable installation reads it from the project."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Have the newest release packed, unless the installation is editable. Fails if a release was modified."""
        if version == "editable":
            return
        # The package is not installed where it is built.
        sys.path.insert(0, str(Path(self.root) / "src"))
        from russia_iran_claims.pipeline.io.problems import BuildError
        from russia_iran_claims.pipeline.versions.index import read_unmodified

        try:
            index = read_unmodified(DATASET)
        except BuildError as error:
            sys.exit("\n".join(f"{found.path}: {found.message}\n  hint: {found.hint}" for found in error.problems))
        if not index:
            sys.exit(f"{DATASET} holds no release: run `build_dataset.py release` first")
        build_data["force_include"][str(DATASET / index[-1]["version"])] = "russia_iran_claims/data"
