"""A flood of letters delays no sign-in link, and one slow domain holds up no other."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from scrutiny.accounts import service as accounts
from scrutiny.correspondence import alerts, posting, queries
from scrutiny.correspondence.jobs import post_letters, post_sign_in_letters
from scrutiny.correspondence.lanes import FIRST, SEVERAL, TO_ONE_DOMAIN, Due, go_through
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.transaction import writes_now

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("context")


class SlowOffice:
    """A mail server that takes a while for each letter, and several at once; it notes who was served together."""

    may_take_several = True

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.taken: list[str] = []
        self.busy: Counter[str] = Counter()
        self.most_at_once = self.most_of_a_domain = 0
        self.noting = threading.Lock()

    def post(self, message: EmailMessage) -> None:
        """Take one letter."""
        address = message["To"].addresses[0].addr_spec
        domain = address.partition("@")[2]
        with self.noting:
            self.busy[domain] += 1
            self.most_at_once = max(self.most_at_once, self.busy.total())
            self.most_of_a_domain = max(self.most_of_a_domain, self.busy[domain])
        time.sleep(self.seconds)
        with self.noting:
            self.busy[domain] -= 1
            self.taken.append(address)


@pytest.fixture
def office(app: Flask) -> Iterator[SlowOffice]:
    """The application posting to a slow server."""
    usual, office = app.extensions["adapters"], SlowOffice(0.05)
    app.extensions["adapters"] = replace(usual, mailer=office)
    yield office
    app.extensions["adapters"] = usual


def flood(many: int, domains: int = 1) -> None:
    """So many alerts asked for by strangers."""
    with writes_now():
        for number in range(many):
            alerts.ask_for_alert(f"stranger{number}@street{number % domains}.example", "place:1", AT, named="Ashby")


def ask_for_a_link() -> None:
    """Somebody asks to sign in."""
    with writes_now():
        accounts.ask_for_link("officer@example.org", at=AT)


def test_a_sign_in_link_leaves_while_a_flood_of_alerts_is_still_being_posted(app: Flask, office: SlowOffice) -> None:
    """The attack of 600 alerts, made small: the link waits for none of them."""
    flood(60)
    started = threading.Event()

    def post_the_rest() -> None:
        with app.app_context():
            started.set()
            post_letters(at=AT)

    rest = threading.Thread(target=post_the_rest)
    rest.start()
    started.wait()
    while not office.taken:
        time.sleep(0.01)
    ask_for_a_link()
    assert post_sign_in_letters(at=AT) == "1 posted"
    assert rest.is_alive(), "the flood is still being posted"
    assert len(office.taken) < 40
    assert "officer@example.org" in office.taken
    rest.join()
    assert len(office.taken) == 61, "and every letter went once"


def test_the_lane_of_links_posts_nothing_else_and_the_other_posts_links_first(office: SlowOffice) -> None:
    flood(3)
    ask_for_a_link()
    assert post_sign_in_letters(at=AT) == "1 posted"
    assert office.taken == ["officer@example.org"]
    ask_for_a_link()
    posting.put_in_envelopes(AT)
    assert next(address for _, address in queries.postings_due(AT, first=FIRST)) == "officer@example.org"
    assert post_letters(at=AT) == "4 posted"
    assert len(office.taken) == 5


def test_a_link_asked_for_while_the_lane_is_at_work_goes_in_the_same_run(
    office: SlowOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_for_a_link()
    usual = office.post

    def asked_meanwhile(message: EmailMessage) -> None:
        usual(message)
        if len(office.taken) == 1:
            ask_for_a_link()

    monkeypatch.setattr(office, "post", asked_meanwhile)
    assert post_sign_in_letters(at=AT) == "2 posted"


def test_letters_leave_several_at_once_but_few_to_one_domain(office: SlowOffice) -> None:
    flood(24, domains=6)
    assert post_letters(at=AT) == "24 posted"
    assert 2 < office.most_at_once <= SEVERAL
    assert office.most_of_a_domain <= TO_ONE_DOMAIN
    assert not queries.postings_due(AT)


def test_one_domain_of_many_letters_leaves_hands_free_for_the_others() -> None:
    """Ten to a domain that hangs, then one to another: that one does not wait for the ten."""
    due = [Due(number, f"p{number}@slow.example") for number in range(10)] + [Due(10, "p@quick.example")]
    order: list[int] = []

    def work(one: Due) -> None:
        time.sleep(0.1 if "slow" in one.address else 0)
        order.append(one.posting_id)

    go_through(due, work)
    assert order[0] == 10
    assert sorted(order) == list(range(11))


def test_the_letters_that_go_first_are_those_somebody_waits_for() -> None:
    ask_for_a_link()
    kinds = set(db.session.scalars(select(Letter.kind)))
    assert kinds == set(FIRST)
