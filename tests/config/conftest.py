"""Fixtures for the tests of the command line and what it starts: a throw-away cluster of their own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from wushi.config.postgres import Cluster

_SETTINGS = ("WUSHI_", "DATABASE_", "LISTEN_DATABASE_", "PG", "DJANGO_SETTINGS")


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One throw-away cluster for all tests of this folder."""
    made = Cluster(tmp_path_factory.mktemp("home"), durable=False)
    made.ensure_started()
    try:
        yield made
    finally:
        made.destroy()


@pytest.fixture
def make_cluster() -> Iterator[Callable[[Path], Cluster]]:
    """Clusters that a test may break; destroyed afterwards."""
    made: list[Cluster] = []

    def make(home: Path) -> Cluster:
        made.append(Cluster(home, durable=False))
        return made[-1]

    yield make
    for one in made:
        one.destroy()


@pytest.fixture
def clean_environ() -> dict[str, str]:
    """The environment without any setting of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_SETTINGS)}


@pytest.fixture
def wushi(clean_environ: dict[str, str], tmp_path: Path) -> Callable[..., list[str]]:
    """The command line as an argument list and an environment for ``subprocess``."""

    def command(*arguments: str) -> list[str]:
        return [sys.executable, "-m", "wushi.config.cli", *arguments]

    return command


@pytest.fixture
def settings_for(clean_environ: dict[str, str], tmp_path: Path) -> Callable[..., Mapping[str, str]]:
    """An environment with a fresh ``WUSHI_HOME`` and the given settings."""

    def make(**settings: str) -> Mapping[str, str]:
        return {**clean_environ, "WUSHI_HOME": str(tmp_path / "home"), **settings}

    return make
