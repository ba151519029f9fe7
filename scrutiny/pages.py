"""What every page has: navigation, today's date, the name of the service, and the headers that keep it safe."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import IO, Any

from flask import Flask, Response, current_app, g, request, send_file, url_for

from scrutiny.doors import actor
from scrutiny.formats import london_day

# Everything a page needs comes from us; a style or script written into a page by somebody else does not run.
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)


def now() -> datetime:
    """This moment, in UTC; for views and commands only."""
    return datetime.now(UTC)


def today() -> date:
    """This day in London; for views and commands only."""
    return london_day(now())


def init_app(app: Flask) -> None:
    """Give every template what the layout needs."""
    app.context_processor(_for_layout)


def _for_layout() -> dict[str, Any]:
    """The service name, who is signed in, the navigation and today."""
    by = actor()
    return {
        "service_name": "Area Scrutiny",
        "actor": by,
        "navigation": _navigation() if by.person is not None else [],
        "today": today(),
        "demo": current_app.config["SETTINGS"].demo,
        "cspNonce": g.get("nonce", ""),
    }


def _navigation() -> list[dict[str, Any]]:
    """The parts of the service this actor comes for, the present one marked."""
    by = actor()
    wanted = [("Find a place", "public.front")]
    if by.agency is not None or by.body is not None or by.request is not None:
        wanted.append(("My work", "worklist.inbox"))
    if by.body is not None:
        wanted.append(("Reviews", "worklist.reviews"))
    if by.administrator:
        wanted.append(("Administration", "upkeep.administration"))
    return [
        {"text": text, "href": url_for(endpoint), "active": request.endpoint == endpoint}
        for text, endpoint in wanted
        if endpoint in current_app.view_functions
    ]


def set_headers(response: Response) -> Response:
    """The headers every answer carries; pages of people who are signed in are not kept by anyone."""
    response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=g.get("nonce", "")))
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if current_app.config["SETTINGS"].secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if actor().person is not None:
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
