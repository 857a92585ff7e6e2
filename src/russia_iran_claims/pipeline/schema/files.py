"""What the files in `schema/` have to look like, as pydantic models. Keys that the build does not use are refused."""

from __future__ import annotations

import re
import warnings
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel
from pydantic_core import SchemaError, SchemaValidator
from pydantic_core import core_schema as core

from .terms import MISSING


def _one_line(text: str) -> str:
    if not text.isprintable() or "<!--" in text or "-->" in text:
        raise ValueError(f"found {text[:60]!r}, expected text on one line without control characters and comments")
    return text


def _address(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s\"'<>{}\\^`|]+", text):
        raise ValueError(f"found {text[:60]!r}, expected an address that begins with https://, or nothing")
    return text


def _pattern(pattern: str) -> str:
    """Refuse a pattern that Python cannot use, which frictionless does, or that pydantic cannot."""
    try:
        # Where Python only warns, it reads the pattern in another way than others.
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(f"^{pattern}$")
        SchemaValidator(core.str_schema(pattern=f"^(?:{pattern})$"))
    except (re.error, Warning, SchemaError, RecursionError, OverflowError) as error:
        reason = str(error).strip().splitlines()[-1].strip()
        raise ValueError(f"found {pattern[:60]!r}, which is not a pattern that the build can use: {reason}") from error
    return pattern


def _missing(text: str) -> str:
    if text not in MISSING:
        raise ValueError(f"found {text[:60]!r}, expected what null means: {', '.join(MISSING)}")
    return text


Text = Annotated[str, StringConstraints(min_length=1), AfterValidator(_one_line)]
Doi = Annotated[str, StringConstraints(pattern=r"^10\.[0-9]{4,9}/[^\s\"<>{}\\]+$")]
# The name of a table or column: it becomes the name of a file or a variable.
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Length = Annotated[int, Field(ge=0)]
Number = int | Annotated[float, Field(allow_inf_nan=False)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel)


class Constraints(_Entry):
    """What the cells of a column must satisfy, in the words of Table Schema."""

    required: bool = False
    unique: bool = False
    # What is not written does not count, whatever its default.
    enum: list[Text] = []
    pattern: Annotated[str, AfterValidator(_pattern)] = ""
    minimum: Number = 0
    maximum: Number = 0
    min_length: Length = 0
    max_length: Length = 0


class Column(_Entry):
    """A column; see `schema.model.Field` for what the keys mean."""

    name: Name
    type: Literal["string", "integer", "number", "boolean", "date"]
    title: Text
    description: Text
    example: Text
    constraints: Constraints = Constraints()
    vocabulary: Text | None = None
    origin: Literal["parent", "position", "derived"] | None = None
    wording: Literal["verbatim", "own", "name", "code"] | None = None
    formerly: Name | None = None
    missing: Annotated[str, AfterValidator(_missing)] | None = None


class Reference(_Entry):
    """The table and the columns that a foreign key refers to; the empty name is the table itself."""

    resource: str
    fields: Annotated[list[Name], Field(min_length=1)]


class ForeignKeyEntry(_Entry):
    """A foreign key."""

    fields: Annotated[list[Name], Field(min_length=1)]
    reference: Reference


class TableFile(_Entry):
    """`schema/<table>.json`: a Table Schema, with the keys that say where the rows come from."""

    profile: Annotated[str | None, Field(alias="$schema")] = None
    name: Name
    title: Text
    description: Text
    fields: Annotated[list[Column], Field(min_length=1)]
    primary_key: Annotated[list[Name], Field(min_length=1)]
    foreign_keys: list[ForeignKeyEntry] = []
    missing_values: list[Literal[""]] = [""]
    origin: Literal["derived"] | None = None
    optional: bool = False
    inside: list[Name] = []


class Level(_Entry):
    """A value of a vocabulary."""

    definition: Text
    example: Text


class VocabularyEntry(_Entry):
    """A vocabulary of `schema/vocabularies.json`: its values in order."""

    title: Text
    ordered: bool = False
    values: Annotated[dict[Text, Level], Field(min_length=1)]


class Contributor(_Entry):
    """Who made the dataset, in the words of Data Package."""

    title: Text
    roles: list[Text] = []
    path: Text | None = None
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$")] | None = None
    organization: Text | None = None


class Licence(_Entry):
    """A licence of the data, in the words of Data Package."""

    name: Text
    title: Text
    path: Text


class Coding(_Entry):
    """How the rows were made, under the names that Croissant's vocabulary for responsible AI has for it."""

    data_collection: Text
    data_annotation_protocol: Text
    annotations_per_item: Text
    machine_annotation_tools: Annotated[list[Text], Field(min_length=1)]
    data_limitations: Annotated[list[Text], Field(min_length=1)]
    data_biases: Annotated[list[Text], Field(min_length=1)]


class DatasetFile(BaseModel):
    """`schema/dataset.json`: what describes the dataset as a whole, and the names of its tables in order."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
    title: Text
    description: Text
    coding: Coding
    download_base: Annotated[str, AfterValidator(_one_line), AfterValidator(_address)]
    # By the number of a version; `all` is the one that leads to all versions.
    doi: dict[Text, Doi] = {}
    keywords: list[Text]
    language: Text
    spatial_coverage: list[Text]
    contributors: Annotated[list[Contributor], Field(min_length=1)]
    licenses: Annotated[list[Licence], Field(min_length=1)]
    tables: Annotated[list[Name], Field(min_length=1)]
    inputs: list[Name]
