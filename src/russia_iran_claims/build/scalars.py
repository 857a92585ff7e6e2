"""What a bare word in a YAML file means: the core schema of YAML 1.2, without what older readers take otherwise."""

from __future__ import annotations

import json
import re

NULL = {"", "~", "null", "Null", "NULL"}
BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
# What a reader of YAML 1.1 takes for a boolean, a number in another base or by sixties, a merge, or the default.
SURPRISE = re.compile(
    r"[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF"
    r"|[-+]?0[0-9_]+|0b[01_]+|0o[0-7]+|0x[0-9a-fA-F_]+|[-+]?[0-9]+(?:_[0-9]+)+(?:\.[0-9]*)?"
    r"|[-+]?[0-9]+(?::[0-5]?[0-9])+(?:\.[0-9]*)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|<<|="
)
# More digits than any column holds.
DIGITS = 18
_BARE = re.compile(r"[^\W_](?:[\w .’%$§/()-]*[\w.%)])?")


def bare_value(text: str) -> str | int | float | bool | None:
    """The value of a bare word that is no surprise. A whole number too long to be one stays text."""
    if text in NULL:
        return None
    if text in BOOL:
        return BOOL[text]
    if INT.fullmatch(text):
        return int(text) if len(text) <= DIGITS else text
    return float(text) if FLOAT.fullmatch(text) else text


def plain(text: str) -> str:
    """A text as it is written into a file: bare where every reader takes it for this text, else in double quotes."""
    bare = _BARE.fullmatch(text) and not any(kind.fullmatch(text) for kind in (SURPRISE, INT, FLOAT))
    return text if bare and text not in NULL and text not in BOOL else json.dumps(text, ensure_ascii=False)
