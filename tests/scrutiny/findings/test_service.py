"""Findings drafted, cited, proposed and settled; nothing stands before the bodies without evidence beneath it."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import select

from scrutiny.audit.models import AuditEntry
from scrutiny.evidence import erasing, reading
from scrutiny.extensions import db
from scrutiny.findings import queries, service
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.scrutiny.agreement.agreeing import agreed
from tests.scrutiny.findings import replying
from tests.scrutiny.findings.conftest import Scene, a_pdf, a_workbook, file_named, make_scene
from workflows.refusals import Refused, Stale

CITED = {"by": None, "at": NOW}


def test_a_citation_of_the_written_answer_pins_its_digest(scene: Scene) -> None:
    finding, lodging = scene.drafted(), scene.lodged()
    made = service.cite(finding, lodging=lodging, quotation="12 patterns in\n1,204 cases", by=scene.by, at=NOW)
    assert (made.number, made.sha256, made.by_eye) == (1, lodging.evidence.digest, False)
    with pytest.raises(Refused, match="not in the written answer"):
        service.cite(finding, lodging=lodging, quotation="13 patterns", by_eye=True, by=scene.by, at=NOW)


def test_a_page_of_a_pdf_is_read_before_it_is_cited(scene: Scene) -> None:
    content = a_pdf("We were told nothing", "Three children in ten")
    lodging = scene.lodged(files={"minutes.pdf": content})
    finding, file = scene.drafted(), file_named(lodging, "minutes.pdf")
    where = {"lodging": lodging, "file": file, "by": scene.by, "at": NOW}
    made = service.cite(finding, page=2, quotation="children in  ten", **where)
    assert (made.page, made.cell, made.sha256, made.by_eye) == (2, "", hashlib.sha256(content).hexdigest(), False)
    with pytest.raises(Refused, match="Enter the page that the words are on"):
        service.cite(finding, quotation="children in ten", **where)
    with pytest.raises(Refused, match="there is no page 3"):
        service.cite(finding, page=3, quotation="children in ten", **where)
    with pytest.raises(service.NotFoundThere, match=r"on page 1 of “minutes.pdf”.*by eye"):
        service.cite(finding, page=1, quotation="children in ten", **where)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_the_words_of_a_text_are_read_as_its_sender_was_told(scene: Scene, encoding: str) -> None:
    words = "The council’s spend rose to £1,200 – up 4% on last year’s. Café closed.\r\n"
    lodging = scene.lodged(files={"spend.txt": words.encode(encoding)})
    finding, file = scene.drafted(), file_named(lodging, "spend.txt")
    assert reading.plain_text(file) == words
    made = service.cite(finding, lodging=lodging, file=file, quotation="rose to £1,200 – up 4%", by=scene.by, at=NOW)
    assert not made.by_eye


def test_a_scan_is_cited_only_by_somebody_who_has_looked(scene: Scene) -> None:
    lodging = scene.lodged(files={"scan.pdf": a_pdf("")})
    finding, file = scene.drafted(), file_named(lodging, "scan.pdf")
    with pytest.raises(service.NotFoundThere, match="scan or a picture"):
        service.cite(finding, lodging=lodging, file=file, page=1, quotation="Signed", by=scene.by, at=NOW)
    made = service.cite(finding, lodging=lodging, file=file, page=1, quotation="Signed", by_eye=True, by=scene.by, at=NOW)
    assert made.by_eye


def test_a_cell_of_a_workbook_holds_what_is_quoted(scene: Scene) -> None:
    lodging = scene.lodged(files={"cases.xlsx": a_workbook()})
    finding, file = scene.drafted(), file_named(lodging, "cases.xlsx")
    where = {"lodging": lodging, "file": file, "by": scene.by, "at": NOW}
    assert service.cite(finding, cell="b2", quotation="1204", **where).cell == "Cases!B2"
    assert service.cite(finding, cell="Notes!$B$2", quotation="doubled in error", **where).cell == "Notes!B2"
    for cell, said in (("Cases!B3", "holds “9.5”"), ("Cases!Z9", "is empty"), ("", "like Sheet1!B7"), ("None!A1", "no sheet")):
        with pytest.raises(Refused, match=said):
            service.cite(finding, cell=cell, quotation="1204", by_eye=True, **where)


def test_a_table_of_values_is_cited_by_its_cell(scene: Scene) -> None:
    lodging = scene.lodged(files={"cases.csv": b"month,missing\nJanuary,12\n"})
    where = {"lodging": lodging, "file": file_named(lodging, "cases.csv"), "by": scene.by, "at": NOW}
    assert service.cite(scene.drafted(), cell="B2", quotation="12", **where).cell == "B2"


def test_only_what_was_sent_here_and_may_be_read_is_cited(scene: Scene, cast) -> None:
    finding = scene.drafted()
    personal = scene.lodged("personal")
    with pytest.raises(Refused, match="that you may read"):
        service.cite(finding, lodging=personal, quotation="12 patterns", by=scene.actor("partner_inspector"), at=NOW)
    elsewhere = make_scene(cast).lodged()
    with pytest.raises(Refused, match="of this review"):
        service.cite(finding, lodging=elsewhere, quotation="12 patterns", by=scene.by, at=NOW)
    other = scene.lodged(files={"a.pdf": a_pdf("Told")})
    with pytest.raises(Refused, match="of this review"):
        service.cite(finding, lodging=personal, file=file_named(other, "a.pdf"), page=1, quotation="Told", by=scene.by, at=NOW)


def test_an_erased_file_is_cited_no_longer_but_its_citation_stays(scene: Scene) -> None:
    lodging = scene.lodged(files={"a.pdf": a_pdf("Told")})
    file, finding = file_named(lodging, "a.pdf"), scene.drafted()
    where = {"lodging": lodging, "file": file, "page": 1, "quotation": "Told", "by": scene.by, "at": NOW}
    kept = service.cite(finding, **where)
    erasing.erase_file(file, "Kept long enough", by=scene.by, at=NOW)
    with pytest.raises(Refused, match="has been erased"):
        service.cite(finding, **where)
    assert finding.citations == [kept]


@pytest.mark.parametrize("older", [False, True])
def test_erased_words_go_from_their_own_agencys_extracts_only(scene: Scene, older: bool) -> None:
    """The fire service said the same in the same words: what it was shown of its own evidence is not the police's to erase."""
    gone, finding = scene.lodged(), scene.drafted()
    for lodging in (gone, scene.lodged(agency="fire")):
        service.cite(finding, lodging=lodging, quotation="12 patterns", by=scene.by, at=NOW)
    service.propose_finding(finding, by=scene.by, at=NOW)
    checks = service.start_accuracy_check(scene.review, by=scene.by, at=NOW)
    extracts = {check.agency_id: extract for check in checks for extract in check.extracts}
    if older:  # as they were kept before they said from which lodging
        for extract in extracts.values():
            extract.quotations = [{key: quoted[key] for key in quoted if key != "lodging"} for quoted in extract.quotations]
    erasing.erase_words(gone, "A child is named", by=scene.by, at=NOW)
    shown = {agency: [quoted["quotation"] for quoted in extract.quotations] for agency, extract in extracts.items()}
    assert shown == {gone.evidence.agency_id: [""], scene.cast.fire: ["12 patterns"]}
    assert [citation.quotation for citation in finding.citations] == ["", "12 patterns"]


