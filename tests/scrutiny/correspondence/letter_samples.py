"""One sample of every letter the product writes: what its room hands to its template, and to whom."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace as Row
from typing import Any

from scrutiny.bodies.letterheads import Contact, Correspondent
from workflows.challenges import CHANGES, GROUNDS, OUTCOMES, SIGNPOSTS

US = Correspondent(
    body="Loamshire Overview and Scrutiny Committee",
    signatory="Councillor Amrit Gill",
    office="Chair",
    contact=Contact("Olwen Price", "scrutiny officer", "01632 960 123", "olwen.price@loamshire.gov.example"),
    mailbox="scrutiny@loamshire.gov.example",
    heading="Loamshire County Council, County Hall, Castle Street, Loamchester LM1 1AA",
    privacy_url="https://loamshire.gov.example/privacy/scrutiny",
    genuine_url="https://loamshire.gov.example/scrutiny",
)
CHALLENGE = {"our": "C-2026-004", "title": "Spending of Loamshire Police, 2024 to 2025: row 7 of source 3"}
DUE, LATER, BEFORE = date(2027, 1, 20), date(2027, 1, 27), date(2027, 1, 6)
TO_ANSWER = CHALLENGE | {"due_on": DUE, "page": "/challenges/desk/4/answer"}
AT = datetime(2026, 11, 27, 14, 5, tzinfo=UTC)
LEAD, AGENCY, TITLE, CALLED = US.body, "NHS East Loamshire Integrated Care Board", "Seeing a doctor in Wendale", "R-2026-006/P04"


def item(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A question as letters name it."""
    return {
        "number": number,
        "id": 300 + number,
        "title": f"Title of question {number}",
        "text": f"Text of question {number}?",
        "why": "",
        "period": "",
        "due_on": DUE,
        "due_why": "",
        "due_words": "Please answer by Wednesday 27 January 2027.",
        "attend": False,
        "attend_words": "",
        "state_label": "Submitted",
        "files": [],
        "said": "",
        "ground": "",
        "before": BEFORE,
        "returned": False,
        "law_on": None,
        "by_law": None,
    } | changes


def without_us(values: dict[str, Any]) -> dict[str, Any]:
    """The same for a letter of the service itself, which has no letterhead."""
    return {key: value for key, value in values.items() if key != "us"}


