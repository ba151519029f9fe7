"""A sealed snapshot keeps numbers as numbers, is read whatever its form, and says of each fact what its rows say."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, render_template

from scrutiny.editions.models import Edition
from scrutiny.extensions import db
from scrutiny.languages import speaking
from scrutiny.reports import jobs
from scrutiny.snapshots import asked_statements, older_snapshot, presenters, printing, snapshot, statements
from scrutiny.snapshots.area_snapshot import FORM
from scrutiny.snapshots.signed_content import canonical
from scrutiny.snapshots.snapshot import BodyFacts, ReplyFacts, Snapshot, WaiverFacts
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
    """Form 1 as the product sealed it in November 2026; its words are held letter by letter, whoever prints it."""
    plain = json.loads(golden(f"form-{form}.json"))
    with the_app.app_context():
        html = printing.html_of(plain, "0" * 64)
        with speaking("cy"):
            assert printing.html_of(plain, "0" * 64) == html
    assert html == golden(f"form-{form}.html")


@pytest.mark.parametrize(("scale", "word"), [("outcomes", "Outcome"), ("flags", "Judgement"), (None, "Judgement")])
def test_an_inspection_that_gives_outcomes_calls_them_so_in_print_and_on_pages(
    the_app: Flask, scale: str | None, word: str
) -> None:
    """What was sealed before the scale was kept says what it said then."""
    plain = json.loads(golden("form-2.json"))
    plain["findings"][0]["judgement"] = "Inconsistent experiences"
    if scale:
        plain["findings"][0]["scale"] = scale
    found = [{"review": "R-1", **plain["findings"][0]}]
    area = plain | {"kind": "area", "form": FORM, "findings": found, "reviews": [], "recommendations": []}
    with the_app.app_context(), the_app.test_request_context():
        page = render_template("snapshots/_content.html", **presenters.content_of(snapshot.read(plain)))
        texts = [page, *(printing.html_of(one, "0" * 64) for one in (plain, area))]
    for words in texts:
        text = " ".join(re.sub("<[^>]+>", "", words).split())
        assert f"{word}: Inconsistent experiences" in text
        assert ("Judgement: " in text) is (word == "Judgement")


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


@pytest.mark.parametrize(
    ("not_held", "redirected", "said", "heading", "none_of"),
    [
        (1, 2, "1 not held, 2 held by another, 1 refused", ["Not held", "Held by another", "Refused"], ["No answer"]),
        (0, 2, "2 held by another, 1 refused", ["Held by another", "Refused"], ["Not held", "No answer"]),
        (3, None, "3 not held, or held by another, 1 refused", ["Not held, or held by another", "Refused"], ["No answer"]),
        (0, None, "1 refused", ["Refused"], ["Not held", "No answer"]),
    ],
)
def test_what_another_holds_is_not_said_to_be_not_held(
    the_app: Flask, not_held: int, redirected: int | None, said: str, heading: list[str], none_of: list[str]
) -> None:
    """Older reports counted both as one, and are read so: page, print and sentence say the same."""
    plain = json.loads(golden("form-2.json"))
    first = plain["agencies"][0] | {"asked": 6, "answered": 2, "not_held": not_held, "refused": 1, "redirected": redirected}
    plain["agencies"] = [first]
    report = snapshot.read(plain)
    with the_app.app_context(), the_app.test_request_context():
        page = render_template("snapshots/_content.html", **presenters.content_of(report))
        printed = printing.html_of(plain, "0" * 64)
        sentence, (columns, noughts) = asked_statements.in_all(report), asked_statements.columns_of(report)
    assert sentence == f"We asked 1 agency for 6 items: 2 answered, {said}."
    assert [word for _, word in columns] == ["Asked", "Answered", *heading]
    assert noughts == none_of
    for text in (page, printed):
        heads = re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', text)
        begins = heads.index("Asked")
        assert heads[begins : begins + len(columns)] == [word for _, word in columns]


def test_authors_are_the_bodies_that_signed() -> None:
    bodies = (BodyFacts("Partner", "partner"), BodyFacts("Watcher", "observer"), BodyFacts("Lead", "lead", signed=True))
    report = replace(report_with(), bodies=bodies)
    assert statements.authors(report) == ["Lead"]
    assert statements.took_part(report) == ["Partner"]


@pytest.mark.usefixtures("context")
def test_nobody_is_said_to_have_withheld_a_signature_that_was_not_asked_for() -> None:
    """A committee's vote binds the body in the lead alone: its partners never had anything to sign."""
    bodies = (BodyFacts("Partner", "partner"), BodyFacts("Watcher", "observer"), BodyFacts("Lead", "lead", signed=True))
    report = replace(report_with(), bodies=bodies)
    voted, named = (replace(report, method=replace(report.method, rule=rule)) for rule in ("committee-vote", "all-partners"))
    assert "did not sign" not in statements.without_signature(voted)
    assert statements.without_signature(voted).startswith("Partner took part in the review. ")
    assert statements.without_signature(named) == "Partner took part in the review and did not sign this report."
    assert statements.without_signature(replace(voted, bodies=bodies[2:])) == ""


def test_a_report_names_the_licence_it_was_sealed_under_and_the_sources_of_its_maps(sealed: Edition) -> None:
    assert sealed.snapshot is not None
    report = snapshot.read(sealed.snapshot)
    assert report.licence == "OGL-UK-3.0"
    assert [one.name for one in report.map.beside]
    html = printing.html_of(sealed.snapshot, sealed.digest)
    assert "Open Government Licence v3.0" in html
    assert f"show the areas next to it: 1, {report.map.beside[0].name}" in html
    without = {key: value for key, value in sealed.snapshot.items() if key != "licence"}
    assert "Open Government Licence" not in printing.html_of(without, sealed.digest), "none was recorded then"


@pytest.mark.usefixtures("context")
def test_days_are_those_of_london(cast: SimpleNamespace) -> None:
    """Sealed half an hour after midnight in summer: the day in London, not the day before in UTC."""
    edition = scheduled(cast)
    after_midnight = (RELEASE + timedelta(days=120)).replace(hour=23, minute=30)
    jobs.release_reports(at=after_midnight)
    edition = db.session.get_one(Edition, edition.id)
    assert edition.snapshot is not None
    assert edition.snapshot["sealed_on"] == (after_midnight.date() + timedelta(days=1)).isoformat()
