"""What the asker's pages say of drafts, requests and items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from wtforms import SelectChoice

from scrutiny.agencies.models import Agency
from scrutiny.agencies.queries import Answering
from scrutiny.evidence.markings import WORDS, offered
from scrutiny.formats import listed, percent, plural
from scrutiny.requests.clock_models import Start
from scrutiny.requests.letters import receivers
from scrutiny.requests.models import Answer, EvidenceRequest, Item, Note
from scrutiny.requests.queries import Elsewhere
from scrutiny.requests.service import CAME_BY
from scrutiny.requests.states import SHOWN, Shown, shown
from workflows.deadlines import START_EVENTS

KINDS = {"any": "Whatever fits", "text": "Words", "figures": "Figures", "file": "A file"}


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft as the table shows it."""

    request: EvidenceRequest
    cover: str
    elsewhere: str
    receivers: str
    reachable: bool


def draft_rows(requests: Iterable[EvidenceRequest], there: dict[int, Elsewhere], at: datetime) -> list[DraftRow]:
    """The drafts of a review, each with its cover, what is asked or held elsewhere, and who gets the letter."""
    return [_draft_row(request, there.get(request.agency_id), at) for request in requests]


def _draft_row(request: EvidenceRequest, found: Elsewhere | None, at: datetime) -> DraftRow:
    """One draft."""
    to = receivers(request, at)
    named = listed([one.name for one in to])
    return DraftRow(request, cover_of(request), elsewhere_words(found), named, all(one.address for one in to))


def cover_of(request: EvidenceRequest) -> str:
    """How much of the place the agency answers for."""
    if request.share_of_land is None:
        return "answers for no part of this place"
    if request.share_of_land >= 0.99 and (request.share_of_people or 1) >= 0.99:
        return "answers for all of it"
    people = f"{percent(request.share_of_people)} of the people, " if request.share_of_people is not None else ""
    return f"answers for {people}{percent(request.share_of_land)} of the land"


def elsewhere_words(found: Elsewhere | None) -> str:
    """What the bodies of this review asked the agency in their other reviews, and hold from it."""
    if found is None or not (found.asked or found.held):
        return ""
    said = [f"{plural(found.asked, 'item')} still open"] if found.asked else []
    said += [f"{plural(found.held, 'answer')} held"] if found.held else []
    return f"In your bodies’ other reviews: {' and '.join(said)}"


def nothing_standard(here: Sequence[Answering], asked: Iterable[int]) -> list[Answering]:
    """The agencies that answer here but are asked nothing."""
    already = set(asked)
    return [one for one in here if one.agency_id not in already]


def agency_choices(agencies: Iterable[Agency], *, but: Iterable[int]) -> list[SelectChoice]:
    """Agencies to choose from."""
    left_out = set(but)
    return [SelectChoice(value=one.id, label=one.name) for one in agencies if one.id not in left_out]


def kind_choices() -> list[SelectChoice]:
    """Kinds of answer to choose from."""
    return [SelectChoice(value=key, label=label) for key, label in KINDS.items()]


def came_by_choices() -> list[SelectChoice]:
    """Ways an answer may have come."""
    return [SelectChoice(value=key, label=label) for key, label in CAME_BY.items()]


def marking_choices(*, personal: bool) -> list[SelectChoice]:
    """Markings in plain words; personal only where the method may hold it."""
    return [SelectChoice(value=one, label=WORDS[one][0], render_kw={"hint": WORDS[one][1]}) for one in offered(personal=personal)]


def request_choices(requests: Iterable[EvidenceRequest]) -> list[SelectChoice]:
    """Drafts to choose from."""
    return [SelectChoice(value=one.id, label=f"{one.agency.name} ({plural(len(one.items), 'item')})") for one in requests]


def how(item: Item, today: date) -> Shown:
    """How an item stands for its asker today."""
    return shown(item.state, item.due_on, today, drafted=item.request.state in ("drafted", "dropped"))


def standing_of_request(request: EvidenceRequest, today: date) -> str:
    """How a request stands, as counts of its items in words: '3 answered, 2 waiting'."""
    counts = Counter(how(item, today).key for item in request.items)
    return ", ".join(f"{counts[key]} {row.word.lower()}" for key, row in SHOWN.items() if counts[key]) or "no items"


def answers_sent(item: Item) -> list[Answer]:
    """The answers the asker may know of, newest first: what an agency has only begun is not among them."""
    return [answer for answer in reversed(item.answers) if answer.submitted_at is not None]


def what_happens(requests: Sequence[EvidenceRequest], at: datetime) -> list[str]:
    """What issuing these requests will do, to whom and when, in sentences."""
    if not requests:
        return []
    letters = sum(len(receivers(request, at)) for request in requests)
    items = sum(len(request.items) for request in requests)
    due = [item.due_on for request in requests for item in request.items if item.due_on]
    agencies = plural(len({request.agency_id for request in requests}), "agency", "agencies")
    said = [
        f"{agencies} will be asked for {plural(items, 'item')}.",
        f"{plural(letters, 'letter')} will go by e-mail within a minute; several to one person go in one e-mail.",
    ]
    if due:
        said.append(f"The first item is due on {_day(min(due))} and the last on {_day(max(due))}.")
    return [*said, "Due dates are counted from today. What is issued is never deleted: it can only be withdrawn, with a reason."]


@dataclass(frozen=True, slots=True)
class StartShown:
    """One start as pages show it; one that was corrected since does not stand."""

    event: str
    words: str
    happened_on: date
    how: str
    stands: bool


def starts_shown(starts: Sequence[Start]) -> list[StartShown]:
    """The starts of a request in the order they happened; of each event the last entered stands."""
    latest = {one.event: one.id for one in sorted(starts, key=lambda one: one.id)}
    return [
        StartShown(one.event, START_EVENTS[one.event], one.happened_on, one.how, latest[one.event] == one.id) for one in starts
    ]


def question_choices(questions: Iterable[Note]) -> list[tuple[int, str]]:
    """Questions back to choose from."""
    return [(one.id, f"Item {one.item.number}: {one.text}" if one.item else one.text) for one in questions]


def filters(args: Any) -> dict[str, Any]:
    """The filters of the matrix as they stand in the address; what makes no sense is left out."""
    agency = str(args.get("agency", ""))
    state = str(args.get("state", ""))
    return {
        "agency_id": int(agency) if agency.isdigit() else None,
        "line": str(args.get("line", "")),
        "state": state if state in SHOWN else "",
    }


def _day(day: date) -> str:
    """A day within a sentence."""
    return f"{day:%A} {day.day} {day:%B %Y}"
