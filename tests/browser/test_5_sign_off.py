"""Step 5: councillors read their pack and propose; the chair signs by the method's rule; dissent; a change voids."""

from __future__ import annotations

from tests.browser.story import Story, today

DISSENT = "I do not believe that one meeting a week is enough."


def sign(story: Story) -> None:
    """The chair enters the vote."""
    chair = story.person("chair")
    chair.go(f"{story.at}/sign-off")
    chair.fill(office="Chair of the committee", meeting_on=today(), votes_for=5, votes_against=1, abstained=0)
    chair.press("Sign")
    chair.sees("You have signed for Loamshire Overview and Scrutiny Committee", "5 for, 1 against, 0 abstained")


def test_a_councillor_reads_the_pack_and_proposes_a_question(story: Story) -> None:
    story.needs("settled")
    councillor, officer = story.person("councillor"), story.person("officer")
    councillor.shoot("inbox-councillor")
    councillor.go(f"{story.at}/pack")
    councillor.sees("Most patients go home in time", "Meet weekly with the wards.")
    councillor.shoot("pack")
    councillor.press("Propose a question")
    councillor.refused("Propose this question", "Write the question")
    councillor.fill(text="How many waited longer than a week?", why="A resident asked me.")
    councillor.press("Propose this question")
    councillor.sees("How many waited longer than a week?")
    officer.go(f"{story.at}/questions")
    officer.press("Take or decline")
    officer.page.locator("[name=take]").last.check()
    officer.fill(why="It is answered on page 2.")
    officer.press("Save")
    councillor.go(f"{story.at}/questions")
    councillor.sees("It is answered on page 2.")


def test_a_councillor_dissents_in_their_own_words(story: Story) -> None:
    story.needs("settled")
    councillor = story.person("councillor")
    councillor.go(f"{story.at}/sign-off")
    councillor.press("Dissent in my own words")
    councillor.refused("Record my dissent", "Write what you disagree with")
    councillor.fill(text=DISSENT)
    councillor.press("Record my dissent")
    councillor.sees(DISSENT)


def test_the_report_waits_for_the_signature(story: Story) -> None:
    story.needs("settled")
    officer = story.person("officer")
    officer.go(f"{story.at}/report")
    officer.sees("What keeps it back")
    assert officer.page.get_by_role("button", name="Schedule the release").count() == 0
    officer.shoot("report-kept-back")


def test_the_chair_enters_the_vote_and_a_later_change_voids_it(story: Story) -> None:
    story.needs("settled")
    chair, officer = story.person("chair"), story.person("officer")
    chair.go(f"{story.at}/sign-off")
    chair.refused("Sign", "Enter your office")
    sign(story)
    chair.shoot("sign-off")
    officer.go(f"{story.at}/findings/1")
    officer.press("Reopen the finding")
    officer.go(f"{story.at}/findings/1")
    if not officer.page.locator("[name=text]").count():
        officer.press("Take the finding back to draft")
    officer.fill(text="Loamshire Police counted that eight of ten patients went home in time, in May.")
    officer.press("Save")
    if officer.page.get_by_role("button", name="Propose the finding").count():
        officer.press("Propose the finding")
    officer.press("Settle the finding")
    chair.go(f"{story.at}/sign-off")
    chair.sees("but this no longer holds", "Not signed")
    chair.shoot("sign-off-voided")
    sign(story)
    story.reached.add("signed")
