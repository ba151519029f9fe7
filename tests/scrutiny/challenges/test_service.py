"""Challenges by their rules: confirmed, refused, joined, supported, brought before a committee, chased, and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import func, select

from scrutiny.audit import queries as audit
from scrutiny.audit import row_check
from scrutiny.bodies.models import Body
from scrutiny.challenges import answering, jobs, originals, queries, referring, retention, service, subjects, supporting, times
from scrutiny.challenges.models import Challenge, ChallengeOriginal, ChallengeReferral, ChallengeSupport
from scrutiny.challenges.service import Said
from scrutiny.correspondence.models import Alert, Letter
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.rules.queries import rules
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.scrutiny.challenges.scene import figure, letters_to, published, secret_of, sent
from tests.scrutiny.reviews.acting import acting
from workflows.challenges import check_challenges
from workflows.refusals import Refused

WRITER = "resident@home.example"


@pytest.fixture
def about(app: Flask, cast: SimpleNamespace) -> Iterator[str]:
    """The key of a published figure of the police."""
    with app.app_context():
        yield f"figure:{figure(cast.police, cast.committee)}"


def supported(challenge: Challenge, address: str, *, tell: bool = False) -> None:
    """A supporter who confirmed."""
    supporting.support(challenge, address, tell=tell, language="en", at=NOW)
    supporting.confirm(secret_of("challenge_support_confirm", address), at=NOW)


def test_nothing_waits_to_be_checked_before_its_link_was_confirmed(about: str) -> None:
    subject = subjects.subject_to_challenge(about, london_day(NOW))
    challenge = service.ask(subject, Said("Wrong"), WRITER, language="en", at=NOW)
    assert (challenge.state, queries.open_of_body(challenge.body_id or 0)) == ("unconfirmed", [])
    secret = secret_of("challenge_confirm", WRITER)
    with pytest.raises(Refused, match="no longer works"):
        service.confirm(secret, at=NOW + timedelta(days=8))
    assert service.confirm(secret, at=NOW).check_by == date(2026, 3, 9)
    assert service.confirm(secret, at=NOW).version == challenge.version, "the same link again changes nothing"


def test_what_nobody_confirmed_is_deleted_with_its_address(about: str) -> None:
    subject = subjects.subject_to_challenge(about, london_day(NOW))
    service.ask(subject, Said("Wrong"), WRITER, language="en", at=NOW)
    commit()
    assert "1 challenge not confirmed deleted" in jobs.forget_challengers(at=NOW + timedelta(days=8))
    assert db.session.scalar(select(func.count(Challenge.id))) == 0
    assert db.session.scalar(select(func.count(Alert.id))) == 0
    assert set(db.session.scalars(select(Letter.address).where(Letter.kind == "challenge_confirm"))) == {""}


def test_a_refusal_tells_the_ground_and_where_to_turn(about: str) -> None:
    challenge = sent(about)
    with pytest.raises(Refused, match="Choose why"):
        service.refuse(challenge, "nonsense", "", by=acting("officer"), at=NOW)
    service.refuse(challenge, "personal-complaint", "", by=acting("officer"), at=NOW)
    letter = db.session.scalars(select(Letter).where(Letter.kind == "challenge_refused")).one()
    assert "ask it who can review it" in letter.text
    assert challenge.wrong not in letter.text
    with pytest.raises(Refused, match="This challenge is not published"):
        answering.answer(challenge, "not_agreed", "No", by=acting("certifier"), at=NOW)


def test_only_the_approver_binds_the_agency(about: str) -> None:
    challenge = published(about)
    with pytest.raises(Refused, match="approver approves this"):
        answering.answer(challenge, "not_agreed", "It is right.", by=acting("responder"), at=NOW)
    with pytest.raises(Refused, match="Give your reasons"):
        answering.answer(challenge, "not_agreed", " ", by=acting("certifier"), at=NOW)
    answering.answer(challenge, "not_agreed", "It is right.", by=acting("certifier"), at=NOW)
    answering.answer(challenge, "partly", "On second thoughts.", by=acting("certifier"), at=NOW + timedelta(days=1))
    assert ([one.outcome for one in challenge.answers], challenge.answered_at) == (["not_agreed", "partly"], NOW)
    assert letters_to(WRITER).count("challenge_answered") == 2


def test_what_was_taken_out_is_sealed_and_erased_with_the_addresses(about: str) -> None:
    challenge = sent(about, "Ask Jo Bloggs, who did it")
    shown = Said("It is ten times as much", name="Rita Moss")
    service.publish(challenge, shown, by=acting("officer"), at=NOW)
    kept = db.session.scalars(select(ChallengeOriginal)).one()
    assert b"Bloggs" not in bytes(kept.sealed)
    assert originals.opened(kept, challenge, by=acting("administrator"), at=NOW)["wrong"] == "Ask Jo Bloggs, who did it"
    commit()
    assert audit.about(challenge.plain, limit=1)[0].event == "challenge_original_read"
    answering.answer(challenge, "not_agreed", "It is right.", by=acting("certifier"), at=NOW)
    supported(challenge, "two@home.example", tell=True)
    commit()
    assert retention.forget_addresses(at=NOW + timedelta(days=100)) == 0
    assert retention.forget_addresses(at=NOW + timedelta(days=181)) == 1
    commit()
    assert db.session.scalar(select(func.count(Alert.id))) == 0
    assert db.session.scalar(select(func.count(ChallengeOriginal.id))) == 0
    assert (challenge.name, queries.supporters_of([challenge.id])) == ("", {challenge.id: 1})
    assert WRITER not in {one.address for one in db.session.scalars(select(Letter))}
    assert not audit.faults_found()
    assert not row_check.unaccounted()


def test_an_address_counts_once_and_never_its_writers_own(about: str) -> None:
    challenge = published(about)
    supported(challenge, "two@home.example")
    supporting.support(challenge, "TWO@home.example", tell=True, language="en", at=NOW)
    supporting.support(challenge, WRITER, tell=True, language="en", at=NOW)
    assert queries.supporters_of([challenge.id])[challenge.id] == 1
    assert letters_to("two@home.example") == []
    kept = db.session.scalars(select(ChallengeSupport)).one()
    assert (kept.alert_id, "two" in kept.digest) == (None, False), "who does not ask to be told is not kept"


def test_enough_supporters_bring_it_before_the_committee_once(about: str, monkeypatch: pytest.MonkeyPatch) -> None:
    challenge = published(about)
    monkeypatch.setitem(rules().challenges.thresholds, "council-committee", 2)  # type: ignore[index]  # a dictionary, read as a mapping
    for name in ("two", "three", "four"):
        supported(challenge, f"{name}@home.example")
    row = db.session.scalars(select(ChallengeReferral)).one()
    assert (row.way, row.state) == ("supporters", "waiting")
    with pytest.raises(Refused, match="excludes matters from a councillor"):
        referring.decide(row, referring.Decision("exclude", exclusion="planning"), by=acting("officer"), at=NOW)
    with pytest.raises(Refused, match="still to come"):
        referring.decide(row, referring.Decision("put_on_agenda", meeting_on=date(2026, 3, 1)), by=acting("officer"), at=NOW)
    referring.decide(row, referring.Decision("put_on_agenda", meeting_on=date(2026, 3, 20)), by=acting("officer"), at=NOW)
    assert row.state == "on_agenda"


def test_a_councillors_call_for_action_and_what_the_law_leaves_out(about: str, cast: SimpleNamespace) -> None:
    challenge, body = published(about), db.session.get_one(Body, cast.committee)
    with pytest.raises(Refused, match="Say why"):
        referring.bring(challenge, body, " ", by=acting("councillor"), at=NOW)
    row = referring.bring(challenge, body, "My ward asks", by=acting("councillor"), at=NOW)
    assert row.way == "councillor"
    with pytest.raises(Refused, match="already"):
        referring.bring(challenge, body, "Again", by=acting("officer"), at=NOW)
    referring.decide(row, referring.Decision("exclude", exclusion="licensing"), by=acting("officer"), at=NOW)
    assert (row.state, row.exclusion) == ("excluded", "licensing")


def test_joined_challenges_keep_everybody_behind_them(about: str) -> None:
    first, second = published(about), published(about, "The same again", "three@home.example")
    supported(second, "four@home.example", tell=True)
    supported(second, WRITER, tell=True)
    service.merge(second, first, by=acting("officer"), at=NOW)
    commit()
    assert queries.supporters_of([first.id])[first.id] == 2, "its writer and their supporter; the first writer is no supporter"
    assert second.merged_into is first
    answering.answer(first, "partly", "In part.", by=acting("certifier"), at=NOW)
    assert "challenge_answered" in letters_to("three@home.example")
    assert "challenge_answered" in letters_to("four@home.example")


def test_an_overdue_answer_is_asked_for_once_each_so_many_days(about: str) -> None:
    challenge = published(about)
    late = NOW + timedelta(days=30)
    assert challenge.due_on == date(2026, 3, 30)
    assert jobs.chase_challenges(at=NOW + timedelta(days=27)).startswith("0 ")
    for after in (0, 0, 1, 8):
        jobs.chase_challenges(at=late + timedelta(days=after))
    written = db.session.scalars(select(Letter.occasion).where(Letter.kind == "challenge_overdue")).all()
    assert len(set(written)) == 2


def test_times_are_shown_of_enough_answers_alone(about: str, monkeypatch: pytest.MonkeyPatch) -> None:
    challenge = published(about)
    answering.answer(challenge, "partly", "In part.", by=acting("certifier"), at=NOW + timedelta(days=4))
    (few,) = times.response_times(london_day(NOW))
    assert (few.name, few.answered, few.median_days, few.share_in_time) == ("Loamshire Police", 1, None, None)
    monkeypatch.setattr(times, "rules", lambda: SimpleNamespace(challenges=SimpleNamespace(minimum_sample=1)))
    (enough,) = times.response_times(london_day(NOW))
    assert (enough.median_days, enough.share_in_time) == (4, 1.0)


def test_words_are_erased_for_ever(about: str) -> None:
    challenge = published(about)
    answering.answer(challenge, "partly", "Jo did it.", by=acting("certifier"), at=NOW)
    retention.erase_words(challenge, "It names a child", by=acting("officer"), at=NOW)
    retention.erase_answers(challenge, "It names a child", by=acting("officer"), at=NOW)
    assert (challenge.wrong, challenge.should_be, challenge.answers[0].words) == ("", "", "")
    with pytest.raises(Refused, match="no answer whose words"):
        retention.erase_answers(challenge, "Again", by=acting("officer"), at=NOW)


@pytest.mark.parametrize(
    "key",
    [
        *("", "figure:", "figure:99999", "figure:x", "row:1", "row:1:0", "row:99:2", "finding:R-2026-001:1", "recommendation:1"),
        *("service:1:nothing:E07900001", "service:1:waste:E99", "area:99999", "person:1", "figure:" + "9" * 200),
    ],
)
def test_what_is_not_public_is_not_there_to_be_challenged(about: str, key: str) -> None:
    assert subjects.subject_of(key, london_day(NOW)) is None


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('answer_within = "working_after:20"', 'answer_within = "soon"', "answer_within"),
        ("minimum_sample = 5", "minimum_sample = 1", "write a whole number of 2 or more"),
        ('body = "panel"', 'body = "pannel"', "write panel"),
        ('key = "abusive"', 'key = "rude"', "not known here"),
    ],
)
def test_a_fault_of_the_rules_is_named(was: str, now: str, said: str) -> None:
    from config.settings import PROJECT_ROOT

    text = (PROJECT_ROOT / "config" / "challenges.toml").read_text(encoding="utf-8")
    assert was in text
    assert any(said in fault.sentence for fault in check_challenges(text.replace(was, now), "challenges.toml"))


def test_who_waited_to_be_published_and_was_joined_is_told_of_the_answer(about: str) -> None:
    first, second = published(about), sent(about, "The same again", "three@home.example")
    service.merge(second, first, by=acting("officer"), at=NOW)
    commit()
    answering.answer(first, "partly", "In part.", by=acting("certifier"), at=NOW)
    assert "challenge_answered" in letters_to("three@home.example")


def test_a_name_nobody_was_shown_goes_with_the_addresses(about: str) -> None:
    challenge = sent(about)
    challenge.shows_name = True
    service.refuse(challenge, "abusive", "", by=acting("officer"), at=NOW)
    commit()
    assert challenge.wrong
    assert retention.forget_addresses(at=NOW + timedelta(days=181)) == 1
    assert (challenge.name, challenge.wrong, challenge.should_be) == ("", "", ""), "nobody but its writer ever read it"
