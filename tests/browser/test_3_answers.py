"""Step 3: agencies answer item by item; the officer sees the matrix, returns and accepts."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest

from tests.browser import papers
from tests.browser.story import Story, today
from tests.browser.test_2_a_review import OWN_QUESTION, TITLE
from tests.browser.visitor import Visitor, link_in, text_of

SPEND, EARLIER, CRIME, HARM, REFERRALS = (
    "1. Spend in this place",
    "2. Earlier recommendations",
    "3. Crime and incidents",
    "4. Vulnerability and prevention",
    "5. Referrals between agencies",
)
OWN = f"6. {OWN_QUESTION}"


def at_item(visitor: Visitor, story: Story, item: str) -> Visitor:
    """The page of one item of the request to the visitor's agency."""
    visitor.go(story.answering)
    visitor.press(item)
    return visitor


def test_a_letter_leads_to_the_request_by_a_one_time_link(story: Story) -> None:
    story.needs("issued")
    responder = story.anybody("responder")
    letter = responder.letter("Evidence request")
    responder.sign_in(link_in(letter, "/requests/"))
    responder.sees(TITLE, "0 of 6 items done")
    story.answering = responder.path()
    responder.shoot("answering-tasks")
    responder.go("/inbox")
    responder.sees("This quarter: 6 items asked by 1 body", TITLE)
    responder.shoot("inbox-agency")
    responder.press("Answer" if responder.page.get_by_role("link", name="Answer").count() else "Continue")
    assert responder.path() == story.answering


def test_figures_are_read_and_what_was_typed_is_kept(story: Story) -> None:
    responder = at_item(story.person("responder"), story, SPEND)
    responder.refused("Save and next", "Write an answer, give figures or add a file")
    responder.fill(figures="about a million")
    responder.press("Save and next")
    responder.sees("Before you send item 1")
    at_item(responder, story, SPEND)
    responder.sees("Still to do before this can be sent")
    responder.misses("There is a problem")
    assert responder.page.input_value("[name=figures]") == "about a million"
    responder.fill(figures="Neighbourhood policing in the year: 1,204,000 pounds", marking="open")
    responder.press("Save and next")
    responder.sees("Item 1 is saved. Nothing is sent yet", "What has been recommended to you")
    responder.fill(text="One, by the crime panel: patrols. Done in May.", marking="exempt")
    responder.press("Save and next")
    responder.sees("Before you send item 2: Say which paragraph of Schedule 12A")
    at_item(responder, story, EARLIER)
    responder.fill(marking="open")
    responder.press("Save and come back later")


def test_files_are_sent_with_progress_and_kept_for_later(story: Story) -> None:
    responder = at_item(story.person("responder"), story, OWN)
    responder.shoot("answering-item")
    said = "The minutes of twelve meetings, and the cases."
    responder.fill(text=said, files=[papers.minutes(), papers.cases()], marking="open")
    responder.press("Save and come back later")
    at_item(responder, story, OWN)
    assert responder.page.input_value("[name=text]") == said
    responder.sees("minutes.pdf", "cases.xlsx", "2 pages", "2 sheets")


def test_files_that_cannot_be_taken_are_refused_in_plain_words(story: Story, tmp_path: Path) -> None:
    responder = at_item(story.person("responder"), story, HARM)
    said = {
        "is not a PDF": papers.not_what_it_says(),
        "setup.exe” cannot be taken": papers.of_no_kind_we_take(),
        "empty.pdf” is empty": papers.empty(),
        "half.pdf”": papers.cut_short(),
    }
    responder.fill(text="We meet monthly.", marking="open")
    for sentence, file in said.items():
        responder.fill(files=[file])
        responder.refused("Save and next", sentence)
        assert responder.page.input_value("[name=text]") == "We meet monthly."
    responder.fill(files=papers.too_large(tmp_path))
    responder.page.wait_for_selector("text=choose a file smaller than 2MB")
    responder.look()
    responder.shoot("too-large")
    responder.fill(files=[papers.with_a_hostile_name()])
    responder.press("Save and come back later")
    at_item(responder, story, HARM)
    assert responder.page.locator("main img").count() == 0
    responder.misses("half.pdf", "empty.pdf", "letter.pdf", "etc/")
    responder.sees("Files kept", ".pdf")


