"""People grouped by what they do, for the page on which a demonstration lets anybody sign in as one of them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from flask_babel import gettext

from scrutiny.accounts.models import Person
from scrutiny.bodies.queries import memberships_of
from workflows.roles import CERTIFIER, CHAIR, COUNCILLOR, INSPECTOR, LEAD_INSPECTOR, RESPONDER, SCRUTINY_OFFICER


def people_by_role(people: Sequence[Person]) -> list[tuple[str, list[Person]]]:
    """Each group that has anybody, with its name: a person stands in the first that fits, in the order given."""
    held = {person_id: {row.role for row in rows} for person_id, rows in memberships_of([one.id for one in people]).items()}
    groups = (
        (gettext("Scrutiny officers"), {SCRUTINY_OFFICER}),
        (gettext("Chairs and councillors"), {CHAIR, COUNCILLOR}),
        (gettext("Inspectors"), {LEAD_INSPECTOR, INSPECTOR}),
        (gettext("People who answer for an agency"), {RESPONDER, CERTIFIER}),
    )
    found: dict[str, list[Person]] = {name: [] for name, _ in groups} | {gettext("Administrators"): [], gettext("Others"): []}
    for person in people:
        fits = [name for name, roles in groups if held[person.id] & roles]
        last = gettext("Administrators") if person.administrator else gettext("Others")
        found[fits[0] if fits else last].append(person)
    return [(name, rows) for name, rows in found.items() if rows]


def init_app(app: Flask) -> None:
    """Let the page of a lower room group its people: accounts knows no roles."""
    app.jinja_env.globals["people_by_role"] = people_by_role
