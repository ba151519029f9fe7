"""Making something sent stricter, taking it back from the public, or erasing it at once; its agency and the lead are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from scrutiny.evidence import copies, erasing, letters, queries, service
from scrutiny.evidence.markings import STRICTNESS, stricter
from scrutiny.evidence.models import Evidence, EvidenceFile, Lodging
from scrutiny.reviews.access import may_run
from scrutiny.stored_files import stored
from workflows.refusals import Refused
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Restriction:
    """Who may see something from now on, why, and the ground where it is exempt."""

    marking: str
    why: str
    ground: str = ""


def restrict(lodging: Lodging, chosen: Restriction, *, by: Actor, at: datetime) -> None:
    """Mark something more strictly, or take it back from the public where its marking stays; what changes nothing is refused.

    The same words and files in other answers of its agency are from then on no freer than these. Whoever runs one review
    does not decide what another review reads: there they are taken back from the public, and those who run it are told.
    """
    service.check_owner(lodging, by, at)
    marking, why = chosen.marking, chosen.why
    if not why.strip():
        raise Refused(gettext("Say why this is restricted: those who are told read your words"))
    if marking not in STRICTNESS or STRICTNESS.index(marking) < STRICTNESS.index(lodging.marking):
        raise Refused(gettext("Choose who may see this from now on: fewer people than now"))
    if marking == lodging.marking and lodging.public_from is None:
        raise Refused(gettext("Choose a stricter answer. The same people can see this now"))
    is_stricter = marking != lodging.marking
    same = copies.lodgings_with_words(lodging.evidence)
    files = [
        copy
        for file in lodging.evidence.files
        if file.erased_at is None and file.role != "redacted"
        for copy in copies.of_file(file)
        if copy.evidence_id not in {one.evidence_id for one in same}
    ]
    _close(lodging, chosen, is_stricter=is_stricter, by=by, at=at)
    also = copies.lodgings_of(file.evidence for file in files)
    for copy in same if is_stricter else [*same, *also]:
        if copy.id != lodging.id:
            _close(copy, chosen, is_stricter=is_stricter and _decides(copy, by), by=by, at=at)
    for file in files if is_stricter else ():
        if _decides_on(file.evidence, by):
            service.restrict_file(file, marking, by=by, at=at)
    for copy in also if is_stricter else ():
        if not _decides_on(copy.evidence, by):  # its file stays as it is for the others: each review is closed by itself
            _close(copy, chosen, is_stricter=_decides(copy, by), by=by, at=at)
    _tell_each([lodging, *same, *also], lambda one: letters.evidence_restricted(one, why.strip(), by=by, at=at))


def _decides(lodging: Lodging, by: Actor) -> bool:
    """Whether the actor decides on something where it is before this review: its agency, who runs the review, the operator."""
    return lodging.evidence.is_of(by.agency) or may_run(lodging.review, by)


def _decides_on(evidence: Evidence, by: Actor) -> bool:
    """Whether the actor decides on something before every review that has it."""
    return evidence.is_of(by.agency) or all(may_run(one.review, by) for one in queries.lodgings_of(evidence))


def _check_decides(lodging: Lodging, by: Actor) -> None:
    """Nobody erases what another review reads, but its agency."""
    if not _decides_on(lodging.evidence, by):
        raise Refused(
            gettext(
                "Only %(agency)s can erase this: it has given the same answer to somebody else too. Let fewer people see it, "
                "and ask the agency to erase it",
                agency=lodging.evidence.agency.name,
            )
        )


def _close_elsewhere(lodgings: Sequence[Lodging], why: str, *, by: Actor, at: datetime) -> None:
    """Take the same back from the public where the actor does not decide, and tell those who do."""
    for lodging in lodgings:
        _close(lodging, Restriction(lodging.marking, why), is_stricter=False, by=by, at=at)
    _tell_each(lodgings, lambda one: letters.evidence_restricted(one, why.strip(), by=by, at=at))


def _close(lodging: Lodging, chosen: Restriction, *, is_stricter: bool, by: Actor, at: datetime) -> None:
    """Take one lodging back from the public, and mark it no freer than chosen, as far as its review may hold that."""
    if lodging.public_from is not None:
        service.take_back(lodging, chosen.why, by=by, at=at)
    if is_stricter:
        marking = service.holdable(lodging.review, stricter(lodging.marking, chosen.marking))
        if marking != lodging.marking:
            service.mark(lodging, marking, exempt_ground=chosen.ground, by=by, at=at)
    elif lodging.held_back_at is None:
        service.hold_back(lodging, at=at)


def _tell_each(lodgings: Sequence[Lodging], tell: Callable[[Lodging], object]) -> None:
    """Tell the agency and the lead of each review once of what they were sent."""
    told = {(one.review_id, one.evidence.owners): one for one in reversed(lodgings) if one.lodged_at is not None}
    for one in lodgings:
        if one in told.values():
            tell(one)
            del told[one.review_id, one.evidence.owners]


def take_back(lodging: Lodging, why: str, *, by: Actor, at: datetime) -> None:
    """Take it back from the public, or from the day it would be public, under the marking it has: nothing publishes it again
    until its agency allows that."""
    if lodging.public_from is None:
        raise Refused(gettext("This is not public, and no day is set for it"))
    restrict(lodging, Restriction(lodging.marking, why, lodging.exempt_ground), by=by, at=at)


def erase_words(lodging: Lodging, why: str, *, everywhere: bool = False, by: Actor, at: datetime) -> None:
    """Erase its words and figures for ever, wherever its agency has given the same; its files are erased one by one.

    Before reviews that the actor neither runs nor answers, the same is taken back from the public, and those who run them
    are told. `everywhere`: of whatever agency, as a court may order.
    """
    service.check_owner(lodging, by, at)
    _check_decides(lodging, by)
    found = copies.lodgings_with_words(lodging.evidence, everywhere=everywhere)
    same = [one for one in found if _decides_on(one.evidence, by)]
    erasing.erase_words(lodging, why, by=by, at=at)
    for copy in same:
        if copy.evidence.erased_at is None:
            erasing.erase_words(copy, why, by=by, at=at)
    _tell_each([lodging, *same], lambda one: letters.evidence_erased(one, why.strip(), is_file=False, by=by, at=at))
    _close_elsewhere([one for one in found if one not in same], why, by=by, at=at)


def erase_file(file: EvidenceFile, lodging: Lodging, why: str, *, everywhere: bool = False, by: Actor, at: datetime) -> None:
    """Erase every use of a file by its agency (`everywhere`: by any), its name in letters, and with the last use its bytes.

    As with words, other reviews than the actor's keep theirs, which is taken back from the public.
    """
    service.check_owner(lodging, by, at)
    _check_decides(lodging, by)
    found = copies.of_file(file, everywhere=everywhere)
    same = [one for one in found if _decides_on(one.evidence, by)]
    erasing.erase_file(file, why, by=by, at=at)
    for copy in same:
        if copy.erased_at is None:
            erasing.erase_file(copy, why, by=by, at=at)
    stored.let_go(file.stored, at=at)
    told = [lodging, *copies.lodgings_of(copy.evidence for copy in same)]
    _tell_each(told, lambda one: letters.evidence_erased(one, why.strip(), is_file=True, by=by, at=at))
    _close_elsewhere(copies.lodgings_of(one.evidence for one in found if one not in same), why, by=by, at=at)
