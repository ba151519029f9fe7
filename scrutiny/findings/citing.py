"""Pinning words to evidence: the quotation is looked for where it is said to stand, and the digest of what it stands in kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import Flask
from flask_babel import gettext
from sqlalchemy import Select, select

from scrutiny.audit.service import digest, note
from scrutiny.evidence import access as evidence
from scrutiny.evidence import reading
from scrutiny.evidence.erasing import Erased, erases_quotations
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.extensions import db
from scrutiny.file_reading.sandbox_lanes import CannotBeShown
from scrutiny.file_reading.workbooks import Cell
from scrutiny.findings.guards import guard
from scrutiny.findings.models import AccuracyCheck, Citation, Extract, Finding
from scrutiny.findings.quoting import stands_in, stands_in_cell
from scrutiny.findings.readiness import OPEN, where
from scrutiny.formats import london_day
from scrutiny.transaction import hold
from workflows.refusals import Refused
from workflows.roles import Actor

LONGEST = 5000
LONGEST_HEAD = 150
CELL = re.compile(r"^(?:(?P<sheet>.+)!)?\$?(?P<column>[A-Za-z]{1,3})\$?(?P<row>[1-9][0-9]{0,6})$")


class NotFoundThere(Refused):
    """The words were not found where they are said to stand, or cannot be looked for; somebody may say so by eye."""


def init_app(app: Flask) -> None:
    """What findings quote of evidence is erased with it."""
    erases_quotations(app, erase_quotations)


def cite(
    finding: Finding,
    *,
    lodging: Lodging,
    file: EvidenceFile | None = None,
    page: int | None = None,
    cell: str = "",
    quotation: str,
    by_eye: bool = False,
    by: Actor,
    at: datetime,
) -> Citation:
    """Pin a quotation to a page or cell of a file, or to the written answer; Refused says why it does not stand there.

    NotFoundThere is for words no machine finds (a scan, a picture): `by_eye` says that the writer has checked them.
    """
    _check_open(finding)
    _check_readable(finding, lodging, file, by, at)
    quotation = quotation.replace("\r\n", "\n").strip()
    _check_length(quotation)
    page, cell, held = _place(file, page, cell)
    unseen = not _found(quotation, lodging, file, page, cell, held)
    if unseen and not by_eye:
        raise NotFoundThere(_not_found(file, page, cell, held))
    row_head, column_head = _heads(file, cell)
    citation = Citation(
        number=max((one.number for one in finding.citations), default=0) + 1,
        lodging=lodging,
        file=file,
        page=page,
        cell=cell,
        row_head=row_head,
        column_head=column_head,
        sha256=file.sha256 if file else lodging.evidence.digest,
        quotation=quotation,
        by_eye=unseen,
        made_by=by.reference,
        made_at=at,
    )
    finding.citations.append(citation)
    _noted("finding_cited", finding, citation, by, at)
    guard().heed_words(finding, by=by, at=at)
    return citation


def uncite(citation: Citation, *, by: Actor, at: datetime) -> None:
    """Take a citation out; the numbers of the others stay. What is proposed keeps at least one."""
    finding = citation.finding
    _check_open(finding)
    if finding.state == "proposed" and len(finding.citations) == 1:
        raise Refused(
            gettext("A proposed finding rests on at least one citation: add another first, or return the finding to draft")
        )
    _noted("finding_uncited", finding, citation, by, at)
    finding.citations.remove(citation)
    db.session.flush()
    guard().heed_words(finding, by=by, at=at)


def erase_quotations(gone: Erased, by: Actor, at: datetime) -> None:
    """Erase what findings, and the extracts agencies were shown, quote of erased evidence, whatever state they are in.

    Where it stood, and the digest it is pinned to, stay. What somebody wrote in words of their own is theirs to change.
    """
    lodgings = select(Lodging.id).where(Lodging.evidence_id == gone.evidence.id)
    rows = select(Citation).where(Citation.lodging_id.in_(lodgings), Citation.quotation != "")
    rows = rows.where(Citation.file_id.is_(None) if gone.file is None else Citation.file_id == gone.file.id)
    for citation in db.session.scalars(rows.order_by(Citation.id)):
        _noted("quotation_erased", citation.finding, citation, by, at)
        words = citation.quotation
        citation.quotation = citation.row_head = citation.column_head = ""
        without = {"quotation": "", "where": where(citation)}
        for extract in db.session.scalars(_shown(citation)):
            extract.quotations = [
                quoted | without if _quotes(quoted, words, citation) else quoted for quoted in extract.quotations
            ]
    db.session.flush()


def _shown(citation: Citation) -> Select[Extract]:
    """The extracts of its finding that the agency whose evidence it quotes was shown: nobody else was shown that evidence."""
    rows = select(Extract).join(AccuracyCheck, AccuracyCheck.id == Extract.check_id)
    own = AccuracyCheck.agency_id == citation.lodging.evidence.agency_id
    return rows.where(Extract.finding_id == citation.finding_id, own)


def _quotes(quoted: Mapping[str, Any], words: str, citation: Citation) -> bool:
    """Whether an extract quotes the words of a citation; in one that does not say from which lodging, the words decide."""
    return quoted["quotation"] == words and quoted.get("lodging", citation.lodging_id) == citation.lodging_id


def _check_open(finding: Finding) -> None:
    """What is settled or withdrawn stands as it is; nobody else settles it, cites or uncites meanwhile."""
    hold(finding, "citations")
    if finding.state == "settled":
        raise Refused(gettext("This finding is final: reopen it before changing what it rests on"))
    if finding.state not in OPEN:
        raise Refused(gettext("This finding is withdrawn: nothing in it can change"))


def _check_readable(finding: Finding, lodging: Lodging, file: EvidenceFile | None, by: Actor, at: datetime) -> None:
    """Only what was sent to this review, and what its citer may read."""
    today = london_day(at)
    permitted = evidence.may_read_file(file, lodging, by, today) if file else evidence.may_read(lodging, by, today)
    if lodging.review_id != finding.review_id or lodging.lodged_at is None or not permitted:
        raise Refused(gettext("You may cite only evidence of this review that you may read"))
    if file is not None and file.erased_at is not None:
        raise Refused(gettext("“%(file)s” has been erased and can no longer be cited", file=file.name))


def _check_length(quotation: str) -> None:
    """Words, and not the whole document."""
    if not quotation:
        raise Refused(gettext("Copy the words you rely on"))
    if len(quotation) > LONGEST:
        raise Refused(gettext("Quote the words that matter: %(longest)s characters at most", longest=f"{LONGEST:,}"))


def _place(file: EvidenceFile | None, page: int | None, cell: str) -> tuple[int | None, str, Cell | None]:
    """The page, or the cell and what it holds, as the kind of file has it; what does not apply is left out."""
    kind = reading.kind_of(file) if file else "answer"
    if kind == "pages":
        if not page:
            raise Refused(gettext("Enter the page that the words are on"))
        return page, "", None
    if kind == "sheet" and file is not None:
        return None, *_cell(file, cell)
    return (page or None if kind == "download" else None), "", None


def _cell(file: EvidenceFile, cell: str) -> tuple[str, Cell | None]:
    """A cell as it is kept (Sheet1!B7, or B7 in a table without sheets; the first sheet where none is named) and what it holds.

    None where the table cannot be read here.
    """
    found = CELL.match(cell.strip())
    if found is None:
        raise Refused(
            gettext("Enter the cell that the words are in: a sheet, an exclamation mark, a letter and a number, like Sheet1!B7")
        )
    address = f"{found['column'].upper()}{found['row']}"
    sheet, held = (found["sheet"] or "").strip("'"), None
    with suppress(CannotBeShown):
        sheet, held = reading.cell_of(file, sheet, address)
    return f"{sheet}!{address}" if sheet else address, held


def _heads(file: EvidenceFile | None, cell: str) -> tuple[str, str]:
    """What heads the row and the column of a cell, so that a reader of the report need not open the table."""
    if file is None or not cell:
        return "", ""
    sheet, _, address = cell.rpartition("!")
    with suppress(CannotBeShown):
        row, column = reading.heads_of(file, sheet, address)
        return row[:LONGEST_HEAD], column[:LONGEST_HEAD]
    return "", ""


def _found(
    quotation: str, lodging: Lodging, file: EvidenceFile | None, page: int | None, cell: str, holding: Cell | None
) -> bool:
    """Whether the words stand there. Words that could be searched in full and do not stand there are refused outright."""
    if file is None:
        lodging.evidence.check_unchanged()
        held = f"{lodging.evidence.text}\n{lodging.evidence.figures}"
        return _must(stands_in(quotation, held), gettext("These words are not in the written answer: copy them from it"))
    kind = reading.kind_of(file)
    if kind == "pages":
        with suppress(CannotBeShown):
            return stands_in(quotation, reading.page_text(file, page or 1))
        return False
    if kind == "sheet":
        if holding is None or holding.is_unfinished:
            return False
        stands = any(stands_in_cell(quotation, text) for text in (holding.shown, holding.stored) if text)
        return _must(stands, _held_instead(cell, holding))
    if kind == "text":
        with suppress(CannotBeShown):
            words = gettext("These words are not in this file: copy them from it")
            return _must(stands_in(quotation, reading.plain_text(file)), words)
    return False


def _must(stands: bool, otherwise: str) -> bool:
    """True, or refused with the reason."""
    if not stands:
        raise Refused(otherwise)
    return True


def _held_instead(cell: str, holding: Cell) -> str:
    """What a cell holds instead of the words quoted."""
    if not holding.shown and not holding.stored:
        return gettext("Cell %(cell)s is empty. Choose the cell that the words are in.", cell=cell)
    if holding.stored:
        return gettext(
            "Cell %(cell)s holds “%(shown)s” (stored as %(stored)s). Quote what is in the cell.",
            cell=cell,
            shown=holding.shown,
            stored=holding.stored,
        )
    return gettext("Cell %(cell)s holds “%(shown)s”. Quote what is in the cell.", cell=cell, shown=holding.shown)


def _not_found(file: EvidenceFile | None, page: int | None, cell: str, holding: Cell | None) -> str:
    """What to do where a machine cannot find the words."""
    if holding is not None and holding.is_unfinished:
        return gettext(
            "Cell %(cell)s has a formula, and no result is stored in the file. Open the file in Excel and save it to see the "
            "result. To cite it, tick “I have checked the quotation by eye”",
            cell=cell,
        )
    if cell and holding is None:
        return gettext(
            "This file cannot be read here, so we cannot find these words. Download it, check cell %(cell)s and tick “I have "
            "checked the quotation by eye”",
            cell=cell,
        )
    if page and file:
        place = gettext("on page %(page)s of “%(file)s”", page=page, file=file.name)
    else:
        place = gettext("on page %(page)s", page=page) if page else gettext("in this file")
    return gettext(
        "We cannot find these words %(place)s. If you are sure that they are there (it may be a scan or a "
        "picture), tick “I have checked the quotation by eye”",
        place=place,
    )


def _noted(event: str, finding: Finding, citation: Citation, by: Actor, at: datetime) -> None:
    """Into the trail: what was pinned to which digest, the words themselves as a digest."""
    db.session.flush()
    note(
        event,
        about=finding.reference,
        within=f"review:{finding.review_id}",
        by=by,
        at=at,
        number=citation.number,
        lodging=citation.lodging_id,
        sha256=citation.sha256,
        page=citation.page,
        cell=citation.cell,
        by_eye=citation.by_eye,
        quotation=digest(citation.quotation),
    )
