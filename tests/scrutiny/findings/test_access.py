"""Who sees which finding and which quotation; a private note is its writer's alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from werkzeug.exceptions import Forbidden, NotFound

from scrutiny.evidence import service as keeping
from scrutiny.extensions import db
from scrutiny.findings import access, presenters, queries, service
from tests.conftest import NOW
from tests.lodged_files import add_file
from tests.scrutiny.findings.conftest import TODAY, Scene, a_pdf, file_named
from workflows.roles import NO_CAPACITY

BODIES = ("lead_inspector", "inspector", "partner_inspector", "officer", "chair", "councillor", "responder", "administrator")


def _opens(door, *what) -> object:
    """What a door gives, or the number it is shut with."""
    try:
        return door(*what)
    except NotFound:
        return 404
    except Forbidden:
        return 403


@pytest.mark.parametrize(
    ("state", "seen_by"),
    [
        ("drafted", {"lead_inspector", "inspector", "officer", "chair"}),
        ("proposed", {"lead_inspector", "inspector", "officer", "chair", "councillor"}),
        ("settled", {"lead_inspector", "inspector", "officer", "chair", "councillor"}),
        ("withdrawn", {"lead_inspector", "inspector", "officer", "chair"}),
    ],
)
def test_drafts_are_for_writers_and_chairs_and_the_rest_for_members(council_scene: Scene, state: str, seen_by: set[str]) -> None:
    """The committee leads, the inspectorate is its partner; the care commission, agencies and administrators have no part."""
    finding = council_scene.drafted()
    finding.state = state
    reference = council_scene.review.reference
    seen = {who for who in BODIES if _opens(access.finding_to_read, reference, 1, council_scene.actor(who)) is finding}
    assert seen == seen_by
    listed = {
        who
        for who in seen_by
        if finding in queries.of_review(council_scene.review.id, access.states_open_to(council_scene.actor(who)))
    }
    assert listed == (seen_by if state != "withdrawn" else set())


def test_observers_are_shown_no_findings(scene: Scene) -> None:
    scene.proposed()
    for who in ("officer", "chair", "councillor"):
        assert _opens(access.review_with_findings, scene.review.reference, scene.actor(who)) == 403
    assert _opens(access.review_with_findings, scene.review.reference, scene.actor("responder")) == 404


@pytest.mark.parametrize(
    ("who", "marking", "shown"),
    [
        ("lead_inspector", "personal", True),
        ("lead_inspector", "confidential", True),
        ("partner_inspector", "open", True),
        ("partner_inspector", "exempt", True),
        ("partner_inspector", "confidential", False),
        ("partner_inspector", "personal", False),
    ],
)
def test_a_quotation_is_shown_to_those_who_may_read_what_it_quotes(scene: Scene, who: str, marking: str, shown: bool) -> None:
    finding = scene.proposed(lodging=scene.lodged(marking))
    card = presenters.shown(finding, scene.review, access.readable_in(scene.review, scene.actor(who), TODAY)).cards[0]
    assert (card.quotation == "12 patterns") is shown
    assert (card.quotation is None) is not shown
    assert bool(card.address) is shown
    assert card.marking == marking


@pytest.mark.parametrize("who", ["chair", "councillor"])
@pytest.mark.parametrize("marking", ["open", "exempt", "confidential"])
def test_councillors_of_the_lead_read_all_but_the_personal(council_scene: Scene, who: str, marking: str) -> None:
    finding = council_scene.proposed(lodging=council_scene.lodged(marking))
    readable = access.readable_in(council_scene.review, council_scene.actor(who), TODAY)
    assert presenters.shown(finding, council_scene.review, readable).cards[0].quotation == "12 patterns"


def test_councillors_never_see_a_personal_quotation(scene: Scene) -> None:
    """Even of a body with a part in an inspection that may hold what is personal."""
    scene.review.bodies[-1].part = "partner"  # the committee joins
    db.session.flush()
    finding = scene.proposed(lodging=scene.lodged("personal"))
    for who in ("chair", "councillor"):
        shown = presenters.shown(finding, scene.review, access.readable_in(scene.review, scene.actor(who), TODAY))
        assert shown.cards[0].quotation is None
        assert shown.cards[0].title == ""


def test_a_file_stricter_than_its_answer_holds_its_quotation_back(scene: Scene) -> None:
    by = scene.actor("responder")
    draft = keeping.lodge_draft(
        agency=scene.lodged().evidence.agency, review=scene.review, title="Cases", text="See the file.", by=by, at=NOW
    )
    add_file(draft.evidence, name="cases.pdf", content=a_pdf("Told"), marking="confidential", by=by, at=NOW)
    keeping.lodge(draft, by=by, at=NOW)
    finding = scene.drafted()
    where = {"lodging": draft, "file": file_named(draft, "cases.pdf"), "page": 1}
    service.cite(finding, **where, quotation="Told", by=scene.by, at=NOW)
    service.cite(finding, lodging=draft, quotation="See the file", by=scene.by, at=NOW)
    readable = access.readable_in(scene.review, scene.actor("partner_inspector"), TODAY)
    assert [card.quotation for card in presenters.shown(finding, scene.review, readable).cards] == [None, "See the file"]


def test_the_reading_page_opens_to_the_bodies_by_the_marking(scene: Scene) -> None:
    review, personal, plain = scene.review.reference, scene.lodged("personal"), scene.lodged()
    read = access.lodging_to_read
    assert _opens(read, review, personal.id, scene.by, TODAY) is personal
    assert _opens(read, review, personal.id, scene.actor("partner_inspector"), TODAY) == 404
    assert _opens(read, review, plain.id, scene.actor("partner_inspector"), TODAY) is plain
    assert _opens(read, review, plain.id, scene.actor("councillor"), TODAY) is plain  # of an observer: open only
    assert _opens(read, review, plain.id, scene.actor("responder"), TODAY) == 404


def test_a_private_note_is_its_writers_alone(scene: Scene) -> None:
    writer, lodging = scene.actor("inspector"), scene.lodged()
    note = service.keep_note(scene.review, "I doubt this", lodging=lodging, by=writer, at=NOW)
    assert access.note_of_own(note.id, writer) is note
    for who in BODIES:
        if who != "inspector":
            other = scene.actor(who)
            assert _opens(access.note_of_own, note.id, other) == 404
            assert queries.notes_of(scene.review.id, other.person or 0) == []
    assert queries.notes_of(scene.review.id, writer.person or 0, lodging.id) == [note]
    left = replace(writer, capacity=NO_CAPACITY, capacities=())
    assert _opens(access.note_of_own, note.id, left) == 404, "the writer has left the body since"


def test_only_own_extracts_are_opened(scene: Scene) -> None:
    scene.proposed()
    check = service.start_accuracy_check(scene.review, by=scene.by, at=NOW)[0]
    assert access.check_to_answer(check.id, scene.actor("responder")).id == check.id
    for who in ("fire_responder", "stranger", "lead_inspector", "administrator"):
        assert _opens(access.check_to_answer, check.id, scene.actor(who)) == 404
