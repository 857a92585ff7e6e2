"""The tables as pandas DataFrames."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .citing import cite
from .published import find_release, pandas

if TYPE_CHECKING:
    import pandas as pd

    from .table_names import TableName


Folder = str | os.PathLike[str] | None


def load(name: TableName, *, version: str | None = None, folder: Folder = None) -> pd.DataFrame:
    """Return one table of the release, such as `events`, `quotes`, `figures` or `claims`.

    `folder` is a folder of versions, such as `dataset/` in a copy of the repository, or that of one version; by default
    it is the release that the package bundles. `version` is a version in it, by default the newest.

    Dates are datetime64[ns]; coded columns are categories with all their values, ordered if the order means something;
    integers are Int64, numbers Float64, truth values boolean, text string. The id is an ordinary column. `.attrs` has
    name, title, description, version, license and citation. Raises ValueError if there is no such table or version; it
    lists those that there are.
    """
    release = find_release(version, folder)
    table = release.table(name)
    pd = pandas()
    frame = pd.read_parquet(release.parquet(name))
    for field in table["schema"]["fields"]:
        if field["type"] == "date":
            frame[field["name"]] = pd.to_datetime(frame[field["name"]]).astype("datetime64[ns]")
    package = release.descriptor
    frame.attrs = {
        "name": f"{package['name']}/{name}",
        "title": table["title"],
        "description": table["description"],
        "version": package["version"],
        "license": package["licenses"][0]["name"],
        "citation": cite(version=version, folder=folder),
    }
    return frame


def tables(*, version: str | None = None, folder: Folder = None) -> pd.DataFrame:
    """List the tables of the release: name, number of rows, title and what a row is. For the rest see `load`."""
    release = find_release(version, folder)
    pd = pandas()
    from pyarrow import parquet

    return pd.DataFrame(
        [
            {
                "table": name,
                "rows": parquet.read_metadata(release.parquet(name)).num_rows,
                "title": table["title"],
                "description": table["description"],
            }
            for name, table in release.tables.items()
        ]
    )


def describe(name: TableName, *, version: str | None = None, folder: Folder = None) -> pd.DataFrame:
    """Return the codebook of one table: type, meaning, example and values of each column, and whether it is required.

    `values` is a dict from each allowed value to its definition, or None if any value is allowed. Raises ValueError if
    there is no such table. For `version` and `folder` see `load`.
    """
    table = find_release(version, folder).table(name)
    pd = pandas()
    return pd.DataFrame(
        [
            {
                "column": field["name"],
                "type": field["type"],
                "description": field["description"],
                "example": field["example"],
                "required": bool(field.get("constraints", {}).get("required")),
                "values": {level["value"]: level["description"] for level in field.get("categories", ())} or None,
            }
            for field in table["schema"]["fields"]
        ]
    )
