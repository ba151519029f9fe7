"""Who may see an answer is chosen, never preset; what is hidden in a file stops it until somebody has looked."""

from __future__ import annotations

import io
import re
from contextlib import nullcontext
from dataclasses import replace
from datetime import date

import pikepdf
import pytest
from openpyxl import Workbook
from sqlalchemy import update

from scrutiny.answering import service as answering
from scrutiny.asking.service import ByHand, enter_answer
from scrutiny.evidence.models import EvidenceFile
from scrutiny.extensions import db
from scrutiny.file_reading.file_warnings import FileWarning, Kind
from scrutiny.requests.lettering import attach, of_request
from scrutiny.requests.models import Item
from scrutiny.stored_files import stored
from scrutiny.stored_files.intake import receive
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.scrutiny.evidence.test_service import a_pdf
from tests.scrutiny.requests.answering_scene import ask
from workflows.refusals import Refused


def a_workbook(*, state: str = "visible", rows: bool = False, columns: bool = False) -> bytes:
    """A workbook of which something is hidden."""
    book, out = Workbook(), io.BytesIO()
    book.active.append(("Month", "Children"))
    names = book.create_sheet("Staff names")
    names.append(("A. Person", "AB123456C"))
    names.sheet_state = state
    names.row_dimensions[1].hidden = rows
    names.column_dimensions["B"].hidden = columns
    book.save(out)
    return out.getvalue()


HIDDEN = {
    "a hidden sheet": {"state": "hidden"},
    "a very hidden sheet": {"state": "veryHidden"},
    "a hidden row": {"rows": True},
    "a hidden column": {"columns": True},
}


@pytest.mark.parametrize("how", HIDDEN.values(), ids=HIDDEN)
def test_what_is_hidden_stops_an_answer_until_somebody_has_looked(context, cast, how):
    fire = ask(cast, "fire")
    by, item = fire.by("fire_responder"), fire.items[0]
    answering.keep_answer(item, answering.Typed(text="See the file"), by=by, at=NOW)
    file = answering.keep_file(item, receive("staff.xlsx", a_workbook(**how)), by=by, at=NOW)
    with pytest.raises(Refused, match=r"Item 1: look at “staff\.xlsx” first"):
        answering.submit_request(fire.request, [item], by=by, at=NOW)
    answering.look_at([item], [str(file.id)], by=by, at=NOW)
    answering.submit_request(fire.request, [item], by=by, at=NOW)
    assert (item.state, file.looked_by, file.looked_at) == ("submitted", f"person:{cast.fire_responder}", NOW)


def test_a_file_that_is_taken_out_stops_nothing(context, cast):
    fire = ask(cast, "fire")
    by, item = fire.by("fire_responder"), fire.items[0]
    answering.keep_answer(item, answering.Typed(text="No file"), by=by, at=NOW)
    file = answering.keep_file(item, receive("staff.xlsx", a_workbook(state="hidden")), by=by, at=NOW)
    answering.remove_file(item, file, by=by, at=NOW)
    answering.submit_request(fire.request, [item], by=by, at=NOW)
    assert item.state == "submitted"


#: Each kind of warning, and whether somebody must look before the file is sent.
STOPS = {
    Kind.FILES_INSIDE: True,
    Kind.COMMENTS: True,
    Kind.TRACKED_CHANGES: True,
    Kind.HIDDEN_TEXT: True,
    Kind.HIDDEN_SLIDES: True,
    Kind.SPEAKER_NOTES: True,
    Kind.HIDDEN_SHEET: True,
    Kind.HIDDEN_ROWS: True,
    Kind.HIDDEN_COLUMNS: True,
    Kind.HIDDEN_RUNS: True,
    Kind.PIVOT_FIGURES: True,
    Kind.LINKED_FIGURES: True,
    Kind.LOCATION: True,
    Kind.UNSAID: True,
    Kind.INTERACTIVE_FORM: False,
    Kind.ENCODING: False,
    Kind.NUL_CHARACTERS: False,
    Kind.OPEN_QUOTATION: False,
}


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_warning_says_whether_it_stops_an_answer(context, cast, kind):
    fire = ask(cast, "fire")
    by, item = fire.by("fire_responder"), fire.items[0]
    answering.keep_answer(item, answering.Typed(text="See the file"), by=by, at=NOW)
    received = replace(receive("a.csv", b"a,b\n1,2\n"), warnings=(FileWarning(kind, "Whatever its words are."),))
    file = answering.keep_file(item, received, by=by, at=NOW)
    db.session.flush()
    db.session.refresh(file)
    assert [(warning.kind, str(warning)) for warning in file.warnings] == [(kind, "Whatever its words are.")]
    assert (file.hidden == ["Whatever its words are."]) == STOPS[kind]
    with pytest.raises(Refused, match=r"look at “a\.csv” first") if STOPS[kind] else nullcontext():
        answering.submit_request(fire.request, [item], by=by, at=NOW)


