"""Who sees what, by trial: every page with a GET, asked for by every role, searched for words planted in every object."""

from __future__ import annotations

import inspect
import io
import itertools
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase
from werkzeug.routing import Rule

from config.settings import read_settings
from scrutiny import pages, transaction
from scrutiny.accounts import service as accounts
from scrutiny.accounts.models import Person
from scrutiny.agencies.models import Agency, AgencyMembership, Footprint
from scrutiny.app import create_app
from scrutiny.approving.models import Approval
from scrutiny.areas.models import AreaLoad, Place
from scrutiny.bodies.models import Body, BodyMembership
from scrutiny.chasing.models import Escalation
from scrutiny.correspondence.edited_models import LetterAttachment
from scrutiny.correspondence.models import Letter
from scrutiny.evidence.models import EvidenceFile, Grant, Lodging
from scrutiny.extensions import db
from scrutiny.findings.models import AccuracyCheck, Correction, Extract, Finding, PrivateNote
from scrutiny.publication.models import PublicationNotice
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.reorganisation.models import Reorganisation
from scrutiny.reports.models import Dissent, ErrorReport, Signature
from scrutiny.requests.models import EvidenceRequest, Extension, Item
from scrutiny.reviews.models import Invitation, Question, Review, ReviewBody, ReviewDraft
from scrutiny.rules.models import HolidayList, MethodText
from scrutiny.statements.models import Statement
from scrutiny.work.claims import Progress
from scrutiny.worklist import feed_days
from tests import cast as the_cast
from tests.databases import Databases
from tests.scrutiny import visibility_scene
from tests.scrutiny.reviews.acting import acting
from tests.scrutiny.test_one_law import HOMEWORK
from tests.scrutiny.visibility_scene import LATER, Scene, build, word
from workflows.roles import NO_CAPACITY

pytestmark = pytest.mark.slow
LEAD, COUNCILLORS = {"officer", "no_longer_named"}, {"chair", "councillor"}
NAMED = {"officer", "lead_inspector"}
GRANTED, PARTNER = {"inspector"}, {"inspector", "lead_inspector"}
OBSERVER = {"partner_inspector"}
POLICE, FIRE = {"responder"}, {"fire_responder"}
STRANGERS = {"anyone", "stranger"}
ADMINISTRATOR = {"administrator"}
WORKING = LEAD | COUNCILLORS | PARTNER
DRAFT_READERS = LEAD | {"chair"} | PARTNER
RUNNING = LEAD | {"chair"}
BODIES = WORKING | OBSERVER
EVERYONE = BODIES | POLICE | FIRE | STRANGERS | ADMINISTRATOR

