"""A file read page by page: a PDF as pictures with their words, a Word document and a text as words."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from scrutiny.doors import actor, public
from scrutiny.evidence import access, reading
from scrutiny.evidence.models import EvidenceFile
from scrutiny.evidence.readings import give_out
from scrutiny.file_reading.documents import Block
from scrutiny.file_reading.sandbox_lanes import CannotBeShown
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.whole_numbers import whole_or_none

blueprint = Blueprint("file_pages", __name__)


@dataclass(frozen=True, slots=True)
class FilePage:
    """One page of a file as it is read here; `why` says why it cannot be shown."""

    number: int
    last: int
    is_picture: bool = False
    text: str = ""
    blocks: tuple[Block, ...] = ()
    hides: bool = False
    why: str = ""


@blueprint.get("/evidence/files/<int:file_id>/read")
@public
def read(file_id: int) -> ResponseReturnValue:
    """One page of a file (?page=), with ways to the others."""
    by, at = actor(), now()
    file, found = access.file_to_read(file_id, by, london_day(at))
    if not reading.reads_by_page(file):
        abort(404)
    typed = request.args.get("page", "1").strip()
    wanted = whole_or_none(typed)
    page = _page(file, max(wanted or 1, 1))
    give_out([found], by, at=at, file=file, page=page.number)
    wrong = "" if wanted == page.number else gettext("Enter a page from 1 to %(last)s", last=page.last)
    return render_template(
        "evidence/read.html", file=file, lodging=found, page=page, typed=typed if wrong else page.number, wrong=wrong
    )


def _page(file: EvidenceFile, number: int) -> FilePage:
    """The page asked for, or the last where there are not so many."""
    last = file.stored.pages or 1 if reading.kind_of(file) == "pages" else 1
    try:
        if reading.is_document(file):
            found = reading.document_page(file, number)
            return FilePage(found.number, found.last, blocks=found.blocks, hides=found.hides)
        if reading.kind_of(file) == "text":
            words = reading.text_page(file, number)
            return FilePage(words.number, words.last, text=words.text)
        number = min(number, last)
        return FilePage(number, last, is_picture=True, text=reading.page_text(file, number))
    except CannotBeShown as refused:
        return FilePage(min(number, last), last, why=refused.sentence)
