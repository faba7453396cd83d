"""Fixtures and settings that all tests share."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests import tiers
from tests.postgres import Postgres, shared_server

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of this project."""
    parser.addoption(
        "--few-examples",
        action="store_true",
        help="try a quarter of the examples of each property, as the fast tier does",
    )
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the golden tables anew instead of comparing with them",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Load the settings of Hypothesis before the tests read them."""
    place = "ci" if os.environ.get("CI") == "true" else "dev"
    tiers.register()
    tier = "-few" if config.getoption("--few-examples") else ""
    hypothesis.settings.load_profile(f"{place}{tier}")


@pytest.fixture(scope="session")
def update_golden(pytestconfig: pytest.Config) -> bool:
    """Whether golden tables are written anew."""
    return bool(pytestconfig.getoption("--update-golden"))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the system's Chromium."""
    return system_program("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def postgres(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Postgres]:
    """A PostgreSQL server that all processes of this test run share."""
    own = tmp_path_factory.getbasetemp()
    with shared_server(own.parent if hasattr(request.config, "workerinput") else own) as server:
        yield server


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def place(request: pytest.FixtureRequest) -> Iterator[str]:
    """A place without a ledger in each of the stores, as `Journal` takes it."""
    yield from _place(request.param, request)


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_place(request: pytest.FixtureRequest) -> Iterator[str]:
    """A place without a ledger in each store that outlives its process."""
    yield from _place(request.param, request)


def _place(kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    if kind == "memory":
        yield kind
    elif kind == "sqlite":
        yield str(request.getfixturevalue("tmp_path") / "ledger.db")
    else:
        with request.getfixturevalue("postgres").database() as url:
            yield url


def system_program(*names: str) -> str:
    """Return the path of the first program found; skip the test, or in CI fail it, if none is."""
    for name in names:
        if path := shutil.which(name):
            return path
    reason = f"needs one of these programs of the system: {', '.join(names)}"
    if os.environ.get("HEADWORKS_REQUIRE_SYSTEM"):
        pytest.fail(reason)
    pytest.skip(reason)
