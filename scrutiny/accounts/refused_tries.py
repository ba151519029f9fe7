"""What somebody is told who tried a secret too often, with the ways in that are left to them."""

from __future__ import annotations

from datetime import datetime

from flask import render_template, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.accounts.models import Person
from scrutiny.formats import clock_time
from scrutiny.work.limits import Verdict

#: Where the cookie keeps by which first step somebody is half way in: "link", or the page of the library.
FIRST_STEP = "halfway_by"


def too_many(verdict: Verdict, halfway: Person | None, at: datetime) -> ResponseReturnValue:
    """The page for too many tries, with the ways in that are left; an answer, not an abort, so that what was counted is kept.

    `halfway`: who has taken the first step of signing in and is at the second, which no link stands in for.
    """
    assert verdict.again_at is not None  # of one that is refused
    seconds = max(1, int((verdict.again_at - at).total_seconds()) + 1)
    again = clock_time(verdict.again_at)
    left = gettext("You can sign in by a link sent to you at any time.") if halfway is None else _left_halfway(verdict, halfway)
    if verdict.refused == "victim":
        told = gettext("This has been tried too often for this account. Try again at %(time)s.", time=again)
    else:
        told = gettext("Too many tries have come from your network. Try again at %(time)s.", time=again)
    return render_template("errors/429.html", sentence=f"{told} {left}"), 429, {"Retry-After": str(seconds)}


def _left_halfway(verdict: Verdict, person: Person) -> str:
    """The ways in that are left to somebody whose second step was tried too often."""
    ways = []
    if verdict.refused == "victim" and session.get(FIRST_STEP) != "link":
        ways.append(gettext("Or sign in with a link that we email you. You can then try your code again straight away."))
    if person.webauthn:
        ways.append(gettext("Or use your passkey."))
    return " ".join([*ways, gettext("If you have lost your second step, ask an administrator to reset it.")])
