"""Answering through the pages: save, come back, hand on, certify, send, keep the receipt; and what bad input gets."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pypdfium2
import pytest
from sqlalchemy import func, select

from scrutiny.adapters import fitted
from scrutiny.agencies.models import AgencyMembership
from scrutiny.evidence.models import EvidenceFile
from scrutiny.extensions import db
from scrutiny.requests.models import EvidenceRequest, Extension, Item, Note
from scrutiny.stored_files.models import StoredFile
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.scrutiny.evidence.test_service import a_pdf
from tests.scrutiny.requests.answering_scene import ask


@pytest.fixture
def asked(app, cast):
    """Ids of a request to the police and one to the fire service, and of their items."""
    with app.app_context():
        police, fire = ask(cast), ask(cast, "fire")
        commit()
        return {
            "police": police.request.id,
            "fire": fire.request.id,
            "p": [item.id for item in police.items],
            "f": [item.id for item in fire.items],
        }


def version(page) -> str:
    """The version hidden in a form."""
    return re.search(r'name="version"[^>]*value="(\d+)"', page.text)[1]


def form(client, item: int, **data):
    """What a person would send from the item's page."""
    opened = client.get(f"/answering/items/{item}")
    return {"version": version(opened), "marking": "open", "then": "next"} | data


def save(client, item: int, **data):
    """Open an item and save it."""
    return client.post(f"/answering/items/{item}", data=form(client, item, **data), content_type="multipart/form-data")


def state_of(app, item: int) -> str:
    """The state an item is in."""
    with app.app_context():
        return db.session.get_one(Item, item).state


def kept(app) -> tuple[int, int]:
    """How many files and sets of bytes are kept."""
    with app.app_context():
        return tuple(db.session.scalar(select(func.count()).select_from(table)) for table in (EvidenceFile, StoredFile))


def test_the_task_list_shows_items_dates_and_what_the_law_says(asked, signed_in, app):
    page = signed_in("responder").get(f"/answering/{asked['police']}")
    assert page.status_code == 200
    assert "Loamshire Overview and Scrutiny Committee asks: Children who go missing" in page.text
    assert "0 of 3 items done." in page.text
    assert "Why this date?" in page.text
    assert "We would like your answer by " in page.text, "what the law says"
    with app.app_context():
        assert db.session.get_one(EvidenceRequest, asked["police"]).opened_at is not None


def test_another_agency_a_body_and_a_former_member_find_nothing(asked, signed_in, app, cast):
    paths = [f"/answering/{asked['police']}{end}" for end in ("", "/check", "/certify", "/receipt", "/question", "/more-time")]
    paths += [f"/answering/items/{asked['p'][0]}{end}" for end in ("", "/hand", "/not-held", "/refuse", "/redirect", "/certify")]
    for who in ("fire_responder", "officer", "inspector", "administrator"):
        client = signed_in(who)
        assert {client.get(path).status_code for path in paths} == {404}, who
        assert client.post(f"/answering/items/{asked['p'][0]}", data={"text": "Mine"}).status_code == 404
    with app.app_context():
        membership = db.session.scalar(select(AgencyMembership).where(AgencyMembership.person_id == cast.responder))
        membership.to_on = membership.from_on
        db.session.commit()
    assert {signed_in("responder").get(path).status_code for path in paths} == {404}


def test_a_stranger_is_asked_to_sign_in(asked, client):
    assert client.get(f"/answering/{asked['police']}").status_code == 302


