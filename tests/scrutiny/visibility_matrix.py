"""The machine of the matrix: every address, asked for by every viewer, and what is found there; each answer read once."""

from __future__ import annotations

import hashlib
import io
import itertools
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase
from werkzeug.routing import Rule

from config.settings import read_settings
from scrutiny import errors, pages, transaction
from scrutiny.accounts import service as accounts
from scrutiny.accounts.models import Person
from scrutiny.agencies.models import Agency, AgencyMembership, Footprint
from scrutiny.agenda.models import ReviewPlan
from scrutiny.app import create_app
from scrutiny.approving.models import Approval
from scrutiny.areas.models import AreaLoad, Place
from scrutiny.bodies.models import Body, BodyMembership
from scrutiny.challenges.models import Challenge, ChallengeReferral
from scrutiny.chasing.models import Escalation
from scrutiny.correspondence.edited_models import LetterAttachment
from scrutiny.correspondence.models import Letter
from scrutiny.editions.models import Edition, Report
from scrutiny.evidence.erasing import ERASED_NAME
from scrutiny.evidence.models import EvidenceFile, Grant, Lodging, NamedReader
from scrutiny.extensions import db
from scrutiny.findings.models import AccuracyCheck, Correction, Extract, Finding, PrivateNote
from scrutiny.gaps.models import GapEntry
from scrutiny.ledger.models import LedgerSource
from scrutiny.publication.models import PublicationNotice
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.reorganisation.models import Reorganisation
from scrutiny.reports.models import Dissent, ErrorReport, Signature
from scrutiny.requests.models import EvidenceRequest, Extension, Item
from scrutiny.reviews.enquiry import ATTENDANCE
from scrutiny.reviews.models import Invitation, Question, Review, ReviewBody, ReviewDraft
from scrutiny.rules.models import HolidayList, MethodText
from scrutiny.statements.models import Statement
from scrutiny.work.claims import Progress
from scrutiny.worklist import feed_days
from tests import cast as the_cast
from tests.databases import Databases
from tests.scrutiny.reviews.acting import acting
from tests.scrutiny.test_one_law import HOMEWORK
from tests.scrutiny.visibility_scene import LATER, build
from tests.scrutiny.visibility_states import Scene, word
from tests.scrutiny.visibility_table import WHO_SEES
from workflows.roles import NO_CAPACITY

