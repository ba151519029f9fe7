"""A letter edited as a whole goes in those words, with what has changed since; its files go with it and are kept as sent."""

from __future__ import annotations

import email
import email.policy
import io
import re
import time
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.adapters import fitted
from scrutiny.agencies.models import Agency
from scrutiny.asking import drafting, service
from scrutiny.asking.letter_to_edit import asking_letter, chairs_letter, ladder_letter
from scrutiny.chasing import jobs
from scrutiny.chasing import service as escalating
from scrutiny.chasing.models import Escalation
from scrutiny.correspondence.edited_models import LetterAttachment, LetterEdit, LetterFile
from scrutiny.correspondence.edited_queries import sent_files
from scrutiny.correspondence.editing import Composed, merged
from scrutiny.correspondence.jobs import post_letters
from scrutiny.correspondence.models import Letter
from scrutiny.evidence.jobs import erase_expired_files
from scrutiny.extensions import db
from scrutiny.requests import lettering
from scrutiny.requests.models import EvidenceRequest
from scrutiny.stored_files.intake import Received
from scrutiny.stored_files.models import StoredFile
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.answering.test_hidden import a_workbook
from tests.scrutiny.findings.conftest import a_pdf
from tests.scrutiny.requests.test_climbing import at, issue
from tests.scrutiny.reviews.acting import acting, opened
from workflows.refusals import Refused

SignIn = Callable[..., FlaskClient]
OWN = "We met your chair on Monday, and this is what we agreed to ask."


def drafted(cast: SimpleNamespace, agency: str = "police") -> EvidenceRequest:
    """A draft to one agency."""
    with writes_now():
        drafts = service.draft_requests(opened(cast), by=acting("officer"), at=NOW)
        return next(one for one in drafts if one.agency_id == getattr(cast, agency))


def now_is(request: EvidenceRequest) -> EvidenceRequest:
    """The request as it is kept."""
    return db.session.get_one(EvidenceRequest, request.id, populate_existing=True)


def edit_asking(request: EvidenceRequest, change: Callable[[str], str], subject: str = "") -> None:
    """Edit the letter of a draft."""
    with writes_now():
        found = asking_letter(now_is(request), NOW)
        text, head = change(found.composed.text), subject or found.composed.subject
        lettering.keep_words(found.lettering, found.as_composed, subject=head, text=text, by=acting("officer"), at=NOW)


def add_own(text: str) -> str:
    """A paragraph of the officer's own after the greeting."""
    greeting, rest = text.split("\n\n", 1)
    return f"{greeting}\n\n{OWN}\n\n{rest}"


def issue_now(request: EvidenceRequest, later: timedelta = timedelta()) -> list[Letter]:
    """Issue it; its letters."""
    with writes_now():
        service.issue_requests(now_is(request).review, [now_is(request)], by=acting("officer"), at=NOW + later)
    return list(db.session.scalars(select(Letter).where(Letter.kind == "request_issued").order_by(Letter.id)))


def states() -> list[str]:
    """What became of everything edited."""
    return list(db.session.scalars(select(LetterEdit.state).order_by(LetterEdit.id)))


def test_each_reader_gets_the_edited_letter_and_their_own_greeting(context: None, cast: SimpleNamespace) -> None:
    request = drafted(cast)
    edit_asking(request, add_own, "What we agreed on Monday")
    sent = issue_now(request)
    assert len(sent) > 1
    assert {letter.subject for letter in sent} == {"What we agreed on Monday"}
    assert len({letter.text.split("\n\n")[0] for letter in sent}) == len(sent), "each is greeted by name"
    assert all(letter.text.split("\n\n")[1] == OWN for letter in sent)
    assert states() == ["used"]
    assert {letter.edit_id for letter in sent} == set(db.session.scalars(select(LetterEdit.id)))


