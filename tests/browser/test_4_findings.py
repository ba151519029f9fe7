"""Step 4: an inspector reads, cites in two clicks, recommends; agencies check the facts of what is about them."""

from __future__ import annotations

from datetime import timedelta

from tests.browser.papers import QUOTED
from tests.browser.story import Story, today
from tests.browser.test_2_a_review import OWN_QUESTION
from tests.browser.visitor import Visitor, link_in

WAIVED = "The authority told us by telephone that it has nothing to add."
NOTE = "Ask the ward sister whether the count is of patients or of stays."


def select_words(visitor: Visitor) -> None:
    """Draw the mouse over the words of the page that is shown."""
    words = visitor.page.locator(".scrutiny-page__words tspan")
    first, last = words.first.bounding_box(), words.last.bounding_box()
    assert first
    assert last
    visitor.page.mouse.move(first["x"] + 2, first["y"] + first["height"] / 2)
    visitor.page.mouse.down()
    visitor.page.mouse.move(last["x"] + last["width"] - 4, last["y"] + last["height"] / 2, steps=5)
    visitor.page.mouse.up()


def test_an_inspector_reads_and_keeps_a_private_note(story: Story) -> None:
    story.needs("accepted")
    inspector = story.person("lead_inspector")
    inspector.go(f"{story.at}/evidence")
    inspector.shoot("evidence")
    inspector.press("Spend in this place")
    inspector.go(f"{story.at}/evidence")
    inspector.press(OWN_QUESTION)
    inspector.refused("Keep the note", "Write the note")
    inspector.fill(note=NOTE)
    inspector.press("Keep the note")
    inspector.sees(NOTE)
    story.reading = inspector.path().split("?")[0]
    inspector.press("minutes.pdf", ".scrutiny-wide, main", 0)
    inspector.go(f"{story.at}/notes")
    inspector.sees(NOTE)
    other = story.person("partner_inspector")
    other.go(f"{story.at}/notes", status=404)


def test_words_that_are_selected_are_cited_in_two_clicks(story: Story) -> None:
    story.needs("accepted")
    inspector = story.person("lead_inspector")
    inspector.go(story.reading)
    inspector.press("minutes.pdf")
    select_words(inspector)
    assert inspector.page.input_value("[name=quotation]") == QUOTED
    inspector.shoot("reading")
    inspector.refused("Cite", "Give the new finding a title")
    inspector.fill(title="Most patients go home in time")
    inspector.press("Cite")
    inspector.sees("Cited in finding 1")
    inspector.fill(quotation="Words that stand nowhere in it")
    inspector.refused("Cite")
    inspector.go(story.reading)
    inspector.press("cases.xlsx")
    inspector.page.click("[data-cell='Cases!B2']")
    inspector.press("Cite")
    inspector.sees("Cited in finding 1, as its citation 2")


def test_a_finding_without_a_citation_cannot_be_proposed(story: Story) -> None:
    story.needs("accepted")
    inspector = story.person("lead_inspector")
    inspector.go(f"{story.at}/findings/new")
    inspector.refused("Save", "Give the finding a title")
    inspector.fill(title="A guess", text="It is said that it is worse at night.")
    inspector.press("Save")
    inspector.sees("Before it can be proposed", "No citation yet")
    assert inspector.page.get_by_role("button", name="Propose the finding").count() == 0
    token = inspector.page.locator("[name=csrf_token]").first.input_value()
    forced = inspector.page.request.post(f"{story.at}/findings/2/move", form={"csrf_token": token, "move": "propose"})
    assert forced.status == 409
    assert "cite what an agency sent" in forced.text()
    inspector.shoot("finding-lacking")
    inspector.fill(text="It is said that it is worse at night, and by whom.")
    inspector.press("Withdraw the finding")
    inspector.sees("A withdrawn finding cannot be brought back")
    inspector.shoot("finding-withdraw")
    inspector.press("Go on")
    inspector.sees("Withdrawn", "and by whom", "Finding 2 is withdrawn.")
    inspector.go(f"{story.at}/findings/1")
    inspector.fill(text="Loamshire Police counted that nine of ten patients went home in time.")
    inspector.press("Save")
    inspector.shoot("finding")
    inspector.press("Propose the finding")
    inspector.sees("Proposed")
    inspector.go(f"{story.at}/findings")
    inspector.shoot("findings")


