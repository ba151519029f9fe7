"""A review with evidence of the police before it, in every shape that can be cited, and people to cite it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from openpyxl import Workbook
from sqlalchemy import event

from scrutiny.accounts.models import Person
from scrutiny.agencies.models import Agency
from scrutiny.areas.models import Place
from scrutiny.bodies.models import Body
from scrutiny.bodies.queries import actor_of
from scrutiny.evidence import service as keeping
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.extensions import db
from scrutiny.findings import service
from scrutiny.findings.models import Finding
from scrutiny.reviews.models import Review
from scrutiny.reviews.service import open_review
from tests.conftest import NOW
from tests.lodged_files import add_file
from tests.scrutiny.evidence.naming import named
from workflows.roles import Actor

TODAY = date(2026, 3, 2)
WRITER = {"ofsted": "lead_inspector", "committee": "officer"}


def a_pdf(*pages: str) -> bytes:
    """A real PDF, one page for each text; a page without a text is a blank, as a scan is to a machine."""
    out, pdf = io.BytesIO(), pikepdf.new()
    for words in pages:
        page = pdf.add_blank_page(page_size=(300, 200))
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = pdf.make_stream(f"BT /F1 12 Tf 20 100 Td ({words}) Tj ET".encode() if words else b"")
    pdf.save(out)
    pdf.close()
    return out.getvalue()


def a_workbook() -> bytes:
    """A workbook of two sheets."""
    book, out = Workbook(), io.BytesIO()
    book.active.title = "Cases"
    for row in (("Month", "Missing"), ("January", 1204), ("February", 9.5)):
        book.active.append(row)
    book.create_sheet("Notes")["B2"] = "Counts were doubled in error until March"
    book.save(out)
    return out.getvalue()


@dataclass
class Scene:
    """The review and how to act in it."""

    cast: SimpleNamespace
    review: Review
    writer: str

    def actor(self, who: str) -> Actor:
        """One of the cast, as a page would name them."""
        return actor_of(db.session.get_one(Person, getattr(self.cast, who)), on=TODAY)

    @property
    def by(self) -> Actor:
        """Whoever writes findings for the body in the lead."""
        return self.actor(self.writer)

    def lodged(
        self, marking: str = "open", agency: str = "police", files: dict[str, bytes] | None = None, **words: str
    ) -> Lodging:
        """Evidence of an agency that has been sent, with files by name."""
        given = {"title": "Missing children", "text": "We found 12 patterns in 1,204 cases."} | words
        ground = "Paragraph 3: prices under negotiation" if marking == "exempt" else ""
        sender = {"police": "responder", "fire": "fire_responder"}[agency]
        lodging = keeping.lodge_draft(
            agency=db.session.get_one(Agency, getattr(self.cast, agency)),
            review=self.review,
            marking=marking,
            exempt_ground=ground,
            by=self.actor(sender),
            at=NOW,
            **given,
        )
        for name, content in (files or {}).items():
            add_file(lodging.evidence, name=name, content=content, by=self.actor(sender), at=NOW)
        keeping.lodge(lodging, by=self.actor(sender), at=NOW)
        return lodging

    def drafted(self, title: str = "Nobody counts the same way", **more: Any) -> Finding:
        """A finding under the first line of enquiry, without a citation."""
        given = {"text": "The agencies count in three ways.", "lines": self.review.open_lines[:1]} | more
        return service.draft_finding(self.review, title=title, by=self.by, at=NOW, **given)

    def proposed(self, title: str = "Nobody counts the same way", lodging: Lodging | None = None, **more: Any) -> Finding:
        """A finding that cites evidence of the police and is before the bodies."""
        finding = self.drafted(title, **more)
        service.cite(finding, lodging=lodging or self.lodged(), quotation="12 patterns", by=self.by, at=NOW)
        service.propose_finding(finding, by=self.by, at=NOW)
        return finding


def file_named(lodging: Lodging, name: str) -> EvidenceFile:
    """A file of a lodging."""
    return next(file for file in lodging.evidence.files if file.name == name)


def make_scene(cast: SimpleNamespace, method: str = "jtai", lead: str = "ofsted") -> Scene:
    """A review of Ashby: by the inspectorate with the care commission, or by the committee with the inspectorate."""
    found = {key: db.session.get_one(Body, getattr(cast, key)) for key in ("committee", "ofsted", "cqc")}
    by = actor_of(db.session.get_one(Person, getattr(cast, WRITER[lead])), on=TODAY)
    partners, observers = (["cqc"], ["committee"]) if lead == "ofsted" else (["ofsted"], [])
    review = open_review(
        title="Children who go missing",
        place=db.session.get_one(Place, cast.place),
        place_on=TODAY,
        method_key=method,
        lead=found[lead],
        partners=[found[key] for key in partners],
        observers=[found[key] for key in observers],
        starts_on=TODAY,
        announced_on=TODAY,
        by=by,
        at=NOW,
    )
    named(review, WRITER[lead])
    return Scene(cast, review, WRITER[lead])


@pytest.fixture
def scene(context: None, cast: SimpleNamespace) -> Scene:
    """The joint inspection most tests use, inside the test's own context (so never with a client)."""
    return make_scene(cast)


@pytest.fixture
def council_scene(context: None, cast: SimpleNamespace) -> Scene:
    """A committee's review, with the inspectorate as its partner."""
    return make_scene(cast, "council-task-and-finish", "committee")


@pytest.fixture
def area_scene(context: None, cast: SimpleNamespace) -> Scene:
    """An inspection whose method judges the whole area once."""
    return make_scene(cast, "area-send")


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SELECT statements sent while it lasts."""
    sent: list[str] = []

    def heard(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", heard)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", heard)


Make = Callable[..., Scene]
