"""Deeds of this room: prepare a reorganisation, stage it for its day, undo it until then, drop it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.agencies import service as agencies
from scrutiny.agencies import succession
from scrutiny.agencies.models import Agency
from scrutiny.agencies.service import AgencyDetails
from scrutiny.areas.models import Area
from scrutiny.audit.service import note
from scrutiny.bodies import service as bodies
from scrutiny.bodies import succession as bodies_succession
from scrutiny.bodies.models import Body
from scrutiny.bodies.queries import bodies_by_name
from scrutiny.bodies.service import BodyDetails
from scrutiny.days import During
from scrutiny.extensions import db
from scrutiny.formats import listed, london_day, short_day
from scrutiny.lineage import staged_areas as ahead
from scrutiny.reorganisation import journal
from scrutiny.reorganisation.bodies import slug_of
from scrutiny.reorganisation.models import Reorganisation
from scrutiny.reorganisation.plan import Beginning
from scrutiny.reorganisation.plan_input import Plan, check_plan, plain, read_plan
from scrutiny.reorganisation.preview import Preview, preview
from scrutiny.reorganisation.preview import plain as in_plain_values
from scrutiny.reorganisation.queries import next_reference
from scrutiny.reviews.models import Review
from scrutiny.transaction import check_version
from workflows.lifecycles.reorganisation import REORGANISATION
from workflows.refusals import Refused
from workflows.roles import Actor, Appointment


def prepare(plan: Plan, *, by: Actor, at: datetime) -> Reorganisation:
    """Keep a plan to work on; nothing else is written."""
    row = Reorganisation(
        reference=next_reference(london_day(at).year),
        title=plan.title,
        on=plan.on,
        plan=plain(plan),
        state=REORGANISATION.initial,
        made_by=by.reference,
        made_at=at,
    )
    db.session.add(row)
    db.session.flush()
    note("reorganisation_prepared", about=row.plain, by=by, at=at, on=plan.on.isoformat())
    return row


def revise(row: Reorganisation, plan: Plan, *, seen: int | None, by: Actor, at: datetime) -> None:
    """Change a plan that is not staged; Stale where somebody else changed it since `seen`."""
    check_version(row, seen)
    if row.state != "drafted":
        raise Refused(
            gettext(
                "This reorganisation is %(states)s: undo the staging to change it",
                states=REORGANISATION.states[row.state].lower(),
            )
        )
    row.title, row.on, row.plan = plan.title, plan.on, plain(plan)
    db.session.flush()
    note("reorganisation_revised", about=row.plain, by=by, at=at, on=plan.on.isoformat())


def stage(row: Reorganisation, *, by: Actor, at: datetime) -> Preview:
    """Write everything that can be dated ahead (areas, lineage, agencies, bodies, memberships); days before read as before.

    Refused, naming every fault, where the preview has one.
    """
    before = row.state
    move = REORGANISATION.make("stage", row, by=by)
    plan = check_plan(plain(read_plan(row.plan)), row.reference)  # what was kept is checked anew before it is carried out
    found = preview(plan, today=london_day(at))
    if found.faults:
        raise Refused(gettext("This cannot be staged. %(faults)s", faults="; ".join(found.faults)))
    rows = journal.rows_now()
    kept = _write(found, by=by, at=at)
    db.session.flush()
    row.journal = kept | journal.difference(rows, journal.rows_now()) | {"preview": in_plain_values(found)}
    row.staged_at = at
    db.session.flush()
    note(
        move.event,
        about=row.plain,
        by=by,
        at=at,
        before=before,
        after=row.state,
        on=row.on.isoformat(),
        areas=len(found.worked.formed),
        agencies=len(found.worked.endings),
    )
    return found


def undo_staging(row: Reorganisation, *, by: Actor, at: datetime) -> None:
    """Take a staging back: everything is as it was before. Refused from its day on, and where something new rests on it."""
    if row.state == "carried_out" or (row.state == "staged" and row.on <= london_day(at)):
        raise Refused(
            gettext(
                "This came on %(on)s: what has come cannot be undone. Prepare another change for a later day",
                on=short_day(row.on),
            )
        )
    before = row.state
    move = REORGANISATION.make("undo", row, by=by)
    kept: dict[str, Any] = row.journal
    _refuse_what_rests_on(kept)
    ahead.forget_places(kept["load"], at=at)
    journal.put_back(kept)
    ahead.take_back(kept["load"], {int(key): last for key, last in kept["ended"].items()}, by=by, at=at)
    row.journal, row.staged_at = {}, None
    db.session.flush()
    note(move.event, about=row.plain, by=by, at=at, before=before, after=row.state)


def drop(row: Reorganisation, *, by: Actor, at: datetime) -> None:
    """Give up a plan that is not staged; it stays in the list as dropped."""
    before = row.state
    move = REORGANISATION.make("drop", row, by=by)
    db.session.flush()
    note(move.event, about=row.plain, by=by, at=at, before=before, after=row.state)


def _refuse_what_rests_on(kept: dict[str, Any]) -> None:
    """Refuse to undo where a review is of a place that is to come, or led by a body that is."""
    places = [place.id for place in ahead.places_on(kept["load"])]
    held = select(Review.reference).where(Review.place_id.in_(places), Review.state != "withdrawn").order_by(Review.reference)
    if found := list(db.session.scalars(held)):
        raise Refused(gettext("A place that is to come has a review already (%(found)s): withdraw it first", found=listed(found)))
    db.session.flush()


def _write(found: Preview, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Everything in its order; what the undoing and the day itself need to know of it."""
    worked, plan = found.worked, found.plan
    ending = [db.session.get_one(Area, area.id) for area in worked.ending]
    change = ahead.ChangeOfAreas(plan.on, plan.title, worked.formed, ending, worked.links)
    load, ended = ahead.write_ahead(change, by=by, at=at)
    councils = {one.new.code: _begin(one, plan, by=by, at=at) for one in worked.beginnings}
    for carrying in worked.continuing:
        agency = db.session.get_one(Agency, carrying.agency.id)
        succession.leave_areas(agency, _fresh(agency, carrying.rows), on=plan.on, by=by, at=at)
        succession.serve_areas(agency, list(carrying.areas), on=plan.on, by=by, at=at)
        councils[carrying.new.code] = agency
    for one in worked.endings:
        agency = db.session.get_one(Agency, one.agency.id)
        succession.end_agency(agency, on=plan.on, by=by, at=at)
        kind = succession.SPLIT if len(one.heirs) > 1 else _kind(found, one.heirs[0].code)
        for heir in one.heirs:
            succession.succeed(agency, succession.Heir(councils[heir.code], plan.on, heir.share, kind), by=by, at=at)
    for following in worked.following:
        agency = db.session.get_one(Agency, following.agency.id)
        succession.leave_areas(agency, _fresh(agency, following.rows), on=plan.on, by=by, at=at)
        succession.serve_areas(agency, list(following.areas), on=plan.on, by=by, at=at)
    after = _write_bodies(found, councils, by=by, at=at)
    _write_people(found, councils, after, by=by, at=at)
    return {
        "load": load,
        "ended": {str(key): last for key, last in ended.items()},
        "agencies": {code: agency.id for code, agency in councils.items()},
        "heirs": {str(one.agency.id): [[heir.code, heir.share] for heir in one.heirs] for one in worked.endings},
        "bodies": {str(key): to for key, to in after.items()},
        "body_heirs": {str(one.body.id): [[heir.code, heir.share] for heir in one.heirs] for one in found.bodies},
        "carry_on": {str(one.agency.id): [one.new.council, one.new.code] for one in worked.continuing},
        "places": [one.place.id for one in found.places],
    }


