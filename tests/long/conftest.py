"""What needs a browser among the long tests: the house and Chromium of the browser tests, one house a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.conftest import House, browser, lived, screens
from tests.config.conftest import clean_environ, wushi

__all__ = ["browser", "clean_environ", "lived", "screens", "wushi"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Pages, live and worker."""
    running = House(tmp_path_factory.mktemp("house") / "log")
    try:
        running.start()
        yield running
    finally:
        running.stop()
