"""Every table of the unpacked archive, read by each client that is installed, against its CSV file.

`make interop` prints for each client its version, how many rows it read, and whether all cells are equal, or why it was
skipped. Node finds its packages by NODE_PATH, and Spark may live in another environment, named by RIC_SPARK.
"""

from __future__ import annotations

import csv
import functools
import importlib.metadata
import importlib.util
import io
import json
import logging
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
Rows = list[dict[str, str]]
# Reads some tables of the folder. Gives the version of the client and the rows of each table.
Client = Callable[[Path, list[str]], tuple[str, dict[str, Rows]]]
# How a program of another language gives a table: as CSV on standard output, after a line of its own.
_PANDAS = """
import sys, pandas
for name in sys.argv[2:]:
    frame = pandas.read_parquet(f"{sys.argv[1]}/parquet/{name}.parquet")
    print("TABLE", name)
    sys.stdout.write(frame.astype(object).to_csv(index=False))
"""
_SPARK = """
import csv, sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.config("spark.ui.enabled", "false").getOrCreate()
writer = csv.writer(sys.stdout, lineterminator="\\n")
for name in sys.argv[2:]:
    frame = spark.read.parquet(f"{sys.argv[1]}/parquet/{name}.parquet")
    print("TABLE", name)
    writer.writerow(frame.columns)
    writer.writerows(frame.collect())
"""
_DATASETS = """
import csv, sys, datasets
datasets.disable_progress_bars()
writer = csv.writer(sys.stdout, lineterminator="\\n")
for name in sys.argv[2:]:
    loaded = datasets.load_dataset(f"{sys.argv[1]}/card", name, split="train")
    print("TABLE", name)
    writer.writerow(loaded.column_names)
    writer.writerows(row.values() for row in loaded)
"""
_R = """
arguments <- commandArgs(TRUE)
for (name in arguments[-1]) {
  frame <- READ
  cat("TABLE", name, "\\n")
  write.csv(as.data.frame(frame), row.names = FALSE, na = "", quote = TRUE)
}
"""
_READR = """{
  resources <- jsonlite::fromJSON(file.path(arguments[1], "datapackage.json"), simplifyVector = FALSE)$resources
  table <- Filter(function(entry) entry$name == name, resources)[[1]]
  types <- c(string = "c", integer = "i", number = "d", boolean = "l", date = "D")
  codes <- sapply(table$schema$fields, function(field) types[[field$type]])
  readr::read_csv(file.path(arguments[1], table$path), na = "", col_types = paste(codes, collapse = ""))
}"""
_R_ARROW = 'arrow::read_parquet(file.path(arguments[1], "parquet", paste0(name, ".parquet")))'
_NODE = """
const { createRequire } = require('node:module')
const cell = value => value === null || value === undefined ? '' : value instanceof Date
  ? value.toISOString().slice(0, 10) : String(value)
const quoted = text => '"' + cell(text).replaceAll('"', '""') + '"'
const write = (name, columns, rows) => {
  console.log('TABLE', name)
  console.log(columns.map(quoted).join(','))
  for (const row of rows) console.log(columns.map(column => quoted(row[column])).join(','))
}
const [folder, ...names] = process.argv.slice(2)
READ
"""
_HYPARQUET = """
import(require.resolve('hyparquet')).then(async ({ asyncBufferFromFile, parquetReadObjects, parquetMetadataAsync }) => {
  for (const name of names) {
    const file = await asyncBufferFromFile(`${folder}/parquet/${name}.parquet`)
    const columns = (await parquetMetadataAsync(file)).schema.slice(1).map(column => column.name)
    write(name, columns, await parquetReadObjects({ file }))
  }
})
"""
_DATAPACKAGE = """
require('datapackage').Package.load(`${folder}/datapackage.json`).then(async package => {
  for (const name of names) {
    const resource = package.getResource(name)
    write(name, resource.schema.fieldNames, await resource.read({ keyed: true, cast: false }))
  }
})
"""


class SkippedError(Exception):
    """A client that is not installed."""


def cell(value: Any) -> str:
    """A value of any client as the CSV files write it."""
    if value is None or value != value or str(value) in ("<NA>", "NaT", "None"):
        return ""
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).removesuffix(" 00:00:00")


