"""Moving one date of a timetable: what follows is worked out first, shown, and then done as it was shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask_babel import gettext, ngettext

from scrutiny.asking.drafting import work_out
from scrutiny.conduct import letters
from scrutiny.conduct.clashes import Clash, clashes_of
from scrutiny.conduct.preview_token import check_seen
from scrutiny.due_dates import rescheduling
from scrutiny.due_dates.rescheduling import Redated, Timetable
from scrutiny.due_dates.rules import phases_of
from scrutiny.editions.queries import ON_THE_WAY, report_of
from scrutiny.findings import queries as findings
from scrutiny.formats import day, london_day, moment, number, short_day
from scrutiny.holiday_names import holiday_name
from scrutiny.phase_words import phase_why
from scrutiny.requests.models import EvidenceRequest
from scrutiny.requests.queries import requests_of
from scrutiny.reviews.models import Phase, Review
from scrutiny.reviews.timetable import follow, is_by_hand, leave, move_phase, still_open
from scrutiny.rules.queries import calendars_in_force, method_of
from workflows.methods import PhaseDates, timetable_of
from workflows.notice import notice_days
from workflows.phase_reasons import Chosen
from workflows.phases import agenda_rules, followers_of
from workflows.refusals import Refused
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Wish:
    """Which phase is to have which days, and whether the phases after it follow by the method."""

    key: str
    starts_on: date
    ends_on: date
    follows: bool = True


@dataclass(frozen=True, slots=True)
class MovedPhase:
    """One phase with the days it has and would have, and why."""

    key: str
    title: str
    was_from: date
    was_to: date
    now_from: date
    now_to: date
    why: str

    @property
    def moves(self) -> bool:
        """Whether it would have other days."""
        return (self.was_from, self.was_to) != (self.now_from, self.now_to)


@dataclass(frozen=True, slots=True)
class MovedItem:
    """One item with the day it has and would have."""

    reference: str
    agency: str
    title: str
    was: date | None
    now: date | None


@dataclass(frozen=True, slots=True)
class Move:
    """What moving a date would do; nothing is changed by looking."""

    reference: str
    version: int
    wish: Wish
    phases: tuple[MovedPhase, ...]
    later: tuple[MovedItem, ...]
    drafts: tuple[MovedItem, ...]
    stays: tuple[str, ...]
    warnings: tuple[str, ...]
    clashes: tuple[Clash, ...]
    written_to: tuple[str, ...]


def preview(review: Review, wish: Wish, *, by: Actor, at: datetime) -> Move:
    """What would follow if a phase had other days from now on; refused where that cannot be."""
    still_open(review)
    phase = _phase(review, wish)
    dated, today = _dated(review, wish, london_day(at)), london_day(at)
    rows = _redated(review, dated, today)
    later = [row for row in rows if row.gains]
    moved = tuple(_moved(one, dated[one.key]) for one in review.phases)
    return Move(
        reference=review.reference,
        version=review.version,
        wish=wish,
        phases=moved,
        later=tuple(map(item_as_shown, later)),
        drafts=tuple(item_as_shown(row) for row in rows if row.item.request.state == "drafted"),
        stays=tuple(_stays(review, wish, phase, rows, today)),
        warnings=tuple(_warnings(review, moved, today)),
        clashes=clashes_of(review, list(dated.values()), by=by, today=today, instead=_instead(rows)),
        written_to=(
            *dict.fromkeys(row.item.request.agency.name for row in later),
            *(body.name for body in letters.partners_of(review)),
        ),
    )


def move(review: Review, wish: Wish, *, why: str, seen: str, by: Actor, at: datetime) -> list[Phase]:
    """Move the date as previewed; later phases follow, items asked gain time, drafts are counted again, people are told."""
    if not why.strip():
        raise Refused(gettext("Say why the dates move: the bodies and agencies it concerns are told"))
    shown = preview(review, wish, by=by, at=at)
    if not any(one.moves for one in shown.phases):
        raise Refused(gettext("These are the days it has already: choose others"))
    check_seen(shown, seen)
    today = london_day(at)
    dated = _dated(review, wish, today)
    later = [row for row in _redated(review, dated, today) if row.gains]
    moved, was = [], {phase.key: (phase.starts_on, phase.ends_on) for phase in review.phases}
    for phase in review.phases:
        dates = dated[phase.key]
        if (dates.starts_on, dates.ends_on) == (phase.starts_on, phase.ends_on):
            continue
        if phase.key == wish.key:
            moved.append(move_phase(review, phase, wish.starts_on, wish.ends_on, why=why, by=by, at=at))
        else:
            moved.append(follow(review, phase, dates, by=by, at=at))
    if not wish.follows:
        _leave_the_rest(review, wish, today, by=by, at=at)
    for request, rows in _by_request(later):
        for row in rows:
            rescheduling.give(row, by=by, at=at)
        letters.dates_given(request, rows, why.strip(), at=at)
    for request in requests_of(review, "drafted"):
        work_out(request, today)
    letters.dates_moved(review, [(phase, *was[phase.key]) for phase in moved], why.strip(), by=by, at=at)
    return moved


def _leave_the_rest(review: Review, wish: Wish, today: date, *, by: Actor, at: datetime) -> None:
    """The phases that would have followed and were to stay: what counts the timetable again later leaves them too."""
    moved = _phase(review, wish)
    after = set(followers_of(method_of(review.edition), wish.key))
    for phase in review.phases:
        if phase.key in after and phase.ends_on >= today and not is_by_hand(phase):
            leave(review, phase, moved, by=by, at=at)


def _phase(review: Review, wish: Wish) -> Phase:
    """The phase a wish is about; a wish that cannot be is refused."""
    phase = next((one for one in review.phases if one.key == wish.key), None)
    if phase is None:
        known = ", ".join(one.key for one in review.phases)
        raise Refused(gettext("This review has no phase called %(key)s: choose one of %(known)s", key=wish.key, known=known))
    if wish.ends_on < wish.starts_on:
        raise Refused(gettext("“%(phase)s” would end before it starts: give a later last day", phase=phase.title))
    return phase


def _dated(review: Review, wish: Wish, today: date) -> dict[str, PhaseDates]:
    """Every phase of a review as it would be: those that follow are counted by the method, unless over or moved by hand."""
    method, standing = method_of(review.edition), {one.key: one for one in phases_of(review.phases)}
    follows = set(followers_of(method, wish.key)) if wish.follows else set()
    stays = {one.key for one in review.phases if one.key not in follows or is_by_hand(one) or one.ends_on < today}
    before = standing[wish.key]
    pinned = {key: dates for key, dates in standing.items() if key in stays}
    pinned[wish.key] = PhaseDates(before.key, before.title, wish.starts_on, wish.ends_on, before.statutory, (Chosen(),))
    counted = timetable_of(method, review.starts_on, calendars_in_force(), review.lead.nation, pinned)
    return standing | pinned | {one.key: one for one in counted if one.key in standing}


def _redated(review: Review, dated: dict[str, PhaseDates], today: date) -> list[Redated]:
    """The items whose day would be another."""
    method = method_of(review.edition)
    before, after = Timetable(method, phases_of(review.phases)), Timetable(method, tuple(dated.values()))
    return rescheduling.redated(requests_of(review, "drafted", "issued"), before, after, today)


def _instead(rows: Sequence[Redated]) -> dict[int, date | None]:
    """The day each item would have that gets another."""
    return {row.item.id: row.now for row in rows if row.gains or row.item.request.state == "drafted"}


def _moved(phase: Phase, dates: PhaseDates) -> MovedPhase:
    """A phase beside the days it would have."""
    return MovedPhase(
        phase.key, phase.title, phase.starts_on, phase.ends_on, dates.starts_on, dates.ends_on, phase_why(dates.why)
    )


def item_as_shown(row: Redated) -> MovedItem:
    """An item as the preview names it."""
    return MovedItem(row.item.reference, row.item.request.agency.name, row.item.question.title, row.was, row.now)


def _stays(review: Review, wish: Wish, phase: Phase, rows: Sequence[Redated], today: date) -> list[str]:
    """What does not move though it might be thought to, in sentences."""
    said = []
    after = followers_of(method_of(review.edition), wish.key) if wish.follows else ()
    for one in review.phases:
        if one.key in after and one.ends_on < today:
            said.append(gettext("“%(title)s” is over and stays as it was.", title=one.title))
        elif one.key in after and is_by_hand(one):
            said.append(
                gettext(
                    "“%(title)s” was given its days by hand and keeps them. Move it too if it should follow.", title=one.title
                )
            )
    sooner = [row for row in rows if row.item.request.state == "issued" and not row.gains]
    if sooner:
        said.append(
            ngettext(
                "%(n)s item already asked keeps its date: a date that an agency was given is never brought forward.",
                "%(n)s items already asked keep their dates: a date that an agency was given is never brought forward.",
                len(sooner),
                n=number(len(sooner)),
            )
        )
    checks = [one for one in findings.checks_of_review(review.id) if one.answered_at is None]
    if checks:
        said.append(
            ngettext(
                "%(n)s accuracy check under way: the days agencies were given for it stay.",
                "%(n)s accuracy checks under way: the days agencies were given for it stay.",
                len(checks),
                n=number(len(checks)),
            )
        )
    if phase.statutory:
        said.append(gettext("“%(phase)s” is set by law. Moving it here does not change what the law says.", phase=phase.title))
    return said


def _warnings(review: Review, moved: Sequence[MovedPhase], today: date) -> list[str]:
    """What somebody should see before moving: phases out of order, days gone by, the report on its way."""
    said = []
    now = {one.key: one for one in moved}
    for phase in method_of(review.edition).phases:
        before, its = now.get(phase.after), now.get(phase.key)
        if before is None or its is None or phase.offset < 0 or phase.counted_from == "start":
            continue
        if its.now_from < before.now_to and (its.moves or before.moves):
            said.append(
                gettext(
                    "“%(its)s” would begin before “%(before)s” ends, on %(now_to)s.",
                    its=its.title,
                    before=before.title,
                    now_to=short_day(before.now_to),
                )
            )
    said += [
        gettext("“%(title)s” would be over before today.", title=one.title) for one in moved if one.moves and one.now_to < today
    ]
    said += _of_meetings(review, now) + _closed_days(review, moved)
    report = report_of(review.id)
    edition = report.editions[-1] if report else None
    if edition is not None and edition.state in ON_THE_WAY and edition.release_at is not None:
        said.append(
            gettext(
                "The report is to be published on %(release_at)s. That date does not change automatically.",
                release_at=moment(edition.release_at),
            )
        )
        released = london_day(edition.release_at)
        said += [
            gettext("“%(title)s” would end on %(now_to)s, after the report is released.", title=one.title, now_to=day(one.now_to))
            for one in moved
            if one.moves and one.was_to <= released < one.now_to
        ]
    return said


def _of_meetings(review: Review, now: Mapping[str, MovedPhase]) -> list[str]:
    """Meetings that would have fewer clear working days after their agenda than the law asks (in Wales three)."""
    calendar, said = calendars_in_force().of(review.lead.nation), []
    for agenda_key, key, by_method in agenda_rules(method_of(review.edition)):
        agenda, meeting = now.get(agenda_key), now.get(key)
        if agenda is None or meeting is None or not (agenda.moves or meeting.moves):
            continue
        asks = min(by_method, 3) if review.lead.nation == "wales" else by_method
        clear = notice_days(agenda.now_to, meeting.now_from, calendar)
        if clear < asks:
            said.append(
                ngettext(
                    "“%(meeting)s” would be only %(n)s clear working day after “%(agenda)s”; the law asks for %(asks)s (LGA 1972 "
                    "s.100B).",
                    "“%(meeting)s” would be only %(n)s clear working days after “%(agenda)s”; the law asks for %(asks)s (LGA "
                    "1972 s.100B).",
                    clear,
                    meeting=meeting.title,
                    n=number(clear),
                    agenda=agenda.title,
                    asks=asks,
                )
            )
    return said


def _closed_days(review: Review, moved: Sequence[MovedPhase]) -> list[str]:
    """Phases of one day that would fall on a weekend or a bank holiday."""
    calendar = calendars_in_force().of(review.lead.nation)
    return [
        gettext(
            "“%(title)s” would fall on %(now_from)s: a bank holiday (%(holiday)s).",
            title=one.title,
            now_from=day(one.now_from),
            holiday=holiday_name(calendar.holidays[one.now_from]),
        )
        if one.now_from in calendar.holidays
        else gettext("“%(title)s” would fall on %(now_from)s: not a working day.", title=one.title, now_from=day(one.now_from))
        for one in moved
        if one.moves and one.now_from == one.now_to and not calendar.is_working(one.now_from)
    ]


def _by_request(rows: Sequence[Redated]) -> list[tuple[EvidenceRequest, list[Redated]]]:
    """Items by their request, in order."""
    ordered = sorted(rows, key=lambda row: (row.item.request.number, row.item.number))
    return [(request, list(these)) for request, these in groupby(ordered, key=lambda row: row.item.request)]
