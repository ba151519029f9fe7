"""How a parallel run shares its tests between its workers: by file, what takes longest first, one story with one of them."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

#: The files of each share an instance that takes half a minute or more to make, or are the steps of one story, so one worker
#: runs them all, and begins with them: the longest first.
TOGETHER = ("tests/scrutiny/demo/", "tests/browser/", "tests/journeys/country/")


class Sharing(LoadFileScheduling):
    """A file goes to one worker, in the order of the collection: else a long file begun last leaves the other worker idle."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return next((one for one in TOGETHER if nodeid.startswith(one)), None) or str(super()._split_scope(nodeid))


def longest_first(items: list[pytest.Item]) -> None:
    """Move folders that stay together to the front, then files that hold a test marked slow; a folder keeps its order."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}

    def place(item: pytest.Item) -> int:
        together = (number for number, one in enumerate(TOGETHER) if item.nodeid.startswith(one))
        return next(together, len(TOGETHER) + (item.path not in slow))

    items.sort(key=place)
