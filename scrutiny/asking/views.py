"""The asker's pages before issue: the drafts agency by agency, each letter as it will go, and issuing them in one go."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from scrutiny.agencies.queries import agencies_by_id, agencies_by_name
from scrutiny.asking import delivering, drafting, letters, ordering, presenters, service
from scrutiny.asking.adds import added_by, added_sentence
from scrutiny.asking.cautions import cautions_of
from scrutiny.asking.days_asked import days_asked
from scrutiny.asking.delivering import deliveries_of
from scrutiny.asking.forms import AgencyForm, AskForm, IssueForm, ItemForm, LeaveOutForm, MessageForm
from scrutiny.bodies.letterheads import missing_from
from scrutiny.both_versions import compared
from scrutiny.doors import actor, signed_in
from scrutiny.extensions import db
from scrutiny.formats import full_stop, listed, london_day, number
from scrutiny.pages import now
from scrutiny.requests import access, queries
from scrutiny.requests.forms import WhyForm
from scrutiny.requests.legal_basis import request_basis
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.preloading import letters_ahead
from scrutiny.reviews.access import draft_to_edit, may_inspect, may_run, review_to_read, review_to_run
from scrutiny.reviews.contact import writer_of
from scrutiny.reviews.inviting import invitations_of
from scrutiny.reviews.models import Question, Review
from scrutiny.reviews.opening import left_out_of, open_draft
from scrutiny.reviews.presenters import line_choices
from scrutiny.reviews.service import add_question
from scrutiny.transaction import attempt, writes, writes_in_parts
from scrutiny.whole_numbers import whole, whole_or_none
from workflows.legal_basis import Caution
from workflows.refusals import Refused, Stale

blueprint = Blueprint("requests", __name__)
ITEM_WORDS = {
    "title": lazy_gettext("What it is called"),
    "text": lazy_gettext("What is asked"),
    "why": lazy_gettext("Why"),
    "period": lazy_gettext("Period"),
    "wanted_on": lazy_gettext("A day of your own"),
}


@blueprint.route("/reviews/new/<int:draft_id>/open", methods=["POST"])
@signed_in
@writes
def open_review(draft_id: int) -> ResponseReturnValue:
    """The last step of opening: the review and its drafts, in one transaction."""
    by, later = actor(), request.form.get("later") == "yes"
    found = draft_to_edit(draft_id, by)
    review = open_draft(found, by=by, at=now(), later=later)
    drafts = drafting.draft_requests(review, by=by, at=now())
    left_out, why = left_out_of(found)
    dropped = [one for one in drafts if one.agency_id in left_out]
    if dropped:
        drafting.drop_requests(dropped, why=why, by=by, at=now())
    reference, n = review.reference, len(drafts) - len(dropped)
    said = [
        gettext("%(reference)s is planned.", reference=reference)
        if later
        else gettext("%(reference)s is open.", reference=reference),
        ngettext("%(n)s request drafted.", "%(n)s requests drafted.", n, n=number(n)),
    ]
    if dropped:
        said.append(ngettext("%(n)s agency is left out.", "%(n)s agencies are left out.", len(dropped), n=len(dropped)))
    said.append(gettext("No requests have been sent."))
    if names := listed([one.body.name for one in invitations_of(review)]):
        said.append(gettext("Invited as a partner: %(names)s.", names=names))
    flash(" ".join(said), "success")
    return redirect(url_for(".of_review", reference=review.reference))


@blueprint.route("/reviews/<reference>/requests")
@signed_in
def of_review(reference: str) -> ResponseReturnValue:
    """The requests of a review: drafts with all one needs to judge them, then what was issued."""
    by, at = actor(), now()
    review = review_to_read(reference, by, london_day(at))
    found = queries.requests_of(review)
    works = may_inspect(review, by)
    drafts = [one for one in found if one.state == "drafted"] if works else []
    there = queries.elsewhere(review, [one.agency_id for one in drafts])
    with letters_ahead(drafts, london_day(at)):
        rows = presenters.draft_rows(drafts, there, at)
    return render_template(
        "requests/of_review.html",
        review=review,
        rows=rows,
        cautions=cautions_of(drafts),
        runs=may_run(review, by),
        dropped=[one for one in found if one.state == "dropped"] if works else [],
        sent=[one for one in found if one.state not in ("drafted", "dropped")],
        standing=presenters.standing_of_request,
        deliveries=deliveries_of([one.id for one in found]),
        unasked=drafting.lines_without_question(review, found)
        if may_run(review, by) and review.state in ("planned", "opened")
        else [],
        nothing=presenters.nothing_standard(drafting.answering_here(review), [one.agency_id for one in found]) if works else [],
    )


@blueprint.route("/reviews/<reference>/requests/draft", methods=["POST"])
@signed_in
@writes
def draft(reference: str) -> ResponseReturnValue:
    """Draft requests for answering agencies that have none yet."""
    drafts = drafting.draft_requests(review_to_run(reference, actor()), by=actor(), at=now())
    flash(ngettext("%(n)s request drafted", "%(n)s requests drafted", len(drafts), n=number(len(drafts))), "success")
    return redirect(url_for(".of_review", reference=reference))


@blueprint.route("/reviews/<reference>/requests/issue", methods=["GET", "POST"])
@signed_in
@writes_in_parts
def issue(reference: str) -> ResponseReturnValue:
    """Say exactly what issuing will do, then do it: none of the chosen requests where one cannot go as it stands."""
    by, at = actor(), now()
    review = review_to_run(reference, by)
    drafts = queries.requests_of(review, "drafted")
    form = IssueForm(requests=[one.id for one in drafts])
    form.requests.choices = presenters.request_choices(drafts)
    if form.validate_on_submit() and (issued := attempt(form, lambda: _issue(review, drafts, form))):
        done, refused = issued
        flash(presenters.issued_words(done), "success")
        if refused:
            flash(gettext("The others are not issued. %(why)s", why=full_stop(refused)), "error")
        return redirect(url_for(".of_review", reference=reference))
    if form.errors:
        review = review_to_run(reference, by)
        drafts = queries.requests_of(review, "drafted")
    with letters_ahead(drafts, london_day(at)):
        # Dates, duties and warnings as they are today, not as they were when this was drafted.
        rows = presenters.draft_rows([_as_of(draft, london_day(at)) for draft in drafts], {}, at)
        previews = [(row.request, letters.previews(row.request, at=at, public_url=_public_url())) for row in rows]
    return render_template(
        "requests/issue.html",
        review=review,
        form=form,
        rows=rows,
        days=days_asked(row.request for row in rows),
        cautions=cautions_of([row.request for row in rows]),
        previews=previews,
        said=presenters.what_happens(rows),
        mind=presenters.mind_the_day(review, london_day(at)),
        unasked=drafting.lines_without_question(review, queries.requests_of(review)),
        lacking=missing_from(writer_of(review)),
        added={slug: added_sentence(one) for slug, one in added_by(review, drafts, by=by, today=london_day(at)).items()},
    )


def _as_of(draft: EvidenceRequest, today: date) -> EvidenceRequest:
    """A draft as it would go today; what would be refused when it is issued is minded beforehand."""
    try:
        return drafting.as_if_sent(draft, today)
    except Refused as refused:
        copy, refusal = drafting.copy_of(draft), Caution("kept", {"text": full_stop(refused.sentence)})
        copy.legal_basis = request_basis(draft).with_cautions((refusal,)).to_plain()
        return copy


def _issue(review: Review, drafts: list[EvidenceRequest], form: IssueForm) -> tuple[list[EvidenceRequest], str]:
    """Issue the chosen drafts; those issued, and why the next was not."""
    chosen = [one for one in drafts if one.id in form.requests.data]
    return service.issue_in_turn(review, chosen, by=actor(), at=now())


@blueprint.route("/reviews/<reference>/requests/leave-out", methods=["GET", "POST"])
@signed_in
@writes
def leave_out(reference: str) -> ResponseReturnValue:
    """Leave several agencies out, all for one reason."""
    by, form = actor(), LeaveOutForm()
    review = review_to_run(reference, by)
    drafts = queries.requests_of(review, "drafted")
    form.requests.choices = presenters.request_choices(drafts)
    if form.validate_on_submit():
        chosen = [one for one in drafts if one.id in form.requests.data]
        if attempt(form, lambda: drafting.drop_requests(chosen, why=form.why.data, by=by, at=now())):
            flash(
                ngettext("%(n)s agency is left out", "%(n)s agencies are left out", len(chosen), n=number(len(chosen))), "success"
            )
            return redirect(url_for(".of_review", reference=reference))
        review = review_to_run(reference, by)
    return render_template("requests/leave_out.html", form=form, review=review)


@blueprint.route("/reviews/<reference>/requests/letters")
@signed_in
def letters_page(reference: str) -> ResponseReturnValue:
    """Every letter of every draft, word for word as it will go if issued today."""
    review, at = review_to_run(reference, actor()), now()
    kept = queries.requests_of(review, "drafted")
    with letters_ahead(kept, london_day(at)):
        drafts = [drafting.as_if_sent(draft, london_day(at)) for draft in kept]
        found = [(draft, letters.previews(draft, at=at, public_url=_public_url())) for draft in drafts]
    return render_template("requests/letters.html", review=review, found=found)


@blueprint.route("/reviews/<reference>/requests/ask", methods=["GET", "POST"])
@signed_in
@writes
def ask(reference: str) -> ResponseReturnValue:
    """A question of the review's own, or one that was proposed and taken, to one agency or more."""
    review = review_to_run(reference, actor())
    taken = _taken(review, request.args.get("question", type=whole))
    form = AskForm(obj=taken) if taken else AskForm()
    form.line.choices = line_choices(review.open_lines)
    form.kind.choices = presenters.kind_choices()
    here = {one.agency_id for one in drafting.answering_here(review)} | queries.agencies_asked(review)
    form.agencies.choices = presenters.agency_choices(agencies_by_id(sorted(here)).values(), but=())
    if request.method == "GET":
        form.line.data = taken.line_id if taken else request.args.get("line", type=whole)
    if form.validate_on_submit() and (items := attempt(form, lambda: _ask(review, form, taken))):
        flash(
            ngettext(
                "Question added to %(n)s draft. Nothing is sent yet.",
                "Question added to %(n)s drafts. Nothing is sent yet.",
                len(items),
                n=number(len(items)),
            ),
            "success",
        )
        return redirect(url_for(".of_review", reference=reference))
    return render_template("requests/ask.html", form=form, review=review_to_run(reference, actor()), taken=taken)


