"""Pages: my work, the reviews of a body, a review's hub, history and letters, the audit trail, and calendar feeds."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.asking.delivering import ASKS
from scrutiny.audit import queries as audit
from scrutiny.burden.ledger import quarter_of
from scrutiny.challenges import queries as challenges
from scrutiny.challenges.access import may_moderate
from scrutiny.conduct.clashes import clashes_of
from scrutiny.conduct.newer_method import newer_of
from scrutiny.correspondence.edited_queries import files_of
from scrutiny.correspondence.forms import TryAgainForm
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.correspondence.queries import SHOWN, UNDELIVERED
from scrutiny.correspondence.service import try_again
from scrutiny.doors import actor, administrator, signed_in
from scrutiny.due_dates.rules import phases_of
from scrutiny.file_reading.tables import write_csv
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.pictures import Mark
from scrutiny.requests.interests import check_request
from scrutiny.requests.queries import request_of_letter
from scrutiny.reviews import queries as reviews
from scrutiny.reviews.access import may_inspect, may_open, may_run, review_to_read
from scrutiny.reviews.inviting import invited_to, waiting_for
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import damage_of
from scrutiny.transaction import attempt, writes
from scrutiny.whole_numbers import whole
from scrutiny.widgets import SelectChoice
from scrutiny.worklist import access, agency_due, agency_work, feed_days, history, hub, letters, reviews_list, timing, verifying
from scrutiny.worklist.body_work import body_work
from scrutiny.worklist.deadlines import deadlines_of
from scrutiny.worklist.forms import AuditFilter, ReviewFilter
from scrutiny.worklist.needs import needs_of
from workflows.lifecycles.review import REVIEW
from workflows.roles import Actor

blueprint = Blueprint("worklist", __name__)
#: How many of the next days a review's hub names.
NEXT = 6
#: How many of them its timetable marks.
MARKED = 9


@blueprint.route("/inbox")
@signed_in
def inbox() -> ResponseReturnValue:
    """What waits for whoever asks, in the capacity they act in."""
    by, at = actor(), now()
    today = london_day(at)
    if by.agency is not None:
        found = agency_work.due_for(by, today)
        ways, who = agency_due.ways_to_see(found), request.args.get("who", "")
        return render_template(
            "worklist/agency_inbox.html",
            found=agency_due.seen_as(found, who) if who and who in dict(ways) else found,
            late=agency_work.overdue(found, today),
            burden=quarter_of(by, today),
            ways=ways,
            who=who if who in dict(ways) else "",
        )
    if by.body is not None:
        return render_template(
            "worklist/body_inbox.html",
            work=body_work(by, today, at),
            may_open=may_open(by),
            invitations=waiting_for(by.body) if may_open(by) else [],
            challenged=sum(may_moderate(one, by) for one in challenges.open_of_body(by.body)),
            referred=len(challenges.referred_to(by.body, ("waiting",))),
        )
    if by.request == 0:
        return render_template("worklist/letters_only.html")
    if by.request is not None:
        return redirect(url_for("answering.tasks", request_id=by.request))
    return abort(404)


@blueprint.route("/inbox.ics")
@signed_in
def inbox_feed() -> ResponseReturnValue:
    """The same dates for a calendar; opened by a feed key."""
    by, today = actor(), london_day(now())
    access.capacity_with_work(by)
    return feed_days.answered(feed_days.of_capacity(by, today), by.capacity.reference.replace(":", "-"), by.capacity.name, now())


@blueprint.route("/reviews", endpoint="reviews")
@signed_in
def reviews_of_the_body() -> ResponseReturnValue:
    """The reviews of the body acted for; what was filtered stays in the address."""
    by = actor()
    body_id = access.body_asking(by)
    form = ReviewFilter(request.args)
    groups = [("", gettext("Any")), *((key, title) for key, (title, _) in reviews_list.GROUPS.items())]
    form.state.choices = [SelectChoice(value=value, label=label) for value, label in groups]
    form.part.choices = [
        SelectChoice(value=value, label=label) for value, label in {"": gettext("Any"), **reviews_list.PARTS}.items()
    ]
    rows = reviews_list.reviews_of(
        body_id,
        london_day(now()),
        group=request.args.get("state", ""),
        part=request.args.get("part", ""),
        words=request.args.get("words", ""),
    )
    drafts = reviews.drafts_of(body_id) if may_open(by) else []
    return render_template(
        "worklist/reviews.html", form=form, groups=reviews_list.grouped(rows), drafts=drafts, may_open=may_open(by)
    )


@blueprint.route("/reviews/<reference>")
@signed_in
def review_hub(reference: str) -> ResponseReturnValue:
    """One review: where it stands, what comes next, what waits for this reader."""
    by, at = actor(), now()
    today = london_day(at)
    review = review_to_read(reference, by, today)
    calendar = reviews_list.calendar_for(review)
    days = [one for one in deadlines_of([review], by) if one.day >= today]
    return render_template(
        "worklist/review_hub.html",
        **_head(review, by, "Overview"),
        needs=needs_of([review], by, today, at)[review.id],
        position=timing.position_of(review, today, calendar),
        picture=timing.picture(review, today, calendar),
        narrow=timing.picture(review, today, calendar, narrow=True),
        newer=newer_of(review) if may_run(review, by) else None,
        phases=timing.rows(review, today, calendar),
        holidays=timing.holidays_within(review, calendar),
        days=days[:NEXT],
        parts=reviews_list.parts_of(review),
        invited=invited_to(review) if may_inspect(review, by) else [],
        announced=reviews.is_announced(review, today),
    )


@blueprint.route("/reviews/<reference>/timetable")
@signed_in
def timetable(reference: str) -> ResponseReturnValue:
    """The whole timetable: as a picture with the next days marked, as a table with why then, and what it runs into."""
    by, today = actor(), london_day(now())
    review = review_to_read(reference, by, today)
    calendar = reviews_list.calendar_for(review)
    days = [one for one in deadlines_of([review], by) if one.day >= today][:MARKED]
    marks = [Mark(one.day, str(number), one.text) for number, one in enumerate(days, 1)]
    return render_template(
        "worklist/timetable.html",
        **_head(review, by, "Timetable"),
        position=timing.position_of(review, today, calendar),
        wide=timing.picture(review, today, calendar, marks),
        narrow=timing.picture(review, today, calendar, marks, narrow=True),
        phases=timing.rows(review, today, calendar),
        holidays=timing.holidays_within(review, calendar),
        days=days,
        clashes=clashes_of(review, phases_of(review.phases), by=by, today=today),
    )


@blueprint.route("/reviews/<reference>/history")
@signed_in
def review_history(reference: str) -> ResponseReturnValue:
    """What happened in a review, for its lead and partner bodies."""
    by = actor()
    review = access.review_to_follow(reference, by, london_day(now()))
    agency_id = request.args.get("agency", type=whole)
    found = history.of_review(review, by, request.args.get("page", 1, type=whole), agency_id)
    shown = {"found": found, "agencies": history.agencies_of(review), "agency_id": agency_id}
    address = url_for(".review_history", reference=reference, agency=agency_id, page="PAGE")
    return render_template("worklist/history.html", **_head(review, by, "History"), **shown, address=address)


@blueprint.route("/reviews/<reference>/letters")
@signed_in
def review_letters(reference: str) -> ResponseReturnValue:
    """The letters a review has sent, with how each fared."""
    by = actor()
    review = access.review_to_follow(reference, by, london_day(now()))
    rows = letters.told(access.letters_of(review))
    return render_template("worklist/letters.html", **_head(review, by, "Letters"), rows=rows, letter_shown=SHOWN)


@blueprint.route("/reviews/<reference>/letters/<int:letter_id>")
@signed_in
def review_letter(reference: str, letter_id: int) -> ResponseReturnValue:
    """One letter in its own words, for those who run the review."""
    by = actor()
    review, letter = access.letter_to_read(reference, letter_id, by, london_day(now()))
    return _letter_page(review, letter, by, TryAgainForm(address=letter.address))


@blueprint.route("/reviews/<reference>/letters/<int:letter_id>/send-again", methods=["POST"])
@signed_in
@writes
def send_letter_again(reference: str, letter_id: int) -> ResponseReturnValue:
    """Send a letter that failed or came back again, to a corrected address if it was wrong."""
    by, at, form = actor(), now(), TryAgainForm()
    review, letter = access.letter_to_read(reference, letter_id, by, london_day(at))
    posting, address = letter.posting, form.address.data or ""
    if posting is not None and form.validate_on_submit():
        if attempt(form, lambda: _send_again(letter, posting, address)):
            flash(gettext("1 email queued to %(address)s.", address=address), "success")
            return redirect(url_for(".review_letters", reference=reference))
        review, letter = access.letter_to_read(reference, letter_id, by, london_day(at))
    return _letter_page(review, letter, by, form)


def _send_again(letter: Letter, posting: Posting, address: str) -> object:
    """Send it, unless it is about a request to an agency that whoever sends acts for too."""
    request = request_of_letter(letter.reference)
    if request is not None:
        check_request(request, by=actor(), at=now())
    return try_again(posting, address=address, by=actor(), at=now())


def _letter_page(review: Review, letter: Letter, by: Actor, form: TryAgainForm) -> str:
    """One letter with how it fared; one that may be sent again has a box for the address."""
    lost = letter.state in UNDELIVERED and letter.sealed is None and letter.kind != ASKS
    return render_template(
        "worklist/letter.html",
        **_head(review, by, "Letters", within=True),
        row=letters.told([letter])[0],
        edited=letters.edited_words(letter),
        files=files_of([letter.id]),
        form=form,
        lost=lost,
        letter_shown=SHOWN,
    )


@blueprint.route("/reviews/<reference>/calendar.ics")
@signed_in
def review_feed(reference: str) -> ResponseReturnValue:
    """The dates of one review for a calendar; opened by a feed key."""
    by = actor()
    review = review_to_read(reference, by, london_day(now()))
    name = f"{review.reference} {review.title}"
    return feed_days.answered(feed_days.of_reviews([review], by), review.reference, name, now())


@blueprint.route("/administration/audit")
@administrator
def audit_trail() -> ResponseReturnValue:
    """The newest rows of the trail, of everything or of one record, and whether the chain is whole."""
    record = request.args.get("record", "")
    found = history.of_instance(record, request.args.get("page", 1, type=whole))
    verdict = verifying.verify() if "verify" in request.args else None
    address = url_for(".audit_trail", record=record or None, page="PAGE")
    return render_template(
        "worklist/audit.html",
        form=AuditFilter(request.args),
        record=record,
        found=found,
        address=address,
        verdict=verdict,
        head=audit.head(),
        states_of=history.states_of,
    )


@blueprint.route("/administration/audit.csv")
@administrator
def audit_file() -> ResponseReturnValue:
    """The same rows as a file, oldest first."""
    content = write_csv(history.COLUMNS, history.as_rows(history.entries_of(request.args.get("record", ""))))
    return Response(content, mimetype="text/csv", headers={"Content-Disposition": 'attachment; filename="audit.csv"'})


def _head(review: Review, by: Actor, here: str, *, within: bool = False) -> dict[str, object]:
    """What the head of each page of a review says."""
    counts = hub.counts_of(review, by)
    return {
        "review": review,
        "method": review.edition,
        "damage": damage_of(review.edition),
        "counts": counts,
        "here": here,
        "states": REVIEW.states,
        "pages": hub.sub_navigation(review, by, here, counts, within=within),
        "runs": may_run(review, by),
        "works": may_inspect(review, by),
    }
