"""A version as a workbook for Excel and LibreOffice: a sheet for each table, and the codebook."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time
from textwrap import wrap
from typing import TYPE_CHECKING

import xlsxwriter

from ...schema.model import Field, Table
from ...schema.terms import HEADLINE, MISSING
from ...tables.card import about
from ..changes import has_ids
from ..version import Version
from .typed import Value, values

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_FIRST = ("claims", *HEADLINE, "attestations")
_CODEBOOK, _ABOUT = "codebook", "about"
# What Excel takes: characters of a cell, and links of a sheet.
_LONGEST, _MOST_LINKS = 32_767, 65_000
_REST = " … (the rest is in the CSV file)"
# Widths of columns, in characters: of ids and coded values, and of sentences. The height of a line, in points.
_NARROWEST, _SHORT, _WIDEST, _HEIGHT = 8, 22, 38, 15
_PLAIN: dict[str, object] = {"text_wrap": True, "valign": "top"}
_FORMATS: dict[str, dict[str, object]] = {
    # As text, also when somebody edits the cell.
    "string": {"num_format": "@"},
    "integer": {"num_format": "0", "align": "center"},
    "number": {"align": "center"},
    # LibreOffice shows some truth values as numbers otherwise.
    "boolean": {"num_format": '"TRUE";"TRUE";"FALSE"', "align": "left"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "link": {"num_format": "@", "font_color": "#0b57a4", "underline": 1},
    "header": {"bold": True, "bg_color": "#e8edf2", "bottom": 1},
}


def workbook(version: Version) -> bytes:
    """The workbook as the bytes of an .xlsx file, which are the same whenever it is made."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options)
    dataset = version.schema.dataset
    book.set_properties(
        {
            "title": f"{dataset['title']}, version {version.number}",
            "author": ", ".join(person["title"] for person in dataset["contributors"]),
            "comments": f"{dataset['description']} Licence: {dataset['licenses'][0]['name']}.",
            "created": datetime.combine(date.fromisoformat(dataset["released"]), time()),
        }
    )
    formats = {name: book.add_format({**_PLAIN, **told}) for name, told in _FORMATS.items()}
    tables = version.schema.tables
    names = sorted(tables, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
    rows = {name: values(tables[name], version.tables[name]) for name in names}
    places = _Places(tables, rows)
    for name in names:
        _sheet(book.add_worksheet(name), tables[name], rows[name], formats, places)
    _codebook(book.add_worksheet(_CODEBOOK), tables, formats)
    _about(book.add_worksheet(_ABOUT), about(version.schema), formats)
    book.close()
    return content.getvalue()


class _Places:
    """Where each row stands that another one can name."""

    def __init__(self, tables: dict[str, Table], rows: dict[str, list[list[Value]]]) -> None:
        self._rows = {
            name: {row[_position(table, table.primary_key[0])]: line for line, row in enumerate(rows[name], start=2)}
            for name, table in tables.items()
            if len(table.primary_key) == 1
        }
        # An id leads to the table that is about it, not to the list of all ids.
        self._own = {
            id: (name, line)
            for name, table in tables.items()
            if has_ids(name, table.primary_key)
            for id, line in self._rows[name].items()
        }

    def of(self, target: str, value: Value) -> str | None:
        """The address of the row of a table, or None if there is none."""
        line = self._rows.get(target, {}).get(value)
        sheet, line = self._own.get(value, (target, line)) if target == "items" else (target, line)
        return f"internal:'{sheet}'!A{line}" if line else None


def _sheet(
    sheet: Worksheet, table: Table, rows: list[list[Value]], formats: dict[str, Format], places: _Places
) -> None:
    targets = {key.fields[0]: key.table for key in table.foreign_keys if len(key.fields) == 1}
    linked = len(rows) * len(targets) <= _MOST_LINKS
    widths = [
        _width(field, [row[column] for row in rows], whole=field.name in targets)
        for column, field in enumerate(table.fields)
    ]
    for column, field in enumerate(table.fields):
        sheet.write_string(0, column, field.name, formats["header"])
        sheet.write_comment(0, column, _meaning(field), {"x_scale": 2.5, "y_scale": 1.5, "author": table.name})
        cells = [row[column] for row in rows]
        sheet.set_column(column, column, widths[column], formats[field.type])
        target = targets.get(field.name) if linked else None
        for line, value in enumerate(cells, start=1):
            address = places.of(target, value) if target and value is not None else None
            # Not to itself, where an id is that of its own row.
            if address and address != f"internal:'{table.name}'!A{line + 1}":
                sheet.write_url(line, column, address, formats["link"], str(value))
            else:
                _write(sheet, line, column, value, formats[field.type])
    _set_heights(sheet, rows, widths)
    _finish(sheet, len(rows), len(table.fields))


def _write(sheet: Worksheet, line: int, column: int, value: Value, format: Format) -> None:
    if value is None:
        return
    if isinstance(value, str):
        text = value if len(value) <= _LONGEST else value[: _LONGEST - len(_REST)] + _REST
        sheet.write_string(line, column, text, format)
    elif isinstance(value, bool):
        sheet.write_boolean(line, column, value, format)
    elif isinstance(value, date):
        sheet.write_datetime(line, column, datetime.combine(value, time()), format)
    else:
        sheet.write_number(line, column, value, format)


def _codebook(sheet: Worksheet, tables: dict[str, Table], formats: dict[str, Format]) -> None:
    """A line for each column, and one for each of its allowed values."""
    header = {"table": 14, "column": 18, "value": 18, "type": 9, "description": 80, "example": 36, "missing": 16}
    for column, (name, width) in enumerate(header.items()):
        sheet.write_string(0, column, name, formats["header"])
        sheet.set_column(column, column, width, formats["string"])
    lines = [
        line
        for table in tables.values()
        for field in table.fields
        for line in (
            (
                table.name, field.name, "", field.type, field.description, field.example,
                _missing(field),
            ),
            *(
                (table.name, field.name, value, "", text["definition"], text["example"], "")
                for value, text in (field.vocabulary.values if field.vocabulary else {}).items()
            ),
        )
    ]  # fmt: skip
    _set_heights(sheet, lines, list(header.values()))
    for number, line in enumerate(lines, start=1):
        for column, text in enumerate(line):
            _write(sheet, number, column, text or None, formats["string"])
    _finish(sheet, len(lines), len(header))


def _about(sheet: Worksheet, told: list[tuple[str, str]], formats: dict[str, Format]) -> None:
    sheet.set_column(0, 0, 20, formats["string"])
    sheet.set_column(1, 1, 100, formats["string"])
    _set_heights(sheet, told, [20, 100], first=0)
    for line, (name, text) in enumerate(told):
        sheet.write_string(line, 0, name, formats["header"])
        sheet.write_string(line, 1, text, formats["string"])
    sheet.fit_to_pages(1, 0)


def _missing(field: Field) -> str:
    if field.required:
        return ""
    return MISSING[field.missing][0] if field.missing else "allowed"


def _finish(sheet: Worksheet, rows: int, columns: int) -> None:
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(rows, 1), columns - 1)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&RPage &P of &N")