def _taken(review: Review, question_id: int | None) -> Question | None:
    """A question of this review that was proposed and taken."""
    found = db.session.get(Question, question_id) if question_id else None
    return found if found is not None and found.review_id == review.id and found.state == "taken" else None


def _ask(review: Review, form: AskForm, taken: Question | None) -> list[Item]:
    """Put the question into the draft of each agency chosen."""
    by, at = actor(), now()
    question = taken or add_question(
        review,
        line=next(one for one in review.lines if one.id == form.line.data),
        title=form.title.data or "",
        text=form.text.data,
        why=form.why.data or "",
        period=form.period.data or "",
        kind=form.kind.data,
        by=by,
        at=at,
    )
    chosen = agencies_by_id(form.agencies.data)
    drafts = drafting.drafts_to_hold(review, list(chosen.values()), by=by, at=at)
    return [drafting.add_item(one, question, wanted_on=form.wanted_on.data, by=by, at=at) for one in drafts]


@blueprint.route("/reviews/<reference>/requests/add", methods=["GET", "POST"])
@signed_in
@writes
def add_agency(reference: str) -> ResponseReturnValue:
    """Draft a request to one more agency, in or outside the footprint."""
    review = review_to_run(reference, actor())
    form = AgencyForm(agency=request.args.get("agency", type=whole))
    drafted = [one.agency_id for one in queries.requests_of(review, "drafted", "dropped")]
    form.agency.choices = presenters.agency_choices(agencies_by_name(on=london_day(now())), but=drafted)
    if form.validate_on_submit():
        agency = agencies_by_id([form.agency.data])[form.agency.data]
        if made := attempt(form, lambda: drafting.draft_for_agency(review, agency, by=actor(), at=now())):
            flash(gettext("A request to %(agency)s is drafted.", agency=agency.name), "success")
            return redirect(url_for("asking.one", reference=reference, slug=made.slug))
    return render_template("requests/add_agency.html", form=form, review=review_to_run(reference, actor()))