def test_a_warning_kept_before_there_were_kinds_or_of_one_unknown_stops(context, cast):
    fire = ask(cast, "fire")
    by, item = fire.by("fire_responder"), fire.items[0]
    file = answering.keep_file(item, receive("a.csv", b"a,b\n1,2\n"), by=by, at=NOW)
    kept = "It has comments in it.\nof_later\tIt has what nobody knows yet."
    db.session.execute(update(EvidenceFile).values(warnings_kept=kept))
    db.session.refresh(file)
    assert [warning.kind for warning in file.warnings] == [Kind.UNSAID] * 2
    assert file.hidden == ["It has comments in it.", "It has what nobody knows yet."]


def test_files_inside_a_pdf_stop_an_answer(context, cast):
    """The attack: a report is sent as a PDF, and a workbook of names goes with it, attached."""
    fire, out = ask(cast, "fire"), io.BytesIO()
    with pikepdf.open(io.BytesIO(a_pdf("Told"))) as pdf:
        pdf.attachments["names.xlsx"] = pikepdf.AttachedFileSpec(pdf, a_workbook(), filename="names.xlsx")
        pdf.save(out)
    by, item = fire.by("fire_responder"), fire.items[0]
    answering.keep_answer(item, answering.Typed(text="See the file"), by=by, at=NOW)
    answering.keep_file(item, receive("report.pdf", out.getvalue()), by=by, at=NOW)
    with pytest.raises(Refused, match=r"look at “report\.pdf” first.*names\.xlsx"):
        answering.submit_request(fire.request, [item], by=by, at=NOW)


def test_nobody_sends_what_they_did_not_mark(context, cast):
    fire = ask(cast, "fire")
    by, item = fire.by("fire_responder"), fire.items[0]
    answer = answering.keep_answer(item, answering.Typed(text="Twelve", marking=""), by=by, at=NOW)
    with pytest.raises(Refused, match="Item 1: choose who may see the answer"):
        answering.submit_request(fire.request, [item], by=by, at=NOW)
    answering.keep_answer(item, answering.Typed(text="Twelve", marking="open"), by=by, at=NOW)
    assert answer.marked
    answering.submit_request(fire.request, [item], by=by, at=NOW)


def test_the_bytes_of_several_files_are_entered_in_one_order(context, cast, monkeypatch):
    """Two who send the same files in different orders would wait for each other for ever."""
    fire, taken = ask(cast, "fire"), []
    monkeypatch.setattr(stored, "take_turn", taken.append)
    files = sorted((receive(f"{n}.csv", b"a,b\n1,%d\n" % n) for n in range(4)), key=lambda one: one.sha256, reverse=True)
    came = {"came_by": "post", "received_by": "Olwen Price", "received_on": date(2026, 3, 2)}
    enter_answer(fire.items[0], ByHand(**came, files=files), by=fire.by("officer"), at=NOW)
    first = list(dict.fromkeys(taken))
    taken.clear()
    attach(of_request(fire.request), files, marking="open", by=fire.by("officer"), at=NOW)
    assert first == list(dict.fromkeys(taken)) == sorted(first)


def test_an_officer_looks_too_at_what_came_another_way(context, cast):
    fire = ask(cast, "fire")
    came = {"came_by": "post", "received_by": "Olwen Price", "received_on": date(2026, 3, 2)}
    files = [receive("staff.xlsx", a_workbook(state="hidden"))]
    with pytest.raises(Refused, match=r"Look at “staff\.xlsx”, and tick that you have"):
        enter_answer(fire.items[0], ByHand(**came, files=files), by=fire.by("officer"), at=NOW)
    enter_answer(fire.items[1], ByHand(**came, files=files, looked=True), by=fire.by("officer"), at=NOW)
    assert fire.items[1].state == "submitted"


@pytest.mark.parametrize("marking", ["open", "exempt"])
def test_the_page_presets_nothing_and_check_answers_asks(app, cast, signed_in, marking):
    with app.app_context():
        fire = ask(cast, "fire", marking=marking)
        commit()
        request, item = fire.request.id, fire.items[0].id
    client, page = signed_in("fire_responder"), f"/answering/items/{item}"
    opened = client.get(page).text
    assert 'name="marking"' in opened
    assert not re.search(r"<input[^>]*\schecked\b", opened)
    data = {"text": "See the file", "files": (io.BytesIO(a_workbook(state="hidden")), "staff.xlsx"), "then": "next"}
    client.post(page, data=data, content_type="multipart/form-data")
    assert "Before it is sent, you must tick that you have looked." in client.get(page).text
    check, chosen = f"/answering/{request}/check", {"items": [item]}
    assert "Choose who may see this" in client.get(check).text
    assert client.post(check, data=chosen).status_code == 200
    client.post(page, data={"text": "See the file", "marking": "open", "then": "next"}, content_type="multipart/form-data")
    assert "Look at “staff.xlsx” first" in client.post(check, data=chosen).text
    with app.app_context():
        file = db.session.get_one(Item, item).answers[0].lodging.evidence.files[0].id
    assert client.post(check, data=chosen | {"looked": [file]}).headers["Location"].endswith("/receipt")
    with app.app_context():
        ref = db.session.get_one(Item, item).request.review.reference
    seen = signed_in("officer").get(f"/reviews/{ref}/requests/P01/1").text
    assert "The sheet “Staff names” is hidden." in seen
