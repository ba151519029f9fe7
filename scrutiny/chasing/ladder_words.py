"""A ladder of reminders and its quiet times in sentences, in the language spoken now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext

from scrutiny.formats import listed, plain_day
from scrutiny.kernel_words import in_words
from scrutiny.languages import day_in_words
from scrutiny.phase_words import stretch
from workflows.ladders import ADDRESSED, LETTERS, Ladder, QuietTime, Rung
from workflows.workdays import DIVISION_LABELS, division_of


def in_sentences(ladder: Ladder) -> list[str]:
    """Each rung of a ladder in a sentence."""
    return [_rung(rung) for rung in ladder.rungs]


def quiet_in_sentences(quiet: Iterable[QuietTime]) -> list[str]:
    """Each quiet time in a sentence."""
    return [_quiet(time) for time in quiet]


def _rung(rung: Rung) -> str:
    """When a letter goes, which and to whom, and whether somebody has to approve it."""
    said = {
        "title": rung.title,
        "when": _when(rung),
        "letter": in_words(LETTERS[rung.letter]),
        "whom": listed([in_words(ADDRESSED[one]) for one in rung.to]),
    }
    if rung.by_clock:
        return gettext("%(title)s: %(when)s, %(letter)s to %(whom)s.", **said)
    return gettext("%(title)s: %(when)s, %(letter)s to %(whom)s; it waits until a chair or lead inspector approves it.", **said)


def _when(rung: Rung) -> str:
    """How far from the due date."""
    if not rung.offset:
        return gettext("on the day it is due")
    far = stretch(abs(rung.offset), rung.unit)
    if rung.offset > 0:
        return gettext("%(far)s after it is due", far=far)
    return gettext("%(far)s before it is due", far=far)


def _quiet(time: QuietTime) -> str:
    """From when to when, where, and whether it comes back."""
    said = {"title": time.title, "first": _end(time.first), "last": _end(time.last)}
    places = listed(list(dict.fromkeys(DIVISION_LABELS[division_of(one)] for one in time.nations)))
    once = isinstance(time.first, date)
    if places and once:
        return gettext("%(title)s: %(first)s to %(last)s in %(places)s.", places=places, **said)
    if places:
        return gettext("%(title)s: %(first)s to %(last)s in %(places)s, every year.", places=places, **said)
    if once:
        return gettext("%(title)s: %(first)s to %(last)s.", **said)
    return gettext("%(title)s: %(first)s to %(last)s, every year.", **said)


def _end(end: tuple[int, int] | date) -> str:
    """A first or last day: with its year, or of every year."""
    return plain_day(end) if isinstance(end, date) else day_in_words(date(2024, *end), f"{end[1]} %B", "d MMMM")
