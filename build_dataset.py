#!/usr/bin/env python3
"""Validate the annotations in raw/ against schema/ and publish versioned tables in dataset/."""

import gc
import sys
from pathlib import Path

# A command lives for seconds, and what it reads it keeps: looking for garbage takes a quarter of its time.
gc.disable()

try:
    from russia_iran_claims.build.commands import main
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed here: run `make build` once, then .venv/bin/python build_dataset.py")

if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent))