def test_erased_words_of_one_lodging_stay_where_another_of_the_agency_says_them(scene: Scene) -> None:
    gone, finding = scene.lodged(), scene.drafted()
    for lodging in (gone, scene.lodged(title="Missing children, again")):
        service.cite(finding, lodging=lodging, quotation="12 patterns", by=scene.by, at=NOW)
    service.propose_finding(finding, by=scene.by, at=NOW)
    [check] = service.start_accuracy_check(scene.review, by=scene.by, at=NOW)
    erasing.erase_words(gone, "A child is named", by=scene.by, at=NOW)
    assert [quoted["quotation"] for quoted in check.extracts[0].quotations] == ["", "12 patterns"]


def test_a_finding_says_what_it_lacks_and_is_not_proposed_before(scene: Scene) -> None:
    finding = scene.drafted(text="", lines=[])
    assert [words.split(":")[0] for words in service.lacking(finding)] == [
        "It says nothing yet",
        "Choose at least one line of enquiry",
        "It rests on no evidence",
    ]
    with pytest.raises(Refused, match=r"cannot be proposed.*rests on no evidence"):
        service.propose_finding(finding, by=scene.by, at=NOW)
    finding = scene.drafted()
    with pytest.raises(Refused, match="rests on no evidence"):
        service.propose_finding(finding, by=scene.by, at=NOW)
    service.cite(finding, lodging=scene.lodged(), quotation="12 patterns", by=scene.by, at=NOW)
    service.propose_finding(finding, by=scene.by, at=NOW)
    assert finding.state == "proposed"


@pytest.mark.parametrize(
    ("who", "deeds"),
    [
        ("inspector", {"propose", "take_back"}),
        ("lead_inspector", {"propose", "take_back", "settle", "reopen", "withdraw"}),
        ("partner_inspector", {"propose", "settle"}),  # a finding of another body is not theirs to undo
        ("responder", set()),
        ("administrator", set()),
    ],
)
def test_each_move_is_for_those_the_table_names(scene: Scene, who: str, deeds: set[str]) -> None:
    steps = {
        "propose": service.propose_finding,
        "take_back": service.take_back_finding,
        "settle": service.settle_finding,
        "reopen": service.reopen_finding,
        "withdraw": service.withdraw_finding,
    }
    starts = {"propose": "drafted", "take_back": "proposed", "settle": "proposed", "reopen": "settled", "withdraw": "proposed"}
    finding, done = agreed(scene.proposed()), set()
    replying.waived(scene.review, by=scene.by)
    for name, deed in steps.items():
        finding.state = starts[name]
        try:
            deed(finding, *(("A figure is wrong",) if name in service.ASKED_WHY else ()), by=scene.actor(who), at=NOW)
            done.add(name)
        except Refused:
            assert finding.state == starts[name]
    assert done == deeds


