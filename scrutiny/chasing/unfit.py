"""Letters of a chase that somebody edited so that they cannot go as things are: the others go without them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext

from scrutiny.chasing.models import Escalation
from scrutiny.chasing.queries import Silent
from scrutiny.requests.letter_values import OwnWords
from scrutiny.requests.letters import Preview
from scrutiny.widgets import LinkedError


def fitting(
    silent: Sequence[Silent], at: datetime, public_url: str, words: OwnWords
) -> tuple[list[tuple[Silent, list[Preview]]], list[Silent]]:
    """Those to chase with their letters, and those whose letter somebody edited so that it cannot go as things are, and why."""
    shown, unfit = [], []
    for one in silent:
        previews = one.previews(at, public_url, words)
        if not any(letter.out_of_date for letter in previews):
            shown.append((one, previews))
        elif (words.opening or words.closing) and not any(letter.out_of_date for letter in one.previews(at, public_url)):
            unfit.append(replace(one, why_not=gettext("it was edited, so write your own words into it instead")))
        else:
            unfit.append(replace(one, why_not=gettext("it was edited, and what it says has changed since. Look at it again")))
    return shown, unfit


def errors_of(unfit: Iterable[Silent], came_from: str = "") -> list[LinkedError]:
    """A sentence for each, linked to where its letter is edited."""
    return [
        LinkedError(gettext("The letter to %(agency)s is not sent: %(why)s", agency=one.agency.name, why=one.why_not), where)
        for one in unfit
        for where in [edit_address(one, came_from)]
    ]


def error_of_waiting(escalation: Escalation, shown: Iterable[Preview]) -> list[LinkedError]:
    """The same for a letter that waits for approval; none where it can go."""
    if not any(letter.out_of_date for letter in shown):
        return []
    said = gettext("This letter is not sent: it was edited, and what it says has changed since. Edit it again")
    reference = escalation.request.review.reference
    return [LinkedError(said, url_for("lettering.waiting", reference=reference, escalation_id=escalation.id))]


def edit_address(one: Silent, came_from: str = "") -> str:
    """Where the letter of a chase is edited, and which page to go back to."""
    review, slug, agency_id = one.request.review.reference, one.request.slug, one.agency.id
    values: dict[str, Any] = {"reference": review, "slug": slug, "agency_id": agency_id} | (
        {"from": came_from} if came_from else {}
    )
    return url_for("lettering.of_ladder", kind="request_chased", **values)
