#!/usr/bin/env python3
"""Validate the annotations in raw/ against schema/ and publish versioned tables in dataset/."""

import sys
from pathlib import Path

try:
    from russia_iran_claims.pipeline.cli.main import main
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed here: run `make build` once, then .venv/bin/python build_dataset.py")

if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent))
