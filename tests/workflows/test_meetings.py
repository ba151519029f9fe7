"""The phases in which members meet are known by one set of keys, whichever method has them."""

import re
from pathlib import Path

import pytest

from workflows.methods import read_method
from workflows.phases import WITH_MEETINGS

METHODS = Path(__file__).parents[2] / "config" / "methods"
MEETS = re.compile(r"\b(meeting|hearing|sessions?|panel|committee)\b", re.IGNORECASE)


@pytest.mark.parametrize("path", sorted(METHODS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_phase_in_which_members_meet_is_among_them(path: Path) -> None:
    method = read_method(path.read_text(encoding="utf-8"), path.name)
    assert {phase.key for phase in method.phases if MEETS.search(phase.title)} <= set(WITH_MEETINGS)
