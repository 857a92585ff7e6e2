"""The tables as pandas DataFrames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .citing import cite
from .published import descriptor, folder, resource, resources

if TYPE_CHECKING:
    import pandas as pd


def load(name: str) -> pd.DataFrame:
    """Return one table of the release, such as `events`, `quotes`, `figures` or `claims`.

    Dates are datetime64[ns]; coded columns are categories with all their values, ordered if the order means something;
    integers are Int64, numbers Float64, truth values boolean, text string. The id is an ordinary column. `.attrs` has
    name, title, description, version, license and citation. Raises ValueError if there is no such table.
    """
    table = resource(name)
    import pandas as pd

    frame = pd.read_parquet(folder() / f"{name}.parquet")
    for field in table["schema"]["fields"]:
        if field["type"] == "date":
            frame[field["name"]] = pd.to_datetime(frame[field["name"]]).astype("datetime64[ns]")
    package = descriptor()
    frame.attrs = {
        "name": f"{package['name']}/{name}",
        "title": table["title"],
        "description": table["description"],
        "version": package["version"],
        "license": package["licenses"][0]["name"],
        "citation": cite(),
    }
    return frame


def tables() -> pd.DataFrame:
    """List the tables of the release: name, number of rows, title and what a row is."""
    import pandas as pd
    from pyarrow import parquet

    return pd.DataFrame(
        [
            {
                "table": name,
                "rows": parquet.read_metadata(folder() / f"{name}.parquet").num_rows,
                "title": table["title"],
                "description": table["description"],
            }
            for name, table in resources().items()
        ]
    )


def describe(name: str) -> pd.DataFrame:
    """Return the codebook of one table: type, meaning, example and values of each column, and whether it is required.

    `values` is a dict from each allowed value to its definition, or None if any value is allowed. Raises ValueError if
    there is no such table.
    """
    table = resource(name)
    import pandas as pd

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