#: What has numbers of its own within a review, beside items.
NUMBERED = {"findings", "recommendations"}
#: An endpoint, an address of it, and its parts.
Address = tuple[str, str, dict[str, Any]]
#: Where it is noted that an outsider came upon a phrase of our homework.
OUR_HOMEWORK = "our homework"
#: Pages that are given one file: a 200 there is as good as its words.
OF_A_FILE = ("evidence.download", "evidence.page", "evidence.picture", "evidence.read")
#: Pages that can be posted to and are yet where an object is read: asked for in full. Of other forms a few are enough.
READ_THERE = {
    "answering.item",
    "reading.read",
    "findings.finding",
    "recommendations.edit",
    "checking.correct",
    "accuracy.decide",
    "evidence.grants",
    "attendance.answer",
    "approving.approval",
    "reorganisation.preview_page",
    "reorganisation.area",
    "register.manage",
    "register_line.line",
    "challenge_desk.answer",
}
#: More of the same address: searches whose words are in every title, and the other shapes of a page.
ASKED_MORE = (
    "/find?q=Inquiry",
    "/find?q=zq",
    "/find?q=zqr",
    "/find?q=Ashby",
    "/asked?state=accepted",
    "/api/v1/search?q=Inquiry",
    "/api/v1/search?q=zq",
    "/api/v1/search?q=zqr",
    "/api/v1/search?q=Loamshire",
    "/reviews?q=Inquiry",
    "/reviews?state=all",
    "/inbox?show=all",
    "/api/v1/reviews?place=E07900002",
    "/api/v1/recommendations?place=E07900002",
    "/reports?q=Inquiry",
    "/places/E07900002?on=2026-03-02",
    "/places/E07900061?on=2028-04-02",
    *(
        f"/places/E10900001/count{more}?year={year}"
        for more in ("", "/figures", "/summary.csv", ".csv", ".json")
        for year in (2022, 2023, 2024)
    ),
    *(f"/places/E10900001/count/years{more}" for more in ("", "?prices=cash", ".csv", ".json")),
    *(f"/places/E07900002/count/peers{form}?year={year}" for form in ("", ".csv", ".json") for year in (2022, 2023, 2024)),
    "/codes/E07900061",
    "/api/v1/areas/E07900061?on=2028-04-02",
    "/api/v1/many?places=E07900002,zq",
    "/reports/R-2026-005?edition=2",
    "/reports/R-2026-005.pdf?edition=2",
    *(f"/burden{form}?period=all&by={by}" for form in ("", ".csv", ".json") for by in ("who", "place", "theme")),
    "/api/v1/burden?period=all&by=place",
    *(f"/places/E10900001/gaps{form}?years=50" for form in ("", ".csv", ".json")),
    "/gaps.json?layer=district&years=50",
    "/delays?first=2026-01-01&last=2027-12-31",
    "/delays/responses?first=2026-01-01&last=2027-12-31",
    "/delays.csv?first=2026-01-01&last=2027-12-31",
    "/delays.xlsx?first=2026-01-01&last=2027-12-31",
    "/reports/R-2026-005/data.json?edition=2",
    "/reports/R-2026-001",
    "/reports/R-2026-001.pdf",
    "/administration/audit?q=zq",
    "/challenges/C-2026-001",
    "/challenges/C-2026-001/bring",
    "/challenges/new?about=row:1:2",
    "/challenges.json",
)


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
        # What a refusal says is said; the page around it, which is the same for each, is drawn by the tests of refusals.
        drawn = errors.render_template
        patch.setattr(
            errors,
            "render_template",
            lambda name, **said: said["sentence"] if "404" in name or "403" in name else drawn(name, **said),
        )
        for name, module in list(sys.modules.items()):
            if name.startswith("scrutiny.") and getattr(module, "now", None) is real:
                patch.setattr(module, "now", lambda: LATER)
        with app.app_context():
            db.create_all()
            the_cast.write()
            scene = build(the_cast.ids())
            db.session.remove()
        yield app, scene


def _ids(model: type[DeclarativeBase]) -> list[int]:
    """The id of every row of a table."""
    key = model.__mapper__.primary_key[0]
    return list(db.session.scalars(select(key).order_by(key)))


def pools_of(rule: Rule) -> dict[str, list[Any]]:
    """What each part of an address may hold; a part this table does not know fails the test by its name."""
    findings = sorted(set(db.session.scalars(select(Finding.number))))
    changes = list(db.session.scalars(select(Reorganisation.reference).order_by(Reorganisation.reference)))
    made = sorted(set(db.session.scalars(select(Recommendation.number))))
    numbers = findings if "/findings/" in rule.rule else made if "/recommendations/" in rule.rule else [1, 2, 5, 7]
    keys = {"places": ["E07900002", "E10900001"], "methods": ["council-task-and-finish"], "timetable": ["scoping"]}
    return {
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
        "form": ["ttl"] if "/catalogue." in rule.rule else ["csv"],
        "what": ["areas", "overlaps", "answers"],
        "other": ["icb"],
        "membership_id": _ids(BodyMembership)[:1],
        "row_id": _ids(ReviewBody)[:2],
        "extension_id": _ids(Extension),
        "escalation_id": _ids(Escalation),
        "file_id": _ids(EvidenceFile),
        "grant_id": _ids(Grant),
        "reader_id": _ids(NamedReader)[:2],
        "mail_id": [1],
        "note_id": _ids(PrivateNote),
        "check_id": _ids(AccuracyCheck),
        "extract_id": _ids(Extract),
        "correction_id": _ids(Correction),
        "notice_id": _ids(PublicationNotice) or [1],
        "attachment_id": _ids(LetterAttachment),
        "dissent_id": _ids(Dissent),
        "signature_id": _ids(Signature),
        "move": ["propose", "return"] if rule.rule.startswith("/plans/") else ["reopen", "withdraw"],
        "error_id": _ids(ErrorReport),
        "awaits": ["check", "invitation", "signature"],
        "awaited_id": [1],
        "question_id": _ids(Question)[-3:],
        "draft_id": _ids(ReviewDraft),
        "invitation_id": _ids(Invitation),
        "addressee_id": _ids(Addressee),
        "agency_id": _ids(Agency),
        "body_id": _ids(Body),
        "person_id": _ids(Person)[:3],
        "load_id": _ids(AreaLoad),
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
        "approval_id": _ids(Approval) or [1],
        "place_id": _ids(Place)[:2],
        "source_id": _ids(LedgerSource),
        "challenge_id": _ids(Challenge),
        "plan_id": _ids(ReviewPlan),
        "entry_id": _ids(GapEntry),
        "referral_id": _ids(ChallengeReferral) or [1],
        "agency_membership": _ids(AgencyMembership)[:1],
    }