def test_an_answer_is_saved_leads_to_the_next_item_and_is_there_again(asked, signed_in, app):
    client = signed_in("responder")
    page = client.get(f"/answering/items/{asked['p'][0]}")
    for words in ("Tell us about missing children", "We want to know", "2025-26", "Who may see this?", "Save and next"):
        assert words in page.text
    answer = save(client, asked["p"][0], figures="Children: 12", text="In all.", period="2025-26")
    assert answer.headers["Location"] == f"/answering/items/{asked['p'][1]}"
    again = signed_in("colleague").get(f"/answering/items/{asked['p'][0]}")
    assert "Children: 12" in again.text
    assert "Last saved by Rhys Cole" in again.text
    later = save(client, asked["p"][1], text="See our site", then="list")
    assert later.headers["Location"] == f"/answering/{asked['police']}"
    assert state_of(app, asked["p"][0]) == "answered"


def test_what_a_draft_lacks_is_a_hint_and_no_error_before_it_is_sent(asked, signed_in, app):
    client = signed_in("responder")
    file = (io.BytesIO(a_pdf("Kept")), "kept.pdf")
    answer = save(client, asked["p"][0], figures="Children lots", text="My long words", files=file)
    assert answer.headers["Location"] == f"/answering/items/{asked['p'][1]}"
    assert "Before you send item 1: Line 1: put what is counted" in client.get(answer.headers["Location"]).text
    page = client.get(f"/answering/items/{asked['p'][0]}")
    assert "There is a problem" not in page.text
    assert "Still to do before this can be sent" in page.text
    assert "Line 1: put what is counted, a colon and the number" in page.text
    assert "My long words" in page.text
    assert "Children lots" in page.text
    assert "kept.pdf" in page.text
    assert kept(app) == (1, 1)
    token = {"version": version(page), "marking": "open", "figures": "Children: 3", "text": "My long words"}
    assert client.post(f"/answering/items/{asked['p'][0]}", data=token).status_code == 302
    assert kept(app) == (1, 1)


def test_exempt_needs_its_ground_and_nothing_at_all_is_not_an_answer(asked, signed_in, app):
    client = signed_in("responder")
    assert save(client, asked["p"][0], text="x", marking="exempt").status_code == 302
    assert "Say which paragraph of Schedule 12A" in client.get(f"/answering/items/{asked['p'][0]}").text
    assert "Write an answer, give figures or add a file" in save(client, asked["p"][1]).text
    assert [state_of(app, item) for item in asked["p"][:2]] == ["answered", "asked"], "half an answer is kept"
    assert "personal" not in re.findall(r'name="marking"[^>]*value="(\w+)"', client.get(f"/answering/items/{asked['p'][0]}").text)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("tool.exe", b"MZ\x90" + b"\0" * 200, "cannot be taken"),
        ("empty.pdf", b"", "is empty"),
        ("page.pdf", b"<html><script>alert(1)</script>", "is not a PDF"),
        ("cut.pdf", a_pdf("Cut")[:400], "is cut short"),
        ("big.csv", b"a,b\n" * 1_260_000, "Choose a file smaller than 5MB"),
    ],
)
def test_a_bad_file_gets_a_plain_sentence_and_nothing_half_stored(asked, signed_in, app, name, content, sentence):
    with app.app_context():
        before = sum(1 for _ in fitted.files().all_kept())
    page = save(signed_in("responder"), asked["p"][0], text="Typed", files=(io.BytesIO(content), name))
    assert page.status_code == 200
    assert sentence in page.text
    assert "Typed" in page.text
    assert kept(app) == (0, 0)
    with app.app_context():
        assert sum(1 for _ in fitted.files().all_kept()) == before


def test_a_post_over_the_limit_gets_a_plain_page(asked, signed_in, app):
    client = signed_in("responder")
    big = (io.BytesIO(b"a,b\n" * 2_000_000), "big.csv")
    page = client.post(f"/answering/items/{asked['p'][0]}", data={"files": big}, content_type="multipart/form-data")
    assert page.status_code == 413
    assert "Choose a file smaller than" in page.text
    assert kept(app) == (0, 0)


