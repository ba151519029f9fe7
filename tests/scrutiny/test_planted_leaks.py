"""Leaks planted in the product one at a time, as somebody might slip: the matrix must see each, or it proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, abort
from sqlalchemy import select

from scrutiny.agency_record import views as record_views
from scrutiny.editions import access as editions_access
from scrutiny.editions import published
from scrutiny.editions import queries as editions
from scrutiny.evidence import access as evidence_access
from scrutiny.evidence import restricting
from scrutiny.evidence.models import Lodging
from scrutiny.evidence.queries import lodging_with_files, lodgings_with_file
from scrutiny.extensions import db
from scrutiny.opendata import records, reviews_views
from scrutiny.reviews import access as reviews_access
from scrutiny.reviews.models import Review
from scrutiny.search import queries as search
from scrutiny.worklist import feed_days, pack
from tests.scrutiny.reviews.acting import acting
from tests.scrutiny.visibility_matrix import Address, addresses, look, stage
from tests.scrutiny.visibility_posts import forms_of, send_all
from tests.scrutiny.visibility_roles import wrongs
from tests.scrutiny.visibility_states import Scene

__all__ = ["stage"]
pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only("whether a leak is seen does not rest on the database")]
Patch = pytest.MonkeyPatch


@dataclass(frozen=True, slots=True)
class Leak:
    """One slip: how it is made, at which addresses it shows, to whom, and one of the words (or deeds) the matrix must name."""

    plant: Callable[[Patch], None]
    where: tuple[str, ...]  # endpoints, or addresses
    who: str
    seen: str


def _sent_is_open(patch: Patch) -> None:
    """Everything ever sent counts as published."""
    real = evidence_access._may
    patch.setattr(evidence_access, "_may", lambda *given: given[1].lodged_at is not None or real(*given))


def _drafts_are_open(patch: Patch) -> None:
    """A body reads what its agencies have only begun."""
    patch.setattr(evidence_access, "_may", lambda marking, lodging, by, today: by.body is not None)


def _any_file(patch: Patch) -> None:
    """Whoever has the number of a file gets it, its sheet and the picture of its pages."""

    def find(file_id: int, by: Any, today: Any) -> Any:
        return next((file, way) for way in lodgings_with_file(file_id) for file in way.evidence.files if file.id == file_id)

    patch.setattr(evidence_access, "file_to_read", find)


def _whole_api(patch: Patch) -> None:
    """The API lists whatever was lodged."""
    rows = select(Lodging).where(Lodging.lodged_at.is_not(None))
    patch.setattr(
        records, "lodged_readable", lambda review, by, today: [*db.session.scalars(rows.where(Lodging.review_id == review.id))]
    )
    patch.setattr(reviews_views, "files_to_read", lambda lodging, by, today: lodging.evidence.files)


def _another_agencys_zip(patch: Patch) -> None:
    """The zip of all an agency sent is the fire service's, whoever asks."""
    patch.setattr(record_views, "actor", lambda: acting("fire_responder"))


def _every_review_is_out(patch: Patch) -> None:
    """Tables and searches tell of reviews whether or not their report is out."""
    for module in (search, published):
        patch.setattr(module, "out_reviews", lambda: select(Review.id))


def _every_review_in_feeds(patch: Patch) -> None:
    """A calendar shows every review there is."""
    patch.setattr(feed_days, "reviews_of", lambda by, today: [*db.session.scalars(select(Review))])


def _pack_of_everything(patch: Patch) -> None:
    """The pack to be sent round quotes whatever its findings rest on."""

    class Everything:
        def __contains__(self, one: object) -> bool:
            return True

    everything = SimpleNamespace(lodgings=Everything(), files=Everything(), may_quote=lambda citation: True)
    patch.setattr(pack.access, "readable_in", lambda review, by, today: everything)
    patch.setattr(pack, "QUOTABLE", ("open", "exempt", "confidential", "personal"))


def _recalled_is_served(patch: Patch) -> None:
    """An edition that was withdrawn is still served, printed too."""

    def last(reference: str, number: int | None = None) -> Any:
        report = editions.report_called(reference) or abort(404)
        return report.editions[-1]

    patch.setattr(editions_access, "released", last)


def _unannounced_is_public(patch: Patch) -> None:
    """The page of a review for everybody forgets the day it is announced."""
    patch.setattr(reviews_access, "is_announced", lambda review, today: True)


