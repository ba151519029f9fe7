"""Reviews that are planned: four plans of two bodies in one year, two of them held by clashes that somebody let stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from scrutiny.agenda import planning
from scrutiny.agenda.effects import effects_of
from scrutiny.agenda.item import Reader
from scrutiny.areas.queries import area_on
from scrutiny.demo.layers import COUNTY_CODE, DISTRICT_CODES
from scrutiny.demo.storytelling import Loamshire, Story
from scrutiny.formats import london_day
from scrutiny.public_calendar.service import load_calendar
from workflows.clashes import BLOCK
from workflows.roles import OPERATOR_ACTOR


def story(county: Loamshire) -> Story:
    """The committee and the inspectorate plan their year: an idea, a proposed plan, one agreed and one announced."""
    yield (at := county.at(-14, 9))
    load_calendar(_calendar(county).encode(), "loamshire-2027.csv", by=OPERATOR_ACTOR, at=at)
    yield (at := county.at(-13))
    officer, inspector = county.by("olwen", "osc"), county.by("leo", "learning")
    committee, learning = county.body("osc"), county.body("learning")
    schools = replace(_details(county, "Children missing school", 60, COUNTY_CODE, "education"), partners=(learning.id,))
    attendance = planning.record_plan(schools, committee, by=officer, at=at)
    leavers = _details(county, "Schools and care leavers", 75, COUNTY_CODE, "education")
    other = planning.record_plan(replace(leavers, partners=(committee.id,), questions=12), learning, by=inspector, at=at)
    planning.record_plan(
        _details(county, "Empty shops", 150, DISTRICT_CODES["Wendale"], "planning"), committee, by=officer, at=at
    )
    homes = planning.record_plan(
        _details(county, "Homes for key workers", 200, DISTRICT_CODES["Harrowfield"], "housing"), committee, by=officer, at=at
    )
    yield (at := county.at(-10))
    for plan, by in ((attendance, officer), (other, inspector), (homes, officer)):
        reader = Reader(by, london_day(at))
        for clash in effects_of(planning.wanted_now(plan), reader).clashes:
            if clash.rule.severity == BLOCK and clash.key not in {one.clash for one in plan.overrides}:
                planning.override(plan, clash.key, "The agencies asked for these days themselves.", by=by, at=at)
        planning.move_plan(plan, planning.Step("propose", plan.version), by=by, at=at)
    yield (at := county.at(-6))
    planning.agree_to(attendance, seen=attendance.version, by=inspector, at=at)
    planning.move_plan(attendance, planning.Step("agree", attendance.version), by=officer, at=at)
    planning.move_plan(homes, planning.Step("agree", homes.version), by=officer, at=at)
    yield (at := county.at(-5))
    planning.move_plan(homes, planning.Step("announce", homes.version), by=officer, at=at)


def _details(county: Loamshire, title: str, ahead: int, code: str, service: str) -> planning.Details:
    """A plan that begins so many days ahead and lasts five months, with a week of visits and a meeting near its end."""
    first = county.day(ahead)
    return planning.Details(
        title=title,
        reason="",
        areas=(area_on(code, county.today),),
        method="",
        services=(service,),
        first_on=first,
        last_on=first + timedelta(days=150),
        visit_from=county.day(ahead + 42),
        visit_to=county.day(ahead + 46),
        visit_days=3,
        questions=8,
        evidence_by=county.day(ahead + 28),
        meeting_on=county.day(ahead + 120),
        announced_on=None,
        partners=(),
        agencies=(county.agencies["county"], county.agencies["police"]),
    )


def _calendar(county: Loamshire) -> str:
    """What the plans must keep clear of: an election, a holiday, an agreed load and a conference."""
    head = "kind,title,from,to,area,nation,agency,questions,visit_days,source"

    def row(kind: str, title: str, ahead: int, days: int, rest: str) -> str:
        first: date = county.day(ahead)
        return f"{kind},{title},{first.isoformat()},{(first + timedelta(days=days)).isoformat()},{rest}"

    return "\n".join(
        [
            head,
            row("poll", "Election of Loamshire County Council", 118, 36, f"{COUNTY_CODE},,,,,Invented"),
            row("school-holiday", "Spring holiday", 100, 11, f"{COUNTY_CODE},,,,,Invented"),
            row("blackout", "Police control room moves", 102, 7, ",,Loamshire Police,,,Invented"),
            row("agreed-load", "Agreed with the police", -30, 730, ",,Loamshire Police,40,5,Invented"),
        ]
    )