def _meaning(field: Field) -> str:
    null = f" Empty: {MISSING[field.missing][0]}." if field.missing else ""
    return f"{field.description}{null}"


def _width(field: Field, cells: list[Value], *, whole: bool) -> int:
    """The width of a column; `whole` where its cells do not wrap, as links do not in LibreOffice."""
    longest = max((len(str(cell)) for cell in cells if cell is not None), default=0)
    wanted = longest + 2 if whole or longest + 2 <= _SHORT else _WIDEST if longest > 2 * _SHORT else _SHORT
    # With room for the arrow of the filter.
    return max(len(field.name) + 3, wanted, _NARROWEST)


def _set_heights(sheet: Worksheet, rows: Sequence[Sequence[Value]], widths: list[int], first: int = 1) -> None:
    """Make each row as high as its longest cell needs: not every program does it on its own."""
    for line, row in enumerate(rows, start=first):
        lines = max(_lines(cell, width - 4) for cell, width in zip(row, widths))
        if lines > 1:
            sheet.set_row(line, min(lines * _HEIGHT, 409))


def _lines(cell: Value, width: int) -> int:
    return len(wrap(cell, width, break_on_hyphens=False)) if isinstance(cell, str) and len(cell) > width else 1


def _position(table: Table, column: str) -> int:
    return [field.name for field in table.fields].index(column)
