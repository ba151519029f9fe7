"""What the bodies of a review have to say before a finding moves: whose it is, and whether every body agrees with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from flask import Flask
from flask_babel import gettext

from scrutiny.agreement import presenters, service, status
from scrutiny.bodies.models import Body
from scrutiny.findings.guards import GUARD, Guard
from scrutiny.findings.models import Finding
from scrutiny.formats import listed
from scrutiny.reports.signing import bodies_that_sign
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import bodies_taking_part
from scrutiny.rules.queries import damage_of
from workflows.refusals import Refused
from workflows.roles import Actor

#: Moves that undo what others have read or agreed with: they belong to the finding's own body.
UNDOING: Final = ("take_back", "reopen", "withdraw")


def init_app(app: Flask) -> None:
    """From now on findings ask here."""
    answers: Guard = Bodies()
    app.extensions[GUARD] = answers


class Bodies:
    """What findings ask, answered for the bodies of their review."""

    def is_joint(self, review: Review) -> bool:
        """Whether several bodies sign the review, and so agree with each of its findings."""
        return status.is_joint(review)

    def permits(self, finding: Finding, move: str, by: Actor) -> bool:
        """Whether a move is open to the actor as far as the bodies of the review have a say in it."""
        return not why_not(finding, move, by)

    def check_move(self, finding: Finding, move: str, *, by: Actor) -> None:
        """Refuse a move that belongs to another body, or that another body has not agreed to."""
        refusal = why_not(finding, move, by)
        if refusal:
            raise Refused(refusal)

    def heed_words(self, finding: Finding, *, by: Actor, at: datetime) -> None:
        """A finding, or its words, may have changed."""
        service.heed_words(finding, by=by, at=at)

    def agreeing(self, finding: Finding, by: Actor) -> list[str]:
        """The names of the bodies but the actor's that agree with a finding as it stands."""
        rows = status.status_of(finding).bodies if status.is_joint(finding.review) else ()
        return [row.body.name for row in rows if row.agrees and row.body.id != by.body]

    def shown(self, findings: Sequence[Finding], by: Actor) -> Mapping[int, presenters.Shown]:
        """What pages say of the agreement of each finding."""
        return presenters.shown(findings, by)


def why_not(finding: Finding, move: str, by: Actor) -> str:
    """Why the bodies of the review keep somebody from moving a finding, in a sentence without its full stop; or nothing.

    Where one body alone signs, it finalises, and it may undo a finding of its partners too: the report is its own. Where the
    text of the method cannot be read, nobody can tell who signs: then nothing is finalised, and each undoes its own.
    """
    review = finding.review
    if len(bodies_taking_part(review)) < 2:
        return ""
    damage, owner = damage_of(review.edition), status.owner_of(finding)
    signing = [] if damage else bodies_that_sign(review)
    if move in UNDOING:
        mine = [owner, *signing] if len(signing) == 1 else [owner]
        if by.body in [body.id for body in mine]:
            return ""
        return gettext(
            "Finding %(number)s was written for %(body)s. Only %(body)s can return it to draft, reopen it or withdraw it",
            number=finding.number,
            body=owner.name,
        )
    if move != "settle":
        return ""
    if damage:
        return damage
    if by.body not in [body.id for body in signing]:
        return gettext("Only a body that signs the report can finalise a finding: %(names)s", names=_names(signing))
    missing = status.status_of(finding).missing if len(signing) > 1 else []
    if not missing:
        return ""
    return gettext(
        "A finding is final only when every body agrees with it as it stands. Finding %(number)s still waits for %(names)s",
        number=finding.number,
        names=_names(missing),
    )


def _names(bodies: Sequence[Body]) -> str:
    """The names of bodies, as a sentence lists them."""
    return listed([body.name for body in bodies])
