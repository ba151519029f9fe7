"""What rows keep of loadings and of figures is read back as it was, also where an earlier version wrote it."""

from __future__ import annotations

from datetime import date

from scrutiny.apportioning.figures import Figures
from scrutiny.apportioning.file_apportioning import BetweenKinds, FiguresSent, FiguresTask
from scrutiny.areas.load_record import Before
from scrutiny.loading.tasks import LoadTask
from workflows.plain_values import from_plain, to_plain

DAY = date(2026, 3, 2)


def test_what_stood_before_a_loading_is_read_back_with_its_days() -> None:
    before = Before({7: DAY, 8: None}, {"E07000001": DAY}, ("E07000002",))
    assert before.to_plain() == {"ends": {"7": "2026-03-02", "8": None}, "to_on": {"E07000001": "2026-03-02"}} | {
        "corrected": ["E07000002"]
    }
    assert Before.from_plain(before.to_plain()) == before
    assert Before.from_plain({}) == Before()


def test_what_is_to_be_loaded_is_read_where_an_earlier_version_kept_less() -> None:
    task = LoadTask("ward", DAY, source="Somewhere", look=True, name="w.zip", sha256="ab", aside="cd")
    assert from_plain(LoadTask, to_plain(task)) == task
    kept = {"kind": "ward", "from_on": "2026-03-02", "to_on": None, "aside": "cd"}
    assert from_plain(LoadTask, kept) == LoadTask("ward", DAY, aside="cd")


def test_figures_that_wait_are_read_where_kinds_and_day_stand_beside_them() -> None:
    sent = FiguresSent(Figures("spend", {"E07000001": 12}, 2, ("a note",)), {"E01000001": 0.5})
    task = FiguresTask("secret", 1, BetweenKinds("district", "police", "weights", DAY), sent)
    kept = to_plain(task)
    assert FiguresTask.from_plain(kept) == task
    earlier = {key: value for key, value in kept.items() if key != "between"} | kept["between"]
    assert FiguresTask.from_plain(earlier) == task
