"""The administrator's pages of agencies: found, added, edited, loaded; their footprints and services."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from scrutiny.agencies import access, dated, presenters, queries, service
from scrutiny.agencies.forms import AgencyForm, EndFootprintForm, FootprintForm, FromAreasForm, RegisterForm, ServiceForm
from scrutiny.agencies.mapped_rows import LONGEST_NAME
from scrutiny.agencies.register import Loaded, agencies_from_areas, load_agencies
from scrutiny.agencies.service import AgencyDetails
from scrutiny.both_versions import typed_beside
from scrutiny.days import During
from scrutiny.doors import actor, administrator
from scrutiny.formats import london_day, moment, number
from scrutiny.pages import now
from scrutiny.spelling import names_typed
from scrutiny.transaction import attempt, undo, writes
from scrutiny.whole_numbers import whole, whole_or_none
from workflows.refusals import Stale
from workflows.roles import LABELS

blueprint = Blueprint("agencies", __name__)
PAGE = 100


@blueprint.route("/administration/agencies")
@administrator
def agencies() -> ResponseReturnValue:
    """The agencies that answer, by name, found by name or code and by kind."""
    text, kind = request.args.get("text", ""), request.args.get("kind", "")
    found = queries.agencies_by_name(text, kind or None)
    pages = max(1, -(-len(found) // PAGE))
    page = min(pages, max(1, request.args.get("page", 1, type=whole)))
    return render_template(
        "agencies/agencies.html",
        agencies=found[(page - 1) * PAGE : page * PAGE],
        count=len(found),
        text=text,
        kind=kind,
        kinds=presenters.kinds(),
        kind_label=queries.kind_label,
        page=page,
        pages=pages,
    )


@blueprint.route("/administration/agencies/load", methods=["GET", "POST"])
@administrator
@writes
def load() -> ResponseReturnValue:
    """Load a register of agencies from CSV, whole or not at all."""
    form = RegisterForm()
    if form.validate_on_submit():
        file = form.file.data
        done = attempt(form, lambda: load_agencies(file.read(), file.filename or gettext("The file"), by=actor(), at=now()))
        if done is not None:
            return _loaded(done)
    return render_template("agencies/load.html", form=form)


@blueprint.route("/administration/agencies/from-areas", methods=["GET", "POST"])
@administrator
@writes
def from_areas() -> ResponseReturnValue:
    """Make an agency of each loaded area of a kind."""
    form = FromAreasForm()
    form.kind.choices = presenters.area_kinds()
    if form.validate_on_submit():
        done = attempt(form, lambda: agencies_from_areas(form.kind.data, on=_today(), by=actor(), at=now()))
        if done is not None:
            return _loaded(done)
    return render_template("agencies/from_areas.html", form=form)


def _loaded(done: Loaded) -> ResponseReturnValue:
    """Back to the list, with what was done in words."""
    counts = gettext(
        "%(added)s added, %(changed)s changed, %(unchanged)s as they were",
        added=len(done.added),
        changed=len(done.changed),
        unchanged=done.unchanged,
    )
    flash(
        ngettext("%(n)s agency: %(counts)s", "%(n)s agencies: %(counts)s", done.count, n=number(done.count), counts=counts),
        "success",
    )
    for warning in done.warnings[:20]:
        flash(warning, "warning")
    return redirect(url_for("agencies.agencies"))


@blueprint.route("/administration/agencies/add", methods=["GET", "POST"])
@administrator
@writes
def add_agency() -> ResponseReturnValue:
    """Add an agency."""
    form = _agency_form(AgencyForm(nation="england"))
    if form.validate_on_submit():
        made = attempt(form, lambda: service.add_agency(_details(form), by=actor(), at=now()))
        if made is not None:
            flash(gettext("%(made)s is added: say now which areas it serves", made=made.name), "success")
            return redirect(url_for("agencies.agency", agency_id=made.id))
    return render_template("agencies/add_agency.html", form=form)


@blueprint.route("/administration/agencies/<int:agency_id>")
@administrator
def agency(agency_id: int) -> ResponseReturnValue:
    """One agency: codes, footprint, services and members."""
    return _agency_page(agency_id)


def _agency_page(
    agency_id: int, footprint_form: FootprintForm | None = None, service_form: ServiceForm | None = None
) -> ResponseReturnValue:
    """The page of an agency, with the form that was sent, if one was."""
    found = access.agency_to_keep(agency_id, actor())
    return render_template(
        "agencies/agency.html",
        agency=found,
        on=_today(),
        footprint=queries.footprint_areas(found),
        services=queries.services_of(found, _today()),
        members=queries.memberships(found),
        labels=LABELS,
        footprint_form=footprint_form or FootprintForm(formdata=None),
        service_form=service_form or _service_form(None),
        form=footprint_form or service_form,
        kind_label=queries.kind_label,
        nation=presenters.nation_name(found.nation),
        service_title=presenters.service_title,
        dated=dated,
    )


@blueprint.route("/administration/agencies/<int:agency_id>/edit", methods=["GET", "POST"])
@administrator
@writes
def edit_agency(agency_id: int) -> ResponseReturnValue:
    """Edit an agency; where somebody else saved first, both versions are shown."""
    found = access.agency_to_keep(agency_id, actor())
    form = _agency_form(AgencyForm(data=presenters.agency_values(found)))
    if not form.validate_on_submit():
        return render_template("agencies/edit_agency.html", form=form, agency=found, both=None)
    try:
        if attempt(form, lambda: service.edit_agency(found, _details(form), by=actor(), at=now(), seen=_seen(form))) is not None:
            flash(gettext("Saved"), "success")
            return redirect(url_for("agencies.agency", agency_id=agency_id))
    except Stale:
        return _both_versions(agency_id, form)
    return render_template("agencies/edit_agency.html", form=form, agency=access.agency_to_keep(agency_id, actor()), both=None)


def _both_versions(agency_id: int, form: AgencyForm) -> ResponseReturnValue:
    """The page again, with what the other person saved beside what was typed; saving now is meant."""
    undo()
    found = access.agency_to_keep(agency_id, actor())
    who, at = queries.last_change(found.reference) or (gettext("Somebody else"), now())
    both = typed_beside(presenters.agency_values(found), form)
    form.version.data = form.version.raw_data = str(found.version)
    return render_template("agencies/edit_agency.html", form=form, agency=found, both=both, who=who, when=f"on {moment(at)}"), 409


@blueprint.route("/administration/agencies/<int:agency_id>/footprint", methods=["POST"])
@administrator
@writes
def add_to_footprint(agency_id: int) -> ResponseReturnValue:
    """Let an agency serve one more area."""
    form = FootprintForm()
    found = access.agency_to_keep(agency_id, actor())
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.add_to_footprint(
            found, form.code.data or "", During(form.from_on.data, form.to_on.data), by=actor(), at=now()
        ),
    ):
        flash(gettext("The area is added"), "success")
        return redirect(url_for("agencies.agency", agency_id=agency_id))
    return _agency_page(agency_id, footprint_form=form)


@blueprint.route("/administration/agencies/<int:agency_id>/footprint/<int:footprint_id>/end", methods=["GET", "POST"])
@administrator
@writes
def end_footprint(agency_id: int, footprint_id: int) -> ResponseReturnValue:
    """End an agency's service of an area, or take out one entered by mistake."""
    form = EndFootprintForm(on=_today())
    found = access.agency_to_keep(agency_id, actor())
    if form.validate_on_submit() and attempt(form, lambda: _ended(agency_id, footprint_id, form.on.data)):
        flash(gettext("The footprint is changed"), "success")
        return redirect(url_for("agencies.agency", agency_id=agency_id))
    found = access.agency_to_keep(agency_id, actor())
    row = next((row for row in found.footprint if row.id == footprint_id), None)
    return render_template("agencies/end_footprint.html", form=form, agency=found, row=row)


