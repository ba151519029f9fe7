"""Pages of the agency that answers: the task list, and one item a page."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.accounts import queries as accounts
from scrutiny.agencies import queries as agencies
from scrutiny.answering import access, correcting
from scrutiny.answering import presenters as pages
from scrutiny.answering import service as answering
from scrutiny.answering.acting import actor
from scrutiny.answering.forms import EVERYTHING, WANTED, AnswerForm, ExtensionForm, QuestionForm
from scrutiny.answering.holding import filtered, filters_of
from scrutiny.answering.neighbours import beside
from scrutiny.answering.queries import ANSWERABLE, UNFINISHED, draft_of, earlier_answers, items_held
from scrutiny.correspondence.queued import queued_now
from scrutiny.doors import signed_in
from scrutiny.due_dates import clarifying
from scrutiny.due_dates.closed_days import closed_day_words
from scrutiny.evidence.named import who_may_open
from scrutiny.evidence.queries import may_hold_personal
from scrutiny.formats import full_stop, listed, london_day, moment
from scrutiny.legal_words import AGENCY, sentence
from scrutiny.pages import now
from scrutiny.posted_words import posted_words
from scrutiny.requests.legal_basis import item_basis
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import extensions_of, notes_of
from scrutiny.reviews.enquiry import ATTENDANCE
from scrutiny.stored_files import stored
from scrutiny.stored_files.uploads import receives_files, uploads
from scrutiny.transaction import run, undo, writes
from scrutiny.unsaved.service import keep as keep_unsaved
from scrutiny.whole_numbers import whole, whole_or_none
from workflows.powers import NONE
from workflows.refusals import Refused, Stale

blueprint = Blueprint("answering", __name__)


def _today() -> date:
    """Today in London."""
    return london_day(now())


def _permit(item_id: int) -> Item:
    """The item, before its files are looked at."""
    return access.item_to_answer(item_id, actor(), _today())


@blueprint.get("/answering/<reference>/<slug>")
@signed_in
def by_letter(reference: str, slug: str) -> ResponseReturnValue:
    """Where somebody of an agency is led who opens the address in a letter."""
    found = access.request_of_letter(reference, slug, actor(), _today())
    return redirect(url_for(".tasks", request_id=found.id))


@blueprint.get("/answering/<int:request_id>")
@signed_in
def tasks(request_id: int) -> ResponseReturnValue:
    """A request as a task list of items."""
    by, at = actor(), now()
    found = access.request_to_answer(request_id, by, london_day(at))
    if found.opened_at is None:
        # A GET has no transaction of its own; that somebody looked is told to the asker.
        run(lambda: answering.note_opened(found, by=by, at=at))
    page = pages.tasks_of(found, by, london_day(at))
    filters = filters_of(page.tasks)
    who = next((value for value, _ in filters if value == request.args.get("who")), "")
    return render_template(
        "answering/tasks.html",
        page=page,
        filters=filters,
        who=who,
        tasks=filtered(page.tasks, who),
        notes=notes_of(found),
        names=accounts.names_of(note.by for note in notes_of(found)),
        extensions=extensions_of(found),
        certified=agencies.has_certifier(by.agency or 0, london_day(at)),
    )


@blueprint.get("/answering/<int:request_id>/questions")
@signed_in
def questions(request_id: int) -> ResponseReturnValue:
    """Every question of a request in full on one page, to print or to pass on."""
    by, today = actor(), _today()
    found = access.request_to_answer(request_id, by, today)
    return render_template("answering/questions.html", page=pages.tasks_of(found, by, today), wanted=WANTED)


@blueprint.route("/answering/items/<int:item_id>", methods=["GET", "POST"])
@signed_in
@receives_files(_permit)
@writes
def item(item_id: int) -> ResponseReturnValue:
    """One item: what is asked and why, what was sent before, and the answer; saving sends nothing."""
    found = access.item_to_answer(item_id, actor(), _today())
    if found.question.kind == ATTENDANCE:
        return redirect(url_for("attendance.answer", item_id=found.id))
    form = _answer_form(found)
    if request.method == "POST":
        return _save(found, form)
    return _item_page(found, form)


def _answer_form(found: Item) -> AnswerForm:
    """The form of an item, beginning with what is saved."""
    begun = pages.typed_of(found)
    data = {name: getattr(begun, name) for name in begun.__slots__}
    return AnswerForm(
        data=data | {"version": found.version},
        readers=who_may_open(found.request.review, _today()) if may_hold_personal(found.request.review) else None,
        limit_mb=current_app.config["SETTINGS"].max_upload_mb,
    )


def _save(found: Item, form: AnswerForm) -> ResponseReturnValue:
    """Keep files first, whatever else is wrong; then what was typed, unless a colleague saved meanwhile."""
    by, at = actor(), now()
    stale = form.seen is not None and form.seen != found.version
    theirs, valid = pages.versions(found, form.typed), form.validate()
    changed_by = pages.kept_since(found, by)
    if found.state not in ANSWERABLE or found.request.state != "issued":
        return _both_versions(found, form, theirs, changed_by, sent=True)
    before = pages.typed_of(found)
    typed = form.typed_over(before)
    # One's own second press, or one's own other tab that saved the same, is no other version.
    stale = stale and not (typed == before and getattr(draft_of(found), "by", "") == by.reference)
    _keep_files(found, form, valid)
    if stale:
        return _both_versions(found, form, theirs, changed_by)
    nothing = {typed.period, typed.exempt_ground} <= {before.period, before.exempt_ground, ""} and typed.as_at in (
        before.as_at,
        None,
    )
    if form.is_empty and not pages.files_of(found) and nothing:
        form.text.errors = [gettext("Write an answer, give figures or add a file. If you do not hold this, say so instead")]
        return _item_page(found, form)
    try:
        draft = answering.keep_answer(found, typed, by=by, at=at)
    except Stale:
        return _both_versions(found, form, theirs, changed_by)
    except Refused as refused:
        form.form_errors.append(refused.sentence)
        return _item_page(found, form)
    return _after_saving(found, form, pages.faults_to_send(draft))


def _keep_files(found: Item, form: AnswerForm, valid: bool) -> None:
    """Add the files that came and take out the one to be removed; each refusal is said at the box for files."""
    by, at, faults = actor(), now(), list(uploads().faults)
    marking = form.typed.marking if valid else ""
    stored.take_turns(received.sha256 for received in uploads().received)
    for received in uploads().received:
        try:
            answering.keep_file(found, received, marking=marking, by=by, at=at)
        except Refused as refused:
            faults.append(refused.sentence)
    if (removed := whole_or_none(request.form.get("remove"))) is not None:
        file = access.file_to_remove(found, removed)
        answering.remove_file(found, file, by=by, at=at)
    if faults:  # one error of the box, which names every file
        form.files.errors = [" ".join(map(full_stop, [*form.files.errors, *faults])).removesuffix(".")]


def _after_saving(found: Item, form: AnswerForm, faults: list[tuple[str, str]]) -> ResponseReturnValue:
    """To the next item that needs an answer, to the list, or back to this one where something could not be kept.

    What an incomplete draft lacks is said, and is no error before somebody wants to send it.
    """
    then = request.form.get("then", "")
    if form.unreadable:  # the draft cannot hold it, so it stays with its writer, on what has just been saved
        words = posted_words().on_version(found.version)
        keep_unsaved(words, person=actor().person or 0, address=request.path, page=request.path, refused=False, at=now())
    if form.unreadable or form.files.errors:
        g.words_are_saved = not form.unreadable
        flash(_saved_in_part(found, form))
        return _item_page(found, form)
    if request.form.get("remove"):
        flash(gettext("The file is removed"), "success")
        return redirect(url_for(".item", item_id=found.id))
    if then.startswith("reuse-"):
        return redirect(url_for("reusing.reuse", item_id=found.id, answer=then.removeprefix("reuse-")))
    flash(gettext("Item %(number)s is saved. Nothing is sent yet", number=found.number), "success")
    if faults:
        flash(
            gettext(
                "Before you send item %(number)s: %(what)s",
                number=found.number,
                what=" ".join(full_stop(said) for _, said in faults),
            )
        )
    following = pages.next_item(found.request, found, actor(), _today())
    before = beside(found, actor(), _today()).before
    if then == "previous" and before is not None:
        return redirect(url_for(".item", item_id=before.id))
    if then in ("list", "previous"):
        return redirect(url_for(".tasks", request_id=found.request_id))
    if following is not None:
        return redirect(url_for(".item", item_id=following.id))
    return redirect(url_for("answering_sending.check", request_id=found.request_id))


def _saved_in_part(found: Item, form: AnswerForm) -> str:
    """What of an incomplete draft is saved, and what is not."""
    if not form.unreadable:
        return gettext(
            "Item %(number)s is saved as a draft. Put right what is named below before you send it", number=found.number
        )
    left = listed([f"“{field.label.text}”" for field in (form.period, form.as_at, form.marking) if field.errors])
    return gettext(
        "Item %(number)s is saved as a draft, but not what you entered in %(boxes)s. Put that right and save again",
        number=found.number,
        boxes=left,
    )


def _item_page(found: Item, form: AnswerForm) -> ResponseReturnValue:
    """The page of an item, with the form as it was typed and the files as they are kept."""
    _now_at(form, found)
    by, today = actor(), _today()
    draft = draft_of(found)
    lacking = pages.lacking_to_send(found) if found.state in ANSWERABLE else []
    may_reuse = found.state in ANSWERABLE and not by.capacity.only
    files = [pages.file_row(one) for one in pages.files_of(found)]
    return render_template(
        "answering/item.html",
        form=form,
        item=found,
        request_=found.request,
        wanted=WANTED[found.question.kind],
        law=sentence(item_basis(found), AGENCY, ask_by=found.due_on),
        open=found.state in ANSWERABLE and found.request.state == "issued",
        draft=pages.shown(draft, today) if draft else None,
        files=files,
        folds=form.folds(found.question, has_files=bool(files)),
        beside=beside(found, by, today),
        lacking=lacking,
        sent=[pages.shown(one, today) for one in found.answers if one.submitted_at is not None],
        declined=[pages.declined(one) for one in found.declines],
        may_correct=correcting.answers_to_correct(found, by),
        may_take_back=pages.may_take_back(found, by, today),
        taken_back=pages.taken_back(found),
        earlier=[pages.shown(one, today) for one in earlier_answers(found, by.agency or 0)] if may_reuse else [],
        task=next(one for one in pages.tasks_of(found.request, by, today).tasks if one.item.id == found.id),
    )


def _both_versions(
    found: Item, form: AnswerForm, rows: list[dict[str, str]], who: tuple[str, object] | None, *, sent: bool = False
) -> ResponseReturnValue:
    """A colleague saved first, or has sent it: both versions side by side, and the form as it was typed."""
    _now_at(form, found)
    name, when = who or (gettext("A colleague"), None)
    # Who saved it stands beside the moment.
    said = gettext("on %(moment)s", moment=moment(when)) if when else gettext("just now")  # type: ignore[arg-type]
    page = "answering/versions.html"
    waits = sent and found.state == "with_certifier" and found.request.state == "issued"
    dropped = [received.name for received in uploads().received] if sent else []
    shown = {"form": form, "item": found, "rows": rows, "who": name, "when": said}
    return render_template(page, **shown, sent=sent, waits=waits, dropped=dropped), 409 if sent else 200


def _now_at(form: AnswerForm, found: Item) -> None:
    """Let the form speak of the version as it is now: what is saved next is saved knowingly."""
    form.version.data = found.version


@blueprint.route("/answering/<int:request_id>/question", methods=["GET", "POST"])
@signed_in
@writes
def question(request_id: int) -> ResponseReturnValue:
    """Ask the asker what is meant, about the request or one of its items (?item=)."""
    by, at = actor(), now()
    found = access.request_to_answer(request_id, by, london_day(at))
    about = _item_named(found)
    form = QuestionForm()
    if form.validate_on_submit():
        answering.ask_question(found, form.text.data, item=about, by=by, at=at)
        flash(
            gettext(
                "Your question is sent. %(queued_now)s The reply is shown with the request.",
                queued_now=queued_now("question_asked"),
            ),
            "success",
        )
        return redirect(url_for(".tasks", request_id=found.id))
    asked = [about] if about else [one for one in items_held(found, by.agency, london_day(at)) if one.state in UNFINISHED]
    effects = [clarifying.effect_of(one, london_day(at)) for one in asked]
    return render_template(
        "answering/question.html",
        form=form,
        request_=found,
        item=about,
        stops=sum(one != NONE for one in effects),
        runs_on=effects.count(NONE),
    )


@blueprint.route("/answering/<int:request_id>/more-time", methods=["GET", "POST"])
@signed_in
@writes
def more_time(request_id: int) -> ResponseReturnValue:
    """Ask for more time, for one item or for all that is open."""
    by, at = actor(), now()
    found = access.request_to_answer(request_id, by, london_day(at))
    items = [one for one in items_held(found, by.agency, london_day(at)) if one.state in UNFINISHED]
    about = _item_named(found)
    form = ExtensionForm(pages.words_of(items), data={"what": str(about.id) if about else EVERYTHING})
    if form.validate_on_submit():
        chosen = next((one for one in items if str(one.id) == form.what.data), None)
        assert form.until_on.data is not None  # InputRequired
        try:
            answering.ask_extension(found, form.until_on.data, form.reason.data, item=chosen, by=by, at=at)
        except Refused as refused:
            undo()
            form.until_on.errors = [refused.sentence]
        else:
            closed = closed_day_words(form.until_on.data, found.agency)
            sent = gettext("Your request for more time has been sent. The due date stays the same until it is decided.")
            flash(f"{sent} {closed}".rstrip(" ."), "success")
            return redirect(url_for(".tasks", request_id=found.id))
    return render_template("answering/more_time.html", form=form, request_=found)


@blueprint.post("/answering/extensions/<int:extension_id>/take-back")
@signed_in
@writes
def take_back(extension_id: int) -> ResponseReturnValue:
    """Take back a wish for more time."""
    extension = access.extension_to_take_back(extension_id, actor(), _today())
    answering.take_back_extension(extension, by=actor(), at=now())
    flash(gettext("You have withdrawn your request for more time"), "success")
    return redirect(url_for(".tasks", request_id=extension.request_id))


def _item_named(found: EvidenceRequest) -> Item | None:
    """The item of this agency that ?item= names, if any."""
    wanted = request.args.get("item", 0, type=whole)
    return next((one for one in items_held(found, actor().agency, _today()) if one.id == wanted), None)
