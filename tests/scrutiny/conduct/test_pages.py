"""The pages that change a whole review: shown first, then done as shown; and who finds them."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.extensions import db
from scrutiny.reviews.models import Review
from tests.scrutiny.worklist.conftest import Clock, asked, clock, words_of

__all__ = ["Clock", "asked", "clock"]
SignIn = Callable[..., FlaskClient]
HERE = "/reviews/R-2026-001"
LONGER = {"starts_on": ["23", "3", "2026"], "ends_on": ["1", "5", "2026"], "follows": "yes"}


@pytest.fixture(autouse=True)
def _the_same_clock(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """These pages read it too."""
    monkeypatch.setattr("scrutiny.conduct.views.now", clock)


def _seen(text: str) -> str:
    """The mark a page sends back."""
    found = re.search(r'name="seen"[^>]*value="(\w*)"', text)
    assert found is not None
    return found[1]


def _kept(app: Flask) -> Review:
    """The review as it is kept."""
    db.session.remove()
    return db.session.scalars(select(Review)).one()


@pytest.mark.parametrize("page", ["withdraw", "timetable/scoping"])
def test_only_those_who_run_the_review_find_the_pages(page: str, asked: SimpleNamespace, signed_in: SignIn) -> None:
    people = ("officer", "chair", "councillor", "inspector", "lead_inspector", "partner_inspector", "responder", "administrator")
    found = {who: signed_in(who).get(f"{HERE}/{page}").status_code for who in people}
    assert found == {
        "officer": 200,
        "chair": 200,
        "councillor": 403,
        "inspector": 403,
        "lead_inspector": 403,
        "partner_inspector": 403,
        "responder": 404,
        "administrator": 404,
    }
    assert signed_in("inspector").post(f"{HERE}/{page}", data={"why": "No"}).status_code == 403


def test_a_review_is_withdrawn_once_what_that_does_was_read(asked: SimpleNamespace, signed_in: SignIn, app: Flask) -> None:
    officer = signed_in("officer")
    page = officer.get(f"{HERE}/withdraw")
    assert "Loamshire Police (R-2026-001/P05): 5 items still open" in words_of(page)
    assert "A letter goes to" in words_of(page)
    blind = officer.post(f"{HERE}/withdraw", data={"why": "Overtaken"})
    assert (blind.status_code, "Something has changed since you looked" in blind.text) == (200, True)
    assert "Overtaken" in blind.text, "what was typed stays"
    assert officer.post(f"{HERE}/withdraw", data={"why": "Overtaken", "seen": _seen(page.text)}).status_code == 302
    with app.app_context():
        assert (_kept(app).state, _kept(app).ended_why) == ("withdrawn", "Overtaken")
    assert officer.get(f"{HERE}/withdraw").status_code == 404
    assert officer.get(f"{HERE}/timetable/scoping").status_code == 404
    assert "Move" not in words_of(officer.get(f"{HERE}/timetable")).split("Phases")[-1]


def test_a_date_is_moved_in_two_steps_on_one_page(asked: SimpleNamespace, signed_in: SignIn, app: Flask) -> None:
    officer = signed_in("officer")
    address = f"{HERE}/timetable/evidence-call"
    assert "What follows" not in words_of(officer.get(address))
    shown = officer.post(address, data=LONGER)
    words = words_of(shown)
    for said in ("10 phases would move", "Items already asked that would be due later", "Fri 1 May 2026", "<svg"):
        assert said in (shown.text if said == "<svg" else words), said
    with app.app_context():
        assert _kept(app).phases[1].ends_on.isoformat() == "2026-04-21", "showing changed nothing"
    typed = LONGER | {"confirm": "yes", "why": "The election"}
    assert "Something has changed" in officer.post(address, data=typed | {"seen": "0" * 16}).text
    other = typed | {"ends_on": ["8", "5", "2026"], "seen": _seen(shown.text)}
    assert "Something has changed" in officer.post(address, data=other).text, "other days than were shown"
    assert "Say why the dates move" in officer.post(address, data=typed | {"why": "", "seen": _seen(shown.text)}).text
    assert officer.post(address, data=typed | {"seen": _seen(shown.text)}).status_code == 302
    with app.app_context():
        assert _kept(app).phases[1].ends_on.isoformat() == "2026-05-01"
    assert "Moved by Olwen Price" in officer.get(f"{HERE}/timetable").text


def test_days_that_cannot_be_are_refused_beside_the_form(asked: SimpleNamespace, signed_in: SignIn) -> None:
    officer = signed_in("officer")
    wrong = LONGER | {"ends_on": ["1", "3", "2026"]}
    assert "would end before it starts" in officer.post(f"{HERE}/timetable/evidence-call", data=wrong).text
    nonsense = LONGER | {"ends_on": ["30", "2", "2026"]}
    assert "There is a problem" in officer.post(f"{HERE}/timetable/evidence-call", data=nonsense).text
    assert officer.get(f"{HERE}/timetable/nonsense").status_code == 404


def test_the_timetable_names_the_next_deadlines_and_is_read_by_every_body(asked: SimpleNamespace, signed_in: SignIn) -> None:
    words = words_of(signed_in("officer").get(f"{HERE}/timetable"))
    assert "Tue 21 Apr 2026 (50 days): 31 items due from 6 agencies" in words
    assert "“Scoping” ends" in words
    assert "Fri 3 Apr 2026 (Good Friday)" in words
    observer = signed_in("partner_inspector").get(f"{HERE}/timetable")
    assert observer.status_code == 200
    assert "items due from" not in observer.text
    assert "/timetable/scoping" not in observer.text
    assert signed_in("responder").get(f"{HERE}/timetable").status_code == 404


def test_the_command_moves_only_what_was_seen(
    asked: SimpleNamespace, app: Flask, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr("scrutiny.conduct.commands.now", clock)
    run = app.test_cli_runner().invoke
    args = ["reviews", "move-phase", "R-2026-001", "evidence-call", "--from", "2026-03-23", "--to", "2026-05-01"]
    shown = run(args=[*args, "--preview"])
    assert shown.exit_code == 0
    assert "Call for evidence: Mon 23 Mar 2026 to Tue 21 Apr 2026 → Mon 23 Mar 2026 to Fri 1 May 2026" in shown.stdout
    mark = re.search(r"--seen (\w+)", shown.stdout)
    assert mark is not None
    blind = run(args=[*args, "--why", "The election"])
    assert (blind.exit_code, "Something has changed" in blind.stderr) == (1, True)
    done = run(args=[*args, "--why", "The election", "--seen", mark[1]])
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("Moved: Call for evidence, Evidence sessions")
    nobody = run(args=["reviews", "withdraw", "R-2026-999"])
    assert (nobody.exit_code, nobody.stderr) == (1, "There is no review R-2026-999: write its reference, such as R-2026-014\n")
    assert "Drafts" not in run(args=["reviews", "withdraw", "R-2026-001"]).stdout


def test_a_day_nobody_could_mean_is_refused_at_its_box(asked: SimpleNamespace, signed_in: SignIn) -> None:
    far = {"starts_on": ["1", "1", "9998"], "ends_on": ["31", "12", "9999"], "follows": "yes"}
    answer = signed_in("officer").post(f"{HERE}/timetable/evidence-call", data=far)
    assert answer.status_code == 200
    assert words_of(answer).count("Choose a day before 1 January") >= 2
    assert 'value="9998"' in answer.text, "what was typed stays"
