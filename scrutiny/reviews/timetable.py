"""The timetable of a review: drawn from its method, a phase moved by hand, those that follow it, a newer edition taken up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from flask_babel import gettext
from sqlalchemy.orm.attributes import flag_modified

from scrutiny.audit.service import digest, note
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.reviews.models import Line, Phase, Review, ReviewEdition
from scrutiny.reviews.queries import is_under_way
from scrutiny.rules.models import MethodEdition
from scrutiny.rules.queries import calendars_in_force
from scrutiny.transaction import hold
from workflows.lifecycles.review import REVIEW
from workflows.method import Line as MethodLine
from workflows.method import Method
from workflows.methods import PhaseDates, timetable_of
from workflows.phase_reasons import Earlier, Left, Moved, PhaseWhy
from workflows.refusals import Refused
from workflows.roles import Actor


def phases_of_method(method: Method, starts_on: date, nation: str) -> list[Phase]:
    """The timetable the method draws for a start."""
    return [_phase(dates, n, nation) for n, dates in enumerate(timetable_of(method, starts_on, calendars_in_force(), nation), 1)]


def move_phase(review: Review, phase: Phase, starts_on: date, ends_on: date, *, by: Actor, at: datetime, why: str = "") -> Phase:
    """Give a phase other dates, by hand: it keeps them, whatever moves before it."""
    still_open(review)
    if ends_on < starts_on:
        raise Refused(gettext("“%(phase)s” would end before it starts: give a later last day", phase=phase.title))
    moved = Moved(by.name, london_day(at), phase.ends_on, why.strip())
    days = PhaseDates(phase.key, phase.title, starts_on, ends_on, phase.statutory, (moved,))
    _date(review, phase, days, "phase_moved", by=by, at=at, reason=why)
    return phase


def follow(review: Review, phase: Phase, dates: PhaseDates, *, by: Actor, at: datetime) -> Phase:
    """Give a phase the dates its method counts from one that moved."""
    still_open(review)
    _date(review, phase, dates, "phase_followed", by=by, at=at)
    return phase


def leave(review: Review, phase: Phase, moved: Phase, *, by: Actor, at: datetime) -> Phase:
    """Keep a phase where it is though the one before it moved, as somebody chose: from now on its days are its own."""
    left = Left(moved.title, london_day(at))
    phase.why = replace(phase.why, reasons=(*phase.why.reasons, left), by_hand=True)
    db.session.flush()
    note("phase_left", about=review.plain, within=review.plain, by=by, at=at, phase=phase.key, moved=moved.key)
    return phase


def take_up_edition(
    review: Review,
    edition: MethodEdition,
    dated: Sequence[PhaseDates],
    *,
    dropped: Iterable[str] = (),
    lines: Iterable[MethodLine] = (),
    why: str,
    by: Actor,
    at: datetime,
) -> ReviewEdition:
    """Read a review by another edition of its method from now on; the ones before stay on its record.

    `dated` is the whole timetable as it will be, `dropped` the keys of phases that go, `lines` those that come or are reworded.
    """
    still_open(review)
    older = review.edition
    row = ReviewEdition(edition=edition, from_at=at, by=by.reference)
    review.editions.append(row)
    gone = set(dropped)
    review.phases[:] = [phase for phase in review.phases if phase.key not in gone]
    db.session.flush()
    _redraw(review, dated, by=by, at=at)
    for line in lines:
        _take_line(review, line)
    flag_modified(review, "starts_on")
    db.session.flush()
    note(
        "review_edition_taken_up",
        about=review.plain,
        within=review.plain,
        by=by,
        at=at,
        was=f"{older.key}-{older.version}",
        now=f"{edition.key}-{edition.version}",
        edition=edition.digest,
        why=digest(why.strip()),
    )
    return row


def is_by_hand(phase: Phase) -> bool:
    """Whether a person gave a phase its dates."""
    return phase.why.by_hand


def still_open(review: Review) -> None:
    """Refuse to change a review that is over, and let nobody end it meanwhile."""
    hold(review)
    if not is_under_way(review):
        raise Refused(
            gettext("This review is %(states)s: it can no longer be changed", states=REVIEW.states[review.state].lower())
        )


def _redraw(review: Review, dated: Sequence[PhaseDates], *, by: Actor, at: datetime) -> None:
    """Give each phase the dates and place it has in a timetable; phases it does not know keep theirs, after it."""
    there = {phase.key: phase for phase in review.phases}
    for position, dates in enumerate(dated, 1):
        phase = there.pop(dates.key, None)
        if phase is None:
            review.phases.append(_phase(dates, position, review.lead.nation))
            continue
        phase.position, phase.title, phase.statutory = position, dates.title, dates.statutory
        if (phase.starts_on, phase.ends_on) != (dates.starts_on, dates.ends_on):
            follow(review, phase, dates, by=by, at=at)
        elif not is_by_hand(phase):
            phase.why = replace(phase.why, reasons=dates.why)
    for position, phase in enumerate(there.values(), len(dated) + 1):
        phase.position = position


def _take_line(review: Review, line: MethodLine) -> None:
    """Add a line of enquiry of the method, or take its new wording."""
    found = next((one for one in review.lines if one.key == line.key), None)
    if found is not None:
        found.title, found.text = line.title, line.text
        return
    position = max((one.position for one in review.lines), default=0) + 1
    review.lines.append(Line(key=line.key, position=position, title=line.title, text=line.text))


def _phase(dates: PhaseDates, position: int, nation: str) -> Phase:
    """A phase as its method dates it."""
    return Phase(
        key=dates.key,
        position=position,
        title=dates.title,
        starts_on=dates.starts_on,
        ends_on=dates.ends_on,
        statutory=dates.statutory,
        why=PhaseWhy(dates.why, calendars_in_force().of(nation).digest),
    )


def _date(review: Review, phase: Phase, days: PhaseDates, event: str, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Give a phase its dates; what it had first stays beside them. The review counts as changed, so two cannot do it at once."""
    before = Earlier(phase.starts_on, phase.ends_on, phase.why.reasons)
    calendar = calendars_in_force().of(review.lead.nation).digest
    by_hand = any(isinstance(why, Moved) for why in days.why)
    phase.why = PhaseWhy(days.why, calendar, by_hand=by_hand, first=phase.why.first or before)
    phase.starts_on, phase.ends_on = days.starts_on, days.ends_on
    flag_modified(review, "starts_on")
    db.session.flush()
    note(
        event,
        about=review.plain,
        within=review.plain,
        by=by,
        at=at,
        phase=phase.key,
        was={"from": before.starts_on.isoformat(), "to": before.ends_on.isoformat()},
        now={"from": days.starts_on.isoformat(), "to": days.ends_on.isoformat()},
        **({"why": digest(reason.strip())} if reason else {}),
    )
