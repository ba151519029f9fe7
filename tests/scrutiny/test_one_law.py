"""The law is one: every power, kind of body, kind of agency, subject and nation says the same duty on every surface."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny import transaction
from scrutiny.asking import letters as request_letters
from scrutiny.chasing.letters import ladder_previews
from scrutiny.correspondence.models import Letter
from scrutiny.due_dates.calculation import recount
from scrutiny.extensions import db
from scrutiny.formats import day
from scrutiny.legal_words import (
    AGENCY,
    OFFICER,
    PUBLIC,
    Days,
    aside_sentences,
    due_sentence,
    duty_words,
    in_full,
    notice_sentence,
    sentence,
)
from scrutiny.opendata import presenters as api
from scrutiny.recommendations import letters as response_letters
from scrutiny.recommendations import outcomes
from scrutiny.recommendations.models import Addressee
from scrutiny.reports import jobs
from scrutiny.requests.ladder import steps_of
from scrutiny.requests.legal_basis import asking_of, basis_of_item
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import is_overdue
from scrutiny.worklist import delays
from tests.conftest import NOW
from tests.scrutiny.reports.story import RELEASE, scheduled
from tests.scrutiny.requests.answering_scene import ask, document_of
from workflows.kinds import BODY_KINDS, read_agency_kinds
from workflows.legal_basis import ANSWERS_TO, Asking, LegalBasis, clause_of, find_basis
from workflows.methods import read_method
from workflows.power import CONFIDENCE
from workflows.power_words import SUBJECTS
from workflows.powers import read_powers

ROOT = Path(__file__).parents[2]
KINDS = read_agency_kinds((ROOT / "config" / "agency_kinds.toml").read_text(encoding="utf-8"), "agency_kinds.toml")
POWERS = read_powers((ROOT / "config" / "powers.toml").read_text(encoding="utf-8"), "powers.toml")
TODAY = date(2026, 11, 27)
#: What only an officer may read: how sure we are, and our own homework.
HOMEWORK = (
    *CONFIDENCE.values(),
    "from general knowledge",
    "general knowledge",
    "not all of its law was read",
    "is not certain",
    "was not found",
    "was not read",
    "on the safe reading",
    "safe reading",
    "checked in a published text",
    "believed to be",
    "check it before",
    "check the current",
    "an expectation, not a duty in law",
)
SignIn = Callable[..., FlaskClient]


def _askings() -> Iterator[Asking]:
    """Everybody who may ask anybody about anything in England and Wales."""
    for body, agency, subject, nation in product(BODY_KINDS, KINDS, (None, *SUBJECTS), ("england", "wales")):
        for own in (True, False) if KINDS[agency].council or agency == "combined-authority" else (False,):
            yield Asking(body, agency, TODAY, own_council=own, subject=subject, nation=nation, acting=subject == "crime")


def _each_power() -> dict[str, LegalBasis]:
    """For each power that may be claimed, and for each way of owing nothing, one basis that rests on it."""
    found: dict[str, LegalBasis] = {}
    for asking in _askings():
        for asked in ANSWERS_TO:
            basis = find_basis(POWERS, asking, asked)
            found.setdefault(f"{asked}/{basis.power_key}/{basis.unsettled}", basis)
    return found


EACH = _each_power()
METHODS = [
    read_method(path.read_text(encoding="utf-8"), path.name) for path in sorted((ROOT / "config" / "methods").glob("*.toml"))
]
LAW = '{% from "parts/legal_basis.html" import law %}{{ law("The agency", basis) }}'


def text_of(page: str) -> str:
    """The words of a page, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split()).replace(" .", ".")


def test_every_power_that_may_be_claimed_is_among_the_cases() -> None:
    led = {basis.power_key for basis in EACH.values()}
    claimed = {p.key for p in POWERS if not p.doubtful and not p.fallback and not p.only_if and not p.by_method}
    assert claimed - led == set()


def test_one_duty_is_said_to_officer_agency_and_public_alike(app: Flask) -> None:
    """Over every body, agency, subject and nation: must, must have regard or need not, on the same law, and nothing else."""
    with app.app_context():
        for asking, asked in product(_askings(), ANSWERS_TO):
            basis = find_basis(POWERS, asking, asked)
            you, public = sentence(basis, AGENCY), sentence(basis, PUBLIC, "Loamshire Council")
            assert ("must" in you) == ("must" in public) == (basis.binds or basis.duty == "regard")
            assert ("do not have to" in you) == ("does not have to" in public) == (not basis.binds and not basis.unsettled)
            assert not (basis.binds and "would like" in you)
            below = sentence(basis, AGENCY, wished=True)
            assert ("not using a legal power" in you) == ("not using a legal power" in below) == basis.unsettled
            assert below == you if basis.binds else "would like" not in below
            assert ("do not have to" in below) == ("do not have to" in you)
            if basis.binds and basis.chief:
                assert basis.chief.cited in you
                assert public == you.replace("you must", "Loamshire Council must")
                assert "must" in duty_words(basis)
                assert basis.chief.subject in (None, asking.subject)
                assert {asking.nation} <= set(basis.chief.nations)
            for words in (you, public, notice_sentence(basis)):
                assert not [phrase for phrase in HOMEWORK if phrase in words], words
                assert "may be invited" not in words


