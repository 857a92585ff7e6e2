"""The snippets of docs/using.md, run with each client that is installed, against the canonical rows.

`make interop` prints what ran and what was skipped and why. The tests call `run` for the clients that they have.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import http.server
import importlib.util
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import archive_clients
from archive_clients import SkippedError, cell

from russia_iran_claims.pipeline.versions.archive.pack import archive
from russia_iran_claims.pipeline.versions.index import read_index

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "using.md"
TABLES = ("quotes", "figures", "attestations", "events")
Rows = list[dict[str, str]]


def snippet(name: str) -> str:
    """The code of one client on the page."""
    found = re.search(rf"^```(?:python|r) {name}\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def shown(client: str) -> tuple[str, str]:
    """What a client's snippet prints, and what the page says that it prints."""
    text = PAGE.read_text("utf-8")
    shows = re.findall(rf"^```(?:python|r) {client} shows\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[0]
    said = re.findall(rf"^```output {client}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[0]
    if client in ("base", "readr"):
        return r_run(client, snippet(client) + shows), said
    output = io.StringIO()
    with contextlib.redirect_stdout(output), python_run(client, snippet(client) + shows):
        pass
    return output.getvalue(), said


def version() -> str:
    """The version that the page reads."""
    (found,) = set(re.findall(r'(?:"dataset/|version=")([0-9.]+)"', PAGE.read_text("utf-8")))
    return str(found)


def canonical(table: str) -> Rows:
    """The rows as the CSV file has them."""
    with (ROOT / "dataset" / version() / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def python_rows(kind: str, quotes: Any) -> Rows:
    """Rows of a Python client's table as text."""
    if kind in ("ric", "pandas"):
        records = quotes.astype(object).to_dict("records")
    elif kind == "polars":
        records = quotes.to_dicts()
    elif kind == "spark":
        records = [row.asDict() for row in quotes.collect()]
    else:
        names = [column[0] for column in quotes.description]
        records = [dict(zip(names, row)) for row in quotes.fetchall()]
    return [{name: cell(value) for name, value in record.items()} for record in records]


def run(client: str, base: str | None = None) -> int:
    """Run a client's snippet for several tables and compare. Gives the number of rows; raises where one differs."""
    count = 0
    for table in TABLES:
        code = re.sub(r"\bquotes\b", table, snippet(client))
        if base is not None:
            code = re.sub(r'"dataset/[^"]+"', repr(base) if client not in ("base", "readr") else f'"{base}"', code)
        rows = r_rows(client, code, table) if client in ("base", "readr") else exec_rows(client, code, table)
        expected = canonical(table)
        if rows != expected:
            wrong = [(a, b) for a, b in zip(rows, expected) if a != b]
            raise AssertionError(f"{client}: {table}: {len(rows)} rows, expected {len(expected)}: {wrong[:1]}")
        count += len(rows)
    return count


def exec_rows(client: str, code: str, table: str) -> Rows:
    with python_run(client, code) as names:
        return python_rows(client, names[table])


@contextmanager
def python_run(client: str, code: str) -> Iterator[dict[str, Any]]:
    """Run Python code of the page. Gives the names that it defines, and closes the database that it opened."""
    name = client.partition("-")[0]
    module = {"ric": "russia_iran_claims", "spark": "pyspark", "sqlite": "sqlite3"}.get(name, name)
    if importlib.util.find_spec(module) is None:
        raise SkippedError(f"{module} is not installed")
    names: dict[str, Any] = {}
    exec(compile(code, f"{PAGE.name}: {client}", "exec"), names)
    try:
        yield names
    finally:
        if "database" in names:
            names["database"].close()


def r_rows(client: str, code: str, table: str) -> Rows:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out.csv"
        write = (
            f"frame <- as.data.frame({table})\n"
            f"write.csv(frame, '{target}', row.names = FALSE, na = '', fileEncoding = 'UTF-8')\n"
        )
        r_run(client, code + write)
        content = target.read_text("utf-8")
    boolean = {"TRUE": "true", "FALSE": "false"}
    return [
        {name: boolean.get(value, value) for name, value in row.items()} for row in csv.DictReader(io.StringIO(content))
    ]


def r_run(client: str, code: str) -> str:
    """Run R code of the page. Gives what it prints."""
    program = shutil.which("Rscript")
    if program is None:
        raise SkippedError("Rscript is not installed")
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    result = subprocess.run([program, "-e", code], capture_output=True, text=True, cwd=ROOT, env=environment)
    if "there is no package called" in result.stderr:
        raise SkippedError(result.stderr.strip().splitlines()[0])
    if result.returncode:
        raise AssertionError(f"{client}: {result.stderr}")
    return result.stdout


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A folder at an address of this machine."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        """Gives parts of a file, as web servers do and readers of Parquet ask for."""

        def do_GET(self) -> None:
            wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
            path = Path(self.translate_path(self.path))
            if wanted is None or not path.is_file():
                super().do_GET()
                return
            content = path.read_bytes()
            first = int(wanted[1]) if wanted[1] else max(0, len(content) - int(wanted[2]))
            last = min(int(wanted[2]), len(content) - 1) if wanted[1] and wanted[2] else len(content) - 1
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
            self.send_header("Content-Length", str(last - first + 1))
            self.end_headers()
            self.wfile.write(content[first : last + 1])

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


FOLDER = ("ric", "pandas", "polars", "duckdb", "sqlite", "base", "readr", "spark")
VERSIONS = ("duckdb-versions", "spark-versions")
ADDRESS = ("pandas", "polars", "duckdb-http", "base", "readr")


def prints(client: str) -> int:
    """Compare what a client prints with what the page says. Gives the number of lines.

    Of versions that the page does not know, the rows are left out.
    """
    found, said = shown(client)
    if client in VERSIONS:
        newer = [entry for entry in re.findall(r"\b[0-9]+\.[0-9]+\.[0-9]+\b", found) if entry not in said]
        found = "\n".join(line for line in found.splitlines() if not any(entry in line for entry in newer))
    if found.rstrip() != said.rstrip():
        raise AssertionError(f"{client} prints\n{found}\nand the page says\n{said}")
    return len(found.splitlines())


def attempts() -> Iterator[tuple[str, Callable[[], int]]]:
    for client in FOLDER:
        yield f"{client} from a folder", functools.partial(run, client)
        yield f"{client} as printed", functools.partial(prints, client)
    for client in VERSIONS:
        yield f"{client} as printed", functools.partial(prints, client)
    with served(ROOT / "dataset") as address:
        for client in ADDRESS:
            yield f"{client} from an address", functools.partial(run, client, f"{address}/{version()}")


@contextmanager
def unpacked() -> Iterator[Path]:
    """The archive of the newest version, unpacked in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        number = read_index(ROOT / "dataset")[-1]["version"]
        path = archive(ROOT / "dataset", number, Path(folder))
        with zipfile.ZipFile(path) as packed:
            packed.extractall(folder)
        Path(folder).chmod(0o755)
        yield path.with_suffix("")


def main() -> int:
    os.chdir(ROOT)
    failed = 0
    with unpacked() as folder:
        failed = sum(not succeeds(*attempt) for attempt in attempts())
        failed += sum(not succeeds(*attempt) for attempt in archive_clients.attempts(folder))
    return 1 if failed else 0


def succeeds(name: str, attempt: Callable[[], int] | Callable[[], str]) -> bool:
    """Try something, and print what came of it."""
    try:
        told = attempt()
        print(f"{name}: {told if isinstance(told, str) else f'{told} lines equal'}", flush=True)
    except SkippedError as reason:
        print(f"{name}: skipped, {reason}", flush=True)
    except Exception as error:
        print(f"{name}: FAILED, {type(error).__name__}: {error}", flush=True)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
