"""Whoever runs one review decides what that review reads: elsewhere the same is taken back from the public, and no more."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from scrutiny.correspondence.models import Letter
from scrutiny.evidence import restricting, service
from scrutiny.evidence.models import Lodging
from scrutiny.evidence.restricting import Restriction
from scrutiny.extensions import db
from tests.conftest import NOW
from tests.lodged_files import add_file
from tests.scrutiny.evidence.conftest import Scene, make_scene
from workflows.refusals import Refused

LATER, CASES = NOW + timedelta(hours=1), b"label,value\ncases,12\n"


@pytest.fixture
def two(context: None, cast: SimpleNamespace) -> tuple[Scene, Scene]:
    """A review of the committee, and one that Ofsted leads and the committee has no part in."""
    return make_scene(cast, "council-task-and-finish", "committee", ()), make_scene(cast)


def given(scene: Scene, **words: str) -> Lodging:
    """The same words and file, sent to a review, and public."""
    lodging = scene.draft(text="We found Alys.", **words)
    add_file(lodging.evidence, name="Alys.csv", content=CASES, by=scene.actor("responder"), at=NOW)
    service.lodge(lodging, by=scene.actor("responder"), at=NOW)
    lodging.public_from = NOW
    db.session.flush()
    return lodging


def told() -> set[tuple[str, str]]:
    """Of what was given to which review a letter tells, by its kind."""
    return set(map(tuple, db.session.execute(select(Letter.kind, Letter.reference).where(Letter.kind.startswith("evidence_")))))


def test_a_lead_erases_in_their_own_review_and_only_takes_it_back_elsewhere(app: Flask, two: tuple[Scene, Scene]) -> None:
    own, other = given(two[0]), given(two[1])
    officer = two[0].actor("officer")
    restricting.erase_words(own, "It names a child", by=officer, at=LATER)
    restricting.erase_file(own.evidence.files[0], own, "It names a child", by=officer, at=LATER)
    assert (own.evidence.text, own.evidence.files[0].name) == ("", "Erased file")
    assert (other.evidence.text, other.evidence.files[0].name) == ("We found Alys.", "Alys.csv")
    assert other.evidence.files[0].stored.erased_at is None
    assert (other.public_from, other.held_back_at) == (None, LATER)
    assert told() >= {("evidence_erased", f"lodging:{own.id}"), ("evidence_restricted", f"lodging:{other.id}")}


def test_a_lead_makes_nothing_stricter_in_a_review_they_do_not_run(app: Flask, two: tuple[Scene, Scene]) -> None:
    own, other = given(two[0]), given(two[1])
    restricting.restrict(own, Restriction("confidential", "It names a child"), by=two[0].actor("officer"), at=LATER)
    assert (own.marking, other.marking, other.evidence.files[0].marking) == ("confidential", "open", "open")
    assert (other.public_from, other.held_back_at) == (None, LATER)


def test_its_agency_erases_it_before_every_review(app: Flask, two: tuple[Scene, Scene]) -> None:
    own, other = given(two[0]), given(two[1])
    restricting.erase_words(own, "It names a child", by=two[0].actor("responder"), at=LATER)
    restricting.erase_file(own.evidence.files[0], own, "It names a child", by=two[0].actor("responder"), at=LATER)
    assert (other.evidence.text, other.evidence.files[0].name) == ("", "Erased file")


def test_one_piece_of_evidence_before_two_reviews_is_erased_by_its_agency_only(app: Flask, two: tuple[Scene, Scene]) -> None:
    own = given(two[0])
    again = service.lodge_again(own.evidence, two[1].review, marking="open", by=two[1].actor("responder"), at=NOW)
    service.lodge(again, by=two[1].actor("responder"), at=NOW)
    for erase in (
        lambda: restricting.erase_words(own, "It names a child", by=two[0].actor("officer"), at=LATER),
        lambda: restricting.erase_file(own.evidence.files[0], own, "It names", by=two[0].actor("officer"), at=LATER),
    ):
        with pytest.raises(Refused, match="can erase this"):
            erase()
    assert again.evidence.text == "We found Alys."
    restricting.erase_words(own, "It names a child", by=two[0].actor("responder"), at=LATER)
    assert again.evidence.text == ""


def test_the_ground_goes_with_the_words_it_was_typed_with(app: Flask, two: tuple[Scene, Scene]) -> None:
    own = two[1].lodged("exempt")
    restricting.erase_words(own, "It names a child", by=two[1].actor("responder"), at=LATER)
    assert own.exempt_ground == "Erased"


def test_a_file_that_two_reviews_have_is_closed_in_each_by_itself(app: Flask, two: tuple[Scene, Scene]) -> None:
    """The lead restricts one answer; the same file is in another, which is before the lead's review and somebody else's."""
    own = given(two[0])
    shared = two[0].draft(text="Other words.", title="Shared")
    add_file(shared.evidence, name="Alys.csv", content=CASES, by=two[0].actor("responder"), at=NOW)
    theirs = service.lodge_again(shared.evidence, two[1].review, marking="open", by=two[1].actor("responder"), at=NOW)
    for one in (shared, theirs):
        service.lodge(one, by=two[0].actor("responder"), at=NOW)
        one.public_from = NOW
    db.session.flush()
    restricting.restrict(own, Restriction("confidential", "It names a child"), by=two[0].actor("officer"), at=LATER)
    assert (shared.marking, shared.public_from) == ("confidential", None)
    assert (theirs.marking, theirs.public_from, theirs.held_back_at) == ("open", None, LATER)
    assert shared.evidence.files[0].marking == "open", "the other review's people still read it"