def test_a_crime_and_disorder_duty_never_appears_where_the_subject_is_another(app: Flask) -> None:
    with app.app_context():
        bases = [
            find_basis(POWERS, asking, asked) for asking, asked in product(_askings(), ANSWERS_TO) if asking.subject != "crime"
        ]
        assert bases
        for basis, audience in product(bases, (AGENCY, PUBLIC, OFFICER)):
            assert "rime and disorder" not in sentence(basis, audience, "The agency")
            assert "Police and Justice Act" not in sentence(basis, audience, "The agency")


@pytest.fixture
def police(app: Flask, cast: SimpleNamespace) -> tuple[int, int]:
    """A request to the police, kept: its id and that of an item."""
    with app.app_context():
        asked = ask(cast)
        transaction.commit()
        return asked.request.id, asked.items[0].id


def test_a_request_says_the_same_law_on_every_surface(app: Flask, police: tuple[int, int], signed_in: SignIn) -> None:
    """Letter, preview, chase, chair's letter, the agency's list and item, and the API, for each power in turn."""
    request_id, item_id = police
    responder = signed_in("responder")
    for name, basis in EACH.items():
        with app.app_context(), transaction.writes_now():
            request = db.session.get_one(EvidenceRequest, request_id)
            request.legal_basis = basis.to_plain()
            for item in request.items:
                item.legal_basis = basis.stripped().to_plain()
        with app.app_context(), app.test_request_context():
            request = db.session.get_one(EvidenceRequest, request_id)
            you, public = sentence(basis, AGENCY), sentence(basis, PUBLIC, request.agency.name)
            items = list(request.items)
            texts = [preview.text for preview in request_letters.previews(request, at=NOW, public_url="http://x")]
            said = you if basis.binds else you.removesuffix(".")  # where nothing is owed, the day we would like it follows
            asking = sentence(basis, AGENCY, wished=True)  # in the letter that asks, that day stands above
            assert all(asking in " ".join(text.split()) for text in texts), name
            assert basis.binds or not any("would like your" in text for text in texts), "said twice in one letter"
            for kind in ("request_reminder", "request_chased", "chairs_letter"):
                shown = ladder_previews(kind, ["responder"], request.agency, items, at=NOW, public_url="http://x")
                again = [preview.text for preview in shown]
                assert again
                texts += again if kind != "request_reminder" or not basis.binds else []
            for text in texts:  # a body without a known duty is told so, once, in each letter
                assert text.count("do not have to") + text.count("not using a legal power") == (not basis.binds), (name, text)
            for text in texts:
                assert not basis.binds or you in " ".join(text.split()), (name, text)  # a chase weakens nothing
                assert basis.binds or basis.duty == "regard" or "By law, you must" not in text, (name, text)
                assert not [phrase for phrase in HOMEWORK if phrase in text], name
            told = api.request(request, TODAY, inside=True, own=False)
            assert told.law == (public,), name
            assert not [phrase for phrase in HOMEWORK if phrase in str(told)], name
        for address in (f"/answering/{request_id}", f"/answering/items/{item_id}"):
            page = text_of(responder.get(address).text)
            assert said in page, (name, address)
            assert not [phrase for phrase in HOMEWORK if phrase in page], (name, address)


def test_the_officer_reads_the_same_duty_and_how_sure_we_are(app: Flask, police: tuple[int, int], signed_in: SignIn) -> None:
    request_id, _ = police
    officer = signed_in("officer")
    for name, basis in EACH.items():
        with app.app_context(), transaction.writes_now():
            request = db.session.get_one(EvidenceRequest, request_id)
            request.legal_basis = basis.to_plain()
            address = f"/reviews/{request.review.reference}/requests/{request.slug}"
        page = text_of(officer.get(address).text)
        with app.app_context():
            assert duty_words(basis) in page, name
            if basis.chief:
                assert CONFIDENCE[basis.chief.confidence] in page, name


