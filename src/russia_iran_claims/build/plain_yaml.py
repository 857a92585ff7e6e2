"""A fast reader for plain YAML: it either gives exactly the value that PyYAML's nodes would give, or nothing.

The parser behind it (yaml-rs) knows no places, and takes some words otherwise than this project does. So only a file of
which every line is plain is left to it: a key and a value on one line, in words that all readers of YAML take alike.
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml_rs

NOT_PLAIN: Final = object()

_CHARACTER = r"\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010fffd"
_ODD = re.compile(rf"[^\n{_CHARACTER}]")

_KEY = r"(?!(?i:null|true|false):)[A-Za-z_][A-Za-z0-9_]*+"
_NUMBER = r"-?+(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?+|[0-9]{4}-[0-9]{2}-[0-9]{2}"
# Digests: a letter other than e, or a second e, keeps any reader from taking them for a number.
_DIGEST = r"(?!0b[01]*+(?![0-9a-f]))(?=[0-9e]*+[a-df]|[0-9]*+e[0-9]*+e)[0-9][0-9a-f]*+"
# Brackets inside texts stand in pairs, so that counting them tells how deep the records are.
_QUOTED = (
    r'"(?:[^"\\\n{}\[\]]|\\["\\n]|\[[^"\\\n{}\[\]]*+\])*+"'
    r"|'(?:[^'\n{}\[\]]|''|\[[^'\n{}\[\]]*+\])*+'"
)
# Words from a letter on, without `: ` and ` #`, that are not taken for something else than text.
_WHOLE = r" *+(?:\n|#|[,\]}])"
_WORD = rf"(?!(?i:y|n|yes|no|on|off|true|false|null){_WHOLE})[A-Za-z\xc0-\u1fff\u2c00-\ud7ff]"
_FIRST = rf"(?:{_WORD}|[1-9][0-9]*+ (?=[A-Za-z]))"
_BARE = rf"{_FIRST}(?:[^:#\n{{}}\[\]]++|:(?![ \n])|(?<! )#|\[[^:#\n{{}}\[\]]*+\])*+"
_BARE_INSIDE = rf"{_FIRST}(?:[^:#\n,{{}}\[\]]++|:(?![ \n,?{{}}\[\]])|(?<! )#)*+"

_INSIDE = rf"(?:{_QUOTED}|(?:{_NUMBER}|{_DIGEST})(?= *+[,\]}}])|{_BARE_INSIDE})"
# Each part stands once in the whole, or compiling it would take longer than reading the files.
_LIST = rf"\[(?:{_INSIDE}(?:, (?! *+\])|(?=\])))++\]"
_RECORD = rf"\{{(?:{_KEY}: (?:{_LIST}|{_INSIDE})(?:, (?! *+\}})|(?=\}})))++\}}"
_VALUE = rf"(?:{_LIST}|{_RECORD}|{_QUOTED}|(?:{_NUMBER}|{_DIGEST})(?= *+(?:\n| #))|{_BARE})"
_NOTE = r"#(?:[^\n{}\[\]]++|\{[^\n{}\[\]]*+\}|\[[^\n{}\[\]]*+\])*+"
_PLAIN = re.compile(
    rf"(?: {{0,20}}+(?:(?:(?:- )?+{_KEY}:(?: )?+|- )(?:(?<= ){_VALUE})?+ *+)?+(?:(?<![^ \n]){_NOTE})?+\n)*+"
)


def read_plain(text: str) -> Any:
    """The value of a YAML text made of dict, list, str, int, float, bool and None, or NOT_PLAIN."""
    if _ODD.search(text) or not _PLAIN.fullmatch(text):
        return NOT_PLAIN
    try:
        return yaml_rs.loads(text, parse_datetime=False)
    except ValueError:
        return NOT_PLAIN
