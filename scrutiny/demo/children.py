"""A review in full flow: children in need of protection in Loamshire, with an item in every state an item can have."""

from __future__ import annotations

from datetime import date, timedelta

from scrutiny.answering import service as answering
from scrutiny.asking import service as requests
from scrutiny.delegation import service as delegation
from scrutiny.demo.deeds import by_post, file_of, item_of, kept, opened, paper_or_tables, quoted, request_to, sent
from scrutiny.demo.layers import COUNTY_CODE
from scrutiny.demo.papers import Paper, Sheet, Sheets, Table, table, workbook
from scrutiny.demo.storytelling import Loamshire, Story
from scrutiny.evidence import naming
from scrutiny.findings import service as findings
from scrutiny.formats import london_day
from scrutiny.requests.queries import overdue
from scrutiny.reviews.models import Review

LEAD, OFFICER = "learning", "leo"
ARRANGEMENTS = Paper(
    "Safeguarding arrangements",
    "Published arrangements for safeguarding children",
    "NHS West Loamshire Integrated Care Board",
    (
        Sheet(
            "Who does what",
            (
                "The two health boards, the council and the police are equal partners in safeguarding children in Loamshire.",
                "The chair of the partnership changes every two years. No partner has led it since the spring.",
            ),
            Table(
                "Meetings of the partnership",
                ("Partner", "Meetings", "Attended"),
                (("County council", 8, 8), ("Police", 8, 7), ("West board", 8, 6), ("East board", 8, 3)),
            ),
        ),
        Sheet(
            "What changed this year", ("A review of four cases found that plans were made without the family’s doctor in three.",)
        ),
    ),
)
LIST = (
    ("Reference", "Year of birth", "Plan", "Agencies"),
    (
        ("LC-0411", 2014, "Child protection", "Council; police; trust"),
        ("LC-0412", 2011, "Child in need", "Council; school"),
        ("LC-0427", 2019, "Child protection", "Council; trust"),
        ("LC-0430", 2009, "None", "Police"),
    ),
)
CONTACTS: Sheets = {
    "By month": (
        ("Month", "Contacts", "Referrals", "Decided in a day"),
        [("April", 781, 170, "84%"), ("May", 806, 181, "83%"), ("June", 792, 176, "80%"), ("July", 744, 160, "79%")],
    ),
    "By source": (("Source", "Contacts"), [("School", 2844), ("Police", 3118), ("Health", 1732), ("Family", 1716)]),
}


def story(county: Loamshire) -> Story:
    """From the day the inspectors rang to yesterday."""
    yield (at := county.at(-8, 9))
    review = opened(
        county,
        title="Help and protection of children in Loamshire",
        place=county.place(COUNTY_CODE, at=at),
        lead=LEAD,
        partners=("care",),
        officer=OFFICER,
        at=at,
        method="jtai",
        reason="Chosen by risk, from the number of children referred again within a year.",
        in_scope="The front door, help and protection, for children of any age.",
        out_of_scope="Children in care elsewhere.",
    )
    by = county.by(OFFICER, LEAD)
    # She and the lead inspector choose the six children whose cases are followed.
    naming.name_reader(review, county.person("cara"), county.body("care"), by=by, at=at)
    requests.issue_requests(review, requests.draft_requests(review, by=by, at=at), by=by, at=at)
    yield (at := county.at(-7, 10))
    _county_answers(county, review)
    yield (at := county.at(-6, 11))
    _health_answers(county, review)
    yield (at := county.at(-5, 15))
    _police_answers(county, review)
    _others_answer(county, review)
    yield (at := county.at(-3, 16))
    _lead_looks(county, review)
    yield (at := county.at(-2, 17))
    answering.ask_extension(
        request_to(county, review, "police"),
        _later(county, review, "police", "police-case-records"),
        "Two of our three records officers are at the crown court this week.",
        item=item_of(county, review, "police", "police-case-records"),
        by=county.by("rhys", "police"),
        at=at,
    )
    late = request_to(county, review, "east-icb")
    if overdue(late, london_day(at)):
        requests.chase(late, by=by, at=at)
    front_door = findings.draft_finding(
        review,
        title="Most contacts are decided within a day, but fewer than in spring",
        text="Eight contacts in ten were decided within a working day. The share fell from 84% in April to 79% in July.",
        lines=[review.lines[0]],
        by=county.by("ines", "learning"),
        at=at,
    )
    contacts = item_of(county, review, "county", "front-door-data")
    sheet = file_of(contacts, ".xlsx")
    quoted(county, front_door, contacts, "eight in ten were decided within a working day", "ines", LEAD, at)
    for figure, cell in (("84%", "By month!D2"), ("79%", "By month!D5")):
        quoted(county, front_door, contacts, figure, "ines", LEAD, at, file=sheet, cell=cell)
    findings.keep_note(
        review,
        "Ask in fieldwork who chairs the partnership now. Nobody on the telephone knew.",
        by=county.by("ines", "learning"),
        at=at,
    )


def _later(county: Loamshire, review: Review, agency: str, key: str) -> date:
    """A week after an item is due, and after today."""
    due = item_of(county, review, agency, key).due_on or county.today
    return max(due, county.today) + timedelta(days=7)