def test_a_recommendation_says_the_same_law_on_every_surface(app: Flask, cast: SimpleNamespace, signed_in: SignIn) -> None:
    """Letter, the agency's page, the sealed report on page and in print, the API and the CSV, for each power in turn."""
    with app.app_context():
        scheduled(cast)
        jobs.release_reports(at=RELEASE)
        addressee_id = db.session.scalars(select(Addressee.id)).one()
        letter = db.session.scalars(select(Letter).where(Letter.kind == "recommendation_made")).first()
        assert letter is not None
        first = db.session.get_one(Addressee, addressee_id)
        assert response_letters.legal_values(first)["law"] in letter.text
    responder = signed_in("fire_responder")
    for name, basis in EACH.items():
        if basis.asked != "reply":
            continue
        with app.app_context(), transaction.writes_now():
            db.session.get_one(Addressee, addressee_id).legal_basis = basis.stripped().to_plain()
        with app.app_context(), app.test_request_context():
            addressee = db.session.get_one(Addressee, addressee_id)
            public = sentence(basis, PUBLIC, addressee.agency.name)
            assert response_letters.legal_values(addressee)["law"] == sentence(basis, AGENCY, wished=True)
            assert api.recommendation(addressee, TODAY).duty == public
            table = io.StringIO()
            csv.writer(table).writerows([outcomes.COLUMNS, outcomes.row(outcomes.record_of(addressee, TODAY))])
            (row,) = csv.DictReader(io.StringIO(table.getvalue()))
            assert row["duty"] == public
            kept = {"name": addressee.agency.name, "legal_basis": addressee.legal_basis}
            macro = '{% from "parts/kept_duty.html" import kept_duty %}{{ kept_duty(agency) }}'
            assert text_of(render_template_string(macro, agency=kept)) == public
        page = text_of(responder.get(f"/recommendations/{addressee_id}").text)
        assert public in page, (name, page[:600])
        assert not [phrase for phrase in HOMEWORK if phrase in page], name


def test_what_stands_beneath_a_duty_is_whole_sentences(app: Flask) -> None:
    """For each power there is, those of every method among them: its limits, what is exempt, and what follows on silence."""
    named = {item.power for method in METHODS for item in method.evidence if item.power}
    assert named <= {power.key for power in POWERS}
    fragments = re.compile(r"(?:None|Not|Only once|Only by|Only before|Within|By|As|For|About|Promptly)\b")
    asking = Asking("council-committee", "police", TODAY)
    for power, older in product(
        POWERS, ({}, {"silence": "None: say so.", "exemptions": "Confidentiality."}, {"silence": "Full council."})
    ):
        clause = replace(clause_of(power, asking), **older)
        with app.test_request_context():
            said = aside_sentences(clause)
            shown = text_of(render_template_string(LAW, basis=LegalBasis("supply", None, clause, lines=(clause,))))
        for sentence_ in said:
            assert sentence_ in shown
            for part in re.split(r"(?<=[a-z)’]\.) ", sentence_):
                assert re.match(r"[A-Z“]", part), part
                assert not fragments.match(part), part
            assert sentence_.endswith(".")
            assert ".." not in sentence_
        if not older:
            assert not [text for text in said if re.match("If there is no answer:|Exempt from this:", text)], said


def test_report_page_and_print_say_the_law_by_one_macro() -> None:
    for template in ("snapshots/_content.html", "print/report.html"):
        assert "kept_duty(" in (ROOT / "templates" / template).read_text(encoding="utf-8")


def test_items_keep_nothing_that_is_for_officers_alone(app: Flask, police: tuple[int, int]) -> None:
    with app.app_context():
        item = db.session.get_one(Item, police[1])
        assert item.legal_basis == {} or not (item.legal_basis["lines"] or item.legal_basis["cautions"])


def _days(law_on: date) -> dict[str, date]:
    """The days an officer may ask for, beside a day the law sets."""
    return {"earlier": law_on - timedelta(days=3), "the same": law_on, "later": law_on + timedelta(days=10)}


@pytest.mark.parametrize("agreed", [False, True])
def test_one_day_is_said_for_each_power_kind_of_agency_and_subject(app: Flask, agreed: bool) -> None:
    """Whatever day is asked for beside the law's: "must" goes with the law's day alone; a later day says that it is not late."""
    law_on, said = date(2026, 12, 11), 0
    with app.app_context():
        for asking, asked in product(_askings(), ANSWERS_TO):
            for document in (True, False):
                basis = find_basis(POWERS, replace(asking, document=document), asked)
                power = next((one for one in POWERS if one.key == basis.power_key), None)
                assert document or power is None or not power.documents, "a question in words rests on no power over documents"
                for how, asked_on in _days(law_on).items():
                    words = due_sentence(basis, Days(asked_on, law_on if basis.binds else None, agreed=agreed))
                    late_after = max(asked_on, law_on) if basis.binds else asked_on
                    assert day(late_after) in words, "the day after which it is late is always said"
                    assert ("must" in words) == (basis.binds and how == "the same")
                    assert ("we will not treat it as late" in words) == (basis.binds and how == "later")
                    assert ("by law you have until" in words) == (basis.binds and how == "earlier")
                    said += 1
    assert said > 1000


