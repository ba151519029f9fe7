"""A published report is withdrawn: gone everywhere at once, a notice in its place, and the record of it still checkable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from scrutiny.adapters import fitted
from scrutiny.audit import queries as audit
from scrutiny.correspondence import alerts
from scrutiny.correspondence.models import Alert, Letter
from scrutiny.editions import recalling
from scrutiny.editions.models import Edition, Report
from scrutiny.evidence.models import Evidence, Lodging
from scrutiny.extensions import db
from scrutiny.recommendations import service as recommending
from scrutiny.recommendations.models import Addressee
from scrutiny.reports import jobs, service
from scrutiny.transaction import writes_now
from scrutiny.upkeep.jobs import sweep
from tests.scrutiny.reports.story import RELEASE, scheduled
from tests.scrutiny.reviews.acting import acting
from workflows.refusals import Refused

SUMMARY = "Children in Barrow End wait too long."
WHY = "It named a child."
AFTER = RELEASE + timedelta(hours=2)


@pytest.fixture
def reference(app: Flask, cast: SimpleNamespace) -> str:
    """A report that is out, and somebody with an alert for its place."""
    with app.app_context():
        edition = scheduled(cast)
        called, place = edition.report.reference, edition.report.place.reference
        with writes_now():
            alert = Alert(address="reader@example.org", about=place, named="Barrow End", asked_at=RELEASE, confirmed_at=RELEASE)
            db.session.add(alert)
        jobs.release_reports(at=RELEASE)
        db.session.remove()
    return called


def addresses(called: str) -> list[str]:
    """Where anybody could read it."""
    page = f"/reports/{called}"
    own = [page, f"{page}?edition=1", f"{page}.pdf", f"{page}.docx", f"{page}/data.json", f"/api/v1/reports/{called}"]
    return [*own, f"/api/v1/reviews/{called}/findings"]


def lists(place: str) -> list[str]:
    """Where it was listed."""
    return [
        "/",
        "/reports",
        f"/places/{place}",
        "/data/reports.csv",
        "/data/findings.csv",
        "/api/v1/reports",
        f"/api/v1/reports?place={place}",
    ]


def withdraw(client: FlaskClient, called: str, **more: str) -> int:
    """Press the button."""
    return client.post(f"/reviews/{called}/report/withdraw", data={"why": WHY, **more}).status_code


def place_of(app: Flask) -> str:
    """The slug of the place of the report."""
    with app.app_context():
        return db.session.scalars(select(Report)).one().place.slug


def test_a_withdrawn_report_is_gone_everywhere_and_a_notice_stays(
    app: Flask, reference: str, client: FlaskClient, signed_in: Callable[..., FlaskClient]
) -> None:
    place = place_of(app)
    assert all(client.get(address).status_code == 200 for address in addresses(reference))
    assert SUMMARY in client.get(f"/reports/{reference}").get_data(as_text=True)
    led = [address for address in lists(place) if f'/reports/{reference}"' in client.get(address).get_data(as_text=True)]
    assert len(led) >= 4, "pages and lists led to it before"
    officer = signed_in("officer")
    asked = officer.get(f"/reviews/{reference}/report/withdraw").get_data(as_text=True)
    assert "can no longer be read or downloaded" in asked
    assert "was published with it and will no longer be public" in asked
    assert "who were told that it was published are emailed, and 1 person with an alert" in " ".join(asked.split())
    assert withdraw(officer, reference) == 302
    for address in addresses(reference):
        answer = client.get(address)
        assert answer.status_code == 410, address
        said = answer.get_data(as_text=True)
        assert "was withdrawn" in said
        assert "It named a child" in said
        assert SUMMARY not in said
    for address in lists(place):
        assert f'/reports/{reference}"' not in client.get(address).get_data(as_text=True), address
    for address in ("/reports", f"/places/{place}", "/data/reports.csv", "/api/v1/withdrawn-reports"):
        assert "It named a child" in client.get(address).get_data(as_text=True), address
    [notice] = client.get("/api/v1/withdrawn-reports").get_json()
    assert (notice["reference"], notice["edition"]) == (reference, 1)
    assert "No edition is public now" in officer.get(f"/reviews/{reference}/report").get_data(as_text=True)


def test_what_was_public_only_with_it_is_taken_back_and_people_are_told(
    app: Flask, reference: str, client: FlaskClient, signed_in: Callable[..., FlaskClient]
) -> None:
    with app.app_context():
        lodging_id = db.session.scalars(select(Lodging.id).where(Lodging.public_from.is_not(None))).one()
        told = set(db.session.scalars(select(Letter.person).where(Letter.kind == "report_released")))
    assert client.get(f"/evidence/{lodging_id}").status_code == 200
    withdraw(signed_in("officer"), reference)
    assert client.get(f"/evidence/{lodging_id}").status_code == 404
    with app.app_context():
        letters = list(db.session.scalars(select(Letter).where(Letter.kind == "report_withdrawn")))
        assert {one.person for one in letters} == told
        assert all(WHY in one.text for one in letters)
        [alert] = db.session.scalars(select(Letter).where(Letter.kind == "report_withdrawn_alert"))
        assert alert.address == "reader@example.org"
        assert alerts.alerts_for("place:0") == []


#: What the report recommended, what was answered to it, and what it found.
SAID = ("Publish waiting times every month.", "We have no money for it.", "Children wait too long")


def saying(app: Flask, client: FlaskClient, values: dict[str, object]) -> dict[str, list[str]]:
    """Every public address that tells what the report said, and what of it: pages, tables, feeds, maps of the site, the API."""
    found = {}
    for rule in app.url_map.iter_rules():
        if getattr(app.view_functions[rule.endpoint], "door", "") != "public" or "GET" not in (rule.methods or ()):
            continue
        if not rule.arguments <= set(values):
            continue
        address = app.url_map.bind("localhost").build(rule.endpoint, {name: values[name] for name in rule.arguments})
        text = client.get(address).get_data().decode(errors="replace")
        if said := [words for words in SAID if words in text]:
            found[address] = said
    return found


def test_nothing_that_it_recommended_stays_public_anywhere(
    app: Flask, cast: SimpleNamespace, reference: str, client: FlaskClient, signed_in: Callable[..., FlaskClient]
) -> None:
    with app.app_context(), writes_now():
        addressee = db.session.scalars(select(Addressee)).one()
        recommending.respond(addressee, "reject", response=SAID[1], by=acting("fire_responder"), at=RELEASE)
    place = place_of(app)
    values = {"reference": reference, "key": place, "slug": place, "code": place, "agency_id": cast.fire, "extension": "csv"}
    before = saying(app, client, values)
    for address in ("/data/recommendations.csv", "/api/v1/recommendations", f"/places/{place}", f"/agencies/{cast.fire}"):
        assert SAID[0] in before[address], address
    withdraw(signed_in("officer"), reference)
    assert saying(app, client, values) == {}
    inside = signed_in("officer").get(f"/reviews/{reference}/recommendations").get_data(as_text=True)
    assert SAID[1] in inside, "the bodies follow it as before"


@pytest.mark.parametrize("erase", [False, True])
def test_the_trail_and_the_seal_stay_and_a_gap_is_named(
    app: Flask, reference: str, signed_in: Callable[..., FlaskClient], erase: bool
) -> None:
    with app.app_context():
        kept = [file.sha256 for file in db.session.scalars(select(Edition)).one().files]
        digest = db.session.scalars(select(Edition.digest)).one()
    withdraw(signed_in("officer"), reference, **({"erase": "y"} if erase else {}))
    with app.app_context():
        edition = db.session.scalars(select(Edition)).one()
        assert (edition.state, edition.digest, edition.recalled_why) == ("recalled", digest, WHY)
        assert (edition.snapshot is None) == erase
        assert [fitted.files().exists(sha256) for sha256 in kept] == [True] * 3
        sweep(at=AFTER)
        assert [fitted.files().exists(sha256) for sha256 in kept] == [not erase] * 3
        assert audit.faults_found() == []
        db.session.remove()
    said = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert said.exit_code == 0, said.output
    assert ("was erased" in said.output and WHY in said.output) == erase


def test_only_those_who_run_the_review_may_and_never_without_a_reason(
    app: Flask, reference: str, client: FlaskClient, signed_in: Callable[..., FlaskClient]
) -> None:
    for who in ("councillor", "inspector", "responder", "fire_responder", "partner_inspector"):
        assert withdraw(signed_in(who), reference) in (403, 404), who
    assert withdraw(client, reference) == 400, "whoever has not signed in is asked to, with what was typed"
    said = signed_in("officer").post(f"/reviews/{reference}/report/withdraw", data={"why": " "}).get_data(as_text=True)
    assert "Say why it is withdrawn" in said
    assert client.get(f"/reports/{reference}").status_code == 200


def test_a_corrected_edition_takes_its_place_and_the_notice_stays_at_its_number(
    app: Flask, reference: str, client: FlaskClient, signed_in: Callable[..., FlaskClient]
) -> None:
    withdraw(signed_in("officer"), reference)
    with app.app_context(), writes_now():
        report = db.session.scalars(select(Report)).one()
        service.correct(report, "A name is taken out", by=acting("officer"), at=AFTER)
        assert [edition.state for edition in report.editions] == ["recalled", "drafted"]
        with pytest.raises(Refused, match="no published edition"):
            recalling.recall(report, WHY, by=acting("officer"), at=AFTER)
    assert client.get(f"/reports/{reference}?edition=1").status_code == 410


@pytest.mark.parametrize(
    ("withdrawn", "public"),
    [
        ([None], [[]]),
        ([1, 2, 3], [["1", "2", "3"], ["1", "2", "3"], []]),
        ([3, 2, 1], [["1", "2"], ["1"], []]),
        ([2, 3, 1], [["1", "2", "3"], ["1"], []]),
        ([1, None], [["1", "2", "3"], []]),
    ],
)
def test_what_any_edition_published_is_taken_back_once_no_edition_left_rests_on_it(
    app: Flask, reference: str, withdrawn: list[int | None], public: list[list[str]]
) -> None:
    with app.app_context(), writes_now():
        report = db.session.scalars(select(Report)).one()
        [first] = db.session.scalars(select(Lodging).where(Lodging.public_from.is_not(None)))
        first.evidence.title = "1"
        for number in (2, 3):
            moment = RELEASE + timedelta(days=number)
            more = Edition(number=number, state="released", released_at=moment, why="Correction")
            more.snapshot, more.digest, more.sealed_at = {}, "0" * 64, moment
            report.editions.append(more)
            given = Evidence(agency=first.evidence.agency, title=str(number), made_by="person:1", made_at=RELEASE)
            db.session.add(Lodging(evidence=given, review=first.review, lodged_at=RELEASE, public_from=moment))
        db.session.flush()
        left = []
        for number in withdrawn:
            shown = {lodging.id for lodging in recalling.preview(report, number).evidence}
            before = set(db.session.scalars(select(Lodging.id).where(Lodging.public_from.is_not(None))))
            recalling.recall(report, WHY, number=number, by=acting("officer"), at=AFTER)
            out = db.session.scalars(select(Lodging).where(Lodging.public_from.is_not(None)).order_by(Lodging.id)).all()
            assert before - {lodging.id for lodging in out} == shown, "what was foreseen is what was done"
            left.append([lodging.evidence.title for lodging in out])
        assert left == public


def test_the_command_does_the_same(app: Flask, reference: str, client: FlaskClient) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["reports", "withdraw", "R-1999-001", "--why", WHY]).exit_code == 1
    said = run(args=["reports", "withdraw", reference, "--why", WHY, "--erase", "--json"])
    assert (said.exit_code, '"editions": [1]' in said.output) == (0, True)
    assert client.get(f"/reports/{reference}").status_code == 410
    assert run(args=["reports", "withdraw", reference, "--why", WHY]).exit_code == 1
    printed = run(args=["reports", "print", reference, "--to", "/nowhere.pdf"])
    assert printed.exit_code == 1
    assert "was withdrawn" in printed.output


def test_a_snapshot_changed_in_the_database_is_not_served_as_sealed(app: Flask, reference: str, client: FlaskClient) -> None:
    """The attack: words changed in the database behind our back. Nothing serves them, and health says so."""
    with app.app_context():
        app.extensions.pop("public_snapshots", None)
        kept = db.session.scalar(text("SELECT snapshot FROM edition"))
        assert SUMMARY in kept
        db.session.execute(text("UPDATE edition SET snapshot = :new"), {"new": kept.replace(SUMMARY, "Nobody waited.")})
        db.session.commit()
    try:
        for address in addresses(reference):
            answer = client.get(address)
            assert answer.status_code == 503, address
            assert "has changed since it was sealed" in answer.get_data(as_text=True)
        for address in ("/", "/reports", "/data/findings.csv", "/api/v1/reports"):
            assert "Nobody waited" not in client.get(address).get_data(as_text=True), address
        warnings = client.get("/health/ready").get_json()["warnings"]
        assert any("has changed since it was sealed" in sentence for sentence in warnings)
        said = app.test_cli_runner().invoke(args=["audit", "verify"])
        assert said.exit_code == 1
        assert "has changed since it was sealed" in said.output
    finally:
        app.extensions.pop("broken_seals", None)
        app.extensions.pop("public_snapshots", None)


def test_a_trail_rewritten_whole_contradicts_what_was_sealed(app: Flask, reference: str) -> None:
    """The attack: one row taken out, every digest after it worked out again. The chain is whole, the editions say otherwise."""
    with app.app_context():
        from scrutiny.audit.chain import START, digest_of  # as whoever rewrites it would
        from scrutiny.audit.models import AuditEntry, AuditHead

        kept = [link for link in audit.links() if link.number != 3]
        db.session.execute(AuditEntry.__table__.delete())
        previous = START
        for number, link in enumerate(kept, 1):
            forged = type(link)(**{k: getattr(link, k) for k in link.__slots__} | {"number": number, "previous": previous})
            previous = digest_of(forged)
            values = {k: getattr(forged, k) for k in link.__slots__} | {"digest": previous}
            db.session.execute(AuditEntry.__table__.insert(), values)
        head = db.session.get_one(AuditHead, 1)
        head.number, head.digest = len(kept), previous
        db.session.commit()
        faults = audit.faults_found()
        assert any("Edition 1 of report" in fault or "edition 1 of report" in fault for fault in faults)
        assert not any("was changed after it was written" in fault for fault in faults)
