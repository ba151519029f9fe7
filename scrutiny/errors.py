"""What a person is told when something cannot be done: plain pages, JSON under /api, never a stack trace."""

from __future__ import annotations

import errno

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError
from werkzeug.exceptions import HTTPException

from scrutiny import cannot_go_on
from scrutiny.adapters.sandbox import Busy
from scrutiny.adapters.shares import ShareTaken, seconds_to_wait
from scrutiny.posted_words import TypedBox, label_boxes, posted_words
from scrutiny.sent_from import page_sent_from
from scrutiny.transaction import undo
from workflows.refusals import Refused, Sentence

PAGES = {400, 401, 403, 404, 405, 409, 410, 413, 429, 500, 503}


def register_errors(app: Flask) -> None:
    """Join every error to its page, and let refusals speak the language of whoever reads them."""
    Sentence.say = gettext
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(OperationalError, _cannot_save)
    app.register_error_handler(InterfaceError, _cannot_save)
    app.register_error_handler(ProgrammingError, _not_its_tables)
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def answer_with(status: int, sentence: str, *, page: int = 0) -> Response:
    """The error as a page (that of its status unless another is given), or as JSON for the API."""
    if request.path.startswith("/api/") or request.path.endswith("/data.json"):
        response = jsonify({"code": status, "message": sentence})
    else:
        page = page or status if status in PAGES else 400 if status < 500 else 500
        response = make_response(render_template(f"errors/{page}.html", sentence=sentence, typed=_typed()))
    response.status_code = status
    return response


def _refused(refusal: Refused) -> ResponseReturnValue:
    """A rule of the field said no: say which, and lose nothing."""
    return answer_with(409, refusal.sentence)


def _busy(refusal: Busy) -> ResponseReturnValue:
    """Too much is waiting: nothing is wrong with what was asked for, and browsers and programs are told when to ask again."""
    response = answer_with(429 if isinstance(refusal, ShareTaken) else 503, refusal.sentence, page=503)
    response.headers["Retry-After"] = str(seconds_to_wait(refusal))
    return response


def _typed() -> list[TypedBox]:
    """What was typed into the form that was sent, to be shown again: each with its name, its label and its text."""
    if g.get("hide_posted", False) or request.headers.get("Accept") == "application/json":  # a script has it still
        return []
    fields = posted_words().fields
    filled = {name for name, value in fields if value.strip()}
    return label_boxes(request.path, ((name, value) for name, value in fields if name in filled), page_sent_from())


def _cannot_save(error: DBAPIError) -> ResponseReturnValue:
    """The database is away, its disk is full or another holds it too long: nothing is kept, and what was typed is given back."""
    undo()
    # Whoever asks could perhaps not be looked up, and is not asked for again while the page is drawn.
    g.setdefault("_login_user", None)
    current_app.logger.error("the database could not be used on %s: %s", request.url_rule, error.orig)
    said = gettext("This service cannot save anything at the moment") if request.method == "POST" else ""
    return answer_with(503, said)


def _not_its_tables(error: ProgrammingError) -> ResponseReturnValue:
    """A table or column is not there, as PostgreSQL says it (SQLite's word for it is that of a database that is away)."""
    return _cannot_save(error) if cannot_go_on.lacks_tables(error.orig) else _unexpected(error)


def _disk(error: OSError) -> ResponseReturnValue:
    """The disk that files are kept on is full or cannot be written: the same as where the database's is."""
    if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        return _unexpected(error)
    undo()
    current_app.logger.error("a file could not be kept on %s: %s", request.url_rule, error.strerror)
    return answer_with(503, gettext("This service cannot save anything at the moment") if request.method == "POST" else "")


def _http(error: HTTPException) -> ResponseReturnValue:
    """Whatever the web itself refuses; its headers (Allow, Retry-After) are kept."""
    if isinstance(error.response, Response):
        return error.response
    # What the web says of itself of a page that is not there, or of too much, is no help to a person; what we said is.
    own = request.path.startswith("/api/") or error.code not in (404, 413) or error.description != type(error).description
    response = answer_with(error.code or 500, (error.description or "") if own else "")
    response.headers.extend((k, v) for k, v in error.get_headers() if k in ("Allow", "Retry-After"))
    return response


def _unexpected(error: Exception) -> ResponseReturnValue:
    """Our fault: say so plainly; the log has the details."""
    if current_app.testing:
        raise error
    # A secret in an address, of a link or a feed, stays out of the log.
    secret = {"token", "feed_key"} & {*(request.view_args or {})} and request.url_rule is not None
    current_app.logger.exception("unexpected error on %s", request.url_rule if secret else request.path)
    return answer_with(500, gettext("Something went wrong on our side. What you had saved is safe"))
