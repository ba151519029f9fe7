"""Reading reorganisations: one by its reference, all of them, those whose day has come; always in order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select

from scrutiny.areas.models import Area
from scrutiny.extensions import db
from scrutiny.reorganisation.models import Reorganisation
from scrutiny.transaction import take_turn


def reorganisation(reference: str) -> Reorganisation | None:
    """The reorganisation with a reference such as G-2026-001."""
    return db.session.scalar(select(Reorganisation).where(Reorganisation.reference == reference.strip().upper()))


def reorganisations() -> list[Reorganisation]:
    """All of them, the latest day first; those dropped last."""
    rows = select(Reorganisation).order_by(Reorganisation.state == "dropped", Reorganisation.on.desc(), Reorganisation.id.desc())
    return list(db.session.scalars(rows))


def due(today: date) -> list[int]:
    """The ids of those staged whose day has come, the earliest first."""
    rows = select(Reorganisation.id).where(Reorganisation.state == "staged", Reorganisation.on <= today)
    return list(db.session.scalars(rows.order_by(Reorganisation.on, Reorganisation.id)))


def next_reference(year: int) -> str:
    """The next free reference of a year: G-2026-001; others who take one wait."""
    take_turn(f"reference of a reorganisation in {year}")
    start = f"G-{year}-"
    count = db.session.scalar(select(func.count()).where(Reorganisation.reference.startswith(start))) or 0
    return f"{start}{count + 1:03d}"


def names_of(codes: Collection[str], on: date) -> dict[str, str]:
    """What areas are called on the day before a change, or were called last, by code."""
    rows = select(Area.code, Area.name).where(Area.code.in_(codes), Area.from_on < on).order_by(Area.from_on, Area.id)
    return dict(db.session.execute(rows).all())
