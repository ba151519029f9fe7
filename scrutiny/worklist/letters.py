"""The letters of a review as rows: what kind, to whom, about what, how it fared. Nothing here writes one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from scrutiny.accounts.queries import people_named
from scrutiny.agencies.queries import agencies_named
from scrutiny.correspondence.edited_queries import edit_used
from scrutiny.correspondence.kinds import KINDS
from scrutiny.correspondence.models import Letter
from scrutiny.formats import moment


@dataclass(frozen=True, slots=True)
class Row:
    """One letter."""

    letter: Letter
    kind: str
    to: str


def told(letters: Sequence[Letter]) -> list[Row]:
    """Letters with the names of those they went to; two statements."""
    people, agencies = people_named(_ids(letters, "person:")), agencies_named(_ids(letters, "agency:"))
    names = {f"person:{key}": name for key, name in people.items()} | {f"agency:{key}": name for key, name in agencies.items()}
    return [Row(letter, KINDS[letter.kind], names.get(letter.person) or gettext("Somebody else")) for letter in letters]


def _ids(letters: Sequence[Letter], start: str) -> list[int]:
    """The ids of those of one kind who are written to."""
    found = {letter.person.removeprefix(start) for letter in letters if letter.person.startswith(start)}
    return sorted(int(one) for one in found if one.isdigit())


def edited_words(letter: Letter) -> str:
    """Who edited a letter before it went, and when; '' where it went as it was composed."""
    edit = edit_used(letter)
    if edit is None:
        return ""
    number = edit.by.removeprefix("person:")
    name = people_named([int(number)]).get(int(number), "") if number.isdigit() else ""
    return gettext("Edited by %(name)s on %(moment)s", name=name or gettext("somebody"), moment=moment(edit.at))
