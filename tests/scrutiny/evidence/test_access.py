"""Who sees what, as a table: the rule in hand and the rule as a filter must say the same."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from scrutiny.bodies.models import Body, BodyMembership
from scrutiny.evidence import access, service
from scrutiny.evidence.markings import STRICTNESS
from scrutiny.evidence.models import EvidenceFile, Grant, Lodging, NamedReader
from scrutiny.extensions import db
from scrutiny.reviews.models import ReviewBody
from scrutiny.reviews.queries import part_of, readable_by
from scrutiny.stored_files.models import StoredFile
from tests.conftest import NOW
from tests.scrutiny.evidence.conftest import make_scene
from workflows.roles import ANYONE, CHAIR, COUNCILLOR, INSPECTOR, Actor, Capacity

TODAY = NOW.date()
OPEN, E, C, P = STRICTNESS
ALL, NONE = set(STRICTNESS), set()
#: who: (their markings of what is a draft, lodged, lodged and published, lodged while only the list of requests is public)
TABLE = {
    "own agency": (ALL, ALL, ALL, ALL),
    "another agency": (NONE, NONE, {OPEN}, NONE),
    "lead inspector": (NONE, {OPEN, E, C}, {OPEN, E, C}, {OPEN, E, C}),
    "named lead inspector": (NONE, ALL, ALL, ALL),
    "named, and acts for an agency too": (NONE, {OPEN, E, C}, {OPEN, E, C}, {OPEN, E, C}),
    "named, and a councillor elsewhere": (NONE, {OPEN, E, C}, {OPEN, E, C}, {OPEN, E, C}),
    "named lead councillor": (NONE, {OPEN, E, C}, {OPEN, E, C}, {OPEN, E, C}),
    "named once, not now": (NONE, {OPEN, E, C}, {OPEN, E, C}, {OPEN, E, C}),
    "lead councillor": (NONE, {OPEN, E, C}, {OPEN, E, C}, {OPEN, E, C}),
    "lead chair": (NONE, {OPEN, E, C}, {OPEN, E, C}, {OPEN, E, C}),
    "partner inspector": (NONE, {OPEN, E}, {OPEN, E}, {OPEN, E}),
    "partner inspector with a grant": (NONE, {OPEN, E, C}, {OPEN, E, C}, {OPEN, E, C}),
    "named partner inspector": (NONE, {OPEN, E, P}, {OPEN, E, P}, {OPEN, E, P}),
    "named for the lead, acting for the partner": (NONE, {OPEN, E}, {OPEN, E}, {OPEN, E}),
    "partner councillor with a grant": (NONE, {OPEN, E}, {OPEN, E}, {OPEN, E}),
    "former partner": (NONE, NONE, {OPEN}, NONE),
    "observer": (NONE, {OPEN}, {OPEN}, {OPEN}),
    "named observer": (NONE, {OPEN}, {OPEN}, {OPEN}),
    "named former partner": (NONE, NONE, {OPEN}, NONE),
    "named for another review": (NONE, {OPEN, E, C}, {OPEN, E, C}, {OPEN, E, C}),
    "another body": (NONE, NONE, {OPEN}, NONE),
    "the public": (NONE, NONE, {OPEN}, NONE),
    "an administrator": (NONE, NONE, {OPEN}, NONE),
}
STAGES = ("draft", "lodged", "released", "listed")


def an_actor(who: str, scene: SimpleNamespace) -> Actor:
    """The actor a row of the table stands for."""
    cast, person = scene.cast, scene.cast.partner_inspector

    def of(kind: str, key: int, role: str) -> Actor:
        return Actor(person, "Somebody", Capacity(kind, key, "It", frozenset({role})))

    def named(person_id: int, body: int, role: str = INSPECTOR, *more: Capacity) -> Actor:
        capacity = Capacity("body", body, "It", frozenset({role}))
        return Actor(person_id, "Named", capacity, (capacity, *more))

    return {
        "own agency": of("agency", cast.police, "responder"),
        "another agency": of("agency", cast.fire, "responder"),
        "lead inspector": of("body", cast.ofsted, INSPECTOR),
        "named lead inspector": named(cast.lead_inspector, cast.ofsted),
        "named, and acts for an agency too": named(
            cast.lead_inspector, cast.ofsted, INSPECTOR, Capacity("agency", cast.fire, "Fire", frozenset({"responder"}))
        ),
        "named, and a councillor elsewhere": named(
            cast.lead_inspector, cast.ofsted, INSPECTOR, Capacity("body", scene.other, "Other", frozenset({COUNCILLOR}))
        ),
        "named lead councillor": named(cast.lead_inspector, cast.ofsted, COUNCILLOR),
        "named once, not now": named(cast.chair, cast.ofsted),
        "lead councillor": of("body", cast.ofsted, COUNCILLOR),
        "lead chair": of("body", cast.ofsted, CHAIR),
        "partner inspector": Actor(cast.inspector, "Without", Capacity("body", cast.cqc, "It", frozenset({INSPECTOR}))),
        "partner inspector with a grant": of("body", cast.cqc, INSPECTOR),
        "named partner inspector": named(cast.officer, cast.cqc),
        "named for the lead, acting for the partner": named(cast.lead_inspector, cast.cqc),
        "named observer": named(cast.officer, cast.committee),
        "named former partner": named(cast.officer, scene.former),
        "named for another review": named(cast.councillor, cast.ofsted),
        "partner councillor with a grant": of("body", cast.cqc, COUNCILLOR),
        "former partner": of("body", scene.former, INSPECTOR),
        "observer": of("body", cast.committee, INSPECTOR),
        "another body": of("body", scene.other, INSPECTOR),
        "the public": ANYONE,
        "an administrator": Actor(person, "Ada", Capacity("none", None, "", frozenset()), (), True),
    }[who]


@pytest.fixture
def table(scene):
    """A review with every marking lodged, a former partner, another body, a grant of each guarded lodging, and people named."""
    former = Body(slug="former", name="Former", kind="inspectorate")
    other = Body(slug="other", name="Other", kind="inspectorate")
    db.session.add_all([former, other])
    db.session.flush()
    yesterday = TODAY - timedelta(days=1)
    row = ReviewBody(review_id=scene.review.id, body_id=former.id, part="partner", from_on=yesterday, to_on=yesterday)
    scene.review.bodies.append(row)
    db.session.flush()
    scene.former, scene.other = former.id, other.id
    scene.lodgings = {marking: scene.lodged(marking, title=marking) for marking in STRICTNESS}
    for marking in (C, P):
        row = Grant(
            lodging_id=scene.lodgings[marking].id,
            person_id=scene.cast.partner_inspector,
            why="Case",
            given_by="person:1",
            given_at=NOW,
        )
        db.session.add(row)
    elsewhere = make_scene(scene.cast).review
    db.session.add(BodyMembership(body_id=scene.cast.cqc, person_id=scene.cast.officer, role="inspector", from_on=TODAY))
    for review, person, body, ended_at in (
        (scene.review, scene.cast.chair, scene.cast.ofsted, NOW),
        (scene.review, scene.cast.officer, scene.cast.cqc, None),
        (scene.review, scene.cast.officer, scene.cast.committee, None),
        (scene.review, scene.cast.officer, former.id, None),
        (elsewhere, scene.cast.councillor, scene.cast.ofsted, None),
    ):
        db.session.add(
            NamedReader(review_id=review.id, person_id=person, body_id=body, named_at=NOW, named_by="operator", ended_at=ended_at)
        )
    db.session.flush()
    return scene


def at_stage(scene, stage: str) -> None:
    """Bring the lodgings to a stage of the table."""
    for lodging in scene.lodgings.values():
        lodging.lodged_at = None if stage == "draft" else NOW
        lodging.public_from = NOW if stage == "released" else None
    scene.review.list_released_on = TODAY if stage == "listed" else None
    db.session.flush()


def test_a_part_that_begins_tomorrow_opens_nothing_today(table):
    """In hand, as a list, and for the review itself; from its first day it opens what the part does."""
    tomorrow = TODAY + timedelta(days=1)
    table.review.bodies.append(ReviewBody(review_id=table.review.id, body_id=table.other, part="partner", from_on=tomorrow))
    at_stage(table, "lodged")
    by = Actor(table.cast.inspector, "Without a grant", Capacity("body", table.other, "It", frozenset({INSPECTOR})))
    for day, opens in ((TODAY, set()), (tomorrow, {OPEN, E})):
        listed = set(db.session.scalars(select(Lodging.marking).where(access.readable(table.review, by, day))))
        assert {marking for marking, lodging in table.lodgings.items() if access.may_read(lodging, by, day)} == opens
        assert listed == opens
        assert (part_of(table.review, table.other, day) == "partner") is bool(opens)
        assert (table.review.id in db.session.scalars(readable_by(table.other, day)).all()) is bool(opens)


@pytest.mark.parametrize("who", TABLE)
def test_everybody_sees_what_the_table_says_and_no_more(table, who):
    by = an_actor(who, table)
    for stage, expected in zip(STAGES, TABLE[who], strict=True):
        at_stage(table, stage)
        in_hand = {marking for marking, lodging in table.lodgings.items() if access.may_read(lodging, by, TODAY)}
        listed = set(db.session.scalars(select(Lodging.marking).where(access.readable(table.review, by, TODAY))))
        assert in_hand == expected, (who, stage)
        assert listed == expected, (who, stage, "as a list")


def test_the_public_sees_nothing_of_a_review_that_is_not_announced(table):
    at_stage(table, "released")
    table.review.announced_on = None
    db.session.flush()
    assert not access.may_read(table.lodgings["open"], ANYONE, TODAY)
    assert not list(db.session.scalars(select(Lodging).where(access.readable_anywhere(ANYONE, TODAY))))


def test_a_release_tomorrow_is_not_a_release_today(table):
    at_stage(table, "lodged")
    table.lodgings["open"].public_from = NOW + timedelta(days=1)
    db.session.flush()
    assert not access.may_read(table.lodgings["open"], ANYONE, TODAY)
    assert not list(db.session.scalars(select(Lodging).where(access.readable_anywhere(ANYONE, TODAY))))


def test_an_ended_grant_opens_nothing(table):
    by = an_actor("partner inspector with a grant", table)
    for given in db.session.scalars(select(Grant).order_by(Grant.id)):
        service.end_grant(given, by=table.actor("lead_inspector"), at=NOW)
    assert not access.may_read(table.lodgings["confidential"], by, TODAY)
    assert set(db.session.scalars(select(Lodging.marking).where(access.readable(table.review, by, TODAY)))) == {OPEN, E}


@pytest.mark.parametrize("role", ["original", "redacted"])
@pytest.mark.parametrize("own", STRICTNESS)
def test_a_file_follows_the_stricter_marking_unless_it_is_a_redacted_copy(table, own, role):
    for n, lodging in enumerate(table.lodgings.values()):
        stored = StoredFile(sha256=f"{n:064d}", size=1, media_type="text/plain", kept_at=NOW)
        lodging.evidence.files.append(
            EvidenceFile(stored=stored, role=role, marking=own, name="a.txt", added_by="person:1", added_at=NOW)
        )
    at_stage(table, "released")
    for who in TABLE:
        by = an_actor(who, table)
        in_hand = {
            lodging.id
            for lodging in table.lodgings.values()
            if access.may_read_file(lodging.evidence.files[0], lodging, by, TODAY)
        }
        listed = db.session.scalars(
            select(Lodging.id)
            .join(EvidenceFile, EvidenceFile.evidence_id == Lodging.evidence_id)
            .where(access.readable_files(by, TODAY))
        )
        assert set(listed) == in_hand, who
    for marking, lodging in table.lodgings.items():
        governs = own if role == "redacted" else max(own, marking, key=STRICTNESS.index)
        assert access.governing(lodging.evidence.files[0], lodging) == governs
        assert access.may_read_file(lodging.evidence.files[0], lodging, ANYONE, TODAY) == (governs == "open")


def test_what_may_not_be_seen_is_not_there(scene):
    lodging = scene.draft()
    with pytest.raises(NotFound):
        access.lodging_to_read(lodging.id, scene.actor("lead_inspector"), TODAY)
    with pytest.raises(NotFound):
        access.lodging_to_read(lodging.id, scene.actor("fire_responder"), TODAY)
    assert access.lodging_to_read(lodging.id, scene.actor("colleague"), TODAY) is lodging
