"""What a person is told when something cannot be done: plain pages, JSON under /api, never a stack trace."""

from __future__ import annotations

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from workflows.refusals import Refused

PAGES = {400, 401, 403, 404, 405, 409, 413, 429, 500, 503}


def register_errors(app: Flask) -> None:
    """Join every error to its page."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _said(status: int, sentence: str) -> Response:
    """The error as a page, or as JSON for the API."""
    if request.path.startswith("/api/"):
        response = jsonify({"code": status, "message": sentence})
    else:
        page = status if status in PAGES else 400 if status < 500 else 500
        response = make_response(render_template(f"errors/{page}.html", sentence=sentence))
    response.status_code = status
    return response


def _refused(refusal: Refused) -> ResponseReturnValue:
    """A rule of the field said no: say which, and lose nothing."""
    return _said(409, refusal.sentence)


def _csrf(error: CSRFError) -> ResponseReturnValue:
    """The form was open too long, or was not ours."""
    return _said(400, "This page was open too long to be saved safely. Go back, refresh the page and save again")


def _http(error: HTTPException) -> ResponseReturnValue:
    """Whatever the web itself refuses; its headers (Allow, Retry-After) are kept."""
    if isinstance(error.response, Response):
        return error.response
    # What the web says of itself of a page that is not there is no help to a person; what we said is.
    own = request.path.startswith("/api/") or error.code != 404 or error.description != type(error).description
    response = _said(error.code or 500, (error.description or "") if own else "")
    response.headers.extend((k, v) for k, v in error.get_headers() if k in ("Allow", "Retry-After"))
    return response


def _unexpected(error: Exception) -> ResponseReturnValue:
    """Our fault: say so plainly; the log has the details."""
    if current_app.testing:
        raise error
    # A secret in an address, of a link or a feed, stays out of the log.
    secret = {"token", "feed_key"} & {*(request.view_args or {})} and request.url_rule is not None
    current_app.logger.exception("unexpected error on %s", request.url_rule if secret else request.path)
    return _said(500, "Something went wrong on our side. What you had saved is safe")
