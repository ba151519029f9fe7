"""How a parallel run shares its tests between its workers: by file, what takes longest first, a country with one of them."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

#: The files of each share an instance that takes half a minute or more to make, so one worker runs them all.
TOGETHER = ("tests/journeys/country/", "tests/scrutiny/demo/")


class Sharing(LoadFileScheduling):
    """A file goes to one worker, in the order of the collection: else a long file begun last leaves the other worker idle."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return next((one for one in TOGETHER if nodeid.startswith(one)), None) or str(super()._split_scope(nodeid))


def longest_first(items: list[pytest.Item]) -> None:
    """Move the files that hold a test marked slow before the others."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
