"""Step 2: an officer opens a review in short steps, looks at every draft and letter, and issues all in one go."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.browser.story import Story, today
from tests.browser.visitor import text_of

TITLE = "Care for older people in Barrow End"
REASON = "Residents told us that they wait for care."
OWN_QUESTION = "Send us the minutes of the discharge meetings of the last year."


def test_an_officer_opens_a_review_in_short_steps(story: Story) -> None:
    officer = story.person("officer")
    officer.shoot("inbox-body")
    officer.go("/places/E07900002")
    officer.press("Open a review here")
    officer.fill(places="")
    officer.refused("Save and continue", "Enter the name or code of a place")
    officer.fill(places="Atlantis")
    officer.refused("Save and continue")
    officer.fill(places="E07900002", announced_on=today(), partner="Office for Standards in Learning")
    officer.press("Save and continue")
    officer.shoot("opening-method")
    officer.fill(method="council-task-and-finish")
    officer.press("Save and continue")
    officer.refused("Save and continue", "Give the review a title")
    officer.fill(title=TITLE, reason=REASON, in_scope="Care at home", out_of_scope="Hospices")
    officer.press("Save and continue")
    officer.press("Save and continue")
    officer.sees("Each step is saved as you finish it")
    officer.shoot("opening-steps")
    officer.press("Open the review and draft its requests")
    found = re.search(r"/reviews/(R-\d{4}-\d{3,})", officer.path())
    assert found, officer.path()
    story.reference = found[1]
    story.reached.add("opened")


def test_a_partner_is_invited_told_and_accepts(story: Story) -> None:
    story.needs("opened")
    officer, partner = story.person("officer"), story.person("lead_inspector")
    officer.go(f"{story.at}/people")
    officer.sees("Invited", "It has no part in the review until it accepts.")
    officer.shoot("people-invited")
    told = story.instance.postbox.letter("lead.inspector@example.org", f"Invitation to take part: {TITLE}")
    assert "reviewing Barrow End and invites Office for Standards in Learning to be a partner" in text_of(told)
    partner.go(story.at, status=404)
    partner.go("/inbox")
    partner.shoot("inbox-invited")
    partner.press(f"Invitation to take part: {TITLE}")
    partner.shoot("invitation")
    partner.fill(answer="decline")
    partner.press("Send the answer")
    partner.sees("Say why your body cannot take part")
    partner.fill(answer="accept")
    partner.press("Send the answer")
    assert partner.path() == story.at
    story.instance.postbox.letter("officer@example.org", "takes part")


def test_the_method_drafts_a_request_to_every_agency_that_answers(story: Story) -> None:
    story.needs("opened")
    officer = story.person("officer")
    officer.go(f"{story.at}/requests")
    officer.shoot("requests-drafted")
    for name in ("Loamshire County Council", "Barrow End District Council", "Loamshire Police", "Loamshire Fire and Rescue"):
        officer.sees("The letter goes to", name)
    officer.sees("West Loamshire Integrated Care Board", "East Loamshire Integrated Care Board")
    officer.sees("Issue 6 requests", "Why this date?")


def test_the_officer_edits_adds_and_drops_with_a_reason(story: Story) -> None:
    story.needs("opened")
    officer = story.person("officer")
    officer.go(f"{story.at}/requests")
    officer.press("Ask a question of your own")
    officer.refused("Add to the drafts", "Write the question", "Choose at least one agency")
    officer.page.locator("[name=line]").select_option(index=3)
    officer.fill(text=OWN_QUESTION, why="We heard of long waits.", kind="any")
    for name in ("Loamshire Police", "Loamshire Fire and Rescue"):
        officer.choose(name)
    officer.press("Add to the drafts")
    officer.sees(OWN_QUESTION)
    officer.press("Leave out item 1 for Loamshire County Council")
    officer.refused("Save", "Give the reason")
    officer.fill(why="It is in the published budget.")
    officer.press("Save")
    officer.go(f"{story.at}/requests")
    officer.sees("It is in the published budget.")
    officer.press("Leave the agency out: East Loamshire Integrated Care Board")
    officer.fill(why="Its part of the place is looked at next year.")
    officer.press("Save")
    officer.go(f"{story.at}/requests")
    officer.sees("Issue 5 requests", "Its part of the place is looked at next year.")


def test_the_second_of_two_editors_sees_both_versions(story: Story) -> None:
    story.needs("opened")
    officer, chair = story.person("officer"), story.person("chair")
    officer.go(f"{story.at}/requests")
    officer.press("Edit item 1 for Loamshire Police")
    edit = officer.path()
    chair.go(edit)
    officer.fill(period="April 2024 to March 2026")
    officer.press("Save")
    chair.fill(period="January 2025 to December 2025")
    chair.press("Save")
    chair.sees("while you had it open", "April 2024 to March 2026", "January 2025 to December 2025")
    chair.shoot("both-versions")
    chair.press("Save")
    officer.go(edit)
    assert officer.page.input_value("[name=period]") == "January 2025 to December 2025"


def test_every_letter_is_read_before_all_are_issued(story: Story) -> None:
    story.needs("opened")
    officer = story.person("officer")
    officer.go(f"{story.at}/requests")
    officer.press("Read the letter to Loamshire Police")
    officer.sees("Loamshire Police", REASON)
    officer.shoot("letter-preview")
    officer.go(f"{story.at}/requests")
    officer.press("Read every letter first")
    officer.go(f"{story.at}/requests/issue")
    officer.shoot("issue")
    officer.press("Issue 5 requests")
    letter = story.instance.postbox.letter("responder@example.org", "Evidence request")
    assert "Loamshire Police" in text_of(letter)
    story.reached.add("issued")
    for page in ("requests", "lines", "timetable", "people", "questions", "history", "letters", "matrix", "edit", "announce"):
        officer.go(f"{story.at}/{page}")
    officer.go(story.at)
    officer.shoot("hub")
    officer.go("/reviews")


def test_a_phase_is_moved_and_the_dates_say_why(story: Story) -> None:
    story.needs("issued")
    officer = story.person("officer")
    officer.go(f"{story.at}/timetable")
    officer.shoot("timetable")
    officer.press("Move")
    officer.fill(ends_on=today() - timedelta(days=400))
    officer.refused("Show what follows")
