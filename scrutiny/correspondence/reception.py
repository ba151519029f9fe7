"""Whether what starts a period reached an agency: nothing runs, and nobody is called silent or late, before it did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask_babel import gettext, lazy_gettext
from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.queries import UNDELIVERED
from scrutiny.correspondence.service import NO_ADDRESS, Recipient, replace_failed
from scrutiny.formats import day
from workflows.refusals import Refused

#: How a letter may reach an agency other than by email.
BY_HAND: Final = {"post": lazy_gettext("It was posted"), "hand": lazy_gettext("It was handed over")}


class Received:
    """The columns of a row whose period starts when its letter arrives."""

    received_on: Mapped[date | None] = mapped_column()
    received_how: Mapped[str] = mapped_column(String(20), default="")
    #: email, opened, answered, post or hand; before, where it was sent before this was recorded
    received_words: Mapped[str] = mapped_column(Text, default="")
    #: what an officer entered: who posted it or handed it over, and to whom


@dataclass(frozen=True, slots=True)
class Entered:
    """How and on which day something reached an agency, and what an officer entered of it."""

    how: str
    on: date
    words: str = ""

    def check(self, *, since: date, today: date) -> None:
        """Refuse a way or a day that cannot be."""
        if self.how not in BY_HAND:
            raise Refused(gettext("Choose whether it was posted or handed over"))
        if self.on > today:
            raise Refused(gettext("%(on)s is after today: enter the day once it has come", on=day(self.on)))
        if self.on < since:
            raise Refused(gettext("It was sent on %(since)s: enter that day or a later one", since=day(since)))
        if not self.words.strip():
            raise Refused(gettext("Enter who posted it or handed it over, and to whom"))


def why_not_received(letters: Sequence[Letter]) -> str:
    """Why something has not reached anybody, by its letters: that they still wait, or what became of the last; no full stop."""
    if any(letter.state in ("waiting", "posted") for letter in letters):
        return gettext("its email has not been accepted by the mail server yet")
    faults = [row.posting.fault for row in letters if row.posting is not None and row.address and row.state in UNDELIVERED]
    return (faults[-1] if faults and faults[-1] else NO_ADDRESS).rstrip(".")


def may_still_arrive(letters: Sequence[Letter]) -> bool:
    """Whether one of these letters is on its way or has been accepted."""
    return any(letter.state in ("waiting", "posted") for letter in letters)


def next_occasion(key: str, letters: Sequence[Letter]) -> str:
    """What tells the letters of the next attempt from those before."""
    return f"{key}:{len({letter.occasion for letter in letters}) + 1}"


def keep_on_paper(letters: Sequence[Letter], entered: Entered, *, since: date, today: date) -> None:
    """What an officer enters of a letter that was posted or handed over: refused where it cannot be; the emails rest."""
    entered.check(since=since, today=today)
    let_rest(letters, "by_post")


def make_room(letters: Sequence[Letter], *, to: Iterable[Recipient], name: str) -> None:
    """Let letters that failed rest, for new ones are written `to` these; refused while one may arrive, or where none could."""
    if may_still_arrive(letters):
        raise Refused(gettext("The email is still on its way. Wait until it has been accepted or has failed"))
    if not any(one.address for one in to):
        raise Refused(gettext("%(why)s for %(name)s: enter one, or post the letter and record that", why=NO_ADDRESS, name=name))
    let_rest(letters, "replaced")


def let_rest(letters: Sequence[Letter], state: str) -> None:
    """Letters that failed need nobody any more: others took their place (replaced), or it went on paper (by_post)."""
    for letter in letters:
        replace_failed(letter, state)