def test_what_nobody_touched_stays_up_to_date(context: None, cast: SimpleNamespace) -> None:
    request = drafted(cast)
    edit_asking(request, add_own)
    with writes_now():
        for item in now_is(request).items:
            item.question.text = f"{item.question.text} Please give it by district."
    text = issue_now(request)[0].text
    assert OWN in text
    assert "Please give it by district." in text


def test_edited_words_that_are_out_of_date_are_not_sent(context: None, cast: SimpleNamespace) -> None:
    """The paragraph that was edited is the one that changed: the officer must look again, and nothing is issued."""
    request = drafted(cast)
    asked = now_is(request).items[0].question.text
    edit_asking(request, lambda text: text.replace(asked, "Tell us all you know."))
    with writes_now():
        now_is(request).items[0].question.text = "How many calls did you answer?"
    with pytest.raises(Refused, match="was edited, and what it says has changed since"):
        issue_now(request)
    assert (now_is(request).state, states()) == ("drafted", ["kept"])
    assert asking_letter(now_is(request), NOW).shown.out_of_date


def test_a_letter_that_did_not_arrive_goes_again_in_the_same_words(context: None, cast: SimpleNamespace) -> None:
    request = drafted(cast, "county_council")
    with writes_now():
        db.session.get_one(Agency, cast.county_council).email = ""
    edit_asking(request, add_own)
    issue_now(request)
    with writes_now():
        db.session.get_one(Agency, cast.county_council).email = "hall@example.org"
    with writes_now():
        again = service.send_again(now_is(request), by=acting("officer"), at=NOW + timedelta(days=3))
    assert OWN in again[0].text
    assert again[0].address == "hall@example.org"


@pytest.mark.parametrize(
    ("typed", "now", "becomes"),
    [
        ("Dear A\n\none\n\nmine\n\nthree", "Dear B\n\none\n\ntwo\n\nthree", "Dear B\n\none\n\nmine\n\nthree\n"),
        ("Dear A\n\none\n\nmine\n\nthree", "Dear B\n\nONE\n\ntwo\n\nthree", "Dear B\n\nONE\n\nmine\n\nthree\n"),
        ("Dear A\n\none\n\nmine\n\nthree", "Dear B\n\none\n\nTWO\n\nthree", None),
        ("Dear all\n\none\n\ntwo\n\nthree", "Dear B\n\none\n\ntwo", "Dear all\n\none\n\ntwo\n"),
        (
            "Dear A\n\none\n\ntwo\n\nthree\n\nmine",
            "Dear B\n\none\n\nnew\n\ntwo\n\nthree",
            "Dear B\n\none\n\nnew\n\ntwo\n\nthree\n\nmine\n",
        ),
        ("Dear A\n\nmine", "Dear B\n\none\n\nnew\n\ntwo\n\nthree", None),
    ],
)
def test_what_was_typed_and_what_is_so_now_are_joined(typed: str, now: str, becomes: str | None) -> None:
    edit = LetterEdit(
        kind="k", reference="r", subject="S", text=typed, dear="Dear A", of_subject="S", of_text="Dear A\n\none\n\ntwo\n\nthree"
    )
    found = merged(edit, Composed("T", now, "Dear B"))
    assert (found and found[1]) == becomes
    assert found is None or found[0] == "T", "nobody touched the subject"


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [("Ours, by Friday 8 May", None), ("Ours", "Ours"), ("Asked: by Friday 8 May", "Asked: by Monday 11 May")],
)
def test_an_edited_subject_that_names_a_day_is_out_of_date_with_it(typed: str, becomes: str | None) -> None:
    was = "Asked: by Friday 8 May"
    edit = LetterEdit(kind="k", reference="r", subject=typed, text="a", dear="", of_subject=was, of_text="a")
    found = merged(edit, Composed("Asked: by Monday 11 May", "a", ""))
    assert (found and found[0]) == becomes


