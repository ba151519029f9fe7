"""The burden ledger for anyone: who asks how much of whom; and of one agency, which sees all of its own."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from scrutiny.agencies.queries import kind_label
from scrutiny.burden import access, pages, words
from scrutiny.burden.ledger import peers_of
from scrutiny.burden.queries import next_due
from scrutiny.doors import actor, public
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.rules.queries import rules
from workflows.burden_rates import CONFIDENCES

blueprint = Blueprint("burden", __name__)


@blueprint.get("/burden")
@public
def everybody() -> ResponseReturnValue:
    """Who asks how much of whom, as far as the reader may see it."""
    return render_template("burden/ledger.html", page=pages.page_of(), words=words)


@blueprint.get("/burden.<any(csv, json):form>")
@public
def everybody_file(form: str) -> ResponseReturnValue:
    """The same as a file."""
    return pages.file_of(pages.page_of(), form, "")


@blueprint.get("/agencies/<int:agency_id>/burden")
@public
def of_agency(agency_id: int) -> ResponseReturnValue:
    """What one agency is asked, what it adds up to, and how that stands beside others of its kind."""
    agency = access.agency_to_count(agency_id)
    page, own = pages.page_of(agency=agency.id, way="body"), access.is_own(agency.id, actor())
    peers = peers_of(agency, page.found.period, london_day(now()))
    return render_template(
        "burden/agency.html",
        agency=agency,
        page=page,
        own=own,
        due=next_due(agency.id) if own else [],
        peers=words.peers_words(peers, kind_label(agency.kind), rules().burden.least_peers),
        words=words,
    )


@blueprint.get("/agencies/<int:agency_id>/burden.<any(csv, json):form>")
@public
def of_agency_file(agency_id: int, form: str) -> ResponseReturnValue:
    """The same as a file."""
    agency = access.agency_to_count(agency_id)
    return pages.file_of(pages.page_of(agency=agency.id, way="body"), form, agency.name)


@blueprint.get("/burden/how")
@public
def how() -> ResponseReturnValue:
    """How burden is counted: what each word means, and the estimates with their sources."""
    return render_template("burden/how.html", rates=rules().burden, words=words, kind_label=kind_label, confidences=CONFIDENCES)
