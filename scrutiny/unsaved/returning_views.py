"""Between a refusal and the form it was sent from: what was typed is kept, and put back where it was typed.

A form that comes with a stale token, or after the session has ended, writes nothing. Its words are kept for the person its
page was drawn for, which the token itself says under our seal, and are put back into the form when that person sees it again.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, flash, g, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from scrutiny.accounts.security import session_person
from scrutiny.doors import SignInFirst, actor
from scrutiny.errors import answer_with
from scrutiny.extensions import db
from scrutiny.form_tokens import signed_part
from scrutiny.pages import SECRET_PARTS, now
from scrutiny.posted_words import Posted, label_boxes, posted_words
from scrutiny.sent_from import address_sent_to, page_sent_from, without_key
from scrutiny.transaction import run
from scrutiny.unsaved import refill, service
from scrutiny.unsaved.models import UnsavedForm


def init_app(app: Flask) -> None:
    """Say whose each page is, catch what is refused for its token or its session, and put words back."""
    app.before_request(_mark_session)
    app.after_request(_put_back)
    app.after_request(_forget_what_was_sent)
    app.register_error_handler(CSRFError, _refused)
    app.register_error_handler(SignInFirst, _refused)


def _mark_session() -> None:
    """Let every form token of a session say for whom its page was drawn."""
    person = session_person() if "csrf_token" not in session and "_user_id" in session else None
    if person is not None:
        session["csrf_token"] = f"{person.id}.{secrets.token_hex(20)}"


def _drawn_for() -> tuple[bool, int | None]:
    """Whether the form that was sent is one of ours, however old, and for whom its page was drawn: None for a stranger."""
    tokens = URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="wtf-csrf-token")
    try:
        said = tokens.loads(signed_part(request.form.get("csrf_token") or request.headers.get("X-CSRFToken") or ""))
    except SignatureExpired as old:
        said = old.payload and tokens.load_payload(old.payload)
    except (BadSignature, HTTPException):
        # No token of ours: a browser that says where the form came from is believed as to who sits at it.
        ours = request.headers.get("Origin", "").rstrip("/") == request.host_url.rstrip("/")
        return ours and actor().person is not None, actor().person
    owner, dot, _ = str(said).partition(".")
    return True, int(owner) if dot and owner.isdecimal() else None


def _refused(error: HTTPException) -> ResponseReturnValue:
    """A form whose token is stale, or whose session has ended: nothing is done, and nothing typed is lost."""
    if request.path.startswith("/api/") or _is_from_elsewhere():
        return answer_with(400, gettext("This form was not sent from a page of this site, so nothing was done"))
    here = actor().person
    ours, owner = _drawn_for()
    if request.headers.get("Accept") == "application/json":
        return _why_not_kept(here, owner if ours else None)
    g.words_kept = True
    page = page_sent_from()
    posted = Posted() if SECRET_PARTS & {*(request.view_args or {})} else posted_words()
    if ours and here is not None and owner not in (None, here):
        return _of_somebody_else(posted, owner or 0, page)
    if not ours or (owner is None and _needs_sign_in()):
        return _shown_at_once()
    if not posted.is_worth_keeping:
        flash(gettext("This page had been open too long, so nothing was done. Press the button again"))
        return redirect(page or "/", 303)
    if owner is None:
        kept_at = _kept_for_stranger(posted, page) if page else ""
        return redirect(kept_at, 303) if kept_at else _shown_at_once()
    if here is None and not _needs_sign_in():
        return _shown_at_once()
    number = _kept(posted, owner, page)
    if number is None:
        return _shown_at_once()
    there = page or url_for("unsaved.form", unsaved_id=number)
    return redirect(there if here is not None else url_for("accounts.sign_in", next=there, kept=1), 303)


def _why_not_kept(here: int | None, owner: int | None) -> ResponseReturnValue:
    """What a script is told that meant to keep a draft: who is `here`, and the `owner` the page was drawn for, decide."""
    if here is None:
        return jsonify(why=gettext("you have been signed out")), 401
    if owner not in (None, here):
        return jsonify(why=gettext("somebody else has signed in in this browser")), 409
    return jsonify(why=gettext("this page has been open too long")), 400


def _is_from_elsewhere() -> bool:
    """Whether the browser says that another site sent this form."""
    origin = request.headers.get("Origin", "")
    told = request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
    return told or (origin not in ("", "null") and urlsplit(origin).netloc != request.host)


def _needs_sign_in() -> bool:
    """Whether the form is one for people who have signed in."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "door", "") != "public"


def _shown_at_once() -> Response:
    """The words in the answer itself, where they cannot be kept."""
    return answer_with(400, gettext("This page was open too long to be saved safely, so nothing was done"))


