"""Evidence drafted, marked, lodged, granted and erased."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pikepdf
import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from scrutiny.adapters import fitted
from scrutiny.audit.models import AuditEntry
from scrutiny.evidence import access, queries, reading, service
from scrutiny.evidence.jobs import erase_expired_files
from scrutiny.evidence.models import EvidenceFile
from scrutiny.extensions import db
from scrutiny.file_reading.workbooks import Cell
from scrutiny.stored_files import stored
from scrutiny.stored_files.models import StoredFile
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.lodged_files import add_file
from tests.scrutiny.evidence.conftest import join
from workflows.refusals import Refused
from workflows.roles import ANYONE


def a_pdf(words: str = "Nothing", pages: int = 2) -> bytes:
    """A real PDF of some pages, each saying the words and its number."""
    out, pdf = io.BytesIO(), pikepdf.new()
    for n in range(1, pages + 1):
        page = pdf.add_blank_page(page_size=(300, 200))
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = pdf.make_stream(f"BT /F1 12 Tf 20 100 Td ({words} {n}) Tj ET".encode())
    pdf.save(out)
    pdf.close()
    return out.getvalue()


def a_workbook() -> bytes:
    """A workbook of two sheets."""
    book, out = Workbook(), io.BytesIO()
    book.active.title = "Cases"
    for row in (("Month", "Missing"), ("January", 12), ("February", 9.5)):
        book.active.append(row)
    book.create_sheet("Notes")["B2"] = "See page 3"
    book.save(out)
    return out.getvalue()


def add(scene, lodging, name="report.pdf", content=None, marking="open", **more) -> EvidenceFile:
    """Add a file as the responder."""
    by = scene.actor("responder")
    return add_file(
        lodging.evidence, name=name, content=a_pdf() if content is None else content, marking=marking, by=by, at=NOW, **more
    )


def test_a_draft_is_sent_once_and_then_never_changes(scene):
    lodging, by = scene.draft(), scene.actor("responder")
    service.revise(lodging, text="We found 13 patterns.", figures="Patterns: 13", by=by, at=NOW)
    digest = lodging.evidence.digest
    service.lodge(lodging, by=by, at=NOW)
    assert lodging.lodged_at == NOW
    with pytest.raises(Refused, match="sent already"):
        service.revise(lodging, text="We found none.", by=by, at=NOW)
    with pytest.raises(Refused, match="sent already"):
        add(scene, lodging)
    assert lodging.evidence.digest == digest


def test_an_empty_answer_is_not_sent(scene):
    with pytest.raises(Refused, match="nothing in this answer"):
        service.lodge(scene.draft(text=" "), by=scene.actor("responder"), at=NOW)


def test_figures_that_cannot_be_read_are_refused_by_their_line_when_they_are_sent(scene):
    lodging = scene.draft(figures="Referrals: 12\nVisits: many")
    assert lodging.evidence.figures == "Referrals: 12\nVisits: many", "a draft holds what was typed"
    with pytest.raises(Refused, match="Line 2: put a number after the colon"):
        service.lodge(lodging, by=scene.actor("responder"), at=NOW)


def test_a_file_is_inspected_counted_and_kept_once(scene):
    lodging = scene.draft()
    file = add(scene, lodging, "../../etc/\u202efdp.report.pdf", a_pdf(pages=3))
    assert file.name == "fdp.report.pdf"
    assert (file.stored.pages, file.stored.media_type) == (3, "application/pdf")
    assert fitted.files().read(file.sha256) == a_pdf(pages=3) or fitted.files().exists(file.sha256)
    assert add(scene, lodging, "cases.xlsx", a_workbook()).stored.pages == 2
    with pytest.raises(Refused, match="the two are the same file"):
        add(scene, lodging, "again.xlsx", fitted.files().read(lodging.evidence.files[1].sha256))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("tool.exe", b"MZ" + b"\0" * 100, "cannot be taken"),
        ("report.pdf", b"", "is empty"),
        ("report.pdf", b"<html><script>alert(1)</script></html>", "is not a PDF"),
        ("report.pdf", a_pdf()[:300], "is cut short: its end is missing"),
        ("big.csv", b"a,b\n" * 1_250_001, "Choose a file smaller than 5MB"),
    ],
)
def test_a_bad_file_gets_a_plain_sentence_and_nothing_is_kept(scene, name, content, sentence):
    lodging = scene.draft()
    before = sum(1 for _ in fitted.files().all_kept())
    with pytest.raises(Refused, match=sentence):
        add(scene, lodging, name, content)
    assert sum(1 for _ in fitted.files().all_kept()) == before
    assert not lodging.evidence.files
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_two_agencies_with_the_same_bytes_share_them_and_neither_is_told(scene):
    mine, theirs = scene.draft(), scene.draft(agency="fire")
    content = a_pdf("Shared")
    first = add(scene, mine, content=content)
    second = add_file(theirs.evidence, name="other.pdf", content=content, by=scene.actor("fire_responder"), at=NOW)
    assert first.sha256 == second.sha256
    assert (second.name, second.warnings) == ("other.pdf", first.warnings)
    service.remove_file(first, by=scene.actor("responder"), at=NOW)
    assert stored.unused() == []
    service.remove_file(second, by=scene.actor("fire_responder"), at=NOW)
    assert stored.unused() == [second.sha256]


def test_exempt_needs_its_ground_and_personal_a_method_that_may_hold_it(scene_of):
    scene = scene_of("council-task-and-finish", "committee", ())
    by = scene.actor("responder")
    with pytest.raises(Refused, match="may not hold anything in which people could be recognised"):
        scene.draft("personal")
    lodging = scene.draft("exempt")
    lodging.exempt_ground = ""
    with pytest.raises(Refused, match="Schedule 12A"):
        service.lodge(lodging, by=by, at=NOW)


def test_only_its_agency_may_let_more_people_see_what_it_sent(scene):
    lodging = scene.lodged("exempt")
    with pytest.raises(Refused, match="ask the agency"):
        service.mark(lodging, "open", by=scene.actor("lead_inspector"), at=NOW)
    service.mark(lodging, "confidential", by=scene.actor("lead_inspector"), at=NOW)
    service.mark(lodging, "open", by=scene.actor("responder"), at=NOW)
    assert (lodging.marking, lodging.exempt_ground) == ("open", "")


def test_a_grant_is_for_a_named_person_of_a_partner_and_never_a_councillor(scene):
    lodging, by = scene.lodged("confidential"), scene.actor("lead_inspector")
    given = service.grant(lodging, scene.person("partner_inspector"), "Works on this case", by=by, at=NOW)
    assert queries.grant_of(lodging, scene.cast.partner_inspector) is given
    with pytest.raises(Refused, match="belongs to no body"):
        service.grant(lodging, scene.person("fire_responder"), "Asked", by=by, at=NOW)
    with pytest.raises(Refused, match="belongs to no body"):
        service.grant(lodging, scene.person("councillor"), "Asked", by=by, at=NOW)
    with pytest.raises(Refused, match="Everybody of the bodies"):
        service.grant(scene.lodged(title="Open"), scene.person("partner_inspector"), "Asked", by=by, at=NOW)
    with pytest.raises(Refused, match="Only the people named for this review"):
        service.grant(scene.lodged("personal"), scene.person("partner_inspector"), "Asked", by=by, at=NOW)


def test_a_councillor_of_a_partner_is_refused_a_grant(scene):
    join(scene, "partner_inspector", "cqc", "councillor")
    person, by = scene.person("partner_inspector"), scene.actor("lead_inspector")
    with pytest.raises(Refused, match="councillor of a partner body"):
        service.grant(scene.lodged("confidential"), person, "Case", by=by, at=NOW)


def test_personal_files_are_kept_until_their_day_and_then_only_their_digest(scene):
    lodging = scene.draft("personal")
    file = add(scene, lodging, marking="personal", content=a_pdf("Case"))
    service.lodge(lodging, by=scene.actor("responder"), at=NOW)
    service.count_from_report(scene.review, reported_on=date(2026, 7, 1), by=scene.actor("lead_inspector"), at=NOW)
    assert file.keep_until == date(2026, 7, 1) + timedelta(days=queries.kept_days(scene.review))
    sha256, file_id, day = file.sha256, file.id, file.keep_until
    commit()
    moment = NOW.replace(year=day.year, month=day.month, day=day.day)
    assert erase_expired_files(at=moment).startswith("0 files erased")
    assert erase_expired_files(at=moment + timedelta(days=1)).startswith("1 files erased, 1 sets of bytes dropped")
    file = db.session.get_one(EvidenceFile, file_id)
    assert file.sha256 == sha256
    assert "as the method of the review says" in file.erased_why
    assert not fitted.files().exists(sha256)
    with pytest.raises(Refused, match="was erased"):
        reading.content_of(file)
    assert erase_expired_files(at=moment + timedelta(days=1)).startswith("0 files erased, 0")


def test_bytes_another_agency_still_uses_outlive_an_erasure(scene):
    content = a_pdf("Shared still")
    personal, other = scene.draft("personal"), scene.draft(agency="fire")
    file = add(scene, personal, marking="personal", content=content)
    add_file(other.evidence, name="o.pdf", content=content, by=scene.actor("fire_responder"), at=NOW)
    file.keep_until = NOW.date() - timedelta(days=1)
    sha256 = file.sha256
    commit()
    assert erase_expired_files(at=NOW) == "1 files erased, 0 sets of bytes dropped"
    assert fitted.files().exists(sha256)


def test_a_summary_counts_once_its_agency_agrees(scene):
    lodging = scene.lodged("exempt")
    service.summarise(lodging, "Prices rose.", by=scene.actor("lead_inspector"), at=NOW)
    assert queries.not_open([lodging.id]) == [lodging]
    with pytest.raises(Refused, match="Only the agency"):
        service.agree_summary(lodging, by=scene.actor("lead_inspector"), at=NOW)
    with pytest.raises(Refused, match="send it to the approver"):
        service.agree_summary(lodging, by=scene.actor("responder"), at=NOW)
    service.agree_summary(lodging, by=scene.actor("certifier"), at=NOW)
    assert queries.not_open([lodging.id]) == []


def test_only_what_is_open_and_lodged_becomes_public(scene):
    lodgings = [scene.lodged(title="a"), scene.lodged("exempt", title="b"), scene.draft(title="c")]
    service.make_public(lodgings, by=scene.actor("lead_inspector"), at=NOW)
    assert [lodging.public_from for lodging in lodgings] == [NOW, None, None]


def test_a_report_brings_forward_a_day_that_is_set_for_later(scene):
    later, before = scene.lodged(title="a"), scene.lodged(title="b")
    lead = scene.actor("lead_inspector")
    service.publish_from([later], NOW.date() + timedelta(days=5), by=lead, at=NOW)
    service.make_public([before], by=lead, at=NOW - timedelta(days=2))
    service.make_public([later, before], by=lead, at=NOW)
    assert [later.public_from, before.public_from] == [NOW, NOW - timedelta(days=2)]
    assert access.may_read(later, ANYONE, NOW.date())


def test_the_same_evidence_is_lodged_again_by_pointing_to_it(scene, scene_of):
    old = scene.lodged()
    other = scene_of("council-task-and-finish", "committee", ())
    again = service.lodge_again(old.evidence, other.review, marking="open", by=scene.actor("responder"), at=NOW)
    assert again.evidence_id == old.evidence_id
    assert again.lodged_at is None
    assert not service.may_revise(again)
    assert service.lodge_again(old.evidence, other.review, marking="open", by=scene.actor("responder"), at=NOW) is again


def test_what_was_returned_begins_again_with_its_files(scene):
    old = scene.draft(figures="Cases: 4")
    file = add(scene, old)
    service.lodge(old, by=scene.actor("responder"), at=NOW)
    fresh = service.copy_draft(old, by=scene.actor("responder"), at=NOW)
    assert (fresh.lodged_at, fresh.evidence.figures) == (None, "Cases: 4")
    assert [one.sha256 for one in fresh.evidence.files] == [file.sha256]
    assert fresh.evidence_id != old.evidence_id


def test_the_trail_holds_digests_and_no_words(scene):
    lodging = scene.draft(text="A child called Alys")
    service.lodge(lodging, by=scene.actor("responder"), at=NOW)
    commit()
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.about == f"lodging:{lodging.id}").order_by(AuditEntry.number))
    found = list(rows)
    assert [row.event for row in found] == ["evidence_drafted", "evidence_lodged"]
    assert "Alys" not in str([row.fields for row in found])


def test_a_page_can_be_read_as_picture_and_text_and_a_sheet_as_rows(scene):
    lodging = scene.draft()
    pdf, book = add(scene, lodging, content=a_pdf("Twelve patterns")), add(scene, lodging, "cases.xlsx", a_workbook())
    csv = add(scene, lodging, "cases.csv", b"Month,Missing\nJanuary,12\n")
    assert reading.page_png(pdf, 2).startswith(b"\x89PNG")
    assert reading.page_text(pdf, 2) == "Twelve patterns 2"
    with pytest.raises(Refused, match="there is no page 3"):
        reading.page_text(pdf, 3)
    sheet = reading.sheet_rows(book)
    assert (sheet.names, sheet.columns, sheet.rows[1]) == (("Cases", "Notes"), ("A", "B"), (2, ("January", "12")))
    assert reading.cell_of(book, "Notes", "b2") == ("Notes", Cell("See page 3"))
    assert reading.cell_of(book, "", "B9") == ("Cases", Cell(""))
    assert reading.sheet_rows(csv).rows[1] == (2, ("January", "12"))
    assert [reading.kind_of(one) for one in (pdf, book, csv)] == ["pages", "sheet", "sheet"]
