#!/usr/bin/env python3
"""Validate the annotations in raw/ against schema/ and publish versioned tables in dataset/."""

import sys
from pathlib import Path

if sys.flags.optimize > 1:
    print("the rules are explained in docstrings: run Python without -OO and PYTHONOPTIMIZE=2", file=sys.stderr)
    sys.exit(2)
try:
    from russia_iran_claims.pipeline.cli.main import main
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed here: run `make build` once, then .venv/bin/python build_dataset.py")
except ImportError as error:
    sys.exit(f"a library cannot be loaded: {error}")
except KeyboardInterrupt:
    print("interrupted; nothing was written", file=sys.stderr)
    sys.exit(130)

if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent))
