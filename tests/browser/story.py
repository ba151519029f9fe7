"""The story the steps tell together: one review of Barrow End, from the question on the front page to the report."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Browser

from scrutiny.formats import london_day
from tests.browser.instance import Instance
from tests.browser.visitor import Visitor


class Story:
    """Who has a browser open, and how far the review has come."""

    def __init__(self, browser: Browser, instance: Instance) -> None:
        self.browser, self.instance = browser, instance
        self.people: dict[str, Visitor] = {}
        self.reached: set[str] = set()
        self.reference = ""
        self.answering = ""
        self.reading = ""

    def person(self, who: str) -> Visitor:
        """Somebody of the cast, signed in since they were first met."""
        if who not in self.people:
            self.people[who] = Visitor(self.browser, self.instance, who).sign_in()
        return self.people[who]

    def anybody(self, name: str = "resident", *, scripts: bool = True) -> Visitor:
        """Somebody who has not signed in."""
        if name not in self.people:
            self.people[name] = Visitor(self.browser, self.instance, name, scripts=scripts)
        return self.people[name]

    def needs(self, *steps: str) -> None:
        """Stop here, in plain words, if an earlier step has not been reached."""
        missing = set(steps) - self.reached
        if missing:
            names = ", ".join(sorted(missing))
            pytest.fail(f"the story has not come to: {names}. Run tests/browser whole, and mend the first failure")

    @property
    def at(self) -> str:
        """The address of the review."""
        return f"/reviews/{self.reference}"


def today() -> date:
    """Today in London, as the pages know it."""
    return london_day(datetime.now(UTC))