def canonical(folder: Path, name: str) -> Rows:
    """The rows of a table as the CSV file has them."""
    with (folder / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def dicts(columns: list[str], rows: Any) -> Rows:
    return [dict(zip(columns, map(cell, row))) for row in rows]


def module(name: str, package: str = "") -> str:
    """The version of a Python package."""
    if importlib.util.find_spec(name) is None:
        raise SkippedError(f"{name} is not installed")
    return importlib.metadata.version(package or name)


def program(name: str, *arguments: str) -> str:
    """The first line that a program says of its version."""
    path = shutil.which(name)
    if path is None:
        raise SkippedError(f"{name} is not installed")
    told = subprocess.run([path, *arguments], capture_output=True, text=True)
    return (told.stdout or told.stderr).strip().splitlines()[0]


def told(command: list[str], environment: dict[str, str] | None = None) -> dict[str, Rows]:
    """The tables that a program prints. What is missing is told as its reason to be skipped."""
    result = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **(environment or {})})
    if result.returncode or "TABLE" not in result.stdout:
        lacking = re.search(
            r"there is no package called .*|Cannot find module '[^']*'|No module named .*", result.stderr
        )
        if lacking:
            raise SkippedError(lacking[0])
        raise AssertionError(result.stderr[-2000:])
    parts = re.split(r"^TABLE (\S+) ?\n", result.stdout, flags=re.MULTILINE)[1:]
    return {name: list(csv.DictReader(io.StringIO(text))) for name, text in zip(parts[::2], parts[1::2])}


def spelled(value: str, type: str) -> str:
    """A cell that another language printed: truth values, whole numbers and nulls in our spelling."""
    if value in ("NA", "None", "NaN", "null") and type != "string":
        return ""
    if type == "boolean":
        return {"1": "true", "0": "false"}.get(value, value.lower())
    return re.sub(r"\.0$", "", value) if type in ("number", "integer") else value


def pyarrow(folder: Path, names: list[str]) -> tuple[str, dict[str, Rows]]:
    from pyarrow import parquet

    tables = {name: parquet.read_table(folder / "parquet" / f"{name}.parquet") for name in names}
    return module("pyarrow"), {
        name: dicts(table.column_names, zip(*(column.to_pylist() for column in table.columns)))
        for name, table in tables.items()
    }


def polars(folder: Path, names: list[str]) -> tuple[str, dict[str, Rows]]:
    version = module("polars")
    import polars

    frames = {name: polars.read_parquet(folder / "parquet" / f"{name}.parquet") for name in names}
    return version, {name: dicts(frame.columns, frame.rows()) for name, frame in frames.items()}


def duckdb(folder: Path, names: list[str]) -> tuple[str, dict[str, Rows]]:
    version = module("duckdb")
    import duckdb

    found = {}
    for name in names:
        read = duckdb.sql(f"SELECT * FROM read_parquet('{folder}/parquet/{name}.parquet')")  # noqa: S608
        found[name] = dicts(read.columns, read.fetchall())
    return version, found


def sqlite(folder: Path, names: list[str]) -> tuple[str, dict[str, Rows]]:
    found = {}
    with closing(sqlite3.connect(folder / "russia-iran-claims.sqlite")) as opened:
        for name in names:
            read = opened.execute(f'SELECT * FROM "{name}" ORDER BY rowid')  # noqa: S608
            found[name] = dicts([column[0] for column in read.description], read)
    return sqlite3.sqlite_version, found


def datasette(folder: Path, names: list[str]) -> tuple[str, dict[str, Rows]]:
    version, found = module("datasette"), {}
    command = [sys.executable, "-m", "datasette", "russia-iran-claims.sqlite", "--metadata", "datasette.json", "--get"]
    for name in names:
        address = f"/russia-iran-claims.csv?sql=select+*+from+[{name}]+order+by+rowid&_size=max"
        limit = ["--setting", "max_returned_rows", "100000"]
        result = subprocess.run([*command, address, *limit], cwd=folder, capture_output=True, text=True, check=True)
        found[name] = list(csv.DictReader(io.StringIO(result.stdout)))
    return version, found


def frictionless(folder: Path, names: list[str]) -> tuple[str, dict[str, Rows]]:
    version = module("frictionless")
    import frictionless

    package = frictionless.Package(str(folder / "datapackage.json"))
    found = {}
    for name in names:
        rows = package.get_resource(name).read_rows()
        found[name] = [{key: cell(value) for key, value in row.to_dict().items()} for row in rows]
    return version, found


