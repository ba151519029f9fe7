"""Agreement through its page: by whoever speaks for a body, read by the bodies of the review and by nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from scrutiny.agreement import queries
from scrutiny.extensions import db
from scrutiny.findings.models import Finding
from scrutiny.transaction import commit
from tests.scrutiny.findings.conftest import make_scene

INSPECTORATE, COMMISSION = "Office for Standards in Learning", "Care Standards Commission"
COMMENT = "Say in which months they counted."


def make(cast: SimpleNamespace) -> SimpleNamespace:
    """A proposed finding of the inspectorate in a joint inspection, and one that quotes what is personal."""
    scene = make_scene(cast)
    finding = scene.proposed()
    scene.proposed("Another", lodging=scene.lodged("personal", title="Case records"))
    commit()
    return SimpleNamespace(at=f"/reviews/{scene.review.reference}", finding=finding.id, review=scene.review.reference)


@pytest.fixture
def made(as_built: Callable[..., SimpleNamespace]) -> SimpleNamespace:
    """What was made, by ids."""
    return as_built(make)


def seen(page: str) -> str:
    """The words a form was opened on."""
    found = re.search(r'name="seen"[^>]*value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def test_a_body_reads_answers_and_finalises_in_its_pages(app, made, signed_in):
    at = f"{made.at}/findings/1"
    leader, partner = signed_in("lead_inspector"), signed_in("partner_inspector")
    page = partner.get(at).text
    assert f"It waits for {INSPECTORATE} and {COMMISSION}." in page
    assert f"Say whether {COMMISSION} agrees" in page
    assert f"Leo Hart drafted it for {INSPECTORATE} on" in page
    assert "Finalise the finding" not in page
    form = partner.get(f"{at}/agreement").text
    assert "The agencies count in three ways." in form
    refused = partner.post(f"{at}/agreement", data={"answer": "", "comment": COMMENT, "seen": seen(form)})
    assert "Choose whether your body agrees" in refused.text
    assert COMMENT in refused.text, "nothing typed is lost"
    refused = partner.post(f"{at}/agreement", data={"answer": "not_yet", "comment": "", "seen": seen(form)})
    assert "Say what would have to change" in refused.text
    done = partner.post(
        f"{at}/agreement", data={"answer": "not_yet", "comment": COMMENT, "seen": seen(form)}, follow_redirects=True
    )
    assert f"The answer of {COMMISSION} is saved. 1 email queued." in done.text
    assert f"{COMMISSION} does not agree yet." in leader.get(f"{made.at}/findings").text
    assert COMMENT in leader.get(at).text
    words = {"title": "Nobody counts the same way", "text": "In May the agencies counted in three ways.", "lines": "1"}
    version = re.search(r'name="version"[^>]*value="(\d+)"', leader.get(at).text)
    lines = re.search(r'name="lines"[^>]*value="(\d+)"[^>]*checked', leader.get(at).text)
    assert version
    assert lines
    leader.post(at, data=words | {"lines": lines[1], "version": version[1]})
    stale = partner.post(f"{at}/agreement", data={"answer": "agreed", "seen": seen(form)})
    assert "The finding has changed since you opened it" in stale.text
    assert f"What has changed since {COMMISSION} answered" in stale.text
    assert "<ins>" in stale.text
    assert "<del>" in stale.text
    for client in (partner, leader):
        fresh = client.get(f"{at}/agreement").text
        assert client.post(f"{at}/agreement", data={"answer": "agreed", "seen": seen(fresh)}).status_code == 302
    assert f"Every body agrees with it as it stands: {INSPECTORATE} and {COMMISSION}." in leader.get(f"{made.at}/findings").text
    assert "Finalise the finding" in leader.get(at).text
    with app.app_context():
        assert len(queries.said_of([made.finding])[made.finding]) == 3


def test_who_reads_the_page_and_who_may_answer(app, made, signed_in):
    at = f"{made.at}/findings/1/agreement"
    token = seen(signed_in("partner_inspector").get(at).text)
    signed_in("partner_inspector").post(at, data={"answer": "commented", "comment": COMMENT, "seen": token})
    statuses = {
        "lead_inspector": 200,
        "partner_inspector": 200,
        "inspector": 200,
        "councillor": 403,
        "chair": 403,
        "officer": 403,
    }
    statuses |= {"responder": 404, "certifier": 404, "fire_responder": 404, "stranger": 404, "administrator": 404}
    for who, status in statuses.items():
        client = signed_in(who)
        page = client.get(at)
        assert page.status_code == status, who
        assert (COMMENT in page.text) == (status == 200), who
        if who not in ("lead_inspector", "partner_inspector"):
            posted = client.post(at, data={"answer": "agreed", "seen": token})
            assert posted.status_code == status, who
    with app.app_context():
        assert [row.answer for row in queries.said_of([made.finding])[made.finding]] == ["commented"]
    other = f"{at}/{signed_in_body(app, made)}"
    assert signed_in("lead_inspector").get(other).status_code == 403, "the commission has somebody here, who answers for it"
    assert signed_in("lead_inspector").get(f"{at}/9999").status_code == 404


def signed_in_body(app, made) -> int:
    """The body that is the partner."""
    with app.app_context():
        finding = db.session.get_one(Finding, made.finding)
        return next(row.body_id for row in finding.review.bodies if row.part == "partner")


def test_signed_out_there_is_nothing(made, client):
    assert "/sign-in" in client.get(f"{made.at}/findings/1/agreement").headers["Location"]


def test_no_personal_words_are_repeated_beside_what_changed(app, made, signed_in):
    """Not even to the body that agreed with them: the page of the finding shows them, and notes who read them."""
    at = f"{made.at}/findings/2"
    leader = signed_in("lead_inspector")
    form = leader.get(f"{at}/agreement").text
    leader.post(f"{at}/agreement", data={"answer": "agreed", "seen": seen(form)})
    page = leader.get(at).text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    lines = re.search(r'name="lines"[^>]*value="(\d+)"[^>]*checked', page)
    assert version
    assert lines
    leader.post(at, data={"title": "Another", "text": "Changed", "lines": lines[1], "version": version[1]})
    changed = leader.get(f"{at}/agreement").text
    assert "What has changed since" in changed
    assert "12 patterns" not in changed


def test_the_api_names_the_bodies_that_agree(made, signed_in):
    client = signed_in("partner_inspector")
    at = f"{made.at}/findings/1/agreement"
    client.post(at, data={"answer": "agreed", "seen": seen(client.get(at).text)})
    row = client.get(f"/api/v1/reviews/{made.review}/findings").get_json()[0]
    assert (row["agreed_by"], row["waits_for"]) == (["cqc"], ["ofsted"])
