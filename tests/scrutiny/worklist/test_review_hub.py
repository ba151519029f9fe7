"""A review's hub: where it stands, its timetable as picture and table, its pages with counts; less for observers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

from flask import Flask
from flask.testing import FlaskClient

from scrutiny.answering import service as answering
from scrutiny.asking import service
from scrutiny.extensions import db
from scrutiny.findings.models import Finding
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import calendars_in_force
from scrutiny.transaction import writes_now
from scrutiny.worklist import timing
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting, opened
from tests.scrutiny.worklist.conftest import words_of

OF_A_REVIEW = {
    *("", "timetable", "lines", "people", "requests", "questions", "reminders", "letters", "matrix", "evidence", "findings"),
    *("accuracy", "recommendations", "report", "sign-off", "interests", "pack", "history"),
}


def _navigation(html: str) -> tuple[list[list[str]], list[tuple[str, str]]]:
    """The addresses in each list of a page's sub-navigation, and those that are marked, with how."""
    lists = re.findall(r'<nav class="moj-sub-navigation.*?</nav>', html, re.DOTALL)
    links = [re.findall(r'moj-sub-navigation__link" href="([^"]+)"', one) for one in lists]
    return links, re.findall(r'moj-sub-navigation__link" href="([^"]+)" aria-current="(\w+)"', html)


def _kind(path: str, link: str) -> str:
    """How a part that leads to a page is marked on this page."""
    return "page" if path == link else "true"


