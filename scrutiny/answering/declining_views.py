"""Pages on which an agency says that it gives no answer, checked and sent as answers are; and takes back what it sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.agencies import queries as agencies
from scrutiny.answering import access, correcting
from scrutiny.answering import presenters as pages
from scrutiny.answering import service as answering
from scrutiny.answering.acting import actor
from scrutiny.answering.forms import NotHeldForm, RedirectForm, RefuseForm, TakeBackForm, WrongForm
from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import signed_in
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.requests.models import Decline, Item
from scrutiny.transaction import attempt, writes
from scrutiny.widgets import Form
from workflows.roles import CERTIFIER

blueprint = Blueprint("declining", __name__)


def _today() -> date:
    """Today in London."""
    return london_day(now())


@blueprint.route("/answering/items/<int:item_id>/not-held", methods=["GET", "POST"])
@signed_in
@writes
def not_held(item_id: int) -> ResponseReturnValue:
    """Say that the agency does not hold what is asked."""
    found = access.item_to_answer(item_id, actor(), _today())
    saved = _saved(found, "not_held")
    form = NotHeldForm(data={"why": saved.ground} if saved else None)
    title = gettext("We do not hold this")
    return _page(found, form, title, lambda: answering.keep_not_held(found, form.why.data or "", by=actor(), at=now()))


@blueprint.route("/answering/items/<int:item_id>/refuse", methods=["GET", "POST"])
@signed_in
@writes
def refuse(item_id: int) -> ResponseReturnValue:
    """Refuse an item, giving the ground."""
    found = access.item_to_answer(item_id, actor(), _today())
    saved = _saved(found, "refused")
    form = RefuseForm(data={"ground": saved.ground} if saved else None)
    title = gettext("Refuse this item")
    return _page(found, form, title, lambda: answering.keep_refusal(found, form.ground.data or "", by=actor(), at=now()))


@blueprint.route("/answering/items/<int:item_id>/redirect", methods=["GET", "POST"])
@signed_in
@writes
def redirect_item(item_id: int) -> ResponseReturnValue:
    """Not us, it is X."""
    found = access.item_to_answer(item_id, actor(), _today())
    saved = _saved(found, "redirected")
    form = RedirectForm(data={"to": saved.redirected_to, "why": saved.ground} if saved else None)
    title = gettext("Another agency holds this")
    return _page(
        found,
        form,
        title,
        lambda: answering.keep_redirection(found, form.to.data or "", why=form.why.data or "", by=actor(), at=now()),
    )


def _saved(found: Item, kind: str) -> Decline | None:
    """What was saved of this kind and not sent, to begin with."""
    return found.decline_kept if found.decline_kept is not None and found.decline_kept.kind == kind else None


def _page(found: Item, form: Form, title: str, keep: Callable[[], Decline]) -> ResponseReturnValue:
    """The form; what is saved is checked before it is sent."""
    item_id = found.id
    if form.validate_on_submit() and attempt(form, keep) is not None:
        flash(gettext("Item %(number)s is saved. Nothing has been sent: check it, then send it", number=found.number), "success")
        return redirect(url_for("answering_sending.check", request_id=found.request_id))
    found = access.item_to_answer(item_id, actor(), _today())
    approved = agencies.has_certifier(actor().agency or 0, _today()) and not actor().has(CERTIFIER)
    return render_template("answering/instead.html", form=form, item=found, title=title, approved=approved)


@blueprint.route("/answering/items/<int:item_id>/take-back", methods=["GET", "POST"])
@signed_in
@writes
def take_back(item_id: int) -> ResponseReturnValue:
    """Take back what waits for the approver, or what was said in place of an answer."""
    by = actor()
    found = access.item_to_answer(item_id, by, _today())
    form = TakeBackForm()
    if form.validate_on_submit() and attempt(form, lambda: _take_back(found)):
        flash(
            gettext(
                "You have withdrawn your reply to item %(number)s: %(what)s", number=found.number, what=pages.state_word(found)
            ),
            "success",
        )
        return redirect(url_for("answering.item", item_id=item_id))
    found = access.item_to_answer(item_id, by, _today())
    return render_template(
        "answering/take_back.html",
        form=form,
        item=found,
        may_take_back=pages.may_take_back(found, by, _today()),
        waits=found.state == "with_certifier",
    )


@blueprint.route("/answering/items/<int:item_id>/wrong", methods=["GET", "POST"])
@signed_in
@writes
def say_wrong(item_id: int) -> ResponseReturnValue:
    """Say that something wrong was sent: who can see it now, what will happen, then do it."""
    by, at = actor(), now()
    found = access.item_to_answer(item_id, by, _today())
    named = request.args.get("answer", type=int)
    answer, form = correcting.answer_to_correct(found, by, named), WrongForm()
    if form.validate_on_submit():
        closed = attempt(form, lambda: correcting.say_wrong(found, form.why.data or "", by=by, at=at, answer_id=named))
        if closed is not None:
            if closed:
                said = gettext("It is closed. Only your agency can open it now.")
            else:
                said = gettext("It is public, so the requester must decide.")
            flash(f"{said} {queued_now('wrong_answer')}", "success")
            return redirect(url_for("answering.item", item_id=item_id))
        found = access.item_to_answer(item_id, by, _today())
        answer = correcting.answer_to_correct(found, by, named)
    is_public = answer is not None and answer.lodging.is_public_on(_today())
    again = answer is not None and correcting.stands(answer, found)
    page = "answering/wrong.html"
    return render_template(page, form=form, item=found, answer=answer, is_public=is_public, again=again)


def _take_back(found: Item) -> bool:
    """Take it back."""
    answering.take_back(found, by=actor(), at=now())
    return True
