"""The administrator's pages of area reports: which places have them, how often, and what is chosen instead."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from scrutiny.areas.queries import area_on
from scrutiny.areas.service import place_of
from scrutiny.doors import actor, administrator
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.place_lookup.place_input import codes_of
from scrutiny.reports import access, rhythms
from scrutiny.reports.forms import PlaceRhythmForm, RhythmForm
from scrutiny.transaction import attempt, writes

blueprint = Blueprint("rhythms", __name__, url_prefix="/administration/area-reports")


@blueprint.route("", methods=["GET", "POST"])
@administrator
@writes
def area_reports() -> ResponseReturnValue:
    """The places that have area reports, and the form that adds one."""
    form, at = PlaceRhythmForm(rhythm=rhythms.USUAL), now()
    if form.validate_on_submit() and (row := attempt(form, lambda: _choose(form))):
        flash(rhythms.said(row.place.name, row.rhythm, london_day(at)), "success")
        return redirect(url_for(".area_reports"))
    return render_template("reports/area_reports.html", form=form, rows=rhythms.places_with_reports(at), words=rhythms.WORDS)


@blueprint.route("/<int:place_id>", methods=["GET", "POST"])
@administrator
@writes
def area_rhythm(place_id: int) -> ResponseReturnValue:
    """How often one place has an area report."""
    place, at = access.place_to_report(place_id, actor()), now()
    chosen = rhythms.of_place(place)
    form = RhythmForm(rhythm=chosen.rhythm if chosen else rhythms.USUAL)
    if form.validate_on_submit():
        rhythms.choose(place, form.rhythm.data, by=actor(), at=at)
        flash(rhythms.said(place.name, form.rhythm.data, london_day(at)), "success")
        return redirect(url_for(".area_reports"))
    return render_template("reports/area_rhythm.html", form=form, place=place)


def _choose(form: PlaceRhythmForm) -> rhythms.AreaRhythm:
    """The rhythm of the place typed."""
    at = now()
    codes = codes_of(form.places.data, london_day(at))
    place = place_of([area_on(code, london_day(at)) for code in codes], at=at)
    return rhythms.choose(place, form.rhythm.data, by=actor(), at=at)