#: What belongs together in addresses: the names of its parts, and each set of values.
Belongs = dict[tuple[str, ...], list[tuple[Any, ...]]]


def addresses(app: Flask) -> list[Address]:
    """Every address that answers GET, with every object there is: (endpoint, address, its parts)."""
    adapter, found, met = app.url_map.bind("localhost"), [], belonging()
    files = list(db.session.scalars(select(EvidenceFile).order_by(EvidenceFile.id)))
    meetings = set(
        db.session.scalars(select(Item.id).join(Question, Question.id == Item.question_id).where(Question.kind == ATTENDANCE))
    )
    # Each file where its kind is shown, and of each other kind the first: whether one is shown there does not rest on its review.
    shown = {
        endpoint: {file.id for file in files if file.name.endswith(kind) or file.name == ERASED_NAME} | {files[0].id, files[1].id}
        for endpoint, kind in (("evidence.page", ".pdf"), ("evidence.sheet", ".csv"), ("evidence.picture", ".png"))
    }
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or rule.endpoint.startswith("security."):
            continue  # the pages of signing in hold nothing of ours, and one of them ends the session
        is_form = "POST" in (rule.methods or ()) and rule.endpoint not in READ_THERE
        for parts in parts_of(rule, met, ends=is_form and rule.arguments != {"reference"}):
            if rule.endpoint == "attendance.answer" and parts["item_id"] not in meetings:
                continue  # that page leads on to the item's own
            if "file_id" not in parts or parts["file_id"] in shown.get(rule.endpoint, parts.values()):
                found.append((rule.endpoint, adapter.build(rule.endpoint, parts), parts))
    return list({one[1]: one for one in [*found, *(("", address, {}) for address in ASKED_MORE)]}.values())


def parts_of(rule: Rule, met: Belongs, *, ends: bool = False) -> Iterator[dict[str, Any]]:
    """The parts of each address of a rule: what belongs together, and all else; with `ends` only the first and last of each."""
    # A part that is one of a few words takes those the address has.
    offered = {name: sorted(items) for name, one in rule._converters.items() if (items := getattr(one, "items", None))}
    pools = pools_of(rule)
    pools |= {name: [one for one in pools.get(name, ()) if one in items] or items[:2] for name, items in offered.items()}
    names = next((names for names in met if {*names} - NUMBERED <= rule.arguments and _counts(names, rule)), ())
    rest = sorted(rule.arguments - {*names})
    together = met.get(names, [()])
    together = [*together[:1], *together[-1:]] if ends else together
    others = [list(dict.fromkeys([*pools[name][:1], *pools[name][-1:]])) if ends else pools[name] for name in rest]
    for values, *chosen in itertools.product(together, *others):
        own = [name for name in names if name not in NUMBERED]
        yield dict(zip(own, values, strict=True)) | dict(zip(rest, chosen, strict=True))


def _counts(names: tuple[str, ...], rule: Rule) -> bool:
    """Whether the number in what belongs together is one of what this address is about."""
    about = next((name for name in NUMBERED if f"/{name}/" in rule.rule), "")
    return "number" not in names or {*names} & NUMBERED == ({about} if about else set())


