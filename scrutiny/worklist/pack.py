"""The pack of a meeting: what was asked and answered, findings with what may be quoted of them, recommendations to agree."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from scrutiny.evidence.access import governing
from scrutiny.evidence.figures import Figure
from scrutiny.evidence.markings import label
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.evidence.presenters import figures_of
from scrutiny.findings import access, presenters
from scrutiny.findings import queries as findings
from scrutiny.findings.access import Readable
from scrutiny.findings.presenters import Shown
from scrutiny.publication.service import accepted_items
from scrutiny.recommendations import queries as recommendations
from scrutiny.recommendations.models import Recommendation
from scrutiny.reports import gather
from scrutiny.requests.attendance_queries import meetings_of
from scrutiny.requests.counts import Asked, asked_of
from scrutiny.reviews.models import Phase, Review
from scrutiny.reviews.queries import bodies_taking_part
from scrutiny.rules.models import MethodEdition
from workflows.roles import Actor

#: A pack is printed, carried about and left on tables: nothing personal or confidential stands in it, whoever asks.
QUOTABLE = ("open", "exempt")


@dataclass(frozen=True, slots=True)
class MeetingOf:
    """A meeting to which agencies are asked: its day, its time ('' where none is set), and where it is held."""

    held_on: date
    begins: str
    place: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An accepted answer that may stand in a pack, and whether it was chosen for this one."""

    item_id: int
    reference: str
    agency: str
    question: str
    text: str
    figures: list[Figure]
    files: list[str]  # their names only
    marking_words: str  # where it is not for everybody
    chosen: bool


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything the pack of a review says."""

    review: Review
    bodies: list[str]  # the lead first
    method: MethodEdition
    place: dict[str, object]
    begun: bool
    phase: Phase | None  # under way today
    meetings: list[MeetingOf]
    asked: list[Asked]
    answers: list[Answered]
    findings: list[Shown]
    recommendations: list[Recommendation]
    withheld: int  # citations whose words are not shown here


def pack_of(review: Review, by: Actor, today: date, chosen: Collection[int] = ()) -> Pack:
    """The pack of a review as a member of its lead or a partner body reads it; a constant number of statements.

    `chosen` are the ids of the items whose accepted answers stand in it.
    """
    readable = access.readable_in(review, by, today)
    rows = [
        presenters.shown(one, review, readable, markings=QUOTABLE) for one in findings.of_review(review.id, findings.STANDING)
    ]
    return Pack(
        review=review,
        bodies=[body.name for body in bodies_taking_part(review)],
        method=review.edition,
        place=gather.place_values(review.place, review.place_on),
        begun=review.starts_on <= today,
        phase=next((one for one in review.phases if one.starts_on <= today <= one.ends_on), None),
        meetings=[MeetingOf(row.held_on, row.begins, row.place) for row in meetings_of([review.id])],
        asked=asked_of(review.id),
        answers=_answers(review, readable, chosen),
        findings=rows,
        recommendations=recommendations.of_review(review.id, states=recommendations.STANDING),
        withheld=sum(card.quotation is None for row in rows for card in row.cards),
    )


def _may_stand(file: EvidenceFile, lodging: Lodging, readable: Readable) -> bool:
    """Whether the name of a file may stand in a pack, whose readers are more than whoever draws it up."""
    return (lodging.id, file.id) in readable.files and governing(file, lodging) in QUOTABLE


def _answers(review: Review, readable: Readable, chosen: Collection[int]) -> list[Answered]:
    """The accepted answers that this reader may have in a pack, by request and number."""
    found = []
    for item in accepted_items(review):
        lodging = item.answer_accepted.lodging if item.answer_accepted is not None else None
        if lodging is None or lodging.id not in readable.lodgings or lodging.marking not in QUOTABLE:
            continue
        files = [file.name for file in lodging.evidence.files if _may_stand(file, lodging, readable)]
        found.append(
            Answered(
                item_id=item.id,
                reference=item.reference,
                agency=item.request.agency.name,
                question=item.question.title or item.question.text,
                text=lodging.evidence.text,
                figures=figures_of(lodging),
                files=files,
                marking_words="" if lodging.marking == "open" else label(lodging.marking),
                chosen=item.id in chosen,
            )
        )
    return found
