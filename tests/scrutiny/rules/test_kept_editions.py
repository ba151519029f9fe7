"""Kept texts of methods, ladders and holiday lists: read for ever; a damaged one is told, and the rest goes on."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select, update

from scrutiny.asking import service
from scrutiny.extensions import db
from scrutiny.requests.ladder import days_of, ladder_of
from scrutiny.requests.models import EvidenceRequest
from scrutiny.rules.files import digest
from scrutiny.rules.models import HolidayList, MethodEdition, RuleEdition
from scrutiny.rules.queries import calendars_in_force, damage_of, ladders_kept, method_of, rules, stale_holidays
from scrutiny.rules.service import with_it
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.official import official_list
from tests.scrutiny.reviews.acting import acting, opened
from tests.scrutiny.rules.test_holidays import JUBILEE, LATE, load
from tests.workflows.test_editions import REFUSED, texts_of
from workflows.ladders import read_ladders, steps
from workflows.refusals import Refused

DAMAGED = 'title = "Council\x01'


@pytest.fixture
def issued(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """A review with its requests issued."""
    with app.app_context(), writes_now():
        review = opened(cast)
        service.draft_requests(review, by=acting("officer"), at=NOW)
        drafts = list(db.session.scalars(select(EvidenceRequest).where(EvidenceRequest.review_id == review.id)))
        service.issue_requests(review, drafts, by=acting("officer"), at=NOW)
        own = next(request for request in drafts if request.agency_id == cast.police)
        return SimpleNamespace(reference=review.reference, police=own.reference, items=[item.id for item in own.items])


def keep_as(app: Flask, text: str, kept_from: str = "another text") -> None:
    """Let the edition the review uses hold another text, kept from a file that is not here."""
    with app.app_context(), writes_now():
        db.session.execute(update(MethodEdition).values(text=text, digest=digest(kept_from)))


@pytest.mark.parametrize("file", REFUSED)
def test_a_review_on_a_text_that_is_refused_today_is_shown_and_answered(
    file: str, app: Flask, issued: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    keep_as(app, REFUSED[file][0])
    officer, responder = signed_in("officer"), signed_in("responder")
    review = f"/reviews/{issued.reference}"
    pages = (review, f"{review}/requests", f"{review}/findings", f"{review}/report", f"{review}/pack", f"{review}/timetable")
    assert {page: officer.get(page).status_code for page in ("/inbox", *pages)} == dict.fromkeys(("/inbox", *pages), 200)
    asked = ("/inbox", f"/answering/{issued.police}", *(f"/answering/items/{item}" for item in issued.items))
    assert {page: responder.get(page, follow_redirects=True).status_code for page in asked} == dict.fromkeys(asked, 200)


def test_a_damaged_method_is_told_on_its_own_review_only(
    app: Flask, issued: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    keep_as(app, DAMAGED)
    officer = signed_in("officer")
    assert officer.get("/inbox").status_code == 200
    version = app.extensions["rules"].methods["council-task-and-finish"].version
    sentence = f"“Council task and finish review” version {version}, is damaged and cannot be read. Ask an administrator to"
    hub, findings = officer.get(f"/reviews/{issued.reference}"), officer.get(f"/reviews/{issued.reference}/findings")
    assert (hub.status_code, findings.status_code) == (200, 409)
    assert sentence in hub.text
    assert sentence in findings.text
    with app.app_context():
        edition = db.session.scalars(select(MethodEdition)).one()
        assert sentence in damage_of(edition)
        with pytest.raises(Refused, match="is damaged and cannot be read"):
            method_of(edition)


def test_administrators_are_told_of_damaged_texts_on_their_page_and_by_the_check(
    app: Flask, issued: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    run, ada = app.test_cli_runner(), signed_in("administrator")
    assert run.invoke(args=["methods", "check"]).exit_code == 0
    assert "damaged" not in ada.get("/administration").text
    keep_as(app, DAMAGED)
    with app.app_context(), writes_now():
        db.session.add(RuleEdition(kind="ladders", digest="0" * 64, text=DAMAGED, first_used_at=NOW))
    page, done = ada.get("/administration").text, run.invoke(args=["methods", "check"])
    assert done.exit_code == 1
    for words in ("“Council task and finish review” version", "The reminders first used on Monday 2 March 2026 are damaged"):
        assert words in page
        assert words in done.stderr


def test_the_version_a_review_used_can_be_read_though_its_file_is_gone(
    app: Flask, issued: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    text, key = REFUSED["council-task-and-finish-2026.1.limits.toml"][0].replace("2026.1", "2025.9", 1), "council-task-and-finish"
    newest = app.extensions["rules"].methods[key].version
    keep_as(app, text)
    with app.app_context(), writes_now():
        db.session.execute(update(MethodEdition).values(version="2025.9"))
    anyone, officer = app.test_client(), signed_in("officer")
    assert f"/methods/{key}?version=2025.9" in officer.get(f"/reviews/{issued.reference}").text
    page = anyone.get(f"/methods/{key}?version=2025.9")
    assert (page.status_code, "This is an older version." in page.text) == (200, True)
    assert f"Read version {newest}, used for new reviews" in page.text
    plain = anyone.get(f"/api/v1/methods/{key}?version=2025.9").json
    assert (plain["version"], "duration = 1500" in plain["text"]) == ("2025.9", True)
    assert "This is an older version." not in anyone.get(f"/methods/{key}").text
    assert anyone.get(f"/api/v1/methods/{key}").json["version"] == newest
    for nothing in (f"/methods/{key}?version=2025.8", f"/methods/{key}?version=%00", "/methods/%00", "/methods/gone"):
        assert anyone.get(nothing).status_code == anyone.get(f"/api/v1{nothing}").status_code == 404
    with app.app_context(), writes_now():
        db.session.execute(update(MethodEdition).values(key="gone", text=text.replace(f'"{key}"', '"gone"', 1)))
    assert "This method is not used for new reviews." in anyone.get("/methods/gone").text


def test_a_damaged_method_is_read_from_the_file_it_was_kept_from(app: Flask, issued: SimpleNamespace) -> None:
    keep_as(app, DAMAGED, kept_from=app.extensions["rules"].texts["council-task-and-finish"])
    with app.app_context():
        edition = db.session.scalars(select(MethodEdition)).one()
        assert method_of(edition) == rules().methods["council-task-and-finish"]
        assert damage_of(edition) == ""


def test_kept_ladders_are_read_whatever_they_lack_and_todays_stand_in_for_damaged_ones(
    app: Flask, issued: SimpleNamespace
) -> None:
    (text, name), *_ = texts_of("ladders").values()
    older, damaged = (
        text.replace('letter = "request_chased"', 'letter = "telegram"').replace("usual = true\n", ""),
        text[:-1] + "\x01",
    )
    with app.app_context(), writes_now():
        for kept in (older, damaged):
            db.session.add(RuleEdition(kind="ladders", digest=digest(kept), text=kept, first_used_at=NOW))
        db.session.flush()
        assert ladders_kept(digest(older)) == read_ladders(older, name)
        for edition in (digest(damaged), digest("never kept")):
            assert ladders_kept(edition) == rules().ladders
        request = db.session.scalars(select(EvidenceRequest).where(EvidenceRequest.reference == issued.police)).one()
        request.ladder_edition = digest(older)
        ladder = ladder_of(request)
        assert {rung.letter for rung in ladder.rungs} == {"request_reminder", "chairs_letter"}
        assert len(steps(ladder, NOW.date(), days_of("england"))) == len(ladder.rungs)


def test_a_list_taken_up_counts_though_a_later_check_would_refuse_it(app: Flask, context: None) -> None:
    kept = load(LATE)
    short = official_list(first=2026, last=2026, added={"england-and-wales": {JUBILEE: "Jubilee"}}).decode()
    lacking = short.replace("Good Friday", "Some Friday").replace('"2026-12-25"', '"2026-12-24"').replace("scotland", "caledonia")
    with pytest.raises(Refused):
        with_it(lacking, "bank-holidays.json")
    replace_text(kept.id, lacking)
    assert not calendars_in_force().of("england").is_working(JUBILEE)
    assert calendars_in_force().of("scotland") == rules().calendars.of("scotland")


def test_a_damaged_list_is_told_loudly_and_the_files_count(app: Flask, context: None) -> None:
    kept = load(LATE)
    replace_text(kept.id, LATE.decode()[:-40])
    assert calendars_in_force().of("england").is_working(JUBILEE)
    assert any("The list bank-holidays.json loaded here is damaged" in sentence for sentence in stale_holidays(NOW.date()))


def replace_text(list_id: int, text: str) -> None:
    """Let a list that counts hold another text."""
    with writes_now():
        row = db.session.get_one(HolidayList, list_id)
        row.text, row.digest = text, digest(text)
    g.pop("rules_in_force", None)
