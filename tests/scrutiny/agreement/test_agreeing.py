"""A finding is final when every body that signs agrees with it as it stands, and whoever changes it has to ask again."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text, update

from scrutiny.agencies.models import AgencyMembership
from scrutiny.agreement import guarding, presenters, queries, service, status
from scrutiny.agreement.models import FindingAgreement
from scrutiny.agreement.succession import hand_on_agreements
from scrutiny.audit.models import AuditEntry
from scrutiny.bodies.models import Body, BodyMembership
from scrutiny.correspondence.models import Letter
from scrutiny.evidence import erasing
from scrutiny.extensions import db
from scrutiny.findings import service as findings
from scrutiny.findings import succession
from scrutiny.findings.models import Finding
from scrutiny.formats import london_day
from scrutiny.reports import gather_review
from scrutiny.requests import interests
from scrutiny.rules.queries import method_of
from scrutiny.transaction import commit
from scrutiny.worklist.needs import needs_of
from tests.conftest import NOW
from tests.migrated import migration
from tests.scrutiny.agreement.agreeing import agreed
from tests.scrutiny.findings import replying
from tests.scrutiny.findings.conftest import TODAY, Scene, make_scene
from workflows.refusals import Refused

INSPECTORATE, COMMISSION = "Office for Standards in Learning", "Care Standards Commission"
LATER = NOW + timedelta(hours=2)


def body(scene: Scene, key: str) -> Body:
    """A body of the cast."""
    return db.session.get_one(Body, getattr(scene.cast, key))


def say(scene: Scene, finding: Finding, who: str, answer: str = "agreed", comment: str = "", **more: str) -> FindingAgreement:
    """Somebody answers for their own body, having read the finding as it stands."""
    by = scene.actor(who)
    word = service.Word(answer, more.pop("seen", "") or status.digest_of(finding), comment, **more)
    return service.say(finding, db.session.get_one(Body, by.body), word, by=by, at=NOW)


def settle(scene: Scene, finding: Finding, who: str = "lead_inspector") -> None:
    """Somebody finalises a finding."""
    findings.settle_finding(finding, by=scene.actor(who), at=LATER)


def revise(scene: Scene, finding: Finding, who: str = "lead_inspector", text: str = "They count in four ways.") -> None:
    """Somebody changes the text of a finding."""
    words = {"title": finding.title, "lines": list(finding.lines), "judgement": finding.judgement}
    findings.revise_finding(finding, text=text, seen=None, by=scene.actor(who), at=LATER, **words)


def letters(kind: str) -> dict[str, str]:
    """The text of the newest letter of a kind to each address."""
    return {row.address: row.text for row in db.session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id))}


def events(finding: Finding) -> list[str]:
    """What the trail says of a finding."""
    rows = select(AuditEntry.event).where(AuditEntry.about == finding.reference).order_by(AuditEntry.number)
    commit()
    return list(db.session.scalars(rows))


def sentence(finding: Finding) -> str:
    """What pages say of it."""
    return presenters.sentence(status.status_of(finding))


def test_a_finding_is_final_only_when_every_body_agrees(scene: Scene, finding: Finding) -> None:
    replying.waived(scene.review, by=scene.by)
    for who in ("lead_inspector", "partner_inspector"):
        with pytest.raises(Refused, match=f"still waits for {INSPECTORATE} and {COMMISSION}"):
            settle(scene, finding, who)
    assert sentence(finding) == f"It waits for {INSPECTORATE} and {COMMISSION}."
    say(scene, finding, "lead_inspector")
    assert sentence(finding) == f"{INSPECTORATE} agrees with it as it stands. It waits for {COMMISSION}."
    with pytest.raises(Refused, match=f"still waits for {COMMISSION}"):
        settle(scene, finding)
    assert finding.state == "proposed"
    row = say(scene, finding, "partner_inspector", "commented", "We saw the same in Corley.")
    assert sentence(finding) == f"Every body agrees with it as it stands: {INSPECTORATE} and {COMMISSION}."
    assert (row.name, row.body.name, row.digest) == ("Cara Quinn", COMMISSION, status.digest_of(finding))
    assert (row.words["text"], row.words["citations"][0][3]) == (finding.text, "12 patterns")
    settle(scene, finding)
    assert finding.state == "settled"
    assert events(finding)[-3:] == ["finding_agreed", "finding_agreed_with_comment", "finding_settled"]


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("partner_inspector", {"cqc"}),
        ("lead_inspector", {"ofsted"}),
        ("inspector", set()),
        ("officer", set()),  # of a body that only observes
        ("chair", set()),
        ("responder", set()),
        ("certifier", set()),
        ("administrator", set()),
    ],
)
def test_nobody_agrees_for_a_body_they_do_not_speak_for(scene: Scene, finding: Finding, who: str, may: set[str]) -> None:
    done = set()
    for key in ("ofsted", "cqc", "committee"):
        word = service.Word("agreed", status.digest_of(finding), name="Cara Quinn", source="Her letter")
        try:
            service.say(finding, body(scene, key), word, by=scene.actor(who), at=NOW)
            done.add(key)
        except Refused:
            assert len(queries.said_of([finding.id]).get(finding.id, [])) == len(done)
    assert done == may


@pytest.mark.parametrize("change", ["text", "citation", "uncited", "lines", "title"])
def test_any_change_of_the_words_voids_what_was_said_and_says_so(scene: Scene, finding: Finding, change: str) -> None:
    replying.waived(scene.review, by=scene.by)
    if change == "uncited":
        findings.cite(finding, lodging=finding.citations[0].lodging, quotation="1,204 cases", by=scene.by, at=NOW)
    agreed(finding)
    by = scene.by
    if change == "citation":
        findings.cite(finding, lodging=finding.citations[0].lodging, quotation="1,204 cases", by=by, at=LATER)
    elif change == "uncited":
        findings.uncite(finding.citations[-1], by=by, at=LATER)
    else:
        words = {"title": finding.title, "text": finding.text, "lines": list(finding.lines), "judgement": finding.judgement}
        options = {"text": "They count in four ways.", "lines": scene.review.open_lines[:2], "title": "Nobody counts"}
        words[change] = options[change]
        findings.revise_finding(finding, seen=None, by=by, at=LATER, **words)
    assert [row.said for row in status.status_of(finding).bodies] == [None, None]
    assert "It has changed since" in sentence(finding)
    with pytest.raises(Refused, match="still waits for"):
        settle(scene, finding)
    rows = queries.said_of([finding.id])[finding.id]
    assert all(row.voided_at == LATER for row in rows)
    changes = presenters.changes_to_show(rows[0], finding, scene.actor("partner_inspector"), TODAY)
    assert [one.field for one in changes] == ["citations" if change in ("citation", "uncited") else change]
    if change == "text":
        assert [(one.kind, one.words.strip()) for one in changes[0].pieces if one.kind != "same"][:2] == [
            ("out", "The agencies"),
            ("in", "They"),
        ]
    if change == "citation":
        assert [(one.kind, one.words) for one in changes[0].pieces] == [("in", "“1,204 cases”\n")]
    told = letters("agreement_wanted")["partner.inspector@example.org"]
    assert "What has changed in it since then: " in told
    assert events(finding).count("agreement_voided") == 2
    assert say(scene, finding, "partner_inspector").agrees, "and they can agree with the new words"


def test_another_judgement_voids_what_was_said(context: None, cast: SimpleNamespace) -> None:
    scene = make_scene(cast, "area-send")
    better, worse = (option.key for option in method_of(scene.review.edition).judgement.options[:2])
    finding = agreed(scene.proposed("The whole area", judgement=better, overall=True))
    words = {"title": finding.title, "text": finding.text, "lines": list(finding.lines), "overall": True}
    findings.revise_finding(finding, judgement=worse, seen=None, by=scene.by, at=LATER, **words)
    found = status.status_of(finding)
    assert len(found.missing) == 2
    assert [one.field for one in status.changes_since(found.rows[0], finding)] == ["judgement"]


def test_words_put_back_as_they_were_are_agreed_anew(scene: Scene, finding: Finding) -> None:
    agreed(finding)
    before = finding.text
    revise(scene, finding)
    revise(scene, finding, text=before)
    assert not status.status_of(finding).is_agreed, "what was said was voided, and stays so"


def test_nobody_agrees_with_words_they_have_not_read(scene: Scene, finding: Finding) -> None:
    seen = status.digest_of(finding)
    revise(scene, finding)
    with pytest.raises(Refused, match="has changed since you opened it"):
        say(scene, finding, "partner_inspector", seen=seen)
    assert queries.said_of([finding.id]) == {}


def test_an_answer_that_says_nothing_is_refused(scene: Scene, finding: Finding) -> None:
    for answer, comment, why in (
        ("not_yet", " ", "Say what would have to change"),
        ("commented", "", "Write your comment"),
        ("perhaps", "", "Choose whether"),
    ):
        with pytest.raises(Refused, match=why):
            say(scene, finding, "partner_inspector", answer, comment)
    say(scene, finding, "partner_inspector")
    with pytest.raises(Refused, match="has said this of these words already"):
        say(scene, finding, "partner_inspector")


def test_a_body_that_does_not_agree_yet_says_what_would_have_to_change(scene: Scene, finding: Finding) -> None:
    replying.waived(scene.review, by=scene.by)
    say(scene, finding, "lead_inspector")
    say(scene, finding, "partner_inspector", "not_yet", "Say in which months.")
    assert sentence(finding) == f"{INSPECTORATE} agrees with it as it stands. {COMMISSION} does not agree yet."
    with pytest.raises(Refused, match=f"still waits for {COMMISSION}"):
        settle(scene, finding)
    told = letters("agreement_answered")
    assert set(told) == {"lead.inspector@example.org"}
    assert "Say in which months." in told["lead.inspector@example.org"]
    say(scene, finding, "partner_inspector")
    settle(scene, finding)
    assert finding.state == "settled"


def test_only_what_is_proposed_is_agreed(scene: Scene, finding: Finding) -> None:
    draft = scene.drafted("Another")
    with pytest.raises(Refused, match="This finding is draft"):
        say(scene, draft, "partner_inspector")
    replying.waived(scene.review, by=scene.by)
    settle(scene, agreed(finding))
    with pytest.raises(Refused, match="This finding is final"):
        say(scene, finding, "partner_inspector", "not_yet", "Too late")


def test_the_finding_of_another_body_is_not_withdrawn_reopened_or_taken_back(scene: Scene, finding: Finding) -> None:
    partner, why = scene.actor("partner_inspector"), "It rests on one case"
    assert status.owner_of(finding).name == INSPECTORATE
    with pytest.raises(Refused, match=f"Only {INSPECTORATE} can"):
        findings.take_back_finding(finding, by=partner, at=NOW)
    with pytest.raises(Refused, match=f"Only {INSPECTORATE} can"):
        findings.withdraw_finding(finding, why, by=partner, at=NOW)
    replying.waived(scene.review, by=scene.by)
    settle(scene, agreed(finding), "partner_inspector")
    with pytest.raises(Refused, match=f"Only {INSPECTORATE} can"):
        findings.reopen_finding(finding, why, by=partner, at=NOW)
    assert finding.state == "settled"
    findings.reopen_finding(finding, why, by=scene.by, at=NOW)
    assert status.status_of(finding).is_agreed, "its words are those that were agreed"
    findings.withdraw_finding(finding, why, by=scene.by, at=NOW)
    assert why in letters("finding_moved")["partner.inspector@example.org"], "the other body is told why"


def test_a_correction_made_in_a_final_finding_puts_it_before_the_bodies_again(scene: Scene, finding: Finding) -> None:
    [check] = findings.start_accuracy_check(scene.review, by=scene.by, at=NOW)
    offered = findings.offer_correction(
        check.extracts[0], words="three ways", correction="four ways", by=scene.actor("responder"), at=NOW
    )
    findings.finish_accuracy_check(check, by=scene.actor("certifier"), at=NOW)
    agreed(finding)
    finding.state = "settled"  # as findings were, before a correction not decided kept them from it
    db.session.flush()
    text = finding.text.replace("three ways", "four ways")
    findings.decide_correction(offered, "make", decision="It is so.", text=text, by=scene.by, at=LATER)
    assert finding.state == "proposed"
    assert status.status_of(finding).missing != []


def test_where_one_body_signs_nobody_else_is_asked(council_scene: Scene) -> None:
    scene = council_scene
    finding = scene.proposed()
    replying.waived(scene.review, by=scene.by)
    assert letters("agreement_wanted") == {}
    with pytest.raises(Refused, match="One body signs this review"):
        say(scene, finding, "lead_inspector")
    with pytest.raises(Refused, match="Only a body that signs the report can finalise a finding: Loamshire Overview"):
        settle(scene, finding, "lead_inspector")
    settle(scene, finding, "officer")
    assert finding.state == "settled"
    with pytest.raises(Refused, match="Only Loamshire Overview and Scrutiny Committee can"):
        findings.withdraw_finding(finding, "It is wrong", by=scene.actor("lead_inspector"), at=NOW)
    findings.reopen_finding(finding, "It is wrong", by=scene.by, at=NOW)


def test_the_body_that_signs_alone_may_undo_a_finding_of_its_partner(council_scene: Scene) -> None:
    scene = council_scene
    by = scene.actor("inspector")
    finding = findings.draft_finding(scene.review, title="Ours", lines=scene.review.open_lines[:1], by=by, at=NOW)
    assert status.owner_of(finding).name == INSPECTORATE
    findings.withdraw_finding(finding, "It says nothing", by=scene.actor("officer"), at=NOW)
    assert finding.state == "withdrawn"


def test_the_lead_enters_the_answer_of_a_body_that_has_nobody_here(scene: Scene, finding: Finding) -> None:
    lead, commission = scene.by, body(scene, "cqc")

    def enter(**who: str) -> FindingAgreement:
        return service.say(finding, commission, service.Word("agreed", status.digest_of(finding), **who), by=lead, at=NOW)

    with pytest.raises(Refused, match=f"lead inspector or a scrutiny officer of {COMMISSION}"):
        enter(name="Cara Quinn", source="Her letter")
    ended = update(BodyMembership).where(BodyMembership.body_id == commission.id)
    db.session.execute(ended.values(to_on=TODAY - timedelta(days=1)))
    with pytest.raises(Refused, match="Say who agreed for"):
        enter()
    row = enter(name="Cara Quinn", source="Her letter of 2 March 2026")
    assert (row.name, row.person) == ("Cara Quinn", lead.reference)
    assert "Her letter of 2 March 2026" in presenters.answer(commission, row, holds=True, reads=True).words


def test_an_interest_is_declared_before_a_body_agrees(scene: Scene, finding: Finding) -> None:
    db.session.add(
        AgencyMembership(agency_id=scene.cast.police, person_id=scene.cast.partner_inspector, role="responder", from_on=TODAY)
    )
    db.session.flush()
    by = scene.actor("partner_inspector")
    with pytest.raises(Refused, match="Declare your interest first"):
        say(scene, finding, "partner_inspector")
    agency = finding.citations[0].lodging.evidence.agency
    interests.declare(scene.review, agency, "I answered for them once.", by=by, at=NOW)
    assert say(scene, finding, "partner_inspector").agrees


def test_words_of_erased_evidence_go_from_what_was_agreed(scene: Scene, finding: Finding) -> None:
    row = say(scene, finding, "partner_inspector")
    erasing.erase_words(finding.citations[0].lodging, "A child is named", by=scene.by, at=LATER)
    assert row.words["citations"][0][3] == ""
    assert "agreed_quotation_erased" in events(finding)


def test_a_comment_is_in_no_report(scene: Scene, finding: Finding) -> None:
    replying.waived(scene.review, by=scene.by)
    say(scene, finding, "lead_inspector", "commented", "Zebra crossing")
    say(scene, finding, "partner_inspector", "commented", "Zebra crossing too")
    settle(scene, finding)
    draft = gather_review.draft_of(scene.review, "A summary", today=TODAY)
    assert finding.title in repr(draft)
    assert "Zebra" not in repr(draft)
    assert "Zebra" not in json.dumps(status.words_of(finding, scene.review))


def test_my_work_says_whose_agreement_is_waited_for(scene: Scene, finding: Finding) -> None:
    def needs(who: str) -> list[tuple[str, str]]:
        rows = needs_of([scene.review], scene.actor(who), london_day(NOW), NOW).get(scene.review.id, [])
        return [(need.text, need.href.split("/", 3)[-1]) for need in rows if "finding" in need.text]

    asked = "1 finding waits for the agreement of "
    assert needs("partner_inspector") == [(asked + COMMISSION, "findings/1/agreement")]
    assert needs("lead_inspector") == [(asked + INSPECTORATE, "findings/1/agreement")]
    assert needs("inspector") == needs("officer") == []
    scene.proposed("Another")
    assert needs("partner_inspector") == [(f"2 findings wait for the agreement of {COMMISSION}", "findings")]
    say(scene, finding, "lead_inspector")
    say(scene, finding, "partner_inspector", "not_yet", "Say in which months.")
    refused = "1 finding of yours that another body does not agree with yet"
    assert needs("lead_inspector") == [(asked + INSPECTORATE, "findings/2/agreement"), (refused, "findings/1")]
    say(scene, finding, "partner_inspector")
    assert ("1 agreed finding to finalise", "findings/1") in needs("lead_inspector")
    assert ("1 agreed finding to finalise", "findings/1") in needs("partner_inspector")


def test_a_body_is_asked_once_and_not_again_with_each_change(scene: Scene, finding: Finding, cast: SimpleNamespace) -> None:
    def asked() -> int:
        kept = select(Letter).where(Letter.kind == "agreement_wanted", Letter.address == "partner.inspector@example.org")
        return len(db.session.scalars(kept).all())

    assert asked() == 1
    revise(scene, finding)
    revise(scene, finding, text="They count in five ways.")
    assert asked() == 1
    say(scene, finding, "partner_inspector")
    revise(scene, finding)
    revise(scene, finding, text="They count in six ways.")
    assert asked() == 2


def test_a_final_finding_waits_for_nobody_though_words_it_quotes_are_erased(scene: Scene, finding: Finding) -> None:
    agreed(finding)
    replying.waived(scene.review, by=scene.by)
    settle(scene, finding)
    erasing.erase_words(finding.citations[0].lodging, "It names a child", by=scene.by, at=LATER)
    assert sentence(finding) == "Every body agreed with it when it was finalised."


def test_bodies_are_asked_again_where_words_a_proposed_finding_quotes_are_erased(scene: Scene, finding: Finding) -> None:
    agreed(finding)
    erasing.erase_words(finding.citations[0].lodging, "It names a child", by=scene.by, at=LATER)
    assert all(row.voided_at == LATER for row in queries.said_of([finding.id])[finding.id])
    assert "partner.inspector@example.org" in letters("agreement_wanted")


def test_what_a_body_wrote_is_its_successors(scene: Scene, finding: Finding) -> None:
    succession.hand_on_findings(scene.review, body(scene, "ofsted").id, body(scene, "cqc"))
    assert status.owner_of(finding).id == body(scene, "cqc").id
    with pytest.raises(Refused, match=f"Only {COMMISSION}"):
        findings.withdraw_finding(finding, "A mistake", by=scene.by, at=LATER)


def test_what_a_body_said_is_its_successors_and_nobody_is_asked_twice(scene: Scene, finding: Finding) -> None:
    """A successor had agreed with nothing: every finding waited for it again, and what was said stood for nobody."""
    say(scene, finding, "partner_inspector", "commented", "We would say four.")
    other, to = scene.proposed(), body(scene, "committee")
    say(scene, other, "partner_inspector")
    own = FindingAgreement(
        finding_id=other.id,
        body_id=to.id,
        answer="not_yet",
        comment="Say why.",
        person="person:1",
        capacity="",
        name="A",
        digest=status.digest_of(other),
        words={},
        said_at=NOW,
    )
    db.session.add(own)
    db.session.flush()
    hand_on_agreements(scene.review, body(scene, "cqc").id, to, by=scene.by, at=LATER)
    said = queries.said_of([finding.id, other.id])
    assert [(row.body_id, row.answer) for row in said[finding.id]] == [(to.id, "commented")]
    assert [(row.body_id, row.answer) for row in said[other.id]] == [(to.id, "not_yet"), (body(scene, "cqc").id, "agreed")]
    assert events(finding)[-1] == "agreements_handed_on"


def test_whose_an_older_finding_is_follows_where_its_writer_belonged_that_day(scene: Scene, finding: Finding) -> None:
    """Whoever had moved from the partner to the lead since made the lead the owner of what was written for the partner."""
    lead, partner = body(scene, "ofsted"), body(scene, "cqc")
    writer = scene.actor("lead_inspector")
    finding.written_by = writer.reference
    mine = update(BodyMembership).where(BodyMembership.person_id == writer.person, BodyMembership.body_id == lead.id)
    db.session.execute(mine.values(from_on=TODAY + timedelta(days=1)))
    before = BodyMembership(
        body=partner, person_id=writer.person, role="inspector", from_on=TODAY - timedelta(days=9), to_on=TODAY
    )
    db.session.add(before)
    db.session.flush()
    for whose, ends in ((partner, TODAY), (lead, TODAY - timedelta(days=5))):  # of neither that day: as before
        before.to_on = ends
        db.session.flush()
        db.session.execute(text(migration("0050").OWNER))
        assert db.session.scalar(text(f"SELECT body_id FROM finding WHERE id = {finding.id}")) == whose.id


def test_where_the_method_cannot_be_read_nobody_finalises_and_each_undoes_its_own(
    scene: Scene, finding: Finding, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed(finding)
    monkeypatch.setattr(guarding, "damage_of", lambda edition: "The text is damaged.")
    assert guarding.why_not(finding, "settle", scene.by) == "The text is damaged."
    assert not guarding.why_not(finding, "withdraw", scene.by)
    assert "Only" in guarding.why_not(finding, "withdraw", scene.actor("partner_inspector"))
