"""A check, a signature or an invitation that nobody answers is reminded of: by the clock, and by hand within limits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny import transaction
from scrutiny.bodies.models import Body
from scrutiny.conduct import reminding
from scrutiny.conduct.awaited import BEFORE, CHECK, INVITATION, REMINDERS, SIGNATURE, Awaited, awaited, receivers
from scrutiny.conduct.jobs import remind_of_checks
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.findings import right_of_reply, service
from scrutiny.findings.models import AccuracyCheck
from scrutiny.formats import london_day
from scrutiny.reports import asking_signatures
from scrutiny.requests.letter_values import OwnWords
from scrutiny.reviews import inviting
from scrutiny.reviews.models import Review
from scrutiny.transaction import writes_now
from scrutiny.worklist.needs import needs_of
from tests.conftest import NOW
from tests.scrutiny.findings.conftest import Scene, make_scene
from tests.scrutiny.findings.replying import reached
from tests.scrutiny.reports.story import answered, found, summed_up
from tests.scrutiny.reviews.acting import acting, opened
from workflows.refusals import Refused

SignIn = Callable[..., FlaskClient]
WEEK = timedelta(days=7)


def letters_of(kind: str) -> list[Letter]:
    """The letters of a kind, oldest first."""
    return list(db.session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))


@pytest.fixture
def checked(context: None, cast: SimpleNamespace) -> Scene:
    """A finding about the police, which has its extracts and has not answered."""
    with writes_now():
        scene = make_scene(cast)
        scene.proposed()
        service.start_accuracy_check(scene.review, by=scene.by, at=NOW)
        reached(db.session.scalars(select(AccuracyCheck)).all())
    return scene


def the_check(scene: Scene) -> Awaited:
    """The check that is awaited."""
    found_check = awaited(scene.review, CHECK, db.session.scalars(select(AccuracyCheck)).one().id)
    assert found_check is not None
    return found_check


def of_day(scene: Scene, days: int) -> datetime:
    """Noon, so many days after the check is due."""
    due = the_check(scene).due_on
    assert due is not None
    return NOW.replace(hour=12) + (due - london_day(NOW)) + timedelta(days=days)


def test_a_check_is_reminded_of_once_before_its_day_and_chased_after_it(checked: Scene) -> None:
    for days in (-9, -3, -2, -1, 0, 3):
        remind_of_checks(at=of_day(checked, days))
        assert bool(letters_of(BEFORE)) is (days >= -3), days
    people = {to.reference for to in receivers(the_check(checked), NOW)}
    assert {one.person for one in letters_of(BEFORE)} == people
    assert len(letters_of(BEFORE)) == len(people), "once, however often the clock comes by"
    late = {need.href for need in needs_of([checked.review], checked.by, london_day(of_day(checked, 9)), NOW)[checked.review.id]}
    assert f"/reviews/{checked.review.reference}/remind/check/{the_check(checked).key}" in late
    with writes_now():
        with pytest.raises(Refused, match="not overdue"):
            reminding.remind(the_check(checked), by=checked.by, at=of_day(checked, 0))
        shown = reminding.previews(the_check(checked), at=of_day(checked, 9), public_url="", words=OwnWords("Hello again."))
        sent = reminding.remind(the_check(checked), by=checked.by, at=of_day(checked, 9), words=OwnWords("Hello again."))
        assert [one.subject for one in sent] == [one.subject for one in shown]
        assert all("Hello again." in one.text and "we can finalise the findings without your check" in one.text for one in sent)
        with pytest.raises(Refused, match="You can send the next from"):
            reminding.remind(the_check(checked), by=checked.by, at=of_day(checked, 15))
        assert reminding.remind(the_check(checked), by=checked.by, at=of_day(checked, 16))


def test_nobody_is_reminded_of_a_check_that_is_answered_or_gone_on_without(checked: Scene) -> None:
    check, at = db.session.scalars(select(AccuracyCheck)).one(), of_day(checked, -1)
    with writes_now():
        assert awaited(checked.review, CHECK, check.id)
        right_of_reply.waive(checked.review, check.agency, "It asked us to go on.", by=checked.by, at=NOW)
        assert awaited(checked.review, CHECK, check.id) is None
    remind_of_checks(at=at)
    assert letters_of(BEFORE) == []


def test_a_signature_that_was_asked_for_is_reminded_of_after_a_week(context: None, cast: SimpleNamespace) -> None:
    review, lodging = answered(cast, lead="ofsted", partners=("cqc",), method_key="area-send", officer="lead_inspector")
    found(review, lodging, cast.fire, settler="lead_inspector")
    summed_up(review)
    assert awaited(review, SIGNATURE, cast.cqc) is None, "nobody has been asked yet"
    transaction.commit()
    asking_signatures.ask_for_signatures(at=NOW)
    waits = awaited(review, SIGNATURE, cast.cqc)
    assert waits is not None
    assert reminding.why_not(waits, london_day(NOW + timedelta(days=6)))
    with writes_now():
        sent = reminding.remind(waits, by=acting("lead_inspector"), at=NOW + WEEK)
    asked = {one.person for one in letters_of(asking_signatures.WANTS) if one.person in {to.person for to in sent}}
    assert asked == {one.person for one in sent}
    assert sent
    assert "You can send the next" in reminding.why_not(waits, london_day(NOW + 2 * WEEK - timedelta(days=1)))


def test_an_invitation_is_reminded_of_by_the_clock_and_from_my_work(
    app: Flask, cast: SimpleNamespace, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = NOW.replace(hour=12) + 2 * WEEK
    with app.app_context():
        with writes_now():
            review = opened(cast, partners=[])
            invitation = inviting.invite_partner(review, db.session.get_one(Body, cast.ofsted), by=acting("officer"), at=NOW)
            page = f"/reviews/{review.reference}/remind/{INVITATION}/{invitation.id}"
        remind_of_checks(at=NOW.replace(hour=12) + timedelta(days=6))
        assert letters_of(REMINDERS[INVITATION]) == []
        for _ in range(2):
            remind_of_checks(at=NOW.replace(hour=12) + WEEK)
        clock = letters_of(REMINDERS[INVITATION])
        assert len(clock) == len({one.person for one in clock}) > 0
        assert page in {
            need.href for needs in needs_of([review], acting("officer"), london_day(later), later).values() for need in needs
        }
    monkeypatch.setattr("scrutiny.conduct.reminding_views.now", lambda: later)
    officer = signed_in("officer")
    assert "Reminder: invitation to take part" in officer.get(page).text
    done = officer.post(page, data={"opening": "We spoke on Monday."}, follow_redirects=True)
    assert "email" in done.text
    assert "queued" in done.text
    assert "You can send the next from" in officer.get(page).text
    with app.app_context():
        sent = letters_of(REMINDERS[INVITATION])[len(clock) :]
        assert all("We spoke on Monday." in one.text for one in sent)
        assert sent
        kept = db.session.scalars(select(Review)).one()
        with writes_now():
            inviting.take_back(inviting.invitations_of(kept)[0], by=acting("officer"), at=later)
    assert officer.get(page).status_code == 404, "it is awaited no longer"
