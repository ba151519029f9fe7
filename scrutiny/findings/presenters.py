"""Findings as pages show them: citations as cards, the quotation held back from those who may not read what it quotes."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask_babel import gettext

from scrutiny.evidence.access import governing
from scrutiny.evidence.markings import WORDS
from scrutiny.evidence.models import Lodging
from scrutiny.findings.access import Readable
from scrutiny.findings.models import Citation, Finding
from scrutiny.findings.readiness import lacks, where
from scrutiny.reviews.models import Review
from scrutiny.rules.models import MethodEdition
from scrutiny.rules.queries import method_of
from workflows.method import Judgement, Option


@dataclass(frozen=True, slots=True)
class Card:
    """A citation as a numbered card; `quotation` is None where this reader may not see the words."""

    number: int
    quotation: str | None
    where: str
    title: str  # of the evidence
    agency: str
    marking: str  # open, exempt, confidential or personal
    by_eye: bool
    sha256: str
    address: str  # of the reading page, '' where it may not be opened

    @property
    def marking_words(self) -> str:
        """Who may see it, in words."""
        return WORDS[self.marking][0]


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with its cards, its judgement in words, and what it lacks."""

    finding: Finding
    cards: tuple[Card, ...]
    judgement: str
    lacking: tuple[str, ...]
    word: str  # what the judgement is called: Outcome, where the method gives outcomes


def shown(finding: Finding, review: Review, readable: Readable, *, markings: tuple[str, ...] = ()) -> Shown:
    """A finding as a reader sees it; with `markings`, only quotations of evidence so marked, whatever else may be read."""
    method = method_of(review.edition)
    cards = tuple(_card(one, review, readable, markings) for one in finding.citations)
    lacking = tuple(lacks(finding, method.judgement))
    return Shown(finding, cards, judgement_of(finding, review), lacking, scale_of(finding, review).word)


def marking_of(citation: Citation) -> str:
    """The marking that governs the words of a citation."""
    return governing(citation.file, citation.lodging) if citation.file else citation.lodging.marking


def reading_address(citation: Citation, review: Review) -> str:
    """The page on which the words can be read where they stand."""
    sheet = citation.cell.rpartition("!")[0]
    where = {"file": citation.file_id, "page": citation.page, "sheet": sheet}
    asked = urlencode({key: value for key, value in where.items() if value})
    return f"/reviews/{review.reference}/read/{citation.lodging_id}{'?' if asked else ''}{asked}"


def _card(citation: Citation, review: Review, readable: Readable, markings: tuple[str, ...]) -> Card:
    """One citation as a card."""
    marking = marking_of(citation)
    may = readable.may_quote(citation) and (not markings or marking in markings)
    evidence = citation.lodging.evidence
    return Card(
        number=citation.number,
        quotation=citation.quotation if may else None,
        where=where(citation) if may else "",
        title=evidence.title if may else "",
        agency=evidence.agency.name,
        marking=marking,
        by_eye=citation.by_eye,
        sha256=citation.sha256,
        address=reading_address(citation, review) if may and _opens(citation, readable) else "",
    )


def _opens(citation: Citation, readable: Readable) -> bool:
    """Whether the reading page of what is cited opens to this reader: it shows the whole lodging."""
    return citation.lodging_id in readable.lodgings


def judgement_of(finding: Finding, review: Review) -> str:
    """The judgement in words, on the scale of the edition it was given under."""
    option = option_of(finding, review)
    return option.label if option else ""


def option_of(finding: Finding, review: Review) -> Option | None:
    """What was judged, on the scale of the edition it was given under: its label, and the sentence that says what it means."""
    if not finding.judgement:
        return None
    return method_of(_edition_of(finding, review)).option(finding.judgement)


def scale_of(finding: Finding, review: Review) -> Judgement:
    """The scale of the edition a judgement was given under; of today's edition where none was given."""
    return method_of(_edition_of(finding, review)).judgement


def _edition_of(finding: Finding, review: Review) -> MethodEdition:
    """The edition of the method a judgement was given under; today's where none was given."""
    return next((row.edition for row in review.editions if row.edition_id == finding.edition_id), review.edition)


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One piece of evidence in the list: what it is, who sent it, and the findings that cite it."""

    lodging: Lodging
    files: int
    marking_words: str
    cited_in: tuple[int, ...]  # numbers of findings


def by_line(
    review: Review, lodged: list[tuple[int | None, Lodging]], readable: Readable, findings: list[Finding]
) -> list[tuple[str, str, list[EvidenceRow]]]:
    """(title, text, rows) for each line of enquiry, then for what answers no question; only what may be read."""
    cited: dict[int, list[int]] = {}
    for finding in findings:
        for lodging_id in {one.lodging_id for one in finding.citations}:
            cited.setdefault(lodging_id, []).append(finding.number)
    rows: dict[int | None, list[EvidenceRow]] = {}
    for line_id, lodging in lodged:
        if lodging.id in readable.lodgings:
            files = sum((lodging.id, file.id) in readable.files for file in lodging.evidence.files)
            row = EvidenceRow(lodging, files, WORDS[lodging.marking][0], tuple(sorted(cited.get(lodging.id, []))))
            rows.setdefault(line_id, []).append(row)
    groups = [
        (line.title or line.text, line.text, rows.get(line.id, []))
        for line in review.lines
        if line.id in rows or not line.dropped_why
    ]
    return (
        [*groups, (gettext("Other evidence"), gettext("Sent without being asked for."), rows[None])] if None in rows else groups
    )
