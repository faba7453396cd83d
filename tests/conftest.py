"""Fixtures and settings that all tests share."""

from __future__ import annotations

import os
import shutil

import hypothesis
import pytest

# In CI the examples are the same in every run; elsewhere they differ, to find more. What is slow
# on a busy machine is not wrong, so no example has a deadline.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("dev", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "dev")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes golden tables anew."""
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the golden tables anew instead of comparing with them",
    )


@pytest.fixture(scope="session")
def update_golden(pytestconfig: pytest.Config) -> bool:
    """Whether golden tables are written anew."""
    return bool(pytestconfig.getoption("--update-golden"))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the system's Chromium."""
    return system_program("chromium", "chromium-browser", "google-chrome")


def system_program(*names: str) -> str:
    """Return the path of the first program found; skip the test, or in CI fail it, if none is."""
    for name in names:
        if path := shutil.which(name):
            return path
    reason = f"needs one of these programs of the system: {', '.join(names)}"
    if os.environ.get("HEADWORKS_REQUIRE_SYSTEM"):
        pytest.fail(reason)
    pytest.skip(reason)
