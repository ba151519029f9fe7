"""The count of a place as plain values: what the command prints and the files of its page hold, figure by figure."""

from __future__ import annotations

from collections.abc import Iterator

from scrutiny.ledger.counting import BodyCounted, Count, Part, service_title
from scrutiny.ledger.models import LedgerSource
from scrutiny.ledger.sums import Transfer

COLUMNS = (
    "place",
    "year",
    "body",
    "body_name",
    "service",
    "service_title",
    "division",
    "words",
    "stream",
    "phase",
    "pence",
    "netted_pence",
    "share",
    "basis",
    "weight",
    "base_year",
    "error_note",
    "control",
    "ring_fence",
    "transfer_to",
    "confidence",
    "source",
    "source_title",
    "sheet",
    "row",
    "state",
)


def as_plain(found: Count, codes: list[str]) -> dict[str, object]:
    """The count as one JSON document: money in pence; `pence` less `matched` is `netted`, each the sum of its cells."""
    real, why = found.change_in_real_terms()
    return {
        "place": {"name": found.name, "codes": codes, "people": found.people},
        "year": found.year,
        "pence": found.gross,
        "matched": found.netted,
        "netted": found.net,
        "per_head": found.per_head,
        "change_in_real_terms": None if real is None else float(real),
        "no_real_terms": why,
        "coverage": {"counted": [_covered(body) for body in found.bodies], "not_counted": list(found.not_counted)},
        "services": [{"service": key, "title": service_title(key), "pence": pence} for key, pence in found.by_service],
        "transfers": [_transfer(one, found) for one in found.transfers],
        "cells": [cell_plain(part, body, found) for body, part in parts_of(found)],
    }


def parts_of(found: Count) -> Iterator[tuple[BodyCounted, Part]]:
    """Every figure of the count with its body."""
    for body in found.bodies:
        for part in body.parts:
            yield body, part


def cell_plain(part: Part, body: BodyCounted, found: Count) -> dict[str, object]:
    """One figure: what of its cell falls to the place, before and after netting, and where it stands."""
    cell = part.cell
    source = next(source for source in body.sources if source.id == cell.source_id)
    values = (
        found.name,
        found.year,
        body.agency.id,
        body.agency.name,
        cell.service,
        service_title(cell.service),
        cell.division,
        cell.words,
        cell.stream,
        cell.phase,
        part.pence,
        part.netted,
        float(part.share.share),
        part.basis,
        cell.weight,
        cell.base_year or part.share.base_year,
        cell.error_note or part.share.error_note,
        cell.control,
        cell.ring_fence,
        found.names.get(cell.other_agency_id or 0, ""),
        max(cell.confidence, "C") if part.share.share != 1 else cell.confidence,
        source.id,
        source.title,
        cell.sheet,
        cell.row,
        source.state,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _covered(body: BodyCounted) -> dict[str, object]:
    return {
        "body": body.agency.id,
        "name": body.agency.name,
        "phase": body.phase,
        "pence": sum(part.pence for part in body.parts),
        "netted": body.net,
        "sources": [_source(source) for source in body.sources],
    }


def _source(source: LedgerSource) -> dict[str, object]:
    return {
        "source": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "sha256": source.sha256,
        "licence": source.licence,
        "coverage": source.coverage,
        "share": source.share,
        "confidence": source.confidence,
        "pence": source.pence,
        "rows_read": source.rows_read,
        "rows_loaded": source.rows_loaded,
        "rows_skipped": source.rows_skipped,
        "state": source.state,
    }


def _transfer(one: Transfer, found: Count) -> dict[str, object]:
    return {
        "payer": found.names.get(one.payer, ""),
        "receiver": found.names.get(one.receiver, ""),
        "paid": one.paid,
        "received": one.received,
        "matched": one.matched,
        "standing": one.standing,
        "recorded_in": one.recorded_in,
    }
