"""Rules that are applied while files are read: about the YAML, and about single records."""

from __future__ import annotations

from .rule import Rule

RULES = [
    Rule(
        "file",
        "A file of annotations is a file in `raw/` that can be read.",
        passes="raw/actors.yaml",
        fails="raw/actors.yaml as a link that leads out of the folder",
        hint="put the file itself there",
    ),
    Rule(
        "file-size",
        "A file of annotations has at most 5 MB; that of a long article has a few hundred kB.",
        passes="raw/articles/art-001.yaml with 60 kB",
        fails="raw/articles/art-001.yaml with 100 MB",
        hint="split the file into one for each article",
    ),
    Rule("encoding", "Files are UTF-8.", passes="name: Ærø", fails="name: \\xc6r\\xf8", hint="save the file as UTF-8"),
    Rule(
        "yaml-syntax",
        "Files are YAML.",
        passes="- {actor_id: courier, name: Courier}",
        fails="- {actor_id: courier, name: Courier",
        hint="close what is open before this place: a bracket, a quotation mark, an indentation",
    ),
    Rule(
        "yaml-tab",
        "A tab looks like spaces and is not, so indentation cannot be trusted where there is one.",
        passes="  name: Courier",
        fails="<tab>name: Courier",
        hint="use spaces",
    ),
    Rule(
        "yaml-depth",
        "Records stand in one another four deep; what goes much deeper is no annotation.",
        passes="spans: [{part: cue}]",
        fails="[[[[[[[[ ...",
        hint="close the brackets",
    ),
    Rule(
        "yaml-key", "A key is a word.", passes="name: Courier", fails="[name]: Courier", hint="write the column's name"
    ),
    Rule(
        "yaml-alias",
        "Values are written out: an anchor that is used again makes one edit change two rows.",
        passes="basis: inferred",
        fails="basis: *b",
        hint="write the value out in both places",
    ),
    Rule(
        "yaml-surprise",
        "Some plain words are false, a number or a time to one reader of YAML and text to another.",
        passes="name: 'no'",
        fails="name: no",
        hint="put it in quotation marks if it is text, or write it as a plain decimal number",
    ),
    Rule(
        "duplicate-key",
        "A record has each key once; readers of YAML silently take the last.",
        passes="{name: Courier}",
        fails="{name: Courier, name: The Courier}",
        hint="take one of the two out",
    ),
    Rule(
        "shape",
        "An article is a record, and everything else a list of records.",
        passes="- {from_id: qu-0001, to_id: qu-0002}",
        fails="from_id: qu-0001",
        hint="put `- ` before each record of a list",
    ),
    Rule(
        "missing-key",
        "A record has every key that its schema requires.",
        passes="{actor_id: courier, name: Courier, kind: outlet}",
        fails="{actor_id: courier, kind: outlet}",
        hint="add the key",
    ),
    Rule(
        "unknown-key",
        "A record has no key that its schema does not know.",
        passes="addressee_id: courier",
        fails="adressee_id: courier",
        hint="correct the key, or take it out",
    ),
    Rule(
        "type",
        "A cell has the type of its column.",
        passes="value: 40",
        fails="value: forty",
        hint="write the value as the column's type wants it",
    ),
    Rule(
        "enum",
        "A coded column has one of the values that its vocabulary defines.",
        passes="act: criticise",
        fails="act: criticize",
        hint="write one of the values listed; docs/coding-rules.md tells how to choose",
    ),
    Rule(
        "pattern",
        "Ids, codes and hashes have the form that their column defines.",
        passes="quote_id: qu-0001",
        fails="quote_id: quote-1",
        hint="write it in the form of the column's example",
    ),
    Rule(
        "minimum",
        "A number is not below the least that its column allows.",
        passes="start: 0",
        fails="start: -1",
        hint="correct the number",
    ),
    Rule(
        "maximum",
        "A number is not above the greatest that its column allows.",
        passes="high: 100, in a column up to 100",
        fails="high: 101",
        hint="correct the number",
    ),
    Rule(
        "length",
        "A text is as long as its column allows.",
        passes="country: IRN, in a column of three letters",
        fails="country: IRAN",
        hint="shorten the text, or write it out",
    ),
    Rule(
        "empty",
        "An empty text cannot be told from null once it is in a CSV file.",
        passes="no key `note`",
        fails="note: ''",
        hint="write words, or leave the key out",
    ),
    Rule(
        "not-anchored",
        "What is to be found in the text has to be turned into offsets before it can be checked.",
        passes="{part: cue, start: 10, end: 14, zone: body, digest: 0123456789abcdef}",
        fails="{part: cue, find: said, zone: body}",
        hint="run `build_dataset.py anchor --articles DIR`",
    ),
    Rule(
        "anchor-missing",
        "The words after `find:` stand in the text, but for the kind of its quotation marks, dashes and spaces.",
        passes="find: the port was closed",
        fails="find: the port was shut",
        hint="copy the words from the text",
    ),
    Rule(
        "anchor-ambiguous",
        "The words after `find:` stand in the text once, or `before:` and `after:` tell which of them is meant.",
        passes="{find: said, after: on Saturday}",
        fails="{find: said}, which stands there twice",
        hint="add `before:` or `after:` with the words next to the ones that are meant",
    ),
]
