"""The page on which a body, or its administrator, says who signs its letters and whom to ask."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.agencies import queries as agencies
from scrutiny.bodies import access, letterheads, presenters
from scrutiny.bodies.forms import LetterheadForm
from scrutiny.bodies.models import Body
from scrutiny.both_versions import typed_beside
from scrutiny.correspondence.wording import part
from scrutiny.doors import actor, signed_in
from scrutiny.formats import moment
from scrutiny.pages import now
from scrutiny.transaction import attempt, undo, writes
from scrutiny.whole_numbers import whole_or_none
from workflows.refusals import Stale

blueprint = Blueprint("letterheads", __name__)


@blueprint.route("/bodies/<int:body_id>/letterhead", methods=["GET", "POST"])
@signed_in
@writes
def letterhead(body_id: int) -> ResponseReturnValue:
    """Who signs a body's letters, whom to ask, where replies go; both versions where somebody else saved first."""
    body = access.body_to_write_for(body_id, actor())
    form = LetterheadForm(data=presenters.letterhead_values(body))
    if form.validate_on_submit():
        try:
            if attempt(form, lambda: _entered(body, form)) is not None:
                flash(gettext("Saved. Letters written from now on will say this."), "success")
                return redirect(url_for(".letterhead", body_id=body_id))
        except Stale:
            return _both_versions(body_id, form)
    return _page(access.body_to_write_for(body_id, actor()), form)


def _entered(body: Body, form: LetterheadForm) -> list[str]:
    """What changed."""
    values = {field: form[field].data or "" for field in (*letterheads.LINES, "heading")}
    seen = whole_or_none(form.version.data)
    deputy = {"deputy_signs": bool(form.deputy_signs.data)}
    return letterheads.enter_letterhead(body, values | deputy, by=actor(), at=now(), seen=seen)


def _both_versions(body_id: int, form: LetterheadForm) -> ResponseReturnValue:
    """The page again, with what the other person saved beside what was typed; saving now is meant."""
    undo()
    body = access.body_to_write_for(body_id, actor())
    who, at = agencies.last_change(body.reference) or (gettext("Somebody else"), now())
    both = typed_beside(presenters.letterhead_values(body), form)
    form.version.data = form.version.raw_data = str(body.letterhead.version if body.letterhead else "")
    return _page(body, form, both=both, who=who, when=gettext("on %(moment)s", moment=moment(at))), 409


def _page(body: Body, form: LetterheadForm, **both: object) -> str:
    """The form, with what a letter would still lack, and the foot of a letter as it is now."""
    writer = letterheads.correspondent_of(body)
    return render_template(
        "bodies/letterhead.html",
        body=body,
        form=form,
        closing=part("closing", us=writer),
        missing=letterheads.missing_from(writer),
        administers=actor().administrator,
        **({"both": None} | both),
    )