def _ended(agency_id: int, footprint_id: int, on: date | None) -> bool:
    """End it on the day typed."""
    found = access.agency_to_keep(agency_id, actor())
    service.end_footprint(found, footprint_id, on=on, by=actor(), at=now())
    return True


@blueprint.route("/administration/agencies/<int:agency_id>/services", methods=["POST"])
@administrator
@writes
def except_service(agency_id: int) -> ResponseReturnValue:
    """Say that an agency differs from its kind."""
    form = _service_form(request.form)
    found = access.agency_to_keep(agency_id, actor())
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.except_service(
            found,
            service.Exceptional(
                form.service.data, excluded=form.excluded.data == "yes", during=During(form.from_on.data, form.to_on.data)
            ),
            by=actor(),
            at=now(),
        ),
    ):
        flash(gettext("The exception is kept"), "success")
        return redirect(url_for("agencies.agency", agency_id=agency_id))
    return _agency_page(agency_id, service_form=form)


@blueprint.route("/administration/agencies/<int:agency_id>/services/<int:exception_id>/drop", methods=["POST"])
@administrator
@writes
def drop_exception(agency_id: int, exception_id: int) -> ResponseReturnValue:
    """Take back an exception."""
    service.drop_exception(access.agency_to_keep(agency_id, actor()), exception_id, by=actor(), at=now())
    flash(gettext("Exception removed"), "success")
    return redirect(url_for("agencies.agency", agency_id=agency_id))


def _agency_form(form: AgencyForm) -> AgencyForm:
    """The form with its choices."""
    form.kind.choices, form.nation.choices = presenters.kinds(), presenters.nations()
    return form


def _service_form(sent: object) -> ServiceForm:
    """The form of exceptions with its choices."""
    form = ServiceForm(formdata=sent)
    form.service.choices, form.excluded.choices = presenters.services(), presenters.answers()
    return form


def _details(form: AgencyForm) -> AgencyDetails:
    """What was typed; Refused where a code cannot be read."""
    return AgencyDetails(
        name=form.name.data or "",
        kind=form.kind.data,
        codes=presenters.codes_typed(form.codes.data or ""),
        name_cy=form.name_cy.data or "",
        other_names="\n".join(names_typed(form.other_names.data or "", LONGEST_NAME)),
        nation=form.nation.data,
        email=form.email.data or "",
        from_on=form.from_on.data,
        to_on=form.to_on.data,
        legal_from=form.legal_from.data,
        legal_to=form.legal_to.data,
        elected_from=form.elected_from.data,
    )


def _seen(form: AgencyForm) -> int | None:
    """The version the page was opened at."""
    return whole_or_none(form.version.data)


def _today() -> date:
    """The day in London."""
    return london_day(now())
