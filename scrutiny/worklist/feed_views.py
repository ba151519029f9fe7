"""Calendars: addresses of one's own that show dates to a calendar program, made and revoked on one page."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny import sent_once
from scrutiny.accounts import queries as accounts
from scrutiny.accounts import service
from scrutiny.accounts.access import oneself
from scrutiny.accounts.security import key_shown
from scrutiny.doors import actor, signed_in
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.transaction import writes
from scrutiny.widgets import SelectChoice
from scrutiny.worklist import access, feed_days
from scrutiny.worklist.forms import FeedForm
from workflows.roles import NO_CAPACITY

blueprint = Blueprint("feeds", __name__)


@blueprint.route("/feeds/<feed_key>.ics")
@signed_in
def feed(feed_key: str) -> ResponseReturnValue:
    """The dates behind an address of one's own; the address is all a calendar program needs."""
    key = key_shown() or abort(404)
    name, days = feed_days.shown(key.shows, actor(), london_day(now()))
    return feed_days.answered(days, key.shows.replace(":", "-"), name, now())


@blueprint.route("/calendars", methods=["GET", "POST"])
@signed_in
@writes
def calendars() -> ResponseReturnValue:
    """One's calendars, with what each shows; a new one's address is shown this once."""
    by, today = actor(), london_day(now())
    person, form = oneself(by), FeedForm()
    found = {one.shows: one for one in feed_days.choices_of(by, today)}
    form.shows.choices = [SelectChoice(value=one.shows, label=one.label, optgroup=one.group) for one in found.values()]
    if form.validate_on_submit():
        chosen = found[form.shows.data]
        acting, name = replace(by, capacity=chosen.capacity or NO_CAPACITY), form.name.data or chosen.label
        ends_on = form.ends_on.data
        secret = service.make_key(person, kind="feed", name=name, shows=chosen.shows, ends_on=ends_on, by=acting, at=now())
        sent_once.done_here(url_for(".calendars"))
        made = feed_days.address(url_for(".feed", feed_key=secret))
        return render_template("worklist/calendar_made.html", address=made, chosen=chosen)
    mine = [(key, found.get(key.shows)) for key in accounts.feeds_of(person.id)]
    return render_template("worklist/calendars.html", form=form, mine=mine, today=today)


@blueprint.route("/calendars/<int:key_id>/revoke", methods=["POST"])
@signed_in
@writes
def revoke(key_id: int) -> ResponseReturnValue:
    """Stop one of one's own calendars."""
    by = actor()
    service.revoke_key(access.feed_of_mine(key_id, by), by=by, at=now())
    flash(gettext("This link no longer works"), "success")
    return redirect(url_for(".calendars"))
