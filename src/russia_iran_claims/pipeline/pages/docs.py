"""Write the generated parts of README.md and docs/, between markers."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import fill

from ..io.files import read_text, write
from ..io.problems import BuildError, Problem, printable
from ..rules.judge import RULES
from ..schema.model import Records, Schema
from ..schema.terms import HEADLINE
from ..tables.codebook import codebook, row
from ..tables.describe import cff, citation, how_it_was_coded
from ..versions.index import read_index
from ..versions.version import Version, from_folder
from .answers import answered
from .reliability import agreement_tables, settled_tables, three_figures, weak_columns

_NAMES = "src/russia_iran_claims/table_names.py"


def write_pages(pages: dict[Path, str]) -> list[Path]:
    """Write the pages that `render_docs` gives. Returns those that changed."""
    changed = []
    for path, text in pages.items():
        if not path.exists() or read_text(path, path.name, largest=None) != text:
            write(path, text)
            changed.append(path)
    return changed


def render_docs(root: Path, version: Version | None = None) -> dict[Path, str]:
    """Return the pages with their generated parts, without writing them.

    They tell a version, by default the newest published one, whatever raw/ says by now; the page about the rules tells
    the rules as they are. Pages that the project does not have are left out. Raises BuildError if a page has no place
    for its generated part, or if the version has no column that a page needs.
    """
    if (root / "docs").is_symlink():
        raise BuildError([Problem("docs", 0, 0, "file", "is a symbolic link, not the folder")])
    pages = {root / "docs" / "rules.md": _rules()} if (root / "docs").is_dir() else {}
    readme, page, index = root / "README.md", root / "docs" / "codebook.md", read_index(root / "dataset")
    if version is None:
        if not index:
            return pages
        pages |= _answers(root / "docs" / "questions.md", [entry["version"] for entry in index])
        version = from_folder(root / "dataset" / index[-1]["version"])
    schema, records = version.schema, version.records()
    reliability, shown_as = root / "docs" / "reliability.md", "docs/reliability.md"
    if readme.exists():
        text = _numbered(_page(readme, "README.md"), schema.version)
        text = _between(text, "README.md", "about", fill(schema.dataset["description"], 120))
        text = _between(text, "README.md", "citation", fill(f"> {citation(schema)}", 120, subsequent_indent="> "))
        if sentences := how_it_was_coded(schema):
            text = _between(text, "README.md", "coding", "\n\n".join(fill(part, 120) for part in sentences))
        if records.get("agreement"):
            text = _between(text, "README.md", "agreement", three_figures(records))
        pages[readme] = _between(text, "README.md", "tables", _tables(schema, records))
        pages[root / "CITATION.cff"] = cff(schema)
    if (names := root / _NAMES).exists():
        pages[names] = _table_names(list(schema.tables))
    if page.exists():
        text = _page(page, "docs/codebook.md")
        told = f"The newest version is {schema.version}.\n\n{codebook(schema, records)}"
        pages[page] = _between(text, "docs/codebook.md", "codebook", told)
    if reliability.exists() and "differences" in records:
        text = _between(_page(reliability, shown_as), shown_as, "settled", settled_tables(records))
        if records.get("agreement"):
            text = _between(text, shown_as, "agreement", agreement_tables(records))
            text = _between(text, shown_as, "weak", weak_columns(records))
        pages[reliability] = text
    return pages


def _answers(page: Path, versions: list[str]) -> dict[Path, str]:
    """The page of questions with the output of its lines, where the project has the version that they read."""
    text = _page(page, "docs/questions.md") if page.exists() else ""
    # The lines read the releases that belong to the package.
    ours = page.resolve() == Path(__file__).resolve().parents[4] / "docs" / page.name
    if not ours or not any(f'version="{number}"' in text for number in versions):
        return {}
    try:
        return {page: answered(text)}
    except ImportError:
        return {}  # the lines need pandas, which the build does not
    except Exception as error:
        found = f"a snippet fails: {type(error).__name__}: {error}"
        hint = "run the lines of the page one by one, in the project's folder"
        raise BuildError([Problem("docs/questions.md", 0, 0, "markers", printable(found), hint=hint)]) from error


def _page(path: Path, shown_as: str) -> str:
    return read_text(path, shown_as, largest=None).replace("\r\n", "\n")


def _table_names(names: list[str]) -> str:
    """The module that tells editors and type checkers what tables there are."""
    lines = "".join(f'    "{name}",\n' for name in names)
    told = "The names of the tables, for editors and type checkers. Written by `make docs` from the newest version."
    return f'"""{told}"""\n\nfrom typing import Literal\n\nTableName = Literal[\n{lines}]\n'


def _numbered(text: str, version: str) -> str:
    """The page with this version in the snippet that names its folder. Other mentions of versions stay."""
    number = r"[0-9]+\.[0-9]+\.[0-9]+"
    return re.sub(rf'^(folder = "dataset/){number}(?="$)', rf"\g<1>{version}", text, flags=re.MULTILINE)


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
        lines.append(row(name, str(len(records[table.name])), table.description))
    return "\n".join(lines)


def _between(text: str, page: str, name: str, part: str) -> str:
    start = re.search(rf"<!-- {name}:[^\n]*-->\n", text)
    end = text.find(f"<!-- /{name} -->", start.end()) if start else -1
    if not start or end < 0:
        found = f"the page has no lines `<!-- {name}: ... -->` and `<!-- /{name} -->` around its generated part"
        raise BuildError([Problem(page, 0, 0, "markers", found, hint="put both lines back where the part belongs")])
    return f"{text[: start.end()]}{part}\n{text[end:]}"