def test_a_post_cut_off_half_way_stores_nothing(asked, signed_in, app):
    client = signed_in("responder")
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    body = head + a_pdf("Half")[:300]
    for announced in (len(body), len(body) + 5000):
        page = client.post(
            f"/answering/items/{asked['p'][0]}",
            input_stream=io.BytesIO(body),
            content_length=announced,
            content_type="multipart/form-data; boundary=b",
        )
        assert page.status_code in (200, 400)
        assert "Traceback" not in page.text
    assert kept(app) == (0, 0)
    assert state_of(app, asked["p"][0]) == "asked"


def test_a_hostile_name_is_made_safe(asked, signed_in):
    client = signed_in("responder")
    names = ["../../etc/passwd.txt", "\u202egnp.exe.txt", '"><script>alert(1)</script>.txt', "CON.txt", "a\r\nX-Evil: 1.txt"]
    files = [(io.BytesIO(f"words {n}".encode()), name) for n, name in enumerate(names)]
    save(client, asked["p"][0], text="x", files=files)
    page = client.get(f"/answering/items/{asked['p'][0]}")
    assert "passwd.txt" in page.text
    assert "<script>alert" not in page.text
    assert "\u202e" not in page.text
    for file in set(re.findall(r"/evidence/files/(\d+)", page.text)):
        answer = client.get(f"/evidence/files/{file}")
        assert "X-Evil" not in answer.headers
        assert answer.headers["Content-Disposition"].startswith("attachment")


def test_one_bad_file_loses_none_of_the_others(asked, signed_in, app):
    files = [(io.BytesIO(a_pdf("Good")), "good.pdf"), (io.BytesIO(b"MZ"), "bad.exe")]
    page = save(signed_in("responder"), asked["p"][0], files=files, text="Words")
    assert "good.pdf" in page.text
    assert "“bad.exe” cannot be taken" in page.text
    assert kept(app) == (1, 1)


def test_a_file_is_removed_before_sending(asked, signed_in, app):
    client = signed_in("responder")
    save(client, asked["p"][0], text="x", files=(io.BytesIO(a_pdf("Gone")), "gone.pdf"))
    page = client.get(f"/answering/items/{asked['p'][0]}")
    file = re.search(r'name="remove" value="(\d+)"', page.text)[1]
    answer = save(client, asked["p"][0], text="x and more", remove=file)
    assert answer.headers["Location"] == f"/answering/items/{asked['p'][0]}"
    assert kept(app)[0] == 0
    assert "x and more" in client.get(f"/answering/items/{asked['p'][0]}").text


def test_two_colleagues_on_one_item_lose_nothing(asked, signed_in, app):
    first, second = signed_in("responder"), signed_in("colleague")
    mine, theirs = form(first, asked["p"][0], text="From Rhys"), form(second, asked["p"][0], text="From Jo")
    theirs["files"] = (io.BytesIO(a_pdf("Jo")), "jo.pdf")
    first.post(f"/answering/items/{asked['p'][0]}", data=mine)
    page = second.post(f"/answering/items/{asked['p'][0]}", data=theirs, content_type="multipart/form-data")
    assert "Rhys Cole changed this on" in page.text
    assert "From Rhys" in page.text
    assert "From Jo" in page.text
    assert kept(app)[0] == 1
    kept_words = second.get(f"/answering/items/{asked['p'][0]}").text
    assert "From Rhys" in kept_words
    again = second.post(f"/answering/items/{asked['p'][0]}", data={"version": version(page), "marking": "open", "text": "Both"})
    assert again.status_code == 302
    assert "Both" in first.get(f"/answering/items/{asked['p'][0]}").text


def test_what_is_typed_after_it_was_sent_is_shown_and_not_lost(asked, signed_in):
    client = signed_in("fire_responder")
    old = form(client, asked["f"][0], text="Too late")
    save(client, asked["f"][0], text="In time")
    client.post(f"/answering/{asked['fire']}/check", data={"items": asked["f"][0]})
    page = client.post(f"/answering/items/{asked['f'][0]}", data=old)
    assert page.status_code == 409
    assert "Too late" in page.text
    assert "This has been sent already" in page.text


