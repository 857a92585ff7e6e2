"""russia-iran-claims: who vouches for what in two reports on intelligence shared by Russia with Iran.

    import russia_iran_claims as ric

    quotes = ric.load("quotes")        # a pandas DataFrame
    ric.tables()                       # names, rows and descriptions of all tables
    ric.describe("quotes")             # what each column means
    ric.cite("bibtex")                 # how to cite this release, or one row of it
    ric.locate(text)                   # where the rows stand in your own copy of an article

Importing this module imports nothing else; what a function needs comes in with the first call of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .citing import cite
    from .loading import describe, load, tables
    from .locating import locate
    from .release import __version__

__all__ = ["__version__", "cite", "describe", "load", "locate", "tables"]

_HOME = {
    "__version__": "release",
    "cite": "citing",
    "describe": "loading",
    "load": "loading",
    "locate": "locating",
    "tables": "loading",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f".{_HOME[name]}", __name__), name)
    return value


def __dir__() -> list[str]:
    return __all__
