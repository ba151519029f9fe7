"""The letters of this room. None of them quotes a challenge or its answer: each leads to where the words stand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel.speaklater import LazyString

from scrutiny.accounts.queries import administrators
from scrutiny.agencies import queries as agencies
from scrutiny.bodies import queries as bodies
from scrutiny.challenges import words
from scrutiny.challenges.models import Challenge, ChallengeAnswer, ChallengeChange, ChallengeSupport
from scrutiny.correspondence.alerts import tell_alerts
from scrutiny.correspondence.models import Alert
from scrutiny.correspondence.service import Recipient, hash_of, write_letter
from scrutiny.correspondence.subscriptions import reader_of
from scrutiny.formats import london_day
from scrutiny.rules.queries import rules
from workflows.lifecycles.challenge import BODY


def to_confirm(challenge: Challenge, alert: Alert, secret: str, *, at: datetime) -> None:
    """To its writer: a link that proves the address."""
    to = Recipient(alert.reference, alert.address, "", alert.language)
    _write("challenge_confirm", challenge, [to], at, secret=secret, **_proving(secret, at))


def support_to_confirm(support: ChallengeSupport, alert: Alert, secret: str, *, at: datetime) -> None:
    """To whoever wants to support a challenge: the same."""
    challenge = support.challenge
    to = Recipient(alert.reference, alert.address, "", alert.language)
    _write("challenge_support_confirm", challenge, [to], at, secret=secret, **_proving(secret, at))


def to_check(challenge: Challenge, *, at: datetime) -> None:
    """To those who check it before it is published."""
    _write(
        "challenge_to_check",
        challenge,
        moderators(challenge, at),
        at,
        check_by=challenge.check_by,
        page=f"/challenges/desk/{challenge.id}",
    )


def published(challenge: Challenge, *, at: datetime) -> None:
    """To its writer that it is published and when an answer is due; to those who answer that they are asked."""
    _write("challenge_published", challenge, _writer(challenge), at, answerer=challenge.answerer, due_on=challenge.due_on)
    _write("challenge_to_answer", challenge, answerers(challenge, at), at, due_on=challenge.due_on, page=answer_page(challenge))


def refused(challenge: Challenge, *, at: datetime, was_public: bool) -> None:
    """To its writer: that it is not published, why, and where else they may turn."""
    values = {"ground": LazyString(words.ground_of, challenge), "signpost": LazyString(words.signpost_of, challenge)}
    _write("challenge_refused", challenge, _writer(challenge), at, was_public=was_public, why=challenge.why, **values)


def merged(challenge: Challenge, into: Challenge, *, at: datetime) -> None:
    """To its writer: that it says the same as another, which they now support."""
    _write("challenge_merged", challenge, _writer(challenge), at, into=into.reference)


def overdue(challenge: Challenge, *, at: datetime, occasion: str) -> None:
    """To those who answer: that the answer is overdue."""
    values = {"due_on": challenge.due_on, "page": answer_page(challenge)}
    _write("challenge_overdue", challenge, answerers(challenge, at), at, occasion=occasion, **values)


def answered(answer: ChallengeAnswer, *, at: datetime) -> None:
    """To its writer and supporters who asked to be told."""
    challenge = answer.challenge
    tell_alerts(
        challenge.plain,
        "challenge_answered",
        reference=challenge.plain,
        at=at,
        occasion=f"answer:{answer.id}",
        our=challenge.reference,
        title=LazyString(words.title_of, challenge),
        author=answer.author,
        outcome=LazyString(words.outcome_of, answer.outcome),
    )


def changed(challenge: Challenge, change: ChallengeChange, *, at: datetime) -> None:
    """To the same: what it challenges has changed."""
    tell_alerts(
        challenge.plain,
        "challenge_changed",
        reference=challenge.plain,
        at=at,
        occasion=f"change:{change.id}",
        our=challenge.reference,
        title=LazyString(words.title_of, challenge),
        what=LazyString(words.change_words, change),
    )


def moderators(challenge: Challenge, at: datetime) -> list[Recipient]:
    """Those who check a challenge."""
    if challenge.body_id is not None:
        return bodies.recipients(challenge.body_id, london_day(at), tuple(sorted(BODY)))
    return [Recipient(one.reference, one.email, one.name, one.language) for one in administrators()]


def answerers(challenge: Challenge, at: datetime) -> list[Recipient]:
    """Those who answer it: of the agency, else of the body."""
    if challenge.agency is not None:
        return agencies.addressed(challenge.agency, london_day(at))
    return moderators(challenge, at)


def answer_page(challenge: Challenge) -> str:
    """Where it is answered."""
    return f"/challenges/desk/{challenge.id}/answer"


def _proving(secret: str, at: datetime) -> dict[str, object]:
    """What a letter that proves an address has beside its secret: each such letter is one of its own."""
    return {"occasion": f"{at.isoformat()}:{hash_of(secret)[:16]}", "days": rules().challenges.confirm_within}


def _writer(challenge: Challenge) -> list[Recipient]:
    """Its writer, unless they stopped our letters or were forgotten."""
    reader = reader_of(challenge.alert_id)
    return [reader] if reader is not None else []


def _write(kind: str, challenge: Challenge, people: Iterable[Recipient], at: datetime, **values: Any) -> None:
    """The same letter to each of these people."""
    occasion = values.pop("occasion", at.isoformat())
    secret = values.pop("secret", None)
    for to in people:
        write_letter(
            kind,
            to=to,
            reference=challenge.plain,
            at=at,
            occasion=occasion,
            secret=secret,
            our=challenge.reference,
            title=LazyString(words.title_of, challenge),
            **values,
        )
