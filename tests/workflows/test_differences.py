"""Two editions of a method beside each other: what differs is told by key and in words, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflows.differences import Change, Difference, differences
from workflows.methods import Method, read_method

METHODS = Path(__file__).resolve().parents[2] / "config" / "methods"
OLDER = (METHODS / "council-task-and-finish-2026.1.toml").read_text(encoding="utf-8")


def _newer(*changes: tuple[str, str]) -> Method:
    """The next edition, with texts replaced; each must be there."""
    text = OLDER.replace('version = "2026.1"', 'version = "2026.2"')
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return read_method(text, "council-task-and-finish-2026.2.toml")


def _told(*changes: tuple[str, str]) -> dict[tuple[str, str], Difference]:
    """The differences by part and key."""
    found = differences(read_method(OLDER, "council-task-and-finish-2026.1.toml"), _newer(*changes))
    return {(one.part, one.key): one for one in found}


def test_a_new_number_alone_is_no_difference() -> None:
    assert _told() == {}


def test_a_longer_phase_is_told_in_words() -> None:
    told = _told(('key = "scoping"\ntitle = "Scoping"\nduration = 15', 'key = "scoping"\ntitle = "Scoping"\nduration = 1'))
    assert list(told) == [("Phases", "scoping")]
    found = told["Phases", "scoping"]
    assert (found.kind, found.title) == ("changed", "Scoping")
    assert found.changes == (Change("Length", "15 working days", "1 working day"),)


def test_what_follows_what_is_told_by_title_not_by_key() -> None:
    told = _told(('after = "draft-findings"', 'after = "synthesis"\noffset = -2'))
    (change,) = told["Phases", "accuracy-check"].changes
    assert change.before == "1 working day after “Draft findings” ends"
    assert change.after == "2 working days before “Drawing together” ends"


def test_a_line_dropped_and_a_line_added_are_told_apart_by_their_keys() -> None:
    method = read_method(OLDER, "council-task-and-finish-2026.1.toml")
    line = method.lines[0]
    told = _told(
        (f'[[lines]]\nkey = "{line.key}"', '[[lines]]\nkey = "quite-new"'),
        *[(f'line = "{line.key}"', 'line = "quite-new"') for item in method.evidence if item.line == line.key],
    )
    assert told["Lines of enquiry", line.key].kind == "dropped"
    assert told["Lines of enquiry", "quite-new"].kind == "added"
    assert told["Lines of enquiry", "quite-new"].changes == (Change("Title", "", line.title), Change("Question", "", line.text))


def test_a_new_rule_of_sign_off_and_a_new_law_are_told() -> None:
    law = ('source = "LGA 2000 s.9F(1)-(2)"', 'source = "LGA 2000 s.9F"')
    told = _told(('rule = "committee-vote"', 'rule = "all-partners"'), law)
    assert told["Sign-off", "sign_off"].changes[0].after == "every partner body signs"
    assert {key[1]: one.kind for key, one in told.items() if key[0] == "Legal basis"} == {
        "LGA 2000 s.9F(1)-(2)": "dropped",
        "LGA 2000 s.9F": "added",
    }


@pytest.mark.parametrize("path", sorted(METHODS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_part_of_every_method_can_be_told(path: Path) -> None:
    """Against a method that shares no key with it, all of it is told and nothing fails."""
    method = read_method(path.read_text(encoding="utf-8"), path.name)
    assert differences(method, method) == ()
    other = read_method((METHODS / "jtai-2026.1.toml").read_text(encoding="utf-8"), "jtai-2026.1.toml")
    told = differences(method, other)
    assert bool(told) == (method.name != "jtai-2026.1")
    assert all(one.title and one.part for one in told)
