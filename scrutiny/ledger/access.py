"""Who sees a source of the count and its cells: all once it is published, before that only those who loaded it."""

from __future__ import annotations

from typing import Any

from flask import abort
from sqlalchemy import ColumnElement, and_, false, or_, select

from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.ledger.models import LedgerSource
from workflows.lifecycles.ledger_source import KEEPERS, LEDGER_SOURCE
from workflows.roles import OPERATOR, Actor


def kept_by(by: Actor) -> ColumnElement[bool]:
    """The condition that the actor looks after a source: an officer of the body that loaded it or that belongs to the body
    that spent it; and whoever types commands. Nobody does while its rows are being entered."""
    if not keeps_any(by):
        return false()
    is_whole = LedgerSource.state != LEDGER_SOURCE.initial
    if by.has(OPERATOR):
        return is_whole
    host = select(Body.host_agency_id).where(Body.id == by.body, Body.host_agency_id.is_not(None))
    return and_(is_whole, or_(LedgerSource.body_id == by.body, LedgerSource.agency_id.in_(host)))


def counted_for(by: Actor) -> ColumnElement[bool]:
    """The condition that a source is in the count this actor sees: it is published, or not yet and theirs to look after."""
    return or_(LedgerSource.state == "published", and_(LedgerSource.state == "pending", kept_by(by)))


def source_to_show(source_id: int, by: Actor) -> LedgerSource:
    """The source: published for anyone, in whatever state for those who look after it; else 404."""
    return _found(source_id, or_(LedgerSource.state == "published", kept_by(by)))


def source_to_keep(source_id: int, by: Actor) -> LedgerSource:
    """The source, for those who look after it; else 404."""
    return _found(source_id, kept_by(by))


def may_keep(source: LedgerSource, by: Actor) -> bool:
    """Whether the actor looks after this source."""
    return db.session.scalar(select(LedgerSource.id).where(LedgerSource.id == source.id, kept_by(by))) is not None


def keeps_any(by: Actor) -> bool:
    """Whether the actor may look after sources at all: an officer of a body, or whoever types commands."""
    return by.has(OPERATOR) or (by.body is not None and by.has(*KEEPERS))


def sources_kept(by: Actor) -> list[LedgerSource]:
    """The sources the actor looks after, the newest first."""
    rows = select(LedgerSource).where(kept_by(by)).order_by(LedgerSource.id.desc())
    return list(db.session.scalars(rows))


def _found(source_id: int, condition: Any) -> LedgerSource:
    source = db.session.scalar(select(LedgerSource).where(LedgerSource.id == source_id, condition))
    if source is None:
        abort(404)
    return source
