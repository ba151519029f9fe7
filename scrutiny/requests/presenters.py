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
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.queries import UNDELIVERED, letters_about
from scrutiny.evidence.markings import WORDS, offered
from scrutiny.formats import listed, percent, plural
from scrutiny.requests.clock_models import Start
from scrutiny.requests.delivering import ASKS, deliveries_of
from scrutiny.requests.letters import receivers
from scrutiny.requests.models import Answer, EvidenceRequest, Item, Note
from scrutiny.requests.queries import Elsewhere
from scrutiny.requests.service import CAME_BY
from scrutiny.requests.states import SHOWN, Shown, shown
from scrutiny.whole_numbers import whole_or_none
from workflows.deadlines import START_EVENTS
from workflows.labels import labels

KINDS = labels({"any": "Whatever fits", "text": "Words", "figures": "Figures", "file": "A file"})


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft as the table shows it."""

    request: EvidenceRequest
    cover: str
    elsewhere: str
    receivers: str
    emails: int
    reachable: bool


def draft_rows(requests: Iterable[EvidenceRequest], there: dict[int, Elsewhere], at: datetime) -> list[DraftRow]:
    """The drafts of a review, each with its cover, what is asked or held elsewhere, and who gets the letter."""
    return [_draft_row(request, there.get(request.agency_id), at) for request in requests]


def _draft_row(request: EvidenceRequest, found: Elsewhere | None, at: datetime) -> DraftRow:
    """One draft."""
    to = receivers(request, at)
    named = listed([f"{one.name} ({one.address})" if one.address else one.name for one in to])
    emails = len({one.address for one in to if one.address})
    return DraftRow(request, cover_of(request), elsewhere_words(found), named, emails, bool(emails))


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
    request = item.request
    drafted, delivered = request.state in ("drafted", "dropped"), request.delivered_on is not None
    return shown(item.state, item.due_on, today, late_after=item.late_after, drafted=drafted, delivered=delivered)


def standing_of_request(request: EvidenceRequest, today: date) -> str:
    """How a request stands, as counts of its items in words: '3 answered, 2 waiting'."""
    counts = Counter(how(item, today).key for item in request.items)
    return ", ".join(f"{counts[key]} {row.word.lower()}" for key, row in SHOWN.items() if counts[key]) or "no items"


def answers_sent(item: Item) -> list[Answer]:
    """The answers the asker may know of, newest first: what an agency has only begun is not among them."""
    return [answer for answer in reversed(item.answers) if answer.submitted_at is not None]


def what_happens(rows: Sequence[DraftRow]) -> list[str]:
    """What issuing these requests will do, to whom and when, in sentences; those without an address are told apart."""
    if not rows:
        return []
    asked = [item for row in rows for item in row.request.items]
    reached = [row for row in rows if row.reachable]
    agencies = plural(len({row.request.agency_id for row in reached}), "agency", "agencies")
    said = []
    if reached:
        said.append(f"{plural(sum(row.emails for row in reached), 'email')} to {agencies}, within a minute.")
    without = without_address(rows)
    if without:
        said.append(
            f"{without}. Nothing is asked of {'it' if len(rows) - len(reached) == 1 else 'them'} until you enter an "
            "address, or post the letter and record that."
        )
    said.append(f"{plural(len(asked), 'question')} in all.")
    due = [item.due_on for item in asked if item.due_on]
    if due:
        said.append(f"The first answer is due on {_day(min(due))} and the last on {_day(max(due))}, if the emails arrive today.")
    return [
        *said,
        "Due dates are counted from the day a request is delivered. A request that was issued can be withdrawn, with a reason.",
    ]


def without_address(rows: Iterable[DraftRow]) -> str:
    """The agencies with no email address, in words; '' where every one has one."""
    named = [row.request.agency.name for row in rows if not row.reachable]
    have = "agency has" if len(named) == 1 else "agencies have"
    return f"{len(named)} {have} no email address: {listed(named)}" if named else ""


def issued_words(requests: Sequence[EvidenceRequest]) -> str:
    """What issuing did, composed from the letters that were written: '8 emails queued. 1 agency has no email address: …'."""
    written = [letter for request in requests for letter in letters_about(request.plain) if letter.kind == ASKS]
    queued = sum(bool(letter.address) for letter in written)
    states = deliveries_of([request.id for request in requests])
    lost = sorted(request.agency.name for request in requests if states[request.id].state == "failed")
    have = "agency has" if len(lost) == 1 else "agencies have"
    said = f"{plural(queued, 'email')} queued." if queued else "No email was sent."
    return f"{said} {len(lost)} {have} no email address: {listed(lost)}." if lost else said


def undelivered(request: EvidenceRequest) -> list[Letter]:
    """The letters about a request that failed or came back and nobody has dealt with, oldest first."""
    return [letter for letter in letters_about(request.plain) if letter.state in UNDELIVERED]


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
    state = str(args.get("state", ""))
    return {
        "agency_id": whole_or_none(args.get("agency")),
        "line": str(args.get("line", "")),
        "state": state if state in SHOWN else "",
    }


def _day(day: date) -> str:
    """A day within a sentence."""
    return f"{day:%A} {day.day} {day:%B %Y}"