def test_the_clock_sends_an_edited_reminder(context: None, cast: SimpleNamespace) -> None:
    request_id = issue(cast, "police")[0]
    with writes_now():
        found = ladder_letter(db.session.get_one(EvidenceRequest, request_id), "request_reminder", cast.police, at(20, 3))
        words = {"subject": "Before Monday", "text": add_own(found.composed.text)}
        lettering.keep_words(found.lettering, found.as_composed, **words, by=acting("officer"), at=at(20, 3))
    jobs.remind(at=at(23, 3))
    sent = db.session.scalars(select(Letter).where(Letter.kind == "request_reminder")).all()
    assert {(letter.subject, OWN in letter.text) for letter in sent} == {("Before Monday", True)}
    assert states() == ["used"]
    jobs.remind(at=at(31, 3))
    chased = db.session.scalars(select(Letter.text).where(Letter.kind == "request_chased")).all()
    assert not any(OWN in text for text in chased), "the next letter is another one"


def test_the_clock_sends_no_edited_words_that_are_out_of_date(context: None, cast: SimpleNamespace) -> None:
    request_id = issue(cast, "police")[0]
    with writes_now():
        request = db.session.get_one(EvidenceRequest, request_id)
        found = ladder_letter(request, "request_reminder", cast.police, at(20, 3))
        text = found.composed.text.replace("This is a reminder", "We remind you")
        values = {"subject": found.composed.subject, "text": text}
        lettering.keep_words(found.lettering, found.as_composed, **values, by=acting("officer"), at=at(20, 3))
        request.items[0].state = "withdrawn"
        request.items[0].next_step_on = None
    jobs.remind(at=at(23, 3))
    sent = db.session.scalars(select(Letter.text).where(Letter.kind == "request_reminder")).all()
    assert sent
    assert all("This is a reminder" in text for text in sent)
    assert states() == ["overtaken"]


def test_a_letter_an_officer_edited_is_signed_by_the_chair_who_approves_it(context: None, cast: SimpleNamespace) -> None:
    issue(cast, "police")
    for moment in (at(23, 3), at(31, 3), at(15, 4)):
        jobs.remind(at=moment)
    with writes_now():
        proposed = db.session.scalars(select(Escalation).where(Escalation.state == "proposed")).one()
        found = chairs_letter(proposed, acting("officer"), at(16, 4))
        words = {"subject": "The calls we asked about", "text": add_own(found.composed.text)}
        lettering.keep_words(found.lettering, found.as_composed, **words, by=acting("officer"), at=at(16, 4))
    with writes_now():
        escalating.approve(db.session.get_one(Escalation, proposed.id), by=acting("chair"), at=at(16, 4, 10))
    sent = db.session.scalars(select(Letter).where(Letter.kind == "chairs_letter")).all()
    assert {letter.subject for letter in sent} == {"The calls we asked about"}
    for letter in sent:
        assert OWN in letter.text
        assert letter.text.rstrip().endswith("Councillor Amrit Gill\nChair, Loamshire Overview and Scrutiny Committee")


TERMS = a_pdf("Terms of reference")


def pdf() -> tuple[io.BytesIO, str]:
    """A file to attach."""
    return io.BytesIO(TERMS), "Terms of reference.pdf"


def attach(client: FlaskClient, page: str, **data: object) -> str:
    """Attach files on the page of a letter; what it then says."""
    sent = {"attach": "Attach", "marking": "open", "files": pdf()} | data
    return client.post(page, data=sent, content_type="multipart/form-data", follow_redirects=True).text


