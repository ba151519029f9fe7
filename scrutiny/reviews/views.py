"""Pages of one review: its words, lines of enquiry, bodies and questions. The hub itself is the worklist's."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
from wtforms import SelectChoice

from scrutiny.bodies.letterheads import Contact
from scrutiny.bodies.queries import memberships
from scrutiny.both_versions import compared
from scrutiny.correspondence.queued import queued_now
from scrutiny.correspondence.wording import part
from scrutiny.doors import actor, signed_in
from scrutiny.formats import london_day, number
from scrutiny.pages import now
from scrutiny.reviews import access, inviting, presenters, queries, service
from scrutiny.reviews.contact import name_contact, writer_of
from scrutiny.reviews.forms import (
    CONTACT_PARTS,
    AnnounceForm,
    ContactForm,
    JoinForm,
    LineForm,
    LinesForm,
    ProposalForm,
    ReviewForm,
    SettleForm,
    WhyForm,
)
from scrutiny.reviews.models import Line, Review
from scrutiny.rules.queries import damage_of, method_of
from scrutiny.transaction import attempt, writes
from scrutiny.whole_numbers import whole_or_none
from workflows.lifecycles.invitation import INVITATION
from workflows.refusals import Stale
from workflows.roles import LABELS

blueprint = Blueprint("reviews", __name__)
WORDS = {
    "title": lazy_gettext("Title"),
    "reason": lazy_gettext("Why now"),
    "in_scope": lazy_gettext("In scope"),
    "out_of_scope": lazy_gettext("Out of scope"),
}


@blueprint.route("/reviews/<reference>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit(reference: str) -> ResponseReturnValue:
    """Change title, reason and scope; when somebody else has saved first, both versions are shown."""
    review = access.review_to_run(reference, actor())
    form, theirs = ReviewForm(**{name: getattr(review, name) for name in WORDS}, version=review.version), None
    if form.validate_on_submit():
        try:
            if attempt(form, lambda: _revised(review, form)) is not None:
                flash(gettext("Saved"), "success")
                return redirect(_hub(reference))
        except Stale:
            theirs = compared(WORDS, {n: getattr(review, n) for n in WORDS}, {n: form[n].data for n in WORDS})
            form.version.raw_data, form.version.data = None, review.version
    review = access.review_to_run(reference, actor())
    return render_template("reviews/edit.html", form=form, review=review, theirs=theirs)


def _revised(review: Review, form: ReviewForm) -> Review:
    """The review with what was typed."""
    seen = whole_or_none(form.version.data)
    return service.revise_review(review, **{name: form[name].data or "" for name in WORDS}, seen=seen, by=actor(), at=now())


@blueprint.route("/reviews/<reference>/contact", methods=["GET", "POST"])
@signed_in
@writes
def contact(reference: str) -> ResponseReturnValue:
    """Name whom the letters of this review say to ask; when somebody else has saved first, both versions are shown."""
    review = access.review_to_run(reference, actor())
    kept = {one: getattr(review, f"contact_{one}") for one in CONTACT_PARTS}
    form, theirs = ContactForm(**kept, version=review.version), None
    if form.validate_on_submit():
        typed = Contact(*(form[one].data or "" for one in CONTACT_PARTS))
        seen = whole_or_none(form.version.data)
        try:
            if attempt(form, lambda: name_contact(review, typed, seen=seen, by=actor(), at=now())) is not None:
                flash(gettext("Saved. Letters written from now on will say this."), "success")
                return redirect(url_for(".contact", reference=reference))
        except Stale:
            labels = {one: form[one].label.text for one in CONTACT_PARTS}
            theirs = compared(labels, kept, {one: form[one].data for one in CONTACT_PARTS})
            form.version.raw_data, form.version.data = None, review.version
    review = access.review_to_run(reference, actor())
    closing = part("closing", us=writer_of(review))
    return render_template("reviews/contact.html", form=form, review=review, theirs=theirs, closing=closing)


@blueprint.route("/reviews/<reference>/announce", methods=["GET", "POST"])
@signed_in
@writes
def announce(reference: str) -> ResponseReturnValue:
    """Read what becomes public and who is told, then set the day; afterwards, since when the public knows."""
    review, today = access.review_to_run(reference, actor()), london_day(now())
    form = AnnounceForm(announced_on=review.announced_on)
    form.planned = review.announced_on is not None
    if form.validate_on_submit():
        if attempt(form, lambda: service.announce(review, form.announced_on.data, by=actor(), at=now())) is not None:
            flash(presenters.announced_words(review, today), "success")
            return redirect(_hub(reference))
        review = access.review_to_run(reference, actor())
    return render_template(
        "reviews/announce.html",
        form=form,
        review=review,
        announced=queries.is_announced(review, today),
        under_way=queries.is_under_way(review),
        bodies=[body.name for body in queries.bodies_taking_part(review)],
        method=review.edition,
    )


@blueprint.route("/reviews/<reference>/lines", methods=["GET", "POST"])
@signed_in
@writes
def lines(reference: str) -> ResponseReturnValue:
    """The lines of enquiry; more may be added, one on each line."""
    by = actor()
    review = access.review_to_read(reference, by, london_day(now()))
    form = LinesForm()
    if form.validate_on_submit():
        review = access.review_to_run(reference, by)
        texts = [text for text in form.text.data.splitlines() if text.strip()]
        if attempt(form, lambda: [service.add_line(review, title="", text=text, by=by, at=now()) for text in texts]) is not None:
            flash(
                gettext(
                    "%(lines)s added.",
                    lines=ngettext("%(n)s line of enquiry", "%(n)s lines of enquiry", len(texts), n=number(len(texts))),
                ),
                "success",
            )
            return redirect(url_for(".lines", reference=reference))
        review = access.review_to_run(reference, by)
    return render_template("reviews/lines.html", form=form, review=review, changes=access.may_change(review, by))


@blueprint.route("/reviews/<reference>/lines/<key>", methods=["GET", "POST"])
@signed_in
@writes
def edit_line(reference: str, key: str) -> ResponseReturnValue:
    """Reword a line of enquiry."""
    review = access.review_to_run(reference, actor())
    line = _line(review, key)
    form = LineForm(title=line.title, text=line.text)
    if form.validate_on_submit():
        typed = {"title": form.title.data, "text": form.text.data}
        if attempt(form, lambda: service.revise_line(review, line, **typed, by=actor(), at=now())) is not None:
            flash(gettext("Saved. What agencies have already been asked has not changed."), "success")
            return redirect(url_for(".lines", reference=reference))
        review = access.review_to_run(reference, actor())
        line = _line(review, key)
    return render_template("reviews/edit_line.html", form=form, review=review, line=line)


@blueprint.route("/reviews/<reference>/lines/<key>/drop", methods=["GET", "POST"])
@signed_in
@writes
def drop_line(reference: str, key: str) -> ResponseReturnValue:
    """Leave a line of enquiry out, with the reason."""
    review = access.review_to_run(reference, actor())
    line, form = _line(review, key), WhyForm()
    if form.validate_on_submit():
        if attempt(form, lambda: service.drop_line(review, line, why=form.why.data, by=actor(), at=now())) is not None:
            name = line.title or line.text
            flash(gettext("“%(line)s” is left out. What was asked under it stays.", line=name), "success")
            return redirect(url_for(".lines", reference=reference))
        review = access.review_to_run(reference, actor())
        line = _line(review, key)
    return render_template("reviews/drop_line.html", form=form, review=review, line=line)


@blueprint.route("/reviews/<reference>/lines/<key>/take-up", methods=["POST"])
@signed_in
@writes
def take_up_line(reference: str, key: str) -> ResponseReturnValue:
    """Take a line of enquiry up again."""
    review = access.review_to_run(reference, actor())
    line = service.take_up_line(review, _line(review, key), by=actor(), at=now())
    flash(gettext("“%(line)s” is a line of enquiry again.", line=line.title or line.text), "success")
    return redirect(url_for(".lines", reference=reference))


@blueprint.route("/reviews/<reference>/people")
@signed_in
def people(reference: str) -> ResponseReturnValue:
    """The bodies of the review with their people, and the form with which another one joins."""
    by, today = actor(), london_day(now())
    review = access.review_to_read(reference, by, today)
    form = JoinForm()
    form.body.choices = presenters.join_choices(review, today)
    return render_template(
        "reviews/people.html",
        form=form,
        review=review,
        runs=access.may_run(review, by),
        names_readers=access.may_inspect(review, by) and _may_hold_personal(review),
        changes=access.may_change(review, by),
        labels=LABELS,
        members={row.body_id: memberships(row.body_id, today) for row in review.bodies},
        lacking=inviting.bodies_lacking(review),
        invitations=[one for one in inviting.invitations_of(review) if one.state != "accepted"],
        states=INVITATION.states,
    )


def _may_hold_personal(review: Review) -> bool:
    """Whether the method of a review lets it hold what only people named may open; not where its text is damaged."""
    return not damage_of(review.edition) and method_of(review.edition).may_hold_personal


@blueprint.route("/reviews/<reference>/people/<int:row_id>/end", methods=["POST"])
@signed_in
@writes
def end_body(reference: str, row_id: int) -> ResponseReturnValue:
    """End a body's part."""
    review = access.review_to_run(reference, actor())
    row = next((one for one in review.bodies if one.id == row_id and one.to_on is None), None) or abort(404)
    service.end_body(review, row, by=actor(), at=now())
    ended = gettext("%(body)s has no part in this review from today.", body=row.body.name)
    flash(f"{ended} {queued_now('body_removed')} {inviting.bodies_lacking(review)}".strip(), "success")
    return redirect(url_for(".people", reference=reference))


