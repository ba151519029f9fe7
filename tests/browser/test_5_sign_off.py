"""Step 5: councillors read their pack and propose; the chair signs by the method's rule; dissent; a change voids."""

from __future__ import annotations

from datetime import timedelta

from tests.browser.story import Story, today
from tests.browser.test_4_findings import WAIVED

SUMMARY = "Most patients go home in time; a weekly meeting would help the rest."
DISSENT = "I do not believe that one meeting a week is enough."


def sign(story: Story) -> None:
    """The chair enters the vote."""
    chair = story.person("chair")
    chair.go(f"{story.at}/sign-off")
    chair.fill(office="Chair of the committee", meeting_on=today(), votes_for=5, votes_against=1, abstained=0)
    chair.press("Sign the report")
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
    officer.sees("What is holding it up")
    assert officer.page.get_by_role("button", name="Schedule the release").count() == 0
    officer.shoot("report-kept-back")


def test_nobody_signs_before_the_summary_is_written(story: Story) -> None:
    story.needs("settled")
    chair, officer = story.person("chair"), story.person("officer")
    chair.go(f"{story.at}/sign-off")
    chair.sees("Nobody can sign yet", "The report has no summary yet")
    officer.go(f"{story.at}/report")
    officer.fill(summary=SUMMARY)
    officer.press("Save the summary")


def test_a_partner_reads_the_whole_draft(story: Story) -> None:
    story.needs("settled")
    partner = story.person("lead_inspector")
    partner.go(f"{story.at}/sign-off")
    partner.sees("Draft: not published", SUMMARY, "eight of ten patients", "Meet weekly with the wards.", WAIVED)
    partner.shoot("sign-off-partner")
    partner.go(f"{story.at}/report/preview")
    partner.sees("It is not for publication", SUMMARY)
    partner.go(f"{story.at}/report", status=403)


def test_a_wrong_vote_is_corrected_in_the_open(story: Story) -> None:
    story.needs("settled")
    chair = story.person("chair")
    chair.go(f"{story.at}/sign-off")
    chair.fill(office="Chair of the committee", meeting_on=today() + timedelta(days=1), votes_for=9)
    chair.refused("Sign the report", "has not been held yet")
    sign(story)
    chair.press("Something was entered wrongly")
    chair.fill(votes_for=6)
    chair.refused("Correct the signature", "Say what was wrong")
    chair.fill(why="One hand was missed.")
    chair.shoot("signature-corrected")
    chair.press("Correct the signature")
    chair.sees("6 for, 1 against, 0 abstained", "first entered as: 5 for, 1 against", "One hand was missed.")


def test_a_summary_changed_after_signing_voids(story: Story) -> None:
    story.needs("settled")
    chair, officer = story.person("chair"), story.person("officer")
    officer.go(f"{story.at}/report")
    officer.fill(summary=SUMMARY.replace("would help", "would greatly help"))
    officer.press("Save the summary")
    officer.sees("has not signed")
    chair.go(f"{story.at}/sign-off")
    chair.sees("but this no longer holds", "What has changed since Loamshire Overview and Scrutiny Committee signed", "greatly")
    chair.shoot("sign-off-changed")
    sign(story)


def test_the_chair_enters_the_vote_and_a_later_change_voids_it(story: Story) -> None:
    story.needs("settled")
    chair, officer = story.person("chair"), story.person("officer")
    officer.go(f"{story.at}/findings/1")
    officer.press("Reopen the finding")
    officer.sees("The signature of Loamshire Overview and Scrutiny Committee")
    officer.refused("Go on", "Say why")
    officer.fill(why="The month is missing.")
    officer.press("Go on")
    officer.sees("These signatures no longer hold: Loamshire Overview and Scrutiny Committee")
    officer.fill(
        text="Loamshire Police counted that eight of ten patients went home in time, in May. Loamshire Fire and Rescue did not."
    )
    officer.press("Finalise the finding")
    officer.sees("Final")
    chair.go(f"{story.at}/sign-off")
    chair.sees("but this no longer holds", "Not signed")
    chair.shoot("sign-off-voided")
    sign(story)
    story.reached.add("signed")
