"""What answering asks of agencies: the parts sum to the whole every way, nothing counts twice, and hours as people write them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.burden import (
    NAMES,
    SPLITS,
    Alike,
    Counts,
    Lead,
    Put,
    Sent,
    apportioned,
    compared,
    duplicated,
    entries_of,
    financial_year_of,
    lead_on,
    quarter_of,
    summed,
    total_of,
)
from workflows.burden_rates import CONFIDENCES, check_rates, read_rates
from workflows.effort import hours_written, minutes_in
from workflows.kinds import read_agency_kinds
from workflows.periods import period_of, quarters_between
from workflows.refusals import Refused

CONFIG = Path(__file__).parents[2] / "config"
TEXT = (CONFIG / "burden.toml").read_text(encoding="utf-8")
KINDS = read_agency_kinds((CONFIG / "agency_kinds.toml").read_text(encoding="utf-8"), "agency_kinds.toml")
RATES = read_rates(TEXT, "burden.toml")
DAY = date(2026, 3, 2)


@st.composite
def groups(draw: st.DrawFn) -> list[Alike]:
    """Alike questions of one request; no two of one kind, power and theme."""
    found = []
    for kind, power in draw(
        st.sets(st.tuples(st.sampled_from(["text", "figures", "file", "attendance", "odd"]), st.sampled_from("ab")))
    ):
        put = draw(st.integers(1, 9))
        withdrawn = draw(st.integers(0, put))
        reused = draw(st.integers(0, put - withdrawn))
        returned, files = draw(st.integers(0, 5)), draw(st.integers(0, 5))
        found.append(Alike(kind, power, "t", put, withdrawn, reused, returned, files, draw(st.integers(0, put - withdrawn))))
    return found


@st.composite
def requests(draw: st.DrawFn) -> tuple[Sent, list[Alike]]:
    """A request and its questions."""
    whole = {"left_out": draw(st.integers(0, 4)), "extended": draw(st.integers(0, 2))}
    entered = draw(st.none() | st.integers(0, 10_000))
    on = DAY + timedelta(days=draw(st.integers(0, 900)))
    ids = [draw(st.integers(1, 3)) for _ in range(4)]
    sent = Sent(
        draw(st.integers(1, 10**6)),
        ids[0],
        ids[1],
        "police",
        ids[2],
        ids[3],
        "jtai",
        on,
        entered=entered,
        entered_pence=draw(st.none() | st.integers(0, 10**7)),
        **whole,
    )
    return sent, draw(groups())


@given(st.lists(requests(), max_size=6))
def test_the_parts_sum_to_the_whole_over_every_split_and_to_what_was_put_in(asked: list[tuple[Sent, list[Alike]]]) -> None:
    entries = [entry for sent, alike in asked for entry in entries_of(sent, alike, RATES)]
    total = total_of(entries)
    for name, key in SPLITS.items():
        parts = summed(entries, key).values()
        assert Counts(*(sum(getattr(part, one) for part in parts) for one in NAMES)) == total, name
    alike = [group for _, found in asked for group in found]
    assert total.asked + total.withdrawn == sum(group.put for group in alike)
    assert total.words + total.figures + total.documents + total.meetings == total.asked
    assert total.entered == sum(sent.entered or 0 for sent, _ in asked)
    assert total.entered_pence == sum(sent.entered_pence or 0 for sent, _ in asked)
    assert (total.left_out, total.extended) == (sum(s.left_out for s, _ in asked), sum(s.extended for s, _ in asked))


def test_what_was_withdrawn_is_neither_asked_nor_reckoned() -> None:
    sent = Sent(1, 1, 1, "police", 1, 1, "jtai", DAY)
    (entry,) = entries_of(sent, [Alike("text", "", "", put=3, withdrawn=3, reused=0, returned=0, files=0)], RATES)
    assert (entry.counts.asked, entry.counts.withdrawn, entry.counts.estimated, entry.counts.estimated_pence) == (0, 3, 0, 0)


def test_an_estimate_is_beside_the_hours_entered_and_never_in_them() -> None:
    alike = [Alike("text", "", "", 2, 0, 1, 1, 0), Alike("figures", "", "", 1, 0, 0, 0, 0)]
    silent = total_of(entries_of(Sent(1, 1, 1, "police", 1, 1, "m", DAY), alike, RATES))
    spoken = total_of(entries_of(Sent(1, 1, 1, "police", 1, 1, "m", DAY, entered=7), alike, RATES))
    assert silent.estimated == 90 + 15 + 45 + 60
    assert (silent.entered, silent.beside, spoken.entered, spoken.estimated, spoken.beside) == (0, 0, 7, 210, 210)
    assert silent.estimated_pence == (150 * 4200 + 60 * 4200) // 60


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_a_whole_is_laid_out_without_a_remainder(total: int, weights: list[int]) -> None:
    parts = apportioned(total, weights)
    assert (sum(parts), len(parts)) == (total, len(weights))
    assert all(
        abs(part - total * weight / (sum(weights) or 1)) < 1 for part, weight in zip(parts, weights, strict=True) if any(weights)
    )
    assert apportioned(total, []) == []


def test_a_question_is_asked_twice_where_another_body_had_asked_it_within_the_year() -> None:
    def put(item: int, body: int, days: int, agency: int = 1, same: str = "key:a") -> Put:
        return Put(item, agency, same, body, DAY + timedelta(days=days))

    asked = [
        put(1, 1, 0),
        put(2, 1, 5),
        put(3, 2, 5),
        put(4, 1, 10),
        put(5, 2, 500),
        put(6, 2, 5, agency=2),
        put(7, 3, 6, same="x"),
    ]
    assert duplicated(asked, 365) == {3, 4}
    assert duplicated(reversed(asked), 365) == {3, 4}
    assert duplicated(asked, 1000) == {3, 4, 5}


def test_who_led_a_review_when_it_asked() -> None:
    leads = [Lead(1, date(2026, 1, 1), date(2026, 3, 31)), Lead(2, date(2026, 4, 1), None)]
    assert [lead_on(leads, date(2026, *day)) for day in ((3, 31), (4, 1))] == [1, 2]
    assert (lead_on(leads, date(2025, 1, 1)), lead_on(leads[:1], date(2027, 1, 1)), lead_on([], DAY)) == (2, 1, 0)


def test_peers_are_compared_only_where_there_are_enough() -> None:
    assert compared(4, [1, 2, 3, 9], 5).median is None
    enough = compared(4, [1, 2, 3, 9, 9], 5)
    assert (enough.median, enough.more_than, enough.peers) == (3.0, 3, 5)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        *(("2h 30", 150), ("1.5", 90), ("about 4", 240), ("", None), ("  ", None), ("0", 0), ("45 min", 45), ("1:45", 105)),
        *(("1,200", 72_000), ("2 hours and 5 minutes", 125), ("½", 30), ("1½", 90), ("~3h", 180), ("2 HRS", 120), ("2h30m", 150)),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, minutes: int | None) -> None:
    assert minutes_in(text) == minutes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *(("-3", "0 or more"), ("−1.5", "0 or more"), ("about -2", "0 or more"), ("3 days", "not days"), ("2d", "not days")),
        *(("a lot", "such as 1.5"), ("1,5", "such as 1.5"), ("2.5.3", "such as 1.5"), ("9" * 5000, "such as 1.5")),
        *(
            ("1:75", "such as 1.5"),
            ("nan", "such as 1.5"),
            ("1e9", "such as 1.5"),
            ("100001", "100,000"),
            ("=1+1", "such as 1.5"),
        ),
    ],
)
def test_what_is_no_hours_says_what_to_write(text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        minutes_in(text)


@given(st.integers(0, 6_000_000))
def test_hours_written_are_read_as_the_same(minutes: int) -> None:
    assert minutes_in(hours_written(minutes)) == minutes


def test_periods_by_their_keys() -> None:
    assert [(one.first, one.last) for key in ("2026-q4", "cy2026", "fy2026") if (one := period_of(key))] == [
        (date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 4, 1), date(2027, 3, 31)),
    ]
    assert [period_of(key) for key in ("", "2026", "2026-q5", "fy26", "fy3026", "٢026-q1")] == [None] * 6
    quarters = list(quarters_between(date(2025, 11, 5), date(2026, 4, 1)))
    assert [one.key for one in quarters] == ["2025-q4", "2026-q1", "2026-q2"]
    assert all(quarter_of(one.first) == quarter_of(one.last) == one.key for one in quarters)
    assert (financial_year_of(date(2026, 3, 31)), financial_year_of(date(2026, 4, 1))) == (2025, 2026)


def test_the_estimates_shipped_have_no_faults_and_say_where_each_comes_from() -> None:
    assert check_rates(TEXT, "burden.toml", KINDS) == ()
    assert all(one.source and one.confidence in CONFIDENCES for one in (*RATES.hours, *RATES.costs))
    assert RATES.minutes("a kind nobody knows") == RATES.minutes("any")
    assert RATES.pence(60, "police") != RATES.pence(60, "district") == RATES.pence(60, "a kind nobody knows")


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('kind = "reused"', 'kind = "recycled"', "not known here"),
        ("minutes = 90", "minutes = -90", "0 or more"),
        ('"ambulance"', '"ambulances"', "not known here"),
        ("[[costs]]\npence_per_hour = 4000", '[[costs]]\nkinds = ["dwp"]\npence_per_hour = 4000', "every other kind"),
        ("least_peers = 5", "least_peers = 0", "1 or more"),
        ("as_at = 2026-11-30", "", "as_at is missing"),
    ],
)
def test_a_fault_in_the_estimates_is_named(was: str, becomes: str, said: str) -> None:
    assert was in TEXT
    faults = check_rates(TEXT.replace(was, becomes), "burden.toml", KINDS)
    assert any(said in fault.sentence for fault in faults), [fault.sentence for fault in faults]
