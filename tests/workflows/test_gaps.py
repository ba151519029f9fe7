"""What is a gap: nobody looked, nobody may, nobody answers; each by the choices of the file and the law, held by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from workflows.gaps import (
    NO_AGENCY,
    NO_POWER,
    UNEXAMINED,
    Answerer,
    Asker,
    Facts,
    Gap,
    GapFinder,
    Look,
    bands,
    check_gap_choices,
    read_gap_choices,
    years_before,
)
from workflows.kinds import read_services
from workflows.powers import read_powers

CONFIG = Path("config")
TEXT = (CONFIG / "gaps.toml").read_text()
CHOICES = read_gap_choices(TEXT, "gaps.toml")
SERVICES = read_services((CONFIG / "services.toml").read_text(), "services.toml")
POWERS = read_powers((CONFIG / "powers.toml").read_text(), "powers.toml")
TODAY = date(2026, 3, 2)
ICB = Answerer(7, "icb", "england", ("general-practice", "health-commissioning"), 1.0)
COUNTY = Answerer(1, "county", "england", ("libraries",), 1.0)
COMMITTEE = Asker("council-committee", "england", 1, "county")
GP = frozenset({"general-practice"})


def find(
    *looks: Look, service: str = "general-practice", agency: Answerer = ICB, askers: tuple[Asker, ...] = (COMMITTEE,)
) -> list[Gap]:
    """The gaps of one service where one agency answers."""
    facts = Facts(frozenset({"england"}), [agency], {agency.id: looks}, askers)
    return list(GapFinder(CHOICES, {service: SERVICES[service]}, POWERS, TODAY).find(facts))


def look(on: date | None, services: frozenset[str] | None = GP, share: float | None = 1.0) -> Look:
    return Look("R-1", "Seeing a doctor", on, services, share)


@pytest.mark.parametrize(
    ("last", "is_gap"),
    [
        (date(2021, 3, 3), False),  # a day under five years
        (date(2021, 3, 2), True),  # five years to the day
        (date(2026, 3, 2), False),
        (date(2026, 3, 3), True),  # a day that has not come
        (None, True),
    ],
)
def test_a_review_counts_for_so_many_years_and_not_a_day_more(last: date | None, is_gap: bool) -> None:
    assert bool(find(look(last))) is is_gap


def test_a_gap_says_what_it_rests_on() -> None:
    old, small = look(date(2019, 5, 1)), replace(look(date(2025, 1, 1), share=0.2), reference="R-2")
    now, other = replace(look(None), reference="R-3"), replace(look(date(2025, 1, 1), frozenset({"libraries"})), reference="R-4")
    (gap,) = find(old, small, now, other)
    assert (gap.kind, gap.years, gap.last, gap.small, gap.now) == (UNEXAMINED, 5, old, (small,), (now,))
    vague = look(date(2025, 1, 1), services=None)
    (gap,) = find(vague)
    assert gap.vague == (vague,), "one that does not say is named, and does not count"
    facts = Facts(frozenset({"england"}), [ICB], {7: [vague]}, [COMMITTEE])
    wide = GapFinder(replace(CHOICES, unsaid=True), SERVICES, POWERS, TODAY).find(facts)
    assert not [gap for gap in wide if gap.kind == UNEXAMINED], "unless the file chooses so"


def test_years_are_those_of_the_service_unless_others_are_asked_for() -> None:
    crime = Answerer(3, "police", "england", ("community-safety",), 1.0)
    about = look(date(2024, 6, 1), frozenset({"community-safety"}))
    (gap,) = [gap for gap in find(about, service="community-safety", agency=crime) if gap.kind == UNEXAMINED]
    assert gap.years == 1
    facts = Facts(frozenset({"england"}), [crime], {3: [about]}, [COMMITTEE])
    wider = GapFinder(CHOICES, {"community-safety": SERVICES["community-safety"]}, POWERS, TODAY, years=3)
    assert not [gap for gap in wider.find(facts) if gap.kind == UNEXAMINED]


def test_a_power_is_that_of_a_body_recorded_here_over_this_kind_of_agency_and_service() -> None:
    looked = look(date(2026, 1, 1))
    assert not find(looked), "a council's committee may require it of an integrated care board (NHSA 2006 s.244)"
    panel = Asker("panel", "england")
    (gap,) = find(looked, askers=(panel,))
    assert gap.kind == NO_POWER
    assert {one.body for one in gap.could if not one.conditional} == {"council-committee", "health-committee", "joint-committee"}
    assert {one.body for one in gap.could if one.conditional} == {"inspectorate"}, "only the one that inspects care"
    assert gap.open_laws == ("the Freedom of Information Act 2000",)
    books = look(date(2026, 1, 1), frozenset({"libraries"}))
    assert not find(books, service="libraries", agency=COUNTY), "its own council's papers"
    elsewhere = replace(COMMITTEE, host=2)
    (gap,) = find(books, service="libraries", agency=COUNTY, askers=(elsewhere,))
    assert gap.kind == NO_POWER, "another council's committee has no power over this one"
    police = Answerer(3, "police", "england", ("policing",), 1.0)
    kept = look(date(2026, 1, 1), frozenset({"policing"}))
    assert not find(kept, service="policing", agency=police), (
        "whether it is the crime committee is a condition: not a gap for sure"
    )


def test_nobody_answers_for_all_of_a_place_or_for_a_part() -> None:
    nobody = Facts(frozenset({"england"}), [], {}, [])
    (gap,) = GapFinder(CHOICES, {"ambulance": SERVICES["ambulance"]}, POWERS, TODAY).find(nobody)
    assert (gap.kind, gap.missing, gap.usual) == (NO_AGENCY, 1.0, ("ambulance",))
    half = replace(ICB, share=0.6)
    part = [gap for gap in find(look(date(2026, 1, 1)), agency=half) if gap.kind == NO_AGENCY]
    assert [round(gap.missing, 2) for gap in part] == [0.4]
    nowhere = Facts(frozenset({"northern-ireland"}), [], {}, [])
    assert not GapFinder(CHOICES, {"send": SERVICES["send"]}, POWERS, TODAY).find(nowhere), "no kind of agency is known there"


def test_shades_are_thirds_of_what_places_have() -> None:
    assert bands([42, 51, 44, 43, 39, 42, 42]) == (39, 44, 48)
    assert bands([0, 1, 2, 3]) == (1, 2, 3)
    assert bands([7, 7]) == (7, 8, 8), "all alike are drawn alike"
    assert bands([]) == (1, 2, 2)


def test_the_file_is_checked_with_its_remedies() -> None:
    assert check_gap_choices(TEXT, "gaps.toml", SERVICES) == ()
    bad = TEXT.replace('"send"', '"sned"').replace("years = 5\n#", "years = 0\n#")
    said = " ".join(fault.sentence for fault in check_gap_choices(bad, "gaps.toml", SERVICES))
    assert "write send" in said
    assert "write a whole number of 1 or more" in said
    assert years_before(date(2024, 2, 29), 1) == date(2023, 2, 28)
