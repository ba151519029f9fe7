"""A sealed snapshot keeps numbers as numbers, is read whatever its form, and says of each fact what its rows say."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from scrutiny.extensions import db
from scrutiny.reports import jobs, older_snapshot, printing, snapshot, statements
from scrutiny.reports.models import Edition
from scrutiny.reports.signed_content import canonical
from scrutiny.reports.snapshot import BodyFacts, ReplyFacts, Snapshot, WaiverFacts
from tests.scrutiny.reports.story import RELEASE, scheduled
from workflows.plain_values import from_plain

GOLDEN = Path(__file__).parents[2] / "golden" / "reports"
SENT, DUE = date(2026, 3, 2), date(2026, 3, 13)


@pytest.fixture
def sealed(context: None, cast: SimpleNamespace) -> Edition:
    """A released edition."""
    edition_id = scheduled(cast).id
    jobs.release_reports(at=RELEASE)
    return db.session.get_one(Edition, edition_id)


def test_what_is_sealed_is_read_back_the_same(sealed: Edition) -> None:
    assert sealed.snapshot is not None
    report = snapshot.read(sealed.snapshot)
    assert canonical(report.to_plain()) == canonical(sealed.snapshot)
    assert report.form == snapshot.FORM
    shares = [share for row in report.agencies for share in (row.share_of_people, row.share_of_land)]
    assert shares
    assert all(share is None or isinstance(share, float) for share in shares)
    assert report.sealed_on == RELEASE.date()


def golden(name: str) -> str:
    """A kept text."""
    return (GOLDEN / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["1", "2"])
def test_a_kept_snapshot_of_each_form_prints_the_kept_html(the_app: Flask, form: str) -> None:
    """Form 1 as the product sealed it in November 2026; what its words become is held letter by letter."""
    plain = json.loads(golden(f"form-{form}.json"))
    with the_app.app_context():
        html = printing.html_of(plain, "0" * 64)
    assert html == golden(f"form-{form}.html")


def test_shares_of_the_older_form_are_said_in_the_same_words() -> None:
    for words in ("76 %", "all", "under 1 %", "over 99 %", "0 %", "100 %"):
        assert older_snapshot.share(words) is not None
    assert older_snapshot.share("outside its footprint") is None
    with pytest.raises(ValueError, match="no reader"):
        snapshot.read({"form": "area-scrutiny/report/9"})


def report_with(*replies: ReplyFacts) -> Snapshot:
    """The kept snapshot with other rights of reply."""
    return replace(from_plain(Snapshot, json.loads(golden("form-2.json"))), replies=replies, corrections=())


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (None, "No accuracy check was made for this report."),
        (("answered", SENT, DUE, (1,), ()), "Loamshire Police was shown what the draft findings say of it, and answered."),
        (
            ("silent", SENT, DUE, (1,), ()),
            "Loamshire Police was shown what the draft findings say of it on Monday 2 March 2026, and had not answered by "
            "Friday 13 March 2026.",
        ),
        (
            ("waived", None, None, (), (1, 3)),
            "Loamshire Police was not shown findings 1 and 3 before they were final. Olwen Price decided this on "
            "Monday 2 March 2026: It has ended.",
        ),
        (
            ("waived", SENT, DUE, (1,), ()),
            "Loamshire Police was shown what the draft findings say of it and given until Friday 13 March 2026, but its answer "
            "was not waited for. Olwen Price decided this on Monday 2 March 2026: It has ended.",
        ),
        (("running", SENT, DUE, (1,), ()), "Loamshire Police has until Friday 13 March 2026 to check the facts."),
        (("not_shown", None, None, (), (1,)), "Not shown what the draft findings say of them: Loamshire Police."),
    ],
)
def test_the_right_of_reply_is_what_the_rows_say(reply: tuple[object, ...] | None, said: str) -> None:
    waiver = WaiverFacts("Olwen Price", SENT, "It has ended") if reply and reply[0] == "waived" else None
    rows = () if reply is None else (ReplyFacts("Loamshire Police", *reply, waiver=waiver),)
    assert statements.right_of_reply(report_with(*rows))[0] == said


def test_authors_are_the_bodies_that_signed() -> None:
    bodies = (BodyFacts("Partner", "partner"), BodyFacts("Watcher", "observer"), BodyFacts("Lead", "lead", signed=True))
    report = replace(report_with(), bodies=bodies)
    assert statements.authors(report) == ["Lead"]
    assert statements.took_part(report) == ["Partner"]


@pytest.mark.usefixtures("context")
def test_days_are_those_of_london(cast: SimpleNamespace) -> None:
    """Sealed half an hour after midnight in summer: the day in London, not the day before in UTC."""
    edition = scheduled(cast)
    after_midnight = (RELEASE + timedelta(days=120)).replace(hour=23, minute=30)
    jobs.release_reports(at=after_midnight)
    edition = db.session.get_one(Edition, edition.id)
    assert edition.snapshot is not None
    assert edition.snapshot["sealed_on"] == (after_midnight.date() + timedelta(days=1)).isoformat()