def belonging(items: Sequence[Item] | None = None, lodgings: Sequence[Lodging] | None = None) -> Belongs:
    """What belongs together, the longest first: of every item that was ever asked, or of these; and one of each with another."""
    rows = select(Item).join(Item.request).order_by(Item.id)
    sent = EvidenceRequest.state.in_(("issued", "withdrawn"))
    planted = [
        one for one in db.session.scalars(rows.where(~sent)) if one.question.kind == ATTENDANCE or "zq" in one.question.title
    ]
    items = items or [*db.session.scalars(rows.where(sent)), *planted]
    lodgings = lodgings or list(db.session.scalars(select(Lodging).order_by(Lodging.id)))
    drafts = select(EvidenceRequest).where(EvidenceRequest.state == "drafted").order_by(EvidenceRequest.id)
    judged = [one for one in db.session.scalars(drafts) if words_in(one.message) & {word(key) for key in WHO_SEES}]
    requests = list({one.id: one for one in [*(item.request for item in items), *judged]}.values())
    reported = select(Report.review_id, ErrorReport.id).join(Edition, Edition.report_id == Report.id)
    reported = reported.join(ErrorReport, ErrorReport.edition_id == Edition.id)
    reviews = list(db.session.scalars(select(Review).order_by(Review.reference)))
    called = {review.plain: review.reference for review in reviews}
    # A letter of one kind about one thing, on one occasion, says the same to all it went to.
    every = db.session.scalars(select(Letter).order_by(Letter.id))
    letters = list({(one.kind, one.reference, one.occasion): one for one in every}.values())
    by_letter = [(called[letter.within], letter.id) for letter in letters if letter.within in called]
    by_lodging = [(lodging.review.reference, lodging.id) for lodging in lodgings]
    of_findings, of_recommendations = (
        [
            tuple(row)
            for row in db.session.execute(select(Review.reference, model.number).join(model, model.review_id == Review.id))
        ]
        for model in (Finding, Recommendation)
    )
    return {
        ("reference", "slug", "number"): [(item.request.review.reference, item.request.slug, item.number) for item in items],
        ("findings", "reference", "number"): of_findings,
        ("recommendations", "reference", "number"): of_recommendations,
        ("reference", "letter_id"): [*by_letter, (reviews[-1].reference, by_letter[0][1])],
        ("reference", "lodging_id"): [*by_lodging, (reviews[-1].reference, by_lodging[0][1])],
        ("reference", "error_id"): [(called[f"review:{review}"], error) for review, error in db.session.execute(reported)],
        ("reference", "slug"): [(request.review.reference, request.slug) for request in requests],
        ("lodging_id", "file_id"): [(one.id, file.id) for one in lodgings for file in one.evidence.files],
        ("lodging_id",): [(one.id,) for one in lodgings],
        ("letter_id",): [(letter.id,) for letter in letters],
        ("item_id",): [(item.id,) for item in items],
        ("request_id",): [(request.id,) for request in requests],
        ("reference",): [(review.reference,) for review in reviews],
    }


def text_of(content: bytes) -> str:
    """What was sent as text, from inside workbooks and PDFs too."""
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    if content[:5] == b"%PDF-":
        with pypdfium2.PdfDocument(content) as pdf:
            content = "\n".join(page.get_textpage().get_text_bounded() for page in pdf).encode()
    return content.decode("utf-8", "replace").lower()


def words_in(text: str) -> set[str]:
    """Every planted word in a text, though it be parted at the end of a line."""
    return set(re.findall(r"zq[a-z]+qz", re.sub(r"[\xad\ufffe-]\s*", "", text)))


def client_of(app: Flask, role: str) -> FlaskClient:
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


def calendars(app: Flask, role: str) -> list[Address]:
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


@dataclass(frozen=True, slots=True)
class Said:
    """What is in an answer: the planted words, and the phrases of our homework."""

    words: frozenset[str]
    phrases: frozenset[str]


