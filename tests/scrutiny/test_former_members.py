"""Somebody whose membership ends while they are signed in: from then on every page is to them as to somebody of no body."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from scrutiny.accounts.models import Person
from scrutiny.agencies.models import AgencyMembership
from scrutiny.audit.models import AuditEntry
from scrutiny.bodies.models import BodyMembership
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from tests import cast as the_cast
from tests.scrutiny.reviews.acting import acting
from tests.scrutiny.test_own_agency import FORMS
from tests.scrutiny.visibility_matrix import addresses as addresses_of
from tests.scrutiny.visibility_matrix import belonging, parts_of, stage, text_of, words_in
from tests.scrutiny.visibility_scene import LATER
from tests.scrutiny.visibility_states import Scene, word
from tests.scrutiny.visibility_table import WHO_SEES

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only("who may do what does not rest on the database")]
__all__ = ["stage"]
#: Whose memberships end, and who stays beside them.
ENDED = ("officer", "councillor", "inspector", "responder", "certifier")
STAY = ("no_longer_named", "colleague")
#: One of each side is tried; all who have left in `make proof`.
TRIED = [pytest.param(("officer", "responder"), id="two"), pytest.param(ENDED, id="all", marks=[pytest.mark.proof])]
NOBODY = "of_no_body"
#: Streams, of which so many may be open at once, and one's own handover, which then names nobody (test_handover).
APART = ("taking.", "handover.")
#: There words are chosen by whoever wrote them, a member still or not: what they did keeps their name.
WORDS_OF_ALL = "erasing_of_review.erase"
#: What belongs to whoever is signed in, a member or not.
OWN = ("accounts.", "security.", "unsaved.", "public.", "correspondence.ask", "correspondence.confirm", "correspondence.stop")
#: What any form of ours may ask for; what a form does not know it leaves alone.
TYPED = {key: value for form in FORMS.values() for key, value in form.items()} | {
    "title": "Taken over",
    "reason": "None",
    "words": "So",
    "words_kept": "So",
    "confirm": "y",
    "seen": "",
    "save": "y",
    "submit": "y",
    "move": "withdraw",
    "decision": "approve",
    "answer": "accept",
    "marking": "open",
    "version": "1",
    "day": "1",
}


@pytest.fixture(scope="module")
def clients(stage: tuple[Flask, Scene]) -> dict[str, FlaskClient]:
    """Everybody signed in and at work, of whom some left yesterday; and somebody who never belonged anywhere."""
    app, _ = stage
    with app.app_context(), writes_now():
        db.session.add(Person(email="none@example.org", name="Nora Bode", fs_uniquifier=the_cast.uniquifier(NOBODY)))
    found = {role: the_cast.sign_in(app, app.test_client(), the_cast.uniquifier(role)) for role in (*ENDED, *STAY, NOBODY)}
    for role in ENDED:
        assert found[role].get("/inbox").status_code == 200
    with app.app_context(), writes_now():
        ended = {acting(role).person for role in ENDED}
        for kind in (BodyMembership, AgencyMembership):
            for row in db.session.scalars(select(kind).where(kind.person_id.in_(ended))):
                row.to_on = LATER.date() - timedelta(days=1)
    return found


@pytest.mark.parametrize("roles", TRIED)
def test_a_former_member_reads_what_somebody_of_no_body_reads(
    roles: tuple[str, ...], stage: tuple[Flask, Scene], clients: dict[str, FlaskClient]
) -> None:
    """The session they had opens nothing more: no page, file, export, feed or answer of the API, and no planted word."""
    app, _ = stage
    with app.app_context():
        addresses = [(endpoint, address) for endpoint, address, _ in addresses_of(app) if not endpoint.startswith(APART)]
    known = {word(key) for key in WHO_SEES}
    nobody = {address: _read(clients[NOBODY], address, known) for _, address in addresses}
    more = [
        f"{role} at {address}: {seen[0]}, {sorted(seen[1])}"
        for role in roles
        for _, address in addresses
        if (seen := _read(clients[role], address, known)) != nobody[address]
    ]
    assert len(addresses) > 500
    assert more == []


def _read(client: FlaskClient, address: str, known: set[str]) -> tuple[int, frozenset[str]]:
    """How an address answers, and the planted words there."""
    answer = client.get(address)
    return answer.status_code, frozenset(words_in(text_of(answer.data)) & known)


def test_a_former_member_is_offered_to_nobody(stage: tuple[Flask, Scene], clients: dict[str, FlaskClient]) -> None:
    """In no list to choose from is anybody named who has left; what they did keeps their name."""
    app, _ = stage
    with app.app_context():
        names = {acting(role).name for role in ENDED}
        forms = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
        pages: dict[tuple[str, str], list[str]] = defaultdict(list)
        for endpoint, address, parts in addresses_of(app):
            if endpoint in forms and endpoint != WORDS_OF_ALL:
                pages[endpoint, str(parts.get("reference", ""))].append(address)
    offered = {
        f"{name} at {address}"
        for role in STAY
        for address, page in _shown(clients[role], pages.values())
        for choice in _choices(page)
        for name in names
        if name in choice
    }
    assert offered == set()


def _shown(client: FlaskClient, pages: Iterable[list[str]]) -> Iterator[tuple[str, str]]:
    """Two of each kind of page that are shown: who is offered there does not rest on which item is asked for."""
    for addresses in pages:
        answers = ((address, client.get(address)) for address in addresses)
        yield from islice(((where, one.get_data(as_text=True)) for where, one in answers if one.status_code == 200), 2)


def _choices(page: str) -> Iterator[str]:
    """The words of everything on a page that can be chosen."""
    yield from re.findall(r"<option[^>]*>([^<]*)</option>", page)
    yield from re.findall(r'<label class="govuk-label govuk-(?:radios|checkboxes)__label"[^>]*>(.*?)</label>', page, re.S)


@pytest.mark.parametrize("roles", TRIED)
def test_a_former_member_does_nothing(
    roles: tuple[str, ...], stage: tuple[Flask, Scene], clients: dict[str, FlaskClient]
) -> None:
    """Every form there is, sent for everything there is: nothing is done by anybody who has left."""
    app, _ = stage
    with app.app_context():
        ended = {role: acting(role).reference for role in ENDED}
        sent = list(_forms(app))
    before = _deeds(app, ended.values())
    did = []
    for role in roles:
        for endpoint, address in sent:
            answer = clients[role].post(address, data=TYPED)
            assert answer.status_code < 500, (role, address)
            if (after := _deeds(app, ended.values())) != before:
                did.append(f"{role} at {address} ({endpoint})")
                before = after
    assert len(sent) > 150
    assert did == []


def _forms(app: Flask) -> Iterator[tuple[str, str]]:
    """Every address that takes a form, but what is one's own: with the first and the last of each thing in it."""
    adapter, met = app.url_map.bind("localhost"), belonging()
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.endpoint.startswith(OWN):
            continue
        parts = list(parts_of(rule, met))
        yield from {(rule.endpoint, adapter.build(rule.endpoint, one)) for one in (*parts[:1], *parts[-1:])}


def _deeds(app: Flask, references: object) -> int:
    """How many rows the trail has of what these people did, or somebody else through them."""
    with app.app_context():
        return db.session.scalar(select(func.count(AuditEntry.number)).where(AuditEntry.by.in_(references))) or 0
