"""The asker's pages after issue: a request, its items and answers; return, accept, withdraw, enter, decide, reply, chase."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from wtforms import SelectChoice

from scrutiny.asking import delivering, entering, letters, presenters, reviewing, service
from scrutiny.asking.cautions import cautions_of
from scrutiny.asking.forms import EnterForm, ExtensionForm, ReplyForm, ReturnForm, StartForm
from scrutiny.asking.service import ByHand
from scrutiny.chasing import presenters as chasing_presenters
from scrutiny.chasing import queries as chasing_queries
from scrutiny.chasing.unfit import errors_of, fitting
from scrutiny.correspondence.incoming_models import IncomingMail
from scrutiny.correspondence.queries import mail_about
from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import actor, signed_in
from scrutiny.due_dates import clarifying, starting
from scrutiny.due_dates.closed_days import closed_day_words
from scrutiny.evidence.access import files_to_read, may_read
from scrutiny.evidence.readings import give_out
from scrutiny.formats import listed, london_day
from scrutiny.pages import now
from scrutiny.publication import registering
from scrutiny.requests import access, contacts, interests, queries
from scrutiny.requests.forms import WhyForm, WordsForm
from scrutiny.requests.models import Answer, EvidenceRequest, Item
from scrutiny.requests.ways import EMAIL
from scrutiny.reviews.access import may_inspect, review_to_inspect
from scrutiny.rules.queries import method_of
from scrutiny.stored_files.uploads import receives_files, uploads
from scrutiny.transaction import attempt, writes
from scrutiny.whole_numbers import whole_or_none
from workflows.deadlines import START_EVENTS
from workflows.lifecycles.item import ITEM, READERS
from workflows.lifecycles.request import REQUEST

blueprint = Blueprint("asking", __name__)
HERE = "/reviews/<reference>/requests/<slug>"


@blueprint.route(HERE)
@signed_in
def one(reference: str, slug: str) -> ResponseReturnValue:
    """A request, for the bodies of its review; an agency that comes by its letter is led to its own page of it."""
    by, today = actor(), london_day(now())
    if by.agency is not None or by.request is not None:
        return redirect(url_for("answering.by_letter", reference=reference, slug=slug))  # its own door says whether it may
    found = access.request_to_read(reference, slug, by, today)
    runs, went = access.may_run_request(found, by), chasing_queries.escalations_of(found.review, request=found)
    page = "requests/draft.html" if found.state in ("drafted", "dropped") else "requests/one.html"
    return render_template(
        page,
        found=found,
        how=presenters.how,
        states=REQUEST.states,
        ended_at=presenters.ended_at(found),
        runs=runs,
        cover=presenters.cover_of(found),
        cautions=cautions_of([found]),
        notes=queries.notes_of(found),
        extensions=queries.extensions_of(found),
        late=queries.overdue(found, today),
        silent=chasing_queries.silent_of([found], today, by) if runs else [],
        went=went,
        statuses=chasing_presenters.statuses(went),
        written_to=chasing_presenters.written_to(went),
        on=today,
        starts=presenters.starts_shown(starting.starts_of(found)),
        clarifications=clarifying.clarifications_of(found),
        entered=registering.entry_of(found),
        delivery=delivering.delivery_of(found),
        contact=contacts.contact_of(found),
        undelivered=presenters.undelivered(found),
        guests=contacts.guests_of(found),
        incoming=mail_about(found.plain),
        reads_email=access.may_read_email(found, by),
        to_enter=presenters.items_to_enter(found, by) if runs else [],
    )


@blueprint.route(f"{HERE}/<int:number>")
@signed_in
def item(reference: str, slug: str, number: int) -> ResponseReturnValue:
    """One item: what was asked, why then, and every answer the reader may see."""
    by, today = actor(), london_day(now())
    found = access.item_to_look_at(reference, slug, number, by, today)
    shown = [answer.lodging for answer in presenters.answers_sent(found) if may_read(answer.lodging, by, today)]
    if give_out(shown, by, at=now()):
        found = access.item_to_look_at(reference, slug, number, by, today)
    answers = [
        (answer, may_read(answer.lodging, by, today), files_to_read(answer.lodging, by, today))
        for answer in presenters.answers_sent(found)
    ]
    said, said_before = presenters.declines_sent(found)
    works = may_inspect(found.request.review, by)
    waiting = reviewing.answers_to_review(found.request.review, by, today) if works and by.has(*READERS) else []
    return render_template(
        "requests/item.html",
        next=reviewing.next_after(waiting, found),
        waiting=len([one for one in waiting if one is not found]),
        said=said,
        said_before=said_before,
        item=found,
        how=presenters.how(found, today),
        accept_words=presenters.accept_words,
        answers=answers,
        moves={move.name for move in ITEM.open_to(found.state, by)} if found.request.state == "issued" else set(),
        runs=access.may_run_request(found.request, by),
        works=works,
        on=today,
    )


@blueprint.route("/reviews/<reference>/next-answer")
@signed_in
def next_answer(reference: str) -> ResponseReturnValue:
    """The first answer that waits to be reviewed; the matrix where none does."""
    by, today = actor(), london_day(now())
    waiting = reviewing.answers_to_review(review_to_inspect(reference, by), by, today)
    if not waiting:
        return redirect(f"/reviews/{reference}/matrix")
    return redirect(url_for(".item", reference=reference, slug=waiting[0].request.slug, number=waiting[0].number))


@blueprint.route(f"{HERE}/<int:number>/accept", methods=["POST"])
@signed_in
@writes
def accept(reference: str, slug: str, number: int) -> ResponseReturnValue:
    """Accept an answer."""
    found = access.item_to_judge(reference, slug, number, actor(), london_day(now()))
    service.accept_item(found, by=actor(), at=now())
    flash(gettext("Item %(number)s is accepted", number=number), "success")
    return redirect(url_for(".item", reference=reference, slug=slug, number=number))


@blueprint.route(f"{HERE}/accept", methods=["POST"])
@signed_in
@writes
def accept_all(reference: str, slug: str) -> ResponseReturnValue:
    """Accept everything that was answered and not returned."""
    found = access.request_to_read(reference, slug, actor(), london_day(now()))
    waiting = [one for one in found.items if one.state == "submitted"]
    barred = interests.own_among(waiting, found.review, actor(), london_day(now()))
    own = [one.number for one in waiting if one.id in barred]
    if waiting and len(own) == len(waiting):
        interests.check_item(waiting[0], by=actor(), at=now())
    for number in [one.number for one in waiting if one.number not in own]:
        judged = access.item_to_judge(reference, slug, number, actor(), london_day(now()))
        service.accept_item(judged, by=actor(), at=now())
    if own:
        left = listed([str(number) for number in own])
        said = gettext("You answered %(numbers)s, or act for the agency: a colleague must decide on that.", numbers=left)
        flash(f"{gettext('Accepted what you may decide on.')} {said}")
    else:
        flash(gettext("Everything answered is accepted"), "success")
    return redirect(url_for(".one", reference=reference, slug=slug))


@blueprint.route(f"{HERE}/<int:number>/return", methods=["GET", "POST"])
@signed_in
@writes
def return_item(reference: str, slug: str, number: int) -> ResponseReturnValue:
    """Return an answer for more, with the reason."""
    today = london_day(now())
    found, form = access.item_to_judge(reference, slug, number, actor(), today), ReturnForm()
    if form.validate_on_submit():
        until, why = form.until_on.data, form.why.data
        if attempt(form, lambda: service.return_item(found, why=why, until_on=until, by=actor(), at=now())):
            flash(
                gettext("Item %(number)s is returned. %(queued_now)s", number=number, queued_now=queued_now("item_returned")),
                "success",
            )
            return redirect(url_for(".item", reference=reference, slug=slug, number=number))
        found = access.item_to_judge(reference, slug, number, actor(), today)
    return render_template("requests/return_item.html", form=form, item=found)


@blueprint.route(f"{HERE}/<int:number>/withdraw", methods=["GET", "POST"])
@signed_in
@writes
def withdraw_item(reference: str, slug: str, number: int) -> ResponseReturnValue:
    """Ask an item no longer."""
    found, form = access.item_to_run(reference, slug, number, actor()), WhyForm()
    if form.validate_on_submit():
        if attempt(form, lambda: service.withdraw_item(found, why=form.why.data, by=actor(), at=now())):
            flash(gettext("Item %(number)s is withdrawn.", number=number), "success")
            return redirect(url_for(".one", reference=reference, slug=slug))
        found = access.item_to_run(reference, slug, number, actor())
    told = letters.withdrawal_previews(found.request, found, at=now(), public_url=current_app.config["SETTINGS"].public_url)
    return render_template("requests/withdraw_item.html", form=form, item=found, told=told)


def _may_enter(reference: str, slug: str, number: int) -> None:
    """Whether files for an answer entered by hand may be looked at at all; there is no such page for anybody else."""
    access.item_to_run(reference, slug, number, actor())


@blueprint.route(f"{HERE}/<int:number>/enter", methods=["GET", "POST"])
@signed_in
@receives_files(_may_enter)
@writes
def enter(reference: str, slug: str, number: int) -> ResponseReturnValue:
    """Enter an answer that came another way; with ?email=, from an email that came in about the request."""
    found, mail = access.item_to_run(reference, slug, number, actor()), _email(reference, slug)
    form = EnterForm(received_by=actor().name, received_on=london_day(mail.came_at if mail else now()))
    if mail is not None and request.method == "GET":
        form.came_by.data, form.text.data = EMAIL, mail.text
    form.came_by.choices = presenters.came_by_choices()
    form.marking.choices = presenters.marking_choices(personal=method_of(found.request.review.edition).may_hold_personal)
    others = entering.others_to_enter(found, actor())
    form.others.choices = entering.choices_of(others)
    if request.method == "POST":
        form.validate()
        entering.say_beside(form, found, uploads(), london_day(now()))
        items = [found, *(other for other in others if other.number in (form.others.data or []))]
        entered = None if form.errors else attempt(form, lambda: _enter(items, form, mail))
        if entered is not None:
            flash(presenters.entered_words(items), "success")
            return redirect(url_for(".item", reference=reference, slug=slug, number=number))
        found, mail = access.item_to_run(reference, slug, number, actor()), _email(reference, slug)
    return render_template("requests/enter.html", form=form, item=found, mail=mail)


def _email(reference: str, slug: str) -> IncomingMail | None:
    """The email named in the address that an answer is entered from, for those who may read its words."""
    named = whole_or_none(request.args.get("email"))
    if named is None:
        return None
    mail = access.mail_to_deal_with(reference, slug, named, actor())
    if mail.kind != "reply" or not access.may_read_email(access.request_to_run(reference, slug, actor()), actor()):
        abort(404)
    return mail


def _enter(items: list[Item], form: EnterForm, mail: IncomingMail | None) -> list[Answer]:
    """Enter what was typed as the answer to each of these items."""
    return service.enter_answers(items, _by_hand(form), mail, by=actor(), at=now())


def _by_hand(form: EnterForm) -> ByHand:
    """What the officer typed in."""
    return ByHand(
        came_by=form.came_by.data,
        received_by=form.received_by.data,
        received_on=form.received_on.data or london_day(now()),
        text=form.text.data or "",
        figures=form.figures.data or "",
        as_at=form.as_at.data,
        period=form.period.data or "",
        marking=form.marking.data,
        exempt_ground=form.exempt_ground.data or "",
        files=uploads().received,
        looked=bool(form.looked.data),
    )


@blueprint.route(f"{HERE}/withdraw", methods=["GET", "POST"])
@signed_in
@writes
def withdraw(reference: str, slug: str) -> ResponseReturnValue:
    """Withdraw an issued request."""
    found, form = access.request_to_run(reference, slug, actor()), WhyForm()
    if form.validate_on_submit():
        if attempt(form, lambda: service.withdraw_request(found, why=form.why.data, by=actor(), at=now())):
            flash(gettext("The request to %(agency)s is withdrawn.", agency=found.agency.name), "success")
            return redirect(url_for("requests.of_review", reference=reference))
        found = access.request_to_run(reference, slug, actor())
    told = letters.withdrawal_previews(found, at=now(), public_url=current_app.config["SETTINGS"].public_url)
    return render_template("requests/withdraw.html", form=form, found=found, told=told)


@blueprint.route(f"{HERE}/close", methods=["POST"])
@signed_in
@writes
def close(reference: str, slug: str) -> ResponseReturnValue:
    """Close a request in which nothing is open any more."""
    service.close_request(access.request_to_run(reference, slug, actor()), by=actor(), at=now())
    flash(gettext("The request is closed"), "success")
    return redirect(url_for(".one", reference=reference, slug=slug))


@blueprint.route(f"{HERE}/chase", methods=["GET", "POST"])
@signed_in
@writes
def chase(reference: str, slug: str) -> ResponseReturnValue:
    """The letter about what is late, as it will go; one press sends it."""
    found, at, form = access.request_to_run(reference, slug, actor()), now(), WordsForm()
    silent = chasing_queries.silent_of([found], london_day(at), actor())
    told = [one for one in silent if not one.why_not]
    public_url = current_app.config["SETTINGS"].public_url
    unfit = fitting(told, at, public_url, form.words)[1]
    if form.validate_on_submit() and not form.preview.data and not unfit:
        sent = [letter for one in told for letter in service.chase(found, by=actor(), at=at, items=one.items, words=form.words)]
        flash(chasing_queries.chased_words(sent, [one for one in silent if one.why_not]), "success" if sent else "error")
        return redirect(url_for(".one", reference=reference, slug=slug))
    if form.is_submitted():
        form.form_errors += errors_of(unfit)
    shown = [(one, one.previews(at, public_url, form.words)) for one in told]
    return render_template("requests/chase.html", found=found, silent=silent, shown=shown, form=form)


@blueprint.route(f"{HERE}/extensions/<int:extension_id>", methods=["GET", "POST"])
@signed_in
@writes
def extension(reference: str, slug: str, extension_id: int) -> ResponseReturnValue:
    """Grant more time or refuse it."""
    found = access.extension_to_decide(reference, slug, extension_id, actor())
    form = ExtensionForm(until_on=found.until_on)
    form.grant.choices = [SelectChoice(value="yes", label=gettext("Yes")), SelectChoice(value="no", label=gettext("No"))]
    if form.validate_on_submit():
        values = {"grant": form.grant.data == "yes", "decision": form.decision.data or "", "until_on": form.until_on.data}
        if attempt(form, lambda: service.decide_extension(found, **values, by=actor(), at=now())):
            flash(presenters.extension_words(found), "success")
            return redirect(url_for(".one", reference=reference, slug=slug))
        found = access.extension_to_decide(reference, slug, extension_id, actor())
    closed = closed_day_words(found.until_on, found.request.agency)
    return render_template("requests/extension.html", form=form, extension=found, closed=closed)


@blueprint.route(f"{HERE}/reply", methods=["GET", "POST"])
@signed_in
@writes
def reply(reference: str, slug: str) -> ResponseReturnValue:
    """Reply to a question back from the agency; the clocks it held up go on."""
    found = access.request_to_run(reference, slug, actor())
    form = ReplyForm(presenters.question_choices(clarifying.questions_waiting(found)))
    if form.validate_on_submit() and attempt(form, lambda: _reply(found, form)):
        flash(gettext("You have replied to %(agency)s.", agency=found.agency.name), "success")
        return redirect(url_for(".one", reference=reference, slug=slug))
    found = access.request_to_run(reference, slug, actor())
    return render_template("requests/reply.html", form=form, found=found, notes=queries.notes_of(found))


def _reply(found: EvidenceRequest, form: ReplyForm) -> object:
    """Send the reply to the question chosen or, where none waits, about the item last asked about."""
    by, at, text = actor(), now(), form.text.data
    waiting = clarifying.questions_waiting(found)
    if waiting:
        chosen = next((one for one in waiting if str(one.id) == form.question.data), waiting[0])
        return service.reply(found, text=text, question=chosen, agreed_until=form.agreed_until.data, by=by, at=at)
    notes = queries.notes_of(found)
    return service.reply(found, text=text, item=notes[-1].item if notes else None, by=by, at=at)


@blueprint.route(f"{HERE}/starts", methods=["GET", "POST"])
@signed_in
@writes
def starts(reference: str, slug: str) -> ResponseReturnValue:
    """The days from which the clocks of a request are counted, and one more to enter."""
    found = access.request_to_run(reference, slug, actor())
    form = StartForm({event: START_EVENTS[event] for event in starting.events_to_enter(found)})
    if form.validate_on_submit() and attempt(form, lambda: _start(found, form)) is not None:
        return redirect(url_for(".one", reference=reference, slug=slug))
    found = access.request_to_run(reference, slug, actor())
    page = presenters.starts_shown(starting.starts_of(found))
    return render_template("requests/starts.html", form=form, found=found, starts=page, on=london_day(now()))


def _start(found: EvidenceRequest, form: StartForm) -> object:
    """Enter the day, and say what moved."""
    assert form.happened_on.data is not None  # InputRequired
    moved = starting.enter_start(found, form.event.data, form.happened_on.data, how=form.how.data or "", by=actor(), at=now())
    said = gettext("The day is entered: no due date changes by it")
    if moved:
        said = ngettext(
            "The day is entered: %(n)s due date counted again",
            "The day is entered: %(n)s due dates counted again",
            len(moved),
            n=len(moved),
        )
    flash(said, "success")
    return moved
