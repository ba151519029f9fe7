"""What the agencies of Loamshire answer to the standard questions of the methods, in words and figures."""

from __future__ import annotations

from scrutiny.answering.service import Typed
from scrutiny.requests.models import Item

#: standard item: (words, figures), where {place} and {agency} are filled in
ANSWERS: dict[str, tuple[str, str]] = {
    "spend-in-place": (
        "Spending that is recorded by ward has been added up for {place}. What is not recorded by place has been "
        "shared out by "
        "the number of residents, which is all our ledger allows.",
        "Spend recorded in the place: £4,182,000\nSpend shared out by residents: £1,906,000\nStaff working there: 63 posts",
    ),
    "earlier-recommendations": (
        "Two reviews in the last three years made eleven recommendations to us about {place}. Seven are done, three "
        "are under way "
        "and one was not accepted because the service had already closed.",
        "",
    ),
    "one-change": (
        "A single record that every agency can read. People in {place} tell their story again at each door, and some "
        "stop trying "
        "before they reach the right one.",
        "",
    ),
    "council-strategy": (
        "Our strategy and its action plan are set out below; each action names the officer who is answerable for it. "
        "The cabinet "
        "looks at progress every quarter.",
        "",
    ),
    "council-performance": (
        "Performance has fallen short of target in two of the last three years. Similar councils met theirs in one "
        "year of three.",
        "Target met, first year: 71%\nTarget met, second year: 66%\nTarget met, last year: 58%",
    ),
    "needs-assessment": (
        "The needs assessment says that one household in five in {place} has no car and that the nearest walk-in "
        "clinic is more "
        "than ten miles away for a third of residents.",
        "",
    ),
    "council-complaints": (
        "Thirty-one complaints were made about these services in {place} last year. Nine were upheld, and the "
        "Ombudsman decided "
        "two. Letters now name a person and a telephone number because of them.",
        "Complaints: 31\nUpheld: 9\nDecided by the Ombudsman: 2",
    ),
    "homelessness": (
        "The figures are for the whole district; those for {place} are about two thirds of them.",
        "Households on the waiting list: 1,284\nHouseholds owed a prevention duty: 212\nHouseholds owed a relief duty: 168",
    ),
    "health-commissioning": (
        "We commission community, talking therapy and crisis services for {place}. Contracts run to the end of March "
        "and were last "
        "tendered four years ago.",
        "Community services: £3,410,000\nTalking therapies: £612,000\nCrisis service: £488,000",
    ),
    "health-needs": (
        "Hospital admissions for self-harm among people under 25 are a third higher in {place} than across our area, "
        "and highest "
        "in the four small areas around the old mill.",
        "",
    ),
    "trust-waiting": (
        "Two hundred and eleven people from {place} waited longer than eighteen weeks for a first appointment last year. The "
        "median wait was eleven weeks; for neurodevelopmental assessment it was forty-one.",
        "People seen: 1,372\nWaited longer than 18 weeks: 211\nMedian wait: 11 weeks",
    ),
    "trust-access": (
        "Most people from {place} come by car. One appointment in seven is missed, against one in eleven elsewhere; "
        "where we offer "
        "evening clinics the figure falls by half.",
        "",
    ),
    "lived-experience": (
        "Tenants told us that they do not know who to ring, that they are passed from one office to another, and that "
        "damp is put "
        "down to the way they live.",
        "",
    ),
    "police-data": (
        "Recorded incidents are given by type for three years. About four in ten involve somebody known to a mental "
        "health service.",
        "Antisocial behaviour, first year: 1,914 incidents\nAntisocial behaviour, second year: 2,207 incidents\n"
        "Antisocial behaviour, last year: 2,391 incidents",
    ),
    "police-vulnerability": (
        "The force management statement names {place} as one of three places where demand will grow fastest. A weekly "
        "meeting with "
        "housing and health chooses ten addresses to visit together.",
        "",
    ),
    "pcc-grants": (
        "Two grants of the police and crime plan were made in {place} last year, for detached youth work and for a victims’ "
        "advocate.",
        "Youth work: £48,000\nVictims’ advocate: £36,500",
    ),
    "fire-prevention": (
        "Visits are chosen by age, oxygen use and earlier incidents; referrals from other agencies come first.",
        "Incidents in the year: 143\nSafe and well visits: 602\nVisits after a referral: 187",
    ),
    "fire-partners": (
        "We referred 187 people to other agencies and learnt what became of 61 of them.",
        "Referred by us: 187 people\nOutcome known: 61 people\nReferred to us: 94 people",
    ),
    "probation-caseload": (
        "The caseload is given by main need. Nobody can be recognised from these numbers.",
        "People on the caseload: 318\nMain need housing: 121\nMain need mental health: 88",
    ),
    "probation-partners": (
        "Housing is arranged before release for about half of those who need it. It fails most often on a Friday, "
        "when the offices "
        "that could help close at four.",
        "",
    ),
    "claimants": (
        "Counts are of people living in {place} on the second Thursday of the month.",
        "Universal Credit, searching for work: 1,106\nUniversal Credit, no requirements: 2,340\nHelped into work: 274",
    ),
    "homes": (
        "We let homes in {place} of which most were built before 1980. One in eight was reported for damp or mould in "
        "the last two "
        "winters.",
        "Homes: 1,412\nReported for damp or mould: 176\nTo be improved in three years: 390",
    ),
    "plan-timeliness": (
        "Plans are counted by the month in which they were asked for. Fewer than half were issued within twenty weeks.",
        "Plans asked for: 412\nPlans issued: 377\nIssued within 20 weeks: 168",
    ),
    "alternative-provision": (
        "We use seven registered providers and visit each twice a year. Two visits last year found staff checks out of date.",
        "Children placed: 86\nCost: £1,940,000",
    ),
    "strategic-plan": ("The partnership’s strategic plan and its self-evaluation are sent with this answer.", ""),
    "person-list": ("The list is sent in the framework’s layout, by reference number and without names.", ""),
    "health-advice": (
        "Health advice came within six weeks for fewer than two plans in three. The designated clinical officer reports that "
        "occupational therapy is the cause of most delays.",
        "Advice asked for: 398\nWithin six weeks: 247",
    ),
    "therapy-waits": (
        "Children wait longest for assessment of autism: sixty-two weeks at the median, and longer for girls than for boys.",
        "Speech and language therapy: 19 weeks\nOccupational therapy: 33 weeks\nAutism assessment: 62 weeks",
    ),
    "tracked-health-records": ("The records of the six children chosen are sent by reference number, with names taken out.", ""),
    "adult-steps": (
        "A work coach meets every young person with a plan in the year before they leave. Forty-four began a "
        "supported internship "
        "and thirty-one of them found paid work.",
        "",
    ),
    "contact-with-services": (
        "Staff are trained to recognise communication needs once, on joining. There is no refresher, and nothing on "
        "our systems "
        "tells a crew that a child at an address has a plan.",
        "",
    ),
    "child-list": ("The list is sent in the annex A layout, by reference number and without names.", ""),
    "front-door-data": (
        "Contacts are counted by source and month; eight in ten were decided within a working day.",
        "Contacts: 9,410\nReferrals: 2,088\nDecided within one working day: 81%",
    ),
    "multi-agency-meetings": ("Five strategy meetings and eleven core groups are planned in the week of fieldwork.", ""),
    "multi-agency-audit": ("Four of the six cases have been audited together; two evaluations are being written.", ""),
    "self-evaluation": (
        "Children are seen quickly when they come to the front door. We are less sure of what happens to those who "
        "are turned away, "
        "and began to follow fifty of them in September.",
        "",
    ),
    "safeguarding-arrangements": ("The published arrangements, the yearly report and four sets of minutes are sent.", ""),
    "police-case-records": ("Records are sent by reference number, with the names of others taken out.", ""),
    "police-child-data": (
        "Protection notices are sent within a day in nine cases of ten. Return interviews after a missing episode take longest.",
        "Protection notices: 3,118\nMissing episodes: 742\nChildren in custody overnight: 19",
    ),
    "icb-commissioning": (
        "Two services for children in scope have waits above our standard; a plan for each is with the board.",
        "Community paediatrics: 27 weeks\nSexual assault referral: 4 days",
    ),
    "health-case-records": ("Chronologies are sent by reference number, with names taken out.", ""),
    "health-safeguarding": (
        "Staff made more referrals than in any earlier year. Supervision found that a third of them heard nothing back.",
        "Referrals: 1,166\nStaff trained to level 3: 88%",
    ),
    "probation-links": (
        "Every new order is checked against the list of child protection plans within five days; last month two in a "
        "hundred were "
        "late.",
        "",
    ),
    "partner-contribution": (
        "Our staff made 27 referrals about a child last year and learnt what became of nine. Each member of staff has "
        "an hour’s "
        "training a year.",
        "",
    ),
    "children-say": ("Children tell our support workers that they want the same person to come back.", ""),
}
#: Why an answer is kept from the public, by standard item: each ground is true of what is answered there.
PRICES = "Freedom of Information Act 2000, section 43: it holds what we pay for services that are about to be tendered."
PROVISIONAL = "Freedom of Information Act 2000, section 22: the counts are provisional, and we publish the final ones ourselves."
TO_COME = "Freedom of Information Act 2000, section 22: it is to be published once the partnership has adopted it."
FEW = "Freedom of Information Act 2000, section 40: it speaks of so few people in one month that one of them could be recognised."
WITHIN = "It was written for this inspection, and is to stay within it until the inspectors report."
GROUNDS: dict[str, str] = {
    "alternative-provision": PRICES,
    "front-door-data": PROVISIONAL,
    "health-commissioning": PRICES,
    "health-safeguarding": PROVISIONAL,
    "icb-commissioning": PROVISIONAL,
    "police-child-data": PROVISIONAL,
    "probation-links": FEW,
    "self-evaluation": WITHIN,
    "strategic-plan": TO_COME,
}


def typed_for(item: Item) -> Typed:
    """The answer to an item, as somebody of its agency would type it."""
    question, request = item.question, item.request
    words, figures = ANSWERS.get(question.standard_key, (f"We have looked into this for {request.review.place.name}.", ""))
    text = words.format(place=request.review.place.name, agency=request.agency.name)
    ground = GROUNDS.get(question.standard_key, WITHIN) if question.marking == "exempt" else ""
    return Typed(text=text, figures=figures, marking=question.marking, exempt_ground=ground)
