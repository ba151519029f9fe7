"""Lists anyone may send: answered apart from the page, found only by their address, and forgotten."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from scrutiny.agencies import bulk_jobs as lists
from scrutiny.agencies.bulk_lookup import Wanted, cells_of_text
from scrutiny.agencies.jobs import forget_lists
from scrutiny.extensions import db
from scrutiny.transaction import writes_now
from scrutiny.work.claims import Progress
from tests.conftest import NOW
from workflows.refusals import Refused

pytestmark = pytest.mark.usefixtures("context")


def begun(text: str = "LM1 1AA\nnonsense\n") -> int:
    with writes_now():
        return lists.begin(cells_of_text(text), Wanted(date(2026, 3, 2)), at=NOW).id


def test_a_list_is_dropped_once_it_is_answered_and_the_answers_kept() -> None:
    list_id = begun()
    lists.carry_out(list_id, clock=lambda: NOW)
    row = db.session.get_one(Progress, list_id)
    assert (row.state, row.task["sent"], row.task["rows"]) == ("done", None, 2)
    assert lists.answered(row).faults == 1


def test_only_the_signed_address_leads_to_a_list_and_only_for_a_day() -> None:
    list_id = begun()
    token = lists.address_of(db.session.get_one(Progress, list_id))
    found = lists.list_at(token, NOW)
    assert found is not None
    assert found.id == list_id
    for wrong in (str(list_id), token[:-1], token[1:], "", f"[{list_id}]"):
        assert lists.list_at(wrong, NOW) is None
    assert lists.list_at(token, NOW + timedelta(days=1)) is None


@pytest.mark.sqlite_only("PostgreSQL never gives a number twice")
def test_the_address_of_a_forgotten_list_does_not_lead_to_the_next_of_its_number() -> None:
    list_id = begun()
    token = lists.address_of(db.session.get_one(Progress, list_id))
    with writes_now():
        lists.forget(db.session.get_one(Progress, list_id))
    assert begun("LM1 1AB") == list_id
    assert lists.list_at(token, NOW) is None


def test_the_job_forgets_what_is_a_day_old_and_nothing_else() -> None:
    list_id = begun()
    with writes_now():
        db.session.add(Progress(kind="boundaries", title="x", started_by="operator", started_at=NOW))
    assert forget_lists(at=NOW + timedelta(hours=23)) == ""
    assert forget_lists(at=NOW + timedelta(days=1)) == "1 list forgotten"
    assert db.session.get(Progress, list_id) is None
    assert db.session.query(Progress).count() == 1


def test_too_many_lists_at_once_are_asked_to_wait() -> None:
    for _ in range(lists.MOST_AT_ONCE):
        begun()
    with pytest.raises(Refused, match="Wait a minute"):
        begun()


def test_a_list_that_cannot_be_answered_says_why_and_a_second_process_leaves_it_alone() -> None:
    with writes_now():
        list_id = lists.begin(cells_of_text("LM1 1AA"), Wanted(date(1700, 1, 1)), at=NOW).id
    lists.carry_out(list_id, clock=lambda: NOW)
    row = db.session.get_one(Progress, list_id)
    assert row.state == "failed"
    assert "This service has no boundaries for" in row.fault
    assert row.task["sent"] is None
    lists.carry_out(list_id, clock=lambda: NOW)
    assert db.session.get_one(Progress, list_id).state == "failed"