def _anybody_restricts(patch: Patch) -> None:
    """The form by which an answer is made stricter or erased does not ask whose it is."""
    patch.setattr(evidence_access, "lodging_to_restrict", lambda lodging_id, by, today: lodging_with_files(lodging_id))
    patch.setattr(restricting, "_decides_on", lambda evidence, by: True)


def _every_body_runs(patch: Patch) -> None:
    """Whoever acts for a body runs every review."""
    patch.setattr(reviews_access, "may_run", lambda review, by: by.body is not None)


LEAKS = {
    "a returned answer on its page": Leak(_sent_is_open, ("evidence.lodging",), "anyone", "state returned"),
    "a superseded answer on its page": Leak(_sent_is_open, ("evidence.lodging",), "anyone", "state superseded"),
    "an answer said to be wrong": Leak(_sent_is_open, ("evidence.lodging",), "officer", "state wrong"),
    "a draft with the approver": Leak(_drafts_are_open, ("evidence.lodging",), "officer", "police certify"),
    "a table by its number": Leak(_any_file, ("evidence.sheet",), "stranger", "state taken back cell"),
    "a file by its number": Leak(_any_file, ("evidence.download",), "anyone", "state restricted csv"),
    "the picture of a page": Leak(_any_file, ("evidence.page",), "stranger", "reported exempt pdf"),
    "answers in the API": Leak(_whole_api, ("published.evidence",), "anyone", "state file replaced"),
    "the name of a file in the API": Leak(_whole_api, ("published.evidence",), "anyone", "state withdrawn csv"),
    "the zip of an agency": Leak(_another_agencys_zip, ("agency_record.as_zip",), "responder", "state withdrawn cell"),
    "the table of an agency": Leak(_another_agencys_zip, ("agency_record.as_csv",), "stranger", "hidden meeting about"),
    "a search": Leak(_every_review_is_out, ("/find?q=zqr", "/api/v1/search?q=zqr"), "anyone", "recalled recommendation"),
    "the table of recommendations": Leak(
        _every_review_is_out, ("tables.recommendations_csv",), "anyone", "recalled recommendation"
    ),
    "a calendar": Leak(_every_review_in_feeds, ("feeds.feed",), "partner_inspector", "planned title"),
    "the pack as a document": Leak(_pack_of_everything, ("pack.pack_word",), "lead_inspector", "announced confidential"),
    "a withdrawn report": Leak(_recalled_is_served, ("editions.data",), "anyone", "recalled summary"),
    "a withdrawn report in print": Leak(_recalled_is_served, ("editions.pdf",), "anyone", "recalled summary"),
    "an unannounced review": Leak(_unannounced_is_public, ("public.announced",), "anyone", "hidden title"),
}
FORMS = {
    "an answer erased by another agency": Leak(_anybody_restricts, ("restricting.erase_words",), "responder", "evidence_erased"),
    "an answer restricted by a partner": Leak(_anybody_restricts, ("restricting.restrict",), "inspector", "evidence_marked"),
    "an item withdrawn by a partner": Leak(_every_body_runs, ("asking.withdraw_item",), "lead_inspector", "item_withdrawn"),
}


@pytest.fixture(scope="module")
def asked(stage: tuple[Flask, Scene]) -> list[Address]:
    """Every address."""
    app, _ = stage
    with app.app_context():
        return addresses(app)


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS.keys())
def test_the_matrix_sees_a_planted_leak(stage: tuple[Flask, Scene], asked: list[Address], leak: Leak) -> None:
    app, scene = stage
    touched = [one for one in asked if {one[0], one[1]} & {*leak.where}]
    with pytest.MonkeyPatch.context() as patch:
        leak.plant(patch)
        matrix = look(app, scene, [leak.who], touched, feeds="feeds.feed" in leak.where)
    found = matrix.leaks()
    assert any(one.startswith(f"{leak.who} reads “{leak.seen}” ") for one in found), found


@pytest.mark.parametrize("leak", FORMS.values(), ids=FORMS.keys())
def test_the_matrix_sees_a_form_without_its_check(stage: tuple[Flask, Scene], leak: Leak) -> None:
    app, scene = stage
    with app.app_context():
        touched = [one for one in forms_of(app, scene) if one[0] in leak.where]
    with pytest.MonkeyPatch.context() as patch:
        leak.plant(patch)
        trial = send_all(app, [leak.who], touched)
    with app.app_context():
        found = wrongs(trial.deeds)
    assert any(one.startswith(f"{leak.who} did {leak.seen} ") for one in found), found