def mlcroissant(folder: Path, names: list[str]) -> tuple[str, dict[str, Rows]]:
    version = module("mlcroissant")
    import mlcroissant

    logged = io.StringIO()
    logging.getLogger("absl").addHandler(handler := logging.StreamHandler(logged))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of its dependencies: its own it logs
        dataset = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
        issues = dataset.metadata.ctx.issues
        if issues.errors or issues.warnings:
            raise AssertionError(f"{issues.errors}{issues.warnings}")
        found = {}
        for name in names:
            rows = list(dataset.records(record_set=name))
            found[name] = [{key.partition("/")[2]: cell(value) for key, value in row.items()} for row in rows]
    logging.getLogger("absl").removeHandler(handler)
    if logged.getvalue():
        raise AssertionError(logged.getvalue())
    return version, found


def pandas_of(age: str) -> Client:
    def read(folder: Path, names: list[str]) -> tuple[str, dict[str, Rows]]:
        python = str(ROOT / f".venv-{age}" / "bin" / "python")
        if not Path(python).exists():
            raise SkippedError(f"make compat makes .venv-{age}")
        told_version = subprocess.run(
            [python, "-c", "import pandas; print(pandas.__version__)"], capture_output=True, text=True, check=True
        )
        return told_version.stdout.strip(), told([python, "-c", _PANDAS, str(folder), *names])

    return read


def spark(folder: Path, names: list[str]) -> tuple[str, dict[str, Rows]]:
    python = os.environ.get("RIC_SPARK", sys.executable)
    version = subprocess.run(
        [python, "-c", "import pyspark; print(pyspark.__version__)"], capture_output=True, text=True
    )
    if version.returncode:
        raise SkippedError("pyspark is not installed; RIC_SPARK names a Python that has it")
    return version.stdout.strip(), told([python, "-c", _SPARK, str(folder), *names])


def hugging_face(folder: Path, names: list[str]) -> tuple[str, dict[str, Rows]]:
    version = module("datasets")
    with tempfile.TemporaryDirectory() as cache:
        offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": cache}
        return version, told([sys.executable, "-c", _DATASETS, str(folder), *names], offline)


def r_of(read: str, package: str) -> Client:
    def run(folder: Path, names: list[str]) -> tuple[str, dict[str, Rows]]:
        program("Rscript", "--version")
        asked = f'cat(as.character(packageVersion("{package}")), R.version$minor)'
        version = subprocess.run(["Rscript", "-e", asked], capture_output=True, text=True)
        if version.returncode:
            raise SkippedError(f"the R package {package} is not installed")
        number, minor = version.stdout.split()
        with tempfile.NamedTemporaryFile("w", suffix=".R") as file:
            file.write(_R.replace("READ", read))
            file.flush()
            found = told(["Rscript", file.name, str(folder), *names], {"LC_ALL": "C.UTF-8"})
        return f"{number}, R 4.{minor}", found

    return run


def node_of(read: str, package: str) -> Client:
    def run(folder: Path, names: list[str]) -> tuple[str, dict[str, Rows]]:
        node = program("node", "--version")
        found = told(["node", "-e", _NODE.replace("READ", read), "x", str(folder), *names])
        places = [Path(each) / package / "package.json" for each in os.environ.get("NODE_PATH", "").split(os.pathsep)]
        number = next((json.loads(path.read_text("utf-8"))["version"] for path in places if path.exists()), "")
        return f"{number}, Node {node}", found

    return run


