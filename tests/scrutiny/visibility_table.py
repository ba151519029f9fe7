"""Who may come upon each planted word, written by hand from the design: the judgement of the matrix, and not the product’s."""

from __future__ import annotations

LEAD, COUNCILLORS = {"officer", "no_longer_named"}, {"chair", "councillor"}
NAMED = {"officer", "lead_inspector"}
GRANTED, PARTNER = {"inspector"}, {"inspector", "lead_inspector"}
OBSERVER = {"partner_inspector"}
POLICE, FIRE = {"responder", "colleague", "certifier"}, {"fire_responder"}
STRANGERS = {"anyone", "stranger", "icb_responder"}
ADMINISTRATOR = {"administrator"}
WORKING = LEAD | COUNCILLORS | PARTNER
DRAFT_READERS = LEAD | {"chair"} | PARTNER
RUNNING = LEAD | {"chair"}
BODIES = WORKING | OBSERVER
EVERYONE = BODIES | POLICE | FIRE | STRANGERS | ADMINISTRATOR

#: Every planted word, and who comes upon it somewhere. Administrators read letters as they were sent, and nothing else.
WHO_SEES: dict[str, set[str]] = {
    "count published title": EVERYONE,
    "count published row": EVERYONE,
    "count pending title": LEAD,
    "count pending row": LEAD,
    "count withdrawn title": LEAD,
    "count withdrawn row": LEAD,
    "count withdrawn why": LEAD,
    "challenge waiting": RUNNING,
    "challenge waiting name": RUNNING,
    "challenge published": EVERYONE,
    "challenge answer": EVERYONE,
    "challenge refused": RUNNING,
    "challenge refused why": RUNNING | ADMINISTRATOR,
    "challenge address": ADMINISTRATOR,
    "gap public why": EVERYONE,
    "gap public todo": EVERYONE,
    "gap own why": LEAD | COUNCILLORS,
    "gap own todo": LEAD | COUNCILLORS,
    "plan idea": LEAD | COUNCILLORS,
    "plan idea reason": LEAD | COUNCILLORS,
    "plan shared": LEAD | COUNCILLORS | PARTNER,
    "plan shared reason": LEAD | COUNCILLORS | PARTNER,
    "plan announced": EVERYONE,
    "plan announced reason": LEAD | COUNCILLORS,
    "announced title": EVERYONE,
    "announced reason": BODIES | ADMINISTRATOR,
    "announced scope": BODIES | ADMINISTRATOR,  # the letter of a request says what the review covers
    "announced summary": WORKING,  # whoever signs reads the whole draft
    "announced proposed question": WORKING,
    "announced county dropped": WORKING,
    "announced east message": WORKING,  # a draft: the agency it is for does not know of it
    "announced police message": RUNNING | POLICE | ADMINISTRATOR,
    "announced fire message": RUNNING | FIRE | ADMINISTRATOR,
    "announced police asked": BODIES | POLICE | ADMINISTRATOR,
    "announced fire asked": BODIES | FIRE | ADMINISTRATOR,
    "police back why": POLICE | ADMINISTRATOR,
    "police handing": POLICE | ADMINISTRATOR,
    "police not held": BODIES | POLICE | ADMINISTRATOR,
    "police refused": BODIES | POLICE | ADMINISTRATOR,
    "police redirected": BODIES | POLICE | ADMINISTRATOR,
    "police question": BODIES | POLICE | ADMINISTRATOR,
    "police reply": BODIES | POLICE | ADMINISTRATOR,
    "police start": BODIES,  # how the asker knows of the day a clock started
    "fire returned": BODIES | FIRE,
    "fire returned why": BODIES | FIRE | ADMINISTRATOR,
    "announced set aside": RUNNING,
    "fire extension": RUNNING | ADMINISTRATOR,
    "fire extension refused": BODIES | FIRE | ADMINISTRATOR,
    "announced grant": RUNNING,
    "announced note": GRANTED,  # its writer, who happens to hold the grant
    "announced finding drafted": DRAFT_READERS,
    "announced finding drafted title": DRAFT_READERS,
    "announced finding proposed": WORKING | FIRE,  # the agency, in its own extract
    "announced finding proposed title": WORKING | FIRE,
    "announced finding settled": WORKING | FIRE,
    "announced finding settled title": WORKING | FIRE,
    "announced finding withdrawn": DRAFT_READERS,
    "announced finding withdrawn title": DRAFT_READERS | ADMINISTRATOR,
    "announced recommendation drafted": DRAFT_READERS,
    "announced recommendation drafted measure": DRAFT_READERS,
    "announced recommendation proposed": WORKING,
    "announced recommendation proposed measure": WORKING,
    "announced dissent": WORKING | ADMINISTRATOR,
    "correction": DRAFT_READERS | FIRE,
    "correction grounds": DRAFT_READERS | FIRE,
    "wizard title": RUNNING,
    "alert": ADMINISTRATOR,
    "holiday list": ADMINISTRATOR,
    "method text": ADMINISTRATOR,
    "statement before": ADMINISTRATOR,
    "statement now": EVERYONE,
    "people list": ADMINISTRATOR,
    "hidden title": WORKING | OBSERVER | FIRE | ADMINISTRATOR,  # invited, so it may decide whether to take part
    "hidden reason": WORKING | OBSERVER | ADMINISTRATOR,
    "hidden scope": WORKING | OBSERVER | ADMINISTRATOR,
    "hidden fire asked": WORKING | FIRE | ADMINISTRATOR,
    "hidden fire message": RUNNING | FIRE | ADMINISTRATOR,
    "hidden police asked": WORKING,  # drafted, never issued
    "hidden police message": WORKING,
    "hidden open": WORKING | FIRE,
    "hidden finding": WORKING,
    "hidden finding title": WORKING,
    "hidden recommendation": WORKING,
    "hidden recommendation measure": WORKING,
    "announced letter file": RUNNING,  # and whoever gets the letter, by email
    "announced moved": BODIES | ADMINISTRATOR,  # why its dates moved; what was asked of agencies did not
    "police comes": POLICE,  # kept, not sent
    "fire comes": BODIES | FIRE,
    "hidden meeting about": WORKING | FIRE | ADMINISTRATOR,
    "hidden meeting place": WORKING | FIRE | ADMINISTRATOR,
    "hidden meeting whom": WORKING | FIRE | ADMINISTRATOR,
    "hidden meeting why": WORKING | FIRE | ADMINISTRATOR,
    "hidden draft meeting about": WORKING,
    "hidden draft meeting place": WORKING,
    "hidden draft meeting whom": WORKING,
    "hidden draft meeting why": WORKING,
    "announced meeting about": BODIES | POLICE | FIRE | ADMINISTRATOR,
    "announced meeting place": BODIES | POLICE | FIRE | ADMINISTRATOR,
    "announced meeting whom": BODIES | POLICE | FIRE | ADMINISTRATOR,
    "announced meeting why": BODIES | POLICE | FIRE | ADMINISTRATOR,
    "withdrawn title": EVERYONE,
    "withdrawn reason": WORKING | ADMINISTRATOR,
    "withdrawn scope": WORKING | ADMINISTRATOR,
    "withdrawn fire asked": WORKING | FIRE,
    "withdrawn fire message": RUNNING | FIRE | ADMINISTRATOR,
    "withdrawn why": WORKING | FIRE | ADMINISTRATOR,
    "planned title": WORKING,
    "planned reason": WORKING,
    "planned scope": WORKING,
    "planned fire asked": WORKING,
    "planned fire message": WORKING,
    "reported title": EVERYONE,
    "reported reason": EVERYONE,
    "reported scope": EVERYONE,
    "reported summary": EVERYONE,
    "reported dissent": EVERYONE,
    "reported finding": EVERYONE,
    "reported finding title": EVERYONE,
    "reported finding withdrawn": DRAFT_READERS,
    "reported finding withdrawn title": DRAFT_READERS | ADMINISTRATOR,
    "reported recommendation": EVERYONE,
    "reported recommendation measure": EVERYONE,
    "reported response": EVERYONE,
    "reported progress": EVERYONE,
    "reported fire asked": EVERYONE,
    "reported draft": FIRE,
    "reported note": GRANTED,
    "reported east message": WORKING,
    "correction of report": RUNNING,
    "summary corrected": WORKING,  # the released edition is sealed; its correction is not out
    "staged area": EVERYONE,  # what is staged is entered for its day, and anybody may read of that day
    "staged council": EVERYONE,
    "staged change": ADMINISTRATOR,
    "prepared area": ADMINISTRATOR,
    "prepared council": ADMINISTRATOR,
    "prepared change": ADMINISTRATOR,
    "register told": RUNNING | POLICE,  # the agency first; the public only once it is published
    "register told reply": RUNNING | POLICE,
    "police line": POLICE,
    "police line why": POLICE | ADMINISTRATOR,
    "register published": EVERYONE,
    "register published reply": EVERYONE,
    "state returned why": WORKING | FIRE | ADMINISTRATOR,
    "state withdrawn why": WORKING | ADMINISTRATOR,  # the agency has it by email
    "state restricted why": RUNNING | ADMINISTRATOR,  # the agency has it by email
    "state taken back why": RUNNING | ADMINISTRATOR,
    "state erased why": EVERYONE,  # what was public leaves its reason where it stood
    "state file erased why": EVERYONE,
    "state wrong why": WORKING | FIRE | ADMINISTRATOR,
    "recalled title": EVERYONE,
    "recalled reason": WORKING | ADMINISTRATOR,
    "recalled scope": WORKING | ADMINISTRATOR,
    "recalled fire asked": WORKING | FIRE | ADMINISTRATOR,
    "recalled fire message": RUNNING | FIRE | ADMINISTRATOR,
    "recalled summary": WORKING,
    "recalled finding": WORKING,
    "recalled finding title": WORKING,
    "recalled recommendation": WORKING | FIRE | ADMINISTRATOR,  # it was made: its agency has it, and answers or not
    "recalled recommendation measure": WORKING | FIRE | ADMINISTRATOR,
    "recalled why": EVERYONE,
    "error where": RUNNING,
    "error text": RUNNING,
}
#: Planted, and shown to nobody: the address a reader left with an error.
UNSEEN = {"error address", "challenge original", "challenge hidden name"}
#: The same for what was answered under each marking, while the review runs; its words, its table, the names of its files.
ANSWERED = {
    "open": BODIES | FIRE,
    "exempt": WORKING | FIRE,
    "confidential": LEAD | COUNCILLORS | GRANTED | FIRE,
    "personal": NAMED | FIRE,
}
for marking, readers in ANSWERED.items():
    for part in ("", " cell", " csv", " pdf"):
        named = {"administrator"} if marking == "open" and part in (" csv", " pdf") else set()  # in the receipt
        WHO_SEES[f"announced {marking}{part}"] = readers | named
        out = EVERYONE if marking == "open" else readers | named
        WHO_SEES[f"reported {marking}{part}"] = out - (GRANTED if marking == "confidential" else set())
    if marking == "exempt":
        WHO_SEES[f"announced {marking} ground"] = WHO_SEES[f"reported {marking} ground"] = readers

#: The same by the state of publication an answer reached: its words, the cell of its table and the name of its table.
#: Administrators read the receipts as they were sent, in which stand the names of the files.
STATES = {
    "state returned": WORKING | FIRE,
    "state withdrawn": WORKING | FIRE,  # an answer already sent stays with the review
    "state superseded": WORKING | FIRE,
    "state newer": EVERYONE,
    "state file replaced": WORKING | FIRE,
    "state file new": EVERYONE,
    "state restricted": LEAD | COUNCILLORS | FIRE,  # confidential now, and nobody of the partner has a grant
    "state taken back": WORKING | FIRE,
    "state erased": set(),
    "state wrong": FIRE,
    "recalled answer": WORKING | FIRE,
    "police draft": POLICE,
    "police certify": POLICE,
    "police back": POLICE,
}
for state, readers in STATES.items():
    told = set() if state.startswith("police") or state == "state erased" else ADMINISTRATOR
    WHO_SEES[state] = WHO_SEES[f"{state} cell"] = readers
    WHO_SEES[f"{state} csv"] = readers | told
