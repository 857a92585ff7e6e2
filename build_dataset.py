#!/usr/bin/env python3
"""Validate the annotations in raw/ against schema/ and publish versioned tables in dataset/."""

import sys
from pathlib import Path

from russia_iran_claims.build.commands import main

if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent))