#: Every planted word, and who comes upon it somewhere. Administrators read letters as they were sent, and nothing else.
WHO_SEES: dict[str, set[str]] = {
    "announced title": EVERYONE,
    "announced reason": BODIES | ADMINISTRATOR,
    "announced scope": BODIES | ADMINISTRATOR,  # the letter of a request says what the review covers
    "announced summary": WORKING,  # whoever signs reads the whole draft
    "announced proposed question": WORKING,
    "announced county dropped": WORKING,
    "announced east message": WORKING,  # a draft: the agency it is for does not know of it
    "announced police message": RUNNING | POLICE | ADMINISTRATOR,
    "announced fire message": RUNNING | FIRE | ADMINISTRATOR,
    "announced police asked": BODIES | POLICE | ADMINISTRATOR,
    "announced fire asked": BODIES | FIRE | ADMINISTRATOR,
    "police draft": POLICE,
    "police certify": POLICE,
    "police back": POLICE,
    "police back why": POLICE | ADMINISTRATOR,
    "police handing": POLICE | ADMINISTRATOR,
    "police not held": RUNNING | POLICE | ADMINISTRATOR,
    "police refused": BODIES | POLICE | ADMINISTRATOR,
    "police redirected": RUNNING | POLICE | ADMINISTRATOR,
    "police question": BODIES | POLICE | ADMINISTRATOR,
    "police reply": BODIES | POLICE | ADMINISTRATOR,
    "police start": BODIES,  # how the asker knows of the day a clock started
    "fire returned": BODIES | FIRE,
    "fire returned why": BODIES | FIRE | ADMINISTRATOR,
    "announced set aside": RUNNING,
    "fire extension": RUNNING | ADMINISTRATOR,
    "fire extension refused": BODIES | FIRE | ADMINISTRATOR,
    "announced grant": RUNNING,
    "announced note": GRANTED,  # its writer, who happens to hold the grant
    "announced finding drafted": DRAFT_READERS,
    "announced finding drafted title": DRAFT_READERS,
    "announced finding proposed": WORKING | FIRE,  # the agency, in its own extract
    "announced finding proposed title": WORKING | FIRE,
    "announced finding settled": WORKING | FIRE,
    "announced finding settled title": WORKING | FIRE,
    "announced finding withdrawn": DRAFT_READERS,
    "announced finding withdrawn title": DRAFT_READERS | ADMINISTRATOR,
    "announced recommendation drafted": DRAFT_READERS,
    "announced recommendation drafted measure": DRAFT_READERS,
    "announced recommendation proposed": WORKING,
    "announced recommendation proposed measure": WORKING,
    "announced dissent": WORKING | ADMINISTRATOR,
    "correction": DRAFT_READERS | FIRE,
    "correction grounds": DRAFT_READERS | FIRE,
    "wizard title": RUNNING,
    "alert": ADMINISTRATOR,
    "holiday list": ADMINISTRATOR,
    "method text": ADMINISTRATOR,
    "statement before": ADMINISTRATOR,
    "statement now": EVERYONE,
    "people list": ADMINISTRATOR,
    "hidden title": WORKING | OBSERVER | FIRE | ADMINISTRATOR,  # invited, so it may decide whether to take part
    "hidden reason": WORKING | OBSERVER | ADMINISTRATOR,
    "hidden scope": WORKING | OBSERVER | ADMINISTRATOR,
    "hidden fire asked": WORKING | FIRE | ADMINISTRATOR,
    "hidden fire message": RUNNING | FIRE | ADMINISTRATOR,
    "hidden police asked": WORKING,  # drafted, never issued
    "hidden police message": WORKING,
    "hidden open": WORKING | FIRE,
    "hidden finding": WORKING,
    "hidden finding title": WORKING,
    "hidden recommendation": WORKING,
    "hidden recommendation measure": WORKING,
    "announced letter file": RUNNING,  # and whoever gets the letter, by email
    "announced moved": BODIES | ADMINISTRATOR,  # why its dates moved; what was asked of agencies did not
    "police comes": POLICE,  # kept, not sent
    "fire comes": BODIES | FIRE,
    "hidden meeting about": WORKING | FIRE | ADMINISTRATOR,
    "hidden meeting place": WORKING | FIRE | ADMINISTRATOR,
    "hidden meeting whom": WORKING | FIRE | ADMINISTRATOR,
    "hidden meeting why": WORKING | FIRE | ADMINISTRATOR,
    "hidden draft meeting about": WORKING,
    "hidden draft meeting place": WORKING,
    "hidden draft meeting whom": WORKING,
    "hidden draft meeting why": WORKING,
    "announced meeting about": BODIES | POLICE | FIRE | ADMINISTRATOR,
    "announced meeting place": BODIES | POLICE | FIRE | ADMINISTRATOR,
    "announced meeting whom": BODIES | POLICE | FIRE | ADMINISTRATOR,
    "announced meeting why": BODIES | POLICE | FIRE | ADMINISTRATOR,
    "withdrawn title": EVERYONE,
    "withdrawn reason": WORKING | ADMINISTRATOR,
    "withdrawn scope": WORKING | ADMINISTRATOR,
    "withdrawn fire asked": WORKING | FIRE,
    "withdrawn fire message": RUNNING | FIRE | ADMINISTRATOR,
    "withdrawn why": WORKING | FIRE | ADMINISTRATOR,
    "planned title": WORKING,
    "planned reason": WORKING,
    "planned scope": WORKING,
    "planned fire asked": WORKING,
    "planned fire message": WORKING,
    "reported title": EVERYONE,
    "reported reason": EVERYONE,
    "reported scope": EVERYONE,
    "reported summary": EVERYONE,
    "reported dissent": EVERYONE,
    "reported finding": EVERYONE,
    "reported finding title": EVERYONE,
    "reported finding withdrawn": DRAFT_READERS,
    "reported finding withdrawn title": DRAFT_READERS | ADMINISTRATOR,
    "reported recommendation": EVERYONE,
    "reported recommendation measure": EVERYONE,
    "reported response": EVERYONE,
    "reported progress": EVERYONE,
    "reported fire asked": EVERYONE,
    "reported draft": FIRE,
    "reported note": GRANTED,
    "reported east message": WORKING,
    "correction of report": RUNNING,
    "summary corrected": WORKING,  # the released edition is sealed; its correction is not out
    "staged area": EVERYONE,  # what is staged is entered for its day, and anybody may read of that day
    "staged council": EVERYONE,
    "staged change": ADMINISTRATOR,
    "prepared area": ADMINISTRATOR,
    "prepared council": ADMINISTRATOR,
    "prepared change": ADMINISTRATOR,
    "register told": RUNNING | POLICE,  # the agency first; the public only once it is published
    "register told reply": RUNNING | POLICE,
    "police line": POLICE,
    "police line why": POLICE | ADMINISTRATOR,
    "register published": EVERYONE,
    "register published reply": EVERYONE,
    "error where": RUNNING,
    "error text": RUNNING,
}
#: Planted, and shown to nobody: the address a reader left with an error.
UNSEEN = {"error address"}
#: The same for what was answered under each marking, while the review runs; its words, its table, the names of its files.
ANSWERED = {
    "open": BODIES | FIRE,
    "exempt": WORKING | FIRE,
    "confidential": LEAD | COUNCILLORS | GRANTED | FIRE,
    "personal": NAMED | FIRE,
}
for marking, readers in ANSWERED.items():
    for part in ("", " cell", " csv", " pdf"):
        named = {"administrator"} if marking == "open" and part in (" csv", " pdf") else set()  # in the receipt
        WHO_SEES[f"announced {marking}{part}"] = readers | named
        out = EVERYONE if marking == "open" else readers | named
        WHO_SEES[f"reported {marking}{part}"] = out - (GRANTED if marking == "confidential" else set())
    if marking == "exempt":
        WHO_SEES[f"announced {marking} ground"] = WHO_SEES[f"reported {marking} ground"] = readers


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[tuple[Flask, Scene]]:
    """An application on its own database with the scene built, its clock standing just after the release."""
    folder = tmp_path_factory.mktemp("visibility")
    app = create_app(
        read_settings(
            {
                "SECRET_KEY": "tests-only-" + "v" * 40,
                "DATABASE_URL": databases.new(folder, "seen"),
                "FILES_URL": f"file://{folder / 'files'}",
                "MAIL_URL": str(folder / "mail"),
                "PUBLIC_URL": "http://localhost",
                "METHODS_DIR": str(folder / "methods"),
            }
        )
    )
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with pytest.MonkeyPatch.context() as patch:
        real = pages.now
        for name, module in list(sys.modules.items()):
            if name.startswith("scrutiny.") and getattr(module, "now", None) is real:
                patch.setattr(module, "now", lambda: LATER)
        with app.app_context():
            db.create_all()
            the_cast.write()
            scene = build(the_cast.ids())
            db.session.remove()
        yield app, scene


