"""What became of the letters of the ladder, and to whom they went, in words."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.accounts.queries import people_named
from scrutiny.agencies.queries import agencies_by_id
from scrutiny.chasing.models import Escalation
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.correspondence.queries import UNDELIVERED
from scrutiny.extensions import db
from scrutiny.formats import listed
from workflows.lifecycles.escalation import ESCALATION


def statuses(went: Sequence[Escalation]) -> dict[int, str]:
    """What became of each of these, in words: a letter is sent once its email is, and not before; one statement."""
    found = {one.id: ESCALATION.states[one.state] for one in went}
    for one, letters in _letters_of(went).items():
        states = {state for _, state in letters}
        if "waiting" in states:
            found[one] = gettext("Waiting to be sent")
        elif states and states <= set(UNDELIVERED):
            found[one] = gettext("Not delivered")
    return found


def written_to(went: Sequence[Escalation]) -> dict[int, str]:
    """To whom the letters of each of these went, by name: people, or the address of an agency; three statements."""
    letters = _letters_of(went)
    to = {reference for rows in letters.values() for reference, _ in rows}
    people = people_named(sorted(int(one.removeprefix("person:")) for one in to if one.startswith("person:")))
    agencies = agencies_by_id(sorted(int(one.removeprefix("agency:")) for one in to if one.startswith("agency:")))
    names = {f"person:{key}": name for key, name in people.items()}
    names |= {f"agency:{key}": gettext("the address of %(agency)s", agency=agency.name) for key, agency in agencies.items()}
    return {
        one: listed(sorted({names.get(reference, gettext("somebody else")) for reference, _ in rows}))
        for one, rows in letters.items()
        if rows
    }


def _letters_of(went: Sequence[Escalation]) -> dict[int, list[tuple[str, str]]]:
    """(to whom, state of its email) of the letters of each of these that was sent; one statement."""
    sent = [one for one in went if one.state == "sent"]
    about, kinds = {one.request.plain for one in sent}, {one.letter_to_write for one in sent}
    rows = select(Letter.reference, Letter.kind, Letter.occasion, Letter.person, Posting.state).outerjoin(Letter.posting)
    rows = rows.where(Letter.reference.in_(about), Letter.kind.in_(kinds)).order_by(Letter.id)
    emails: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for reference, kind, occasion, person, state in db.session.execute(rows) if sent else ():
        emails.setdefault((reference, kind, occasion), []).append((person, state or "waiting"))
    return {
        one.id: [
            email
            for occasion in (one.reached_on.isoformat(), one.plain)
            for email in emails.get((one.request.plain, one.letter_to_write, occasion), [])
        ]
        for one in sent
    }
