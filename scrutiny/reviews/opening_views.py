"""Pages of a review being prepared: a task list of short steps, each saved by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scrutiny.bodies.queries import bodies_by_name, body
from scrutiny.doors import actor, signed_in
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.reviews import access, opening, presenters, queries
from scrutiny.reviews.forms import BodiesForm, MethodForm, PlaceForm, ScopeForm
from scrutiny.reviews.models import ReviewDraft
from scrutiny.rules.queries import rules
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
    form = PlaceForm(places=request.args.get("place", ""), place_on=today, starts_on=today)
    if form.validate_on_submit():
        draft = attempt(form, lambda: opening.start_draft(body_id, _place(form), by=actor(), at=now()))
        if draft is not None:
            return redirect(url_for(".bodies", draft_id=draft.id))
    return render_template("reviews/opening/place.html", form=form, draft=None, drafts=queries.drafts_of(body_id))


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
    )


@blueprint.route("/reviews/new/<int:draft_id>/place", methods=["GET", "POST"])
@signed_in
@writes
def place(draft_id: int) -> ResponseReturnValue:
    """Step 1: place and date."""
    draft = access.draft_to_edit(draft_id, actor())
    found = opening.prepared(draft)
    form = PlaceForm(
        places=", ".join(found.codes),
        place_on=found.place_on,
        starts_on=found.starts_on,
        announced_on=found.announced_on,
        version=draft.version,
    )
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
    return _step(form, draft, "bodies", lambda: {"partners": form.partners.data, "observers": _observers(form)})


@blueprint.route("/reviews/new/<int:draft_id>/method", methods=["GET", "POST"])
@signed_in
@writes
def method(draft_id: int) -> ResponseReturnValue:
    """Step 3: by which method; each can be read first."""
    draft = access.draft_to_edit(draft_id, actor())
    found = opening.prepared(draft)
    methods = rules().methods
    form = MethodForm(method=found.method.key if found.method else None, version=draft.version)
    form.method.choices = presenters.method_choices(methods.values(), draft.body, found.partners)
    return _step(form, draft, "method", lambda: {"key": form.method.data}, methods=methods)


@blueprint.route("/reviews/new/<int:draft_id>/scope", methods=["GET", "POST"])
@signed_in
@writes
def scope(draft_id: int) -> ResponseReturnValue:
    """Step 4: scope and lines of enquiry."""
    draft = access.draft_to_edit(draft_id, actor())
    found = opening.prepared(draft)
    if found.method is None:
        flash("Choose the method first: it brings the lines of enquiry")
        return redirect(url_for(".method", draft_id=draft_id))
    form = ScopeForm(
        title=found.title,
        reason=found.reason,
        in_scope=found.in_scope,
        out_of_scope=found.out_of_scope,
        subject=found.subject,
        lines=list(found.lines),
        own_lines="\n".join(found.own_lines),
        version=draft.version,
    )
    form.lines.choices = presenters.method_line_choices(found.method)
    if found.method.subject:
        del form.subject  # the method says it
    return _step(form, draft, "scope", lambda: _scope(form))


@blueprint.route("/reviews/new/<int:draft_id>/forget", methods=["POST"])
@signed_in
@writes
def forget(draft_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    opening.forget_draft(access.draft_to_edit(draft_id, actor()))
    flash("What you had prepared is thrown away. Nobody had been asked anything", "success")
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
            theirs = presenters.compared(_labels(form), _flat(draft.answers.get(step, {})), {f.name: f.data for f in form})
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
        "codes": opening.codes_of(form.places.data, on),
        "on": on.isoformat(),
        "starts_on": starts_on.isoformat(),
        "announced_on": announced.isoformat() if announced else None,
    }


def _observers(form: BodiesForm) -> list[int]:
    """The observers, without those that are partners anyway."""
    return [one for one in form.observers.data if one not in form.partners.data]


def _scope(form: ScopeForm) -> dict[str, Any]:
    """The answers of step 4, as they are kept."""
    names = ("title", "reason", "in_scope", "out_of_scope", "subject", "lines", "own_lines")
    return {name: form[name].data for name in names if name in form}


def _seen(form: Form) -> int | None:
    """The version the page was opened with."""
    return whole_or_none(form.version.data)


def _labels(form: Form) -> dict[str, str]:
    """The questions of a form, by name."""
    return {field.name: field.label.text for field in form if field.type not in ("HiddenField", "CSRFTokenField", "SubmitField")}


def _flat(answers: dict[str, Any]) -> dict[str, Any]:
    """Kept answers under the names of the form's fields."""
    return answers | {"places": answers.get("codes"), "place_on": answers.get("on"), "method": answers.get("key")}
