"""What a Content-Security-Policy says of a script or style that stands in a page."""

from __future__ import annotations

import base64
import hashlib


def hash_source(text: str) -> str:
    """The source expression that lets exactly this text run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
