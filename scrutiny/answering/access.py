"""The agency's doors to requests and items: find and permit in one call; another agency's is not there (404)."""

from __future__ import annotations

from datetime import date

from flask import abort
from sqlalchemy import select

from scrutiny.answering.queries import draft_of, earlier_answers, item, request_with_answers
from scrutiny.evidence.models import EvidenceFile
from scrutiny.extensions import db
from scrutiny.requests.models import Answer, EvidenceRequest, Extension, Item
from scrutiny.requests.queries import holders
from workflows.roles import CERTIFIER, Actor

#: States of a request its agency may know of; a draft is the asker's own.
KNOWN = ("issued", "withdrawn", "closed")


def request_to_answer(request_id: int, by: Actor, today: date) -> EvidenceRequest:
    """The request, for members of the agency asked, or of one that holds an item of it now."""
    request = request_with_answers(request_id)
    if request is None or by.agency is None or request.state not in KNOWN:
        abort(404)
    if by.agency != request.agency_id and by.agency not in holders(request, today).values():
        abort(404)
    if by.capacity.only and request.id not in by.capacity.only:
        abort(404)
    return request


def item_to_answer(item_id: int, by: Actor, today: date) -> Item:
    """The item, for members of the agency that holds it now."""
    found = item(item_id)
    if found is None:
        abort(404)
    request = request_to_answer(found.request_id, by, today)
    if holders(request, today)[found.id] != by.agency:
        abort(404)
    return found


def item_to_certify(item_id: int, by: Actor, today: date) -> Item:
    """The item, for the certifiers of its agency; its other members are told that they may not."""
    found = item_to_answer(item_id, by, today)
    check_approver(by)
    return found


def check_approver(by: Actor) -> None:
    """Members of an agency who may not approve its answers are told so."""
    if not by.has(CERTIFIER):
        abort(403)


def answer_to_reuse(found: Item, answer_id: int, by: Actor) -> Answer:
    """An earlier answer of the same agency to the same question."""
    if by.capacity.only:  # what the agency sent elsewhere is not theirs to see
        abort(404)
    agency = by.agency or 0
    answer = next((one for one in earlier_answers(found, agency, limit=100) if one.id == answer_id), None)
    if answer is None:
        abort(404)
    return answer


def file_to_remove(found: Item, file_id: int) -> EvidenceFile:
    """A file of the answer being written."""
    draft = draft_of(found)
    files = draft.lodging.evidence.files if draft is not None else []
    file = next((one for one in files if one.id == file_id), None)
    if file is None:
        abort(404)
    return file


def extension_to_take_back(extension_id: int, by: Actor, today: date) -> Extension:
    """More time asked for by this agency."""
    extension = db.session.get(Extension, extension_id)
    if extension is None:
        abort(404)
    request_to_answer(extension.request_id, by, today)
    return extension


def request_of_letter(reference: str, slug: str, by: Actor, today: date) -> EvidenceRequest:
    """The request named by the address in a letter, for members of the agency asked; for others there is none."""
    found = db.session.scalar(select(EvidenceRequest.id).where(EvidenceRequest.reference == f"{reference}/{slug}"))
    if found is None:
        abort(404)
    return request_to_answer(found, by, today)
