"""Telling rooms above that a recommendation has ended: what follows from that is theirs to know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from scrutiny.recommendations.models import Addressee, ResponseStep

Deed = Callable[[Addressee, ResponseStep, datetime], None]
_deeds: list[Deed] = []


def when_ended(deed: Deed) -> Deed:
    """Let a function be called with each recommendation that ends, its last step and the moment, in the same transaction."""
    if deed not in _deeds:
        _deeds.append(deed)
    return deed


def tell_ended(addressee: Addressee, step: ResponseStep, at: datetime) -> None:
    """A recommendation to one agency has ended."""
    for deed in _deeds:
        deed(addressee, step, at)