def _fresh(agency: Agency, rows: Any) -> list[Any]:
    """The same rows of a footprint, as they hang on the agency now."""
    ids = {row.id for row in rows}
    return [row for row in agency.footprint if row.id in ids]


def _kind(found: Preview, code: str) -> str:
    """Whether several agencies become this one, or one alone passes to it."""
    olds = [one for one in found.worked.endings if any(heir.code == code for heir in one.heirs)]
    return succession.MERGE if len(olds) > 1 else succession.TRANSFER


def _begin(one: Beginning, plan: Plan, *, by: Actor, at: datetime) -> Agency:
    """The council of a new area: here already, or added now to serve from the day."""
    agency = one.agency
    if agency is None:
        agency = agencies.add_agency(
            AgencyDetails(
                name=one.name,
                kind=one.kind,
                codes=(("gss", one.new.code),),
                name_cy=one.new.name_cy,
                email=one.email,
                from_on=plan.on,
                legal_from=plan.legal_from,
                elected_from=plan.elected_from,
            ),
            by=by,
            at=at,
        )
    else:
        agency = db.session.get_one(Agency, agency.id)
    succession.serve_areas(agency, list(one.areas), on=plan.on, by=by, at=at)
    for service in one.additions:
        exception = agencies.Exceptional(service, excluded=False, during=During(plan.on))
        agencies.except_service(agency, exception, by=by, at=at)
    return agency


def _write_bodies(found: Preview, councils: dict[str, Agency], *, by: Actor, at: datetime) -> dict[int, dict[str, int]]:
    """End the bodies of ending hosts, and add those that follow; by old body and new code the body that follows."""
    plan = found.plan
    made: dict[str, Body] = {}
    after: dict[int, dict[str, int]] = {}
    for one in found.bodies:
        old = db.session.get_one(Body, one.body.id)
        for code, name in one.names.items():
            held = one.there.get(code)
            if held is not None:
                made[name] = db.session.get_one(Body, held.id)
            elif name not in made:
                taken = [body.slug for body in bodies_by_name()]
                details = BodyDetails(
                    slug=slug_of(name, taken),
                    name=name,
                    kind=old.kind,
                    nation=old.nation,
                    host_agency_id=councils[code].id,
                    from_on=plan.on,
                    legal_from=plan.legal_from,
                    elected_from=plan.elected_from,
                )
                made[name] = bodies.add_body(details, by=by, at=at)
            after.setdefault(old.id, {})[code] = made[name].id
        bodies_succession.end_body(old, on=plan.on, by=by, at=at)
    return after


def _write_people(
    found: Preview, councils: dict[str, Agency], after: dict[int, dict[str, int]], *, by: Actor, at: datetime
) -> None:
    """Give everybody who goes on their role in what follows, from the day."""
    done: set[tuple[int, str, str]] = set()
    for one in found.people:
        kind, _, number = one.owner.partition(":")
        for code in one.to:
            owner: Any = councils[code] if kind == "agency" else db.session.get_one(Body, after[int(number)][code])
            key = (one.person.id, owner.reference, one.role)
            if key not in done and not _has(owner, one.person.id, one.role, found.plan.on):
                bodies.join(one.person, owner, Appointment(one.role, found.plan.on), by=by, at=at)
                done.add(key)


def _has(owner: Any, person_id: int, role: str, on: date) -> bool:
    """Whether somebody has that role there on the day already."""
    rows = journal.memberships_of(owner)
    return any(row.person_id == person_id and row.role == role and (row.to_on is None or row.to_on >= on) for row in rows)
