"""A plugin of pytest: notes how long each test takes and which lines it reaches; or runs some tests, in an order."""

from __future__ import annotations

import json
import time
from collections.abc import Generator
from pathlib import Path

import coverage
import pytest

LINES, TIMES, ORDER = Path("lines.sqlite"), Path("times.json"), Path("order.json")


class Notes:
    def __init__(self) -> None:
        self.times: dict[str, float] = {}
        self.lines = coverage.Coverage(data_file=str(LINES), source=["src"], config_file=False)
        self.lines.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self.lines.switch_context(item.nodeid)
        start = time.process_time()
        result = yield
        self.times[item.nodeid] = time.process_time() - start
        return result

    def pytest_sessionfinish(self) -> None:
        self.lines.stop()
        self.lines.save()
        TIMES.write_text(json.dumps(self.times), "utf-8")


def pytest_configure(config: pytest.Config) -> None:
    if not ORDER.exists():
        config.pluginmanager.register(Notes())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if ORDER.exists():
        order = json.loads(ORDER.read_text("utf-8"))
        # A test whose name the change has made is run, too: first.
        items[:] = sorted(
            (item for item in items if order.get(item.nodeid, 0) is not None),
            key=lambda item: order.get(item.nodeid, 0),
        )