#: Where it is noted that an outsider came upon a phrase of our homework.
OUR_HOMEWORK = "our homework"
#: Pages that are given one file: a 200 there is as good as its words.
OF_A_FILE = ("evidence.download", "evidence.page", "evidence.picture")
#: Pages that can be posted to and are yet where an object is read: asked for in full. Of other forms a few are enough.
READ_THERE = {
    "answering.item",
    "reading.read",
    "findings.finding",
    "recommendations.edit",
    "checking.correct",
    "accuracy.decide",
    "evidence.grants",
    "reorganisation.preview_page",
    "reorganisation.area",
    "register.manage",
    "register_line.line",
    "approving.approval",
    "attendance.answer",
}
#: More of the same address: searches whose words are in every title, and the other shapes of a page.
ASKED_MORE = (
    "/find?q=Inquiry",
    "/find?q=zq",
    "/find?q=Ashby",
    "/asked?state=accepted",
    "/api/v1/search?q=Inquiry",
    "/api/v1/search?q=zq",
    "/api/v1/search?q=Loamshire",
    "/reviews?q=Inquiry",
    "/reviews?state=all",
    "/inbox?show=all",
    "/api/v1/reviews?place=E07900002",
    "/api/v1/recommendations?place=E07900002",
    "/reports?q=Inquiry",
    "/places/E07900002?on=2026-03-02",
    "/places/E07900061?on=2028-04-02",
    "/codes/E07900061",
    "/api/v1/areas/E07900061?on=2028-04-02",
    "/api/v1/many?places=E07900002,zq",
    "/reports/R-2026-005?edition=2",
    "/reports/R-2026-005.pdf?edition=2",
    "/delays?first=2026-01-01&last=2027-12-31",
    "/delays/responses?first=2026-01-01&last=2027-12-31",
    "/delays.csv?first=2026-01-01&last=2027-12-31",
    "/delays.xlsx?first=2026-01-01&last=2027-12-31",
    "/reports/R-2026-005/data.json?edition=2",
    "/reports/R-2026-001",
    "/reports/R-2026-001.pdf",
    "/administration/audit?q=zq",
)


