"""What residents of Loamshire challenge: a figure that is answered, one that waits for its answer, one not checked yet."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from sqlalchemy import select

from scrutiny.challenges import answering, service
from scrutiny.challenges.models import Challenge
from scrutiny.challenges.service import Said
from scrutiny.challenges.subjects import subject_to_challenge
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.sealing import unseal
from scrutiny.demo.storytelling import Loamshire, Story
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.ledger.models import LedgerCell, LedgerSource


def story(county: Loamshire) -> Story:
    """Three residents challenge what the county council spent, each after the other."""
    yield (at := county.at(-48))
    health = _sent(
        county,
        ("07.4", 2024),
        Said(
            "The figure is higher than the public health grant that the government’s own list gives for the county.",
            should_be="The amount of the grant",
            name="Rosalind Pike",
            shows_name=True,
        ),
        "rosalind.pike@home.example",
        at,
    )
    yield (at := county.at(-45))
    service.publish(health, _as_sent(health), by=county.by("olwen", "osc"), at=at)
    yield (at := county.at(-34))
    answering.answer(
        health,
        "not_agreed",
        "The figure counts the grant and what the council added to it from its own money. Both are spent on public health.",
        by=county.by("olwen", "osc"),
        at=at,
    )
    yield (at := county.at(-12))
    roads = _sent(
        county,
        ("04.5", 2024),
        Said("The grant for mending potholes seems to be missing: it was announced in the spring.", name="Imran Locke"),
        "imran.locke@home.example",
        at,
    )
    yield (at := county.at(-9))
    service.publish(roads, _as_sent(roads), by=county.by("olwen", "osc"), at=at)
    yield (at := county.at(-3))
    _sent(
        county,
        ("10.4", 2023),
        Said("Where is the money for children’s centres that closed that year? I cannot find it anywhere in here."),
        "second.resident@home.example",
        at,
    )


def _sent(county: Loamshire, figure: tuple[str, int], said: Said, address: str, at: datetime) -> Challenge:
    """A challenge of the largest figure of a service and year of the county council, confirmed by the link in its letter."""
    service_key, year = figure
    cell = db.session.scalars(
        select(LedgerCell.id)
        .join(LedgerSource)
        .where(
            LedgerCell.agency_id == county.agencies["county"],
            LedgerCell.year == year,
            LedgerCell.service == service_key,
            LedgerSource.state == "published",
        )
        .order_by(LedgerCell.pence.desc(), LedgerCell.id)
    ).first()
    service.ask(subject_to_challenge(f"figure:{cell}", london_day(at)), said, address, language="en", at=at)
    letter = db.session.scalars(select(Letter).where(Letter.address == address).order_by(Letter.id.desc())).first()
    if letter is None or letter.sealed is None:
        raise ValueError("the letter that confirms a challenge was not written")
    return service.confirm(unseal(letter.sealed, current_app.config["SECRET_KEY"]), at=at)


def _as_sent(challenge: Challenge) -> Said:
    """What is published: all of what was sent."""
    return Said(challenge.wrong, challenge.should_be, challenge.link, challenge.name, challenge.shows_name)
