"""Somebody at a browser: goes, fills in and presses as a person does, and finds fault with every page on the way."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Response, ViewportSize, expect
from playwright.sync_api import TimeoutError as WaitedTooLong

from tests.browser.instance import Instance

WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 375, "height": 812}
#: Pictures of pages are kept here where it is set: SHOTS=folder pytest tests/browser
SHOTS = os.environ.get("SHOTS")
#: A browser's console also complains of every page that answers 4xx or 503: the tests that ask for one look at the page itself.
LOADING = re.compile(r"Failed to load resource: the server responded with a status of (4\d\d|503)")


class Visitor:
    """One person with a browser of their own; `who` is one of the cast, or a name for somebody who has not signed in."""

    def __init__(self, browser: Browser, instance: Instance, who: str, *, scripts: bool = True) -> None:
        self.instance, self.who, self.scripts = instance, who, scripts
        self.visit = browser.new_context(base_url=instance.address, viewport=WIDE, java_script_enabled=scripts)
        self.visit.set_default_timeout(30_000)
        self.page: Page = self.visit.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self._complain(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self._complain(str(error)))

    def _complain(self, words: str) -> None:
        if not LOADING.match(words):
            self.complaints.append(f"{self.page.url}: {words}")

    @property
    def address(self) -> str:
        """The person's email address."""
        return f"{self.who.replace('_', '.')}@example.org"

    def letter(self, subject: str, after: int = 0) -> EmailMessage:
        """The letter that came to this person."""
        return self.instance.postbox.letter(self.address, subject, after)

    def sign_in(self, at: str = "/sign-in") -> Visitor:
        """By the link that comes by email; `at` is a page that asks to sign in first, and is come back to."""
        before = len(self.instance.postbox.letters)
        self.go(at)
        self.fill(email=self.address)
        self.press("Send me a link")
        self.go(link_in(self.letter("Your link to sign in", before), "/sign-in/link/"))
        self.press("Sign in as")
        return self

    def go(self, path: str, status: int = 200) -> Response:
        """Open an address, expecting this status, and look at the page."""
        response = self.page.goto(path)
        assert response is not None
        assert response.status == status, f"{path}: {response.status}\n{self.words[:1500]}"
        self.look()
        return response

    def press(self, name: str, within: str = "main", nth: int = 0) -> None:
        """Press a button or follow a link by its words, and look at the page that comes."""
        here, called = self.page.locator(within), loosely(name)
        buttons = here.get_by_role("button", name=called)
        self._leave((buttons if buttons.count() else here.get_by_role("link", name=called)).nth(nth))

    def enter(self, selector: str) -> None:
        """Follow the first link that a selector finds, and look at the page that comes."""
        self._leave(self.page.locator(selector).first)

    def _leave(self, control: Locator) -> None:
        """Until another page stands there, or another main part: forms with files are sent by a script."""
        try:
            self.page.locator("#main-content").evaluate("main => { main.dataset.left = 'yes' }")
            control.click()
            self.page.wait_for_selector("#main-content:not([data-left])")
            self.page.wait_for_load_state()
        except WaitedTooLong as slow:
            raise AssertionError(f"{self.who} stayed at {self.page.url}: {control}\n{self.words[:3000]}") from slow
        self.look()

    def fill(self, **values: Any) -> None:
        """Fill fields in by name: a day in its three boxes, a choice by its value, files by their paths, else text."""
        for name, value in values.items():
            found = self.page.locator(f"main [name='{name}']")
            assert found.count(), f"{self.page.url} has no field {name}\n{self.words[:1500]}"
            self.unfold(found.first)
            kind = str(found.first.evaluate("field => field.type"))
            if isinstance(value, date):
                for box, part in zip(found.all(), (value.day, value.month, value.year), strict=True):
                    box.fill(str(part))
            elif kind in ("radio", "checkbox"):
                wanted = [str(one) for one in (value if isinstance(value, list) else [value])]
                for box in found.all():
                    if kind == "checkbox":
                        box.set_checked(box.get_attribute("value") in wanted)
                    elif box.get_attribute("value") in wanted:
                        box.check()
            elif kind.startswith("select"):
                found.select_option(value)
            elif kind == "file":
                found.set_input_files(value)
            else:
                found.fill(str(value))

    def type(self, name: str, words: str) -> None:
        """Type into a field letter by letter, as people do."""
        field = self.page.locator(f"main [name='{name}']").first
        self.unfold(field)
        field.press_sequentially(words)

    def unfold(self, field: Locator) -> None:
        """Open what a field is folded away in."""
        for folded in field.locator("xpath=ancestor::details[not(@open)]").all():
            folded.locator("summary").first.click()

    def choose(self, label: str) -> None:
        """Tick a box or choose an answer by its words."""
        self.page.get_by_label(label).first.check()

    def refused(self, name: str, *sentences: str) -> None:
        """Press a button and be told what is wrong; every link of the summary leads to its field."""
        self.press(name)
        summary = self.page.locator(".govuk-error-summary")
        for sentence in sentences:
            expect(summary).to_contain_text(sentence)
        assert self.page.title().startswith("Error: "), self.page.title()
        for link in summary.get_by_role("link").all():
            link.click()
            wanted = (link.get_attribute("href") or "").removeprefix("#")
            reached = self.page.evaluate("document.activeElement.id")
            assert reached == wanted, f"{self.page.url}: “{link.inner_text()}” leads to #{wanted}, focus went to {reached!r}"

    def sees(self, *sentences: str) -> None:
        """These words stand on the page."""
        for sentence in sentences:
            assert squeezed(sentence) in self.words, f"“{sentence}” is not on {self.page.url}:\n{self.words[:4000]}"

    def misses(self, *sentences: str) -> None:
        """These words do not stand on the page."""
        for sentence in sentences:
            assert squeezed(sentence) not in self.words, f"“{sentence}” is on {self.page.url}"

    @property
    def words(self) -> str:
        """What the main part of the page says, closed details and hidden words too, with single spaces."""
        return squeezed(self.page.locator("#main-content").text_content() or "")

    def path(self) -> str:
        """The address of this page, without the host."""
        return self.page.url.removeprefix(self.instance.address)

    def look(self) -> None:
        """Nothing that axe-core finds wrong, nothing wider than a phone, no complaint of the browser."""
        if self.scripts:  # axe-core is a script itself
            self._go_over()
        self.page.set_viewport_size(NARROW)
        wide = self.page.evaluate(TOO_WIDE)
        self.page.set_viewport_size(WIDE)
        assert wide == [], f"{self.page.url} is wider than 375 px: {wide}"
        assert self.complaints == []

    def _go_over(self) -> None:
        """Let axe-core go over the page, unless it has been over one of the same shape."""
        shape = re.sub(r"[\w-]*\d[\w-]*", "0", self.path().split("?")[0]) + str(self.page.evaluate(SHAPE))
        if shape not in SEEN:
            found = Axe().run(self.page).response["violations"]
            faults = [f"{one['id']}: {node['html'][:300]}" for one in found for node in one["nodes"][:3]]
            assert faults == [], f"{self.page.url}\n" + "\n".join(faults)
            SEEN.add(shape)

    def shoot(self, name: str) -> None:
        """Keep a picture of the page, wide and narrow, where SHOTS says so."""
        if not SHOTS:
            return
        for size, suffix in ((NARROW, "mobile"), (WIDE, "desktop")):
            self.page.set_viewport_size(size)
            self.page.screenshot(path=Path(SHOTS) / f"{name}-{suffix}.png", full_page=True)

    @contextmanager
    def download(self, name: str) -> Iterator[list[Path]]:
        """The file that a link gives: `with visitor.download("…") as kept`, then kept[0]."""
        kept: list[Path] = []
        with self.page.expect_download() as waiting:
            self.page.locator("main a", has_text=name).first.click()
        kept.append(waiting.value.path())
        yield kept


