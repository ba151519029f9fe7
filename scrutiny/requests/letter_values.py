"""What the letters of a request say of its law, its days, its readers and its keeping, in whole sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext

from scrutiny.evidence.access import governing
from scrutiny.evidence.queries import kept_days, may_hold_personal
from scrutiny.formats import day, listed, span
from scrutiny.legal_words import AGENCY, request_sentences, sentence
from scrutiny.requests.legal_basis import due_of, item_basis, law_of
from scrutiny.requests.models import Answer, Item
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
    """The law of what is to be answered, each duty once and for which questions. By when stands above it."""
    asked = [item for item in items if item.state != "withdrawn"]
    return "\n".join(_by_question([item for item in asked if item.question.kind != ATTENDANCE], asked))


def _by_question(concerned: Sequence[Item], shown: Sequence[Item]) -> list[str]:
    """What the law says of some questions of a letter, each sentence with their numbers unless it holds of all that it shows."""
    said: dict[str, list[int]] = {}
    for item in concerned:
        said.setdefault(" ".join(law_of([item], AGENCY, wished=True)), []).append(item.number)
    if len(said) == 1 and len(concerned) == len(shown):
        return list(said)
    return [
        ngettext(
            "Question %(numbers)s: %(law)s",
            "Questions %(numbers)s: %(law)s",
            len(numbers),
            numbers=listed([str(number) for number in numbers]),
            law=words,
        )
        for words, numbers in said.items()
    ]


def law_again(items: Sequence[Item]) -> str:
    """The law in a letter about what is missing: the duty where there is one, else that there is none and what we would like."""
    bound = [item for item in items if item_basis(item).binds]
    if not bound:
        return " ".join(request_sentences([item_basis(item) for item in items], AGENCY))
    duties = _by_question(bound, items)
    parts = filter(None, [*duties, day_line(bound, lead_day(items), again=True)])
    return ("\n" if len(duties) > 1 else " ").join(parts)


def nothing_owed(items: Sequence[Item]) -> str:
    """That no duty is claimed, for a letter that says for itself what is wanted; '' where anything asked is a duty."""
    bases = [item_basis(item) for item in items]
    return "" if any(basis.binds for basis in bases) else " ".join(request_sentences(bases, AGENCY, wished=True))


def about(review: Review) -> str:
    """What a review is about, as a letter says it: its title, and its place where the title does not name it."""
    if review.place.name.casefold() in review.title.casefold():
        return gettext("“%(title)s”", title=review.title)
    return gettext("“%(title)s” in %(place)s", title=review.title, place=review.place.name)


def day_line(items: Sequence[Item], lead_on: date | None, *, again: bool = False) -> str:
    """The day we ask for beside the day the law gives, where it gives one: one sentence, or ''. `again`: asked before.

    In the letter that asks, only where it holds of every question of that day; else each question says it (`days_apart`).
    """
    asked = [item for item in _led(items, lead_on) if _legal_day(item)]
    legal = {legal_day for item in asked if (legal_day := _legal_day(item))}
    apart = days_apart(items, lead_on)
    if lead_on is None or not legal:
        return ""
    if not again:
        return "" if apart else due_of(asked[0])
    if min(legal) <= lead_on:
        return ""
    values = {"asked": day(lead_on), "legal": day(min(legal))}
    if not apart:
        return gettext("We asked for it by %(asked)s; the day set by law is %(legal)s.", **values)
    numbers = listed([str(item.number) for item in asked])
    return ngettext(
        "We asked for the answer to question %(numbers)s by %(asked)s; the day set by law is %(legal)s.",
        "We asked for the answers to questions %(numbers)s by %(asked)s; the day set by law is %(legal)s.",
        len(asked),
        numbers=numbers,
        **values,
    )


def days_apart(items: Sequence[Item], lead_on: date | None) -> bool:
    """Whether the law sets a day for some of the questions of one day and not for others, or another day."""
    return len({_legal_day(item) for item in _led(items, lead_on)}) > 1


def _led(items: Iterable[Item], lead_on: date | None) -> list[Item]:
    """The questions asked for by the day that leads a letter."""
    return [item for item in items if item.due_on == lead_on and item.question.kind != ATTENDANCE]


def _legal_day(item: Item) -> date | None:
    """The day the law sets for what it binds the agency to; None where it sets none."""
    return item.statutory_due_on if item_basis(item).binds else None


def lead_day(items: Iterable[Item]) -> date | None:
    """The one day that leads a letter: the first on which anything of these is due."""
    return min((item.due_on for item in items if item.due_on), default=None)


def readers_line(review: Review) -> str:
    """Who will see what is sent."""
    names = listed([body.name for body in bodies_taking_part(review)])
    said = gettext(
        "the members and officers of %(bodies)s, and of any body that joins this review. What you mark as open may be published.",
        bodies=names,
    )
    if not may_hold_personal(review):
        return said
    named = gettext(
        "Only the people named for this review can open what you mark for them. You see who they are before you send it."
    )
    return f"{said} {named}"


def keeping_line(review: Review) -> str:
    """How long what is sent is kept, and on what basis personal information in it is used."""
    basis = gettext(
        "If what you send holds personal information, we use that for a task in the public interest (UK GDPR, Article 6(1)(e))."
    )
    if not may_hold_personal(review):
        kept = gettext("for as long as the record of the review. Please do not send information about named people.")
    else:
        kept = gettext(
            "for as long as the record of the review. Files marked personal are erased %(period)s after the report.",
            period=span(kept_days(review)),
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
        "by_law": _legal_day(item),
        "returned": item.answered_on is not None,
        "attend": item.question.kind == ATTENDANCE,
        "attend_words": sentence(item_basis(item), AGENCY) if item.question.kind == ATTENDANCE else "",
    }


def files_sent(answer: Answer | None) -> list[dict[str, str]]:
    """The files of what was sent, each with its digest; one that is not for everybody by its number only.

    A file's name says what is in it, and letters are read on the way: in mailboxes, by assistants, by administrators.
    """
    if answer is None:
        return []
    return [
        {
            "name": one.name if governing(one, answer.lodging) == "open" else gettext("File %(number)s", number=number),
            "sha256": one.sha256,
        }
        for number, one in enumerate(answer.lodging.evidence.files, 1)
    ]
