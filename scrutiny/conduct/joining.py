"""Adding a body to a review once the letters to the agencies already asked have been read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scrutiny.bodies.models import Body
from scrutiny.conduct.preview_token import check_seen
from scrutiny.requests.joining import joined_previews, joining_today
from scrutiny.requests.letters import Preview
from scrutiny.reviews.inviting import invite_partner
from scrutiny.reviews.models import Review
from scrutiny.reviews.service import add_body
from workflows.roles import Actor

PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class BodyJoins:
    """What adding a body would do: which body, as what, and each letter to an agency, by address and words."""

    body: str
    part: str
    letters: tuple[tuple[str, str, str], ...]


def letters_to_agencies(review: Review, body: Body, part: str, *, at: datetime, public_url: str) -> list[Preview]:
    """The letters that go as the body joins: at once for an observer, once it accepts for a partner."""
    return joined_previews(review, joining_today(body.name, part, at), at=at, public_url=public_url)


def preview(body: Body, part: str, letters: list[Preview]) -> BodyJoins:
    """What would happen; nothing is changed by looking."""
    return BodyJoins(body.name, part, tuple((one.to.reference, one.to.address, one.text) for one in letters))


def check_read(shown: BodyJoins, seen: str) -> None:
    """Refuse where letters go that were not read; `seen` is the mark of those that were."""
    if shown.letters:
        check_seen(shown, seen)


def join(review: Review, body: Body, shown: BodyJoins, *, by: Actor, at: datetime) -> object:
    """Add an observer, or invite a partner."""
    if shown.part == PARTNER:
        return invite_partner(review, body, by=by, at=at)
    return add_body(review, body, shown.part, by=by, at=at)