@pytest.mark.parametrize("kind", ["file", "text", "figures", "any"])
@pytest.mark.parametrize("asked_by", ["earlier", "the same", "later"])
def test_officer_agency_letter_chase_api_and_log_name_one_day(
    app: Flask, cast: SimpleNamespace, signed_in: SignIn, kind: str, asked_by: str
) -> None:
    """For a question of each kind to the body's own council, asked for before, on and after the day of the law."""
    with app.app_context():
        asked = ask(cast, agency="county_council")
        transaction.commit()
        request, item = asked.request, document_of(asked.request)
        law_on, address = item.statutory_due_on, f"/reviews/{request.review.reference}/requests/{request.slug}"
        assert law_on is not None
        item.question.kind = kind
        item.wanted_on = _days(law_on)[asked_by]
        recount(item)
        item.legal_basis = basis_of_item(item, asking_of(request.review, request.agency, TODAY)).stripped().to_plain()
        transaction.commit()
        given, binds = item.wanted_on, kind == "file"
        last = max(given, law_on) if binds else given
        assert (item.due_on, item.statutory_due_on) == (given, law_on if binds else None)
        assert (item.late_after, is_overdue(item, last), is_overdue(item, last + timedelta(days=1))) == (last, False, True)
        assert min(step.on for step in steps_of(item) if step.on and step.rung.offset >= 0) >= last, "chased before it is late"
        told = api.request(request, TODAY, inside=True, own=False).items[item.number - 1]
        assert (told.due_on, told.late_after) == (given.isoformat(), last.isoformat())
        (preview, *_) = request_letters.previews(request, at=NOW, public_url="http://x")
        letter = " ".join(preview.text.split())
        assert (day(law_on) in letter) == (binds or given == law_on)
        assert binds == ("copies of documents" in letter)
        later = asked_by == "later" and binds
        assert ("we will not treat it as late" in letter) == later
        (chase, *_) = ladder_previews("chairs_letter", ["responder"], request.agency, [item], at=NOW, public_url="http://x")
        assert (day(law_on) in chase.text) == (given == law_on or (binds and given < law_on))
        for on, came in ((last, True), (last + timedelta(days=1), False)):
            item.answered_on, item.answered_due_on = None, None
            item.came(on)
            db.session.flush()
            rows = delays.fell_due(asked.by("officer"), date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 31))
            row = next(row for row in rows if row.reference == item.reference)
            assert (row.standing == "on-time", row.late_by_law) == (came, binds and not came), "late though it met its date"
        db.session.rollback()
        number = item.number
    page = text_of(signed_in("officer").get(f"{address}/{number}").text)
    assert ("Late only after" in page) == later
    assert ("By law:" in page or later) == (binds and asked_by != "the same")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("LGA 2000 s.9F(1)-(2); s.21 in Wales", "Local Government Act 2000, section 9F(1)-(2); section 21 in Wales"),
        (
            "EIA 2006 Sch 13; P&JA 2006 ss.28-31",
            "Education and Inspections Act 2006, Schedule 13; Police and Justice Act 2006, sections 28-31",
        ),
        (
            "Children Act 2004 s.20; Children and Families Act 2014 Part 3",
            "Children Act 2004, section 20; Children and Families Act 2014 Part 3",
        ),
        ("Local Government (Wales) Measure 2011 s.58 (Wales)", "Local Government (Wales) Measure 2011, section 58 (Wales)"),
        ("SI 2009/942 regs 4-8; the like for Wales", "SI 2009/942 regs 4-8; the like for Wales"),
    ],
)
def test_the_legal_basis_of_a_method_is_said_without_abbreviated_acts(source: str, said: str) -> None:
    assert in_full(source) == said


def test_no_act_is_abbreviated_where_a_report_or_page_says_the_basis_of_a_method(the_app: Flask) -> None:
    """Every method there is; what is new and not known here shows."""
    sources = [basis.source for method in the_app.extensions["rules"].methods.values() for basis in method.basis]
    assert sources
    assert not [
        one for one in map(in_full, sources) if re.search(r"\b(?!SI\b)[A-Z&]{2,} \d{4}\b|\bss?\.\d", one) and "MHCLG" not in one
    ]
