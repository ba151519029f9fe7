"""A week is no day, nor is a day written together: at every door where a day is written, 2026-11-27 is taken and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import click
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from scrutiny.agencies import intake
from scrutiny.bodies import register
from scrutiny.days import ANY_DAY, DAY
from scrutiny.file_reading import workbooks
from scrutiny.lineage import files
from scrutiny.reorganisation import plan_input
from scrutiny.worklist.forms import DelayFilter
from workflows.clocks import parse_clock
from workflows.refusals import Refused
from workflows.written_days import read_day

#: What Python's own reader takes for a day, and nobody means; the last is Monday of a week.
NO_DAYS = ("2026-W12", "20260316", "2026W121", "2026-W12-1")


def entered(text: str) -> None:
    """Under a heading of the register of agencies, whose faults are gathered."""

    def refuse(fault: str) -> None:
        raise Refused(fault)

    intake._day({"from": text}, "from", refuse)


DOORS: dict[str, Callable[[str], object]] = {
    "an argument of a command": lambda text: ANY_DAY.convert(text, None, None),
    "one for which something is kept": lambda text: DAY.convert(text, None, None),
    "the register of agencies": entered,
    "the register of bodies": lambda text: register._day(text, "from"),
    "the lineage of areas": lambda text: files._day(text, "from", "lineage.csv", 2),
    "the plan of a reorganisation": lambda text: plan_input._day({"on": text}, "on", "plan.json"),
    "a clock of a method": lambda text: parse_clock(f"stated_date:{text}"),
    "a cell of a workbook": lambda text: workbooks._days(text, False),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_week_is_refused_at(door: str) -> None:
    for text in NO_DAYS:
        with pytest.raises((Refused, ValueError, click.UsageError), match=r"20[0-9]{2}-[0-9]{2}-[0-9]{2}"):
            DOORS[door](text)


def test_there_is_one_reader_and_it_takes_one_way() -> None:
    assert read_day("2026-03-16") == date(2026, 3, 16)
    assert [read_day(text) for text in (*NO_DAYS, "2026-02-30", "2026-3-1", " 2026-03-16", "٢٠٢٦-٠٣-١٦", "")] == [None] * 9


def test_pages_and_the_api_refuse_a_week(app: Flask, client: FlaskClient) -> None:
    for text in NO_DAYS:
        page = client.get(f"/places/E07900001?on={text}")
        assert page.status_code == 404
        assert f"“{text}” is not a day" in page.text
        answer = client.get(f"/api/v1/areas/E07900001?on={text}")
        assert answer.status_code == 422
        assert "Write a day that exists, like 2026-11-27" in answer.text
        with app.test_request_context():
            assert DelayFilter(MultiDict({"first": text, "last": text})).period(date(2026, 3, 2)) == (
                date(2025, 3, 2),
                date(2026, 3, 2),
            )
