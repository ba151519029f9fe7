"""Read findings and the evidence they cite into the snapshot of a report: only what may be public keeps its words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from scrutiny.findings.models import Citation, Finding
from scrutiny.findings.presenters import option_of, scale_of
from scrutiny.formats import london_day
from scrutiny.reviews.models import Review
from scrutiny.snapshots import snapshot as facts


def evidence_index(
    settled: Sequence[Finding], published: Collection[int]
) -> tuple[dict[tuple[int, str], int], tuple[facts.EvidenceFacts, ...]]:
    """Every piece of evidence cited, in the order the findings first cite it; `published`: the lodgings out with the report."""
    numbers: dict[tuple[int, str], int] = {}
    index = []
    for finding in settled:
        for citation in finding.citations:
            key = (citation.lodging_id, citation.sha256)
            if key not in numbers:
                numbers[key] = len(numbers) + 1
                made = _evidence(citation, numbers[key])
                index.append(replace(made, lodging=key[0]) if key[0] in published and _is_open(citation) else made)
    return numbers, tuple(index)


def _is_open(citation: Citation) -> bool:
    """Whether what is cited may be published."""
    return citation.lodging.may_come_out and (citation.file is None or citation.file.marking == "open")


def _evidence(citation: Citation, number: int) -> facts.EvidenceFacts:
    """Evidence marked open with its title; any other with nothing but the public summary its agency agreed to."""
    lodging, file, is_open = citation.lodging, citation.file, _is_open(citation)
    return facts.EvidenceFacts(
        number=number,
        agency=lodging.evidence.agency.name,
        title=lodging.evidence.title if is_open else "",
        file=file.name if file is not None and is_open else "",
        marking="held back" if lodging.marking == "open" and not lodging.may_come_out else lodging.marking,
        lodged_on=london_day(lodging.lodged_at) if lodging.lodged_at else None,
        summary="" if is_open else lodging.public_summary,
        sha256=citation.sha256,
    )


def finding_facts(finding: Finding, review: Review, numbers: dict[tuple[int, str], int]) -> facts.FindingFacts:
    """A finding whose citations point into the evidence index."""
    option = option_of(finding, review)
    return facts.FindingFacts(
        number=finding.number,
        title=finding.title,
        text=finding.text,
        judgement=option.label if option else "",
        lines=tuple(line.key for line in finding.lines),
        citations=tuple(
            facts.CitationFacts(
                evidence=numbers[citation.lodging_id, citation.sha256],
                page=citation.page,
                cell=citation.cell,
                quotation=citation.quotation if _is_open(citation) else "",
                row_head=citation.row_head if _is_open(citation) else "",
                column_head=citation.column_head if _is_open(citation) else "",
            )
            for citation in finding.citations
        ),
        scale=scale_of(finding, review).kind if option else "",
        meaning=option.text if option else "",
        overall=finding.overall,
    )