#: What is said of a day asked for after the law's own.
GIVEN_LONGER = (
    "We ask for it by Wednesday 20 January 2027, which is later than the day set by law, Wednesday 6 January 2027. "
    "If it comes by the day we ask for, we will not treat it as late."
)
REVIEW = Row(title=TITLE, reference="R-2026-006")
ABOUT = {
    "our_reference": CALLED,
    "agency": AGENCY,
    "asked": AGENCY,
    "title": TITLE,
    "about": f"“{TITLE}”",
    "lead": LEAD,
    "us": US,
}
ABOUT |= {"address": "/reviews/R-2026-006/requests/P04"}
#: letters that follow an agency's deeds
FROM_AGENCY = {"called": CALLED, "title": TITLE, "agency": AGENCY, "lead": LEAD, "us": US, "by_name": "Wendy Moss"}
TO_ASKERS = FROM_AGENCY | {"address": "/reviews/R-2026-006/requests/P04"}
TO_AGENCY = FROM_AGENCY | {"address": "/answering/17"}
LADDER = ABOUT | {
    "items": [item(1), item(3)],
    "law": "",
    "ask_by": DUE,
    "asked_on": date(2026, 11, 27),
    "signer": US,
    "several_days": False,
}
LADDER |= {"opening": "", "closing": "", "attached": []}
LADDER |= {"reminded": [date(2027, 1, 22), date(2027, 1, 25)]}
FINDINGS = {"title": TITLE, "review": "R-2026-006", "agency": AGENCY, "lead": LEAD, "us": US, "address": "/accuracy/9"}
APPROVAL = {
    "what": f"the response of {AGENCY} to recommendation 2 of R-2026-006",
    "title": TITLE,
    "agency": AGENCY,
    "by_name": "Rhys Cole",
    "address": "/approvals/3",
}
RECOMMENDATION = Row(number=2, text="Publish waiting times each month.", done_by=LATER, measure="A page that shows them.")
ADDRESSEE = Row(id=5, agency=Row(name=AGENCY), received_on=BEFORE, due_on=DUE)
ADVICE = {"review": REVIEW, "recommendation": RECOMMENDATION, "addressee": ADDRESSEE, "us": US}
ADVICE |= {
    "law": "By law, you must reply in writing, within 28 days of being asked to respond (section 9FE).",
    "notice": "This letter is our notice to you under section 9FE.",
    "due_words": "You must answer by Wednesday 20 January 2027. That is the day set by law.",
}
LATE_RESPONSE = ADVICE | {
    "agency": AGENCY,
    "progress": False,
    "partly": False,
    "noted": False,
    "asked": AGENCY,
    "since": DUE,
    "law": "By law, you must reply in writing, within 28 days of being asked to respond (section 9FE).",
    "reminded": [],
    "signer": US,
    "opening": "",
    "closing": "",
}
NEED_NOT_REPLY = "You do not have to reply by law, but we hope you will."
PARTNERS = {"review": REVIEW, "lead": LEAD, "us": US, "by": Row(name="Olwen Price"), "why": "The hospital closes in March."}
PHASE = Row(title="Evidence", starts_on=BEFORE, ends_on=LATER, why=Row(before=Row(ends_on=date(2027, 1, 20))))
ENTRY: dict[str, Any] = {
    "items": [{"title": "Waiting times", "due_on": "2027-01-20"}],
    "reply_until": LATER,
    "withdrawn_why": "The answer had come.",
    "words": "We asked for waits by practice, which the committee needs for its report.",
    "reply": "",
    "line_by": AGENCY,
    "published_on": None,
}
REPORT = Row(reference="R-2026-006", review=REVIEW)
FIRST = Row(number=1, why="First edition")
SECOND = Row(number=2, why="Correction: the figure in finding 2 was wrong.")
COUNCILS = {"on": date(2027, 4, 1), "title": "Two councils for Loamshire"}
HANDED_ON = {
    "reference": CALLED,
    "title": TITLE,
    "lead": LEAD,
    "was": "Wendale District Council",
    "now": "East Loamshire Council",
    "open": 2,
    "items": 3,
    "due_on": DUE,
    "address": "/reviews/R-2026-006/requests/P04",
    "answer_at": "/answering/17",
}
ISSUED = ABOUT | {
    "partners": "",
    "reason": "Two of the five surgeries have closed their lists, and a third will lose its building in the spring.",
    "message": "",
    "in_scope": "Seeing a GP or nurse in Wendale, and what people do where they cannot.",
    "out_of_scope": "Hospital care.",
    "ask_by": DUE,
    "law": "By law, you must supply information on health services in the area (National Health Service Act 2006, section 244).",
    "items": [item(1, period="The last three years"), item(2, why="Residents told us they wait."), item(3, due_on=LATER)],
    "days_apart": False,
    "questions": 3,
    "readers": f"the members and officers of {LEAD}, and of any body that joins this review. "
    "What you mark as open may be published.",
    "keeping": "for as long as the record of the review.",
    "attached": [],
    "on_paper": False,
}
JOINED = {"body": "Commission for Care Standards", "part": "partner", "from_on": DUE, "instead_of": "", "personal": False}
JOINED |= {"keeping": ISSUED["keeping"]}
KEPT_PERSONAL = "for as long as the record of the review. Files marked personal are erased 12 months after the report."
NOT_OWED = "You do not have to answer by law."
HOPED_FOR = "You do not have to answer by law, but we hope you will."
NOT_CLAIMED = "We are not using a legal power to require an answer."
NAMED = Row(number=1, question=Row(title="Waiting times", text=""))
MEETING = "By law, you must send a member or employee to answer questions (the 2013 Regulations, regulation 27)."
TO_ATTEND = item(1, attend=True, attend_words=MEETING)
ENTERED = ABOUT | {
    "items": [item(1)],
    "came": "by post",
    "received_by": "Olwen Price",
    "received_on": BEFORE,
    "readers": "anyone, once it is published",
    "receipt": "/answering/17/receipt",
}
INVITED: dict[str, Any] = {
    "title": TITLE,
    "our": "R-2026-006",
    "lead": LEAD,
    "body": "Commission for Care Standards",
    "place": "Wendale",
    "address": "/reviews/R-2026-006",
    "us": US,
}
#: The same where the letter is the service’s own, and not one of the body in the lead.
FROM_SERVICE = without_us(INVITED)
SIGN_OFF = FROM_SERVICE | {"address": "/reviews/R-2026-006/sign-off"}
AGREEMENT = FROM_SERVICE | {"number": 2, "finding": "Lists", "address": "/reviews/R-2026-006/findings/2/agreement"}
SUMMARY: dict[str, Any] = {
    "title": TITLE,
    "review": "R-2026-006",
    "evidence": "Waiting times",
    "agency": AGENCY,
    "address": "/evidence/12",
    "us": US,
}
RESTRICTED: dict[str, Any] = {
    "title": "Waiting times",
    "review": TITLE,
    "agency": AGENCY,
    "address": "/evidence/12",
    "us": US,
    "by_name": "Olwen Price",
    "why": "A name slipped through.",
}
NAMED: dict[str, Any] = {
    "title": TITLE,
    "review": "R-2026-006",
    "body": "Commission for Care Standards",
    "lead": LEAD,
    "by_name": "Leo Hart",
    "kept_days": 90,
    "address": "/reviews/R-2026-006/named-readers",
    "us": US,
}


AWAITED: dict[str, Any] = {
    "title": TITLE,
    "our": "R-2026-006",
    "lead": LEAD,
    "us": US,
    "whom": AGENCY,
    "asked_on": BEFORE,
    "due_on": DUE,
    "signed_by": "",
    "address": "/accuracy/9",
    "opening": "",
    "closing": "",
}


#: name of the sample: (kind, name of the reader, office of the reader, values)
#: Where what was sent is taken back.
RESTRICT = {"restrict": "/evidence/51/restrict"}

