"""Step 1: which place? By name, code, postcode or on the map; who answers for it, and where a footprint does not match."""

from __future__ import annotations

from tests.browser.story import Story


def test_a_place_is_found_by_name_code_and_postcode(story: Story) -> None:
    resident = story.anybody()
    resident.go("/")
    resident.shoot("front")
    for typed, name in (("Barrow End", "Barrow End"), ("E07900003", "Corley"), ("lm1 1aa", "Ashby")):
        resident.go("/")
        resident.fill(q=typed)
        resident.press("Find")
        assert resident.page.locator("h1").inner_text() == name
    resident.sees("At LM1 1AA exactly")


def test_what_cannot_be_found_says_what_to_try(story: Story) -> None:
    resident = story.anybody()
    resident.go("/")
    resident.press("Find")
    assert resident.page.locator(".govuk-error-message").count() == 1
    resident.fill(q="Nowhere at All")
    resident.press("Find")
    assert resident.page.locator("main").get_by_role("searchbox").input_value() == "Nowhere at All"


def test_the_map_leads_to_the_place_by_mouse_and_by_keyboard(story: Story) -> None:
    resident = story.anybody()
    resident.go("/")
    district = resident.page.locator("svg a[href*='E07900002']").first
    with resident.page.expect_navigation():
        district.click()
    assert resident.path().startswith("/places/E07900002?at=5")
    resident.sees("exactly")
    resident.go("/")
    resident.page.locator("svg a[href*='E07900003']").first.focus()
    with resident.page.expect_navigation():
        resident.page.keyboard.press("Enter")
    assert resident.path() == "/places/E07900003"


def test_every_agency_that_answers_is_named_with_its_share_in_words(story: Story) -> None:
    resident = story.anybody()
    resident.go("/places/E07900002")
    resident.shoot("place")
    for name in ("Loamshire County Council", "Barrow End District Council", "Loamshire Police", "Loamshire Fire and Rescue"):
        resident.sees(name)
    resident.misses("Ashby District Council")
    resident.sees("West Loamshire Integrated Care Board covers", "of Barrow End")
    resident.sees("No report yet")
    resident.page.select_option("[name=service]", label="Mental health")
    resident.press("Show who")
    resident.sees("Who may ask it, and the legal basis")
    resident.go("/places/E07900002?on=2021-05-01")
    resident.go("/places/E07900002?layer=police")