#: Pages that axe-core has been over: address and shape. One that differs only in its words is not gone over again.
SEEN: set[str] = set()
SHAPE = """() => {
  const parts = [...document.querySelectorAll("body *")];
  const ids = parts.map(part => part.id).filter(Boolean);
  const kinds = parts.map(part => part.tagName + [...part.attributes].map(one =>
    one.name + (["class", "role", "type", "scope", "tabindex"].includes(one.name) ? one.value : one.value ? "" : "!")) +
    (part.children.length || part.textContent.trim() ? "" : "-"));
  return [...new Set(kinds)].sort().join() + (ids.length - new Set(ids).size);
}"""

#: The elements that stand out on the right of a narrow window, if the page can be scrolled sideways at all.
TOO_WIDE = """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
  [...document.querySelectorAll("body *")].filter(part => part.getBoundingClientRect().right > window.innerWidth + 1)
    .slice(0, 5).map(part => part.outerHTML.slice(0, 200))"""


def loosely(name: str) -> re.Pattern[str]:
    """A name whatever the spaces about hidden words."""
    return re.compile(r"\s*".join(re.escape(part) for part in re.split(r"\s+|(?=:)", name)))


def squeezed(words: str) -> str:
    """The same words with single spaces."""
    return re.sub(r"\s+", " ", words).strip()


def link_in(letter: EmailMessage, path: str) -> str:
    """The address in a letter that holds this path."""
    found = re.search(rf"\S*{re.escape(path)}\S*", text_of(letter))
    assert found, text_of(letter)
    return found[0]


def text_of(letter: EmailMessage) -> str:
    """What a letter says."""
    body = letter.get_body()
    assert body is not None
    return str(body.get_content())
