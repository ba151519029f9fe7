"""The forms of the matrix: each sent by each viewer about everything in every state; what it did is noted, and nothing kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny import transaction
from scrutiny.audit.chain import Link
from scrutiny.audit.service import GATHERED
from scrutiny.evidence.models import Lodging
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest, Item
from tests.scrutiny.test_own_agency import FORMS
from tests.scrutiny.visibility_matrix import Belongs, belonging, client_of, parts_of
from tests.scrutiny.visibility_states import Scene

#: What is whoever's own, or asked of the public pages: nothing of the work is changed there.
OWN = ("accounts.", "security.", "unsaved.", "public.alert", "correspondence.", "feeds.", "apportioning.", "codes.", "many.")
#: What any form of ours may ask for; what a form does not know it leaves alone.
TYPED: dict[str, Any] = {key: value for form in FORMS.values() for key, value in form.items()} | {
    "title": "Taken over",
    "reason": "None",
    "words": "So",
    "words_kept": "So",
    "confirm": "y",
    "save": "y",
    "submit": "y",
    "decision": "approve",
    "answer": "accept",
    "marking": "confidential",
    "day": "1",
}
#: What of an address names something whose state decides.
STATED_ALONE = {"item_id", "lodging_id", "number"}
STATED = STATED_ALONE | {"reference", "request_id", "slug"}
#: Who is asked, in this order, for the page of a form, to send what it holds.
SHOWN_TO = ("officer", "fire_responder", "responder", "certifier", "inspector", "administrator")


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did by a form."""

    who: str
    endpoint: str
    address: str
    link: Link


@dataclass
class Trial:
    """What was sent, and what was done by it."""

    addresses: int
    sent: int
    deeds: list[Deed]

    def size(self) -> str:
        """How much was tried, in a sentence."""
        forms, events = {deed.endpoint for deed in self.deeds}, {deed.link.event for deed in self.deeds}
        return (
            f"{self.addresses} addresses of forms, sent {self.sent} times: "
            f"{len(self.deeds)} deeds of {len(events)} kinds by {len(forms)} forms"
        )


def send_all(app: Flask, viewers: Sequence[str], asked: Sequence[tuple[str, str]]) -> Trial:
    """Send each form to each address as each viewer; where a deed would be kept it is noted and undone."""
    gathered: list[Link] = []

    def note_and_undo() -> None:
        db.session.flush()
        gathered.extend(db.session.info.get(GATHERED, []))
        transaction.undo()

    pages = [client_of(app, role) for role in SHOWN_TO]
    sheets = {address: TYPED | _typed_there(pages, address) | FORMS.get(endpoint, {}) for endpoint, address in asked}
    trial = Trial(len(asked), 0, [])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction, "commit", note_and_undo)
        patch.setattr(transaction, "ATTEMPTS", 1)
        for role in viewers:
            client, cookie = _without_memory(app, role)
            for endpoint, address in asked:
                gathered.clear()
                client.post(address, data=sheets[address], headers=cookie)
                trial.sent += 1
                trial.deeds += [Deed(role, endpoint, address, link) for link in gathered]
    return trial


def _without_memory(app: Flask, role: str) -> tuple[FlaskClient, dict[str, str]]:
    """A client that keeps no cookies, and the cookie of somebody signed in: no message of one form goes on to the next."""
    signed_in, name = client_of(app, role), app.config["SESSION_COOKIE_NAME"]
    held = signed_in.get_cookie(name)
    return app.test_client(use_cookies=False), {"Cookie": f"{name}={held.value}"} if held else {}


def _typed_there(clients: Iterable[FlaskClient], address: str) -> dict[str, str]:
    """What the form of a page holds as it is opened, by the first who may open it: its hidden fields, and first choices."""
    for client in clients:
        answer = client.get(address)
        if answer.status_code == 405:
            return {}
        if answer.status_code == 200:
            return dict(_fields(answer.get_data(as_text=True).partition("<main")[2]))
    return {}


def _fields(page: str) -> Iterator[tuple[str, str]]:
    """The names and values of what can be filled in on a page."""
    for tag in re.findall(r"<input[^>]*>", page):
        held = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if held.get("type") in ("hidden", "radio", "checkbox") and "name" in held:
            yield held["name"], unescape(held.get("value", "y"))
    for name, inside in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        values = [value for value in re.findall(r'<option[^>]*value="([^"]*)"', inside) if value]
        if values:
            yield name, unescape(values[-1])


def forms_of(app: Flask, scene: Scene, *, long: bool = True) -> list[tuple[str, str]]:
    """Every address that takes a form: about one of everything in each state; in the short form of whole reviews and requests
    the first and the last."""
    adapter, met, found = app.url_map.bind("localhost"), _in_each_state(scene), {}
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and not rule.endpoint.startswith(OWN):
            stated = rule.arguments & (STATED if long else STATED_ALONE)
            every = list(parts_of(rule, met, ends=not stated))
            for parts in every if stated else [*every[:1], *every[-1:]]:
                found[adapter.build(rule.endpoint, parts)] = rule.endpoint
    return [(endpoint, address) for address, endpoint in found.items()]


def _in_each_state(scene: Scene) -> Belongs:
    """One item of each agency in each state, one lodging of each and of each marking, and what belongs to them."""
    rows = select(Item).join(Item.request).where(EvidenceRequest.issued_at.is_not(None)).order_by(Item.id)
    items = {(item.request.agency_id, item.request.state, item.state): item for item in db.session.scalars(rows)}
    marked = {lodging.marking: lodging.id for lodging in db.session.scalars(select(Lodging).order_by(Lodging.id))}
    lodgings = [db.session.get_one(Lodging, number) for number in sorted({*scene.lodgings.values(), *marked.values()})]
    return belonging(list(items.values()), lodgings)
