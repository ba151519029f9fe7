"""Using an answer again that the same agency sent before: for which place and period it was, and never over a draft unasked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from scrutiny.answering import service as answering
from scrutiny.answering.queries import draft_of
from scrutiny.evidence import service as evidence
from scrutiny.requests.models import Answer, Item
from scrutiny.stored_files import stored
from scrutiny.stored_files.intake import Received
from workflows.refusals import Refused
from workflows.roles import Actor

#: What becomes of a draft that is there: it is replaced, or the earlier answer is added below it.
REPLACE, BELOW = "replace", "below"


@dataclass(frozen=True, slots=True)
class Reuse:
    """An earlier answer beside the item it may answer again."""

    place: str
    period: str
    other_place: str  # the place of this item, where it is another; else ''
    other_period: str
    has_draft: bool

    @property
    def differs(self) -> bool:
        """Whether it was for another place or period."""
        return bool(self.other_place or self.other_period)


def compare(item: Item, earlier: Answer) -> Reuse:
    """For which place and period the earlier answer was, and what differs here."""
    then, here = earlier.item.request.review.place, item.request.review.place
    period, wanted = earlier.lodging.evidence.period or earlier.item.question.period, item.question.period
    draft = draft_of(item)
    kept = draft.lodging.evidence if draft is not None else None
    return Reuse(
        place=then.name,
        period=period,
        other_place=here.name if here.id != then.id else "",
        other_period=_other_period(period, wanted),
        has_draft=kept is not None and bool(kept.text.strip() or kept.figures.strip() or kept.files),
    )


def _other_period(then: str, wanted: str) -> str:
    """The period asked about here, where an answer was for another; that none is named is another than one that is."""
    if " ".join(wanted.split()) == " ".join(then.split()):
        return ""
    return wanted or gettext("no period named")


def reuse(item: Item, earlier: Answer, *, how: str = "", looked: bool = False, by: Actor, at: datetime) -> Answer:
    """Use an earlier answer, in place of the draft or below it; refused until what differs was looked at and the choice made."""
    found = compare(item, earlier)
    if found.differs and not looked:
        raise Refused(gettext("Tick that this answer is right for the place and period asked about"))
    if found.has_draft and how not in (REPLACE, BELOW):
        raise Refused(gettext("Say whether to keep what is saved here"))
    if not found.has_draft or how == REPLACE:
        return answering.reuse_answer(item, earlier, by=by, at=at)
    return _add_below(item, earlier, by=by, at=at)


def _add_below(item: Item, earlier: Answer, *, by: Actor, at: datetime) -> Answer:
    """Add words, figures and files of an earlier answer below what is saved."""
    if not earlier.lodging.evidence.is_of(by.agency) or earlier.submitted_at is None:
        raise Refused(gettext("Only what your own agency has sent before can be used again"))
    draft, given = draft_of(item), earlier.lodging.evidence
    assert draft is not None  # has_draft
    kept = draft.lodging.evidence
    for words in (kept, given):
        words.check_unchanged()
    typed = answering.Typed(
        text="\n\n".join(filter(None, (kept.text.strip(), given.text.strip()))),
        figures="\n".join(filter(None, (kept.figures.strip(), given.figures.strip()))),
        as_at=kept.as_at,
        period=kept.period,
        marking=max(draft.lodging.marking, earlier.lodging.marking, key=evidence.STRICTNESS.index),
        exempt_ground=draft.lodging.exempt_ground or earlier.lodging.exempt_ground,
    )
    answer = answering.keep_answer(item, typed, by=by, at=at)
    there = {file.sha256 for file in answer.lodging.evidence.files}
    stored.take_turns(file.sha256 for file in given.files)
    for file in given.files:
        if file.erased_at is None and file.sha256 not in there:
            held = file.stored
            received = Received(file.name, file.sha256, held.size, held.media_type, held.pages, file.warnings, held.scan)
            answering.keep_file(item, received, marking=typed.marking, by=by, at=at)
    answer.reused_from = earlier.id
    return answer