def test_an_upload_cut_off_half_way_keeps_nothing_and_says_so(story: Story) -> None:
    responder = at_item(story.person("responder"), story, CRIME)
    responder.fill(figures="Crimes in the year: 2,010", files=[papers.minutes()], marking="open")
    responder.visit.set_offline(True)
    responder.page.get_by_role("button", name="Save and next").click()
    responder.page.wait_for_selector("text=You are offline, so nothing was sent")
    responder.visit.set_offline(False)
    responder.page.wait_for_function("navigator.onLine")
    responder.page.wait_for_timeout(1100)  # a second press within a second is taken for a double click
    responder.page.route("**/answering/items/*", lambda route: route.abort())
    responder.page.get_by_role("button", name="Save and next").click()
    responder.page.wait_for_selector("text=the connection was lost. Nothing was kept")
    responder.page.unroute_all()
    assert responder.page.input_value("[name=figures]") == "Crimes in the year: 2,010"
    responder.complaints.clear()  # the browser's own word that the network was away
    half = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n%PDF-1.7 half of it'
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in responder.visit.cookies())
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Cookie": cookie}
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(responder.page.url, half, headers))
    assert refused.value.code == 400
    assert "What you had saved is safe" in refused.value.read().decode()
    at_item(responder, story, CRIME)
    responder.misses("Files kept")
    responder.sees("Not saved yet", "It is back in the form below")
    assert responder.page.input_value("[name=figures]") == "Crimes in the year: 2,010"
    responder.press("Discard what I typed")
    assert responder.page.input_value("[name=figures]") == ""


def test_an_item_is_handed_to_a_colleague_and_two_editors_see_both_versions(story: Story) -> None:
    responder = at_item(story.person("responder"), story, REFERRALS)
    responder.press("Hand this to a colleague")
    responder.refused("Hand over", "Choose a colleague")
    responder.choose("Jo Field")
    responder.press("Hand over")
    colleague = story.anybody("colleague")
    colleague.sign_in(link_in(colleague.letter("asks you to answer"), "/answering/items/"))
    colleague.sees("You have this")
    at_item(responder, story, REFERRALS)
    colleague.fill(figures="Referrals made: 310", marking="open")
    colleague.press("Save and come back later")
    responder.fill(figures="Referrals made: 290", marking="open")
    responder.press("Save and next")
    responder.sees("Jo Field", "Referrals made: 310", "Referrals made: 290")
    responder.shoot("both-versions-agency")
    responder.press("Leave it as Jo Field left it")


def test_not_us_a_question_and_more_time(story: Story) -> None:
    responder, officer = at_item(story.person("responder"), story, CRIME), story.person("officer")
    responder.press("Another agency holds this")
    responder.refused("Save and check", "Say who holds this")
    responder.fill(to="The crime recording office of Fernshire Police", why="It records for both forces.")
    responder.press("Save and check")
    responder.sees("Nothing has been sent: check it, then send it", "The crime recording office of Fernshire Police has this")
    responder.go(story.answering)
    responder.press("Ask a question")
    responder.refused("Send the question", "Write your question")
    responder.fill(text="Does the last year mean the financial year?")
    responder.press("Send the question")
    responder.press("Ask for more time")
    responder.fill(until_on=today() - timedelta(days=1), reason="Leave.")
    responder.refused("Ask for more time")
    responder.fill(until_on=today() + timedelta(days=90), reason="The records are being moved.")
    responder.press("Ask for more time")
    officer.go(link_in(officer.letter("asks a question"), "/reviews/").removeprefix(story.instance.address))
    officer.press("Reply", "main")
    officer.fill(text="Yes, April to March.")
    officer.press("Send the reply")
    officer.press("Decide")
    officer.choose("Yes")
    officer.press("Decide")
    responder.go(story.answering)
    responder.sees("Yes, April to March.", "Granted, until")