def test_on_the_page_a_letter_is_edited_shown_sent_and_kept(app: Flask, cast: SimpleNamespace, signed_in: SignIn) -> None:
    with app.app_context():
        request = drafted(cast)
        here = f"/reviews/{request.review.reference}/requests/{request.slug}"
    officer = signed_in("officer")
    page = officer.get(f"{here}/letter/edit").text
    assert "<h1" in page
    assert "Terms of reference.pdf</a>" in attach(officer, f"{here}/letter/edit", for_all="y", files=pdf())
    assert "This file is attached already" in attach(officer, f"{here}/letter/edit")
    assert "Choose who may see the files" in attach(officer, f"{here}/letter/edit", marking="")
    assert "Choose a file" in attach(officer, f"{here}/letter/edit", files=(io.BytesIO(b""), ""))
    assert "personal" not in re.findall(r'name="marking"[^>]*value="([a-z]+)"', page)
    assert "program.exe" in attach(officer, f"{here}/letter/edit", files=(io.BytesIO(b"MZ" + b"\0" * 200), "program.exe"))
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", officer.get(f"{here}/letter/edit").text, re.DOTALL)
    assert text is not None
    typed = {"subject": "What we agreed", "text": add_own(unescape(text[1]).strip()), "seen": "", "language": "cy"}
    assert "Choose one of the answers listed" in officer.post(f"{here}/letter/edit", data=typed | {"language": "xx"}).text
    assert "Enter the subject of the letter" in officer.post(f"{here}/letter/edit", data=typed | {"subject": ""}).text
    assert OWN in officer.post(f"{here}/letter/edit", data=typed | {"subject": ""}).text, "nothing typed is lost"
    assert officer.post(f"{here}/letter/edit", data=typed).status_code == 302
    shown = officer.get(f"{here}/letter").text
    assert OWN in shown
    assert "Edited on" in shown
    assert '<p class="govuk-body" lang="cy">' in shown, "a letter typed in Welsh is not read aloud as English"
    assert re.search(r'value="cy"[^>]*checked', officer.get(f"{here}/letter/edit").text)
    assert "Terms of reference.pdf" in shown
    assert "Somebody else has" in officer.post(f"{here}/letter/edit", data=typed | {"text": "Other"}).text
    link = re.search(r'href="(/reviews/[^"]*/attachments/\d+)"', shown)
    assert link is not None
    assert officer.get(link[1]).data.startswith(b"%PDF")
    for who, status in (("councillor", 403), ("responder", 404), ("stranger", 404)):
        assert signed_in(who).get(link[1]).status_code == status
        assert signed_in(who).get(f"{here}/letter/edit").status_code == status
    with app.app_context():
        issue_now(request)
        post_letters(at=NOW)
        folder = Path(urlsplit(app.config["SETTINGS"].mail_url).path)
        posted = [email.message_from_bytes(one.read_bytes(), policy=email.policy.default) for one in folder.glob("*.eml")]
        for message in posted:
            assert [part.get_filename() for part in message.iter_attachments()] == ["Terms of reference.pdf"]
            assert OWN in message.get_body(("plain",)).get_content()
            assert message.get_body(("plain",))["Content-Language"] == "cy"
            assert "Attached: Terms of reference.pdf" in message.get_body(("plain",)).get_content()
        assert len(posted) == len(db.session.scalars(select(LetterFile)).all()) > 0
    assert OWN in officer.get(f"{here}/letter").text, "as it was sent"
    with app.app_context():
        number = db.session.scalars(select(Letter.id).where(Letter.kind == "request_issued")).first()
    kept = officer.get(f"/reviews/{here.split('/')[2]}/letters/{number}").text
    assert "Edited by Olwen Price on" in kept
    assert '<pre class="scrutiny-letter" lang="cy">' in kept
    assert "Terms of reference.pdf</a>" in kept
    assert "This letter has gone" in officer.get(f"{here}/letter/edit", follow_redirects=True).text


