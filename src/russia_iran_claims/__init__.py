"""russia-iran-claims: who vouches for what in two reports on intelligence shared by Russia with Iran.

    import russia_iran_claims as ric

    quotes = ric.load("quotes")        # a pandas DataFrame
    ric.tables()                       # names, rows and descriptions of all tables
    ric.describe("quotes")             # what each column means
    ric.cite("bibtex")                 # how to cite this release, or one row of it
    ric.locate(text)                   # where the rows stand in your own copy of an article

Importing this module imports nothing but the standard library; pandas and pyarrow come in with the first table.
"""

from .citing import cite
from .locating import locate
from .release import __version__
from .tables import describe, load, tables

__all__ = ["__version__", "cite", "describe", "load", "locate", "tables"]
