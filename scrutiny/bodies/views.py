"""The administrator's pages of people, their memberships, and bodies."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.accounts import service as accounts
from scrutiny.agencies import dated
from scrutiny.agencies import queries as agencies
from scrutiny.bodies import access, presenters, queries, service, whom
from scrutiny.bodies.forms import BodyForm, EndForm, InviteForm, JoinForm, ResetForm
from scrutiny.bodies.register import host_agency
from scrutiny.bodies.service import BodyDetails
from scrutiny.both_versions import typed_beside
from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import actor, administrator
from scrutiny.formats import london_day, moment
from scrutiny.pages import now
from scrutiny.transaction import attempt, undo, writes
from scrutiny.whole_numbers import whole, whole_or_none
from workflows.refusals import Refused, Stale
from workflows.roles import LABELS, Appointment

blueprint = Blueprint("bodies", __name__)


@blueprint.route("/administration/people")
@administrator
def people() -> ResponseReturnValue:
    """Everyone who may sign in, or who no longer may; found by name or address."""
    text, ended = request.args.get("text", ""), request.args.get("ended") == "yes"
    page = max(1, request.args.get("page", 1, type=whole))
    found, more = queries.people_found(text, ended=ended, page=page)
    held = queries.memberships_of([person.id for person in found])
    return render_template(
        "bodies/people.html",
        people=found,
        held=held,
        text=text,
        ended=ended,
        page=page,
        more=more,
        owner_of=queries.owner_of,
        labels=LABELS,
        on=_today(),
    )


@blueprint.route("/administration/people/invite", methods=["GET", "POST"])
@administrator
@writes
def invite() -> ResponseReturnValue:
    """Invite somebody: to run the instance, or to a role in a body or an agency."""
    chosen = request.form.get("capacity") or request.args.get("for", "")
    owner = access.owner_to_keep(chosen, actor())
    if owner is None and chosen != whom.ADMINISTRATOR:
        asked = whom.asked_for(request.args, administrator=True)
        if asked.found is not None and asked.form.kind.data == whom.ADMINISTRATOR:
            return redirect(f"{url_for('bodies.invite')}?for={whom.ADMINISTRATOR}")
        return render_template("bodies/invite_whom.html", asked=asked, form=asked.form)
    form = InviteForm(capacity=chosen)
    form.role.choices = whom.roles_of(owner) if owner else []
    if form.validate_on_submit() and (made := attempt(form, lambda: _invited(form))):
        flash(gettext("%(made)s is invited. %(queued_now)s", made=made[1], queued_now=queued_now("invitation")), "success")
        return redirect(url_for("bodies.person", person_id=made[0]))
    return render_template("bodies/invite.html", form=form, owner=owner)


def _invited(form: InviteForm) -> tuple[int, str]:
    """The person invited: id and name."""
    administers = form.capacity.data == whom.ADMINISTRATOR
    owner = access.owner_to_keep(form.capacity.data, actor())
    invited = service.InvitedAs(owner, Appointment(form.role.data or "", _today()), administrator=administers)
    person = service.invite(form.email.data or "", form.name.data or "", invited, by=actor(), at=now())
    return person.id, person.name


@blueprint.route("/administration/people/<int:person_id>", methods=["GET", "POST"])
@administrator
@writes
def person(person_id: int) -> ResponseReturnValue:
    """One person: what they belong to, one more role, and the end of it all."""
    found = access.person_to_keep(person_id, actor())
    chosen = request.form.get("capacity") or request.args.get("for", "")
    owner = access.owner_to_keep(chosen, actor())
    form = JoinForm(from_on=_today(), capacity=chosen)
    form.role.choices = whom.roles_of(owner) if owner else []
    if form.validate_on_submit() and attempt(form, lambda: _joined(person_id, form)):
        flash(gettext("The role is added"), "success")
        return redirect(url_for("bodies.person", person_id=person_id))
    found = access.person_to_keep(person_id, actor())
    return render_template(
        "bodies/person.html",
        person=found,
        form=form,
        owner=owner,
        asked=whom.asked_for(request.args, administrator=False),
        held=queries.memberships_of([found.id])[found.id],
        owner_of=queries.owner_of,
        labels=LABELS,
        on=_today(),
        second_step=accounts.has_second_step(found),
    )


def _joined(person_id: int, form: JoinForm) -> bool:
    """Give the role chosen."""
    owner = access.owner_to_keep(form.capacity.data, actor())
    if owner is None or form.from_on.data is None:
        raise Refused(gettext("Choose the body or agency"))
    found = access.person_to_keep(person_id, actor())
    service.join(found, owner, Appointment(form.role.data, form.from_on.data), by=actor(), at=now())
    return True


@blueprint.route("/administration/people/<int:person_id>/end", methods=["POST"])
@administrator
@writes
def end_person(person_id: int) -> ResponseReturnValue:
    """End an account and every membership."""
    found = access.person_to_keep(person_id, actor())
    service.end_person(found, on=_today(), by=actor(), at=now())
    flash(gettext("%(found)s can no longer sign in", found=found.name), "success")
    return redirect(url_for("bodies.person", person_id=person_id))


@blueprint.route("/administration/people/<int:person_id>/second-step", methods=["GET", "POST"])
@administrator
@writes
def reset_second_step(person_id: int) -> ResponseReturnValue:
    """Show what resetting a lost second step does, then do it."""
    found = access.person_to_keep(person_id, actor())
    form = ResetForm()
    if form.validate_on_submit() and attempt(form, lambda: _reset(person_id)):
        flash(gettext("The second step is reset. We have written to %(name)s", name=found.name), "success")
        return redirect(url_for("bodies.person", person_id=person_id))
    return render_template("bodies/reset_second_step.html", person=access.person_to_keep(person_id, actor()), form=form)


def _reset(person_id: int) -> bool:
    """Reset the second step of the person the page is about."""
    accounts.reset_second_step(access.person_to_keep(person_id, actor()), by=actor(), at=now())
    return True


@blueprint.route("/administration/people/<int:person_id>/administrator", methods=["POST"])
@administrator
@writes
def make_administrator(person_id: int) -> ResponseReturnValue:
    """Let a person run the instance."""
    found = access.person_to_keep(person_id, actor())
    accounts.make_administrator(found, by=actor(), at=now())
    flash(gettext("%(found)s runs this instance now", found=found.name), "success")
    return redirect(url_for("bodies.person", person_id=person_id))


@blueprint.route("/administration/people/<int:person_id>/not-administrator", methods=["POST"])
@administrator
@writes
def unmake_administrator(person_id: int) -> ResponseReturnValue:
    """Take the running of the instance from a person; never from the last."""
    found = access.person_to_keep(person_id, actor())
    service.unmake_administrator(found, by=actor(), at=now())
    flash(gettext("%(found)s no longer runs this instance", found=found.name), "success")
    return redirect("/" if found.id == actor().person else url_for("bodies.person", person_id=person_id))


@blueprint.route("/administration/memberships/<any(body, agency):kind>/<int:membership_id>/end", methods=["GET", "POST"])
@administrator
@writes
def end_membership(kind: str, membership_id: int) -> ResponseReturnValue:
    """End a person's role, with its last day."""
    found = access.membership_to_keep(kind, membership_id, actor())
    form = EndForm(on=_today())
    if form.validate_on_submit() and attempt(form, lambda: _ended(kind, membership_id, form.on.data)):
        flash(gettext("The membership is ended"), "success")
        return redirect(url_for("bodies.person", person_id=found.person_id))
    found = access.membership_to_keep(kind, membership_id, actor())
    owner = queries.owner_of(found)
    return render_template("bodies/end_membership.html", form=form, membership=found, owner=owner, labels=LABELS)


