"""Who sees what, as a table: the rule in hand and the rule as a filter must say the same."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from scrutiny.bodies.models import Body
from scrutiny.evidence import access, service
from scrutiny.evidence.markings import STRICTNESS
from scrutiny.evidence.models import EvidenceFile, Grant, Lodging, StoredFile
from scrutiny.extensions import db
from scrutiny.reviews.models import ReviewBody
from tests.conftest import NOW
from workflows.roles import ANYONE, CHAIR, COUNCILLOR, INSPECTOR, Actor, Capacity

TODAY = NOW.date()
OPEN, E, C, P = STRICTNESS
ALL, NONE = set(STRICTNESS), set()
#: who: (their markings of what is a draft, lodged, lodged and published, lodged while only the list of requests is public)
TABLE = {
    "own agency": (ALL, ALL, ALL, ALL),
    "another agency": (NONE, NONE, {OPEN}, NONE),
    "lead inspector": (NONE, ALL, ALL, ALL),
    "lead councillor": (NONE, {OPEN, E, C}, {OPEN, E, C}, {OPEN, E, C}),
    "lead chair": (NONE, {OPEN, E, C}, {OPEN, E, C}, {OPEN, E, C}),
    "partner inspector": (NONE, {OPEN, E}, {OPEN, E}, {OPEN, E}),
    "partner inspector with a grant": (NONE, ALL, ALL, ALL),
    "partner councillor with a grant": (NONE, {OPEN, E}, {OPEN, E}, {OPEN, E}),
    "former partner": (NONE, NONE, {OPEN}, NONE),
    "observer": (NONE, {OPEN}, {OPEN}, {OPEN}),
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

    return {
        "own agency": of("agency", cast.police, "responder"),
        "another agency": of("agency", cast.fire, "responder"),
        "lead inspector": of("body", cast.ofsted, INSPECTOR),
        "lead councillor": of("body", cast.ofsted, COUNCILLOR),
        "lead chair": of("body", cast.ofsted, CHAIR),
        "partner inspector": Actor(cast.inspector, "Without", Capacity("body", cast.cqc, "It", frozenset({INSPECTOR}))),
        "partner inspector with a grant": of("body", cast.cqc, INSPECTOR),
        "partner councillor with a grant": of("body", cast.cqc, COUNCILLOR),
        "former partner": of("body", scene.former, INSPECTOR),
        "observer": of("body", cast.committee, INSPECTOR),
        "another body": of("body", scene.other, INSPECTOR),
        "the public": ANYONE,
        "an administrator": Actor(person, "Ada", Capacity("none", None, "", frozenset()), (), True),
    }[who]


@pytest.fixture
def table(scene):
    """A review with every marking lodged, a former partner, another body, and a grant of each guarded lodging."""
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
    db.session.flush()
    return scene


def at_stage(scene, stage: str) -> None:
    """Bring the lodgings to a stage of the table."""
    for lodging in scene.lodgings.values():
        lodging.lodged_at = None if stage == "draft" else NOW
        lodging.public_from = NOW if stage == "released" else None
    scene.review.list_released_on = TODAY if stage == "listed" else None
    db.session.flush()


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
    assert not access.may_read(table.lodgings["personal"], by, TODAY)
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
