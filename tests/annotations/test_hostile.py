"""Input that was made to harm: a clear problem, no traceback, little memory, nothing written."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT

from russia_iran_claims.pipeline.cli.main import main

ACTORS = "actors.yaml"
ONE = "articles/art-001.yaml"
MEMORY = 1_000_000_000  # bytes of address space, of which Python and its libraries take the half


def swap(file: str, old: str, new: str) -> Callable[[Path], None]:
    def apply(raw: Path) -> None:
        path = raw / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8", newline="")

    return apply


def put(file: str, content: bytes) -> Callable[[Path], object]:
    return lambda raw: (raw / file).write_bytes(content)


def alias_bomb() -> bytes:
    lines = ["- &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"- &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    return "\n".join(lines).encode()


def link_out(raw: Path) -> None:
    (raw / ONE).unlink()
    (raw / ONE).symlink_to("/etc/passwd")


def folder_instead(raw: Path) -> None:
    (raw / "articles" / "art-003.yaml").mkdir()


ATTACKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "alias bomb": (put(ACTORS, alias_bomb()), "yaml-alias"),
    "6 MB of scalars": (put(ACTORS, b"- a\n" * 1_500_000), "file-size"),
    "100 MB": (put(ACTORS, b"x" * 100_000_000), "file-size"),
    "10,000 brackets": (put(ACTORS, b"[" * 10_000), "yaml-depth"),
    "a million brackets": (put(ACTORS, b"[" * 1_000_000), "yaml-depth"),
    "brackets on lines of their own": (put(ACTORS, b"{a:\n" * 10_000), "yaml-depth"),
    "10,000 lists in lists": (put(ACTORS, b"- " * 10_000 + b"a"), "yaml-depth"),
    "10,000 keys as keys": (put(ACTORS, b"? " * 10_000 + b"a"), "yaml-depth"),
    "stairs of indentation": (put(ACTORS, b"".join(b" " * n + b"a:\n" for n in range(2500))), "yaml-depth"),
    "not UTF-8": (put(ACTORS, b"- {actor_id: \xff\xfe}\n"), "encoding"),
    "UTF-16": (put(ACTORS, "- {actor_id: a}\n".encode("utf-16")), "encoding"),
    "NUL": (put(ACTORS, b"- {actor_id: a\x00b}\n"), "yaml-syntax"),
    "a control character": (put(ACTORS, b"- {actor_id: a\x07b}\n"), "yaml-syntax"),
    "nothing": (put(ONE, b""), "shape"),
    "only a word": (put(ONE, b"word\n"), "shape"),
    "an alias of nothing": (put(ACTORS, b"- {actor_id: *courier}\n"), "yaml-syntax"),
    "two documents": (put(ACTORS, b"- {actor_id: a}\n---\n- {actor_id: b}\n"), "yaml-syntax"),
    "a tag that runs code": (put(ACTORS, b"- !!python/object/apply:os.system ['true']\n"), "shape"),
    "right-to-left override in a name": (swap(ACTORS, "Norland", '"Nor\u202eland"'), "cell-character"),
    "zero-width joiner in a name": (swap(ACTORS, "Norland", '"Nor\u200dland"'), "cell-character"),
    "escaped bell in a name": (swap(ACTORS, "name: Norland", 'name: "Nor\\aland"'), "cell-character"),
    "lone surrogate": (swap(ACTORS, "name: Norland", 'name: "\\ud800"'), "yaml-syntax"),
    "id that climbs": (swap(ONE, "article_id: art-001", "article_id: ../../etc/passwd"), "pattern"),
    "id with a line break": (swap(ONE, "article_id: art-001", 'article_id: "art-001\\n"'), "pattern"),
    "link out of the folder": (link_out, "file"),
    "folder instead of a file": (folder_instead, "file"),
    "formula": (swap(ONE, "what: boats in danger", "what: '=HYPERLINK(\"x\")'"), "cell-formula"),
    "NA": (swap(ONE, "what: boats in danger", "what: 'NA'"), "cell-missing"),
    "NaN": (swap(ONE, "value: 40", "value: .nan"), "yaml-surprise"),
    "infinite": (swap(ONE, "value: 40", "value: 1e999"), "type"),
    "year 0": (swap(ONE, "published: 2026-01-10", "published: 0000-01-10"), "type"),
    "10**400": (swap(ONE, "value: 40", f"value: 1{'0' * 400}"), "type"),
    "10**100000": (swap(ONE, "text_chars: ", f"text_chars: 1{'0' * 100_000}"), "type"),
    "a key of a megabyte": (swap(ACTORS, "kind: state", f"{'k' * 1_000_000}: state"), "yaml-syntax"),
    "a value of a megabyte": (swap(ACTORS, "kind: state", f"kind: {'k' * 1_000_000}"), "enum"),
    "a chain of a list": (swap(ONE, "source_chain: [ada-berg]", "source_chain: [[ada-berg]]"), "type"),
    "a record as a value": (swap(ONE, "cue: told", "cue: {told: told}"), "type"),
    "spans as a word": (swap(ONE, "    spans:\n", "    spans: none\n    xspans:\n"), "shape"),
}


def is_clear(output: str, rule: str) -> None:
    assert f": {rule}: " in output, output[:2000]
    assert all(len(line) < 1000 for line in output.splitlines())
    assert "nothing was written" in output


@pytest.mark.parametrize("name", ATTACKS)
def test_hostile_input_is_a_clear_problem(name: str, harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil, rule = ATTACKS[name]
    spoil(harbour / "raw")
    assert main(harbour, ["build"]) == 1
    is_clear(capsys.readouterr().out, rule)
    assert not (harbour / "dataset").exists()


@pytest.mark.parametrize("name", ["alias bomb", "100 MB", "a million brackets", "stairs of indentation", "10**100000"])
def test_the_worst_of_it_takes_little_memory(name: str, harbour: Path) -> None:
    spoil, rule = ATTACKS[name]
    spoil(harbour / "raw")
    result = subprocess.run(
        [sys.executable, str(ROOT / "build_dataset.py"), "build", "--root", str(harbour)],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )
    assert (result.returncode, result.stderr) == (1, "")
    is_clear(result.stdout, rule)


def test_a_raw_folder_that_is_empty_is_a_clear_problem(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (harbour / "raw").rglob("*.yaml"):
        path.unlink()
    assert main(harbour, ["check"]) == 1
    assert "raw/actors.yaml: file: the file is missing" in capsys.readouterr().out
