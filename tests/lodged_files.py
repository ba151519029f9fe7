"""A file looked through, kept and added to evidence in one step, where a test has no page that does the three."""

from __future__ import annotations

from datetime import datetime

from scrutiny.evidence.models import Evidence, EvidenceFile
from scrutiny.evidence.service import add_received
from scrutiny.stored_files.intake import receive
from workflows.roles import Actor


def add_file(evidence: Evidence, *, name: str, content: bytes, marking: str = "open", by: Actor, at: datetime) -> EvidenceFile:
    """The file as it stands in evidence that is not sent yet."""
    return add_received(evidence, receive(name, content), marking=marking, by=by, at=at)
