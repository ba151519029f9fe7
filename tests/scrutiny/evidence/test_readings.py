"""Whatever page gives guarded words out, the reading has its row; where they are not given out there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from scrutiny.audit.models import AuditEntry
from scrutiny.extensions import db
from scrutiny.findings import citing
from scrutiny.findings import service as findings
from scrutiny.requests.models import Answer
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.scrutiny.evidence.naming import named
from tests.scrutiny.reports.story import WORDS, answered
from tests.scrutiny.reviews.acting import acting

TEXTS = ("text/html", "application/json", "text/csv", "text/plain", "text/calendar", "application/geo+json")


#: What holds no evidence, and the long tables of places, which are streamed.
NOT_FOLLOWED = re.compile(r"^/(static|sign-out|calendars|feeds|places|codes|data)|\.(css|js|png|svg|ico)$")
MOST = 150
#: Pages that show the words of evidence, without what is of this review.
GIVES_OUT = {"/reviews//requests//", "/reviews//read/", "/reviews//findings/", "/evidence/"}


@pytest.fixture
def personal(app: Flask, cast: SimpleNamespace) -> list[str]:
    """A personal answer before a joint inspection, quoted in a finding, and every address that is made of what there is."""
    with app.app_context():
        review, lodging = answered(
            cast, "personal", lead="ofsted", partners=("cqc",), method_key="jtai", officer="lead_inspector"
        )
        named(review, "lead_inspector", "inspector")
        finding = findings.draft_finding(
            review, title="Long waits", text="Too long.", lines=[review.lines[0]], judgement="", by=acting("inspector"), at=NOW
        )
        citing.cite(finding, lodging=lodging, quotation=WORDS, by=acting("inspector"), at=NOW)
        answer = db.session.scalars(select(Answer).where(Answer.lodging_id == lodging.id)).one()
        _, _, slug = answer.item.request.reference.partition("/")
        known = {
            "reference": review.reference,
            "slug": slug,
            "number": answer.item.number,
            "lodging_id": lodging.id,
            "evidence_id": lodging.id,
            "item_id": answer.item_id,
            "request_id": answer.item.request_id,
            "review_id": review.id,
            "finding_id": finding.id,
        }
        commit()
        made = app.url_map.bind("")
        return sorted(
            made.build(rule.endpoint, {name: known[name] for name in rule.arguments})
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and rule.arguments and rule.arguments <= known.keys()
        )


def rows(app: Flask) -> int:
    """How many readings are in the trail."""
    with app.app_context():
        return db.session.scalar(select(func.count()).where(AuditEntry.event == "evidence_read")) or 0


def crawled(client: FlaskClient, addresses: list[str]) -> Iterator[tuple[str, str]]:
    """(address, what it answers) for each address and each that those pages lead to."""
    waiting, seen, looked_at = list(addresses), set(addresses), 0
    while waiting and looked_at < MOST:
        address, looked_at = waiting.pop(0), looked_at + 1
        if NOT_FOLLOWED.search(address):
            continue
        answer = client.get(address)
        text = answer.get_data(as_text=True) if answer.mimetype in TEXTS else ""
        yield address, text
        leads = [unescape(one).partition("#")[0] for one in re.findall(r'href="(/[^"]*)"', text)]
        new = [one for one in dict.fromkeys(leads) if one not in seen]
        seen.update(new)
        waiting += new


@pytest.mark.parametrize("who", ["lead_inspector", "inspector", "partner_inspector", "councillor", "responder"])
def test_words_are_given_out_with_a_row_and_a_row_with_words(
    app: Flask, personal: list[str], signed_in: Callable[..., FlaskClient], who: str
) -> None:
    """The attack: the page of an item, and then that of a finding, showed a personal answer and kept no row of it."""
    client, shown, before = signed_in(who), set(), 0
    for address, text in crawled(client, personal):
        after = rows(app)
        assert after - before == int(WORDS in text), address
        before = after
        if WORDS in text:
            shown.add(urlsplit(address).path)
    assert bool(shown) == (who in ("lead_inspector", "inspector")), shown
    if shown:
        assert {re.sub(r"[^/]+-\d{4}-\d+|P?\d+", "", address) for address in shown} >= GIVES_OUT
