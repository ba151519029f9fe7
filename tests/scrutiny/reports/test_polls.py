"""A report before an election: held by the polls of its whole place, lifted by a name and by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny import transaction
from scrutiny.areas.models import Area
from scrutiny.correspondence.models import Letter
from scrutiny.editions.models import Edition
from scrutiny.extensions import db
from scrutiny.public_calendar import service as calendar
from scrutiny.public_calendar.ground import ground_of, polls_over, shares_of_codes
from scrutiny.reports import jobs, polls
from scrutiny.reviews.queries import review_by_reference
from scrutiny.rules.queries import rules
from tests.conftest import NOW
from tests.scrutiny.reports.story import RELEASE, scheduled, signed
from tests.scrutiny.reports.test_views import ready_to_be_signed
from tests.scrutiny.reviews.acting import acting

SignIn = Callable[..., FlaskClient]
HEADER = "kind,title,from,to,area,nation,agency,body,agency_kind,questions,visit_days,source\n"
#: Monday 2 March 2026 and the day after, on which reports come out, lie between notice and poll.
POLL = "poll,Election of Loamshire County Council,2026-02-20,2026-03-26,{area},,,,,,,Made up\n"
LATER = "poll,Mayor of Loamshire,2030-03-20,2030-05-02,{area},,,,,,,Made up\n"
SAID_LATER = (
    "Wednesday 3 April 2030 is in the pre-election period of “Mayor of Loamshire” in part of the place, "
    "from Wednesday 20 March 2030 to Thursday 2 May 2030. The first day after it is Friday 3 May 2030"
)
SAID = (
    "Tuesday 3 March 2026 is in the pre-election period of “Election of Loamshire County Council” in the whole place, "
    "from Friday 20 February 2026 to Thursday 26 March 2026. The first day after it is Friday 27 March 2026"
)


def load(area: str, row: str = POLL) -> None:
    """A poll in an area, as an administrator loads it."""
    with transaction.writes_now():
        calendar.load_calendar((HEADER + row.format(area=area)).encode(), "polls.csv", by=acting("administrator"), at=NOW)


def codes_of(reference: str) -> tuple[str, str, str]:
    """The code of the place of a review, of an area it lies in, and of one it shares nothing with."""
    review = review_by_reference(reference)
    assert review is not None
    (own,) = review.place.areas
    beyond, elsewhere = "", ""
    for area in db.session.scalars(select(Area).where(Area.code != own.code).order_by(Area.code)):
        shared = bool(shares_of_codes(ground_of([own]), {area.code}))
        beyond = area.code if shared and not beyond else beyond
        elsewhere = area.code if not shared and not elsewhere else elsewhere
    return own.code, beyond, elsewhere


@pytest.fixture
def reference(as_built: Callable[..., str]) -> str:
    """A report that lacks nothing but its day."""

    def ready(cast: SimpleNamespace) -> str:
        called = ready_to_be_signed(cast)
        review = review_by_reference(called)
        assert review is not None
        with transaction.writes_now():
            signed(review)
        return called

    return as_built(ready)


def test_a_release_before_a_poll_is_seen_by_name_first(app: Flask, reference: str, signed_in: SignIn) -> None:
    with app.app_context():
        _, beyond, _ = codes_of(reference)
        load(beyond, LATER)
    officer, address = signed_in("officer"), f"/reviews/{reference}/report"
    form = {"summary": "Children in Barrow End wait too long.", "on": ["3", "4", "2030"], "hour": "09:30", "release": "y"}
    said = officer.post(address, data=form).text
    assert f"Say that you have seen this first: {SAID_LATER}" in said
    assert "Children in Barrow End wait too long." in said, "nothing typed is lost"
    key = said.split(SAID_LATER)[-2].rpartition('value="poll:')[2].split('"')[0]
    officer.post(address, data=form | {"seen": [f"poll:{key}", *_others(said)]})
    with app.app_context():
        edition = db.session.scalars(select(Edition)).one()
        assert edition.state == "scheduled"
        seen = db.session.execute(db.text("SELECT name FROM acknowledgement WHERE key LIKE 'poll:%'")).scalars().all()
        assert len(seen) == 1
        jobs.release_reports(at=datetime(2030, 4, 3, 9, 0, tzinfo=UTC))
        assert db.session.scalars(select(Edition.state)).one() == "released"


def _others(page: str) -> list[str]:
    """The other cautions the page lists."""
    parts = page.split('name="seen"')[1:]
    return [part.split('value="')[1].split('"')[0] for part in parts]


@pytest.mark.usefixtures("context")
def test_a_poll_that_becomes_known_later_holds_the_report_on_its_day(cast: SimpleNamespace) -> None:
    report = scheduled(cast).report
    load(report.place.areas[0].code)
    jobs.release_reports(at=RELEASE)
    edition = db.session.scalars(select(Edition)).one()
    assert (edition.state, edition.released_at) == ("drafted", None)
    assert edition.fault == f"{SAID}. Choose another day for the report"
    letter = db.session.scalars(select(Letter).where(Letter.kind == "report_held")).first()
    assert letter is not None
    assert SAID in letter.text


@pytest.mark.usefixtures("context")
def test_only_polls_on_its_ground_and_by_a_rule_hold_it(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    review = scheduled(cast).report.review
    assert review is not None
    own, beyond, elsewhere = codes_of(review.reference)
    load(elsewhere)
    assert list(polls.before_polls(review, date(2026, 3, 3))) == []
    load(own)
    load(beyond)
    (one,) = polls.before_polls(review, date(2026, 3, 3))
    assert not one.holds
    assert list(polls.before_polls(review, date(2026, 3, 27))) == [], "the day after the poll"
    assert [poll.share for poll in polls_over(review.place.areas, date(2026, 2, 20))] == [1.0], "two files, one poll"
    hard = replace(rules(), clash_rules=tuple(replace(rule, severity="block") for rule in rules().clash_rules))
    monkeypatch.setattr(polls, "rules", lambda: hard)
    assert [poll.holds for poll in polls.before_polls(review, date(2026, 3, 3))] == [True]
    none = replace(rules(), clash_rules=tuple(rule for rule in rules().clash_rules if "poll" not in rule.kinds))
    monkeypatch.setattr(polls, "rules", lambda: none)
    assert list(polls.before_polls(review, date(2026, 3, 3))) == []
