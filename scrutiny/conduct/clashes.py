"""What a timetable runs into: quiet days, the meetings of its own bodies, agencies busy with other reviews, the same place.

Of other reviews nobody is told more than they may know: of those their own body works on, what is asked and by when; of
those that are announced, title, place, bodies and dates.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext
from sqlalchemy import or_, select

from scrutiny.agencies.models import Agency
from scrutiny.areas.models import PlaceArea
from scrutiny.extensions import db
from scrutiny.formats import listed, number, short_day
from scrutiny.holiday_names import why_closed
from scrutiny.requests.ladder import days_of
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.states import OPEN
from scrutiny.reviews.access import may_inspect
from scrutiny.reviews.models import Review, ReviewBody
from scrutiny.reviews.queries import CURRENT, bodies_taking_part, is_announced, part_of, whole
from scrutiny.rules.queries import rules
from workflows.clashes import DUES
from workflows.methods import PhaseDates
from workflows.phases import MEETINGS
from workflows.roles import OPERATOR, Actor

QUIET, MEETING, AGENCY, PLACE = "quiet", "meeting", "agency", "place"
KINDS = {
    QUIET: lazy_gettext("Quiet day"),
    MEETING: lazy_gettext("Two meetings"),
    AGENCY: lazy_gettext("Busy agency"),
    PLACE: lazy_gettext("Same place"),
}
#: agency, its name, the day, by item
Dues = Mapping[int, tuple[int, str, date]]


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing a timetable runs into: its kind, in words, on which days, and the phase it concerns ('' for none)."""

    kind: str
    said: str
    first: date
    last: date
    phase: str = ""
    href: str = ""

    @property
    def label(self) -> str:
        """The kind in words."""
        return KINDS[self.kind]


def clashes_of(
    review: Review, phases: Sequence[PhaseDates], *, by: Actor, today: date, instead: Mapping[int, date | None] | None = None
) -> tuple[Clash, ...]:
    """What the phases of a review run into from today on, earliest first; `instead` gives items a day they do not have yet."""
    if review.state not in CURRENT:
        return ()
    found = _quiet(review, phases, today)
    others = _others(review, by, today)
    found += _meetings(review, phases, others, by, today)
    found += _agencies(review, others, by, today, instead or {})
    found += _places(review, phases, others, by, today)
    return tuple(sorted(found, key=lambda one: (one.first, one.kind, one.said)))


def _quiet(review: Review, phases: Sequence[PhaseDates], today: date) -> list[Clash]:
    """Phases that end on a weekend, a bank holiday or in a quiet time, when nobody is there."""
    days = days_of(review.lead.nation)
    return [
        Clash(
            QUIET,
            gettext(
                "“%(title)s” ends on %(ends_on)s (%(why)s)",
                title=one.title,
                ends_on=short_day(one.ends_on),
                why=why_closed(one.ends_on, why),
            ),
            one.ends_on,
            one.ends_on,
            one.key,
        )
        for one in phases
        if one.ends_on >= today and (why := days.why_not(one.ends_on))
    ]


def _others(review: Review, by: Actor, today: date) -> list[Review]:
    """The other reviews under way or planned that the reader may know of; constant statements."""
    body = _body_of(review, by)
    taking_part = select(ReviewBody.review_id).where(ReviewBody.body_id == body)
    rows = whole().where(
        Review.id != review.id, Review.state.in_(CURRENT), or_(Review.id.in_(taking_part), Review.announced_on <= today)
    )
    found = db.session.scalars(rows.order_by(Review.id))
    return [one for one in found if is_announced(one, today) or part_of(one, body, today) is not None]


def _body_of(review: Review, by: Actor) -> int:
    """The body whose eyes are used: the reader's, or the lead's for the operator at the machine."""
    return review.lead.id if by.has(OPERATOR) or by.body is None else by.body


def _meetings(review: Review, phases: Sequence[PhaseDates], others: Sequence[Review], by: Actor, today: date) -> list[Clash]:
    """Meetings of this review on the day of a meeting of another in which one of its bodies takes part."""
    found, body = [], _body_of(review, by)
    own = {one.id: one.name for one in bodies_taking_part(review)}
    for one in (phase for phase in phases if phase.key in MEETINGS and phase.ends_on >= today):
        for other in others:
            shared = [own[taking.id] for taking in bodies_taking_part(other) if taking.id in own]
            for phase in other.phases if shared else ():
                if phase.key in MEETINGS and phase.starts_on <= one.ends_on and one.starts_on <= phase.ends_on:
                    said = gettext(
                        "“%(title)s” falls on %(starts_on)s, and so does “%(phase)s” of %(other)s: "
                        "%(shared)s would be wanted at both",
                        title=one.title,
                        starts_on=short_day(one.starts_on),
                        phase=phase.title,
                        other=_named(other),
                        shared=listed(shared),
                    )
                    found.append(Clash(MEETING, said, one.starts_on, one.ends_on, one.key, _address(other, body, today)))
    return found


