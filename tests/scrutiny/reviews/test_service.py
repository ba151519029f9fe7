"""Opening, revising and ending reviews; lines and questions."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.phase_words import phase_why
from scrutiny.reviews import service
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import next_reference, part_of, questions_of
from scrutiny.rules.models import MethodEdition
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting, opened
from workflows.refusals import Refused, Stale
from workflows.roles import OPERATOR_ACTOR

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def review(cast: SimpleNamespace) -> Review:
    """A review under way."""
    return opened(cast)


def test_an_opened_review_has_its_methods_timetable_and_lines(review: Review) -> None:
    assert (review.reference, review.state, review.opened_at) == ("R-2026-001", "opened", NOW)
    assert [phase.key for phase in review.phases][:2] == ["scoping", "evidence-call"]
    assert (review.phases[0].starts_on, review.phases[0].ends_on) == (date(2026, 3, 2), date(2026, 3, 20))
    assert phase_why(review.phases[0].why.reasons).startswith("15 working days long")
    assert review.lines
    assert all(line.title and line.text for line in review.lines)
    assert review.lead.slug == "loamshire-scrutiny"
    assert [row.part for row in review.bodies] == ["lead", "partner"]


def test_references_run_by_year_and_are_never_used_twice(cast: SimpleNamespace, review: Review) -> None:
    assert opened(cast).reference == "R-2026-002"
    assert next_reference(2027) == "R-2027-001"
    review.reference = "R-2026-1000"
    db.session.flush()
    assert next_reference(2026) == "R-2026-1001"


def test_the_edition_of_the_method_is_kept_once(cast: SimpleNamespace, review: Review) -> None:
    opened(cast)
    assert db.session.scalar(select(func.count()).select_from(MethodEdition)) == 1
    assert review.edition.key == "council-task-and-finish"
    assert review.edition.text.startswith("#")


def test_a_council_committee_cannot_lead_a_joint_inspection(cast: SimpleNamespace) -> None:
    with pytest.raises(Refused, match=r"A council scrutiny committee may not lead the method .*: only an inspectorate may"):
        opened(cast, method_key="jtai")


def test_a_kind_of_body_the_method_bars_cannot_join(cast: SimpleNamespace) -> None:
    committee, ofsted = db.session.get_one(Body, cast.committee), db.session.get_one(Body, cast.ofsted)
    with pytest.raises(Refused, match="may not join"):
        opened(cast, method_key="jtai", lead=ofsted, partners=[committee], by=acting("lead_inspector"))


def test_the_lead_cannot_be_its_own_partner(cast: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="cannot be a partner too"):
        opened(cast, partners=[db.session.get_one(Body, cast.committee)])


def test_a_method_of_another_nation_is_refused(cast: SimpleNamespace) -> None:
    db.session.get_one(Body, cast.committee).nation = "scotland"
    with pytest.raises(Refused, match="is for England and Wales"):
        opened(cast)


def test_a_review_needs_a_title(cast: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="title"):
        opened(cast, title="  ")


def test_an_inspector_may_not_open_a_review_but_the_operator_may(cast: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="Only a"):
        opened(cast, by=acting("inspector"))
    assert opened(cast, by=OPERATOR_ACTOR).state == "opened"


def test_the_second_to_revise_is_told(review: Review) -> None:
    seen, words = review.version, {"reason": "", "in_scope": "", "out_of_scope": ""}
    service.revise_review(review, title="First", **words, seen=seen, by=acting("officer"), at=NOW)
    with pytest.raises(Stale):
        service.revise_review(review, title="Second", **words, seen=seen, by=acting("chair"), at=NOW)
    assert review.title == "First"


def test_what_was_announced_stays_announced(review: Review) -> None:
    service.announce(review, date(2026, 3, 10), by=acting("officer"), at=NOW)
    service.announce(review, None, by=acting("officer"), at=NOW)
    service.announce(review, date(2026, 3, 2), by=acting("officer"), at=NOW)
    with pytest.raises(Refused, match="cannot be undone"):
        service.announce(review, None, by=acting("officer"), at=NOW)


def test_the_list_waits_for_the_announcement(review: Review) -> None:
    with pytest.raises(Refused, match="Announce the review first"):
        service.release_list(review, date(2026, 3, 2), by=acting("officer"), at=NOW)


def test_a_withdrawn_review_says_why_and_rests(review: Review) -> None:
    with pytest.raises(Refused, match="Say why"):
        service.withdraw_review(review, " ", by=acting("officer"), at=NOW)
    service.withdraw_review(review, "Overtaken", by=acting("officer"), at=NOW)
    assert (review.state, review.ended_why) == ("withdrawn", "Overtaken")
    with pytest.raises(Refused, match="can no longer be changed"):
        service.announce(review, date(2026, 4, 1), by=acting("officer"), at=NOW)


def test_a_phase_moves_and_remembers_where_it_was(review: Review) -> None:
    phase = review.phases[0]
    service.move_phase(review, phase, date(2026, 3, 9), date(2026, 4, 1), by=acting("officer"), at=NOW)
    assert phase.why.first
    assert phase.why.first.ends_on == date(2026, 3, 20)
    assert "Moved by Olwen Price" in phase_why(phase.why.reasons)
    with pytest.raises(Refused, match="end before it starts"):
        service.move_phase(review, phase, date(2026, 4, 2), date(2026, 4, 1), by=acting("officer"), at=NOW)


def test_a_body_joins_and_leaves(review: Review, cast: SimpleNamespace) -> None:
    cqc = db.session.get_one(Body, cast.cqc)
    row = service.add_body(review, cqc, "observer", by=acting("officer"), at=NOW)
    assert part_of(review, cqc.id) == "observer"
    with pytest.raises(Refused, match="already has a part"):
        service.add_body(review, cqc, "partner", by=acting("officer"), at=NOW)
    service.end_body(review, row, by=acting("officer"), at=NOW)
    assert part_of(review, cqc.id) is None
    assert part_of(review, cqc.id, date(2026, 3, 2)) == "observer"
    with pytest.raises(Refused, match="in the lead cannot leave"):
        service.end_body(review, review.bodies[0], by=acting("officer"), at=NOW)


def test_lines_are_added_left_out_and_taken_up(review: Review) -> None:
    own = service.add_line(review, title="", text="Who drives the last bus?", by=acting("officer"), at=NOW)
    assert (own.key, own.title) == ("own-1", "Who drives the last bus?")
    with pytest.raises(Refused, match="Say why"):
        service.drop_line(review, own, why="", by=acting("officer"), at=NOW)
    service.drop_line(review, own, why="Known", by=acting("officer"), at=NOW)
    assert own not in review.open_lines
    service.take_up_line(review, own, by=acting("officer"), at=NOW)
    assert own in review.open_lines
    for line in review.lines[:-1]:
        service.drop_line(review, line, why="Known", by=acting("officer"), at=NOW)
    with pytest.raises(Refused, match="at least one line"):
        service.drop_line(review, own, why="Known", by=acting("officer"), at=NOW)


def test_a_councillor_proposes_a_question_and_an_officer_takes_or_declines_it(review: Review) -> None:
    line = review.lines[0]
    first = service.propose_question(review, line=line, text="How late?", why="I am asked.", by=acting("councillor"), at=NOW)
    second = service.propose_question(review, line=line, text="How early?", why="", by=acting("councillor"), at=NOW)
    assert questions_of(review) == []
    service.settle_question(review, first, take=True, by=acting("officer"), at=NOW)
    with pytest.raises(Refused, match="Say why"):
        service.settle_question(review, second, take=False, by=acting("officer"), at=NOW)
    service.settle_question(review, second, take=False, why="Asked already", by=acting("officer"), at=NOW)
    assert [question.text for question in questions_of(review)] == ["How late?"]
    assert (second.state, second.declined_why) == ("declined", "Asked already")
    with pytest.raises(Refused, match="already been taken"):
        service.settle_question(review, first, take=False, why="No", by=acting("officer"), at=NOW)


def test_personal_material_may_not_be_asked_for_where_the_method_may_not_hold_it(review: Review) -> None:
    with pytest.raises(Refused, match="depersonalised"):
        service.add_question(review, line=review.lines[0], text="Names?", marking="personal", by=acting("officer"), at=NOW)
