"""The timetable of a review: drawn from its method, a phase moved by hand, those that follow it, a newer edition taken up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from scrutiny.audit.service import digest, note
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.reviews.models import Line, Phase, Review, ReviewEdition
from scrutiny.rules.models import MethodEdition
from scrutiny.rules.queries import calendars_in_force
from scrutiny.transaction import hold
from workflows.lifecycles.review import REVIEW
from workflows.method import Line as MethodLine
from workflows.method import Method
from workflows.methods import PhaseDates, timetable_of
from workflows.refusals import Refused
from workflows.roles import Actor


def phases_of_method(method: Method, starts_on: date, nation: str) -> list[Phase]:
    """The timetable the method draws for a start."""
    return [_phase(dates, n, nation) for n, dates in enumerate(timetable_of(method, starts_on, calendars_in_force(), nation), 1)]


def move_phase(review: Review, phase: Phase, starts_on: date, ends_on: date, *, by: Actor, at: datetime, why: str = "") -> Phase:
    """Give a phase other dates, by hand: it keeps them, whatever moves before it."""
    still_open(review)
    if ends_on < starts_on:
        raise Refused(f"“{phase.title}” would end before it starts: give a later last day")
    moved = f"Moved by {by.name} on {london_day(at):%-d %B %Y}; before that it ran to {phase.ends_on:%-d %B %Y}."
    said = f"{moved} {why.strip()}".strip()
    _date(review, phase, starts_on, ends_on, {"sentence": said, "by_hand": True}, "phase_moved", by, at, why)
    return phase


def follow(review: Review, phase: Phase, dates: PhaseDates, *, by: Actor, at: datetime) -> Phase:
    """Give a phase the dates its method counts from one that moved."""
    still_open(review)
    _date(review, phase, dates.starts_on, dates.ends_on, {"sentence": dates.why}, "phase_followed", by, at)
    return phase


def leave(review: Review, phase: Phase, moved: Phase, *, by: Actor, at: datetime) -> Phase:
    """Keep a phase where it is though the one before it moved, as somebody chose: from now on its days are its own."""
    said = f"{phase.why.get('sentence', '')} Left where it was when “{moved.title}” moved on {london_day(at):%-d %B %Y}."
    phase.why = {**phase.why, "sentence": said.strip(), "by_hand": True}
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
    return bool(phase.why.get("by_hand"))


def still_open(review: Review) -> None:
    """Refuse to change a review that is over, and let nobody end it meanwhile."""
    hold(review)
    if review.state not in ("planned", "opened"):
        raise Refused(f"This review is {REVIEW.states[review.state].lower()}: it can no longer be changed")


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
            phase.why = {**phase.why, "sentence": dates.why}
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
        why={"sentence": dates.why, "calendar": calendars_in_force().of(nation).digest},
    )


def _date(
    review: Review,
    phase: Phase,
    starts_on: date,
    ends_on: date,
    why: dict[str, Any],
    event: str,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """Give a phase its dates; what it had first stays beside them. The review counts as changed, so two cannot do it at once."""
    before = {"from": phase.starts_on.isoformat(), "to": phase.ends_on.isoformat()}
    first = phase.why.get("first") or {**before, "sentence": phase.why.get("sentence", "")}
    phase.why = why | {"first": first, "calendar": calendars_in_force().of(review.lead.nation).digest}
    phase.starts_on, phase.ends_on = starts_on, ends_on
    flag_modified(review, "starts_on")
    db.session.flush()
    note(
        event,
        about=review.plain,
        within=review.plain,
        by=by,
        at=at,
        phase=phase.key,
        was=before,
        now={"from": starts_on.isoformat(), "to": ends_on.isoformat()},
        **({"why": digest(reason.strip())} if reason else {}),
    )