def test_what_is_typed_while_the_approver_has_it_is_said_truthfully_with_the_files_not_kept(asked, signed_in):
    client = signed_in("responder")
    old = form(client, asked["p"][0], text="Too late")
    save(client, asked["p"][0], text="In time")
    client.post(f"/answering/{asked['police']}/check", data={"items": asked["p"][0], "hours": "1"})
    late = old | {"files": (io.BytesIO(a_pdf("Late")), "late.pdf")}
    page = client.post(f"/answering/items/{asked['p'][0]}", data=late, content_type="multipart/form-data")
    assert page.status_code == 409
    for said in (
        "This is waiting for approval already",
        "Nothing is sent yet",
        "These files are not saved either: late.pdf",
        "Too late",
    ):
        assert said in page.text, said
    assert "This has been sent already" not in page.text


def test_the_police_send_through_their_certifier(asked, signed_in, app):
    client, boss = signed_in("responder"), signed_in("certifier")
    save(client, asked["p"][0], figures="Children: 12")
    save(client, asked["p"][2], text="Monthly.")
    page = client.get(f"/answering/{asked['police']}/check")
    assert "Send to your approver" in page.text
    assert "Still without an answer" in page.text
    assert "Choose at least one answer" in client.post(f"/answering/{asked['police']}/check", data={"hours": "2"}).text
    sent = client.post(f"/answering/{asked['police']}/check", data={"items": [asked["p"][0], asked["p"][2]], "hours": "2.5"})
    assert sent.status_code == 302
    assert [state_of(app, item) for item in asked["p"]] == ["with_certifier", "asked", "with_certifier"]
    assert client.get(f"/answering/items/{asked['p'][0]}/certify").status_code == 403
    for page in (f"/answering/items/{asked['p'][0]}/certify", f"/answering/{asked['police']}/certify"):
        assert "Hours spent on this request, as entered: 2.5." in boss.get(page).text
    assert "2 answers to approve" in boss.get(f"/answering/{asked['police']}/certify").text
    page = boss.post(f"/answering/items/{asked['p'][0]}/certify", data={"decision": "send_back", "why": ""})
    assert "Say what must change" in page.text
    boss.post(f"/answering/items/{asked['p'][0]}/certify", data={"decision": "send_back", "why": "Name the year"})
    boss.post(f"/answering/items/{asked['p'][2]}/certify", data={"decision": "approve"})
    assert [state_of(app, item) for item in asked["p"]] == ["sent_back", "asked", "submitted"]
    assert "Name the year" in client.get(f"/answering/items/{asked['p'][0]}").text
    assert boss.post(f"/answering/items/{asked['p'][2]}/certify", data={"decision": "approve"}).status_code == 409
    assert "approved by Supt Dee Marsh" in client.get(f"/answering/{asked['police']}/receipt").text


def test_the_fire_service_sends_and_keeps_its_receipt(asked, signed_in, app):
    client = signed_in("fire_responder")
    save(client, asked["f"][0], figures="Calls: 4", files=(io.BytesIO(a_pdf("Calls")), "calls.pdf"))
    sent = client.post(f"/answering/{asked['fire']}/check", data={"items": [asked["f"][0]]})
    assert sent.headers["Location"] == f"/answering/{asked['fire']}/receipt"
    page = client.get(sent.headers["Location"])
    with app.app_context():
        sha256 = db.session.scalar(select(EvidenceFile.sha256))
    assert sha256 in page.text
    assert "calls.pdf" in page.text
    pdf = client.get(f"/answering/{asked['fire']}/receipt.pdf")
    if pdf.status_code == 409:
        pytest.skip("this machine has no Pango, so nothing can be printed on it")
    assert pdf.data.startswith(b"%PDF")
    assert "attachment" in pdf.headers["Content-Disposition"]
    assert pdf.data == client.get(f"/answering/{asked['fire']}/receipt.pdf").data
    lines = [line for one in pypdfium2.PdfDocument(pdf.data) for line in one.get_textpage().get_text_range().splitlines()]
    assert f"SHA-256 {sha256}" in [line.strip() for line in lines], "a digest stands whole on a line of its own"
    assert not [line for line in lines if re.search(r"\bitems?\b", line)], "an agency is asked questions"