def test_a_recommendation_names_an_agency_a_date_and_a_measure(story: Story) -> None:
    story.needs("accepted")
    inspector = story.person("lead_inspector")
    inspector.go(f"{story.at}/recommendations")
    inspector.press("Draft a recommendation")
    inspector.refused("Save", "Say what should be done")
    inspector.page.select_option("[name=agency]", label="Loamshire Police")
    inspector.fill(
        text="Meet weekly with the wards.", done_by=today() + timedelta(days=300), measure="Minutes of 45 meetings a year"
    )
    inspector.choose("Most patients go home in time")
    inspector.press("Save")
    inspector.press("Propose")
    inspector.sees("Proposed")
    inspector.shoot("recommendations")


def test_an_agency_corrects_a_fact_and_is_told_what_was_made_of_it(story: Story) -> None:
    story.needs("accepted")
    officer, responder = story.person("officer"), story.person("responder")
    officer.go(f"{story.at}/accuracy")
    officer.sees("Loamshire Police has not been shown finding 1")
    officer.press("Send 1 agency its extracts")
    officer.go(f"{story.at}/findings/1")
    officer.press("Finalise the finding")
    officer.sees("Your changes are saved. Loamshire Police has until", "Proposed")
    officer.go(f"{story.at}/report")
    officer.sees("What is holding it up", "Loamshire Police has until")
    officer.shoot("report-held-by-a-check")
    responder.go(link_in(responder.letter("facts"), "/accuracy/"))
    responder.shoot("accuracy-check")
    responder.press("Correct a fact")
    responder.refused("Save the correction", "Copy the words that are wrong")
    responder.fill(words="nine of ten patients", correction="eight of ten patients", grounds="The minutes of May, page 1.")
    responder.press("Save the correction")
    responder.sees("Your correction is saved, and not sent yet", "Not sent yet")
    officer.go(f"{story.at}/accuracy")
    officer.misses("eight of ten patients")
    responder.press("Send 1 correction to your approver")
    certifier = story.person("certifier")
    certifier.go(link_in(certifier.letter("check of the facts to approve"), "/accuracy/"))
    certifier.sees("eight of ten patients", "The minutes of May, page 1.")
    certifier.shoot("check-to-approve")
    certifier.press("Approve and send 1 correction")
    officer.go(f"{story.at}/accuracy")
    officer.press("Decide it")
    officer.refused("Save the decision", "Choose what is made of the correction", "Give the reason")
    officer.choose("Make the correction")
    officer.fill(decision="The minutes bear it out.")
    officer.refused("Save the decision", "The finding still says what the agency says is wrong")
    officer.fill(text="Loamshire Police counted that eight of ten patients went home in time.")
    officer.press("Save the decision")
    responder.letter("correction")
    responder.go("/inbox")
    officer.go(f"{story.at}/findings/1")
    officer.sees("eight of ten patients")
    officer.fill(text="Loamshire Police counted that eight of ten patients went home in time. Loamshire Fire and Rescue did not.")
    officer.press("Finalise the finding")
    officer.sees("Loamshire Fire and Rescue has not been shown this finding", "Proposed")
    story.reached.add("checked")


def test_a_check_is_waived_by_name_with_a_reason(story: Story) -> None:
    story.needs("checked")
    officer = story.person("officer")
    officer.go(f"{story.at}/accuracy")
    officer.press("Go on without it")
    officer.refused("Go on without the check", "Say why: the reason is printed in the report")
    officer.shoot("accuracy-waive")
    officer.fill(reason=WAIVED)
    officer.press("Go on without the check")
    officer.sees(WAIVED, "the findings can be finalised")
    officer.go(f"{story.at}/findings/1")
    officer.press("Finalise the finding")
    officer.sees("Final")
    story.reached.add("settled")
