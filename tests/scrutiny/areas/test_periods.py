"""No code of a kind ever holds twice on one day, whatever order layers come in."""

from __future__ import annotations

from datetime import date

import pytest

from scrutiny.geography.periods import NewLayer, Row, Settled, settle
from workflows.refusals import Refused

APRIL_21, MARCH_23, APRIL_23, APRIL_24 = date(2021, 4, 1), date(2023, 3, 31), date(2023, 4, 1), date(2024, 4, 1)
OPEN_21 = Row(1, "E1", APRIL_21, None)


def test_a_new_layer_ends_the_open_row_on_the_day_before() -> None:
    found = settle(NewLayer(["E1", "E2"], from_on=APRIL_23, to_on=None), [OPEN_21])
    assert found == Settled(to_on={"E1": None, "E2": None}, ends={1: MARCH_23}, ended=["E1"])


def test_an_older_layer_loaded_later_ends_before_the_newer_begins() -> None:
    found = settle(NewLayer(["E1"], from_on=APRIL_21, to_on=None), [Row(1, "E1", APRIL_23, None)])
    assert found == Settled(to_on={"E1": MARCH_23}, cut_short={"E1": APRIL_23})


def test_between_two_rows_it_ends_the_one_and_ends_before_the_other() -> None:
    found = settle(NewLayer(["E1"], from_on=APRIL_23, to_on=None), [OPEN_21, Row(2, "E1", APRIL_24, None)])
    assert found == Settled(to_on={"E1": date(2024, 3, 31)}, ends={1: MARCH_23}, ended=["E1"], cut_short={"E1": APRIL_24})


@pytest.mark.parametrize(
    ("row", "from_on", "to_on"),
    [
        (Row(1, "E1", APRIL_21, MARCH_23), date(2022, 1, 1), None),
        (Row(1, "E1", APRIL_21, MARCH_23), MARCH_23, None),
        (Row(1, "E1", APRIL_23, APRIL_24), APRIL_21, APRIL_23),
        (Row(1, "E1", APRIL_21, None), APRIL_21, None),
    ],
)
def test_an_overlap_with_a_closed_period_or_the_same_day_is_refused_naming_both(
    row: Row, from_on: date, to_on: date | None
) -> None:
    with pytest.raises(Refused) as refused:
        settle(NewLayer(["E1"], from_on=from_on, to_on=to_on), [row])
    assert refused.value.sentence.count("E1 from") == 2
    assert "Nothing was loaded" in refused.value.sentence


def test_to_replace_corrects_the_row_in_place() -> None:
    found = settle(NewLayer(["E1"], from_on=APRIL_21, to_on=None, replace=True), [OPEN_21])
    assert found == Settled(to_on={"E1": None}, corrected={"E1": 1})


def test_to_replace_cuts_short_a_closed_row_that_began_before() -> None:
    found = settle(NewLayer(["E1"], from_on=date(2022, 1, 1), to_on=None, replace=True), [Row(1, "E1", APRIL_21, MARCH_23)])
    assert found.ends == {1: date(2021, 12, 31)}


def test_a_whole_layer_ends_what_it_lacks_but_not_what_it_has_without_a_shape() -> None:
    rows = [OPEN_21, Row(2, "E2", APRIL_21, None), Row(3, "E3", APRIL_21, None), Row(4, "E4", APRIL_24, None)]
    found = settle(NewLayer(["E1"], from_on=APRIL_23, to_on=None, in_file=["E2"], whole_layer=True), rows)
    assert sorted(found.ended) == ["E1", "E3"]
    assert found.ends == {1: MARCH_23, 3: MARCH_23}


def test_an_old_code_that_a_later_whole_layer_lacks_ends_before_it() -> None:
    found = settle(NewLayer(["E9"], from_on=APRIL_21, to_on=None, later_layers=[APRIL_23]), [])
    assert found.to_on == {"E9": MARCH_23}


def test_the_last_day_is_not_before_the_first() -> None:
    with pytest.raises(Refused, match="before the first"):
        settle(NewLayer(["E1"], from_on=APRIL_23, to_on=APRIL_21), [])