@blueprint.route("/reviews/<reference>/requests/<slug>/letter")
@signed_in
def letter(reference: str, slug: str) -> ResponseReturnValue:
    """The letter of one draft, word for word."""
    found, at = access.request_to_run(reference, slug, actor()), now()
    delivery = delivering.delivery_of(found)
    may_edit = found.state == "drafted" or (found.state == "issued" and delivery is not None and delivery.state == "failed")
    if found.state == "drafted":
        found = drafting.as_if_sent(found, london_day(at))
        shown = letters.previews(found, at=at, public_url=_public_url())
    else:
        shown = letters.as_sent(found)
    return render_template("requests/letter.html", found=found, shown=shown, may_edit=may_edit)


@blueprint.route("/reviews/<reference>/requests/<slug>/message", methods=["GET", "POST"])
@signed_in
@writes
def message(reference: str, slug: str) -> ResponseReturnValue:
    """The officer's own words at the head of a letter."""
    found = access.request_to_run(reference, slug, actor())
    form, theirs = MessageForm(message=found.message, version=found.version), None
    if form.validate_on_submit():
        try:
            seen = _number(form.version.data)
            if attempt(form, lambda: drafting.revise_message(found, form.message.data, seen=seen, by=actor(), at=now())):
                flash(gettext("Your own words are saved."), "success")
                return redirect(url_for("asking.one", reference=reference, slug=slug))
        except Stale:
            theirs = compared({"message": gettext("Your own words")}, {"message": found.message}, {"message": form.message.data})
            form.version.raw_data, form.version.data = None, found.version
    found = access.request_to_run(reference, slug, actor())
    return render_template("requests/message.html", form=form, found=found, theirs=theirs)