@blueprint.route("/reviews/<reference>/questions", methods=["GET", "POST"])
@signed_in
@writes
def questions(reference: str) -> ResponseReturnValue:
    """The questions proposed, and what became of them; anybody of the bodies may propose one."""
    by = actor()
    review = access.review_to_read(reference, by, london_day(now()))
    form = ProposalForm()
    form.line.choices = presenters.line_choices(review.open_lines)
    if form.validate_on_submit():
        review = access.review_to_question(reference, by)
        line = next(one for one in review.lines if one.id == form.line.data)
        words = {"text": form.text.data, "why": form.why.data or ""}
        if attempt(form, lambda: service.propose_question(review, line=line, **words, by=by, at=now())) is not None:
            flash(gettext("Your question is proposed. An officer takes or declines it, and you see which here"), "success")
            return redirect(url_for(".questions", reference=reference))
        review = access.review_to_question(reference, by)
    works = access.may_inspect(review, by)
    states = ("proposed", "taken", "declined") if works else ("taken",)  # what is not taken is not for observers
    return render_template(
        "reviews/questions.html",
        form=form,
        review=review,
        runs=access.may_run(review, by),
        proposes=works and queries.is_under_way(review),
        found=[one for one in queries.questions_of(review, *states) if one.proposed_by],
        by=by,
    )


