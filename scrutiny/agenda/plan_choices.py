"""What may be chosen of a plan, what a form says of it, and the list of plans."""

from __future__ import annotations

from datetime import date

from werkzeug.datastructures import MultiDict

from scrutiny.agencies.answering import Answering, answering
from scrutiny.agenda import access
from scrutiny.agenda.forms import PlanForm
from scrutiny.agenda.models import ReviewPlan
from scrutiny.agenda.planning import SAID, Details
from scrutiny.bodies.models import Body
from scrutiny.bodies.queries import bodies_by_name
from scrutiny.both_versions import BothVersions, compared
from scrutiny.extensions import db
from scrutiny.place_lookup.place_input import names_of
from scrutiny.rules.queries import methods, rules
from scrutiny.whole_numbers import whole_or_none
from scrutiny.widgets import SelectChoice

#: What is sent where the agencies were on the page: unticking all of them is a choice too.
SHOWN = "agencies-shown"


def plans_of(body_id: int) -> list[ReviewPlan]:
    """The plans of a body and those shared with it, by the day they begin; those that are over last."""
    rows = access.whole_plans().where(access.plans_shared(body_id))
    over = ReviewPlan.state.in_(("under_way", "dropped"))
    return list(db.session.scalars(rows.order_by(over, ReviewPlan.first_on, ReviewPlan.id)).unique())


def brought(args: MultiDict[str, str], today: date) -> dict[str, object]:
    """What an address fills a new plan in with: `place`, `title`, and any number of `service` and `agency`."""
    codes = [code.strip() for code in args.get("place", "")[:1000].split(",") if code.strip()]
    return {
        "places": names_of(codes, today) if codes else "",
        "title": args.get("title", "")[:200],
        "services": [key for key in args.getlist("service") if key in rules().services],
        "agencies": [key for key in map(whole_or_none, args.getlist("agency")) if key is not None],
    }


def offer(form: PlanForm, body: Body, today: date, *, places: bool = False) -> None:
    """Give a form its choices: bodies, methods, services, and the agencies of the place once it is known."""
    form.services.choices = [SelectChoice(value=one.key, label=one.title) for one in rules().services.values()]
    known = methods().values()
    form.method.choices = [
        SelectChoice(value="", label="–"),
        *(SelectChoice(value=one.key, label=one.title) for one in sorted(known, key=lambda one: one.title)),
    ]
    form.partners.choices = [SelectChoice(value=one.id, label=one.name) for one in bodies_by_name(on=today) if one.id != body.id]
    form.agencies.choices = []
    if form.is_submitted() or places:
        form.validate_places_quietly()
        here = answering([area.id for area in form.areas], form.first_on.data or today) if form.areas else []
        form.agencies.choices = [SelectChoice(value=one.agency_id, label=one.name) for one in here]
        if form.is_submitted() and not form.shown.data:
            form.agencies.data = [one.agency_id for one in here if _is_asked(one, form)]
        else:
            offered = {one.agency_id for one in here}
            form.agencies.data = [key for key in form.agencies.data or () if key in offered]
        form.shown.data = form.shown.raw_data = SHOWN if here else ""


def details_of(form: PlanForm, body: Body) -> Details:
    """What a form says."""
    first_on, last_on = form.first_on.data, form.last_on.data
    assert first_on is not None, "the form was judged"
    assert last_on is not None, "the form was judged"
    return Details(
        title=form.title.data or "",
        reason=form.reason.data or "",
        areas=form.areas,
        method=form.method.data or "",
        services=tuple(form.services.data or ()),
        first_on=first_on,
        last_on=last_on,
        visit_from=form.visit_from.data,
        visit_to=form.visit_to.data,
        visit_days=form.visit_days.data or 0,
        questions=form.questions.data or 0,
        evidence_by=form.evidence_by.data,
        meeting_on=form.meeting_on.data,
        announced_on=form.announced_on.data,
        partners=tuple(key for key in form.partners.data or () if key != body.id),
        agencies=tuple(form.agencies.data or ()),
    )


def values_of(plan: ReviewPlan) -> dict[str, object]:
    """What a plan says now, by the names of the form's fields."""
    values: dict[str, object] = {name: getattr(plan, name) for name in SAID}
    codes = [area.code for area in plan.place.areas]
    return values | {
        "reason": plan.reason,
        "places": names_of(codes, plan.first_on),
        "services": list(plan.services),
        "partners": [one.body_id for one in plan.partners],
        "agencies": [one.agency_id for one in plan.asks],
        "version": plan.version,
    }


def both_versions(plan: ReviewPlan, form: PlanForm) -> list[BothVersions]:
    """What somebody else saved beside what was typed, choices in the words that were shown."""
    kept = values_of(plan)
    labels = {name: str(form[name].label.text) for name in kept if name != "version"}
    theirs: dict[str, object] = dict(kept)
    yours: dict[str, object] = {name: form[name].data for name in labels}
    for name in ("services", "method", "partners", "agencies"):
        words = {str(one.value): str(one.label) for one in form[name].choices}
        for said in (theirs, yours):
            held = said[name]
            chosen = held if isinstance(held, list) else [held]
            said[name] = [words[str(key)] for key in chosen if str(key) in words]
    return compared(labels, theirs, yours)


def _is_asked(agency: Answering, form: PlanForm) -> bool:
    """Whether an agency is ticked first: the method has questions for its kind, and it provides what the plan is about."""
    method, services = methods().get(form.method.data or ""), set(form.services.data or ())
    kinds = {kind for item in method.evidence for kind in item.agencies} if method else None
    return (kinds is None or agency.kind in kinds) and (not services or not services.isdisjoint(agency.services))
