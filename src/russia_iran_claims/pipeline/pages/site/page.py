"""The page as one HTML file with everything in it: rows, pictures, citation, codebook, style and script."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from ....citing import as_apa, as_bibtex, as_ris
from ...io.files import read_bytes, write
from ...io.problems import BuildError, Problem, printable
from ...schema.terms import HEADLINE
from ...versions.archive.pack import archive
from ...versions.index import INDEX
from ...versions.verify import sound
from ...versions.version import TextTable
from ..html import environment, hash_source
from .claims import SHOWN as CLAIM_COLUMNS
from .claims import claims
from .columns import codebook
from .data import Released, limits_of, read_released
from .graph import graph
from .rows import CHOSEN_BY, INSIDE, SHOWN, Rows
from .script import PAGE, WORKER, joined, source
from .spans import spans
from .timeline import timeline

_TEMPLATES = Path(__file__).parent / "templates"


def make_site(root: Path, target: Path) -> Path:
    """Write the page and the files of all published versions to a folder. Returns the page's path.

    The same versions, codebook and licences give the same bytes. Nothing in the folder is removed. Raises BuildError if
    nothing is published, or if a published version was modified.
    """
    dataset = root / "dataset"
    index = sound(dataset)
    if not index:
        found = "there is no published version to show"
        raise BuildError([Problem(f"dataset/{INDEX}", 0, 0, "site", found, hint="run release")])
    limits_of(root)  # before anything is written
    for number in (entry["version"] for entry in index):
        if (folder := target / number).is_symlink() or (folder.exists() and not folder.is_dir()):
            hint = "remove it, or choose another folder with --to"
            raise BuildError([Problem(printable(str(folder)), 0, 0, "site", "is no folder of its own", hint=hint)])
    archives = {}
    for entry in index:
        number = entry["version"]
        for path in sorted((dataset / number).iterdir()):
            write(target / number / path.name, read_bytes(path, f"dataset/{number}/{path.name}", largest=None))
        archives[number] = archive(dataset, number, target)
    page = target / "index.html"
    write(page, render(read_released(root, index, archives)))
    return page


def render(released: Released) -> str:
    """Return the page as HTML. The same version gives the same text.

    The template engine escapes every value. The Content-Security-Policy allows only this script and this style.
    """
    rows = Rows(released)
    columns, values = codebook(released)
    style = source("page.css") + source("pictures.css") + _labels(released)
    script, worker, data = joined(PAGE), joined(WORKER), _json(spans(released))
    json_ld = _json_ld(released)
    statuses = [level["value"] for level in _field(released, "events", "time_status")["categories"]]
    view = {
        "released": released,
        "package": released.package,
        "base": base_of(released.package),
        "newest": released.newest,
        "headline": {name: list(rows.of(name)) for name in HEADLINE},
        "shown": SHOWN,
        "chosen_by": CHOSEN_BY,
        "numeric": _numeric(released),
        "claims": list(claims(released, rows)),
        "articles": released.rows("articles"),
        "claim_columns": CLAIM_COLUMNS,
        "told_twice": rows.told_twice(),
        "inside": INSIDE,
        "others": _others(released),
        "timeline": timeline(released, statuses),
        "graph": graph(released, rows),
        "columns": columns,
        "values": values,
        "apa": _apa(released.package),
        "bibtex": as_bibtex(released.package),
        "ris": as_ris(released.package),
        "limits": Markup(MarkdownIt("commonmark", {"html": False}).render(released.limits)),  # noqa: S704 - rendered without HTML
        "json_ld": json_ld,
        "style": Markup(style),  # noqa: S704 - the project's own
        "script": Markup(script),  # noqa: S704 - the project's own
        "worker": Markup(worker),  # noqa: S704 - the project's own
        "spans": data,
        "policy": f"default-src 'none'; style-src {hash_source(style)}; "
        f"script-src {' '.join(map(hash_source, (script, worker, data, json_ld)))}; worker-src blob:; "
        "img-src data:; base-uri 'none'; form-action 'none'",
    }
    templates = environment(_TEMPLATES)
    templates.filters["size"] = _size
    return templates.get_template("page.html.j2").render(view)


def _labels(released: Released) -> str:
    """The style that labels cells with their column on narrow screens, and aligns numbers to the right."""
    shown = {
        (f"#{_css(name)}>tbody>tr", name): table.columns
        for name, table in _others(released).items()
        if name not in INSIDE
    }
    shown |= {(f"#{name}-rows>tbody>tr:first-child", name): SHOWN[name] for name in HEADLINE}
    shown |= {("#claims-rows>tbody>tr:first-child", "claims"): CLAIM_COLUMNS}
    cells = [
        (f"{rows}>:nth-child({place})", column, column in _numeric(released).get(name, ()))
        for (rows, name), columns in shown.items()
        for place, column in enumerate(columns, 1)
    ]
    names = "".join(f"{cell}:before{{content:{_css_text(column)}}}" for cell, column, _ in cells)
    right = ",".join(cell for cell, _, number in cells if number)
    return f"@media(min-width:48.01rem){{{right}{{text-align:right}}}}@media(max-width:48rem){{{names}}}"


def _css_text(text: str) -> str:
    """A CSS string."""
    return f'"{_css(text)}"'


def _css(text: str) -> str:
    """A CSS identifier: everything but letters, digits and underscores is escaped."""
    return re.sub(r"[^A-Za-z0-9_]", lambda found: f"\\{ord(found[0]):06x}", text)


def _size(number: int) -> str:
    """A number of bytes as people read it, in powers of ten."""
    for unit, factor in (("MB", 1_000_000), ("kB", 1_000)):
        if number >= factor:
            return f"{number / factor:.1f} {unit}"
    return f"{number} bytes"


def _apa(package: dict[str, Any]) -> Markup:
    """The citation with the title in italics, which the style marks with asterisks."""
    before, _, after = as_apa(package).partition(f"*{package['title']}*")
    return Markup("{}<em>{}</em>{}").format(before, package["title"], after)


def _json_ld(released: Released) -> Markup:
    """The version as schema.org/Dataset for a script element, with addresses relative to the page."""
    number = released.newest.number
    files = [
        {key: cell for key, cell in file.items() if key != "description"}
        | {"contentUrl": _address(number, file["contentUrl"])}
        for file in released.schema_org["distribution"]
    ]
    whole = released.newest.archive
    archive = {
        "@type": "DataDownload",
        "name": whole.path,
        "description": "All files of the version.",
        "contentUrl": f"{base_of(released.package)}{whole.path}",
        "encodingFormat": "application/zip",
        "contentSize": f"{whole.bytes} B",
        "sha256": whole.sha256,
    }
    return _json({**released.schema_org, "distribution": [archive, *files]})


def _json(content: Any) -> Markup:
    """JSON for a script element."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    # Inside a script element nothing is unescaped, so the text must not hold what could end it.
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped above


def base_of(package: dict[str, Any]) -> str:
    """The address that the page is at, with its slash; empty if it is not hosted anywhere."""
    base = str(package.get("homepage", ""))
    return f"{base.rstrip('/')}/" if base else ""


def _address(number: str, url: str) -> str:
    return url if "://" in url else f"{number}/{url}"


def _others(released: Released) -> dict[str, TextTable]:
    return {name: table for name, table in released.version.tables.items() if name not in HEADLINE}


def _field(released: Released, table: str, column: str) -> dict[str, Any]:
    return next(field for field in released.version.schemas[table]["fields"] if field["name"] == column)


def _numeric(released: Released) -> dict[str, set[str]]:
    """The columns of each table that are sorted as numbers."""
    return {
        name: {field["name"] for field in schema["fields"] if field["type"] in ("integer", "number")}
        for name, schema in released.version.schemas.items()
    }
