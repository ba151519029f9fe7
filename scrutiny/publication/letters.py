"""The letters about what becomes public: the list with its answers, and entries of the register of non-response."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from scrutiny.correspondence.models import Letter
from scrutiny.publication.models import PublicationNotice, RegisterEntry
from scrutiny.requests.letter_values import item_values
from scrutiny.requests.letters import send
from scrutiny.requests.models import EvidenceRequest, Item


def answers_to_be_published(notice: PublicationNotice, items: Sequence[Item], *, occasion: str, at: datetime) -> list[Letter]:
    """That what an agency sent becomes public on a day, and what it can do before then."""
    on, rows = notice.public_on, {item: item_values(item) for item in items}
    last = on - timedelta(days=1)
    return send("answers_to_be_published", notice.request, at=at, occasion=occasion, rows=rows, public_on=on, last_on=last)


def register_notice(request: EvidenceRequest, *, at: datetime, entry: RegisterEntry, occasion: str) -> list[Letter]:
    """That a non-response is to be published, and until when the agency may answer or add its line."""
    return send("register_notice", request, at=at, occasion=occasion, entry=entry, line=f"/answering/{request.id}/register")


def register_published(request: EvidenceRequest, *, at: datetime, entry: RegisterEntry) -> list[Letter]:
    """That it has been published."""
    line = f"/answering/{request.id}/register"
    return send("register_published", request, at=at, occasion=str(entry.id), entry=entry, line=line)


def register_withdrawn(request: EvidenceRequest, *, at: datetime, entry: RegisterEntry) -> list[Letter]:
    """That it was withdrawn, and why."""
    return send("register_withdrawn", request, at=at, occasion=str(entry.id), entry=entry)
