"""A year of a busy council with a moved clock, through the real jobs, against a reckoning of its own: no reminder missed,
doubled or sent on a quiet day. Late holidays, extensions, silence, chasing by hand; 50 reviews with
1,000 requests in `make proof`."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select

from scrutiny.accounts.models import Person
from scrutiny.agencies.models import Agency, AgencyMembership
from scrutiny.answering import service as answering
from scrutiny.areas.models import Place
from scrutiny.asking import service
from scrutiny.bodies.models import Body
from scrutiny.bodies.queries import actor_of
from scrutiny.chasing import service as chasing
from scrutiny.chasing.models import Escalation, EscalationItem
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.requests.models import EvidenceRequest, Extension, Item
from scrutiny.reviews.enquiry import add_line, add_question, drop_line
from scrutiny.reviews.models import Question, Review
from scrutiny.reviews.service import open_review
from scrutiny.rules.queries import rules
from scrutiny.transaction import writes_now
from tests.delivered import issue_and_deliver
from tests.scrutiny.reviews.acting import acting
from workflows.jobs import registered
from workflows.workdays import Calendars

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only("which day a reminder goes does not rest on the database")]
AGENCIES, ITEMS = 20, 2
#: How many reviews are opened in the year.
SIZES = [pytest.param(7, id="small"), pytest.param(50, id="long", marks=[pytest.mark.proof])]
FIRST, LAST = date(2026, 3, 2), date(2027, 3, 1)
NATIONS = ("england", "wales", "scotland", "northern-ireland")
#: Learnt on a day: a bank holiday nobody knew of, and in which divisions.
LEARNT = {
    date(2026, 4, 27): (date(2026, 6, 15), ("england-and-wales", "scotland", "northern-ireland")),
    date(2026, 9, 9): (date(2026, 9, 10), ("scotland",)),  # a day before
    date(2026, 11, 2): (date(2026, 11, 2), ("england-and-wales",)),  # on the day itself
    date(2027, 1, 11): (date(2027, 2, 5), ("northern-ireland", "scotland")),
}
LONDON = ZoneInfo("Europe/London")
ONE = timedelta(days=1)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment by the clocks of London."""
    return datetime.combine(day, time(hour, minute), LONDON).astimezone(UTC)


# ---- The reckoning: days walked one by one, rungs told in words of its own, nothing taken from the product. ----


@dataclass
class Reckoning:
    """What is known of holidays on a day, learnt as the year goes."""

    holidays: dict[str, set[date]]
    worked_out: dict[tuple[str, date], dict[str, date]] = field(default_factory=dict)

    def works(self, nation: str, day: date) -> bool:
        """Whether people of a nation work on a day."""
        division = "england-and-wales" if nation in ("england", "wales") else nation
        return day.weekday() < 5 and day not in self.holidays[division]

    def quiet(self, nation: str, day: date) -> bool:
        """Whether nobody there may be reminded."""
        closed = (day.month == 12 and day.day >= 24) or (day.month == 1 and day.day == 1)
        return closed or not self.works(nation, day)

    def walk(self, nation: str, day: date, days: int) -> date:
        """So many working days on (or back)."""
        while days:
            day += ONE if days > 0 else -ONE
            if self.works(nation, day):
                days += -1 if days > 0 else 1
        return day

    def rungs(self, nation: str, due: date) -> dict[str, date]:
        """The day of each rung to a due date: five working days before, one after, ten after, each on an open day."""
        if (nation, due) in self.worked_out:
            return self.worked_out[nation, due]
        found = self.worked_out[nation, due] = {}
        for rung, away in (("reminder", -5), ("notice", 1), ("chair", 10)):
            day = self.walk(nation, due, away)
            while self.quiet(nation, day):
                day += ONE
            if not (rung == "reminder" and day > due):
                found[rung] = day
        return found


ORDER = ("reminder", "notice", "chair")


