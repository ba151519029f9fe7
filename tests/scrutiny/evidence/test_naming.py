"""Only the people named for a review open what agencies mark so: who may be named, by whom, and what each side is told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.agencies.models import AgencyMembership
from scrutiny.audit.models import AuditEntry
from scrutiny.bodies.models import Body, BodyMembership
from scrutiny.bodies.queries import actor_of
from scrutiny.correspondence.models import Letter
from scrutiny.evidence import access, naming, queries, service
from scrutiny.evidence.models import Lodging, NamedReader
from scrutiny.evidence.named import who_may_be_named, who_may_open, without_readers
from scrutiny.extensions import db
from scrutiny.transaction import commit, writes_now
from tests.conftest import NOW
from tests.scrutiny.evidence.conftest import TODAY, Scene, join, make_scene
from tests.scrutiny.evidence.test_service import add
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

SignIn = Callable[..., FlaskClient]
PAGE = "/reviews/R-2026-001/named-readers"
LEO, CARA = "Leo Hart, lead inspector, Office for Standards in Learning", "Cara Quinn, lead inspector, Care Standards Commission"


@pytest.fixture
def sent(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """A personal answer with a file before a joint inspection, whose lead inspector alone is named; its addresses."""
    with app.app_context():
        scene = make_scene(cast)
        lodging = scene.draft("personal", title="Case records", text="Child LC-0411 was seen twice.")
        file = add(scene, lodging, marking="personal")
        service.lodge(lodging, by=scene.actor("responder"), at=NOW)
        commit()
        return SimpleNamespace(page=f"/evidence/{lodging.id}", file=f"/evidence/files/{file.id}")


def opens(client: FlaskClient, sent: SimpleNamespace) -> set[int]:
    """What somebody gets of the answer, its file, and the API; the one rule stands on all of them."""
    there = {client.get(path).status_code for path in (sent.page, sent.file, f"{sent.file}/pages/1.png")}
    listed = "Case records" in client.get("/api/v1/reviews/R-2026-001/evidence").text
    return there | {200 if listed else 404}


def test_the_lead_names_somebody_and_removes_them(
    sent: SimpleNamespace, app: Flask, signed_in: SignIn, cast: SimpleNamespace
) -> None:
    lead, inspector = signed_in("lead_inspector"), signed_in("inspector")
    assert opens(lead, sent) == {200}
    assert opens(inspector, sent) == {404}, "of the lead body and no councillor, and yet not named"
    page = lead.get(PAGE).text
    assert LEO in page
    assert "Ines Park, inspector" in page
    said = lead.post(PAGE, data={"reader": f"body:{cast.ofsted}/person:{cast.inspector}"}, follow_redirects=True).text
    assert "Ines Park is named from now on. 1 email queued." in said
    assert opens(inspector, sent) == {200}
    row = re.findall(r"/named-readers/(\d+)/end", said)[-1]
    said = lead.post(f"{PAGE}/{row}/end", follow_redirects=True).text
    assert "Ines Park is no longer named. 1 email queued." in said
    assert "Named before" in said
    assert opens(inspector, sent) == {404}
    lead.post(f"{PAGE}/{row}/end")
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.event.startswith("reader_")).order_by(AuditEntry.number))
        noted = [(one.event, one.by, one.about, one.fields["person"]) for one in rows][-2:]
        lead_is = f"person:{cast.lead_inspector}"
        assert noted == [
            ("reader_named", lead_is, "review:1", cast.inspector),
            ("reader_no_longer_named", lead_is, "review:1", cast.inspector),
        ], "the second press changed nothing"
        written = select(Letter).where(Letter.kind.startswith("reader_"), Letter.person == f"person:{cast.inspector}")
        letters = db.session.scalars(written.order_by(Letter.id)).all()
        assert [letter.kind for letter in letters] == ["reader_named", "reader_no_longer_named"]
        assert all("Leo Hart has" in letter.text and "LC-0411" not in letter.text for letter in letters)


def test_a_partner_named_opens_it_and_a_grant_opens_it_to_nobody(
    sent: SimpleNamespace, signed_in: SignIn, cast: SimpleNamespace
) -> None:
    lead, partner = signed_in("lead_inspector"), signed_in("partner_inspector")
    said = lead.post(f"{sent.page}/grants", data={"person": cast.partner_inspector, "why": "Works on it"})
    assert "name them on the page “Named readers” of the review" in said.text
    assert opens(partner, sent) == {404}
    lead.post(PAGE, data={"reader": f"body:{cast.cqc}/person:{cast.partner_inspector}"})
    assert opens(partner, sent) == {200}


@pytest.mark.parametrize(
    ("who", "status"), [("inspector", 403), ("partner_inspector", 403), ("responder", 404), ("councillor", 403)]
)
def test_nobody_else_names_anybody(
    sent: SimpleNamespace, app: Flask, signed_in: SignIn, cast: SimpleNamespace, who: str, status: int
) -> None:
    """The bodies that work on the review see who is named; observers and agencies do not find the page."""
    client = signed_in(who)
    seen = client.get(PAGE)
    assert (seen.status_code == 200) == (who in ("inspector", "partner_inspector"))
    assert "Name somebody" not in seen.text
    client.post(PAGE, data={"reader": f"body:{cast.ofsted}/person:{cast.inspector}"})
    assert client.post(f"{PAGE}/1/end").status_code == status
    with app.app_context():
        assert db.session.scalars(select(NamedReader.ended_at)).all() == [None]


def test_an_agency_sees_who_may_open_it_before_and_after_it_sends(
    app: Flask, cast: SimpleNamespace, signed_in: SignIn, sent: SimpleNamespace
) -> None:
    agency, lead = signed_in("responder"), signed_in("lead_inspector")
    assert f"Named now: {LEO}." in agency.get(sent.page).text
    lead.post(PAGE, data={"reader": f"body:{cast.cqc}/person:{cast.partner_inspector}"})
    assert f"Named now: {LEO}; {CARA}." in agency.get(sent.page).text
    lead.post(f"{PAGE}/1/end")
    lead.post(f"{PAGE}/2/end")
    assert "Nobody has been named yet. Until somebody is, only your agency can open it." in agency.get(sent.page).text
    assert opens(lead, sent) == {404}, "whoever leads opens it no more than others who are not named"


def test_who_may_be_named_and_who_never(scene: Scene) -> None:
    review, by = scene.review, scene.actor("lead_inspector")
    people = {who: scene.person(who) for who in ("inspector", "partner_inspector", "officer", "fire_responder", "colleague")}
    bodies = {key: db.session.get_one(Body, getattr(scene.cast, key)) for key in ("ofsted", "cqc", "committee")}
    offered = [(body.name, person.name) for body, person in who_may_be_named(review, TODAY)]
    assert offered == [(bodies["ofsted"].name, "Ines Park"), (bodies["cqc"].name, "Cara Quinn")]

    def refused(who: str, body: str, words: str) -> None:
        with pytest.raises(Refused, match=words):
            naming.name_reader(review, people[who], bodies[body], by=by, at=NOW)

    refused("officer", "committee", "is not the lead or a partner of this review")
    refused("fire_responder", "ofsted", "does not belong to")
    join(scene, "colleague", "ofsted", "inspector")
    refused("colleague", "ofsted", "also acts for Loamshire Police, and agencies answer here")
    join(scene, "partner_inspector", "committee", "councillor")
    refused("partner_inspector", "cqc", "councillors may never see this")
    assert [person.name for _, person in who_may_be_named(review, TODAY)] == ["Ines Park"]
    naming.name_reader(review, people["inspector"], bodies["ofsted"], by=by, at=NOW)
    refused("inspector", "ofsted", "is named already")
    review.state = "closed"
    refused("colleague", "ofsted", "This review is over")


@pytest.mark.parametrize("what", ["leaves", "answers", "councillor"])
def test_what_bars_somebody_later_shuts_it_at_once(scene: Scene, what: str) -> None:
    """Nobody has to remember to remove them: who left, answers for an agency, or became a councillor opens nothing."""
    lodging, person = scene.lodged("personal"), scene.person("lead_inspector")
    assert access.may_read(lodging, scene.actor("lead_inspector"), TODAY)
    yesterday = TODAY - timedelta(days=1)
    if what == "leaves":
        for row in db.session.scalars(select(BodyMembership).where(BodyMembership.person_id == person.id)):
            row.to_on = yesterday
    elif what == "answers":
        db.session.add(AgencyMembership(agency_id=scene.cast.fire, person_id=person.id, role="responder", from_on=TODAY))
    else:
        join(scene, "lead_inspector", "committee", "councillor")
    db.session.flush()
    assert not access.may_read(lodging, scene.actor("lead_inspector"), TODAY)
    assert who_may_open(scene.review, TODAY) == []


def test_a_review_that_waits_for_names_says_so(scene: Scene) -> None:
    assert without_readers([scene.review.id]) == set()
    (row,) = db.session.scalars(select(NamedReader))
    naming.end_naming(row, by=OPERATOR_ACTOR, at=NOW)
    assert without_readers([scene.review.id]) == set(), "nothing is asked or held that only they may open"
    scene.lodged("personal")
    assert without_readers([scene.review.id]) == {scene.review.id}


def test_whoever_runs_it_is_told_that_nobody_is_named(sent: SimpleNamespace, signed_in: SignIn) -> None:
    words = "Nobody is named to open what agencies mark for named people only"
    lead = signed_in("lead_inspector")
    assert words not in lead.get("/inbox").text
    lead.post(f"{PAGE}/1/end")
    for path in ("/inbox", "/reviews/R-2026-001"):
        assert words in lead.get(path).text
        assert words not in signed_in("inspector").get(path).text


def test_a_grant_ends_when_what_it_opened_is_for_named_people_only(scene: Scene) -> None:
    lodging, by = scene.lodged("confidential"), scene.actor("lead_inspector")
    given = service.grant(lodging, scene.person("partner_inspector"), "Works on it", by=by, at=NOW)
    service.mark(lodging, "personal", by=by, at=NOW)
    assert given.ended_at == NOW
    assert queries.grant_of(lodging, scene.cast.partner_inspector) is None


def test_the_command_names_removes_and_lists(app: Flask, sent: SimpleNamespace, cast: SimpleNamespace) -> None:
    run = app.test_cli_runner().invoke
    said = run(args=["evidence", "readers", "r-2026-001", "--name", "partner.inspector@example.org", "--json"])
    rows = json.loads(said.stdout)["readers"]
    assert [(row["name"], row["body"], row["cannot_open"]) for row in rows] == [
        ("Leo Hart", "ofsted", ""),
        ("Cara Quinn", "cqc", ""),
    ]
    said = run(args=["evidence", "readers", "R-2026-001", "--remove", "lead.inspector@example.org"])
    assert said.stdout == f"{CARA}\n"
    for given, words in (
        (["R-2026-009"], "There is no review R-2026-009"),
        (["R-2026-001", "--name", "nobody@example.org"], "Nobody here has the address nobody@example.org"),
        (["R-2026-001", "--name", "fire.responder@example.org"], "does not belong to"),
        (["R-2026-001", "--name", "inspector@example.org", "--body", "none"], "none is not the lead or a partner"),
        (["R-2026-001", "--remove", "lead.inspector@example.org"], "Leo Hart is not named for this review"),
    ):
        refused = run(args=["evidence", "readers", *given])
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert words in refused.stderr
    with app.app_context(), writes_now():
        scene_rows = db.session.scalars(select(NamedReader).order_by(NamedReader.id)).all()
        assert [row.named_by for row in scene_rows] == [f"person:{cast.lead_inspector}", "operator"]


def test_whoever_leaves_and_joins_again_is_named_and_granted_again(scene: Scene) -> None:
    """A naming, and a grant, came to life again on the day somebody joined the body they had left."""
    personal, confidential = scene.lodged("personal"), scene.lodged("confidential")
    lead, cara = scene.actor("lead_inspector"), scene.person("partner_inspector")
    body = db.session.get_one(Body, scene.cast.cqc)
    naming.name_reader(scene.review, cara, body, by=lead, at=NOW)
    service.grant(confidential, cara, "She leads on this", by=lead, at=NOW)

    def opened(on: date) -> list[bool]:
        by = actor_of(cara, on=on)
        rows = db.session.scalars(select(Lodging.id).where(access.readable(scene.review, by, on))).all()
        found = [access.may_read(one, by, on) for one in (personal, confidential)]
        assert found == [one.id in rows for one in (personal, confidential)], "one rule for the object and for lists"
        return found

    held = db.session.scalars(select(BodyMembership).where(BodyMembership.person_id == cara.id)).one()
    assert opened(TODAY) == [True, True]
    held.to_on = TODAY + timedelta(days=5)
    role = BodyMembership(body=body, person=cara, role="inspector", from_on=TODAY + timedelta(days=6))
    db.session.add(role)
    db.session.flush()
    assert opened(TODAY + timedelta(days=7)) == [True, True], "another role on the next day is no leaving"
    role.from_on = TODAY + timedelta(days=9)
    db.session.flush()
    later = NOW + timedelta(days=10)
    assert opened(later.date()) == [False, False]
    assert who_may_open(scene.review, later.date()) == [LEO]
    assert (body, cara) in who_may_be_named(scene.review, later.date())
    naming.name_reader(scene.review, cara, body, by=lead, at=later)
    service.grant(confidential, cara, "She leads on this", by=lead, at=later)
    assert opened(later.date()) == [True, True]
