"""When each job runs, in London time, and why in that order: the one table of the clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from workflows.labels import spoken

ZONE: Final = "Europe/London"


@dataclass(frozen=True, slots=True)
class Job:
    """One job by name; `cron` holds the fields of a cron line (minute, hour, day), any left out meaning every."""

    name: str
    cron: Mapping[str, str]
    words: str
    at_start: bool = False  # also once when the scheduler starts, so that a missed run mends itself

    @property
    def why(self) -> str:
        """Why it runs then, in the language spoken now."""
        return spoken(self.words)


# The order of the table is the order of the day's work: what puts things right comes before what tells people of them.
TIMETABLE: Final = (
    Job(
        "sweep",
        {"minute": "*"},
        "takes up what a stopped process left claimed, before anything else looks for work",
        at_start=True,
    ),
    Job(
        "release_reports",
        {"minute": "*"},
        "a report comes out on its minute; signatures that no longer hold are voided first",
        at_start=True,
    ),
    Job(
        "ask_for_signatures",
        {"minute": "*"},
        "whoever signs is asked once a report is ready for it, after signatures that no longer hold have been voided",
        at_start=True,
    ),
    Job(
        "post_sign_in_letters",
        {"minute": "*"},
        "somebody waits for each of these, so they go by a job of their own, whatever else is still to be posted",
        at_start=True,
    ),
    Job("post_letters", {"minute": "*"}, "after the reports, so that their letters leave in the same minute", at_start=True),
    Job(
        "read_mailbox",
        {"minute": "*/5"},
        "what came back of the letters just posted is known within minutes, before anybody is chased for an answer to them",
        at_start=True,
    ),
    Job(
        "forget_lists",
        {"minute": "20"},
        "lists of postcodes that anyone sent go within the hour in which their day ends, and files sent to be loaded with them",
        at_start=True,
    ),
    Job(
        "follow_challenges",
        {"minute": "*/10"},
        "whoever challenged a figure is told within minutes that it was corrected, and a finding once its report is out",
    ),
    Job("forget_unsaved", {"minute": "25"}, "what was typed and not saved goes within the hour in which its day ends"),
    Job(
        "reorganise",
        {"minute": "5", "hour": "0"},
        "councils change at midnight: what they had before them passes on before anybody is reminded of it in the morning",
        at_start=True,
    ),
    Job(
        "erase_expired_files",
        {"minute": "30", "hour": "2"},
        "personal files go on their day, while nobody reads them and before the night's backup would keep them longer",
        at_start=True,
    ),
    Job(
        "forget_challengers",
        {"minute": "40", "hour": "2"},
        "email addresses of challenges go on their day, before the night's backup would keep them longer",
        at_start=True,
    ),
    Job(
        "check_files",
        {"minute": "0", "hour": "4"},
        "what is damaged or missing is known before the working day, while last night's backup still has it whole",
    ),
    Job(
        "check_seals",
        {"minute": "30", "hour": "4"},
        "what was changed after it was sent or signed is known before the working day, and after the files were looked at",
    ),
    Job(
        "check_calendars",
        {"minute": "0", "hour": "3"},
        "a holiday learnt of late moves dates, so it is entered before anybody is reminded of one",
        at_start=True,
    ),
    Job(
        "compose_area_reports",
        {"minute": "0", "hour": "6", "day": "1"},
        "each month's area report is ready before the working day, from what was released by the month's end",
        at_start=True,
    ),
    Job(
        "remind",
        {"minute": "0", "hour": "7"},
        "reminders arrive as the day begins, by the dates as the night left them; nobody is reminded twice or on a quiet day",
        at_start=True,
    ),
    Job(
        "chase_challenges",
        {"minute": "5", "hour": "7"},
        "an answer to the public that is overdue is asked for with the other reminders of the day",
    ),
    Job(
        "remind_of_responses",
        {"minute": "10", "hour": "7"},
        "agencies are reminded of the response to a recommendation a week before its day, after what was asked of them",
        at_start=True,
    ),
    Job(
        "remind_of_checks",
        {"minute": "15", "hour": "7"},
        "agencies are reminded of a check of the facts before its day, and bodies of an invitation, after other reminders",
        at_start=True,
    ),
)
