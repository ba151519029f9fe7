"""The doors of pages: every view says who may knock; what they may then see is each room's `access`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import Unauthorized

from workflows.roles import ANYONE, Actor

View = TypeVar("View", bound=Callable[..., Any])


class SignInFirst(Unauthorized):
    """A form was sent by somebody who is not signed in, or not any more: what was typed must not be lost."""


def public(view: View) -> View:
    """A page anyone may open without signing in."""
    view.door = "public"  # type: ignore[attr-defined]  # read by the tests about the code
    return view


def signed_in(view: View) -> View:
    """A page for people who have signed in; `access` decides what they find there."""
    view.door = "signed_in"  # type: ignore[attr-defined]  # as above
    return view


def administrator(view: View) -> View:
    """A page for administrators of the instance; to others it is not there."""
    view.door = "administrator"  # type: ignore[attr-defined]  # as above
    return view


def actor() -> Actor:
    """Who is asking, and in which capacity; a stranger is ANYONE."""
    found: Actor = g.get("actor", ANYONE)
    return found


def guard() -> ResponseReturnValue | None:
    """Before each request: open the door the view declares, and no other; a view without a door stays shut.

    Whatever is sent is a form: WTForms would read JSON too, whose values may be lists, numbers or nothing where a view,
    and whoever counts what is tried, expects text.
    """
    if request.is_json and request.method not in ("GET", "HEAD") and request.routing_exception is None:
        abort(415, gettext("This address takes forms only, and no JSON"))
    if request.endpoint is None or request.endpoint == "static":
        return None
    door = getattr(current_app.view_functions.get(request.endpoint), "door", None)
    if door == "public":
        return None
    if door not in ("signed_in", "administrator"):
        abort(404)
    if actor().person is None:
        if request.path.startswith("/api/"):
            abort(401)
        if request.method not in ("GET", "HEAD"):
            raise SignInFirst()
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    if door == "administrator" and not actor().administrator:
        abort(404)
    return None