def test_what_is_proposed_keeps_a_citation_and_what_is_settled_keeps_all(scene: Scene) -> None:
    finding, lodging = scene.proposed(), scene.lodged()
    with pytest.raises(Refused, match="at least one citation"):
        service.uncite(finding.citations[0], by=scene.by, at=NOW)
    service.cite(finding, lodging=lodging, quotation="1,204 cases", by=scene.by, at=NOW)
    service.uncite(finding.citations[0], by=scene.by, at=NOW)
    assert [one.number for one in finding.citations] == [2]
    replying.waived(scene.review, by=scene.by)
    service.settle_finding(agreed(finding), by=scene.by, at=NOW)
    with pytest.raises(Refused, match="reopen it"):
        service.cite(finding, lodging=lodging, quotation="12 patterns", by=scene.by, at=NOW)
    with pytest.raises(Refused, match="reopen it"):
        service.revise_finding(finding, title="T", text="x", lines=finding.lines, seen=None, by=scene.by, at=NOW)


def test_the_second_of_two_writers_is_told(scene: Scene) -> None:
    finding = scene.drafted()
    commit()
    seen = finding.version
    words = {"title": "New", "lines": finding.lines, "by": scene.by, "at": NOW}
    service.revise_finding(finding, text="First", seen=seen, **words)
    with pytest.raises(Stale):
        service.revise_finding(finding, text="Second", seen=seen, **words)
    assert finding.text == "First"


def test_a_proposed_finding_is_not_emptied(scene: Scene) -> None:
    finding = scene.proposed()
    with pytest.raises(Refused, match="says nothing yet"):
        service.revise_finding(finding, title="T", text=" ", lines=finding.lines, seen=None, by=scene.by, at=NOW)


def test_a_method_without_a_scale_takes_no_judgement(council_scene: Scene) -> None:
    with pytest.raises(Refused, match="no scale"):
        council_scene.drafted(judgement="inconsistent")
    with pytest.raises(Refused, match="no judgement of the whole area"):
        council_scene.drafted(overall=True)


def test_the_area_is_judged_once_in_the_finding_about_the_whole_of_it(area_scene: Scene) -> None:
    with pytest.raises(Refused, match="whole area once"):
        area_scene.drafted(judgement="inconsistent")
    whole = area_scene.drafted(overall=True)
    service.cite(whole, lodging=area_scene.lodged(), quotation="12 patterns", by=area_scene.by, at=NOW)
    with pytest.raises(Refused, match="gives no outcome"):
        service.propose_finding(whole, by=area_scene.by, at=NOW)
    words = {
        "title": "Overall",
        "text": "Mixed",
        "lines": whole.lines,
        "overall": True,
        "seen": None,
        "by": area_scene.by,
        "at": NOW,
    }
    with pytest.raises(Refused, match="on the method’s scale"):
        service.revise_finding(whole, judgement="excellent", **words)
    service.revise_finding(whole, judgement="inconsistent", **words)
    service.propose_finding(whole, by=area_scene.by, at=NOW)
    assert whole.edition_id == area_scene.review.editions[-1].edition_id
    with pytest.raises(Refused, match="already"):
        area_scene.drafted(overall=True)
    part = area_scene.proposed("A part")
    assert part.judgement == ""


def test_numbers_are_not_used_twice_and_the_withdrawn_are_left_out(scene: Scene) -> None:
    first, second = scene.drafted(), scene.drafted("Second")
    service.withdraw_finding(second, "Another says it", by=scene.by, at=NOW)
    third = scene.drafted("Third")
    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert [one.number for one in queries.of_review(scene.review.id)] == [1, 3]
    assert [one.number for one in queries.of_review(scene.review.id, ["withdrawn"])] == [2]


def test_the_trail_keeps_digests_and_no_words(scene: Scene) -> None:
    finding = scene.proposed()
    commit()
    about = select(AuditEntry).where(AuditEntry.about == finding.reference).order_by(AuditEntry.number)
    kept = list(db.session.scalars(about))
    assert [row.event for row in kept] == ["finding_drafted", "finding_cited", "finding_proposed"]
    assert not [row for row in kept if "patterns" in str(row.fields) or "count" in str(row.fields)]
    assert kept[1].fields["sha256"] == finding.citations[0].sha256