def _ids(model: type[DeclarativeBase]) -> list[int]:
    """The id of every row of a table."""
    key = model.__mapper__.primary_key[0]
    return list(db.session.scalars(select(key).order_by(key)))


def _asked(model: type[EvidenceRequest] | type[Item]) -> list[int]:
    """The requests (or their items) that were issued, withdrawn too, and a few drafts."""
    key = EvidenceRequest.id if model is EvidenceRequest else Item.id
    rows = select(key).order_by(key) if model is EvidenceRequest else select(key).join(Item.request).order_by(key)
    sent = EvidenceRequest.state.in_(("issued", "withdrawn"))
    return [*db.session.scalars(rows.where(sent)), *db.session.scalars(rows.where(~sent).limit(2))]


def _pools(rule: Rule) -> dict[str, list[Any]]:
    """What each part of an address may hold; a part this table does not know fails the test by its name."""
    findings = sorted(set(db.session.scalars(select(Finding.number))))
    changes = list(db.session.scalars(select(Reorganisation.reference).order_by(Reorganisation.reference)))
    made = sorted(set(db.session.scalars(select(Recommendation.number))))
    numbers = findings if "/findings/" in rule.rule else made if "/recommendations/" in rule.rule else [1, 2, 5, 7]
    keys = {"places": ["E07900002", "E10900001"], "methods": ["council-task-and-finish"], "timetable": ["scoping"]}
    reviews = list(db.session.scalars(select(Review.reference).order_by(Review.reference)))
    return {
        "reference": reviews,
        "slug": ["P03", "P04", "P05", "P06"] if "requests" in rule.rule else ["E07900002"],
        "number": numbers,
        "citation": [1],
        "n": [1],
        "change": changes,
        "code": ["E07900061", "E07900062"] if "/reorganisations/" in rule.rule else ["E07900002"],
        "token": ["nothing"],
        "filename": ["nothing"],
        "key": next((found for part, found in keys.items() if f"/{part}/" in rule.rule), ["own-1"]),
        "kind": ["district"]
        if rule.rule.startswith("/data/")
        else ["request_chased"]
        if "/letters/" in rule.rule
        else ["body", "agency"],
        "form": ["csv"],
        "what": ["areas", "overlaps", "answers"],
        "other": ["icb"],
        "membership_id": _ids(BodyMembership)[:1],
        "row_id": _ids(ReviewBody)[:2],
        "request_id": _asked(EvidenceRequest),
        "item_id": _asked(Item),
        "extension_id": _ids(Extension),
        "escalation_id": _ids(Escalation),
        "lodging_id": _ids(Lodging),
        "file_id": _ids(EvidenceFile),
        "grant_id": _ids(Grant),
        "note_id": _ids(PrivateNote),
        "check_id": _ids(AccuracyCheck),
        "extract_id": _ids(Extract),
        "correction_id": _ids(Correction),
        "approval_id": _ids(Approval),
        "notice_id": _ids(PublicationNotice) or [1],
        "letter_id": _ids(Letter),
        "attachment_id": _ids(LetterAttachment),
        "dissent_id": _ids(Dissent),
        "signature_id": _ids(Signature),
        "move": ["reopen", "withdraw"],
        "error_id": _ids(ErrorReport),
        "question_id": _ids(Question)[-3:],
        "draft_id": _ids(ReviewDraft),
        "invitation_id": _ids(Invitation),
        "addressee_id": _ids(Addressee),
        "agency_id": _ids(Agency),
        "body_id": _ids(Body),
        "person_id": _ids(Person)[:3],
        "load_id": _ids(AreaLoad),
        "place_id": _ids(Place)[:2],
        "progress_id": [1],
        "register_id": [1],
        "footprint_id": _ids(Footprint)[:1],
        "feed_key": ["nothing"],
        "exception_id": [1],
        "key_id": [1],
        "list_id": _ids(Progress) if "/people/" in rule.rule else _ids(HolidayList),
        "text_id": _ids(MethodText),
        "statement_id": _ids(Statement),
        "page": ["press"],
        "part": ["head", "signature"],
        "unsaved_id": [1],
        "agency_membership": _ids(AgencyMembership)[:1],
    }


