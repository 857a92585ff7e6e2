"""Arrow tables with the schemas' types, descriptions and allowed values, and with metadata for pandas."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from ..io.problems import BuildError, Problem
from ..schema.model import Field, Record, Schema, Table
from .describe import citation

_HINT = "give the column the type of its values, or change the code that derives them"
_TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
# Names of pandas' nullable types, and of the nearest type of the pandas metadata specification. A date has no nullable
# type of its own in pandas: it is left to pyarrow, which gives datetime.date.
_PANDAS = {
    "string": ("unicode", "string"),
    "integer": ("int64", "Int64"),
    "number": ("float64", "Float64"),
    "boolean": ("bool", "boolean"),
    "date": ("date", "object"),
}


def to_table(schema: Schema, table: Table, records: list[Record]) -> pa.Table:
    """The records as an Arrow table: enums as dictionaries with all levels, dates as date32.

    Raises BuildError if a column has other values than its schema says.
    """
    arrays = []
    for field in table.fields:
        try:
            arrays.append(_array(field, [record[field.name] for record in records]))
        except (pa.ArrowException, KeyError) as error:
            found = f"{field.name}: the values are not of the type {field.type}: {error}"
            raise BuildError([Problem(f"schema/{table.name}.json", 0, 0, "schema", found, hint=_HINT)]) from error
    return pa.Table.from_arrays(arrays, schema=to_schema(schema, table))


def to_schema(schema: Schema, table: Table) -> pa.Schema:
    """The Arrow schema of a table, with its Table Schema, pandas' view of it and the citation in the metadata."""
    dataset = schema.dataset
    fields = [
        pa.field(
            field.name,
            _type(field),
            nullable=not field.required,
            metadata={"title": field.title, "description": field.description},
        )
        for field in table.fields
    ]
    attributes = {
        "name": f"{dataset['name']}/{table.name}",
        "title": table.title,
        "description": table.description,
        "version": schema.version,
        "license": dataset["licenses"][0]["name"],
        "citation": citation(schema),
    }
    metadata = {
        **attributes,
        "table_schema": json.dumps(table.descriptor(), ensure_ascii=False),
        "pandas": json.dumps(_pandas(table, attributes), ensure_ascii=False),
    }
    return pa.schema(fields, metadata=metadata)


def _type(field: Field) -> pa.DataType:
    if field.vocabulary is not None:
        return pa.dictionary(pa.int8(), pa.string(), ordered=field.vocabulary.ordered)
    return _TYPES[field.type]


def _array(field: Field, values: list[Any]) -> pa.Array:
    if field.levels is None:
        return pa.array(values, _type(field))
    codes = {level: code for code, level in enumerate(field.levels)}
    indices = pa.array([None if value is None else codes[value] for value in values], pa.int8())
    levels = pa.array(field.levels, pa.string())
    return pa.DictionaryArray.from_arrays(indices, levels, ordered=bool(field.vocabulary and field.vocabulary.ordered))


def _pandas(table: Table, attributes: dict[str, str]) -> dict[str, Any]:
    """The `pandas` key of a file's metadata, which makes a plain read_parquet give these dtypes and `.attrs`."""
    columns = []
    for field in table.fields:
        kind, dtype = _PANDAS[field.type]
        extra = None
        if field.vocabulary is not None:
            kind, dtype = "categorical", "int8"
            extra = {"num_categories": len(field.vocabulary.values), "ordered": field.vocabulary.ordered}
        columns.append(
            {"name": field.name, "field_name": field.name, "pandas_type": kind, "numpy_type": dtype, "metadata": extra}
        )
    return {
        "index_columns": [],
        "column_indexes": [],
        "columns": columns,
        "attributes": attributes,
        "creator": {"library": "pyarrow", "version": pa.__version__},
        "pandas_version": "2.2.3",
    }
