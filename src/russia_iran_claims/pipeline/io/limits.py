"""How much the commands read and print. Each limit is far above what people write, and every error names it."""

from __future__ import annotations

# Of a file that people write, and of an article's text, in bytes. An annotated article has about 60 kB.
FILE = 5_000_000
# Of a file that commands write and read again, in bytes. The index takes 3 kB for a version.
WRITTEN = 50_000_000
# Of one file, in values: words, numbers, lists and records. An annotated article has about 4,000.
VALUES = 200_000
# Of records inside records. Annotations are nested four deep.
DEPTH = 50
# Of the words after `find:`, in characters.
FIND = 2_000
# Of problems that are looked for in `raw/`: nobody reads so many, and they take memory.
PROBLEMS = 20_000
# Of problems of one record, and of names among which the most similar one is looked for.
COMPLAINTS = 50
NAMES = 3_000
# Of problems that are printed as text; `--format json` has all of them.
PRINTED = 500
