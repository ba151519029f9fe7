"""One instance and one story for all of this folder: the steps follow each other, so run the folder whole, in its order."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.instance import Instance, instance_in
from tests.browser.story import Story

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update"
    " --disable-sync"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is missing (apt-get install chromium)"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium, without what needs a desktop or calls home."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS.split()}


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """The instance everybody visits."""
    with instance_in(tmp_path_factory.mktemp("served")) as served:
        yield served


@pytest.fixture(scope="session")
def story(browser: Browser, instance: Instance) -> Story:
    """What has happened so far, and the people it happened to."""
    return Story(browser, instance)
