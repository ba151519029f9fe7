"""Step 7: what the public sees of the place, an alert for it, and an error reported."""

from __future__ import annotations

from tests.browser.story import Story
from tests.browser.visitor import link_in, text_of


def test_the_place_shows_what_was_found_and_nothing_else(story: Story) -> None:
    story.needs("released")
    resident = story.anybody()
    resident.go("/places/E07900002")
    resident.sees("Most patients go home in time", "Meet weekly with the wards.")
    resident.misses("A guess", "Hospices are")
    resident.shoot("place-public")
    resident.go("/places/E07900003")
    resident.sees("No report yet")
    for path in ("/", "/reports", f"/about/{story.reference}", "/methods", "/methods/council-task-and-finish", "/data"):
        resident.go(path)
    resident.go("/accessibility")
    resident.go("/privacy")
    resident.go("/contact")


def test_an_alert_begins_by_the_link_in_a_letter(story: Story) -> None:
    resident = story.anybody()
    resident.go("/places/E07900002")
    resident.press("Get an email when")
    if resident.page.get_by_role("button", name="Continue").count():
        resident.press("Continue")
    resident.refused("Tell me by email", "Enter your email address")
    resident.fill(address="resident@example.org")
    resident.press("Tell me by email")
    resident.go(link_in(resident.letter("Barrow End"), "/alerts/confirm/"))
    resident.press("Yes, write to me")
    resident.shoot("alert-confirmed")


def test_an_error_in_a_report_is_reported_and_decided(story: Story) -> None:
    story.needs("released")
    resident, officer = story.anybody(), story.person("officer")
    resident.go(f"/reports/{story.reference}/error")
    resident.refused("Send", "Say where the error is", "Say what is wrong")
    resident.fill(where="Finding 1", text="It was June, not May.", address="resident@example.org")
    resident.press("Send")
    resident.sees("Those who made the report have been told")
    officer.letter("An error has been reported")
    officer.go(f"{story.at}/report")
    officer.press("read and decide")
    officer.choose("The report stays as it is")
    officer.fill(decision="The minutes are of May.")
    officer.press("Save")
    assert "The minutes are of May." in text_of(resident.letter("The error you reported"))