def _agencies(
    review: Review, others: Sequence[Review], by: Actor, today: date, instead: Mapping[int, date | None]
) -> list[Clash]:
    """Agencies that owe answers here and to another review the reader works on within a week of each other."""
    body = _body_of(review, by)
    known = {one.id: one for one in others if part_of(one, body) in ("lead", "partner")}
    if not (by.has(OPERATOR) or may_inspect(review, by)) or not known:
        return []
    ours = _by_agency(_dues([review.id], today)[review.id], instead)
    found, within = [], _near()
    for other_id, theirs in sorted(_dues(list(known), today).items()):
        for agency, (name, days) in _by_agency(theirs, {}).items():
            mine = ours.get(agency)
            near = [(day, there) for day in (mine[1] if mine else ()) for there in days if abs(day - there) <= within]
            if mine is None or not near:
                continue
            here, there = min(near)
            said = ngettext(
                "%(name)s: %(n)s item due here by %(here)s, and %(days)s for %(known)s by %(there)s",
                "%(name)s: %(n)s items due here by %(here)s, and %(days)s for %(known)s by %(there)s",
                mine[1][here],
                name=name,
                n=number(mine[1][here]),
                here=short_day(here),
                days=days[there],
                known=_named(known[other_id]),
                there=short_day(there),
            )
            found.append(Clash(AGENCY, said, min(here, there), max(here, there), "", _address(known[other_id], body, today)))
    return found


def _near() -> timedelta:
    """How near each other due dates of two reviews are the same work for an agency, by config/clashes.toml."""
    return timedelta(days=max((rule.days for rule in rules().clash_rules if rule.check == DUES), default=0))


def _places(review: Review, phases: Sequence[PhaseDates], others: Sequence[Review], by: Actor, today: date) -> list[Clash]:
    """Other reviews that look at part of the same place at the same time."""
    if not phases:
        return []
    areas = {area.id for area in review.place.areas}
    rows = select(PlaceArea.place_id).where(PlaceArea.area_id.in_(areas)).distinct().order_by(PlaceArea.place_id)
    places = set(db.session.scalars(rows))
    first, last = max(min(one.starts_on for one in phases), today), max(one.ends_on for one in phases)
    found, body = [], _body_of(review, by)
    for other in others:
        if other.place_id not in places or not other.phases:
            continue
        begins, ends = min(one.starts_on for one in other.phases), max(one.ends_on for one in other.phases)
        if begins <= last and first <= ends:
            said = gettext(
                "%(other)s, led by %(lead)s, looks at %(place)s from %(begins)s to %(ends)s",
                other=_named(other),
                lead=other.lead.name,
                place=other.place.name,
                begins=short_day(begins),
                ends=short_day(ends),
            )
            found.append(Clash(PLACE, said, max(begins, first), min(ends, last), "", _address(other, body, today)))
    return found


def _dues(review_ids: Sequence[int], today: date) -> dict[int, dict[int, tuple[int, str, date]]]:
    """The items still open in drafts and issued requests of these reviews: agency and day by item, by review."""
    rows: Any = (
        select(EvidenceRequest.review_id, Item.id, Agency.id, Agency.name, Item.due_on)
        .join(Item, Item.request_id == EvidenceRequest.id)
        .join(Agency, Agency.id == EvidenceRequest.agency_id)
        .where(
            EvidenceRequest.review_id.in_(review_ids),
            EvidenceRequest.state.in_(("drafted", "issued")),
            Item.state.in_(OPEN),
            Item.due_on >= today,
        )
        .order_by(Item.id)
    )
    found: dict[int, dict[int, tuple[int, str, date]]] = defaultdict(dict)
    for review_id, item_id, agency_id, name, due_on in db.session.execute(rows):
        found[review_id][item_id] = agency_id, name, due_on
    return found


def _by_agency(dues: Dues, instead: Mapping[int, date | None]) -> dict[int, tuple[str, Counter[date]]]:
    """For each agency its name, and how many items are due on which day."""
    found: dict[int, tuple[str, Counter[date]]] = {}
    for item_id, (agency, name, due_on) in dues.items():
        day = instead.get(item_id, due_on)
        if day is not None:
            found.setdefault(agency, (name, Counter()))[1][day] += 1
    return found


def _named(review: Review) -> str:
    """A review in words."""
    return f"“{review.title}” ({review.reference})"


def _address(review: Review, body: int, today: date) -> str:
    """Where a review is found by the members of a body: its own pages, or for those with no part in it the public one."""
    return f"/reviews/{review.reference}" if part_of(review, body, today) is not None else f"/about/{review.reference}"