def _addresses(app: Flask) -> list[tuple[str, str, dict[str, Any]]]:
    """Every address that answers GET, with every object there is: (endpoint, address, its parts)."""
    found = []
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or rule.endpoint.startswith("security."):
            continue  # the pages of signing in hold nothing of ours, and one of them ends the session
        pools = _pools(rule)
        names = sorted(rule.arguments)
        if names != ["reference"] and "POST" in (rule.methods or ()) and rule.endpoint not in READ_THERE:
            pools = {name: [*pool[:1], *pool[-1:]] if name != "number" else pool[:1] for name, pool in pools.items()}
        if {"letter_id", "lodging_id"} & {*names} and "reference" in names:
            pools["reference"] = pools["reference"][:2]  # with their own review, and with another
        for chosen in itertools.product(*(pools[name] for name in names)):
            parts = dict(zip(names, chosen, strict=True))
            found.append((rule.endpoint, adapter.build(rule.endpoint, parts), parts))
    return found + [("", address, {}) for address in ASKED_MORE]


def _text_of(content: bytes) -> str:
    """What was sent as text, from inside workbooks and PDFs too."""
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    if content[:5] == b"%PDF-":
        with pypdfium2.PdfDocument(content) as pdf:
            content = "\n".join(page.get_textpage().get_text_bounded() for page in pdf).encode()
    return content.decode("utf-8", "replace").lower()


def _words_in(text: str) -> set[str]:
    """Every planted word in a text, though it be parted at the end of a line."""
    return set(re.findall(r"zq[a-z]+qz", re.sub(r"[\xad\ufffe-]\s*", "", text)))


def _client(app: Flask, role: str) -> FlaskClient:
    """Somebody of that role."""
    client = app.test_client()
    if role != "anyone":
        the_cast.sign_in(app, client, the_cast.uniquifier(role))
    return client


