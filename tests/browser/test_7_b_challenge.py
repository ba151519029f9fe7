"""Step 7, beside: a resident without scripts challenges a number of the count, and gets an answer."""

from __future__ import annotations

from tests.browser.story import Story
from tests.browser.visitor import link_in, text_of


def test_a_resident_challenges_a_number_and_gets_an_answer(story: Story) -> None:
    file = story.instance.folder / "fire.csv"
    file.write_text("service,amount\n03.2,900.00\n", encoding="utf-8")
    story.instance.flask("ledger", "figures", str(file), "--body", "E31900001", "--year", "2024", "--phase", "outturn")
    story.instance.flask("ledger", "publish", "1")
    resident, administrator, responder = (
        story.anybody("challenger", scripts=False),
        story.person("administrator"),
        story.person("fire_responder"),
    )
    resident.go("/places/E07900002/count/figures")
    resident.press("Challenge this figure")
    resident.refused("Send your challenge", "Say what is wrong", "Enter your email address")
    resident.fill(wrong="It was £9,000.", address="challenger@example.org")
    resident.press("Send your challenge")
    resident.go(link_in(resident.letter("Confirm your challenge"), "/challenges/confirm/"))
    resident.press("Confirm")
    resident.sees("Your challenge is confirmed")
    administrator.go("/challenges/desk")
    administrator.press("row 2 of source 1")
    administrator.press("Publish the challenge")
    administrator.sees("Loamshire Fire and Rescue has it under My work, to answer")
    responder.go("/inbox")
    responder.press("Answer with C-")
    responder.choose("Not agreed")
    responder.fill(words="The figure is in pounds, and right.")
    responder.press("Publish the answer")
    answered = resident.letter("was answered")
    assert "Not agreed" in text_of(answered)
    resident.go(link_in(answered, "/challenges/C-"))
    resident.sees("Answered", "The figure is in pounds, and right.")
    resident.shoot("challenge-answered")