def _county_answers(county: Loamshire, review: Review) -> None:
    """The council sends two, has one sent back by its director, one waiting for her, and one begun."""
    at = county.at(-7, 10)
    items = {item.question.standard_key: item for item in request_to(county, review, "county").items}
    kept(county, items["child-list"], "county", at, files=[table("Children in scope", *LIST)])
    kept(county, items["front-door-data"], "county", at, files=[workbook("Contacts and referrals", CONTACTS)])
    kept(county, items["multi-agency-meetings"], "county", at)
    sent(county, [items["child-list"], items["front-door-data"], items["multi-agency-meetings"]], "county", at, hours=14)
    for key in ("self-evaluation", "safeguarding-arrangements", "multi-agency-audit"):
        kept(county, items[key], "county", at)
    waiting = [items["self-evaluation"], items["safeguarding-arrangements"]]
    answering.send_to_certifier(waiting, by=county.by("priya", "county"), at=at)
    answering.send_back(
        items["safeguarding-arrangements"],
        "The minutes of the last meeting are still a draft: wait for Thursday.",
        by=county.by("helen", "county"),
        at=at,
    )


def _health_answers(county: Loamshire, review: Review) -> None:
    """The west board sends all but one, for which it has more time; the trust refuses one; the east board is silent."""
    at = county.at(-6, 11)
    items = {item.question.standard_key: item for item in request_to(county, review, "west-icb").items}
    kept(county, items["safeguarding-arrangements"], "west-icb", at, files=[paper_or_tables(county, ARRANGEMENTS, at)])
    kept(county, items["self-evaluation"], "west-icb", at)
    sent(county, [items["safeguarding-arrangements"], items["self-evaluation"]], "west-icb", at, hours=9)
    wanted = _later(county, review, "west-icb", "icb-commissioning")
    asked = answering.ask_extension(
        request_to(county, review, "west-icb"),
        wanted,
        "The board meets next week and must see the figures first.",
        item=items["icb-commissioning"],
        by=county.by("wendy", "west-icb"),
        at=at,
    )
    requests.decide_extension(asked, grant=True, decision="Granted: the rest came early.", by=county.by(OFFICER, LEAD), at=at)
    safeguarding = item_of(county, review, "trust", "health-safeguarding")
    kept(county, safeguarding, "trust", at)
    sent(county, [safeguarding], "trust", at, hours=5)
    answering.refuse_item(
        item_of(county, review, "trust", "health-case-records"),
        "Two of the six children chosen are in proceedings, and the family court has not given leave to share their records.",
        by=county.by("grace", "trust"),
        at=at,
    )


def _police_answers(county: Loamshire, review: Review) -> None:
    """The police send their figures, hand one item to an analyst, and have one with the superintendent."""
    at = county.at(-5, 15)
    by = county.by("rhys", "police")
    items = {item.question.standard_key: item for item in request_to(county, review, "police").items}
    kept(county, items["police-child-data"], "police", at)
    sent(county, [items["police-child-data"]], "police", at, hours=6)
    terms = delegation.Terms("The county keeps the case files.")
    delegation.hand_items([items["self-evaluation"]], county.person("jo"), terms, by=by, at=at)
    kept(county, items["safeguarding-arrangements"], "police", at)
    answering.send_to_certifier([items["safeguarding-arrangements"]], by=by, at=at)


def _others_answer(county: Loamshire, review: Review) -> None:
    """Redirected, not held, asked what is meant, by telephone, by post, and one asked no longer."""
    at = county.at(-5, 15)
    by = county.by(OFFICER, LEAD)
    fire = item_of(county, review, "fire", "partner-contribution")
    written = answering.ask_question(
        fire.request,
        "Should we count worries about a child in the home of an adult we visit?",
        item=fire,
        by=county.by("finn", "fire"),
        at=at,
    )
    requests.reply(written.request, text="Yes, please: every worry, whoever you came to see.", item=fire, by=by, at=at)
    answering.redirect_item(
        item_of(county, review, "housing", "children-say"),
        "Loamshire County Council, children’s participation team",
        why="The support workers moved to the council in April.",
        by=county.by("marsha", "housing"),
        at=at,
    )
    answering.say_not_held(
        item_of(county, review, "east-icb", "safeguarding-arrangements"),
        "The arrangements are published by the partnership; we hold no minutes of our own.",
        by=county.by("sam", "east-icb"),
        at=at,
    )
    by_post(county, [item_of(county, review, "probation", "probation-links")], OFFICER, LEAD, at, came_by="telephone")
    by_post(county, [item_of(county, review, "marlbury", "partner-contribution")], OFFICER, LEAD, at)
    requests.withdraw_item(
        item_of(county, review, "fenmere", "partner-contribution"),
        by=by,
        at=at,
        why="The council has told us that it shares its housing officers with Stonewold, which answers for both.",
    )


def _lead_looks(county: Loamshire, review: Review) -> None:
    """The lead inspector accepts some and returns one."""
    at = county.at(-3, 16)
    by = county.by(OFFICER, LEAD)
    for agency, key in (
        ("county", "child-list"),
        ("police", "police-child-data"),
        ("west-icb", "safeguarding-arrangements"),
        ("marlbury", "partner-contribution"),
        ("east-icb", "safeguarding-arrangements"),
    ):
        requests.accept_item(item_of(county, review, agency, key), by=by, at=at)
    requests.return_item(
        item_of(county, review, "county", "multi-agency-meetings"),
        why="Please add where each meeting is held, and when.",
        by=by,
        at=at,
    )
