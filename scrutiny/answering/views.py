"""Pages of the agency that answers: the task list, one item a page, and what may be said in place of an answer."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scrutiny.accounts import queries as accounts
from scrutiny.agencies import queries as agencies
from scrutiny.answering import access
from scrutiny.answering import presenters as pages
from scrutiny.answering import service as answering
from scrutiny.answering.acting import actor
from scrutiny.answering.forms import (
    EVERYTHING,
    WANTED,
    AnswerForm,
    ExtensionForm,
    HandForm,
    NotHeldForm,
    QuestionForm,
    RedirectForm,
    RefuseForm,
)
from scrutiny.answering.queries import ANSWERABLE, UNFINISHED, draft_of, earlier_answers, items_held
from scrutiny.doors import signed_in
from scrutiny.evidence.queries import may_hold_personal
from scrutiny.evidence.uploads import receives_files, uploads
from scrutiny.formats import london_day, moment
from scrutiny.legal_words import AGENCY, sentence
from scrutiny.pages import now
from scrutiny.requests import clarifying
from scrutiny.requests.legal_basis import item_basis
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import extensions_of, notes_of
from scrutiny.reviews.enquiry import ATTENDANCE
from scrutiny.transaction import run, undo, writes
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
    return render_template(
        "answering/tasks.html",
        page=pages.tasks_of(found, by, london_day(at)),
        notes=notes_of(found),
        names=pages.names_of(note.by for note in notes_of(found)),
        extensions=extensions_of(found),
        certified=agencies.has_certifier(by.agency or 0, london_day(at)),
    )


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
        personal=may_hold_personal(found.request.review),
        limit_mb=current_app.config["SETTINGS"].max_upload_mb,
    )


def _save(found: Item, form: AnswerForm) -> ResponseReturnValue:
    """Keep files first, whatever else is wrong; then what was typed, unless a colleague saved meanwhile."""
    by, at = actor(), now()
    stale = form.seen is not None and form.seen != found.version
    theirs, valid = pages.versions(found, form.typed), form.validate()
    changed_by = pages.kept_since(found)
    if found.state not in ANSWERABLE or found.request.state != "issued":
        return _both_versions(found, form, theirs, changed_by, sent=True)
    _keep_files(found, form, valid)
    if stale:
        return _both_versions(found, form, theirs, changed_by)
    if not valid or form.files.errors:
        return _item_page(found, form)
    if form.is_empty and not pages.files_of(found):
        form.text.errors = ["Write an answer, give figures or add a file. If you do not hold this, say so instead"]
        return _item_page(found, form)
    try:
        answering.keep_answer(found, form.typed, by=by, at=at)
    except Stale:
        return _both_versions(found, form, theirs, changed_by)
    except Refused as refused:
        form.form_errors.append(refused.sentence)
        return _item_page(found, form)
    return _after_saving(found)


def _keep_files(found: Item, form: AnswerForm, valid: bool) -> None:
    """Add the files that came and take out the one to be removed; each refusal is said at the box for files."""
    by, at, faults = actor(), now(), list(uploads().faults)
    marking = form.typed.marking if valid else ""
    for received in uploads().received:
        try:
            answering.keep_file(found, received, marking=marking, by=by, at=at)
        except Refused as refused:
            faults.append(refused.sentence)
    if (removed := whole_or_none(request.form.get("remove"))) is not None:
        file = access.file_to_remove(found, removed)
        answering.remove_file(found, file, by=by, at=at)
    form.files.errors = [*form.files.errors, *faults]


def _after_saving(found: Item) -> ResponseReturnValue:
    """To the next item that needs an answer, back to this one, or to the list."""
    if request.form.get("remove"):
        flash("The file is removed", "success")
        return redirect(url_for(".item", item_id=found.id))
    flash(f"Item {found.number} is saved. Nothing is sent yet", "success")
    following = pages.next_item(found.request, found, actor(), _today())
    if request.form.get("then") == "list":
        return redirect(url_for(".tasks", request_id=found.request_id))
    if following is not None:
        return redirect(url_for(".item", item_id=following.id))
    return redirect(url_for("answering_sending.check", request_id=found.request_id))


def _item_page(found: Item, form: AnswerForm) -> ResponseReturnValue:
    """The page of an item, with the form as it was typed and the files as they are kept."""
    _now_at(form, found)
    by, today = actor(), _today()
    draft = draft_of(found)
    may_reuse = found.state in ANSWERABLE and not by.capacity.only
    return render_template(
        "answering/item.html",
        form=form,
        item=found,
        request_=found.request,
        wanted=WANTED[found.question.kind],
        law=sentence(item_basis(found), AGENCY),
        open=found.state in ANSWERABLE and found.request.state == "issued",
        draft=pages.shown(draft) if draft else None,
        files=[pages.file_row(one) for one in pages.files_of(found)],
        sent=[pages.shown(one) for one in found.answers if one.submitted_at is not None],
        earlier=[pages.shown(one) for one in earlier_answers(found, by.agency or 0)] if may_reuse else [],
        task=next(one for one in pages.tasks_of(found.request, by, today).tasks if one.item.id == found.id),
    )


def _both_versions(
    found: Item, form: AnswerForm, rows: list[dict[str, str]], who: tuple[str, object] | None, *, sent: bool = False
) -> ResponseReturnValue:
    """A colleague saved first, or has sent it: both versions side by side, and the form as it was typed."""
    _now_at(form, found)
    name, when = who or ("A colleague", None)
    said = f"on {moment(when)}" if when else "just now"  # type: ignore[arg-type]  # who saved it stands beside the moment
    page = "answering/versions.html"
    return render_template(page, form=form, item=found, rows=rows, who=name, when=said, sent=sent), 409 if sent else 200


def _now_at(form: AnswerForm, found: Item) -> None:
    """Let the form speak of the version as it is now: what is saved next is saved knowingly."""
    form.version.data = found.version


@blueprint.post("/answering/items/<int:item_id>/reuse")
@signed_in
@writes
def reuse(item_id: int) -> ResponseReturnValue:
    """Use an answer this agency sent before."""
    by, at = actor(), now()
    found = access.item_to_answer(item_id, by, london_day(at))
    earlier = access.answer_to_reuse(found, request.form.get("answer", 0, type=whole), by)
    answering.reuse_answer(found, earlier, by=by, at=at)
    flash("The earlier answer stands here now. Change it if need be: the earlier one stays as it was", "success")
    return redirect(url_for(".item", item_id=found.id))


@blueprint.route("/answering/items/<int:item_id>/hand", methods=["GET", "POST"])
@signed_in
@writes
def hand(item_id: int) -> ResponseReturnValue:
    """Hand an item to a colleague of the same agency."""
    by, at = actor(), now()
    found = access.item_to_answer(item_id, by, london_day(at))
    people = [] if by.capacity.only else agencies.members(by.agency or 0, london_day(at))
    form = HandForm([(person.id, person.name) for person in people])
    if form.validate_on_submit():
        person = accounts.person(int(form.person.data))
        assert person is not None  # one of the choices
        answering.hand_item(found, person, by=by, at=at)
        flash(f"{person.name} has item {found.number} now", "success")
        return redirect(url_for(".tasks", request_id=found.request_id))
    return render_template("answering/hand.html", form=form, item=found)


@blueprint.route("/answering/items/<int:item_id>/not-held", methods=["GET", "POST"])
@signed_in
@writes
def not_held(item_id: int) -> ResponseReturnValue:
    """Say that the agency does not hold what is asked."""
    found = access.item_to_answer(item_id, actor(), _today())
    form = NotHeldForm()
    if form.validate_on_submit():
        answering.say_not_held(found, form.why.data, by=actor(), at=now())
        return _told(found)
    return render_template("answering/instead.html", form=form, item=found, title="We do not hold this")


@blueprint.route("/answering/items/<int:item_id>/refuse", methods=["GET", "POST"])
@signed_in
@writes
def refuse(item_id: int) -> ResponseReturnValue:
    """Refuse an item, giving the ground."""
    found = access.item_to_answer(item_id, actor(), _today())
    form = RefuseForm()
    if form.validate_on_submit():
        answering.refuse_item(found, form.ground.data, by=actor(), at=now())
        return _told(found)
    return render_template("answering/instead.html", form=form, item=found, title="Refuse this item")


@blueprint.route("/answering/items/<int:item_id>/redirect", methods=["GET", "POST"])
@signed_in
@writes
def redirect_item(item_id: int) -> ResponseReturnValue:
    """Not us, it is X."""
    found = access.item_to_answer(item_id, actor(), _today())
    form = RedirectForm()
    if form.validate_on_submit():
        answering.redirect_item(found, form.to.data, why=form.why.data, by=actor(), at=now())
        return _told(found)
    return render_template("answering/instead.html", form=form, item=found, title="It is not us who hold this")


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
        flash("Your question is sent. The reply comes by e-mail and is shown with the request", "success")
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
            flash("Your wish for more time is sent. Until it is decided the date stays as it is", "success")
            return redirect(url_for(".tasks", request_id=found.id))
    return render_template("answering/more_time.html", form=form, request_=found)


@blueprint.post("/answering/extensions/<int:extension_id>/take-back")
@signed_in
@writes
def take_back(extension_id: int) -> ResponseReturnValue:
    """Take back a wish for more time."""
    extension = access.extension_to_take_back(extension_id, actor(), _today())
    answering.take_back_extension(extension, by=actor(), at=now())
    flash("Your wish for more time is taken back", "success")
    return redirect(url_for(".tasks", request_id=extension.request_id))


def _item_named(found: EvidenceRequest) -> Item | None:
    """The item of this agency that ?item= names, if any."""
    wanted = request.args.get("item", 0, type=whole)
    return next((one for one in items_held(found, actor().agency, _today()) if one.id == wanted), None)


def _told(found: Item) -> ResponseReturnValue:
    """After something was said in place of an answer."""
    flash(f"Item {found.number}: the asker has been told", "success")
    return redirect(url_for(".tasks", request_id=found.request_id))
