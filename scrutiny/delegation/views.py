"""Pages on which an agency's people hand questions to each other."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from scrutiny.accounts.queries import names_of
from scrutiny.agencies import queries as agencies
from scrutiny.answering import access
from scrutiny.answering.acting import actor
from scrutiny.answering.presenters import words_of
from scrutiny.answering.queries import UNFINISHED, items_held
from scrutiny.correspondence.queued import queued_now
from scrutiny.delegation import service as delegation
from scrutiny.delegation.forms import BackForm, HandForm
from scrutiny.delegation.service import Terms
from scrutiny.doors import signed_in
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.transaction import attempt, writes
from scrutiny.whole_numbers import whole
from workflows.refusals import Refused
from workflows.roles import Actor

blueprint = Blueprint("delegation", __name__)


@blueprint.get("/answering/items/<int:item_id>/hand")
@signed_in
def hand_one(item_id: int) -> ResponseReturnValue:
    """To the page that hands questions over, with this one ticked."""
    by = actor()
    found = access.item_to_answer(item_id, by, london_day(now()))
    _check_member(found.request, by)
    return redirect(url_for(".hand", request_id=found.request_id, item=found.id))


@blueprint.route("/answering/<int:request_id>/hand", methods=["GET", "POST"])
@signed_in
@writes
def hand(request_id: int) -> ResponseReturnValue:
    """Hand questions of a request to a colleague of the same agency, with a note and a date (?item= is ticked)."""
    by, at = actor(), now()
    found = access.request_to_answer(request_id, by, london_day(at))
    _check_member(found, by)
    items = [one for one in items_held(found, by.agency, london_day(at)) if one.state in UNFINISHED]
    if not items or found.state != "issued":
        raise Refused(gettext("Nothing in this request is left to hand over"))
    people = {person.id: person for person in agencies.members(by.agency or 0, london_day(at))}
    form = _form(items, [(person.id, person.name) for person in people.values()], by)
    if form.validate_on_submit():
        chosen = [one for one in items if str(one.id) in (form.items.data or [])]
        person = people[int(form.person.data)]
        terms = Terms(form.note.data or "", form.due_on.data)
        if attempt(form, lambda: delegation.hand_items(chosen, person, terms, by=by, at=at)) is not None:
            told = queued_now("item_handed") if person.reference != by.reference else ""
            words = ngettext(
                "%(name)s has question %(numbers)s now.",
                "%(name)s has questions %(numbers)s now.",
                len(chosen),
                name=person.name,
                numbers=", ".join(str(one.number) for one in chosen),
            )
            flash(f"{words} {told}".strip(), "success")
            return redirect(url_for("answering.tasks", request_id=found.id))
    return render_template("delegation/hand.html", form=form, request_=found)


@blueprint.route("/answering/items/<int:item_id>/pass-back", methods=["GET", "POST"])
@signed_in
@writes
def back(item_id: int) -> ResponseReturnValue:
    """Pass a question back to the colleague who handed it over."""
    by, at = actor(), now()
    found = access.item_to_answer(item_id, by, london_day(at))
    _check_member(found.request, by)
    form = BackForm()
    if form.validate_on_submit():
        giver = delegation.pass_back(found, form.why.data or "", by=by, at=at)
        if giver is not None:
            words = gettext("%(name)s has question %(number)s again.", name=giver.name, number=found.number)
        else:
            words = gettext("Nobody has question %(number)s now.", number=found.number)
        flash(f"{words} {queued_now('item_passed_back')}".strip(), "success")
        return redirect(url_for("answering.tasks", request_id=found.request_id))
    return render_template("delegation/back.html", form=form, item=found)


def _check_member(found: EvidenceRequest, by: Actor) -> None:
    """Whoever was let in by a letter has no colleagues here."""
    if by.capacity.only:
        raise Refused(gettext("Only members of %(agency)s can hand a question to a colleague", agency=found.agency.name))


def _form(items: list[Item], people: list[tuple[int, str]], by: Actor) -> HandForm:
    """The form, with the question ticked that the address names."""
    names = names_of(item.held_by for item in items)
    holds = {item.id: gettext("You have this") if item.held_by == by.reference else names.get(item.held_by, "") for item in items}
    named = request.args.get("item", 0, type=whole)
    return HandForm(
        [(key, words, holds[key] or gettext("Nobody has this yet")) for key, words in words_of(items)],
        people,
        data={"items": [str(item.id) for item in items if item.id == named]},
    )
