"""The snapshot of a review's report: what is sealed, typed and versioned; pages, print and the API only show it.

A snapshot of today is of FORM 2: shares are numbers from 0 to 1, days are days, and reasons are keys whose words are
composed where they are shown. `read` also takes the older form, which `older_snapshot` turns into this one for reading;
what was sealed is never written anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from scrutiny.snapshots import older_snapshot
from workflows.plain_values import from_plain, to_plain

FORM = "area-scrutiny/report/2"


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """Which edition of which report this is, why it was made, and where its page is; number 0 is a draft."""

    reference: str
    number: int
    why: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """Whom a reader may ask about the report: the office, never the officer; any of it may be empty."""

    body: str
    office: str
    phone: str
    email: str
    postal: str


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """The place as it was on a day."""

    name: str
    slug: str
    codes: tuple[str, ...]
    on: date
    people: int | None
    people_from: str
    square_metres: int


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """The edition of the method the review followed; `rule` is the key of its rule of signing."""

    title: str
    version: str
    digest: str
    basis: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """A body of the review, its part in it (lead, partner, observer), and whether it signed this report."""

    name: str
    part: str
    signed: bool = False


@dataclass(frozen=True, slots=True)
class ScopeFacts:
    """Why the review was made, and what it looked at and left out."""

    reason: str
    included: str
    excluded: str


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line of enquiry."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    """What one agency was asked and what came of it; its shares of the place are from 0 to 1, or nothing outside its area."""

    name: str
    kind: str
    share_of_people: float | None
    share_of_land: float | None
    asked: int
    answered: int
    not_held: int
    refused: int
    outstanding: int
    redirected: int | None = None  # said to be held by another; nothing where it was sealed before: `not_held` counts both there


@dataclass(frozen=True, slots=True)
class CitationFacts:
    """A citation: the number of the evidence, where in it, and the words, and what heads a cell, where they may be published."""

    evidence: int
    page: int | None
    cell: str
    quotation: str
    row_head: str = ""
    column_head: str = ""


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """A finding with its judgement, and the sentence of the method that says what it means; `overall`: it judges the place."""

    number: int
    title: str
    text: str
    judgement: str
    lines: tuple[str, ...]
    citations: tuple[CitationFacts, ...]
    scale: str = ""  # the kind of scale the judgement is on; '' without one, and in what was sealed before this was kept
    meaning: str = ""
    overall: bool = False


@dataclass(frozen=True, slots=True)
class AddresseeFacts:
    """An agency a recommendation names, and what the law asks of it: values, or the words form 1 kept."""

    name: str
    legal_basis: dict[str, Any] | None = None
    duty: str = ""


@dataclass(frozen=True, slots=True)
class RecommendationFacts:
    """A recommendation."""

    number: int
    text: str
    measure: str
    done_by: date
    findings: tuple[int, ...]
    agencies: tuple[AddresseeFacts, ...]


@dataclass(frozen=True, slots=True)
class WaiverFacts:
    """Who decided to go on without an agency's check of the facts, when, and the reason."""

    name: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class ReplyFacts:
    """Whether an agency could check the facts: answered, silent, running, not_reached, not_shown, waived;
    `missing`: findings not shown."""

    agency: str
    state: str
    sent_on: date | None
    due_on: date | None
    findings: tuple[int, ...]
    missing: tuple[int, ...] = ()
    waiver: WaiverFacts | None = None


@dataclass(frozen=True, slots=True)
class CorrectionFacts:
    """A correction an agency offered, and what was decided: made, made_in_part or not_made; with a digest of its own."""

    agency: str
    finding: int
    words: str
    correction: str
    grounds: str
    decided: str
    why: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """A piece of evidence cited; what is not open has no title or file, only the summary its agency agreed to.

    `lodging` is the number of its page, where it is published with the report.
    """

    number: int
    agency: str
    title: str
    file: str
    marking: str
    lodged_on: date | None
    summary: str
    sha256: str
    lodging: int | None = None


@dataclass(frozen=True, slots=True)
class VoteFacts:
    """How a committee voted, and at the meeting of which day."""

    votes_for: int
    against: int
    abstained: int
    meeting_on: date | None


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """A signature as it was first entered, wrongly, and why it was corrected."""

    office: str
    vote: VoteFacts | None
    why: str
    corrected_on: date


@dataclass(frozen=True, slots=True)
class InterestFacts:
    """An interest in an agency that somebody who signed had declared, in their words."""

    agency: str
    words: str
    on: date


@dataclass(frozen=True, slots=True)
class SignatoryFacts:
    """Who signed for a body, when, and how it voted; `corrected` are entries that were put right in the open."""

    body: str
    name: str
    office: str
    on: date
    vote: VoteFacts | None
    paper: bool
    corrected: tuple[EntryFacts, ...] = ()
    interests: tuple[InterestFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class DissentFacts:
    """A disagreement in its writer's words, of one finding or of the whole; with a digest of its own."""

    name: str
    body: str
    finding: int | None
    text: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class PartFacts:
    """The part of the place an agency covers, as rings in metres and a point for its letter."""

    name: str
    tone: str
    share_of_people: float | None
    share_of_land: float | None
    rings: tuple[Any, ...]
    label_at: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """The agencies of one kind that each cover only part of the place."""

    kind: str
    parts: tuple[PartFacts, ...]


@dataclass(frozen=True, slots=True)
class NeighbourFacts:
    """What of an area next to the place lies near it, as rings in metres and a point for its number."""

    name: str
    rings: tuple[Any, ...]
    label_at: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class MapFacts:
    """The outline of the place, the parts others cover of it, and its neighbours; none in what was sealed before these."""

    outline: tuple[Any, ...]
    groups: tuple[GroupFacts, ...]
    beside: tuple[NeighbourFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """Where the audit trail ended when this was sealed."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a review's report says."""

    form: str
    kind: str
    edition: EditionFacts
    title: str
    place: PlaceFacts
    method: MethodFacts
    bodies: tuple[BodyFacts, ...]
    started_on: date
    scope: ScopeFacts
    summary: str
    lines: tuple[LineFacts, ...]
    map: MapFacts
    agencies: tuple[AgencyFacts, ...]
    findings: tuple[FindingFacts, ...]
    recommendations: tuple[RecommendationFacts, ...]
    replies: tuple[ReplyFacts, ...]
    corrections: tuple[CorrectionFacts, ...]
    evidence: tuple[EvidenceFacts, ...]
    signatories: tuple[SignatoryFacts, ...]
    dissent: tuple[DissentFacts, ...]
    signed_digest: str
    audit: AuditFacts
    sealed_on: date | None  # nothing: a draft
    attribution: tuple[str, ...]
    contact: ContactFacts | None = None
    licence: str = ""  # the key of the licence it is published under; '' where none was recorded

    @property
    def is_draft(self) -> bool:
        """Whether it was composed to be read before it is agreed."""
        return self.sealed_on is None

    def to_plain(self) -> dict[str, Any]:
        """The plain values that are sealed."""
        plain: dict[str, Any] = to_plain(self)
        return plain


def read_map(plain: dict[str, Any]) -> MapFacts:
    """The maps of a snapshot of any form, of a review or of a place: shares as numbers."""
    return from_plain(MapFacts, older_snapshot.map_of(plain))


def read(plain: dict[str, Any]) -> Snapshot:
    """A sealed snapshot of any form ever written."""
    if plain["form"] == older_snapshot.FORM:
        plain = older_snapshot.as_of_today(plain)
    elif plain["form"] != FORM:
        raise ValueError(f"no reader for a snapshot of the form {plain['form']!r}")
    return from_plain(Snapshot, plain)
