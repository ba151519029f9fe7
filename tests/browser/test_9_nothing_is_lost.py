"""A busy responder loses no word: signed out in the middle, in another tab, on a slow line, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect
from sqlalchemy import create_engine, text

from config.settings import read_settings
from scrutiny.answering import service as answering
from scrutiny.app import create_app
from scrutiny.extensions import db
from scrutiny.transaction import commit
from tests import cast
from tests.browser import papers
from tests.browser.instance import Instance, instance_in
from tests.browser.visitor import NARROW, Visitor, link_in
from tests.conftest import NOW
from tests.scrutiny.requests.answering_scene import ask

WORDS = "We looked into it for a whole afternoon.\n\n“Half” of it is <b>here</b>, & the rest follows. " + "More words. " * 60
LINK = "Your link to sign in"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Instance, list[int]]]:
    """An instance of its own with a request to the fire service, and the numbers of its items."""
    with instance_in(tmp_path_factory.mktemp("lost")) as instance:
        app = create_app(read_settings(instance.environment))
        with app.app_context():
            asked = ask(cast.ids(), "fire")
            commit()
            items = [item.id for item in asked.items]
            db.session.remove()
            db.engine.dispose()
        yield instance, items


def forget_tries(instance: Instance) -> None:
    """This person asks for more links in an hour than anybody does."""
    engine = create_engine(instance.environment["DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM sign_in_attempt"))
    engine.dispose()


def responder(browser: Browser, served: tuple[Instance, list[int]], *, scripts: bool = True) -> Visitor:
    """Somebody of the fire service, signed in, on a phone."""
    visitor = Visitor(browser, served[0], "fire_responder", scripts=scripts)
    visitor.page.set_viewport_size(NARROW)
    forget_tries(served[0])
    return visitor.sign_in()


def link_to(visitor: Visitor) -> None:
    """Ask for a link on the page that stands there, and sign in by it."""
    forget_tries(visitor.instance)
    before = len(visitor.instance.postbox.letters)
    visitor.fill(email=visitor.address)
    visitor.press("Send me a link")
    visitor.go(link_in(visitor.letter(LINK, before), "/sign-in/link/"))
    visitor.press("Sign in as")


def answer(visitor: Visitor) -> str:
    """What stands in the box for the answer."""
    return visitor.page.input_value("[name=text]")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_signed_out_in_the_middle_of_an_answer(browser: Browser, served: tuple[Instance, list[int]], scripts: bool) -> None:
    visitor = responder(browser, served, scripts=scripts)
    item, words = f"/answering/items/{served[1][2]}", f"{WORDS} {'With' if scripts else 'Without'} scripts."
    visitor.go(item)
    visitor.fill(text=words, period="April to March", marking="open")
    visitor.visit.clear_cookies()
    visitor.press("Save and come back later")
    visitor.sees("What you typed is kept")
    assert "whole afternoon" not in visitor.words
    link_to(visitor)
    assert visitor.path() == item
    visitor.sees("Not saved yet", "It is back in the form below")
    assert visitor.page.input_value("[name=period]") == "April to March"
    assert answer(visitor) == words
    visitor.press("Save and come back later")
    visitor.sees("is saved. Nothing is sent yet")
    visitor.go(item)
    visitor.misses("Not saved yet")
    assert answer(visitor) == words


def test_signed_out_while_files_are_sent(browser: Browser, served: tuple[Instance, list[int]]) -> None:
    visitor = responder(browser, served)
    item = f"/answering/items/{served[1][1]}"
    visitor.go(item)
    visitor.fill(text=WORDS, files=[papers.minutes()], marking="open")
    visitor.visit.clear_cookies()
    visitor.press("Save and come back later")
    visitor.sees("What you typed is kept")
    link_to(visitor)
    visitor.sees("Choose this file again: minutes.pdf")
    assert answer(visitor).strip() == WORDS.strip()


def test_a_tab_left_open_while_another_signed_out_and_in(browser: Browser, served: tuple[Instance, list[int]]) -> None:
    visitor = responder(browser, served)
    item = f"/answering/items/{served[1][0]}"
    visitor.go(item)
    visitor.fill(figures="Children: 12", marking="open")
    other = visitor.visit.new_page()
    other.goto("/account")
    other.get_by_role("button", name="Sign out", exact=True).click()
    before = len(visitor.instance.postbox.letters)
    other.goto("/sign-in")
    other.fill("[name=email]", visitor.address)
    other.get_by_role("button", name="Send me a link").click()
    other.goto(link_in(visitor.letter(LINK, before), "/sign-in/link/"))
    other.get_by_role("button", name="Sign in as").click()
    other.close()
    visitor.press("Save and come back later")
    visitor.sees("Not saved yet")
    assert visitor.page.input_value("[name=figures]") == "Children: 12"
    visitor.press("Save and come back later")
    visitor.sees("is saved. Nothing is sent yet")


def test_words_are_kept_while_they_are_typed(browser: Browser, served: tuple[Instance, list[int]]) -> None:
    """Leaving by a link, and coming back from another page; kept is not called saved."""
    visitor = responder(browser, served)
    item = f"/answering/items/{served[1][0]}"
    visitor.go(item)
    visitor.type("text", "Typed, and never saved")
    expect(visitor.page.locator(".scrutiny-kept")).to_contain_text(
        re.compile(r"Draft kept at \d+:\d\d[ap]m\. Only you can see it until you save")
    )
    visitor.type("text", ", with more")
    visitor.press("Ask what is meant")
    visitor.go(item)
    visitor.sees("Not saved yet")
    assert answer(visitor) == "Typed, and never saved, with more"
    visitor.press("Discard what I typed")
    visitor.sees("is discarded")
    assert answer(visitor) == ""


def test_a_connection_that_is_lost_is_said(browser: Browser, served: tuple[Instance, list[int]]) -> None:
    visitor = responder(browser, served)
    visitor.go(f"/answering/items/{served[1][0]}")
    visitor.visit.set_offline(True)
    visitor.type("text", "On a train")
    expect(visitor.page.locator(".scrutiny-kept")).to_contain_text("Not kept: the connection was lost")
    asked: list[str] = []
    visitor.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    visitor.page.close(run_before_unload=True)
    visitor.visit.pages[0].wait_for_timeout(500) if visitor.visit.pages else None
    assert asked == ["beforeunload"]
    visitor.complaints.clear()


def test_nothing_is_lost_where_the_line_breaks_at_the_moment_of_saving(
    browser: Browser, served: tuple[Instance, list[int]]
) -> None:
    """Known to be offline: nothing is sent. Not known: the browser shows a page of its own, and ours gives the words back."""
    visitor = responder(browser, served)
    item = f"/answering/items/{served[1][2]}"
    visitor.go(item)
    save = visitor.page.get_by_role("button", name="Save and come back later")
    visitor.visit.set_offline(True)
    visitor.fill(text="Typed in a tunnel")
    save.click()
    visitor.sees("You are offline, so nothing was sent. What you typed is still here")
    assert (visitor.path(), answer(visitor)) == (item, "Typed in a tunnel")
    visitor.visit.set_offline(False)
    visitor.fill(text="Typed on a bad line", marking="open")
    visitor.page.wait_for_timeout(1100)  # a second press within a second is no press
    visitor.page.route("**/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    save.click()
    visitor.page.wait_for_url("chrome-error://**")
    visitor.page.unroute("**/*")
    visitor.page.go_back()
    visitor.go(item)
    visitor.sees("what you typed may or may not have arrived", "Look first whether it has been saved or sent")
    assert answer(visitor) == "Typed on a bad line"
    visitor.press("Save and come back later")
    visitor.sees("is saved. Nothing is sent yet")
    visitor.go(item)
    assert answer(visitor) == "Typed on a bad line"
    visitor.misses("may or may not have arrived")
    visitor.complaints.clear()


def test_a_double_press_on_a_slow_line_sends_once(browser: Browser, served: tuple[Instance, list[int]], tmp_path: Path) -> None:
    visitor = responder(browser, served)
    visitor.go(f"/answering/items/{served[1][1]}")
    visitor.fill(text="With the minutes.", files=[papers.minutes()], marking="open")
    sent: list[str] = []

    def slowly(route: Route) -> None:
        sent.append(route.request.method)
        visitor.page.wait_for_timeout(1500)
        route.continue_()

    visitor.page.route(
        "**/answering/items/*", lambda route: slowly(route) if route.request.method == "POST" else route.continue_()
    )
    button = visitor.page.get_by_role("button", name="Save and come back later")
    button.click()
    expect(button).to_be_disabled()
    button.click(force=True, timeout=1000) if button.is_enabled() else None
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector("text=is saved. Nothing is sent yet")
    assert sent == ["POST"]
    visitor.misses("Somebody else has saved this")


@pytest.mark.parametrize(("harm", "scripts"), [("disk full", True), ("locked", False)], ids=["full, scripts", "locked, none"])
def test_nothing_is_lost_where_the_database_cannot_save(
    browser: Browser, served: tuple[Instance, list[int]], harm: str, scripts: bool
) -> None:
    """A database that may not grow, and one whose pen another holds: all that was typed or chosen comes back, in words."""
    instance = served[0]
    visitor = responder(browser, served, scripts=scripts)
    item, words = f"/answering/items/{served[1][2]}", f"{WORDS} {harm}, {scripts}. " + f"{harm} {scripts} " * 2_000
    visitor.go(item)
    before = answer(visitor)
    full = harm == "disk full"
    with instance.harmed("max_page_count=1" if full else "busy_timeout=200") as other:
        other.execute("SELECT 1" if full else "BEGIN IMMEDIATE")
        visitor.fill(text=words, period="April to March", as_at=date(2026, 3, 31), marking="open")
        if scripts and full:
            expect(visitor.page.locator(".scrutiny-kept")).to_contain_text("Not kept: this service cannot save anything")
        visitor.press("Save and come back later")
        visitor.sees("This service cannot save anything at the moment", "April to March")
        visitor.misses("Success", "is saved")
        visitor.shoot(f"cannot-save-{harm}")
        rows = dict(
            zip(*(visitor.page.locator(f"dl.govuk-summary-list {of}").all_inner_texts() for of in ("dt", "dd")), strict=True)
        )
        assert rows["Who may see this?"] == "Anyone, once it is published"
        assert rows["As at which day?"] == "31 3 2026"
        assert answer(visitor).replace("\r\n", "\n").strip() == words.strip()
    visitor.press("Send again")
    visitor.sees("is saved. Nothing is sent yet")
    visitor.go(item)
    assert answer(visitor).strip() == words.strip() != before
    assert visitor.page.input_value("[name=period]") == "April to March"
    assert visitor.page.locator("[name=marking]:checked").get_attribute("value") == "open"
    assert [box.input_value() for box in visitor.page.locator("[name=as_at]").all()] == ["31", "3", "2026"]
    visitor.page.close()


def test_half_an_answer_and_the_good_file_are_kept(browser: Browser, served: tuple[Instance, list[int]]) -> None:
    visitor = responder(browser, served)
    item = f"/answering/items/{served[1][1]}"
    visitor.go(item)
    visitor.fill(text="Half of it.", figures="Calls: lots", files=[papers.minutes(), papers.empty(), papers.of_no_kind_we_take()])
    visitor.refused("Save and next", "empty.pdf” is empty", "setup.exe” cannot be taken")
    visitor.sees("Line 1")
    visitor.go(item)
    visitor.sees("minutes.pdf", "Line 1")
    visitor.misses("empty.pdf", "setup.exe", "Not saved yet")
    assert (answer(visitor), visitor.page.input_value("[name=figures]")) == ("Half of it.", "Calls: lots")
    visitor.press("Save and come back later")
    visitor.press("Check answers and send")
    visitor.sees("Not complete yet", "Line 1")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_an_earlier_answer_never_replaces_a_draft_unasked(
    browser: Browser, served: tuple[Instance, list[int]], scripts: bool
) -> None:
    instance = served[0]
    app = create_app(read_settings(instance.environment))
    with app.app_context():
        ids = cast.ids()
        old, new = ask(ids, "fire"), ask(ids, "fire")
        by = old.by("fire_responder")
        old.request.review.place_id = ids.wide_place
        answering.keep_answer(old.items[0], answering.Typed(text="For the whole county.", period="2019-20"), by=by, at=NOW)
        answering.submit_item(old.items[0], by=by, at=NOW)
        commit()
        item = f"/answering/items/{new.items[0].id}"
        db.session.remove()
        db.engine.dispose()
    visitor = responder(browser, served, scripts=scripts)
    visitor.go(item)
    visitor.fill(text="My own half.")
    visitor.page.locator("details", has_text="For the whole county").first.locator("summary").click()
    visitor.press("Use this answer from")
    visitor.sees("This answer was for another place and another period", "2019-20")
    visitor.refused("Use this answer", "Tick that this answer is right", "Say whether to keep what is saved here")
    visitor.choose("I have checked that this answer is right")
    visitor.choose("Keep it, and add the earlier answer below it")
    visitor.press("Use this answer")
    assert answer(visitor) == "My own half.\n\nFor the whole county."
