"""Pages of a review being prepared: a task list of short steps, each saved by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.bodies.queries import bodies_by_name, body
from scrutiny.both_versions import compared
from scrutiny.doors import actor, signed_in
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.place_lookup.place_input import codes_of, names_of
from scrutiny.reviews import access, opening, presenters, queries
from scrutiny.reviews.forms import AgenciesForm, BodiesForm, MethodForm, PlaceForm, ScopeForm
from scrutiny.reviews.models import ReviewDraft
from scrutiny.rules.queries import methods as methods_here
from scrutiny.transaction import attempt, writes
from scrutiny.whole_numbers import whole_or_none
from scrutiny.widgets import Form
from workflows.refusals import Stale

blueprint = Blueprint("opening", __name__)


@blueprint.route("/reviews/new", methods=["GET", "POST"])
@signed_in
@writes
def new() -> ResponseReturnValue:
    """Begin: the first step; `?place=` brings the code of a place along. Reviews begun before are listed."""
    body_id = access.body_to_open_for(actor())
    today = london_day(now())
    brought = [code.strip() for code in request.args.get("place", "").split(",") if code.strip()]
    form = PlaceForm(places=names_of(brought, today) if brought else "", place_on=today, starts_on=today)
    form.partner.choices = presenters.partner_choices(bodies_by_name(on=today), but=(body_id,))
    if form.validate_on_submit():
        answers = {
            "place": _place(form),
            "bodies": {"partners": [form.partner.data] if form.partner.data else [], "observers": []},
        }
        draft = attempt(form, lambda: opening.start_draft(body_id, answers, by=actor(), at=now()))
        if draft is not None:
            return redirect(url_for(".method", draft_id=draft.id))
    drafts = [(draft, presenters.draft_name(draft)) for draft in queries.drafts_of(body_id)]
    return render_template("reviews/opening/place.html", form=form, draft=None, drafts=drafts)


@blueprint.route("/reviews/new/<int:draft_id>")
@signed_in
def steps(draft_id: int) -> ResponseReturnValue:
    """The task list: what is answered, what is left, and the way on."""
    draft = access.draft_to_edit(draft_id, actor())
    if draft.review is not None:
        return redirect(f"/reviews/{draft.review.reference}")
    found, obstacles = opening.prepared(draft), opening.obstacles(draft)
    return render_template(
        "reviews/opening/steps.html",
        draft=draft,
        found=found,
        tasks=presenters.tasks(draft, found, obstacles),
        ready=not opening.missing(draft) and not obstacles,
        phases=opening.planned_phases(draft),
    )


@blueprint.route("/reviews/new/<int:draft_id>/place", methods=["GET", "POST"])
@signed_in
@writes
def place(draft_id: int) -> ResponseReturnValue:
    """Step 1: place and date."""
    draft = access.draft_to_edit(draft_id, actor())
    found = opening.prepared(draft)
    form = PlaceForm(
        places=names_of(found.codes, found.place_on) if found.place_on else ", ".join(found.codes),
        place_on=found.place_on,
        starts_on=found.starts_on,
        announced_on=found.announced_on,
        version=draft.version,
    )
    del form.partner  # step 2 asks for all of them
    return _step(form, draft, "place", lambda: _place(form))


@blueprint.route("/reviews/new/<int:draft_id>/bodies", methods=["GET", "POST"])
@signed_in
@writes
def bodies(draft_id: int) -> ResponseReturnValue:
    """Step 2: who asks."""
    draft = access.draft_to_edit(draft_id, actor())
    found = opening.prepared(draft)
    form = BodiesForm(
        partners=[one.id for one in found.partners], observers=[one.id for one in found.observers], version=draft.version
    )
    choices = presenters.body_choices(bodies_by_name(on=london_day(now())), but=(draft.body_id,))
    form.partners.choices = form.observers.choices = choices
    form.partners.description = presenters.what_partners_do(found.method)
    return _step(form, draft, "bodies", lambda: {"partners": form.partners.data, "observers": form.observers.data})


@blueprint.route("/reviews/new/<int:draft_id>/method", methods=["GET", "POST"])
@signed_in
@writes
def method(draft_id: int) -> ResponseReturnValue:
    """Step 3: by which method; each can be read first."""
    draft = access.draft_to_edit(draft_id, actor())
    found = opening.prepared(draft)
    usable, others = presenters.methods_for(methods_here().values(), draft.body, found.partners)
    form = MethodForm(method=found.method.key if found.method else None, version=draft.version)
    form.method.choices = presenters.method_choices(usable)
    return _step(form, draft, "method", lambda: {"key": form.method.data}, usable=usable, others=others)


@blueprint.route("/reviews/new/<int:draft_id>/scope", methods=["GET", "POST"])
@signed_in
@writes
def scope(draft_id: int) -> ResponseReturnValue:
    """Step 4: scope and lines of enquiry."""
    draft = access.draft_to_edit(draft_id, actor())
    found = opening.prepared(draft)
    if found.method is None:
        flash(gettext("Choose the method first: it brings the lines of enquiry"))
        return redirect(url_for(".method", draft_id=draft_id))
    form = ScopeForm(
        title=found.title,
        reason=found.reason,
        in_scope=found.in_scope,
        out_of_scope=found.out_of_scope,
        subject=found.subject,
        lines=list(found.lines),
        own_lines="\n".join(found.own_lines),
        services=list(found.services),
        version=draft.version,
    )
    form.services.choices = presenters.service_choices(opening.agencies_here(found))
    form.lines.choices = presenters.method_line_choices(found.method)
    if found.method.subject:
        del form.subject  # the method says it
    return _step(form, draft, "scope", lambda: _scope(form))


@blueprint.route("/reviews/new/<int:draft_id>/agencies", methods=["GET", "POST"])
@signed_in
@writes
def agencies(draft_id: int) -> ResponseReturnValue:
    """Step 5: which agencies are asked; those that provide what the review is about are ticked."""
    draft = access.draft_to_edit(draft_id, actor())
    found = opening.prepared(draft)
    here = opening.agencies_to_ask(found)
    if found.method is None:
        flash(gettext("Choose the method first: it says whom it has questions for"))
        return redirect(url_for(".method", draft_id=draft_id))
    answered = "agencies" in draft.answers
    asked = [
        one.agency_id
        for one in here
        if (one.agency_id not in found.left_out if answered else opening.provides(one, found.services))
    ]
    why = found.why_left_out or presenters.why_left_out(found.services)
    form = AgenciesForm(agencies=asked, why=why if found.why_left_out or len(asked) < len(here) else "", version=draft.version)
    form.agencies.choices = presenters.agency_choices(here, found.services)
    return _step(form, draft, "agencies", lambda: _agencies(form))


@blueprint.route("/reviews/new/<int:draft_id>/forget", methods=["POST"])
@signed_in
@writes
def forget(draft_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    opening.forget_draft(access.draft_to_edit(draft_id, actor()))
    flash(gettext("Draft deleted. No requests had been sent"), "success")
    return redirect(url_for(".new"))


def _step(form: Form, draft: ReviewDraft, step: str, answers: Callable[[], dict[str, Any]], **more: Any) -> ResponseReturnValue:
    """Save a step and go on to the next that is open; when somebody else has saved first, both versions are shown."""
    draft_id, theirs = draft.id, None
    if form.validate_on_submit():
        try:
            if attempt(form, lambda: opening.save_step(draft, step, answers(), seen=_seen(form), at=now())) is not None:
                return redirect(_onward(draft, step))
        except Stale:
            draft = access.draft_to_edit(draft_id, actor())
            theirs = compared(_labels(form), _flat(draft.answers.get(step, {})), {f.name: f.data for f in form})
            form.version.raw_data, form.version.data = None, draft.version
    draft = access.draft_to_edit(draft_id, actor())
    page = f"reviews/opening/{step}.html"
    return render_template(page, form=form, draft=draft, theirs=theirs, lead=body(draft.body_id), **more)


def _onward(draft: ReviewDraft, step: str) -> str:
    """The address of the next step to answer, or of the task list."""
    order = list(opening.STEPS)
    following = [name for name in order[order.index(step) + 1 :] if name not in draft.answers]
    return url_for(f".{following[0]}" if following else ".steps", draft_id=draft.id)


def _place(form: PlaceForm) -> dict[str, Any]:
    """The answers of step 1, as they are kept."""
    on, starts_on = form.place_on.data or london_day(now()), form.starts_on.data or london_day(now())
    announced = form.announced_on.data
    return {
        "codes": codes_of(form.places.data, on),
        "on": on.isoformat(),
        "starts_on": starts_on.isoformat(),
        "announced_on": announced.isoformat() if announced else None,
    }


def _scope(form: ScopeForm) -> dict[str, Any]:
    """The answers of step 4, as they are kept."""
    names = ("title", "reason", "in_scope", "out_of_scope", "subject", "lines", "own_lines", "services")
    return {name: form[name].data for name in names if name in form}


def _agencies(form: AgenciesForm) -> dict[str, Any]:
    """The answers of step 5, as they are kept."""
    ticked = set(form.agencies.data or ())
    offered = [choice.value for choice in form.agencies.choices]
    return {
        "ask": sorted(ticked),
        "left_out": [one for one in offered if one not in ticked],
        "why": (form.why.data or "").strip(),
    }


def _seen(form: Form) -> int | None:
    """The version the page was opened with."""
    return whole_or_none(form.version.data)


def _labels(form: Form) -> dict[str, str]:
    """The questions of a form, by name."""
    return {field.name: field.label.text for field in form if field.type not in ("HiddenField", "CSRFTokenField", "SubmitField")}


def _flat(answers: dict[str, Any]) -> dict[str, Any]:
    """Kept answers under the names of the form's fields."""
    return answers | {
        "places": answers.get("codes"),
        "place_on": answers.get("on"),
        "method": answers.get("key"),
        "agencies": answers.get("ask"),
    }