def _of_somebody_else(posted: Posted, owner: int, page: str) -> Response:
    """Another person has signed in in this browser since: the words stay their writer's, and are shown to nobody else."""
    g.hide_posted = True
    said = gettext("You are signed in as %(name)s, but somebody else opened this page, so nothing was done", name=actor().name)
    if posted.is_worth_keeping and _kept(posted, owner, page):
        said += ". " + gettext("What was typed is kept for 24 hours, and is shown again when they sign in and open the page")
    return answer_with(409, said)


def _kept(posted: Posted, owner: int, page: str) -> int | None:
    """Keep what was typed for a person, and the number it is kept under; None where it cannot be kept."""
    address = address_sent_to()

    def deed() -> tuple[int, int] | None:
        kept = service.keep(posted, person=owner, address=address, page=page or address, refused=True, at=now())
        return (kept.form.id, kept.dropped) if kept else None

    try:
        done = run(deed)
    except SQLAlchemyError:
        return None
    if done is not None and done[1] and owner == actor().person:
        flash(service.words_dropped(done[1]))
    return done[0] if done else None


def _kept_for_stranger(posted: Posted, page: str) -> str:
    """Keep what was typed on a public page, and the address with its key; '' where there is nothing or it cannot be kept."""
    if not posted.is_worth_keeping:
        return ""
    browser = service.Browser(session.setdefault("browser", secrets.token_urlsafe(32)), request.remote_addr or "")
    try:
        key = run(lambda: service.keep_for_stranger(posted, browser, address=address_sent_to(), page=page, at=now()))
    except SQLAlchemyError:
        return ""
    return f"{page}{'&' if '?' in page else '?'}kept={key}" if key else ""


def _put_back(response: Response) -> Response:
    """Put what was typed on this page and not saved back into its form, and say so."""
    if request.method != "GET" or request.blueprint == "unsaved":
        return response
    if response.mimetype != "text/html" or response.direct_passthrough:
        return response
    form, key = _form_kept()
    if form is None:
        return response
    if 300 <= response.status_code < 400:
        # The page is no page any more, and leads to another: what was refused is shown on one of its own.
        return redirect(url_for("unsaved.form", unsaved_id=form.id)) if form.refused and form.person_id else response  # type: ignore[return-value]  # a redirect is Flask's own response
    posted = service.open_form(form, key)
    done = refill.refill(response.get_data(as_text=True), without_key(request.full_path.rstrip("?")), form.address, posted)
    left = [box for box in label_boxes(form.address, done.left) if box.label and box.value.strip()]
    if done.found and not (done.changed or left or form.refused or posted.files):
        return response  # what was kept is what stands there
    stood = label_boxes(form.address, done.stood)
    changed = [box.label for box in label_boxes(form.address, ((name, name) for name in done.changed)) if box.label]
    notice = render_template(
        "unsaved/notice.html", form=form, done=done, left=left, stood=stood, changed=changed, files=posted.files
    )
    before, main, after = done.page.partition('id="main-content"')
    rest, end, inside = after.partition(">")
    response.set_data(before + main + rest + end + notice + inside)
    if form.person_id is None or (done.found and not done.changed and not left):
        run(lambda: service.forget(form))  # a key opens once; and what stands in the form anyway need not be kept
    return response


def _form_kept() -> tuple[UnsavedForm | None, str]:
    """The words kept for whoever asks, for this page; and their key, where a stranger's has one.

    An address is copied, sent on and logged: it opens nothing without the browser that the words were typed in.
    """
    person, key = actor().person, ""
    if request.args.get("kept") and "browser" in session:
        key = request.args["kept"] + session["browser"]
    try:
        if key and (form := service.find_by_key(key, at=now())) is not None:
            return (form, key) if form.page == without_key(request.full_path.rstrip("?")) else (None, "")
        if person is None or request.endpoint is None:
            return None, ""
        return service.find_on_page(person, without_key(request.full_path.rstrip("?")), at=now()), ""
    except SQLAlchemyError:
        db.session.rollback()
        return None, ""


def _forget_what_was_sent(response: Response) -> Response:
    """A form that was taken is kept no longer."""
    person = actor().person
    taken = 300 <= response.status_code < 400 or g.get("words_are_saved", False)
    if request.method != "POST" or person is None or not taken or g.get("words_kept", False):
        return response
    address = address_sent_to()
    try:
        if service.is_kept(person, address):
            run(lambda: service.forget_sent(person, address))
    except SQLAlchemyError:
        current_app.logger.exception("what was sent to %s is still kept as unsaved", request.url_rule)
    return response