@dataclass
class Told:
    """One item as the reckoning follows it."""

    nation: str
    issued_on: date
    due: date
    open: bool = True
    asked_on: date | None = None  # more time was asked for, and nobody has decided
    gone: set[str] = field(default_factory=set)

    def pass_over(self, book: Reckoning, day: date) -> None:
        """A due date given on a day: what would have gone by then never goes."""
        had = [rung for rung, on in book.rungs(self.nation, self.due).items() if on <= day]
        self.gone = set(ORDER[: max((ORDER.index(rung) + 1 for rung in had), default=0)])

    def called(self, book: Reckoning, day: date) -> str:
        """The rung that goes today; '' for none."""
        if not self.open or len(self.gone) == len(ORDER) or book.quiet(self.nation, day):
            return ""
        waiting = [rung for rung, on in book.rungs(self.nation, self.due).items() if rung not in self.gone and on <= day]
        return "" if self.holds_back(book, day) or not waiting else waiting[-1]

    def holds_back(self, book: Reckoning, day: date) -> bool:
        """A wish made in time holds reminders back for ten working days after it, and no longer."""
        if self.asked_on is None or self.asked_on > self.due:
            return False
        after = [self.asked_on + ONE * number for number in range(1, (day - self.asked_on).days + 1)]
        return sum(book.works(self.nation, one) for one in after) <= 10


# ---- The year. ----


