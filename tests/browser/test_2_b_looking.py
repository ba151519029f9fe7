"""Step 2b: the pages about many places, codes, delays, reminders and dates stand, wide and on a phone."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe

from tests.browser.story import Story
from tests.browser.visitor import NARROW, TOO_WIDE, WIDE, Visitor

PUBLIC = (
    "/many",
    "/codes",
    "/codes/E07900002",
    "/apportion",
    "/data",
    "/places/E07900002",
    "/register",
    "/methods",
    "/methods/area-send",
)
ADMINISTRATOR = (
    "/administration/reorganisations",
    "/administration/reorganisations/new",
    "/administration/holidays",
    "/administration/boundaries",
    "/administration/boundaries/lineage",
    "/administration/letters/coming",
)
OFFICER = ("/delays", "/delays/responses", "/calendars")
REVIEW = ("timetable", "reminders", "chase", "withdraw", "requests", "requests/attend", "requests/P01", "requests/P01/starts")


def looked_at(visitor: Visitor, path: str) -> None:
    """The page has one heading, and axe-core finds nothing wrong with it as a phone shows it either; `go` looks at it wide."""
    visitor.go(path)
    on_this_page(visitor)


def on_this_page(visitor: Visitor) -> None:
    """The same, where the visitor stands."""
    page = visitor.page
    assert page.locator("h1").count() == 1, page.url
    assert page.locator("main .govuk-button:not([class*='--'])").count() <= 1, f"{page.url} has two first buttons"
    page.set_viewport_size(NARROW)
    found = Axe().run(page).response["violations"]
    wide = page.evaluate(TOO_WIDE)
    hidden = page.evaluate(OUT_OF_SIGHT)
    page.set_viewport_size(WIDE)
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == [], page.url
    assert wide == [], page.url
    assert hidden == [], f"{page.url}: a phone does not show these columns"


#: Cells of tables of more than three columns that end right of a phone's edge, though the page itself does not scroll.
OUT_OF_SIGHT = """() => [...document.querySelectorAll(".scrutiny-stack td")]
  .filter(cell => cell.getBoundingClientRect().right > window.innerWidth + 1)
  .slice(0, 3).map(cell => cell.outerHTML.slice(0, 200))"""


def test_what_anybody_may_ask_stands_at_both_widths(story: Story) -> None:
    resident = story.anybody()
    for path in PUBLIC:
        looked_at(resident, path)


def test_a_list_of_places_is_answered_at_both_widths(story: Story) -> None:
    resident = story.anybody()
    resident.go("/many")
    resident.fill(places="LM1 1AA\nE07900002\nnowhere")
    resident.press("Answer the list")
    resident.page.wait_for_selector("main table", timeout=30_000)
    on_this_page(resident)


def test_what_the_administrator_keeps_stands_at_both_widths(story: Story) -> None:
    administrator = story.person("administrator")
    for path in ADMINISTRATOR:
        looked_at(administrator, path)


def test_what_the_officer_watches_stands_at_both_widths(story: Story) -> None:
    story.needs("issued")
    officer = story.person("officer")
    for path in (*OFFICER, *(f"{story.at}/{part}" for part in REVIEW)):
        looked_at(officer, path)
