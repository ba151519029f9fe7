"""The last step, told apart from the story: how many clicks and pages an officer needs from the front page to issued requests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator

from tests.browser.story import Story
from tests.browser.visitor import Visitor, loosely

MOST_CLICKS, MOST_PAGES = 20, 14
#: Signing in, where she must: in the demo, the link and her name.
SIGN_IN = 2
OWN_LINES = "How long do people wait to see a doctor?\nWho cannot get an appointment at all?"


class Walk:
    """Somebody's way through the pages: every press, tick, choice and opened details is a click, every page that comes is one."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.clicks, self.pages = visitor, 0, 0

    def begin(self, path: str) -> None:
        """Stand on the first page."""
        self.visitor.go(path)
        self.pages += 1

    def press(self, name: str) -> None:
        """Press a button or follow a link to the next page."""
        self.visitor.press(name)
        self.clicks += 1
        self.pages += 1

    def tick(self, label: str) -> None:
        """Tick a box or choose an answer."""
        self._box(label).check()
        self.clicks += 1

    def choose(self, field: str, label: str) -> None:
        """Choose from a list."""
        self.visitor.page.locator(f"main [name='{field}']").select_option(label=label)
        self.clicks += 1

    def open(self, summary: str) -> None:
        """Open what is folded away."""
        self.visitor.page.locator("main summary", has_text=summary).click()
        self.clicks += 1

    def _box(self, label: str) -> Locator:
        return self.visitor.page.locator("main").get_by_label(loosely(label)).first


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def walk(request: pytest.FixtureRequest, story: Story) -> Iterator[Walk]:
    """An officer who has signed in: as the story's own, for only so many links go to one address in a quarter of an hour."""
    visitor = Visitor(story.browser, story.instance, "officer", scripts=request.param)
    visitor.visit.add_cookies(story.person("officer").visit.cookies())
    yield Walk(visitor)
    visitor.visit.close()


def test_from_the_front_page_to_issued_requests(walk: Walk) -> None:
    """A partner, the scope, two lines and a question of her own, five agencies left out, letters read: all of it is issued."""
    officer = walk.visitor
    walk.begin("/")
    officer.fill(q="E10900001")  # five areas of the cast are called Loamshire
    walk.press("Find")
    walk.press("Open a review here")
    walk.choose("partner", "Care Standards Commission")
    walk.press("Save and continue")
    walk.tick("Council task and finish review")
    officer.shoot("short-method")
    walk.press("Save and continue")
    officer.fill(title="Seeing a doctor in Loamshire", reason="Residents wait.", in_scope="GPs", own_lines=OWN_LINES)
    walk.tick("Planning and paying for health services")
    officer.shoot("short-scope")
    walk.press("Save and continue")
    officer.sees("The review is about other services: Planning and paying for health services.")
    officer.shoot("short-agencies")
    walk.press("Save and continue")
    officer.sees("5 agencies left out")
    officer.shoot("short-steps")
    walk.press("Open the review and draft its requests")
    officer.sees("2 requests drafted. 5 agencies are left out.", "4 lines of enquiry have no question")
    officer.shoot("short-requests")
    walk.press("ask a question about How long do people wait to see a doctor?")
    officer.fill(text="How many appointments were offered within two weeks?")
    walk.tick("West Loamshire Integrated Care Board")
    walk.tick("East Loamshire Integrated Care Board")
    officer.shoot("short-ask")
    walk.press("Add to the drafts")
    officer.sees("3 lines of enquiry have no question")
    walk.press("Issue 2 requests")
    walk.open("Read every letter as it will go")
    officer.sees("Dear Wendy Moss", "How many appointments were offered within two weeks?")
    officer.shoot("short-issue")
    walk.press("Issue 2 requests")
    officer.sees("emails queued")
    assert walk.clicks + SIGN_IN <= MOST_CLICKS, walk.clicks
    assert walk.pages + SIGN_IN <= MOST_PAGES, walk.pages
    print(f"{walk.clicks} clicks, {walk.pages} pages")
