"""Making something sent stricter, taking it back from the public, or erasing it at once; its agency and the lead are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from scrutiny.evidence import erasing, letters, service, stored
from scrutiny.evidence.markings import STRICTNESS
from scrutiny.evidence.models import EvidenceFile, Lodging
from workflows.refusals import Refused
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Restriction:
    """Who may see something from now on, why, and the ground where it is exempt."""

    marking: str
    why: str
    ground: str = ""


def restrict(lodging: Lodging, chosen: Restriction, *, by: Actor, at: datetime) -> None:
    """Mark something more strictly, or take it back from the public where its marking stays; what changes nothing is refused."""
    service.check_owner(lodging, by, at)
    marking, why = chosen.marking, chosen.why
    if not why.strip():
        raise Refused(gettext("Say why this is restricted: those who are told read your words"))
    if marking not in STRICTNESS or STRICTNESS.index(marking) < STRICTNESS.index(lodging.marking):
        raise Refused(gettext("Choose who may see this from now on: fewer people than now"))
    if marking == lodging.marking and lodging.public_from is None:
        raise Refused(gettext("Choose a stricter answer. The same people can see this now"))
    if lodging.public_from is not None:
        service.take_back(lodging, why, by=by, at=at)
    if marking != lodging.marking:
        service.mark(lodging, marking, exempt_ground=chosen.ground, by=by, at=at)
    else:
        service.hold_back(lodging, at=at)
    letters.evidence_restricted(lodging, why.strip(), by=by, at=at)


def take_back(lodging: Lodging, why: str, *, by: Actor, at: datetime) -> None:
    """Take it back from the public, or from the day it would be public, under the marking it has: nothing publishes it again
    until its agency allows that."""
    if lodging.public_from is None:
        raise Refused(gettext("This is not public, and no day is set for it"))
    restrict(lodging, Restriction(lodging.marking, why, lodging.exempt_ground), by=by, at=at)


def erase_words(lodging: Lodging, why: str, *, by: Actor, at: datetime) -> None:
    """Erase its words and figures for ever; its files are erased one by one."""
    service.check_owner(lodging, by, at)
    erasing.erase_words(lodging, why, by=by, at=at)
    letters.evidence_erased(lodging, why.strip(), is_file=False, by=by, at=at)


def erase_file(file: EvidenceFile, lodging: Lodging, why: str, *, by: Actor, at: datetime) -> None:
    """Erase the use of a file and, where it was the last, its bytes."""
    service.check_owner(lodging, by, at)
    erasing.erase_file(file, why, by=by, at=at)
    stored.let_go(file.stored, at=at)
    letters.evidence_erased(lodging, why.strip(), is_file=True, by=by, at=at)
