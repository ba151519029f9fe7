"""`flask reviews open`: a review with its drafts, in one transaction."""

from __future__ import annotations

import json
import re
import sys
from datetime import date, datetime
from typing import Any

import click
from flask.cli import AppGroup

from scrutiny import legal_words
from scrutiny.areas.queries import area_on
from scrutiny.areas.service import place_of
from scrutiny.asking.adds import Added, added_by, added_sentence
from scrutiny.asking.drafting import draft_requests
from scrutiny.bodies.models import Body
from scrutiny.bodies.queries import body as find_body
from scrutiny.days import DAY
from scrutiny.formats import london_day, plural
from scrutiny.pages import now
from scrutiny.place_lookup.place_input import codes_of
from scrutiny.requests.legal_basis import request_basis
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.models import Review
from scrutiny.reviews.service import open_review
from scrutiny.rules.queries import methods as methods_here
from scrutiny.transaction import run
from workflows.legal_basis import LegalBasis
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

#: What an official code of an area looks like.
OFFICIAL = re.compile(r"[A-Z]\d{8}")
reviews = AppGroup("reviews", help="Reviews of places.")


@reviews.command("open")
@click.option("--method", required=True, help="The key of a method, such as council-task-and-finish.")
@click.option("--place", required=True, help="The name, postcode or code of an area, or several with commas.")
@click.option("--body", "slug", required=True, help="The slug of the body in the lead.")
@click.option("--partner", "partners", multiple=True, help="The slug of a partner body; may be repeated.")
@click.option("--title", help="What the review is called.")
@click.option("--on", type=DAY, help="The day it starts and whose boundaries it is read with.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def open_(
    method: str, place: str, slug: str, partners: tuple[str, ...], title: str | None, on: date | None, as_json: bool
) -> None:
    """Open a review of a place and draft a request for every agency that answers for it."""
    at = now()
    try:
        said = run(lambda: _as_json(*_open(method, place, slug, partners, title, on or london_day(at), at)))
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    for draft in said["requests"]:
        click.echo(f"{draft['agency']}: {draft['adds_words']}", err=True)
        for warning in draft["warnings"]:
            click.echo(f"{draft['agency']}: {warning}", err=True)
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo(f"{said['review']} is open, with {plural(len(said['requests']), 'draft request')}")


def _open(
    method: str, codes: str, slug: str, partners: tuple[str, ...], title: str | None, on: date, at: datetime
) -> tuple[Review, list[EvidenceRequest]]:
    """The review and its drafts."""
    areas = [area_on(code, on) for code in _codes(codes, on)]
    place = place_of(areas, at=at)
    known = methods_here().get(method)
    review = open_review(
        title=title or f"{place.name}: {known.title if known else method}",
        place=place,
        place_on=on,
        method_key=method,
        lead=_body(slug),
        partners=[_body(one) for one in partners],
        starts_on=on,
        by=OPERATOR_ACTOR,
        at=at,
    )
    return review, draft_requests(review, by=OPERATOR_ACTOR, at=at)


def _codes(text: str, on: date) -> list[str]:
    """The codes of a place as typed: codes as they stand, for their refusals say most; else names and postcodes."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return parts if parts and all(OFFICIAL.fullmatch(part.upper()) for part in parts) else codes_of(text, on)


def _body(slug: str) -> Body:
    """The body with a slug, or a refusal."""
    found = find_body(slug)
    if found is None:
        raise Refused(f"There is no body called {slug}: add it with flask bodies load, or write the slug of one that is there")
    return found


def _as_json(review: Review, drafts: list[EvidenceRequest]) -> dict[str, Any]:
    """What was opened, as the interface promises."""
    added = added_by(review, drafts, by=OPERATOR_ACTOR, today=london_day(now()))
    return {
        "review": review.reference,
        "requests": [
            {"id": draft.id, "reference": draft.reference, "agency": draft.agency.name}
            | _law_of(request_basis(draft))
            | _added_of(added[draft.slug])
            for draft in drafts
        ],
    }


def _added_of(added: Added) -> dict[str, object]:
    """What a draft adds to its agency."""
    return {
        "adds": {"questions": added.questions, "minutes": added.minutes, "held": added.held},
        "others": {"bodies": added.bodies, "questions": added.others},
        "adds_words": added_sentence(added),
    }


def _law_of(basis: LegalBasis) -> dict[str, Any]:
    """What the law says of a draft, for the operator: how sure we are of it, and what to mind, among it."""
    return {
        "duty": legal_words.duty_words(basis),
        "law": basis.law,
        "how_sure": legal_words.how_sure(basis.chief) if basis.chief else "",
        "beside": legal_words.beside_sentences(basis),
        "warnings": [legal_words.caution_sentence(caution) for caution in basis.cautions],
    }