def test_that_it_is_not_ours_stands_before_the_form(asked, signed_in):
    """On a telephone it stood at the end of the page, after ten boxes that somebody had filled by then."""
    page = signed_in("fire_responder").get(f"/answering/items/{asked['f'][0]}").text
    before = page[: page.index("Why it is asked")]
    for words in ("Another agency holds this", "We do not hold this", "Refuse, giving the ground"):
        assert words in before
    for words in ("Ask for more time", "Ask what is meant", "Hand this to a colleague"):
        assert words in before


def folded(page) -> dict[str, bool]:
    """The boxes of a page that are folded away, by name, with whether each begins open."""
    parts = re.findall(r"<details[^>]*?( open)?><summary[^>]*><span[^>]*>Add [^<]*</span>.*?</details>", page.text, re.DOTALL)
    texts = [one[0] for one in re.finditer(r"<details[^>]*><summary[^>]*><span[^>]*>Add .*?</details>", page.text, re.DOTALL)]
    names = [re.search(r'<(?:textarea|input)[^>]*name="(\w+)"', text)[1] for text in texts]
    return {name: bool(begins) for name, begins in zip(names, parts, strict=True)}


def test_a_question_shows_the_boxes_its_kind_needs_and_folds_the_others_away(asked, signed_in, app):
    """Every question showed ten boxes, whatever it asked for; nothing in a folded box is out of sight or lost."""
    client, (first, _, third) = signed_in("responder"), asked["p"]
    page = client.get(f"/answering/items/{first}")
    assert folded(page) == {"text": False, "files": False}, "it asks for figures"
    assert 'class="scrutiny-ground"' in page.text
    with app.app_context():
        db.session.get_one(Item, third).question.kind = "file"
        commit()
    assert folded(client.get(f"/answering/items/{third}")) == {"text": False, "figures": False, "period": False}
    typed = {"text": "A word", "as_at": ["31", "3", "2026"], "marking": "exempt", "exempt_ground": "Paragraph 3"}
    save(client, third, **typed, then="list")
    page = client.get(f"/answering/items/{third}")
    assert folded(page) == {"text": True, "figures": False, "period": True}
    assert 'class="scrutiny-ground"' not in page.text
    refused = save(client, third, text="A word", as_at=["31", "13", "2026"])
    assert folded(refused)["period"], "what is wrong is seen"


def test_the_questions_beside_one_are_reached_with_what_was_typed_kept(asked, signed_in):
    client, (first, second, third) = signed_in("responder"), asked["p"]
    assert "Save and previous" not in client.get(f"/answering/items/{first}").text
    page = client.get(f"/answering/items/{second}").text
    for other in (first, third):
        assert f'href="/answering/items/{other}" rel=' in page
    back = save(client, second, text="Half of it", then="previous")
    assert back.headers["Location"] == f"/answering/items/{first}"
    assert "Half of it" in client.get(f"/answering/items/{second}").text


def test_all_questions_stand_in_full_on_one_page(asked, signed_in, app):
    client = signed_in("colleague")
    page = client.get(f"/answering/{asked['police']}/questions")
    with app.app_context():
        for item in db.session.get_one(EvidenceRequest, asked["police"]).items:
            assert item.question.text in page.text
    assert f"/answering/{asked['police']}/questions" in client.get(f"/answering/{asked['police']}").text
    assert signed_in("fire_responder").get(f"/answering/{asked['police']}/questions").status_code == 404


