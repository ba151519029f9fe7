"""What the letters of a request say of its law, its days, its readers and its keeping, in whole sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext

from scrutiny.evidence.queries import kept_days, may_hold_personal
from scrutiny.formats import day, listed
from scrutiny.legal_words import AGENCY, sentence
from scrutiny.requests.legal_basis import due_of, item_basis, law_of
from scrutiny.requests.models import Item
from scrutiny.reviews.enquiry import ATTENDANCE
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import bodies_taking_part


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What a person puts at the head and at the foot of a letter before it goes."""

    opening: str = ""
    closing: str = ""


NOTHING_ADDED = OwnWords()


def law_line(items: Sequence[Item]) -> str:
    """The law of what is to be answered, each duty once; that nothing is owed only where nothing is. By when stands above."""
    return " ".join(law_of([item for item in items if item.question.kind != ATTENDANCE], AGENCY, wished=True))


def law_again(items: Sequence[Item]) -> str:
    """The law in a letter about what is missing: said only where it binds, for it must weaken nothing."""
    bound = [item for item in items if item_basis(item).binds]
    return " ".join(filter(None, [*law_of(bound, AGENCY), day_line(bound, lead_day(items), again=True)])) if bound else ""


def about(review: Review) -> str:
    """What a review is about, as a letter says it: its title, and its place where the title does not name it."""
    if review.place.name.casefold() in review.title.casefold():
        return gettext("“%(title)s”", title=review.title)
    return gettext("“%(title)s” in %(place)s", title=review.title, place=review.place.name)


def day_line(items: Sequence[Item], lead_on: date | None, *, again: bool = False) -> str:
    """The day we ask for beside the day the law gives, where it gives one: one sentence, or ''. `again`: asked before."""
    asked = [item for item in items if item.due_on == lead_on and item.question.kind != ATTENDANCE and item_basis(item).binds]
    legal = {item.statutory_due_on for item in asked if item.statutory_due_on}
    if lead_on is None or not legal:
        return ""
    if not again:
        return due_of(next(item for item in asked if item.statutory_due_on))
    if min(legal) <= lead_on:
        return ""
    return gettext("We asked for it by %(asked)s; the day set by law is %(legal)s.", asked=day(lead_on), legal=day(min(legal)))


def lead_day(items: Iterable[Item]) -> date | None:
    """The one day that leads a letter: the first on which anything of these is due."""
    return min((item.due_on for item in items if item.due_on), default=None)


def readers_line(review: Review) -> str:
    """Who will see what is sent."""
    names = listed([body.name for body in bodies_taking_part(review)])
    said = gettext("the members and officers of %(bodies)s. What you mark as open may be published.", bodies=names)
    if not may_hold_personal(review):
        return said
    named = gettext(
        "What you mark for the people named for this review opens to nobody else. You see who they are before you send it."
    )
    return f"{said} {named}"


def keeping_line(review: Review) -> str:
    """How long what is sent is kept, and on what basis personal information in it is used."""
    basis = gettext("We use personal information in it for a task in the public interest (UK GDPR, Article 6(1)(e)).")
    if not may_hold_personal(review):
        kept = gettext("with the record of the review. Please do not send information about named individuals.")
    else:
        kept = gettext(
            "with the record of the review. Files marked personal are erased %(days)s days after the report.",
            days=f"{kept_days(review):,}",
        )
    return f"{kept} {basis}"


def item_values(item: Item) -> dict[str, Any]:
    """An item as letters name it."""
    return {
        "number": item.number,
        "reference": item.reference,
        "title": item.question.title,
        "text": item.question.text,
        "why": item.question.why,
        "period": item.question.period,
        "due_on": item.due_on,
        "due_why": item.due_why,
        "due_words": due_of(item),
        "returned": item.answered_on is not None,
        "attend": item.question.kind == ATTENDANCE,
        "attend_words": sentence(item_basis(item), AGENCY) if item.question.kind == ATTENDANCE else "",
    }
