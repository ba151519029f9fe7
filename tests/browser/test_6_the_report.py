"""Step 6: the officer sets the day and hour; the timetable of the served instance seals, prints and releases, and writes."""

from __future__ import annotations

import time
from datetime import timedelta

import pypdfium2

from tests.browser.story import Story, today
from tests.browser.test_2_a_review import TITLE
from tests.browser.test_4_findings import WAIVED
from tests.browser.test_5_sign_off import DISSENT
from tests.browser.visitor import link_in, text_of


def test_the_release_is_set_for_a_day_and_hour(story: Story) -> None:
    story.needs("signed")
    officer = story.person("officer")
    officer.go(f"{story.at}/report")
    officer.shoot("report-ready")
    officer.press("Read the draft")
    officer.sees("Draft: not published", "eight of ten patients")
    officer.go(f"{story.at}/report")
    officer.refused("Schedule the release", "Enter the day of release")
    officer.fill(on=today() + timedelta(days=1), hour="09:30")
    officer.refused("Schedule the release", "Say that you have seen this first")
    for box in officer.page.locator("[name=seen]").all():
        box.check()
    officer.press("Schedule the release")
    officer.sees("The report is scheduled for publication on", "dissents from the report as a whole. Seen by")
    story.anybody().go(f"/reports/{story.reference}", status=404)
    story.reached.add("scheduled")


def test_the_timetable_releases_page_and_pdf_and_writes_to_every_agency(story: Story) -> None:
    story.needs("scheduled")
    officer, resident = story.person("officer"), story.anybody()
    story.instance.bring_forward_release()
    end = time.monotonic() + 100
    while resident.page.request.get(f"/reports/{story.reference}").status != 200:
        assert time.monotonic() < end, "the report did not come out:\n" + (story.instance.folder / "served.log").read_text()
        time.sleep(1)
    for who in ("icb.responder", "fire.responder", "barrow.council.office", "county.council.office"):
        story.instance.postbox.letter(f"{who}@example.org", f"Published: {TITLE}")
    responder = story.person("responder")
    assert "/recommendations/" in text_of(responder.letter("Recommendation 1 to you"))
    resident.go(f"/reports/{story.reference}")
    resident.sees(TITLE, "Most patients go home in time", "Meet weekly with the wards.", DISSENT, "Cllr Joan Pike", WAIVED)
    resident.shoot("report-public")
    with resident.download("This report as PDF") as kept:
        pdf = pypdfium2.PdfDocument(kept[0])
        words = " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())
    assert "Most patients go home in time" in words
    assert "I do not believe" in words
    officer.go(f"{story.at}/report")
    officer.sees("Released")
    responder.go("/inbox")
    responder.shoot("inbox-agency-after")
    story.reached.add("released")


def test_the_agency_responds_and_the_body_follows_it(story: Story) -> None:
    story.needs("released")
    responder, officer = story.person("responder"), story.person("officer")
    responder.go("/inbox")
    responder.enter("main a[href*='/recommendations/']")
    responder.refused("Send to your approver", "Choose your response", "Say in your own words")
    responder.page.locator("[name=move][value=reject]").check()
    responder.fill(response="We have no officers for it.")
    responder.press("Send to your approver")
    responder.sees("Nothing is sent until your approver approves it.")
    officer.go(f"{story.at}/recommendations")
    officer.misses("We have no officers for it.")
    certifier = story.person("certifier")
    certifier.go(link_in(certifier.letter("To approve: the response"), "/approvals/"))
    certifier.sees("We have no officers for it.", "Meet weekly with the wards.", "wrote this")
    certifier.shoot("response-to-approve")
    certifier.press("Approve and send")
    certifier.sees("Approved and sent by", "email queued.")
    assert responder.letter("Approved and sent: the response")
    officer.go(f"{story.at}/recommendations")
    officer.press("Read and follow it")
    officer.sees("Rejected", "We have no officers for it.")
    officer.misses("Done: we have verified it")
    officer.refused("Save and publish", "Choose what you decided", "Give the reason")
    officer.page.locator("[name=move][value=close_not_accepted]").check()
    officer.fill(why="We asked twice, and still think that it should be done.", evidence="The letter of the chief constable")
    officer.press("Save and publish")
    officer.sees("Closed as not accepted", "queued.")
    officer.shoot("recommendation-closed")


def test_a_recommendation_that_was_not_accepted_is_public_as_that(story: Story) -> None:
    story.needs("released")
    resident = story.anybody()
    for path in (f"/reports/{story.reference}", "/places/E07900002"):
        resident.go(path)
        resident.sees("Closed as not accepted", "We have no officers for it.", "We asked twice, and still think")
        resident.misses("Done and")
