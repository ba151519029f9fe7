"""What the API gives of reviews, reports and recommendations, as `place_shapes` says it of places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A body and its part in a review."""

    name: str
    part: Annotated[str, "lead, partner or observer"]


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of a timetable."""

    key: str
    title: str
    from_: str
    to: str


@dataclass(frozen=True, slots=True)
class Review:
    """A review as a list shows it."""

    reference: str
    title: str
    place: Annotated[str, "The slug of its place"]
    place_name: str
    bodies: tuple[BodyPart, ...]
    state: Annotated[str, "planned, opened, reported, closed or withdrawn"]
    announced_on: str | None
    starts_on: str
    has_report: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of enquiry."""

    key: str
    title: str
    text_: str


@dataclass(frozen=True, slots=True)
class ReviewWhole(Review):
    """A review; what is not public is null for those who are not of its bodies."""

    method: str | None
    phases: tuple[Phase, ...]
    reason: str | None
    in_scope: str | None
    out_of_scope: str | None
    lines: tuple[Line, ...] | None


@dataclass(frozen=True, slots=True)
class Item:
    """One question put to one agency; state and due date only for the review"s bodies and the agency itself."""

    reference: str
    line: str
    question: str
    state: str | None
    due_on: Annotated[str | None, "as it stands now, after more time or a pause"]
    due_why: Annotated[str | None, "why this date, or why there is none yet"]
    first_due_on: str | None
    statutory_due_on: Annotated[str | None, "the day the law sets, where it sets one"]
    late_after: Annotated[str | None, "the day after which it counts as late: the later of the day it is due and the law's"]
    statutory_why: str | None
    start_event: Annotated[str | None, "what the count began with"]
    starts_on: Annotated[str | None, "the day that happened; null while it is not known"]
    expectation: Annotated[bool | None, "true where no law sets the day"]
    provisional: Annotated[bool | None, "true past the bank holidays that are known"]


@dataclass(frozen=True, slots=True)
class Request:
    """What one agency was asked."""

    reference: str
    agency_id: int
    agency: str
    state: Annotated[str, "drafted, issued, withdrawn or closed"]
    delivered_on: str | None
    law: Annotated[tuple[str, ...], "what the law asks of the agency, a sentence for each duty"]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One question to one agency."""

    agency_id: int
    state: Annotated[str, "a key such as waiting, overdue, answered, accepted, refusal-accepted"]
    word: str
    reference: str
    due_on: str | None
    why: Annotated[str, "why it is due then, in a sentence; '' where no date is set"]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One question with its cells."""

    question: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """One line of enquiry with its questions."""

    key: str
    title: str
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """An agency of a matrix."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """The evidence matrix."""

    agencies: tuple[Asked, ...]
    lines: tuple[MatrixLine, ...]
    totals: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file of a piece of evidence."""

    id: int
    name: str
    sha256: str
    size: int
    marking: str
    address: Annotated[str, "Where it can be downloaded"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence; its text is null where reading it is noted, which its page does."""

    id: int
    agency: str
    title: str
    marking: str
    lodged_at: str | None
    digest: Annotated[str, "SHA-256 of text and figures"]
    text_: str | None
    figures: str | None
    files: tuple[EvidenceFile, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation; the quotation is empty where its words may not be shown."""

    where: str
    quotation: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding, as it stands or as it was published."""

    number: int
    title: str
    text_: str
    judgement: str
    state: Annotated[str, "drafted, proposed, settled or published"]
    agreed_by: Annotated[
        tuple[str, ...], "The slugs of the bodies that agree with it as it stands; for the bodies of a joint review only"
    ]
    waits_for: Annotated[tuple[str, ...], "The slugs of the bodies that have not agreed yet, while it is proposed"]
    lines: tuple[str, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A published report, newest edition."""

    reference: str
    kind: Annotated[str, "review or area"]
    title: str
    place: Annotated[str, "The slug of its place"]
    place_name: str
    edition: int
    released_at: str
    sha256: Annotated[str, "The digest of its sealed data"]
    page: Annotated[str, "Its address for people"]
    pdf: str
    data: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An edition that was published and is withdrawn."""

    reference: str
    kind: Annotated[str, "review or area"]
    place: Annotated[str, "The slug of its place"]
    place_name: str
    edition: int
    released_at: str
    withdrawn_at: str
    why: Annotated[str, "The reason, as it was published"]
    sha256: Annotated[str, "The digest of what was sealed"]


@dataclass(frozen=True, slots=True)
class Return:
    """What an agency says it has done so far."""

    at: str
    status: Annotated[str, "on-track, slipped, achieved or not-achieved"]
    status_words: str
    text_: str
    new_date: Annotated[str | None, "The new day, where it slipped"]


@dataclass(frozen=True, slots=True)
class Replaced:
    """The recommendation that replaces another."""

    review: str
    number: int


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recommendation to one agency, and what came of it."""

    review: str
    number: int
    place: Annotated[str, "The slug of its place"]
    place_name: str
    place_codes: tuple[str, ...]
    lead_body: str
    agency_id: int
    agency: str
    text_: str
    measure: str
    findings: Annotated[tuple[int, ...], "The findings it follows from"]
    done_by: str
    state: Annotated[str, "a key such as accepted, rejected, done, not_accepted or superseded"]
    outcome: Annotated[str, "The same in words, as pages and reports say it"]
    late: Annotated[bool, "whether the response is overdue"]
    answer: Annotated[str | None, "what the agency answered, whatever came of it since"]
    answered_on: str | None
    response: Annotated[str, "The agency's own words"]
    duty: Annotated[str, "what the law asks of the agency, in a sentence"]
    expected_on: Annotated[str | None, "the new day the agency gave, where it slipped"]
    response_due_on: str | None
    response_due_why: Annotated[str, "why the response is due then, in a sentence"]
    progress: tuple[Return, ...]
    ended_on: str | None
    ended_why: str | None
    ended_by: str | None
    evidence: Annotated[str | None, "what the body saw when it ended it"]
    replaced_by: Replaced | None
    account: Annotated[tuple[str, ...], "everything that came of it, in sentences"]


@dataclass(frozen=True, slots=True)
class NotAnswered:
    """One item of an entry in the register of non-response."""

    reference: str
    title: str
    due_on: str
    statutory_due_on: str
    late_after: Annotated[str, "the day after which it counts as late: the later of the two"]
    due_why: Annotated[str, "why then; empty in entries published before reasons were kept"]
    answered_on: str | None


@dataclass(frozen=True, slots=True)
class NonResponse:
    """An entry of the register of non-response; one withdrawn says only that, and why."""

    review: str
    request: str
    agency_id: int
    agency: str
    state: str
    published_on: str
    items: tuple[NotAnswered, ...]
    lead: str
    lead_says: str
    agency_says: str
    agency_says_by: Annotated[str, "the agency whose line it is: the one asked, or a successor that answers for it"]
    corrections: tuple[Mapping[str, object], ...]
    withdrawn_why: str