@blueprint.route("/reviews/<reference>/questions/<int:question_id>", methods=["GET", "POST"])
@signed_in
@writes
def settle_question(reference: str, question_id: int) -> ResponseReturnValue:
    """Take a proposed question or decline it; one taken is then put to agencies."""
    by = actor()
    question = access.question_to_settle(reference, question_id, by)
    review, form = access.review_to_run(reference, by), SettleForm()
    form.take.choices = [
        SelectChoice(value="yes", label=gettext("Yes, take it")),
        SelectChoice(value="no", label=gettext("No, decline it")),
    ]
    if form.validate_on_submit():
        take, why = form.take.data == "yes", form.why.data or ""
        if attempt(form, lambda: service.settle_question(review, question, take=take, why=why, by=by, at=now())) is not None:
            ask = f"/reviews/{reference}/requests/ask?question={question_id}"
            return redirect(ask if take else url_for(".questions", reference=reference))
        question = access.question_to_settle(reference, question_id, by)
        review = access.review_to_run(reference, by)
    return render_template("reviews/settle_question.html", form=form, review=review, question=question)


def _line(review: Review, key: str) -> Line:
    """The line of enquiry with a key, or there is none."""
    found = next((line for line in review.lines if line.key == key), None)
    return found if found is not None else abort(404)


def _hub(reference: str) -> str:
    """The address of the review itself."""
    return f"/reviews/{reference}"