@dataclass
class Matrix:
    """What was found: word, viewer, and the addresses at which that viewer came upon it; and how much was looked through."""

    found: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    viewers: tuple[str, ...] = ()
    everywhere: tuple[str, ...] = ()  # those of them who were asked for every address
    addresses: int = 0
    responses: int = 0
    read: dict[bytes, Said] = field(default_factory=dict)

    def size(self) -> str:
        """How much was looked through, in a sentence."""
        return (
            f"{self.addresses} addresses asked for by {len(self.viewers)} viewers: {self.responses} responses, "
            f"{len(self.read)} different ones searched for {len(WHO_SEES)} words"
        )

    def said(self, content: bytes) -> Said:
        """What is in an answer; the same bytes are read once, whoever got them."""
        key = hashlib.blake2b(content, digest_size=16).digest()
        if key not in self.read:
            text = text_of(content)
            phrases = frozenset(phrase for phrase in HOMEWORK if phrase.lower() in text)
            self.read[key] = Said(frozenset(words_in(text)), phrases)
        return self.read[key]

    def leaks(self) -> list[str]:
        """What somebody came upon that is not for them."""
        return [
            f"{role} reads “{key}” at {', '.join(places[:3])}"
            for key, readers in WHO_SEES.items()
            for role, places in self.found[word(key)].items()
            if role not in readers
        ]

    def lost(self) -> list[str]:
        """Words that somebody they are for found nowhere: planted in vain, so that no leak of them would show either."""
        asked = set(self.everywhere)
        return [
            f"{role} finds “{key}” nowhere"
            for key, readers in WHO_SEES.items()
            for role in sorted((readers & asked) - set(self.found[word(key)]))
        ]


#: Who differs from somebody else asked only in what is for people named or granted, and so is asked for that alone.
ONLY_EVIDENCE = {"no_longer_named": "officer", "lead_inspector": "inspector"}
#: Where answers, their files and their quotations are read, and what is signed.
OF_EVIDENCE = ("evidence.", "reading.", "asking.", "findings.", "pack.", "published.", "signing.", "worklist.", "requests.")


def look(
    app: Flask, scene: Scene, viewers: Sequence[str], asked: Sequence[Address], *, feeds: bool = True, whole: bool = False
) -> Matrix:
    """Ask for each address as each viewer, and for the calendars each may have; and note what is found there."""
    everywhere = tuple(role for role in viewers if whole or role not in ONLY_EVIDENCE)
    matrix = Matrix(viewers=tuple(viewers), everywhere=everywhere)
    for role in viewers:
        own = [*asked, *(calendars(app, role) if feeds else ())]
        if role not in everywhere:
            own = [one for one in own if one[0].startswith(OF_EVIDENCE)]
        matrix.addresses = max(matrix.addresses, len(own))
        _look_as(matrix, app, scene, role, own)
    return matrix


def _look_as(matrix: Matrix, app: Flask, scene: Scene, role: str, asked: Sequence[Address]) -> None:
    """Ask for addresses as one viewer."""
    client, outside = client_of(app, role), _is_outside(app, role)
    known = {word(key) for key in WHO_SEES}
    shut: dict[str, int] = defaultdict(int)
    for endpoint, address, parts in asked:
        if shut[endpoint] >= 3 and getattr(app.view_functions.get(endpoint), "door", "") == "administrator":
            continue
        answer = client.get(address)
        answer.get_data()
        answer.close()  # as a browser does that has everything: a zip holds a place until then
        assert answer.status_code < 500, (role, address)
        matrix.responses += 1
        shut[endpoint] += answer.status_code != 200
        said = matrix.said(answer.data)
        words = said.words | words_in(str(answer.headers).lower())
        # "Was not found" is also what an address that leads nowhere says of itself.
        if outside and (said.phrases if answer.status_code != 404 else said.phrases - {"was not found"}):
            matrix.found[OUR_HOMEWORK][role].append(address)
        if endpoint in OF_A_FILE and answer.status_code == 200 and parts["file_id"] in scene.files:
            words |= {scene.files[parts["file_id"]]}
        for one in words & known:
            matrix.found[one][role].append(address)
