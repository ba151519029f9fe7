"""A newer edition laid into METHODS_DIR is offered to reviews under way: by page and command, seen first, then taken up."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from config.settings import PROJECT_ROOT, Settings
from scrutiny.app import create_app
from scrutiny.asking import service as requests
from scrutiny.conduct import newer_method
from scrutiny.conduct.preview_token import mark_of
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.findings import service as findings
from scrutiny.reports import signing
from scrutiny.requests.queries import requests_of
from scrutiny.reviews.models import Review
from scrutiny.rules.files import read_rules
from scrutiny.rules.models import MethodEdition
from scrutiny.rules.queries import method_of
from scrutiny.transaction import writes_now
from tests import cast as the_cast
from tests.conftest import NOW
from tests.databases import Databases
from tests.delivered import issue_and_deliver
from tests.scrutiny.reports import story
from tests.scrutiny.reviews.acting import acting, opened
from workflows.methods import Method, read_method
from workflows.refusals import Refused

OLDER = (PROJECT_ROOT / "config" / "methods" / "council-task-and-finish-2026.3.toml").read_text(encoding="utf-8")
NEXT = "council-task-and-finish-2026.4.toml"
NEW_ITEM = """
[[evidence]]
key = "winter-plan"
title = "Plan for the winter"
question = "Please send your plan for this winter."
agencies = ["police", "fire"]
line = "need"
due_phase = "evidence-call"
answer = "file"
"""
#: Sessions are ten days shorter, a phase comes, one goes, a line is reworded, an item is new, another rule of sign-off.
CHANGES = (
    ('version = "2026.3"', 'version = "2026.4"'),
    ('after = "evidence-call"\nduration = 40', 'after = "evidence-call"\nduration = 30'),
    ('key = "synthesis"\ntitle = "Drawing together"', 'key = "hearing-back"\ntitle = "Hearing back"'),
    ('after = "synthesis"', 'after = "hearing-back"'),
    ('duration = 20\nunit = "wd"\nnote = "Four weeks', 'duration = 25\nunit = "wd"\nnote = "Five weeks'),
    ('rule = "committee-vote"', 'rule = "all-partners"'),
    ("\n[[evidence]]", NEW_ITEM + "\n[[evidence]]"),
)
Upgraded = Callable[..., Flask]


def text_of(*more: tuple[str, str]) -> str:
    """The next edition, with further changes; each must meet the text."""
    text = OLDER
    for old, new in (*CHANGES, *more):
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


@pytest.fixture
def upgraded(app: Flask, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Upgraded:
    """The reviews are made under 2026.3; then 2026.4 lies in METHODS_DIR and the rules are read again, as at a start."""

    def start(prepare: Callable[[], object], *more: tuple[str, str]) -> Flask:
        with app.app_context(), writes_now():
            prepare()
        (tmp_path / NEXT).write_text(text_of(*more), encoding="utf-8")
        monkeypatch.setitem(app.extensions, "rules", read_rules(replace(settings, methods_dir=tmp_path)))
        return app

    return start


@pytest.fixture
def restarted(the_app: Flask, settings: Settings, databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """An instance of its own with a review under way, truly stopped and started again with the newer edition there."""
    url = databases.copy(settings.database_url, tmp_path, "own")
    own = replace(settings, database_url=url, methods_dir=tmp_path / "methods")
    before = create_app(own)
    with before.app_context():
        with writes_now():
            _half_issued()
        db.session.remove()
        db.engine.dispose()
    (tmp_path / "methods").mkdir()
    (tmp_path / "methods" / NEXT).write_text(text_of(), encoding="utf-8")
    app = create_app(own)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _half_issued() -> None:
    """A review with the police asked and every other request a draft."""
    cast = the_cast.ids()
    review = opened(cast)
    drafts = requests.draft_requests(review, by=acting("officer"), at=NOW)
    issue_and_deliver(review, [one for one in drafts if one.agency_id == cast.police], by=acting("officer"), at=NOW)


def _review() -> Review:
    """The one review."""
    return db.session.scalars(select(Review)).one()


def _take_up(review: Review, why: str = "The committee asked for it.") -> None:
    """Take it up as the page does."""
    seen = mark_of(newer_method.preview(review, by=acting("officer"), at=NOW))
    newer_method.take_up(review, why=why, seen=seen, by=acting("officer"), at=NOW)


def test_without_a_newer_edition_there_is_nothing_to_take_up(app: Flask) -> None:
    with app.app_context():
        with writes_now():
            review = opened(the_cast.ids())
            reference = review.reference
            assert newer_method.newer_of(review) is None
        done = app.test_cli_runner().invoke(args=["reviews", "newer-method", reference, "--preview"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "R-2026-001 is run by version 2026.3 of “Council task and finish review”, and no newer version is here" in done.stderr


def test_the_differences_and_what_would_change_are_said(upgraded: Upgraded) -> None:
    with upgraded(_half_issued).app_context():
        shown = newer_method.preview(_review(), by=acting("officer"), at=NOW)
        told = {(one.part, one.key): one.kind for one in shown.differences}
        assert told[("Phases", "evidence-sessions")] == "changed"
        assert told[("Phases", "hearing-back")] == "added"
        assert told[("Phases", "synthesis")] == "dropped"
        assert told[("Standard evidence", "winter-plan")] == "added"
        assert told[("Sign-off", "sign_off")] == "changed"
        assert (shown.was, shown.now, shown.obstacles) == ("2026.3", "2026.4", ())
        rows = {one.key: one for one in shown.phases}
        assert not rows["scoping"].moves
        assert rows["evidence-call"].now_to == date(2026, 4, 28)
        assert (len(shown.begins), shown.goes) == (1, ("Drawing together",))
        assert shown.added == ("“Plan for the winter” to the draft for Loamshire Fire and Rescue",)
        assert any("“Plan for the winter” is new and is not asked of Loamshire Police" in said for said in shown.stays)
        assert {(one.was, one.now) for one in shown.drafts} == {(date(2026, 4, 21), date(2026, 4, 28))}
        assert _review().edition.version == "2026.3"


def test_it_is_taken_up_and_what_was_asked_keeps_its_dates(upgraded: Upgraded) -> None:
    with upgraded(_half_issued).app_context():
        with writes_now():
            _take_up(_review())
        review = _review()
        assert [row.edition.version for row in review.editions] == ["2026.3", "2026.4"]
        assert len(db.session.scalars(select(MethodEdition)).all()) == 2
        assert method_of(review.edition).version == "2026.4"
        assert [phase.key for phase in sorted(review.phases, key=lambda one: one.position)] == [
            phase.key for phase in method_of(review.edition).phases
        ]
        (police,) = requests_of(review, "issued")
        assert {item.due_on for item in police.items} == {date(2026, 4, 21)}
        assert "winter-plan" not in {item.question.standard_key for item in police.items}
        fire = next(one for one in requests_of(review, "drafted") if one.agency.name == "Loamshire Fire and Rescue")
        assert {item.due_on for item in fire.items} == {date(2026, 4, 28)}
        assert "winter-plan" in {item.question.standard_key for item in fire.items}
        letter = db.session.scalars(select(Letter).where(Letter.kind == "method_taken_up")).one()
        assert "to version 2026.4. What agencies have already been asked keeps its dates." in letter.text
        with pytest.raises(Refused, match="no newer version is here"):
            newer_method.preview(review, by=acting("officer"), at=NOW)


def test_a_line_nobody_reworded_takes_its_new_wording_and_one_reworded_here_keeps_its_own(upgraded: Upgraded) -> None:
    def prepare() -> None:
        review = opened(the_cast.ids())
        review.lines[1].text = "Our own words?"

    one, two = method_of_text().lines[:2]
    more = [(f'text = "{line.text}"', f'text = "{line.text} And why?"') for line in (one, two)]
    with upgraded(prepare, *more).app_context():
        with writes_now():
            shown = newer_method.preview(_review(), by=acting("officer"), at=NOW)
            assert shown.lines == (f"“{one.title}” takes its new wording.",)
            _take_up(_review())
        assert [line.text for line in _review().lines[:2]] == [f"{one.text} And why?", "Our own words?"]


def method_of_text() -> Method:
    """The older edition, read."""
    return read_method(OLDER, "council-task-and-finish-2026.3.toml")


def test_a_signature_falls_where_the_rule_of_sign_off_is_another(upgraded: Upgraded) -> None:
    def prepare() -> None:
        review, lodging = story.answered(the_cast.ids())
        story.found(review, lodging, the_cast.ids().fire)
        story.summed_up(review)
        story.signed(review)

    with upgraded(prepare).app_context():
        with writes_now():
            shown = newer_method.preview(_review(), by=acting("officer"), at=NOW)
            assert shown.voided == ("Loamshire Overview and Scrutiny Committee, signed by Cllr Amrit Gill",)
            _take_up(_review())
        assert [row.signature for row in signing.wanted(_review())] == [None, None]
        letter = db.session.scalars(select(Letter).where(Letter.kind == "signature_voided")).one()
        assert "The review took up version 2026.4 of its method." in letter.text


def test_a_judgement_the_newer_edition_lacks_stands_in_the_way(upgraded: Upgraded) -> None:
    def prepare() -> None:
        review = opened(the_cast.ids())
        made = findings.draft_finding(review, title="Found", lines=[review.lines[0]], by=acting("officer"), at=NOW)
        made.judgement = "of-old"

    with upgraded(prepare).app_context(), writes_now():
        shown = newer_method.preview(_review(), by=acting("officer"), at=NOW)
        assert shown.obstacles[0].startswith("Finding 1 carries the judgement “of-old”, which the newer edition does not have")
        with pytest.raises(Refused, match="Finding 1 carries the judgement"):
            _take_up(_review())


def test_a_body_the_newer_edition_bars_stands_in_the_way(upgraded: Upgraded) -> None:
    bars = ('[[join]]\nkind = "inspectorate"\nlaw = "by agreement; an inspectorate keeps its own powers and method"\n', "")
    with upgraded(_half_issued, bars).app_context():
        shown = newer_method.preview(_review(), by=acting("officer"), at=NOW)
        assert shown.obstacles[0].startswith("An inspectorate may not join the method")


def test_a_phase_that_has_begun_keeps_its_days(upgraded: Upgraded) -> None:
    with upgraded(_half_issued).app_context():
        later = NOW.replace(month=4, day=1)  # in the call for evidence
        shown = newer_method.preview(_review(), by=acting("officer"), at=later)
        rows = {one.key: one for one in shown.phases}
        assert not rows["evidence-call"].moves
        assert any(said.startswith("“Call for evidence” has begun and keeps its days.") for said in shown.stays)
        assert rows["evidence-sessions"].moves


def test_the_page_shows_both_editions_and_takes_the_newer_up_once_it_was_seen(upgraded: Upgraded) -> None:
    app = upgraded(_half_issued)
    client = _signed_in(app, "officer")
    assert "Version 2026.4 is here: see what would change" in client.get("/reviews/R-2026-001").text
    page = client.get("/reviews/R-2026-001/newer-method")
    for words in ("From version 2026.3 to 2026.4", "30 working days", "Hearing back", "every partner body signs"):
        assert words in page.text, words
    assert client.post("/reviews/R-2026-001/newer-method", data={"why": "Asked", "seen": "a guess"}).status_code == 200
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', page.text)
    assert seen is not None
    done = client.post("/reviews/R-2026-001/newer-method", data={"why": "Asked for", "seen": seen[1]})
    assert done.status_code == 302
    assert client.get("/reviews/R-2026-001/newer-method").status_code == 404
    with app.app_context():
        assert _review().edition.version == "2026.4"


def test_only_those_who_run_the_review_find_the_page(upgraded: Upgraded) -> None:
    app = upgraded(_half_issued)
    found = {
        who: _signed_in(app, who).get("/reviews/R-2026-001/newer-method").status_code
        for who in ("officer", "chair", "councillor", "lead_inspector", "responder", "administrator")
    }
    assert found == {
        "officer": 200,
        "chair": 200,
        "councillor": 403,
        "lead_inspector": 403,
        "responder": 404,
        "administrator": 404,
    }
    assert "Version 2026.4 is here" not in _signed_in(app, "lead_inspector").get("/reviews/R-2026-001").text


def test_the_command_previews_and_takes_up_only_what_was_seen_after_a_restart(restarted: Flask) -> None:
    app = restarted
    run = app.test_cli_runner().invoke
    assert run(args=["methods", "check"]).exit_code == 0
    words = run(args=["reviews", "newer-method", "R-2026-001", "--preview"])
    assert words.exit_code == 0
    assert "Evidence sessions, changed. Length: 40 working days → 30 working days" in words.stdout
    told = json.loads(run(args=["reviews", "newer-method", "R-2026-001", "--preview", "--json"]).stdout)
    assert (told["was"], told["now"]) == ("2026.3", "2026.4")
    blind = run(args=["reviews", "newer-method", "R-2026-001", "--why", "Asked for", "--seen", "a guess"])
    assert blind.exit_code == 1
    assert "Something has changed since you looked" in blind.stderr
    done = run(args=["reviews", "newer-method", "R-2026-001", "--why", "Asked for", "--seen", told["seen"]])
    assert (done.exit_code, done.stderr) == (0, "")
    with app.app_context():
        assert [row.by for row in _review().editions][1] == "operator"


def _signed_in(app: Flask, who: str):
    """A client of this instance."""
    return the_cast.sign_in(app, app.test_client(), the_cast.uniquifier(who))