def _is_outside(app: Flask, role: str) -> bool:
    """Whether somebody of that role works neither for a body nor for the service, so that our homework is not for them."""
    if role == "anyone":
        return True
    with app.app_context():
        by = acting(role)
        return by.body is None and not by.administrator


def _calendars(app: Flask, role: str) -> list[tuple[str, str, dict[str, Any]]]:
    """The address of every calendar somebody of that role may have, made as they would make it."""
    if role == "anyone":
        return []
    with app.app_context(), transaction.writes_now():
        by, found = acting(role), []
        person = db.session.get_one(Person, by.person)
        for choice in feed_days.choices_of(by, LATER.date()):
            actor = replace(by, capacity=choice.capacity or NO_CAPACITY)
            secret = accounts.make_key(person, kind="feed", name="Mine", shows=choice.shows, by=actor, at=LATER)
            found.append(("feeds.feed", f"/feeds/{secret}.ics", {}))
    return found


@pytest.fixture(scope="module")
def seen(stage: tuple[Flask, Scene]) -> dict[str, dict[str, list[str]]]:
    """Word, role, and the addresses at which that role came upon it."""
    app, scene = stage
    with app.app_context():
        addresses = _addresses(app)
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    known = {word(key) for key in WHO_SEES}
    for role in sorted(EVERYONE):
        client, outside = _client(app, role), _is_outside(app, role)
        shut: dict[str, int] = defaultdict(int)
        for endpoint, address, parts in addresses + _calendars(app, role):
            if shut[endpoint] >= 3 and getattr(app.view_functions.get(endpoint), "door", "") == "administrator":
                continue
            answer = client.get(address)
            assert answer.status_code < 500, (role, address)
            shut[endpoint] += answer.status_code != 200
            text = _text_of(answer.data)
            words = _words_in(text + str(answer.headers).lower())
            # "Was not found" is also what an address that leads nowhere says of itself.
            phrases = [one for one in HOMEWORK if answer.status_code != 404 or one != "was not found"]
            if outside and any(phrase.lower() in text for phrase in phrases):
                found[OUR_HOMEWORK][role].append(address)
            if endpoint in OF_A_FILE and answer.status_code == 200:
                words.add(scene.files[parts["file_id"]])
            for one in words & known:
                found[one][role].append(address)
    return found


def test_every_word_is_found_by_those_who_may_and_nobody_else(seen: dict[str, dict[str, list[str]]]) -> None:
    """Nobody comes upon what is not theirs, on any surface; and each word is found by all it is for, so the trial can fail."""
    leaks = [
        f"{role} reads “{key}” at {', '.join(places[:3])}"
        for key, readers in WHO_SEES.items()
        for role, places in seen[word(key)].items()
        if role not in readers
    ]
    missing = {key: sorted(readers - set(seen[word(key)])) for key, readers in WHO_SEES.items()}
    lost = [f"{role} finds “{key}” nowhere" for key, roles in missing.items() for role in roles]
    assert (leaks, lost) == ([], [])


def test_how_sure_we_are_of_the_law_never_leaves_the_officers_screen(
    seen: dict[str, dict[str, list[str]]], stage: tuple[Flask, Scene]
) -> None:
    """On no page, export or answer of the API for the public or an agency, and in no letter."""
    assert dict(seen[OUR_HOMEWORK]) == {}
    with stage[0].app_context():
        letters = list(db.session.execute(select(Letter.kind, Letter.subject, Letter.text)))
    assert letters
    assert [(kind, phrase) for kind, *texts in letters for phrase in HOMEWORK if phrase in " ".join(texts)] == []


def test_every_word_planted_is_in_the_table() -> None:
    """A word planted and not judged would be looked for by nobody."""
    source = inspect.getsource(visibility_scene)
    planted = set(re.findall(r'word\("([a-z ]+)"\)', source))
    assert sorted(planted - set(WHO_SEES) - UNSEEN) == []