@blueprint.route("/reviews/<reference>/requests/<slug>/drop", methods=["GET", "POST"])
@signed_in
@writes
def drop(reference: str, slug: str) -> ResponseReturnValue:
    """Leave an agency out, with the reason."""
    found, form = access.request_to_run(reference, slug, actor()), WhyForm()
    if form.validate_on_submit():
        if attempt(form, lambda: drafting.drop_request(found, why=form.why.data, by=actor(), at=now())):
            flash(gettext("%(agency)s is left out. No request will be sent to it.", agency=found.agency.name), "success")
            return redirect(url_for(".of_review", reference=reference))
        found = access.request_to_run(reference, slug, actor())
    return render_template("requests/drop.html", form=form, found=found)


@blueprint.route("/reviews/<reference>/requests/<slug>/take-up", methods=["POST"])
@signed_in
@writes
def take_up(reference: str, slug: str) -> ResponseReturnValue:
    """Take a dropped draft up again."""
    found = access.request_to_run(reference, slug, actor())
    drafting.take_up_request(found, by=actor(), at=now())
    flash(gettext("The request to %(agency)s is a draft again.", agency=found.agency.name), "success")
    return redirect(url_for(".of_review", reference=reference))


@blueprint.route("/reviews/<reference>/requests/<slug>/<int:number>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit_item(reference: str, slug: str, number: int) -> ResponseReturnValue:
    """Reword an item of a draft and choose its day; when somebody else has saved first, both versions are shown."""
    item = access.item_to_run(reference, slug, number, actor())
    form, theirs = ItemForm(**_as_kept(item), version=item.version, question_version=item.question.version), None
    if form.validate_on_submit():
        try:
            if attempt(form, lambda: drafting.reword_item(item, _reworded(form), by=actor(), at=now())):
                flash(gettext("Item %(number)s is saved.", number=number), "success")
                return redirect(url_for("asking.one", reference=reference, slug=slug))
        except Stale:
            theirs = compared(ITEM_WORDS, _as_kept(item), {name: form[name].data for name in ITEM_WORDS})
            form.version.raw_data = form.question_version.raw_data = None
            form.version.data, form.question_version.data = item.version, item.question.version
    item = access.item_to_run(reference, slug, number, actor())
    return render_template("requests/edit_item.html", form=form, item=item, theirs=theirs)


def _as_kept(item: Item) -> dict[str, str | date | None]:
    """An item as it is kept, under the names of its form."""
    question = item.question
    words = {"title": question.title, "text": question.text, "why": question.why, "period": question.period}
    return words | {"wanted_on": item.wanted_on}


def _reworded(form: ItemForm) -> drafting.Reworded:
    """What was typed about an item."""
    return drafting.Reworded(
        title=form.title.data or "",
        text=form.text.data,
        why=form.why.data or "",
        period=form.period.data or "",
        wanted_on=form.wanted_on.data,
        item_seen=_number(form.version.data),
        question_seen=_number(form.question_version.data),
    )


@blueprint.route("/reviews/<reference>/requests/<slug>/<int:number>/drop", methods=["GET", "POST"])
@signed_in
@writes
def drop_item(reference: str, slug: str, number: int) -> ResponseReturnValue:
    """Leave an item out of a draft, with the reason."""
    item, form = access.item_to_run(reference, slug, number, actor()), WhyForm()
    if form.validate_on_submit():
        if attempt(form, lambda: drafting.drop_item(item, why=form.why.data, by=actor(), at=now())):
            flash(gettext("The question is left out of this request."), "success")
            return redirect(url_for("asking.one", reference=reference, slug=slug))
        item = access.item_to_run(reference, slug, number, actor())
    return render_template("requests/drop_item.html", form=form, item=item)


@blueprint.route("/reviews/<reference>/requests/<slug>/move/<int:question_id>", methods=["POST"])
@signed_in
@writes
def move_item(reference: str, slug: str, question_id: int) -> ResponseReturnValue:
    """Move a question of a draft up or down by one; the page comes back at the question."""
    found = access.request_to_run(reference, slug, actor())
    item = next((item for item in found.items if item.question_id == question_id), None)
    if item is None:
        abort(404)
    ordering.move_item(item, up=request.form.get("to") != "down", by=actor(), at=now())
    flash(gettext("The question is now number %(number)s.", number=item.number), "success")
    return redirect(url_for("asking.one", reference=reference, slug=slug, _anchor=f"item-{item.number}"))


@blueprint.route("/reviews/<reference>/requests/<slug>/put-back/<int:question_id>", methods=["POST"])
@signed_in
@writes
def put_back(reference: str, slug: str, question_id: int) -> ResponseReturnValue:
    """Put back an item that was left out."""
    found = access.request_to_run(reference, slug, actor())
    question = db.session.get(Question, question_id)
    if question is None or question.id not in [row["question"] for row in found.left_out]:
        abort(404)
    drafting.add_item(found, question, by=actor(), at=now())
    flash(gettext("The question is back in this request."), "success")
    return redirect(url_for("asking.one", reference=reference, slug=slug))


def _number(text: str | None) -> int | None:
    """A version as the page sent it back."""
    return whole_or_none(text)


def _public_url() -> str:
    """The address of this instance."""
    return str(current_app.config["SETTINGS"].public_url)