def postgresql(folder: Path, names: list[str]) -> tuple[str, dict[str, Rows]]:
    """A server of its own, which only this user reaches, with the types of the descriptor."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaries:
        raise SkippedError("PostgreSQL is not installed")
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    types = {"string": "text", "integer": "bigint", "number": "double precision", "boolean": "boolean", "date": "date"}
    schemas = {entry["name"]: entry["schema"] for entry in package["resources"] if "schema" in entry}
    fields = {name: schema["fields"] for name, schema in schemas.items()}
    script = ""
    for name in names:
        key = ", ".join(schemas[name]["primaryKey"])
        columns = ", ".join(f"{field['name']} {types[field['type']]}" for field in fields[name])
        script += f"CREATE TABLE {name} ({columns});\n"
        script += f"\\copy {name} FROM '{folder}/csv/{name}.csv' (FORMAT csv, HEADER)\n\\echo TABLE {name}\n"
        script += f"\\copy (TABLE {name} ORDER BY {key}) TO STDOUT (FORMAT csv, HEADER)\n"
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o777)
        data = f"{place}/data"
        server = [*as_user, str(binaries[-1] / "pg_ctl"), "-D", data]
        quiet: dict[str, Any] = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([*as_user, str(binaries[-1] / "initdb"), "-D", data, "-E", "UTF8", "--locale=C"], **quiet)
        subprocess.run([*server, "-o", f"-k {place} -h ''", "-w", "-l", f"{place}/log", "start"], **quiet)
        try:
            command = [*as_user, str(binaries[-1] / "psql"), "-h", place, "-q", "-v", "ON_ERROR_STOP=1", "postgres"]
            result = subprocess.run(command, input=script, capture_output=True, text=True)
            if result.returncode:
                raise AssertionError(result.stderr)
        finally:
            subprocess.run([*server, "-m", "immediate", "stop"], **quiet)
    parts = re.split(r"^TABLE (\S+)\n", result.stdout, flags=re.MULTILINE)[1:]
    truth = {"t": "true", "f": "false"}
    found = {}
    for name, text in zip(parts[::2], parts[1::2]):
        kinds = {field["name"]: field["type"] for field in fields[name]}
        found[name] = [
            {key: truth.get(value, value) if kinds[key] == "boolean" else value for key, value in row.items()}
            for row in csv.DictReader(io.StringIO(text))
        ]
    return binaries[-1].parent.name, found


def libreoffice(folder: Path, names: list[str]) -> tuple[str, dict[str, Rows]]:
    """The workbook as LibreOffice understands it: each sheet as CSV, with dates as they are formatted."""
    version = program("soffice", "--version")
    with tempfile.TemporaryDirectory() as place:
        filters = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{place}/profile", "--convert-to", filters]
        workbook = str(folder / "russia-iran-claims.xlsx")
        subprocess.run([*command, "--outdir", place, workbook], check=True, capture_output=True)
        found = {}
        for name in names:
            with (Path(place) / f"russia-iran-claims-{name}.csv").open(encoding="utf-8", newline="") as file:
                found[name] = list(csv.DictReader(file))
    return version, found


CLIENTS: dict[str, Client] = {
    "pandas, oldest (parquet)": pandas_of("oldest"),
    "pandas, newest (parquet)": pandas_of("newest"),
    "Polars (parquet)": polars,
    "DuckDB (parquet)": duckdb,
    "PyArrow (parquet)": pyarrow,
    "Spark (parquet)": spark,
    "R arrow (parquet)": r_of(
        'arrow::read_parquet(file.path(arguments[1], "parquet", paste0(name, ".parquet")))', "arrow"
    ),
    "R readr (csv)": r_of(_READR, "readr"),
    "PostgreSQL (csv)": postgresql,
    "frictionless (datapackage.json)": frictionless,
    "datapackage-js (datapackage.json)": node_of(_DATAPACKAGE, "datapackage"),
    "hyparquet (parquet)": node_of(_HYPARQUET, "hyparquet"),
    "mlcroissant (croissant.json)": mlcroissant,
    "Hugging Face datasets (card)": hugging_face,
    "SQLite (sqlite)": sqlite,
    "Datasette (sqlite)": datasette,
    "LibreOffice (xlsx)": libreoffice,
}


def attempts(folder: Path) -> Iterator[tuple[str, Callable[[], str]]]:
    """What to try with the unpacked archive, and what each attempt tells."""
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    types = {
        entry["name"]: {field["name"]: field["type"] for field in entry["schema"]["fields"]}
        for entry in package["resources"]
        if "schema" in entry
    }
    expected = {name: canonical(folder, name) for name in types}
    names = [name for name, rows in expected.items() if rows]

    def held(read: Client) -> str:
        version, found = read(folder, names)
        for name in names:
            rows = [
                {key: spelled(value, types[name].get(key, "")) for key, value in row.items()} for row in found[name]
            ]
            if rows != expected[name]:
                wrong = [
                    (key, mine.get(key), right[key])
                    for mine, right in zip(rows, expected[name])
                    for key in right
                    if mine.get(key) != right[key]
                ]
                raise AssertionError(f"{version}: {name}: {len(rows)} of {len(expected[name])} rows, {wrong[:2]}")
        return f"{version}: {sum(len(found[name]) for name in names)} rows of {len(names)} tables, cells equal"

    for client, read in CLIENTS.items():
        yield client, functools.partial(held, read)
