"""Step 2, still: a letter comes back; the officer sees it, corrects the address, and the letter goes again."""

from __future__ import annotations

from tests.browser.story import Story
from tests.browser.visitor import text_of
from tests.scrutiny.correspondence.bounces import POSTFIX, REPLY, made

AGENCY = "Barrow End District Council"


def test_a_letter_that_came_back_is_seen_and_mended(story: Story) -> None:
    story.needs("issued")
    officer, postbox = story.person("officer"), story.instance.postbox
    asked = next(one for one in postbox.letters if AGENCY in text_of(one) and "sign in" not in str(one["Subject"]).lower())
    message_id, address = str(asked["Message-ID"]).strip("<>"), asked["To"].addresses[0].addr_spec
    story.instance.flask("mail", "receive", stdin=made(POSTFIX, message_id=message_id, to=address))
    officer.go("/inbox")  # the bounce does not carry our own mark, so it is taken for one only once somebody has looked
    officer.press(f"Read: {AGENCY}: a letter came back")
    officer.press("Record that the letter did not arrive")
    officer.go("/inbox")
    officer.sees(f"The request to {AGENCY} was not delivered", "there is no such mailbox")
    officer.shoot("inbox-not-delivered")
    officer.go(story.at)
    officer.sees(f"The request to {AGENCY} was not delivered")
    officer.press(f"Correct: The request to {AGENCY}")
    officer.sees("This request has not been delivered", "so no date runs", "A letter came back")
    officer.shoot("request-not-delivered")
    here = officer.path()
    officer.press("Print the letter to post it")
    officer.shoot("letter-to-print")
    officer.go(here)
    officer.press("Enter that it was posted or handed over")
    officer.shoot("delivered")
    officer.go(here)
    officer.press("Correct the address and send it again")
    officer.fill(name="Clerk to the council", email="not an address")
    officer.refused("Save and send the letter again")
    before = len(postbox.letters)
    officer.fill(email="clerk@example.org")
    officer.shoot("contact")
    officer.press("Save and send the letter again")
    officer.sees("1 email queued to clerk@example.org.")
    again = postbox.letter("clerk@example.org", "", before)
    assert AGENCY in text_of(again)
    officer.go(here)
    officer.sees("Delivered by email", "Letters go to Clerk to the council, clerk@example.org")
    officer.misses("This request has not been delivered")
    reply = made(REPLY, message_id=str(again["Message-ID"]).strip("<>"), to="clerk@example.org")
    story.instance.flask("mail", "receive", stdin=reply)
    officer.go(here)
    officer.sees("A reply came by email", "Our answer is attached.")
    officer.shoot("request-with-reply")
    administrator = story.person("administrator")
    administrator.go("/administration/mail")
    administrator.shoot("mail-that-came")