@dataclass
class Year:
    """The product and the reckoning side by side."""

    app: Flask
    cast: SimpleNamespace
    book: Reckoning
    chance: random.Random
    agencies: list[int] = field(default_factory=list)
    reviews: list[int] = field(default_factory=list)
    items: dict[int, Told] = field(default_factory=dict)
    of_request: dict[int, list[int]] = field(default_factory=dict)
    plans: dict[date, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    sent: Counter[tuple[int, str, date]] = field(default_factory=Counter)
    did: Counter[str] = field(default_factory=Counter)

    def live(self, day: date) -> None:
        """One day: the night, the morning's reminders, what people do, the post."""
        jobs = registered()
        self.learn(day)
        if day in LEARNT:
            jobs["check_calendars"](at=moment(day, 3))
        self.reckon(day)
        jobs["remind"](at=moment(day, 7))
        jobs["post_letters"](at=moment(day, 7, 1))
        for deed, key in self.plans.pop(day, []):
            with writes_now():
                getattr(self, deed)(key, day)
        if day.day in (5, 20):
            with writes_now():
                self.approve_some(day)
        jobs["post_letters"](at=moment(day, 18))

    def learn(self, day: date) -> None:
        """A holiday learnt of late: the product is given another edition of its calendar, the reckoning a line in its book."""
        if day not in LEARNT:
            return
        holiday, divisions = LEARNT[day]
        held = rules()
        self.book.worked_out.clear()
        calendars = dict(held.calendars.by_division)
        for division in divisions:
            self.book.holidays[division].add(holiday)
            known = calendars[division]
            calendars[division] = replace(known, holidays={**known.holidays, holiday: "A day of joy"})
        self.app.extensions["rules"] = replace(held, calendars=Calendars(calendars))

    def reckon(self, day: date) -> None:
        """What must go this morning."""
        for key, item in self.items.items():
            rung = item.called(self.book, day)
            if rung:
                self.sent[key, rung, day] += 1
                item.gone |= set(ORDER[: ORDER.index(rung) + 1])

    def open(self, number: int, day: date) -> None:
        """A review with a request to every agency, issued at once."""
        by, at = acting("officer"), moment(day, 10)
        review = open_review(
            title=f"Review {number}",
            reason="Asked for.",
            place=db.session.get_one(Place, self.cast.wide_place),
            place_on=day,
            method_key="spotlight",
            lead=db.session.get_one(Body, self.cast.committee),
            starts_on=day,
            by=by,
            at=at,
        )
        own = add_line(review, title="Our own", text="What of it?", by=by, at=at)
        for line in [line for line in review.lines if line is not own]:
            drop_line(review, line, why="Our own questions only", by=by, at=at)
        questions = [add_question(review, line=own, text=f"What of {n}?", by=by, at=at) for n in range(ITEMS)]
        drafts = [self.draft(review, agency, questions, day) for agency in self.agencies]
        issue_and_deliver(review, drafts, by=by, at=at)
        self.reviews.append(review.id)
        for draft in drafts:
            self.follow(draft, day)

    def draft(self, review: Review, agency_id: int, questions: list[Question], day: date) -> EvidenceRequest:
        """A request of two items; each on a day of the officer's choice, of which half lie ten working days from its issue.

        A question of one's own for which no day is chosen is due with a phase, which is another test's (due_dates).
        """
        by, at = acting("officer"), moment(day, 10)
        agency = db.session.get_one(Agency, agency_id)
        draft = service.draft_for_agency(review, agency, by=by, at=at)
        for question in questions[: 1 + (self.chance.random() < 0.1)]:
            far = self.chance.random() < 0.5
            chosen = day + timedelta(days=self.chance.randint(2, 70)) if far else self.book.walk(agency.nation, day, 10)
            service.add_item(draft, question, wanted_on=chosen, by=by, at=at)
        return draft

    def follow(self, request: EvidenceRequest, day: date) -> None:
        """Enter the items of a request in the book, and decide what becomes of each."""
        nation = request.agency.nation
        self.of_request[request.id] = [item.id for item in request.items]
        for item in request.items:
            assert item.wanted_on is not None
            due = item.wanted_on
            told = self.items[item.id] = Told(nation, day, due)
            told.pass_over(self.book, day)
            answers_on = due + timedelta(days=self.chance.randint(-14, 8))
            self.plan("answer" if self.chance.random() < 0.85 else "nothing", item.id, answers_on, day)
        if self.chance.random() < 0.2:
            self.plan("ask_more_time", request.id, max(told.due, day) + timedelta(days=self.chance.randint(-8, 4)), day)
        if self.chance.random() < 0.05:
            self.plan("chase", request.id, told.due + timedelta(days=self.chance.randint(1, 9)), day)

    def plan(self, deed: str, key: int, on: date, today: date) -> None:
        """What somebody will do on a day that is to come."""
        if deed != "nothing" and today < on <= LAST:
            self.plans[on].append((deed, key))

    def answer(self, key: int, day: date) -> None:
        """The agency says that it holds nothing: an answer like any other to the ladder."""
        item = db.session.get_one(Item, key)
        if self.items[key].open:
            answering.say_not_held(item, "We keep no such figures", by=self.responder(item.request.agency_id), at=moment(day, 11))
            self.items[key].open = False
            self.did["answered"] += 1

    def ask_more_time(self, key: int, day: date) -> None:
        """The agency asks for more time; it is decided some days later."""
        request = db.session.get_one(EvidenceRequest, key)
        theirs = [self.items[one] for one in self.of_request[key]]
        if not all(item.open for item in theirs):
            return
        until = max(item.due for item in theirs) + timedelta(days=self.chance.randint(7, 30))
        until = max(until, day + timedelta(days=7))
        answering.ask_extension(request, until, "Leave", by=self.responder(request.agency_id), at=moment(day, 11))
        for item in theirs:
            item.asked_on = day
        self.did["extensions asked"] += 1
        self.plan("decide", key, day + timedelta(days=self.chance.randint(1, 25)), day)

    def decide(self, key: int, day: date) -> None:
        """The officer grants more time or refuses it."""
        asked = select(Extension).where(Extension.request_id == key, Extension.state == "asked")
        extension, grant = db.session.scalars(asked).one(), self.chance.random() < 0.6
        grant = grant and extension.until_on > day
        service.decide_extension(extension, grant=grant, decision="So be it", by=acting("officer"), at=moment(day, 12))
        for one in self.of_request[key]:
            item = self.items[one]
            item.asked_on = None
            if grant and item.open and item.due < extension.until_on:
                item.due = extension.until_on
                item.pass_over(self.book, day)
        self.did["extensions granted" if grant else "extensions refused"] += 1

    def chase(self, key: int, day: date) -> None:
        """The officer chases an agency by hand; on a quiet day the letter waits."""
        request = db.session.get_one(EvidenceRequest, key)
        late = [one for one in self.of_request[key] if self.items[one].open and self.items[one].due < day]
        if not late:
            return
        service.chase(request, by=acting("officer"), at=moment(day, 12))
        if not any((one, "notice", day) in self.sent for one in self.of_request[key]):
            for one in late:
                self.items[one].gone |= {"reminder", "notice"}
                self.sent[one, "by-hand", day] += 1
            self.did["chased by hand"] += 1

    def responder(self, agency_id: int) -> object:
        """Somebody of an agency."""
        person = db.session.scalars(
            select(Person).join(AgencyMembership).where(AgencyMembership.agency_id == agency_id).order_by(AgencyMembership.role)
        ).first()
        return actor_of(person, f"agency:{agency_id}")

    def approve_some(self, day: date) -> None:
        """The chair reads what waits: half is approved, some set aside."""
        waiting = db.session.scalars(select(Escalation).where(Escalation.state == "proposed").order_by(Escalation.id)).all()
        for escalation in waiting:
            chance = self.chance.random()
            if chance < 0.5 and chasing.still_late(escalation, day):
                chasing.approve(escalation, by=acting("chair"), at=moment(day, 14))
                self.did["chair's letters"] += 1


@pytest.fixture
def year(app: Flask, cast: SimpleNamespace) -> Iterator[Year]:
    """Twenty agencies of four nations, every other two sharing one responder; and the clock of the services."""
    held = app.extensions["rules"]
    with app.app_context():
        book = Reckoning({one.division: set(one.holidays) for one in held.calendars})
        found = Year(app, cast, book, random.Random(2026))
        with writes_now():
            for number in range(AGENCIES):
                nation, email = NATIONS[number % 4], f"o{number}@example.org"
                agency = Agency(name=f"Operator {number}", kind="transport-operator", nation=nation, email=email)
                db.session.add(agency)
                if number % 4 != 1:  # those of Wales share the responder of the agency before
                    person = Person(email=f"r{number}@example.org", name=f"R {number}", fs_uniquifier=f"r{number}")
                db.session.add(AgencyMembership(agency=agency, person=person, role="responder", from_on=date(2020, 1, 1)))
                db.session.flush()
                found.agencies.append(agency.id)
        yield found
    app.extensions["rules"] = held


@pytest.mark.parametrize("reviews", SIZES)
def test_in_a_year_no_reminder_is_missed_doubled_or_sent_on_a_quiet_day(year: Year, reviews: int) -> None:
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    for number in range(reviews):
        year.plans[year.chance.choice(days[:300])].insert(0, ("open", number))
    for day in days:
        year.live(day)
    _compare(year)
    _posted_on_open_days(year)
    total = sum(year.sent.values())
    print(
        f"\n{len(year.reviews)} reviews, {len(year.of_request)} requests, {len(year.items)} items, {total} steps of the ladder "
        f"in {len(days)} days; {dict(year.did)}"
    )
    assert len(year.of_request) == reviews * AGENCIES


def _compare(year: Year) -> None:
    """Each item came to each rung on the day the reckoning says, and to nothing else; the due dates agree too."""
    rows = select(EscalationItem.item_id, Escalation.rung, Escalation.reached_on).join(EscalationItem.escalation)
    did = Counter((item, rung, day) for item, rung, day in db.session.execute(rows))
    day_of_chairs = {(item, rung) for item, rung, _ in year.sent if rung == "chair"}
    assert Counter({(i, r): n for (i, r, _), n in did.items() if r == "chair"}).keys() == day_of_chairs
    others = {key: count for key, count in did.items() if key[1] != "chair"}
    wanted = {key: count for key, count in year.sent.items() if key[1] != "chair"}
    assert sorted(wanted.keys() - others.keys()) == [], "missed"
    assert sorted(others.keys() - wanted.keys()) == [], "sent without cause"
    assert others == wanted, "doubled"
    due = dict(db.session.execute(select(Item.id, Item.due_on).where(Item.state == "asked")).all())
    assert due == {key: item.due for key, item in year.items.items() if item.open}


def _posted_on_open_days(year: Year) -> None:
    """Every letter of the ladder left the house, once, on an open day of the agency; a person's letters of a day together."""
    kinds = ("request_reminder", "request_chased", "chairs_letter", "due_date_moved")
    rows = (
        select(Letter.kind, Letter.reference, Letter.person, Letter.posting_id, Posting.posted_at)
        .join(Posting)
        .where(Letter.kind.in_(kinds), Posting.state == "posted")
    )
    asked = select(EvidenceRequest.id, Agency.nation).join(Agency, Agency.id == EvidenceRequest.agency_id)
    nations = {f"request:{key}": nation for key, nation in db.session.execute(asked)}
    found = db.session.execute(rows).all()
    count = db.session.scalar(select(func.count()).select_from(Letter).where(Letter.kind.in_(kinds)))
    assert len(found) == count, "a letter never left"
    mails: dict[tuple[str, str, date], set[int]] = defaultdict(set)
    for kind, reference, person, posting, posted_at in found:
        nation, day = nations[reference], london_day(posted_at)
        known = Reckoning({division: set(days) for division, days in year.book.holidays.items()})
        for learnt, (holiday, divisions) in LEARNT.items():
            if learnt > day:
                for division in divisions:
                    known.holidays[division].discard(holiday)
        assert not known.quiet(nation, day), (kind, nation, day)
        if kind == "request_reminder":
            mails[kind, person, day].add(posting)
    assert {len(postings) for postings in mails.values()} == {1}
    assert len(found) > sum(len(postings) for postings in mails.values()), "nothing was joined, so nothing is proved"
