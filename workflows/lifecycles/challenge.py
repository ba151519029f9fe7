"""The lifecycle of a public challenge, from the email that confirms it to its answer; and of one brought before a body."""

from workflows.lifecycles.lifecycle import Lifecycle, move
from workflows.roles import ADMINISTRATOR, CERTIFIER, CHAIR, LEAD_INSPECTOR, OPERATOR, RESPONDER, SCRUTINY_OFFICER, TIMETABLE

#: Whoever reads the link in the email acts by no role: the service makes the move for them.
SERVICE = frozenset({TIMETABLE})
BODY = frozenset({SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR})
MODERATORS = BODY | {ADMINISTRATOR, OPERATOR}
ANSWERERS = BODY | {RESPONDER, CERTIFIER, OPERATOR}

CHALLENGE = Lifecycle(
    "challenge",
    {
        "unconfirmed": "Not confirmed",
        "waiting": "Waiting to be checked",
        "published": "Waiting for an answer",
        "answered": "Answered",
        "refused": "Not published",
        "merged": "Joined with another",
    },
    "unconfirmed",
    (
        move("confirm", "unconfirmed", "waiting", SERVICE, "Confirm the challenge", "challenge_confirmed"),
        move("publish", "waiting", "published", MODERATORS, "Publish the challenge", "challenge_published"),
        move("refuse", "waiting", "refused", MODERATORS, "Refuse to publish it", "challenge_refused"),
        move("merge", "waiting published", "merged", MODERATORS, "Join it with another", "challenge_merged"),
        move("answer", "published answered", "answered", ANSWERERS, "Publish the answer", "challenge_answered"),
        move("take_down", "published answered", "refused", MODERATORS, "Take the challenge down", "challenge_taken_down"),
    ),
)
#: Where everybody can read it.
PUBLIC = ("published", "answered")

REFERRAL = Lifecycle(
    "matter for the committee",
    {
        "waiting": "For the next meeting",
        "on_agenda": "On the agenda of a meeting",
        "in_review": "Taken up in a review",
        "excluded": "Not allowed by law",
        "declined": "Not taken up",
    },
    "waiting",
    (
        move("put_on_agenda", "waiting", "on_agenda", BODY, "Put it on the agenda of a meeting", "challenge_on_agenda"),
        move("take_up", "waiting on_agenda", "in_review", BODY, "Take it up in a review", "challenge_in_review"),
        move("exclude", "waiting", "excluded", BODY, "Leave it out because the law does", "challenge_excluded"),
        move("decline", "waiting on_agenda", "declined", BODY, "Decide not to take it up", "challenge_declined"),
    ),
)
