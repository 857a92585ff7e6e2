"""russia-iran-claims: who vouches for what in reports on intelligence shared by Russia with Iran.

    import russia_iran_claims as ric

    quotes = ric.load("quotes")        # a pandas DataFrame; version= and folder= load another release
    ric.tables()                       # names, rows and descriptions of all tables
    ric.describe("quotes")             # what each column means
    ric.cite("bibtex")                 # how to cite this release, or one row of it
    ric.locate(text)                   # find the rows in your own copy of an article
    ric.read(text)                     # show them on it, in a notebook or a terminal
    ric.quote("qu-0007", text)         # the words of one row

Importing this module loads only the standard library. pandas is imported by the first call that needs it.
"""

from __future__ import annotations

from .citing import cite
from .copies.locating import locate
from .copies.reading import quote, read
from .loading import describe, load, tables
from .published import find_release

__all__ = ["__version__", "cite", "describe", "load", "locate", "quote", "read", "tables"]


def __getattr__(name: str) -> str:
    if name == "__version__":
        return str(find_release().descriptor["version"])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