SAMPLES: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "request_issued": ("request_issued", "Ms Wendy Moss", "", ISSUED),
    "request_issued_joint": (
        "request_issued",
        AGENCY,
        "Chief Executive",
        ISSUED
        | {
            "partners": "Learning Standards Inspectorate and Commission for Care Standards",
            "message": "Thank you for seeing us on Monday.",
            "law": f"Question 1: {HOPED_FOR}",
            "items": [item(1), TO_ATTEND | {"number": 2}],
            "questions": 1,
            "attached": ["Terms of reference.pdf", "What we heard.docx"],
        },
    ),
    "request_issued_meeting": (
        "request_issued",
        AGENCY,
        "Chief Executive",
        ISSUED | {"law": "", "in_scope": "", "out_of_scope": "", "items": [TO_ATTEND], "questions": 0},
    ),
    "request_issued_apart": (
        "request_issued",
        AGENCY,
        "Chief Executive",
        ISSUED
        | {
            "law": f"Question 1: {HOPED_FOR}\nQuestion 2: By law, you must supply copies of documents, within 10 clear days of "
            "receiving the request (regulation 17).",
            "items": [item(1), item(2, by_law=BEFORE, due_words=GIVEN_LONGER)],
            "questions": 2,
            "days_apart": True,
        },
    ),
    "request_issued_on_paper": ("request_issued", AGENCY, "Chief Executive", ISSUED | {"on_paper": True}),
    "request_issued_undated": (
        "request_issued",
        "Wendy Moss",
        "",
        ISSUED | {"ask_by": None, "items": [item(1, due_on=None)], "questions": 1},
    ),
    "request_issued_not_claimed": ("request_issued", "Ms Wendy Moss", "", ISSUED | {"law": NOT_CLAIMED}),
    "request_reminder": ("request_reminder", "Ms Wendy Moss", "", LADDER),
    "request_reminder_not_owed": ("request_reminder", "Ms Wendy Moss", "", LADDER | {"law": HOPED_FOR}),
    "request_chased_not_owed": (
        "request_chased",
        "Ms Wendy Moss",
        "",
        LADDER | {"law": f"{NOT_OWED} We would like your answer."},
    ),
    "chairs_letter_not_claimed": (
        "chairs_letter",
        AGENCY,
        "Chief Executive",
        LADDER | {"law": f"{NOT_CLAIMED} We would like your answer."},
    ),
    "request_chased": ("request_chased", "Ms Wendy Moss", "", LADDER | {"law": ISSUED["law"]}),
    "request_chased_worded": (
        "request_chased",
        "Ms Wendy Moss",
        "",
        LADDER | {"opening": "Thank you for your call on Friday.", "closing": "The committee meets on 1 February."},
    ),
    "request_chased_returned": (
        "request_chased",
        "Ms Wendy Moss",
        "",
        LADDER
        | {
            "items": [item(1, returned=True), item(3, due_on=LATER)],
            "several_days": True,
            "agency": "East Loamshire Council",
            "asked": "Wendale District Council",
        },
    ),
    "chairs_letter_returned": (
        "chairs_letter",
        "East Loamshire Council",
        "Chief Executive",
        LADDER
        | {
            "items": [item(1, returned=True)],
            "reminded": [],
            "agency": "East Loamshire Council",
            "asked": "Wendale District Council",
        },
    ),
    "chairs_letter": ("chairs_letter", AGENCY, "Chief Executive", LADDER | {"law": ISSUED["law"]}),
    "escalation_proposed": (
        "escalation_proposed",
        "Cllr Amrit Gill",
        "",
        LADDER | {"address": "/reviews/R-2026-006/reminders/4"},
    ),
    "address_reported": (
        "address_reported",
        "Ada Winn",
        "",
        ABOUT
        | {
            "by": "Olwen Price",
            "kept": "office@example.org",
            "contact": "Wendy Moss",
            "email": "wendy@example.org",
            "agency_page": "/administration/agencies/7",
        },
    ),
    "item_returned": ("item_returned", "Wendy Moss", "", ABOUT | {"item": item(), "why": "Please give it by practice."}),
    "answers_to_be_published": (
        "answers_to_be_published",
        "Wendy Moss",
        "",
        ABOUT | {"items": [item(), item(2)], "public_on": LATER, "last_on": DUE},
    ),
    "evidence_restricted": (
        "evidence_restricted",
        "Wendy Moss",
        "",
        RESTRICTED | {"who": "The bodies of this review, but not the public"},
    ),
    "reader_named": ("reader_named", "Cara Quinn", "", NAMED),
    "reader_no_longer_named": ("reader_no_longer_named", "Cara Quinn", "", NAMED),
    "partner_invited": (
        "partner_invited",
        "Leo Hart",
        "",
        INVITED | {"reason": "Two of the five surgeries have closed their lists.", "signs": True, "address": "/invitations/3"},
    ),
    "partner_invited_unsigned": ("partner_invited", "Leo Hart", "", INVITED | {"reason": "", "signs": False}),
    "invitation_answered": (
        "invitation_answered",
        "Olwen Price",
        "",
        INVITED | {"accepted": True, "by": "Leo Hart", "why": "", "lacking": ""},
    ),
    "invitation_declined": (
        "invitation_answered",
        "Olwen Price",
        "",
        INVITED | {"accepted": False, "by": "Leo Hart", "why": "We have no inspectors free this spring.", "lacking": ""},
    ),
    "invitation_declined_too_few": (
        "invitation_answered",
        "Olwen Price",
        "",
        INVITED
        | {
            "accepted": False,
            "by": "Leo Hart",
            "why": "We have no inspectors free this spring.",
            "lacking": "The method “Joint targeted area inspection” needs 2 bodies or more to take part. Invite more partners, "
            "or withdraw the review. The report cannot be published until enough bodies take part.",
        },
    ),
    "invitation_taken_back": ("invitation_taken_back", "Leo Hart", "", INVITED),
    "body_added": ("body_added", "Leo Hart", "", INVITED | {"part": "observer"}),
    "partner_added": ("body_added", "Leo Hart", "", INVITED | {"part": "partner"}),
    "body_removed": ("body_removed", "Leo Hart", "", INVITED),
    "question_proposed": (
        "question_proposed",
        "Olwen Price",
        "",
        INVITED | {"by": "Councillor Nia Bell", "question": "How far do people travel?"},
    ),
    "question_taken": (
        "question_settled",
        "Councillor Nia Bell",
        "",
        INVITED | {"taken": True, "question": "How far do people travel?", "why": ""},
    ),
    "question_declined": (
        "question_settled",
        "Councillor Nia Bell",
        "",
        INVITED | {"taken": False, "question": "How far do people travel?", "why": "It has been asked already."},
    ),
    "signature_wanted": ("signature_wanted", "Leo Hart", "", SIGN_OFF | {"signed_by": "Loamshire Inspectorate"}),
    "signature_wanted_first": ("signature_wanted", "Leo Hart", "", SIGN_OFF | {"signed_by": ""}),
    "report_scheduled": (
        "report_scheduled",
        "Leo Hart",
        "",
        FROM_SERVICE | {"when": "5 March 2027 at 9:30am", "address": "/reviews/R-2026-006/report"},
    ),
    "report_unscheduled": (
        "report_unscheduled",
        "Leo Hart",
        "",
        FROM_SERVICE | {"when": "5 March 2027 at 9:30am", "by": "Olwen Price"},
    ),
    "report_unscheduled_held": (
        "report_unscheduled",
        "Leo Hart",
        "",
        FROM_SERVICE | {"when": "5 March 2027 at 9:30am", "by": ""},
    ),
    "summary_wanted": ("summary_wanted", "Wendy Moss", "", SUMMARY | {"summary": "Waits grew by a tenth in 2025.", "lead": LEAD}),
    "summary_agreed": ("summary_agreed", "Olwen Price", "", without_us(SUMMARY) | {"address": "/reviews/R-2026-006/report"}),
    "evidence_erased": ("evidence_erased", "Wendy Moss", "", RESTRICTED | {"is_file": False}),
    "evidence_file_erased": ("evidence_erased", "Wendy Moss", "", RESTRICTED | {"is_file": True}),
    "item_withdrawn": ("item_withdrawn", "Wendy Moss", "", ABOUT | {"item": item(), "why": "It has been published."}),
    "request_withdrawn": ("request_withdrawn", "Wendy Moss", "", ABOUT | {"why": "The review has ended."}),
    "request_closed": ("request_closed", "Wendy Moss", "", ABOUT),
    "extension_granted": (
        "extension_granted",
        "Wendy Moss",
        "",
        ABOUT
        | {
            "items": [item(law_on=BEFORE)],
            "whole": False,
            "asked_until": LATER,
            "decision": "We need it before the meeting on 21 January.",
        },
    ),
    "extension_granted_all": (
        "extension_granted",
        "Wendy Moss",
        "",
        ABOUT
        | {
            "items": [item(), item(2, due_on=LATER, before=LATER), item(3, due_on=None)],
            "whole": True,
            "asked_until": LATER,
            "decision": "",
        },
    ),
    "extension_refused": (
        "extension_refused",
        "Wendy Moss",
        "",
        ABOUT | {"items": [item()], "whole": False, "asked_until": LATER, "decision": "The committee meets on 21 January."},
    ),
    "extension_refused_all": (
        "extension_refused",
        "Wendy Moss",
        "",
        ABOUT | {"items": [item(), item(2, due_on=LATER)], "whole": True, "asked_until": LATER, "decision": "The report is due."},
    ),
    "note_replied": (
        "note_replied",
        "Wendy Moss",
        "",
        ABOUT | {"text": "We mean every GP practice in Wendale.", "items": [item(1), item(2, before=DUE)]},
    ),
    "dates_recounted": (
        "dates_recounted",
        "Wendy Moss",
        "",
        ABOUT
        | {"began": "the report was received", "on": BEFORE, "items": [item(1), item(2, before=None), item(3, due_on=None)]},
    ),
    "dates_given": (
        "dates_given",
        "Wendy Moss",
        "",
        ABOUT
        | {
            "rows": [Row(item=Row(number=1, question=Row(title="Waiting times", text="")), now=LATER, was=DUE)],
            "why": PARTNERS["why"],
        },
    ),
    "due_date_moved": ("due_date_moved", "Wendy Moss", "", ABOUT | {"item": item(), "before": BEFORE}),
    "register_notice": (
        "register_notice",
        AGENCY,
        "Chief Executive",
        ABOUT | {"entry": Row(**ENTRY), "line": "/answering/17/register"},
    ),
    "register_published": (
        "register_published",
        AGENCY,
        "Chief Executive",
        ABOUT | {"entry": Row(**ENTRY), "line": "/answering/17/register"},
    ),
    "register_published_reply": (
        "register_published",
        AGENCY,
        "Chief Executive",
        ABOUT
        | {
            "entry": Row(**(ENTRY | {"reply": "The practices hold this, and we have asked them for it.", "words": ""})),
            "line": "/answering/17/register",
        },
    ),
    "register_withdrawn": (
        "register_withdrawn",
        AGENCY,
        "Chief Executive",
        ABOUT | {"entry": Row(**(ENTRY | {"published_on": LATER}))},
    ),
    "register_withdrawn_unpublished": ("register_withdrawn", AGENCY, "Chief Executive", ABOUT | {"entry": Row(**ENTRY)}),
    "partner_joined": ("body_joined", "Wendy Moss", "", ABOUT | JOINED),
    "partner_joined_personal": ("body_joined", "Wendy Moss", "", ABOUT | JOINED | {"personal": True, "keeping": KEPT_PERSONAL}),
    "observer_joined": ("body_joined", AGENCY, "Chief Executive", ABOUT | JOINED | {"part": "observer"}),
    "lead_taken_over": (
        "body_joined",
        "Wendy Moss",
        "",
        ABOUT | JOINED | {"part": "lead", "body": "East Loamshire Scrutiny Committee", "instead_of": LEAD},
    ),
    "accuracy_check_reminder": ("accuracy_check_reminder", AGENCY, "Chief Executive", AWAITED),
    "accuracy_check_overdue": (
        "accuracy_check_overdue",
        "Wendy Moss",
        "",
        AWAITED | {"opening": "Thank you for your call on Friday.", "closing": "The committee meets on 1 February."},
    ),
    "signature_reminder": (
        "signature_reminder",
        "Leo Hart",
        "",
        AWAITED | {"whom": INVITED["body"], "signed_by": LEAD, "address": "/reviews/R-2026-006/sign-off"},
    ),
    "invitation_reminder": (
        "invitation_reminder",
        "Leo Hart",
        "",
        AWAITED | {"whom": INVITED["body"], "address": "/invitations/4"},
    ),
    "review_withdrawn_agency": (
        "review_withdrawn_agency",
        "Wendy Moss",
        "",
        ABOUT | {"review": REVIEW, "why": PARTNERS["why"], "by": PARTNERS["by"]},
    ),
    "item_handed": ("item_handed", "Jo Field", "", TO_AGENCY | {"items": [item()], "note": "", "wanted_on": None}),
    "item_handed_paused": (
        "item_handed",
        "Jo Field",
        "",
        TO_AGENCY | {"items": [item(due_on=None)], "note": "", "wanted_on": None},
    ),
    "items_handed": (
        "item_handed",
        "Jo Field",
        "",
        TO_AGENCY | {"items": [item(), item(2)], "note": "Only the column of 2026, please.", "wanted_on": DUE},
    ),
    "item_passed_back": (
        "item_passed_back",
        "Jo Field",
        "",
        TO_AGENCY | {"item": item(), "why": "The custody team keeps these.", "is_yours": True},
    ),
    "item_passed_back_to_nobody": (
        "item_passed_back",
        "Jo Field",
        "",
        TO_AGENCY | {"item": item(), "why": "The custody team keeps these.", "is_yours": False},
    ),
    "certify": ("certify", "Supt Dee Marsh", "", TO_AGENCY | {"items": [item(1), item(2, due_on=None, said="Refused")]}),
    "wrong_answer": (
        "wrong_answer",
        "Olwen Price",
        "",
        TO_ASKERS
        | {"item": item(), "why": "A sheet names patients."}
        | {"withheld": True, "again": True, "sent_at": AT}
        | RESTRICT,
    ),
    "wrong_answer_before": (
        "wrong_answer",
        "Olwen Price",
        "",
        TO_ASKERS
        | {"item": item(), "why": "A sheet names patients."}
        | {"withheld": True, "again": False, "sent_at": AT}
        | RESTRICT,
    ),
    "wrong_answer_public": (
        "wrong_answer",
        "Olwen Price",
        "",
        TO_ASKERS
        | {"item": item(), "why": "A sheet names patients."}
        | {"withheld": False, "again": False, "sent_at": AT}
        | RESTRICT,
    ),
    "wrong_answer_told": (
        "wrong_answer_told",
        "Dee Marsh",
        "",
        TO_AGENCY | {"item": item(), "why": "A sheet names patients."} | {"withheld": True, "again": True, "sent_at": AT},
    ),
    "wrong_answer_told_before": (
        "wrong_answer_told",
        "Dee Marsh",
        "",
        TO_AGENCY | {"item": item(), "why": "A sheet names patients."} | {"withheld": True, "again": False, "sent_at": AT},
    ),
    "wrong_answer_told_public": (
        "wrong_answer_told",
        "Dee Marsh",
        "",
        TO_AGENCY | {"item": item(), "why": "A sheet names patients."} | {"withheld": False, "again": False, "sent_at": AT},
    ),
    "taken_from_approver": ("taken_from_approver", "Dee Marsh", "", TO_AGENCY | {"item": item()}),
    "decline_taken_back": ("decline_taken_back", "Olwen Price", "", TO_ASKERS | {"item": item(), "waiting": []}),
    "decline_taken_back_with_a_question": (
        "decline_taken_back",
        "Olwen Price",
        "",
        TO_ASKERS | {"item": item(), "waiting": ["Do you mean the calendar year?"]},
    ),
    "item_sent_back": ("item_sent_back", "Jo Field", "", TO_AGENCY | {"item": item(), "why": "Take out the draft."}),
    "answer_entered": (
        "answer_entered",
        AGENCY,
        "Chief Executive",
        ENTERED | {"items": [item(1, files=[{"name": "File 1", "sha256": "ab12" * 16}]), item(2)]},
    ),
    "answer_entered_one": ("answer_entered", "Ms Wendy Moss", "", ENTERED | {"came": "by telephone"}),
    "receipt": (
        "receipt",
        "Wendy Moss",
        "",
        TO_AGENCY
        | {
            "items": [
                item(1, files=[{"name": "waiting.xlsx", "sha256": "ab12" * 16}]),
                item(2),
                item(
                    3, said="Redirected", ground="It passed to them in April.", redirected_to="Loam Valley NHS Foundation Trust"
                ),
            ],
            "sent_at": AT,
        },
    ),
    "receipt_one": ("receipt", "Wendy Moss", "", TO_AGENCY | {"items": [item(1)], "sent_at": AT}),
    "receipt_refusal": (
        "receipt",
        "Wendy Moss",
        "",
        TO_AGENCY | {"items": [item(1, said="Refused", ground="Section 40 of the Act.", redirected_to="")], "sent_at": AT},
    ),
    "request_answered": ("request_answered", "Olwen Price", "", TO_ASKERS | {"items": [item(1), item(2)]}),
    "item_not_given": (
        "item_not_given",
        "Olwen Price",
        "",
        TO_ASKERS
        | {
            "item": item(),
            "said": f"{AGENCY} says that somebody else has this information",
            "ground": "It passed to them in April.",
            "redirected_to": "Loam Valley NHS Foundation Trust",
            "approved_by": "Dr Sam Vale",
        },
    ),
    "question_asked": (
        "question_asked",
        "Olwen Price",
        "",
        TO_ASKERS | {"text": "Do you mean every practice?", "item": item(), "stopped": [item(1)], "running": [item(2), item(3)]},
    ),
    "extension_asked": (
        "extension_asked",
        "Olwen Price",
        "",
        TO_ASKERS | {"item": item(), "from_on": BEFORE, "until_on": LATER, "reason": "The system is being replaced."},
    ),
    "accuracy_check": ("accuracy_check", "Wendy Moss", "", FINDINGS | {"extracts": 2, "due_on": DUE, "why": ""}),
    "accuracy_day_moved": (
        "accuracy_day_moved",
        "Wendy Moss",
        "",
        FINDINGS | {"due_on": DUE, "before": BEFORE, "why": "", "holiday": True},
    ),
    "accuracy_day_counted": (
        "accuracy_day_moved",
        "Wendy Moss",
        "",
        FINDINGS | {"due_on": DUE, "before": BEFORE, "why": "", "holiday": False, "received_on": BEFORE},
    ),
    "accuracy_check_answered": (
        "accuracy_check_answered",
        "Olwen Price",
        "",
        without_us(FINDINGS) | {"corrections": 1, "address": "/reviews/R-2026-006/accuracy"},
    ),
    "accuracy_check_answered_none": (
        "accuracy_check_answered",
        "Olwen Price",
        "",
        without_us(FINDINGS) | {"corrections": 0, "address": "/reviews/R-2026-006/accuracy"},
    ),
    "check_to_approve": (
        "check_to_approve",
        "Supt Dee Marsh",
        "",
        FINDINGS | {"corrections": 2, "due_on": DUE, "by_name": "Rhys Cole"},
    ),
    "check_to_approve_none": (
        "check_to_approve",
        "Supt Dee Marsh",
        "",
        FINDINGS | {"corrections": 0, "due_on": DUE, "by_name": "Rhys Cole"},
    ),
    "check_taken_back": ("check_taken_back", "Supt Dee Marsh", "", FINDINGS | {"due_on": DUE, "by_name": "Rhys Cole"}),
    "check_sent_back": (
        "check_sent_back",
        "Rhys Cole",
        "",
        FINDINGS | {"due_on": DUE, "by_name": "Supt Dee Marsh", "why": "The January figure is right as it stands."},
    ),
    "approval_wanted": ("approval_wanted", "Supt Dee Marsh", "", APPROVAL),
    "approval_taken_back": ("approval_taken_back", "Supt Dee Marsh", "", APPROVAL),
    "approval_sent_back": (
        "approval_sent_back",
        "Rhys Cole",
        "",
        APPROVAL | {"by_name": "Supt Dee Marsh", "why": "Name the officer who does it.", "page": "/recommendations/5"},
    ),
    "approval_given": ("approval_given", "Rhys Cole", "", APPROVAL | {"by_name": "Supt Dee Marsh", "written_by": ""}),
    "approval_given_of_another": (
        "approval_given",
        "Wendy Moss",
        "",
        APPROVAL | {"by_name": "Supt Dee Marsh", "written_by": "Rhys Cole"},
    ),
    "correction_decided": (
        "correction_decided",
        "Wendy Moss",
        "",
        FINDINGS | {"words": "88 in January", "correction": "90 in January", "outcome": "Made", "decision": "The table says 90."},
    ),
    "recommendation_made": ("recommendation_made", AGENCY, "Chief Executive", ADVICE),
    "recommendation_made_undated": (
        "recommendation_made",
        AGENCY,
        "Chief Executive",
        ADVICE
        | {
            "addressee": Row(id=5, agency=Row(name=AGENCY), due_on=None),
            "law": "You do not have to reply by law, but we hope you will.",
            "notice": "",
            "due_words": "",
        },
    ),
    "response_day_moved": (
        "response_day_moved",
        AGENCY,
        "Chief Executive",
        ADVICE | {"before": BEFORE, "address": "/recommendations/5", "holiday": True},
    ),
    "response_day_counted": (
        "response_day_moved",
        AGENCY,
        "Chief Executive",
        ADVICE | {"before": BEFORE, "address": "/recommendations/5", "holiday": False},
    ),
    "response_reminder": ("response_reminder", AGENCY, "Chief Executive", ADVICE | {"agency": AGENCY, "law": ADVICE["law"]}),
    "response_reminder_no_duty": (
        "response_reminder",
        AGENCY,
        "Chief Executive",
        ADVICE | {"agency": AGENCY, "law": NEED_NOT_REPLY},
    ),
    "response_chased": ("response_chased", AGENCY, "Chief Executive", LATE_RESPONSE),
    "response_chased_noted": (
        "response_chased",
        AGENCY,
        "Chief Executive",
        LATE_RESPONSE | {"noted": True, "law": NEED_NOT_REPLY},
    ),
    "response_chased_of_a_successor": (
        "response_chased",
        AGENCY,
        "Chief Executive",
        LATE_RESPONSE | {"asked": "Fens and Loam NHS Trust"},
    ),
    "response_chased_progress": (
        "response_chased",
        AGENCY,
        "Chief Executive",
        LATE_RESPONSE | {"progress": True, "law": "", "opening": "Thank you for your call on Friday."},
    ),
    "response_chairs_letter": ("response_chairs_letter", AGENCY, "Chief Executive", LATE_RESPONSE | {"reminded": [LATER]}),
    "response_chairs_letter_progress": (
        "response_chairs_letter",
        AGENCY,
        "Chief Executive",
        LATE_RESPONSE | {"progress": True, "partly": True, "law": "", "closing": "The committee meets on 1 March."},
    ),
    "response_to_escalate": (
        "response_to_escalate",
        "Councillor Amrit Gill",
        "",
        LATE_RESPONSE | {"reminded": [LATER], "by_name": "Olwen Price"},
    ),
    "response_to_escalate_progress": (
        "response_to_escalate",
        "Councillor Amrit Gill",
        "",
        LATE_RESPONSE | {"progress": True, "by_name": "Olwen Price"},
    ),
    "response_given": ("response_given", "Olwen Price", "", without_us(ADVICE) | {"corrected": False}),
    "response_given_corrected": ("response_given", "Olwen Price", "", without_us(ADVICE) | {"corrected": True}),
    "progress_returned": ("progress_returned", "Olwen Price", "", without_us(ADVICE) | {"done": False, "new_date": LATER}),
    "progress_returned_done": ("progress_returned", "Olwen Price", "", without_us(ADVICE) | {"done": True, "new_date": None}),
    "response_words_erased": (
        "response_words_erased",
        AGENCY,
        "Chief Executive",
        ADVICE | {"agency": AGENCY, "by_name": "Olwen Price", "why": "A name slipped through.", "address": "/recommendations/4"},
    ),
    "response_settled": (
        "response_settled",
        AGENCY,
        "Chief Executive",
        ADVICE
        | {
            "line": Row(head=f"{LEAD} verified on 5 March 2027 that it is done", words="The page shows them.", note=""),
            "has_ended": True,
        },
    ),
    "review_withdrawn": ("review_withdrawn", "Leo Hart", "", PARTNERS),
    "dates_moved": ("dates_moved", "Leo Hart", "", PARTNERS | {"moved": [(PHASE, BEFORE, DUE)]}),
    "method_taken_up": (
        "method_taken_up",
        "Leo Hart",
        "",
        PARTNERS | {"older": Row(title="Task and finish", version="2026.1"), "newer": Row(version="2026.2")},
    ),
    "timetable_moved": ("timetable_moved", "Olwen Price", "", {"review": REVIEW, "phases": [PHASE]}),
    "error_reported": ("error_reported", "Olwen Price", "", {"report": REPORT, "error": Row(id=3)}),
    "error_decided": (
        "error_decided",
        "reader",
        "",
        {"report": REPORT, "error": Row(where="finding 2", state="corrected", decision="The figure is 90.")},
    ),
    "report_held": ("report_held", "Olwen Price", "", {"report": REPORT, "edition": Row(fault="Two findings are not agreed.")}),
    "report_released": ("report_released", "Wendy Moss", "", {"report": REPORT, "title": TITLE, "edition": FIRST}),
    "report_released_corrected": ("report_released", "Wendy Moss", "", {"report": REPORT, "title": TITLE, "edition": SECOND}),
    "report_withdrawn": (
        "report_withdrawn",
        "Wendy Moss",
        "",
        {"report": REPORT, "place": "Ashby", "why": "It named a child.", "address": "/reports/R-2026-006"},
    ),
    "signature_voided": (
        "signature_voided",
        "Cllr Amrit Gill",
        "",
        {"review": REVIEW, "signature": Row(name="Councillor Amrit Gill", signed_at=AT, voided_why=""), "changed": "the summary"},
    ),
    "signature_voided_why": (
        "signature_voided",
        "Cllr Amrit Gill",
        "",
        {
            "review": REVIEW,
            "signature": Row(name="Councillor Amrit Gill", signed_at=AT, voided_why="The scope was changed"),
            "changed": "",
        },
    ),
    "accuracy_waived": (
        "accuracy_waived",
        "Wendy Moss",
        "",
        FINDINGS | {"due_on": DUE, "by": "Olwen Price", "reason": "The inspection ends on Friday."},
    ),
    "dissent_written": (
        "dissent_written",
        "Cllr Amrit Gill",
        "",
        {"review": REVIEW, "dissent": Row(name="Councillor Joan Pike", body=Row(name=LEAD), text="I do not agree.")},
    ),
    "agreement_wanted": ("agreement_wanted", "Cara Quinn", "", AGREEMENT | {"changed": "", "said_on": ""}),
    "agreement_wanted_again": (
        "agreement_wanted",
        "Cara Quinn",
        "",
        AGREEMENT | {"changed": "text and citations", "said_on": "2 March 2027 at 9:30am"},
    ),
    "agreement_not_yet": (
        "agreement_answered",
        "Leo Hart",
        "",
        AGREEMENT | {"by": "Cara Quinn", "not_yet": True, "comment": "Say for which months the figure stands."},
    ),
    "agreement_commented": (
        "agreement_answered",
        "Leo Hart",
        "",
        AGREEMENT | {"by": "Cara Quinn", "not_yet": False, "comment": "We would look at this again next year."},
    ),
    "finding_moved": (
        "finding_moved",
        "Leo Hart",
        "",
        without_us(FINDINGS)
        | {"withdrawn": False, "by": "Olwen Price", "number": 2, "finding": "Lists", "why": "New figures came."},
    ),
    "finding_withdrawn": (
        "finding_moved",
        "Leo Hart",
        "",
        without_us(FINDINGS)
        | {"withdrawn": True, "by": "Olwen Price", "number": 2, "finding": "Lists", "why": "New figures came."},
    ),
    "requests_answered_by": ("requests_answered_by", "Olwen Price", "", COUNCILS | {"body": LEAD, "requests": [HANDED_ON]}),
    "work_taken_over": (
        "work_taken_over",
        "East Loamshire Council",
        "Chief Executive",
        COUNCILS | {"agency": "East Loamshire Council", "requests": [HANDED_ON], "recommendations": 2, "checks": 1},
    ),
    "body_ended": ("body_ended", "Olwen Price", "", COUNCILS | {"ended": ["Wendale Committee"], "now": ["East Committee"]}),
    "body_ended_nothing": ("body_ended", "Olwen Price", "", COUNCILS | {"ended": ["Wendale Committee"], "now": []}),
    "invitation": ("invitation", "Nia Rees", "", {}),
    "sign_in": ("sign_in", "Olwen Price", "", {"expires_at": AT}),
    **{
        f"account_{change}": ("account_changed", "Olwen Price", "", {"change": change, "what": what, "changed_at": AT})
        for change, what in {
            "password_changed": "",
            "password_removed": "",
            "two_step_changed": "",
            "two_step_removed": "",
            "passkey_added": "",
            "passkey_removed": "",
            "recovery_codes_made": "",
            "key_made": "Power BI",
            "calendar_made": "Outlook at work",
        }.items()
    },
    "work_handed_over": (
        "work_handed_over",
        "Rhys Cole",
        "",
        {
            "from_name": "Rhys Cole",
            "to_name": "Jo Field",
            "owner": "Wendale Police",
            "by_name": "Ada Winn",
            "takes_over": False,
            "what": ["Roles: responder", "2 questions to answer: R-2026-014/P03/1 and R-2026-014/P03/2"],
        },
    ),
    "mail_check": ("mail_check", "Ada Winn", "", {"asked_at": AT}),
    "second_step_reset": ("second_step_reset", "Olwen Price", "", {}),
    "challenge_confirm": ("challenge_confirm", "", "", CHALLENGE | {"days": 7}),
    "challenge_support_confirm": ("challenge_support_confirm", "", "", CHALLENGE | {"days": 7}),
    "challenge_to_check": ("challenge_to_check", "Olwen Price", "", CHALLENGE | {"check_by": DUE, "page": "/challenges/desk/4"}),
    "challenge_published": ("challenge_published", "", "", CHALLENGE | {"answerer": "Loamshire Police", "due_on": DUE}),
    "challenge_refused": (
        "challenge_refused",
        "",
        "",
        CHALLENGE
        | {
            "was_public": False,
            "ground": GROUNDS["personal-complaint"],
            "why": "The police have their own form for complaints.",
            "signpost": SIGNPOSTS["ombudsman"],
        },
    ),
    "challenge_taken_down": (
        "challenge_refused",
        "",
        "",
        CHALLENGE | {"was_public": True, "ground": GROUNDS["abusive"], "why": "", "signpost": ""},
    ),
    "challenge_merged": ("challenge_merged", "", "", CHALLENGE | {"into": "C-2026-002"}),
    "challenge_to_answer": ("challenge_to_answer", "Rhys Cole", "", TO_ANSWER),
    "challenge_overdue": ("challenge_overdue", "Rhys Cole", "", TO_ANSWER),
    "challenge_answered": (
        "challenge_answered",
        "",
        "",
        CHALLENGE | {"named": "C-2026-004", "author": "Loamshire Police", "outcome": OUTCOMES["corrected"]},
    ),
    "challenge_changed": (
        "challenge_changed",
        "",
        "",
        CHALLENGE | {"named": "C-2026-004", "what": f"{CHANGES['source_corrected']} (27 November 2026)."},
    ),
    "confirm_alert": ("confirm_alert", "", "", {"named": "Ashby"}),
    "place_alert": ("place_alert", "", "", {"named": "Ashby", "title": TITLE, "report": REPORT, "edition": FIRST}),
    "place_alert_corrected": ("place_alert", "", "", {"named": "Ashby", "title": TITLE, "report": REPORT, "edition": SECOND}),
    "recommendation_alert": (
        "recommendation_alert",
        "",
        "",
        {
            "named": "Ashby",
            "title": TITLE,
            "number": 2,
            "agency": "Wendale Police",
            "text": "Publish waiting times each month.",
            "word": "Done and verified",
            "line": Row(text="Loamshire Scrutiny verified on 3 March 2026 that it is done: “The page shows them.”"),
            "address": "/reports/R-2026-006#recommendation-2",
        },
    ),
    "report_withdrawn_alert": (
        "report_withdrawn_alert",
        "",
        "",
        {"named": "Ashby", "report": REPORT, "place": "Ashby", "why": "It named a child.", "address": "/reports/R-2026-006"},
    ),
    "place_ended": (
        "place_ended",
        "",
        "",
        COUNCILS | {"named": "Ashby", "slug": "E07900001", "councils": [{"name": "East Loamshire", "code": "E06000999"}]},
    ),
    "place_ended_alone": ("place_ended", "", "", COUNCILS | {"named": "Ashby", "slug": "E07900001", "councils": []}),
}