def _ended(kind: str, membership_id: int, on: date | None) -> bool:
    """End it on the day typed."""
    membership = access.membership_to_keep(kind, membership_id, actor())
    service.end_membership(membership, on=on or _today(), by=actor(), at=now())
    return True


@blueprint.route("/administration/bodies")
@administrator
def bodies() -> ResponseReturnValue:
    """The bodies that ask."""
    text = request.args.get("text", "")
    return render_template("bodies/bodies.html", bodies=queries.bodies_by_name(text), text=text, kind_label=queries.kind_label)


@blueprint.route("/administration/bodies/add", methods=["GET", "POST"])
@administrator
@writes
def add_body() -> ResponseReturnValue:
    """Add a body."""
    form = _body_form(BodyForm(nation="england"))
    if form.validate_on_submit():
        made = attempt(form, lambda: service.add_body(_details(form), by=actor(), at=now()))
        if made is not None:
            flash(gettext("%(made)s is added", made=made.name), "success")
            return redirect(url_for("bodies.body", body_id=made.id))
    return render_template("bodies/add_body.html", form=form)


@blueprint.route("/administration/bodies/<int:body_id>")
@administrator
def body(body_id: int) -> ResponseReturnValue:
    """One body and its people."""
    found = access.body_to_keep(body_id, actor())
    return render_template(
        "bodies/body.html",
        body=found,
        members=queries.memberships(found),
        kind_label=queries.kind_label,
        nation=presenters.nation_name(found.nation),
        labels=LABELS,
        on=_today(),
        dated=dated,
    )


