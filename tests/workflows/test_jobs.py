"""The register of jobs against the timetable."""

from datetime import UTC, datetime

import pytest

from workflows import jobs
from workflows.timetable import TIMETABLE


@pytest.fixture(autouse=True)
def empty_register(monkeypatch: pytest.MonkeyPatch) -> None:
    """A register of our own, so that what the rooms entered is neither seen nor lost."""
    monkeypatch.setattr(jobs, "_REGISTER", {})


def _nothing(*, at: datetime) -> None:
    """A job that does nothing."""


def test_a_job_is_entered_and_run_by_name() -> None:
    @jobs.job("remind")
    def remind(*, at: datetime) -> str:
        return f"reminded at {at:%H:%M}"

    assert jobs.registered()["remind"](at=datetime(2026, 3, 2, 7, tzinfo=UTC)) == "reminded at 07:00"


def test_two_functions_may_not_share_a_name() -> None:
    jobs.job("remind")(_nothing)
    jobs.job("remind")(_nothing)  # the same one again, as when a module is read twice
    with pytest.raises(ValueError, match="two functions are entered as the job 'remind'"):
        jobs.job("remind")(lambda *, at: None)


def test_a_job_without_a_room_and_a_job_without_an_hour_are_both_told() -> None:
    for entry in TIMETABLE[1:]:
        jobs.job(entry.name)(_nothing)
    jobs.job("water_the_plants")(_nothing)
    assert jobs.check_against_timetable() == [
        "The timetable names the job sweep, which no room has entered.",
        "The job water_the_plants is entered but never runs, for the timetable lacks it.",
    ]


def test_the_timetable_names_each_job_once_with_its_reason() -> None:
    names = [entry.name for entry in TIMETABLE]
    assert len(names) == len(set(names))
    assert all(entry.why and entry.cron for entry in TIMETABLE)
    assert set(names) == {
        "sweep",
        "release_reports",
        "ask_for_signatures",
        "post_sign_in_letters",
        "post_letters",
        "read_mailbox",
        "forget_lists",
        "forget_unsaved",
        "reorganise",
        "erase_expired_files",
        "check_files",
        "check_seals",
        "check_calendars",
        "compose_area_reports",
        "remind",
        "remind_of_responses",
        "remind_of_checks",
        "follow_challenges",
        "chase_challenges",
        "forget_challengers",
    }