def typed_on(page: str) -> tuple[str, str]:
    """Subject and letter as they stand in the boxes of a page."""
    subject = re.search(r'name="subject"[^>]*value="([^"]*)"', page)
    text = re.search(r'<textarea[^>]*name="text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert subject is not None
    assert text is not None
    return unescape(subject[1]), unescape(text[1]).strip()


@pytest.mark.parametrize(
    ("pressed", "said"),
    [
        ({"attach": "Attach", "marking": "", "files": "sound"}, "Choose who may see the files"),
        ({"attach": "Attach", "marking": "open", "files": "refused"}, "program.exe"),
        ({"attach": "Attach", "marking": "open", "files": "none"}, "Choose a file"),
        ({"attach": "Attach", "marking": "open", "files": "sound"}, "Terms of reference.pdf attached."),
        ({"attach": "Attach", "marking": "open", "files": "hidden"}, "Look at “staff.xlsx”, and tick that you have."),
        ({"attach": "Attach", "marking": "open", "files": "hidden", "looked": "y"}, "staff.xlsx attached."),
        ({"save": "Save this letter", "marking": "", "files": "sound"}, "Choose who may see the files"),
        ({"save": "Save this letter", "marking": "open", "files": "refused"}, "program.exe"),
        ({"remove": "1"}, "Attachment removed."),
    ],
)
def test_words_typed_and_not_saved_stay_whatever_is_pressed_about_files(
    app: Flask, cast: SimpleNamespace, signed_in: SignIn, pressed: dict[str, str], said: str
) -> None:
    """The words are sent with every button of the page, so that it is the same without JavaScript."""
    with app.app_context():
        request = drafted(cast)
        here = f"/reviews/{request.review.reference}/requests/{request.slug}/letter/edit"
    officer, typed = signed_in("officer"), ("What we agreed", f"Dear all\n\n{OWN}")
    if "remove" in pressed:
        attach(officer, here)
    files = {"sound": pdf(), "refused": (io.BytesIO(b"MZ" + b"\0" * 200), "program.exe"), "none": (io.BytesIO(b""), "")}
    files["hidden"] = io.BytesIO(a_workbook(state="hidden")), "staff.xlsx"
    data: dict[str, object] = {"subject": typed[0], "text": typed[1], "seen": "", **pressed}
    if "files" in pressed:
        data["files"] = files[pressed["files"]]
    page = officer.post(here, data=data, content_type="multipart/form-data", follow_redirects=True).text
    assert said in page
    assert typed_on(page) == typed
    with app.app_context():
        assert states() == [], "nothing is saved that nobody asked to save"
    form = re.search(r'<form[^>]*id="letter".*?</form>', page, re.DOTALL)
    assert form is not None
    assert all(f'name="{name}"' in form[0] for name in ("subject", "text", "seen", "save", "attach", "files"))


def test_a_letter_is_saved_together_with_the_file_chosen(app: Flask, cast: SimpleNamespace, signed_in: SignIn) -> None:
    with app.app_context():
        request = drafted(cast)
        here = f"/reviews/{request.review.reference}/requests/{request.slug}/letter/edit"
    data = {"subject": "Ours", "text": f"Dear all\n\n{OWN}", "seen": "", "save": "Save", "marking": "open", "files": pdf()}
    page = signed_in("officer").post(here, data=data, content_type="multipart/form-data", follow_redirects=True).text
    assert "Letter saved. It will be sent as you have edited it. Terms of reference.pdf attached." in page
    with app.app_context():
        assert states() == ["kept"]
        assert len(db.session.scalars(select(LetterAttachment)).all()) == 1


def test_the_box_of_a_letter_is_as_high_as_a_letter(app: Flask, cast: SimpleNamespace, signed_in: SignIn) -> None:
    with app.app_context():
        request = drafted(cast)
        here = f"/reviews/{request.review.reference}/requests/{request.slug}/letter/edit"
    box = re.search(r'<textarea[^>]*name="text"[^>]*>', signed_in("officer").get(here).text)
    assert box is not None
    assert re.findall(r'rows="(\d+)"', box[0]) == ["30"], "once: a browser heeds the first"


def test_what_was_sent_with_a_letter_stays_when_it_is_removed(app: Flask, cast: SimpleNamespace, signed_in: SignIn) -> None:
    with app.app_context():
        request = drafted(cast)
        here = f"/reviews/{request.review.reference}/requests/{request.slug}"
    officer = signed_in("officer")
    attach(officer, f"{here}/letter/edit")
    attach(officer, f"{here}/letter/edit", files=(io.BytesIO(a_pdf("Never sent")), "never.pdf"))
    with app.app_context():
        first, second = db.session.scalars(select(LetterAttachment).order_by(LetterAttachment.id)).all()
    officer.post(f"{here}/letter/edit", data={"remove": str(second.id)})
    assert officer.post(f"{here}/letter/edit", data={"remove": str(second.id)}).status_code == 404
    with app.app_context():
        issue_now(request)
        with writes_now():
            kept = db.session.get_one(LetterAttachment, first.id)
            kept.removed_at = NOW
        erase_expired_files(at=NOW)
        erased = {one.sha256: one.erased_at is not None for one in db.session.scalars(select(StoredFile))}
        assert erased == {first.sha256: False, second.sha256: True}
    assert officer.get(f"/reviews/{here.split('/')[2]}/attachments/{first.id}").data.startswith(b"%PDF")


def test_the_preview_of_a_copy_changes_nothing(context: None, cast: SimpleNamespace) -> None:
    request = drafted(cast)
    with writes_now():
        before = [item.due_on for item in now_is(request).items]
        asking_letter(now_is(request), NOW + timedelta(days=9))
        drafting.as_if_sent(now_is(request), NOW.date())
    assert [item.due_on for item in now_is(request).items] == before


def test_an_email_with_too_much_attached_is_refused_in_words(cast: SimpleNamespace, context: None) -> None:
    """What every email would carry is counted: also of another request, where a file is to go with them all."""
    police = drafted(cast)
    of_it = select(EvidenceRequest).where(EvidenceRequest.review_id == police.review_id, EvidenceRequest.id != police.id)
    council = db.session.scalars(of_it).first()
    assert council is not None

    def attach_to(request: EvidenceRequest, name: str, size: int, *, for_all: bool = False) -> None:
        kept = fitted.files().keep(name.encode())
        received = Received(name, kept.sha256, size, "application/pdf", 1, (), "clean")
        with writes_now():
            lettering.attach(
                lettering.of_request(now_is(request)), [received], marking="open", for_all=for_all, by=acting("officer"), at=NOW
            )

    attach_to(council, "plans.pdf", 7_000_000)
    attach_to(police, "terms.pdf", 4_000_000)
    with pytest.raises(Refused) as refused:
        attach_to(police, "map.pdf", 4_000_000, for_all=True)
    said = "The attachments of this email would be 11MB together, and an email can carry 10MB. "
    assert refused.value.sentence == said + "Remove “plans.pdf” (7MB), or choose a smaller file"
    attach_to(police, "map.pdf", 4_000_000)
    assert [one.name for one in lettering.of_request(now_is(police)).files] == ["terms.pdf", "map.pdf"]


def test_files_of_letters_are_in_use_as_soon_as_the_application_stands(app: Flask) -> None:
    """Whatever was imported first: a process that lets bytes go knows every room that uses them."""
    assert sent_files in app.extensions["stored_uses"]
    assert len(app.extensions["stored_uses"]) == 5


def test_an_edited_letter_of_very_many_paragraphs_is_merged_or_not_in_a_moment() -> None:
    """Paragraph by paragraph each is compared with every one like it: the cube of them, at every view of the letter."""
    was, now = ("\n\n".join(f"a\n\n{word}{n}" for n in range(2_000)) for word in "xy")
    edit = LetterEdit(kind="k", reference="r", subject="S", text=was, dear="", of_subject="S", of_text=was)
    begun = time.process_time()
    assert merged(edit, Composed("S", now, "")) is None
    assert time.process_time() - begun < 5
