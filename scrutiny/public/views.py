"""The front page, places, agencies, what is published, and the plain pages about this service."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny import sent_once
from scrutiny.accounts.limits import ERRORS, PLACES
from scrutiny.agencies import dated
from scrutiny.agencies import queries as agencies
from scrutiny.areas import service as areas
from scrutiny.areas.queries import degrees_at, kinds_loaded
from scrutiny.bodies.letterheads import public_contacts
from scrutiny.challenges import words as challenge_words
from scrutiny.correspondence.alerts import offer_alert
from scrutiny.doors import actor, public
from scrutiny.editions import access as editions
from scrutiny.editions.published import published, recommended, withdrawn
from scrutiny.editions.recalling import notice
from scrutiny.formats import london_day
from scrutiny.opendata import records
from scrutiny.pages import now
from scrutiny.place_lookup import lookup
from scrutiny.public import about, methods, place, presenters, report
from scrutiny.public.access import NotThen, place_to_show
from scrutiny.public.days import DayForm, day_asked, day_typed
from scrutiny.public.districts import districts
from scrutiny.public.enlarging import view_of
from scrutiny.public.forms import AlertForm, ErrorForm
from scrutiny.recommendations import outcomes
from scrutiny.recommendations.outcomes import record_of
from scrutiny.reports import service as reporting
from scrutiny.reviews.access import may_open
from scrutiny.rules.queries import method_to_read
from scrutiny.rules.queries import methods as methods_here
from scrutiny.search.queries import AGENCY, PLACE, search
from scrutiny.snapshots import statements
from scrutiny.snapshots.changes import in_words
from scrutiny.statements import queries as public_statements
from scrutiny.statements.layout import laid_out
from scrutiny.transaction import writes
from scrutiny.whole_numbers import whole
from scrutiny.work.puzzles import may_try_here

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
@public
def front() -> ResponseReturnValue:
    """One question: who answers for this place? And what has come out lately."""
    return _front()


@blueprint.get("/find")
@public
def find() -> ResponseReturnValue:
    """What was typed: straight to the place or agency where it is one, else what it may be, or what to try."""
    text, asked_on = request.args.get("q", "") or _dropped(), day_asked("on")
    on = asked_on or _today()
    searched = search(text, on)
    found, then = searched.places, asked_on.isoformat() if asked_on else None
    if searched.leads_to == PLACE:
        return redirect(url_for(".place_page", key=found.matches[0].code, on=then, at=found.at or None))
    if searched.leads_to == AGENCY:
        return redirect(url_for(".agency", agency_id=searched.agencies.in_order[0].id, on=then))
    if found.sentence == lookup.EMPTY:
        return _front(found.sentence)
    values = {"found": found, "searched": searched, "text": text, "asked_on": asked_on}
    return render_template("public/find.html", examples=lookup.examples(on), today=_today(), **values)


def _dropped() -> str:
    """The point of a click on a map, as typed; '' where there was none."""
    east, north = (request.args.get(key, type=float) for key in ("east", "north"))
    return "" if east is None or north is None else degrees_at(east, north)


@blueprint.get("/places/<key>")
@public
def place_page(key: str) -> ResponseReturnValue:
    """Who answers for a place, what was found there and what was done."""
    today, chosen = _today(), place.Chosen(*(request.args.get(name, "")[:60] for name in ("layer", "service", "at")))
    if (typed := day_typed()) and not typed.errors:
        layer, service, at = chosen.layer or None, chosen.service or None, chosen.at or None
        return redirect(url_for(".place_page", key=key, on=typed.on.data, layer=layer, service=service, at=at))
    asked_on = None if typed else day_asked("on")
    try:
        shown = place_to_show(key, asked_on, today)
    except NotThen as other:
        return render_template("public/not_then.html", other=other), 404
    page = place.page_of(shown, chosen, by=actor(), today=today, asked_on=asked_on)
    return render_template(
        "public/place.html",
        page=page,
        chosen=chosen,
        asked_on=asked_on,
        form=typed or DayForm(on=shown.on),
        may_open=may_open(actor()),
        present=presenters,
        outcomes=outcomes,
        challenge_words=challenge_words,
    )


@blueprint.route("/places/<key>/alert", methods=["GET", "POST"])
@public
@writes
def alert(key: str) -> ResponseReturnValue:
    """Ask to be told of what is published about a place; one nobody asked about before gets its row on the button."""
    shown, form = place_to_show(key, None, _today()), AlertForm()
    found = shown.place
    if found is None and len(shown.areas) == 1 and form.validate_on_submit():
        if not may_try_here(PLACES, at=now()):
            wait = gettext("Alerts for many new places have been asked for from your network. Wait an hour, then try again")
            form.form_errors.append(wait)
            return render_template("public/alert.html", form=form, shown=shown), 429
        found = areas.place_of(shown.areas, at=now())
    if found is not None:
        return redirect(url_for("correspondence.ask_for_alert", offer=offer_alert(found.reference, found.name)))
    if len(shown.areas) != 1:
        abort(404)
    return render_template("public/alert.html", form=form, shown=shown)


@blueprint.get("/agencies/<int:agency_id>")
@public
def agency(agency_id: int) -> ResponseReturnValue:
    """A body that answers: where, for what, what it was asked and what was recommended to it."""
    found, today, asked_on = agencies.agency(agency_id) or abort(404), _today(), day_asked("on")
    on = asked_on or today
    return render_template(
        "public/agency.html",
        agency=found,
        kind=agencies.kind_label(found.kind),
        present=presenters,
        footprint=agencies.footprint_areas(found, on),
        services=agencies.services_of(found, on),
        asked_on=asked_on,
        dated=dated,
        successors=agencies.successors_of(found, today),
        asked=records.asked_of(found.id, today),
        recommendations=[record_of(row, today) for row in recommended(agency_id=found.id)],
        outcomes=outcomes,
    )


@blueprint.get("/reports")
@public
def report_list() -> ResponseReturnValue:
    """Every report that has been published, newest first."""
    return render_template(
        "public/reports.html",
        reports=published(),
        area_reports=published(kind="area"),
        notices=[notice(one) for one in withdrawn()],
    )


@blueprint.get("/reports/<reference>")
@public
def report_page(reference: str) -> ResponseReturnValue:
    """A published report, from what was sealed and nothing else; what agencies answered since is beside it."""
    edition = editions.released(reference, request.args.get("edition", type=whole))
    page = report.page_of(edition, _today())
    if not page.content:
        said = {"present": presenters, "outcomes": outcomes, "say": statements}
        return render_template("public/area_report.html", page=page, report=page.snapshot, **said)
    values = {"present": presenters, "outcomes": outcomes, "where_changed": in_words, **page.content}
    return render_template("public/report.html", page=page, **values)


@blueprint.route("/reports/<reference>/error", methods=["GET", "POST"])
@public
@writes
def report_error(reference: str) -> ResponseReturnValue:
    """Say that a published report is wrong; those who made it are told."""
    edition, form = editions.released(reference, request.args.get("edition", type=whole)), ErrorForm()
    if form.validate_on_submit():
        if not may_try_here(ERRORS, at=now()):
            wait = gettext("Many errors have been reported from your network. Wait an hour, then send this again")
            form.form_errors.append(wait)
            return render_template("public/report_error.html", form=form, edition=edition), 429
        said = {"where": form.where.data or "", "text": form.text.data or "", "address": form.address.data or ""}
        reporting.report_error(edition, by=actor(), at=now(), **said)
        sent_once.done_here(url_for(".report_page", reference=reference))
        return render_template("public/error_reported.html", edition=edition, address=said["address"])
    return render_template("public/report_error.html", form=form, edition=edition)


@blueprint.get("/about/<reference>")
@public
def announced(reference: str) -> ResponseReturnValue:
    """A review as the public may know it: title, place, bodies and dates; what was asked once its list is out."""
    return render_template("public/announced.html", page=about.page_of(reference, _today()), present=presenters)


@blueprint.get("/methods")
@public
def method_list() -> ResponseReturnValue:
    """The methods reviews here may follow."""
    return render_template("public/methods.html", methods=list(methods_here().values()))


@blueprint.get("/methods/<key>")
@public
def method(key: str) -> ResponseReturnValue:
    """One method as a document to read, with its timetable from a day; any version that a review here ever used."""
    found, _ = method_to_read(key, request.args.get("version", "")) or abort(404)
    on = day_asked("from") or methods.next_working_day(_today())
    return render_template("public/method.html", page=methods.page_of(found, on), newest=methods_here().get(key))


@blueprint.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """How far everybody can use this service."""
    return _statement("accessibility")


@blueprint.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """What is kept about people."""
    return _statement("privacy")


@blueprint.get("/press")
@public
def press() -> ResponseReturnValue:
    """Whom a journalist asks."""
    return _statement("press")


def _statement(page: str) -> str:
    """A public statement as it was written here; until then the default text."""
    written = public_statements.current(page)
    if written is None:
        return render_template(f"public/{page}.html")
    title = public_statements.PAGES[page]
    return render_template("public/statement.html", title=title, statement=written, blocks=laid_out(written.text))


@blueprint.get("/contact")
@public
def contact() -> ResponseReturnValue:
    """Whom to write to."""
    return render_template("public/contact.html", contacts=public_contacts(_today()))


@blueprint.get("/data")
@public
def data() -> ResponseReturnValue:
    """What can be taken away, and how to read it by machine."""
    if (typed := day_typed()) and not typed.errors:
        return redirect(url_for(".data", on=typed.on.data, _anchor="boundaries"))
    asked_on = None if typed else day_asked("on")
    on = asked_on or _today()
    kinds = [one for one in kinds_loaded(on) if one.areas]
    return render_template("public/data.html", kinds=kinds, on=on, asked_on=asked_on, form=typed or DayForm(on=on))


def _front(sentence: str = "") -> ResponseReturnValue:
    """The front page, with what is wrong with the question if anything is."""
    today = _today()
    drawn = districts(today)
    return render_template(
        "public/front.html",
        drawn=drawn,
        view=view_of(drawn, request.args.get("zoom", "")),
        examples=lookup.examples(today),
        sentence=sentence,
        reports=published(limit=5),
        reviews=records.reviews_known(actor(), today, limit=6),
        today=today,
    )


def _today() -> date:
    """Today in London."""
    return london_day(now())
