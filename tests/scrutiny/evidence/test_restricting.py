"""What was sent is made stricter, taken back or erased by command as on its page, with the same rows and emails."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.audit.models import AuditEntry
from scrutiny.correspondence.models import Letter
from scrutiny.evidence import queries, service
from scrutiny.evidence.models import Lodging
from scrutiny.extensions import db
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.lodged_files import add_file
from tests.scrutiny.approving.pressing import approve
from tests.scrutiny.evidence.conftest import make_scene
from workflows.roles import OPERATOR_ACTOR

WHY = "A name slipped through"
CASES = b"label,value\ncases,12\n"


@pytest.fixture
def sent(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """Something the police have sent with a file, which is public."""
    with app.app_context():
        scene = make_scene(cast)
        lodging = scene.draft(text="We found Alys.")
        file = add_file(lodging.evidence, name="Alys.csv", content=CASES, by=scene.actor("responder"), at=NOW)
        service.lodge(lodging, by=scene.actor("responder"), at=NOW)
        lodging.public_from = NOW - timedelta(days=1)
        commit()
        return SimpleNamespace(id=lodging.id, file=file.id)


def outcome(app: Flask, lodging_id: int) -> dict[str, Any]:
    """What a deed has left: the rows, who was written to and what the trail tells, less who did it."""
    with app.app_context():
        lodging = db.session.get_one(Lodging, lodging_id)
        [file] = lodging.evidence.files
        letters = select(Letter.kind, Letter.person).where(Letter.kind.startswith("evidence_"))
        return {
            "row": (lodging.marking, lodging.public_from, lodging.evidence.text, lodging.evidence.erased_why),
            "file": (file.name, file.erased_why, file.stored.erased_at is None),
            "letters": {kind for kind, _ in db.session.execute(letters)},
            "trail": sorted(db.session.scalars(select(AuditEntry.event).where(AuditEntry.at > NOW))),
        }


def test_what_was_taken_back_comes_out_again_only_when_its_agency_says_so(
    app: Flask, sent: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    """A name that was on the site is not there again with the next edition."""
    client, address = signed_in("responder"), f"/evidence/{sent.id}"
    assert client.post(f"{address}/restrict", data={"marking": "open", "why": WHY}).status_code == 302
    assert "was removed from publication" in client.get(address).text

    def publish() -> bool:
        with app.app_context():
            lodging = db.session.get_one(Lodging, sent.id)
            service.make_public([lodging], by=OPERATOR_ACTOR, at=NOW)
            service.publish_from([lodging], NOW.date(), by=OPERATOR_ACTOR, at=NOW)
            commit()
            return lodging.public_from is not None

    assert not publish()
    with app.app_context():
        assert [one.id for one in queries.not_open([sent.id])] == [sent.id]
    assert client.post(f"{address}/allow").status_code == 302
    assert "Read what is waiting for approval" in client.get(address).text
    assert not publish(), "one person alone does not let it out"
    assert "This can be published again" in approve(signed_in("certifier")).text
    assert "removed from publication" not in client.get(address).text
    assert publish()


RESTRICT = {"marking": "exempt", "ground": "Paragraph 3: prices", "why": WHY}
DEEDS = {
    "restrict": ("restrict", RESTRICT, ["restrict", "{id}", "--to", "exempt", "--ground", "Paragraph 3: prices"]),
    "take back": ("restrict", {"marking": "open", "why": WHY}, ["take-back", "{id}"]),
    "erase words": ("erase", {"why": WHY}, ["erase", "{id}"]),
    "erase a file": ("files/{file}/erase", {"why": WHY}, ["erase", "{id}", "--file", "{file}"]),
}


@pytest.mark.parametrize("how", ["page", "command"])
@pytest.mark.parametrize("deed", DEEDS)
def test_the_command_does_what_the_page_does(
    app: Flask, sent: SimpleNamespace, client: FlaskClient, signed_in: Callable[..., FlaskClient], deed: str, how: str
) -> None:
    address, form, args = DEEDS[deed]
    if how == "page":
        answer = signed_in("responder").post(f"/evidence/{sent.id}/{address.format(**vars(sent))}", data=form)
        assert answer.status_code == 302, answer.text
    else:
        said = app.test_cli_runner().invoke(
            args=["evidence", *(arg.format(**vars(sent)) for arg in args), "--why", WHY, "--json"]
        )
        assert (said.exit_code, json.loads(said.stdout)["evidence"]) == (0, sent.id), said.output
    found, is_file = outcome(app, sent.id), "file" in deed
    public = NOW - timedelta(days=1)
    assert (
        found["row"]
        == {
            "restrict": ("exempt", None, "We found Alys.", ""),
            "take back": ("open", None, "We found Alys.", ""),
            "erase words": ("open", public, "", WHY),
            "erase a file": ("open", public, "We found Alys.", ""),
        }[deed]
    )
    assert found["file"] == (("Erased file", WHY, False) if is_file else ("Alys.csv", "", True))
    assert found["letters"] == {"evidence_erased" if deed.startswith("erase") else "evidence_restricted"}
    done = {
        "restrict": {"evidence_marked", "evidence_taken_back"},
        "take back": {"evidence_taken_back"},
        "erase words": {"evidence_erased"},
        "erase a file": {"file_erased"},
    }[deed]
    with app.app_context():
        rows = select(AuditEntry).where(AuditEntry.event.in_(done))
        by = {(row.event, not row.by.startswith("person:")) for row in db.session.scalars(rows)}
    assert by == {(event, how == "command") for event in done}, "a person on the page, the operator by command"
    assert ("Alys" in client.get(f"/evidence/{sent.id}").text) == (deed in ("erase words", "erase a file"))


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["restrict", "999", "--to", "exempt"], "There is no evidence 999"),
        (["restrict", "{id}", "--to", "exempt"], "Say which paragraph of Schedule 12A applies"),
        (["take-back", "999"], "There is no evidence 999"),
        (["erase", "{id}", "--file", "999"], "This evidence has no file 999"),
        (["erase", "{id}", "--why", " "], "Say why this is erased"),
    ],
)
def test_a_command_that_cannot_says_what_to_do_and_changes_nothing(
    app: Flask, sent: SimpleNamespace, args: list[str], sentence: str
) -> None:
    before = outcome(app, sent.id)
    given = [arg.format(**vars(sent)) for arg in args]
    said = app.test_cli_runner().invoke(args=["evidence", *given, *([] if "--why" in given else ["--why", WHY])])
    assert (said.exit_code, sentence in said.stderr) == (1, True), said.output
    assert outcome(app, sent.id) == before


def test_a_draft_is_its_agencys_alone_and_nothing_is_done_twice_or_for_nothing(app: Flask, sent: SimpleNamespace) -> None:
    run = app.test_cli_runner().invoke
    with app.app_context():
        lodging = db.session.get_one(Lodging, sent.id)
        lodging.lodged_at, lodging.public_from = None, None
        commit()
    assert "only its agency can see it" in run(args=["evidence", "erase", str(sent.id), "--why", WHY]).stderr
    with app.app_context():
        db.session.get_one(Lodging, sent.id).lodged_at = NOW
        commit()
    assert (
        "The same people can see this now"
        in run(args=["evidence", "restrict", str(sent.id), "--to", "open", "--why", WHY]).stderr
    )
    assert "This is not public" in run(args=["evidence", "take-back", str(sent.id), "--why", WHY]).stderr
    assert run(args=["evidence", "erase", str(sent.id), "--why", WHY]).exit_code == 0
    assert "erased already" in run(args=["evidence", "erase", str(sent.id), "--why", WHY]).stderr
