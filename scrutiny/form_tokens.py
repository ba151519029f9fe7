"""The token of a form is another each time a page is drawn: a press on a page drawn anew is a new deed, however soon it comes.

What the library signs tells one second from the next and no more. Behind it stands what makes one drawing unlike any other; it
is not signed, for it opens nothing: it only tells a form sent twice from a form filled in twice.
"""

from __future__ import annotations

import secrets

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect, generate_csrf

#: Parts the two; in neither of them.
PART = "~"


def token() -> str:
    """The token of the page that is being drawn: the same for all its forms."""
    drawn: str = generate_csrf()
    if PART not in drawn:
        drawn = g.csrf_token = f"{drawn}{PART}{secrets.token_urlsafe(9)}"
    return drawn


def signed_part(drawn: str) -> str:
    """What the library signed of a token."""
    return drawn.partition(PART)[0]


class FormTokens(CSRFProtect):
    """The library's check against forged forms, with tokens that are another on each page."""

    def init_app(self, app: Flask) -> None:
        """Let templates draw our tokens."""
        super().init_app(app)
        app.jinja_env.globals["csrf_token"] = token
        app.context_processor(lambda: {"csrf_token": token})

    def _get_csrf_token(self) -> str | None:
        """The token that was sent, as the library signed it."""
        sent: str | None = super()._get_csrf_token()
        return None if sent is None else signed_part(sent)
