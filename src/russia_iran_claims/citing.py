"""How to cite the release, or one row of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Literal

from .published import Release, did_you_mean, find_release

Style = Literal["text", "apa", "bibtex", "ris"]


def cite(
    style: Style = "text",
    *,
    id: str | None = None,
    version: str | None = None,
    folder: str | os.PathLike[str] | None = None,
) -> str:
    """Return the citation of a release as `text` (one line), `apa`, `bibtex` or `ris`; with `id`, that of one row.

    `version` and `folder` choose another release than the bundled one, as in `load`. Raises ValueError for any other
    style, and for an id that is in no table. For an id that an earlier version had, the message says which version
    removed the row, why, and what replaces it.
    """
    if not isinstance(style, str) or style not in STYLES:
        raise ValueError(f"no style {style!r}{did_you_mean(style, STYLES)} There are: {', '.join(STYLES)}")
    if id is not None and not isinstance(id, str):
        raise TypeError(f"id is text such as 'qu-0007', not {type(id).__name__}")
    release = find_release(version, folder)
    return STYLES[style](release.descriptor, None if id is None else _place(release, id))


def as_text(package: dict[str, Any], place: str | None = None) -> str:
    """The citation as one line of plain text."""
    return f"{', '.join(_names(package))} ({_year(package)}). {package['title']} {_rest(package, place)}"


def as_apa(package: dict[str, Any], place: str | None = None) -> str:
    """The citation in the style of the American Psychological Association, with the title in Markdown italics."""
    *others, last = _names(package)
    authors = f"{', '.join(others)}, & {last}" if others else last
    return f"{authors}. ({_year(package)}). *{package['title']}* {_rest(package, place)}"


def as_bibtex(package: dict[str, Any], place: str | None = None) -> str:
    """The citation as a BibTeX entry."""
    entries = {
        # Braces keep names of organisations from being read as first and last names.
        "author": " and ".join(f"{{{_escaped(name)}}}" for name in _names(package)),
        "title": "{" + _escaped(package["title"]) + "}",
        "version": package["version"],
        "year": _year(package),
        "type": "Data set",
        "note": _escaped("; ".join(part for part in (f"Version {package['version']}", place) if part)),
        # Styles print these as they are.
        "doi": _doi(package),
        "url": package.get("homepage", ""),
    }
    lines = [f"  {key} = {{{value}}}" for key, value in entries.items() if value]
    key = f"{package['name'].replace('-', '_')}_{package['version'].replace('.', '_')}"
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}"


def as_ris(package: dict[str, Any], place: str | None = None) -> str:
    """The citation as a RIS record."""
    lines = [("TY", "DATA")]
    lines += [("AU", name) for name in _names(package)]
    lines += [("TI", package["title"]), ("PY", _year(package)), ("ET", package["version"])]
    lines += [("N1", place)] if place else []
    lines += [("DO", _doi(package))] if _doi(package) else []
    lines += [("UR", package["homepage"])] if package.get("homepage") else []
    return "\n".join(f"{tag}  - {' '.join(value.split())}" for tag, value in [*lines, ("ER", "")])


_LATEX = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
}
STYLES: dict[str, Callable[[dict[str, Any], str | None], str]] = {
    "text": as_text,
    "apa": as_apa,
    "bibtex": as_bibtex,
    "ris": as_ris,
}


def _names(package: dict[str, Any]) -> list[str]:
    return [str(author["title"]) for author in package["contributors"]]


def _escaped(text: str) -> str:
    """Text as LaTeX takes it."""
    return "".join(_LATEX.get(character, character) for character in text)


def _doi(package: dict[str, Any]) -> str:
    """The DOI of the version, else the one of all versions, else nothing."""
    dois = package.get("doi", {})
    return str(dois.get(package["version"]) or dois.get("all") or "")


def _year(package: dict[str, Any]) -> str:
    return str(package.get("created", "n.d."))[:4]


def _rest(package: dict[str, Any], place: str | None) -> str:
    """What follows the title: version, kind, place of a row, address."""
    # A DOI stays where an address moves.
    address = str(package.get("id", "")) or str(package.get("homepage", ""))
    parts = [f"(Version {package['version']}) [Data set].", f"{place}." if place else "", address]
    return " ".join(part for part in parts if part)


def _place(release: Release, id: str) -> str:
    """Where a row stands: `Table quotes, row qu-0007`."""
    for name, table in release.tables.items():
        key = table["schema"]["primaryKey"]
        # Only tables with an id of their own: in the others an id names another table's row.
        if len(key) != 1 or name in ("items", "claims", "sources", "retired"):
            continue
        if any(row[key[0]] == id for row in release.rows(name)):
            return f"Table {name}, row {id}"
    for row in release.rows("retired") if "retired" in release.tables else ():
        if row["row_id"] == id:
            instead = f" {row['replacement']} replaces it." if row["replacement"] else ""
            raise ValueError(
                f"row {id!r} was removed in version {row['version']}: {row['reason']}{instead} "
                f"Cite it with the version that you used: cite(id={id!r}, version=...)"
            )
    raise ValueError(f"no row {id!r} in this release. Ids look like qu-0007, ev-0002, fi-0001, at-0005, art-001")
