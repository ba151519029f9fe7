"""What every page has: navigation, today's date, the name of the service, and the headers that keep it safe."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import IO
from urllib.parse import unquote, urlencode, urlsplit

from flask import Flask, Response, current_app, g, request, send_file, url_for
from flask_babel import gettext

from scrutiny.doors import actor
from scrutiny.formats import london_day

# Everything a page needs comes from us; a style or script written into a page by somebody else does not run.
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)


#: Where the application keeps what the database said of itself: whether everything in it is invented.
DEMO = "demo"
#: Parts of an address, and of its query, that are secrets of whoever was given it.
SECRET_PARTS, SECRET_ARGUMENTS = {"token", "feed_key"}, {"key", "kept"}
SIGN_IN = "/sign-in"
#: What no page of ours asks a browser for; passkeys are asked for by ours alone.
NOT_USED = (
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), "
    "midi=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)"
)


def is_demo() -> bool:
    """Whether this database holds invented people only: what it said itself, never the environment alone."""
    return bool(current_app.extensions.get(DEMO))


def now() -> datetime:
    """This moment, in UTC; for views and commands only."""
    return datetime.now(UTC)


def moment_dealt_with() -> datetime:
    """The moment in which the form that was sent is dealt with."""
    return now()


def today() -> date:
    """This day in London; for views and commands only."""
    return london_day(now())


def init_app(app: Flask) -> None:
    """Give every template what the layout needs."""
    app.context_processor(_for_layout)
    app.add_template_filter(own_path)


def own_path(typed: str | None) -> str:
    """A path of ours to go to or back to, else ''. Never another site, however it is written.

    Whatever somebody sent (an address to go on to, the page a form stands on, Referer) is asked about here.
    """
    if not typed or len(typed) > 500 or not typed.startswith("/") or typed.startswith(("//", "/\\")):
        return ""
    parts = urlsplit(typed)
    plain = all(32 < ord(character) != 127 and character != "\\" for character in typed)
    # What a proxy may decode or shorten before a browser sees it must not become // either.
    shortened = unquote(unquote(typed.partition("?")[0])).replace("\\", "/").replace("/./", "/")
    return typed if plain and not parts.scheme and not parts.netloc and not shortened.startswith("//") else ""


def keep_on_site(response: Response) -> Response:
    """No answer of ours leads to another site, whatever view or library made it; read as a browser reads it."""
    to = "".join(character for character in response.location or "" if ord(character) > 32).replace("\\", "/")
    try:
        parts = urlsplit(to)
        ours = parts.scheme in ("http", "https") and parts.netloc == request.host
        elsewhere = to.startswith("//") or (not ours and bool(parts.scheme or parts.netloc))
    except ValueError:
        elsewhere = True
    if elsewhere:
        current_app.logger.warning("%s would have led to another site", request.url_rule)
        response.location = "/"
    return response


def _for_layout() -> dict[str, object]:
    """The service name, who is signed in, the navigation and today."""
    by = actor()
    return {
        "service_name": "Area Scrutiny",
        "actor": by,
        "navigation": _navigation() if by.person is not None else [],
        "sign_in": _sign_in(),
        "today": today(),
        "demo": is_demo(),
        "cspNonce": g.get("nonce", ""),
        "is_open": getattr(current_app.view_functions.get(request.endpoint or ""), "door", "") == "public",
    }


def _sign_in() -> str:
    """The address to sign in at, from which one comes back to the page that is shown now.

    Not to the front page, from where everybody goes on to their own work, nor to an address that holds a secret.
    """
    secret = SECRET_PARTS & {*(request.view_args or {})} or SECRET_ARGUMENTS & {*request.args}
    shown = request.method == "GET" and request.endpoint is not None and not secret
    here = own_path(request.full_path.rstrip("?")) if shown and request.path not in ("/", SIGN_IN) else ""
    return f"{SIGN_IN}?{urlencode({'next': here})}" if here else SIGN_IN


def _navigation() -> list[dict[str, object]]:
    """The parts of the service this actor comes for, the present one marked."""
    by = actor()
    wanted = [(gettext("Find a place"), "public.front")]
    if by.agency is not None or by.body is not None or by.request is not None:
        wanted.append((gettext("My work"), "worklist.inbox"))
    if by.body is not None:
        wanted.append((gettext("Reviews"), "worklist.reviews"))
    if by.body is not None or by.agency is not None:
        wanted.append((gettext("Agenda"), "agenda.of_somebody"))
    if by.administrator:
        wanted.append((gettext("Administration"), "upkeep.administration"))
    return [
        {"text": text, "href": url_for(endpoint), "active": request.endpoint == endpoint}
        for text, endpoint in wanted
        if endpoint in current_app.view_functions
    ]


def set_headers(response: Response) -> Response:
    """The headers every answer carries; pages for one person, or for whoever holds a key, are not kept by anyone."""
    response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=g.get("nonce", "")))
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", NOT_USED)
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    # Pages of other sites may read the published record, never what a key or a session opens.
    reads = request.path.startswith(("/api/", "/data/")) and request.method in ("GET", "HEAD")
    if reads and actor().person is None and "Authorization" not in request.headers:
        response.headers.setdefault("Access-Control-Allow-Origin", "*")
    if current_app.config["SETTINGS"].secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if actor().person is not None or SECRET_PARTS & {*(request.view_args or {})} or SECRET_ARGUMENTS & {*request.args}:
        response.headers["Cache-Control"] = "no-store"
    return response


def as_download(file: IO[bytes], media_type: str, name: str, *, shown: bool = False) -> Response:
    """An open file sent in pieces and closed after; always to be kept, unless it is to be `shown` in a page."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    response = send_file(file, media_type, as_attachment=not shown, download_name=None if shown else name)
    response.content_length = size
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