def test_the_certifier_sends_one_back_and_approves(story: Story) -> None:
    responder, certifier = story.person("responder"), story.anybody("certifier")
    responder.go(story.answering)
    responder.press("Check answers and send")
    responder.shoot("check-answers")
    responder.fill(hours="a few")
    responder.refused("Send to your approver", "Enter the hours as a number, such as 1.5, or as 2h 30")
    responder.fill(hours="14.5")
    responder.press("Send to your approver")
    responder.press(CRIME)
    responder.press("Withdraw this")
    responder.press("Withdraw it")
    responder.press("Check and send it")
    responder.choose("3. ")  # what was taken back is sent only where somebody ticks it again
    responder.press("Send to your approver")
    certifier.sign_in(link_in(certifier.letter("to approve"), "/certify"))
    certifier.sees("It records for both forces.", "One, by the crime panel")
    certifier.shoot("approve-many")
    certifier.refused("Save my decisions", "Tick what you have read and approve, or say what must change")
    for number in (1, 3, 4, 5, 6):
        certifier.choose(f"I have read item {number} and approve it")
    certifier.page.get_by_label("Or say what must change in item 2").fill("Name the panel's report.")
    certifier.press("Save my decisions")
    certifier.sees("5 answers were sent", "1 answer was sent back")
    story.person("officer").go(f"{story.at}/matrix")
    responder.go(link_in(responder.letter("has returned an answer"), "/answering/items/"))
    responder.sees("Name the panel's report.")
    responder.fill(text="One, by the crime panel in its report of March: patrols. Done in May.")
    responder.press("Save and come back later")
    responder.press("Check answers and send")
    responder.press("Send to your approver")
    certifier.go(f"{story.answering}/certify")
    certifier.press("Open this answer (2)")
    certifier.choose("Approve it")
    certifier.press("Save the decision")


def test_the_receipt_is_kept_as_a_pdf(story: Story) -> None:
    responder = story.person("responder")
    responder.go(f"{story.answering}/receipt")
    responder.sees("minutes.pdf", "approved by Supt Dee Marsh", "SHA-256")
    responder.shoot("receipt")
    with responder.download("Download the receipt as a PDF") as kept:
        words = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(kept[0]))
    assert "minutes.pdf" in words
    assert story.person("certifier").letter("Receipt")
    story.reached.add("answered")


def test_another_agencys_request_is_not_there(story: Story) -> None:
    stranger = story.person("stranger")
    stranger.go(story.answering, status=404)
    stranger.shoot("not-found")
    stranger.go(story.at, status=404)


def test_an_answer_that_came_by_post_is_entered(story: Story) -> None:
    story.needs("answered")
    officer = story.person("officer")
    officer.go(f"{story.at}/requests")
    officer.press("Barrow End District Council")
    officer.press("1. Spend in this place")
    officer.press("Enter an answer that came by email, by post")
    officer.refused("Enter this answer", "Say how the answer came")
    officer.fill(came_by="post", received_by="Olwen Price", received_on=today(), marking="open")
    officer.fill(figures="Housing: 410,000 pounds")
    officer.press("Enter this answer")
    officer.sees("received by Olwen Price", "Housing: 410,000 pounds")


def test_the_matrix_shows_it_and_the_officer_returns_one_and_accepts_the_rest(story: Story) -> None:
    story.needs("answered")
    officer, responder = story.person("officer"), story.person("responder")
    officer.go(f"{story.at}/matrix")
    officer.shoot("matrix")
    officer.sees("Answered", "Redirected", "Waiting")
    officer.page.select_option("[name=agency]", label="Loamshire Police")
    officer.press("Filter")
    assert "agency=" in officer.path()
    officer.enter(".scrutiny-matrix__all a[href$='/5']")
    officer.press("Return for more")
    officer.refused("Return it", "Say what is missing")
    officer.fill(why="Say to whom you referred them.")
    officer.press("Return it")
    assert "Say to whom you referred them." in text_of(responder.letter("More needed on question 5"))
    officer.go(f"{story.at}/requests")
    officer.press("Loamshire Police")
    officer.shoot("request-sent")
    officer.press("Accept everything answered")
    officer.sees("Accepted")
    for file in ("CSV", "XLSX"):
        officer.go(f"{story.at}/matrix")
        with officer.download(file) as kept:
            assert kept[0].stat().st_size > 500
    story.reached.add("accepted")


def test_the_list_of_requests_is_published_after_its_preview(story: Story) -> None:
    story.needs("accepted")
    officer, resident = story.person("officer"), story.anybody()
    resident.go(f"/about/{story.reference}")
    resident.misses(OWN_QUESTION)
    officer.go(f"{story.at}/announce")
    officer.press("Publish the list of requests")
    officer.sees("This cannot be undone for the list", "requests become public today", "Not published: no answer accepted")
    officer.shoot("publish-list")
    officer.press("Publish the list")
    officer.sees("The list of requests is public")
    resident.go(f"/about/{story.reference}")
    resident.sees(OWN_QUESTION)
    resident.misses("The minutes of twelve meetings")
