"""The same without JavaScript: sign in, answer with a file, read the matrix, cite."""

from __future__ import annotations

from tests.browser import papers
from tests.browser.story import Story
from tests.browser.visitor import Visitor


def plain(story: Story, who: str) -> Visitor:
    """One of the cast with scripts turned off."""
    return Visitor(story.browser, story.instance, who, scripts=False)


def test_an_agency_answers_with_a_file(story: Story) -> None:
    story.needs("issued")
    responder = plain(story, "fire_responder").sign_in()
    responder.go("/inbox")
    responder.press("Continue with")
    responder.press("3. The change you would make")
    responder.fill(text="One door to knock on.", files=[papers.empty()], marking="open")
    responder.press("Save and next")
    responder.sees("empty.pdf” is empty")
    responder.fill(text="One door to knock on.", files=[papers.minutes()], marking="open")
    responder.press("Save and come back later")
    responder.press("Check answers and send")
    responder.press("Send to Loamshire Overview and Scrutiny Committee")
    responder.sees("minutes.pdf")
    responder.shoot("receipt-without-scripts")
    story.reached.add("answered without scripts")


def test_the_matrix_and_a_citation(story: Story) -> None:
    story.needs("answered without scripts")
    inspector = plain(story, "inspector").sign_in()
    inspector.go(f"{story.at}/matrix?state=answered")
    inspector.sees("Answered")
    inspector.shoot("matrix-without-scripts")
    inspector.go(f"{story.at}/evidence")
    inspector.press("The change you would make")
    inspector.press("minutes.pdf")
    inspector.fill(quotation=papers.QUOTED, page=1, finding="new", title="One door")
    inspector.press("Cite")
    inspector.sees("Cited in finding")
    inspector.shoot("reading-without-scripts")
    officer = story.person("officer")
    officer.go(f"{story.at}/findings")
    officer.press("One door")
    officer.press("Withdraw the finding")
    officer.sees("A withdrawn finding cannot be brought back")
    if officer.page.locator("[name=why]").count():
        officer.fill(why="It was made to try the page.")
    officer.press("Go on")