def test_the_hub_says_where_the_review_stands_and_what_comes_next(
    asked: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """Phase with working day, method with version, bodies, the next days named."""
    words = words_of(signed_in("officer").get(f"/reviews/{asked.reference}"))
    assert "R-2026-001 · Barrow End · Council task and finish review 2026.3" in words
    assert "Scoping, working day 1 of 15" in words
    assert "Fri 20 Mar 2026 (18 days): “Scoping” ends" in words
    assert "Tue 21 Apr 2026 (50 days): 31 items due from 6 agencies" in words
    assert "Office for Standards in Learning (partner)" in words


def test_the_timetable_is_a_picture_with_the_same_facts_in_a_table(
    asked: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """Phases as bars, today's line, holidays; each phase a row with its length and why then."""
    page = signed_in("officer").get(f"/reviews/{asked.reference}")
    html, words = page.get_data(as_text=True), words_of(page)
    assert "Timetable of Children&#39;s mental health" in html
    assert ">Today</text>" in html
    assert "Holiday: 3 April 2026" in html
    assert "Scoping Mon 2 Mar 2026 Fri 20 Mar 2026 15 working days Now" in words
    assert "Fri 3 Apr 2026 (Good Friday)" in words


def test_counts_stand_beside_the_pages(
    app: Flask, asked: SimpleNamespace, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """Requests, answered of asked, findings, signatures."""
    with app.app_context(), writes_now():
        request, by = db.session.get_one(EvidenceRequest, asked.requests[cast.fire]), acting("fire_responder")
        answering.keep_answer(request.items[0], answering.Typed(text="Six."), by=by, at=NOW)
        answering.submit_item(request.items[0], by=by, at=NOW)
        db.session.add(Finding(review_id=asked.id, number=1, title="One", text="One.", written_by="person:1", written_at=NOW))
    words = words_of(signed_in("officer").get(f"/reviews/{asked.reference}"))
    assert "Overview Requests 6 Answers 1/31 Findings 1 Recommendations 0 Report Pack History" in words
    report = words_of(signed_in("officer").get(f"/reviews/{asked.reference}/sign-off"))
    assert "Report text and publication Sign-off 0/1 Interests" in report
    assert "Findings 0" in words_of(signed_in("councillor").get(f"/reviews/{asked.reference}"))  # a draft is not theirs


def test_the_matrix_and_its_tab_count_the_same_replies(
    app: Flask, asked: SimpleNamespace, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """A refusal is a reply and no answer; what has not reached its agency is not asked."""
    with app.app_context(), writes_now():
        request, by = db.session.get_one(EvidenceRequest, asked.requests[cast.fire]), acting("fire_responder")
        answering.refuse_item(request.items[0], "Section 31", by=by, at=NOW)
        police = db.session.get_one(EvidenceRequest, asked.requests[cast.police])
        police.delivered_on, left, fire = None, 31 - len(police.items), len(request.items)
    client = signed_in("officer")
    assert f"Answers 1/{left}" in words_of(client.get(f"/reviews/{asked.reference}"))
    words = words_of(client.get(f"/reviews/{asked.reference}/matrix"))
    assert f"Matrix 1/{left}" in words
    assert f"1 of {left} items have a reply: an answer, or an agency saying that it does not hold" in words
    assert f"1 of {fire}" in words
    assert "answered" not in words.lower().replace("not answered", "")


def test_an_observer_sees_the_overview_and_nothing_that_is_drafted(
    app: Flask, asked: SimpleNamespace, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """No findings, no sign-off, no drafts of requests, no needs."""
    with app.app_context(), writes_now():
        db.session.add(Finding(review_id=asked.id, number=1, title="One", text="One.", written_by="person:1", written_at=NOW))
    page = signed_in("partner_inspector").get(f"/reviews/{asked.reference}")
    words, html = words_of(page), page.get_data(as_text=True)
    assert "Scoping, working day 1 of 15" in words
    assert "Nothing needs your attention here" in words
    assert "items due from" not in words
    for hidden in ("findings", "sign-off", "report", "letters", "history", "evidence"):
        assert f"/reviews/R-2026-001/{hidden}" not in html


def test_every_page_the_hub_leads_to_opens_for_whom_it_is_shown(
    asked: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """No link of the sub-navigation ends in a refusal; the parts are few, and where the reader is is marked once in each list."""
    refused, wrong, reached = {}, {}, {}
    for who in ("officer", "chair", "councillor", "inspector", "lead_inspector", "partner_inspector"):
        client, to_open, seen = signed_in(who), [f"/reviews/{asked.reference}"], set[str]()
        while to_open:
            path = to_open.pop()
            seen.add(path)
            page = client.get(path)
            if page.status_code != 200:
                refused[who, path] = page.status_code
                continue
            parts, marked = _navigation(page.get_data(as_text=True))
            if (
                len(parts[0]) > 8
                or len(marked) != len(parts)
                or marked[-1] != (path, "page")
                or marked[0][1] != _kind(path, marked[0][0])
            ):
                wrong[who, path] = marked
            to_open += [link for links in parts for link in links if link not in seen and link not in to_open]
        reached[who] = {path.removeprefix(f"/reviews/{asked.reference}").strip("/") for path in seen}
    assert (refused, wrong) == ({}, {})
    assert reached["officer"] == OF_A_REVIEW
    assert reached["councillor"] == OF_A_REVIEW - {"accuracy", "report"} | {"report/preview"}
    assert reached["partner_inspector"] == {"", "timetable", "matrix"}


def test_the_pages_of_one_request_and_of_one_item_stand_in_the_same_parts(
    asked: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """Requests is marked as the part the page belongs to; an observer gets the three pages an observer may open."""
    for who, parts in (("officer", 8), ("partner_inspector", 2)):
        client = signed_in(who)
        for path in ("requests/P01", "requests/P01/1"):
            links, marked = _navigation(client.get(f"/reviews/{asked.reference}/{path}").get_data(as_text=True))
            assert len(links[0]) == parts
            assert {current for _, current in marked} == ({"true"} if who == "officer" else set())
            assert [link for link, _ in marked] == [f"/reviews/{asked.reference}/requests"] * 2 * (who == "officer")


def test_drafts_are_counted_as_requests_and_their_items_only_once_asked(
    app: Flask, cast: SimpleNamespace, clock: object, signed_in: Callable[..., FlaskClient]
) -> None:
    """The list behind the tab shows them; a draft is nobody's deadline, and the officer is told that it waits."""
    with app.app_context(), writes_now():
        service.draft_requests(opened(cast), by=acting("officer"), at=NOW)
    words = words_of(signed_in("officer").get("/reviews/R-2026-001"))
    assert "Requests 6 Answers 0/0" in words
    assert "6 draft requests to send" in words
    assert "items due" not in words


def test_the_position_is_counted_in_working_days(asked: SimpleNamespace, context: None) -> None:
    """Weekends and Good Friday are not counted; before the start, between and after the phases it says so."""
    review, calendar = db.session.get_one(Review, asked.id), calendars_in_force().of("england")
    said = {
        day: str(timing.position_of(review, day, calendar))
        for day in (date(2026, 3, 1), date(2026, 3, 9), date(2026, 4, 7), date(2026, 4, 2), date(2030, 1, 1))
    }
    assert said[date(2026, 3, 1)] == "Begins on Mon 2 Mar 2026"
    assert said[date(2026, 3, 9)] == "Scoping, working day 6 of 15"
    # 23 March is day 1; 2 April day 9; Good Friday, Easter Monday and the weekend between do not count; 7 April day 10.
    assert said[date(2026, 4, 2)] == "Call for evidence, working day 9 of 20"
    assert said[date(2026, 4, 7)] == "Call for evidence, working day 10 of 20"
    assert said[date(2030, 1, 1)].startswith("Past its last phase")
    assert timing.working_days(NOW.date(), NOW.date() + timedelta(days=6), calendar) == 5