@blueprint.route("/administration/bodies/<int:body_id>/edit", methods=["GET", "POST"])
@administrator
@writes
def edit_body(body_id: int) -> ResponseReturnValue:
    """Edit a body; where somebody else saved first, both versions are shown."""
    found = access.body_to_keep(body_id, actor())
    form = _body_form(BodyForm(data=presenters.body_values(found)))
    if not form.validate_on_submit():
        return render_template("bodies/edit_body.html", form=form, body=found, both=None)
    try:
        if attempt(form, lambda: service.edit_body(found, _details(form), by=actor(), at=now(), seen=_seen(form))) is not None:
            flash(gettext("Saved"), "success")
            return redirect(url_for("bodies.body", body_id=body_id))
    except Stale:
        return _both_versions(body_id, form)
    return render_template("bodies/edit_body.html", form=form, body=access.body_to_keep(body_id, actor()), both=None)


def _both_versions(body_id: int, form: BodyForm) -> ResponseReturnValue:
    """The page again, with what the other person saved beside what was typed; saving now is meant."""
    undo()
    found = access.body_to_keep(body_id, actor())
    who, at = agencies.last_change(found.reference) or (gettext("Somebody else"), now())
    both = typed_beside(presenters.body_values(found), form)
    form.version.data = form.version.raw_data = str(found.version)
    return render_template("bodies/edit_body.html", form=form, body=found, both=both, who=who, when=f"on {moment(at)}"), 409


def _body_form(form: BodyForm) -> BodyForm:
    """The form with its choices."""
    form.kind.choices, form.nation.choices = presenters.kinds(), presenters.nations()
    return form


def _details(form: BodyForm) -> BodyDetails:
    """What was typed; Refused where the host agency is not known."""
    host = host_agency(form.host.data) if form.host.data else None
    return BodyDetails(
        slug=form.slug.data or "",
        name=form.name.data or "",
        kind=form.kind.data,
        name_cy=form.name_cy.data or "",
        nation=form.nation.data,
        host_agency_id=host.id if host else None,
        from_on=form.from_on.data,
        to_on=form.to_on.data,
        legal_from=form.legal_from.data,
        legal_to=form.legal_to.data,
        elected_from=form.elected_from.data,
        seats=form.seats.data,
        quorum=form.quorum.data,
    )


def _seen(form: BodyForm) -> int | None:
    """The version the page was opened at."""
    return whole_or_none(form.version.data)


def _today() -> date:
    """The day in London."""
    return london_day(now())