def test_the_receipt_holds_the_whole_of_what_was_sent(asked, signed_in):
    """It ended after 200 letters, said “3 figures.” without them, and kept no ground."""
    client, words = signed_in("fire_responder"), "Every station was looked at. " * 40 + "And so was the last."
    kept = {"figures": "Calls: 4123\nCrews: <5", "period": "2025 to 2026", "marking": "exempt", "exempt_ground": "Paragraph 3"}
    save(client, asked["f"][0], text=words, **kept)
    client.post(f"/answering/{asked['fire']}/check", data={"items": [asked["f"][0]]})
    page = client.get(f"/answering/{asked['fire']}/receipt").text
    for said in ("And so was the last.", "4,123", "&lt;5", "2025 to 2026", "Paragraph 3"):
        assert said in page, said


def test_an_earlier_answer_is_offered_and_used(asked, signed_in, app, cast):
    client = signed_in("fire_responder")
    save(client, asked["f"][0], figures="Calls: 4", text="As in the year before.")
    client.post(f"/answering/{asked['fire']}/check", data={"items": [asked["f"][0]]})
    with app.app_context():
        again = ask(cast, "fire", NOW)
        commit()
        item = again.items[0].id
    page = client.get(f"/answering/items/{item}")
    assert "You have answered this before" in page.text
    answer = re.search(r'value="reuse-(\d+)"', page.text)[1]
    assert signed_in("responder").post(f"/answering/items/{asked['p'][0]}/reuse", data={"answer": answer}).status_code == 404
    client.post(f"/answering/items/{item}/reuse", data={"answer": answer})
    assert state_of(app, item) == "answered"
    assert "As in the year before." in client.get(f"/answering/items/{item}").text


def test_items_are_handed_on_or_said_not_to_be_ours(asked, signed_in, app, cast):
    client = signed_in("responder")
    hand = f"/answering/{asked['police']}/hand"
    page = client.get(f"/answering/items/{asked['p'][0]}/hand", follow_redirects=True)
    assert page.request.path == hand
    assert "Jo Field" in page.text
    assert "Finn Ward" not in page.text
    client.post(hand, data={"items": asked["p"][:1], "person": cast.colleague})
    assert "Jo Field has this" in client.get(f"/answering/{asked['police']}").text
    assert "You have this" in signed_in("colleague").get(f"/answering/{asked['police']}").text
    assert "Say who holds this" in client.post(f"/answering/items/{asked['p'][0]}/redirect", data={"to": ""}).text
    said = (("redirect", {"to": "The county council"}), ("not-held", {"why": "Never made"}), ("refuse", {"ground": "Section 31"}))
    for item, (page, words) in zip(asked["p"], said, strict=True):
        assert client.post(f"/answering/items/{item}/{page}", data=words).headers["Location"].endswith("/check")
    assert [state_of(app, item) for item in asked["p"]] == ["answered"] * 3, "nothing is sent before it was checked"
    checked = client.get(f"/answering/{asked['police']}/check").text
    assert "The county council has this" in checked
    assert "Section 31" in checked
    client.post(f"/answering/{asked['police']}/check", data={"items": asked["p"]})
    assert [state_of(app, item) for item in asked["p"]] == ["with_certifier"] * 3
    boss = signed_in("certifier")
    assert "Never made" in boss.get(f"/answering/{asked['police']}/certify").text
    boss.post(f"/answering/{asked['police']}/certify", data={f"read_{item}": "y" for item in asked["p"]})
    assert [state_of(app, item) for item in asked["p"]] == ["redirected", "not_held", "refused"]
    page = client.get(f"/answering/items/{asked['p'][0]}")
    assert "The county council has this" in page.text
    assert "Save and next" not in page.text


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (["6", "6", "2027"], "Sunday 6 June 2027 is not a working day. The next working day is Monday 7 June 2027"),
        (
            ["31", "5", "2027"],
            "Monday 31 May 2027 is a bank holiday (Spring bank holiday). The next working day is Tuesday 1 June",
        ),
        (["8", "6", "2027"], ""),
    ],
)
def test_more_time_until_a_day_nobody_works_is_said_to_both_sides(asked, signed_in, app, wanted, said):
    sent = {"what": "all", "until_on": wanted, "reason": "Half-term"}
    page = signed_in("responder").post(f"/answering/{asked['police']}/more-time", data=sent, follow_redirects=True)
    with app.app_context():
        extension = db.session.scalars(select(Extension)).one()
        found = extension.request
        address = f"/reviews/{found.review.reference}/requests/{found.slug}/extensions/{extension.id}"
    officer = signed_in("officer")
    shown = officer.get(address)
    granted = officer.post(address, data={"grant": "yes", "decision": "Yes", "until_on": wanted}, follow_redirects=True)
    for text in (page.text, shown.text, granted.text):
        assert (said in text) if said else ("The next working day" not in text)


