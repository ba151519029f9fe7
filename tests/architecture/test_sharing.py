"""Which tests a parallel run begins with: folders that stay together, the steps of a story in their order, then what is slow."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.sharing import TOGETHER, longest_first


def item(nodeid: str, *, slow: bool = False) -> Any:
    """A test as the collection knows it."""
    return SimpleNamespace(nodeid=nodeid, path=Path(nodeid.partition("::")[0]), get_closest_marker=lambda name: slow or None)


def test_a_story_stays_in_its_order_and_before_all_that_is_shared_by_file() -> None:
    items = [
        item("tests/browser/test_1.py::a"),
        item("tests/browser/test_2.py::b", slow=True),
        item("tests/config/test_law.py::c"),
        item("tests/scrutiny/demo/test_axe.py::d", slow=True),
        item("tests/scrutiny/test_visibility.py::e"),
        item("tests/scrutiny/test_visibility.py::f", slow=True),
    ]
    longest_first(items)
    assert [one.nodeid[-1] for one in items] == list("dabefc")


def test_every_folder_that_stays_together_is_there() -> None:
    root = Path(__file__).resolve().parents[2]
    assert [one for one in TOGETHER if not any((root / one).glob("test_*.py"))] == []
