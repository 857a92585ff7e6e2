"""Write the generated parts of README.md and docs/, between markers."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from ..problems import BuildError, Problem
from ..rules.judge import RULES
from ..schema.load import Schema
from ..schema.terms import HEADLINE
from ..tables.derive import Records
from ..tables.describe import cff
from ..versions.version import from_folder
from .codebook import codebook


def write_pages(pages: dict[Path, str]) -> list[Path]:
    """Write pages that `render_docs` gives. Returns those that changed."""
    changed = []
    for path, text in pages.items():
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            changed.append(path)
    return changed


def render_docs(root: Path, schema: Schema, records: Records) -> dict[Path, str]:
    """Return the pages with their generated parts, without writing them."""
    readme, page, using = root / "README.md", root / "docs" / "codebook.md", root / "docs" / "using.md"
    text = _numbered(readme.read_text("utf-8"), schema.version)
    told = _between(page.read_text("utf-8"), "docs/codebook.md", "differences", _differences(records))
    return {
        readme: _between(text, "README.md", "tables", _tables(schema, records)),
        using: _numbered(using.read_text("utf-8"), schema.version),
        page: _between(told, "docs/codebook.md", "codebook", codebook(schema, records)),
        root / "docs" / "rules.md": _rules(),
        root / "CITATION.cff": cff(schema),
    }


def _numbered(text: str, version: str) -> str:
    """The page with this version in its snippets and its citation. Other mentions of versions stay."""
    number = r"[0-9]+\.[0-9]+\.[0-9]+"
    text = re.sub(rf'^((?:folder|base) (?:=|<-) "dataset/){number}(?="$)', rf"\g<1>{version}", text, flags=re.MULTILINE)
    return re.sub(rf"(\(Version ){number}(?=\) \[Data set\])", rf"\g<1>{version}", text)


def published_records(schema: Schema, folder: Path) -> Records:
    """The rows of a published version, as text."""
    tables = from_folder(folder).tables
    return {
        name: [{column: cells.get(column) for column in tables[name].columns} for cells in tables[name].rows.values()]
        for name in schema.tables
    }


def _rules() -> str:
    """The page about the rules, from the rules themselves."""
    lines = [
        "# Rules",
        "",
        "What `build_dataset.py check` holds the annotations to. Written by `make docs` from the rules themselves;",
        "`build_dataset.py rules ID` explains one. Rules marked *texts* need `--articles DIR`.",
    ]
    for entry in RULES.values():
        marks = [
            mark for mark, told in (("texts", entry.needs_texts), ("warning", entry.severity == "warning")) if told
        ]
        lines += ["", f"## {entry.id}" + (f" ({', '.join(marks)})" if marks else ""), "", entry.reason, ""]
        lines += [f"- passes: `{_code(entry.passes)}`", f"- fails: `{_code(entry.fails)}`", f"- hint: {entry.hint}"]
    return "\n".join(lines) + "\n"


def _code(example: str) -> str:
    return example.replace("`", "'")


def _tables(schema: Schema, records: Records) -> str:
    lines = ["| table | rows | what a row is |", "|---|---:|---|"]
    for table in schema.tables.values():
        name = f"**{table.name}**" if table.name in HEADLINE else table.name
        lines.append(f"| {name} | {len(records[table.name])} | {table.description} |")
    return "\n".join(lines)


def _differences(records: Records) -> str:
    """How often the two readings differed in each column, and how the differences were settled."""
    what = {"value": "cell", "extent": "cut of the passage", "only_first": "row", "only_second": "row"}
    differences = [(row["table"], row["column"], what[row["kind"]], row["settled"]) for row in records["differences"]]
    counts = Counter(differences)
    totals = Counter(settled for *_, settled in differences)
    ways = ("first", "second", "neither")
    lines = [
        "| table | column | what differs | differences | as first | as second | otherwise |",
        "|---|---|---|---:|---:|---:|---:|",
    ]
    for key in sorted({row[:3] for row in differences}):
        each = [counts[*key, way] for way in ways]
        lines.append(f"| {' | '.join(key)} | {sum(each)} | {' | '.join(map(str, each))} |")
    lines.append(f"| **all** | | | {len(differences)} | {' | '.join(str(totals[way]) for way in ways)} |")
    return "\n".join(lines)


def _between(text: str, page: str, name: str, part: str) -> str:
    pattern = re.compile(rf"(<!-- {name}:[^\n]*-->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not pattern.search(text):
        found = f"the page has no lines `<!-- {name}: ... -->` and `<!-- /{name} -->` around its generated part"
        raise BuildError([Problem(page, 0, 0, "markers", found, hint="put both lines back where the part belongs")])
    return pattern.sub(lambda match: f"{match[1]}{part}\n{match[2]}", text)