@pytest.mark.parametrize(
    ("ending", "sent", "of"),
    [
        ("question", {"text": "Which year do you mean?"}, Note),
        ("more-time", {"what": "all", "until_on": ["1", "6", "2027"], "reason": "Half-term"}, Extension),
    ],
)
def test_four_who_ask_the_same_at_once_ask_once(asked, signed_in, app, ending, sent, of):
    """Forms of four pages, so nothing but the check itself keeps them apart: it is made in turn."""
    clients, together = [signed_in("responder") for _ in range(4)], Barrier(4)

    def send(client):
        together.wait(30)
        return client.post(f"/answering/{asked['police']}/{ending}", data=sent).status_code

    with ThreadPoolExecutor(4) as pool:
        assert max(pool.map(send, clients)) < 500
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(of)) == 1


def test_a_question_and_more_time_are_asked_and_shown(asked, signed_in, app):
    client = signed_in("responder")
    assert "About item 1" in client.get(f"/answering/{asked['police']}/question?item={asked['p'][0]}").text
    client.post(f"/answering/{asked['police']}/question?item={asked['p'][0]}", data={"text": "Which year do you mean?"})
    past = {"what": "all", "until_on": ["1", "1", "2026"], "reason": "Half-term"}
    page = client.post(f"/answering/{asked['police']}/more-time", data=past)
    assert "Choose a day after" in page.text
    assert "Half-term" in page.text
    client.post(f"/answering/{asked['police']}/more-time", data=past | {"until_on": ["1", "6", "2027"]})
    page = client.get(f"/answering/{asked['police']}")
    assert "Which year do you mean?" in page.text
    assert "Tuesday 1 June 2027" in page.text
    with app.app_context():
        note, extension = db.session.scalar(select(Note)), db.session.scalar(select(Extension))
        assert (note.item_id, extension.state) == (asked["p"][0], "asked")
        key = extension.id
    assert signed_in("fire_responder").post(f"/answering/extensions/{key}/take-back").status_code == 404
    client.post(f"/answering/extensions/{key}/take-back")
    assert "Withdrawn" in client.get(f"/answering/{asked['police']}").text


@pytest.mark.parametrize("field", ["marking", "version", "remove", "then"])
@pytest.mark.parametrize("odd", ["nonsense", "²", "9" * 5000, "9223372036854775808"])
def test_a_choice_nobody_offered_is_no_fault_of_ours(asked, signed_in, field, odd):
    """An unknown marking, version or file is refused on the page, or not there; what was typed stays."""
    client = signed_in("responder")
    sent = form(client, asked["p"][0], text="What I typed") | {field: odd}
    answer = client.post(f"/answering/items/{asked['p'][0]}", data=sent, content_type="multipart/form-data")
    assert answer.status_code in (200, 302, 404, 409)
    if field == "marking":
        assert answer.status_code == 200
        assert "What I typed" in answer.text
