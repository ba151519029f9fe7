"""Five reviews, each at another step, with a word of its own planted in everything somebody might read."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pikepdf
from sqlalchemy import select

from config.settings import PROJECT_ROOT
from scrutiny import transaction
from scrutiny.accounts.models import Person
from scrutiny.adapters import fitted
from scrutiny.agencies.models import Agency
from scrutiny.agenda import planning
from scrutiny.agenda.planning import Details
from scrutiny.answering import attendance
from scrutiny.answering import service as answering
from scrutiny.approving import queries as approvals
from scrutiny.approving import service as approving
from scrutiny.areas.models import Place
from scrutiny.areas.queries import area_on
from scrutiny.asking import attending, drafting
from scrutiny.asking import service as requests
from scrutiny.bodies import people_register
from scrutiny.bodies.models import Body, BodyMembership
from scrutiny.challenges import answering as public_answers
from scrutiny.challenges import service as challenging
from scrutiny.challenges.models import Challenge
from scrutiny.challenges.service import Said
from scrutiny.chasing import service as chasing
from scrutiny.chasing.models import Escalation, EscalationItem
from scrutiny.conduct import moving, withdrawing
from scrutiny.conduct.preview_token import mark_of
from scrutiny.correspondence import alerts
from scrutiny.correspondence.edited_models import LetterAttachment
from scrutiny.correspondence.models import Alert
from scrutiny.delegation import service as delegation
from scrutiny.due_dates.starting import enter_start
from scrutiny.editions.queries import report_called
from scrutiny.evidence.models import Grant, Lodging, NamedReader
from scrutiny.extensions import db
from scrutiny.findings import accuracy, citing, notes
from scrutiny.findings import service as findings
from scrutiny.findings.models import Finding
from scrutiny.gaps import register
from scrutiny.gaps.register import Details as Noted
from scrutiny.ledger import service as ledger
from scrutiny.publication import line_approvals
from scrutiny.publication.models import RegisterEntry
from scrutiny.recommendations import service as recommendations
from scrutiny.recommendations.models import Recommendation
from scrutiny.reorganisation import service as reorganisations
from scrutiny.reorganisation.plan_input import check_plan
from scrutiny.reports import dissenting, jobs, signing
from scrutiny.reports import service as reports
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.inviting import invite_partner
from scrutiny.reviews.models import Question, Review, ReviewDraft
from scrutiny.reviews.service import add_question, open_review, plan_review
from scrutiny.rules import service as rules
from scrutiny.statements import service as statements
from tests import cast as the_cast
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.lodged_files import add_file
from tests.scrutiny import visibility_states as states
from tests.scrutiny.challenges import scene as challenges
from tests.scrutiny.findings import replying
from tests.scrutiny.ledger.sources import keep
from tests.scrutiny.official import official_list
from tests.scrutiny.reports import story
from tests.scrutiny.reviews.acting import acting
from tests.scrutiny.visibility_states import Scene, word
from workflows.gaps import UNEXAMINED, Gap

TODAY = NOW.date()
RELEASE = NOW + timedelta(days=1)
LATER = RELEASE + timedelta(hours=2)
MARKINGS = ("open", "exempt", "confidential", "personal")


def build(cast: SimpleNamespace) -> Scene:
    """Write it all through the services, as people would; the reported review goes out on its moment."""
    scene = Scene()
    with transaction.writes_now():
        _one_more_officer(cast)
        _announced(cast, scene)
        _hidden(cast, scene)
        _planned(cast, scene)
        _withdrawn(cast, scene)
        edition_due = _to_be_reported(cast, scene)
        _to_be_recalled(cast, scene)
        _reorganised()
        _counted(cast)
        _challenged()
        _plans(cast)
        _gaps(cast)
    jobs.release_reports(at=edition_due)
    with transaction.writes_now():
        _after_release(scene)
        states.after_release(scene, LATER)
        states.recalled(scene, LATER)
    return scene


def _one_more_officer(cast: SimpleNamespace) -> None:
    """Of the body in the lead, who was named for its reviews once and is so no longer."""
    person = Person(email="once@example.org", name="Una Marsh", fs_uniquifier=the_cast.uniquifier("no_longer_named"))
    db.session.add(person)
    db.session.flush()
    membership = BodyMembership(body_id=cast.committee, person_id=person.id, role="scrutiny-officer", from_on=the_cast.BORN)
    db.session.add(membership)
    db.session.flush()


def _named(cast: SimpleNamespace, review: Review) -> None:
    """An officer of the lead and an inspector of the partner are named, and another officer was: their councillors never."""
    for who, body, ended_at in (
        ("officer", cast.committee, None),
        ("no_longer_named", cast.committee, NOW),
        ("councillor", cast.committee, None),
        ("lead_inspector", cast.ofsted, None),
    ):
        row = NamedReader(review_id=review.id, person_id=acting(who).person, body_id=body, named_at=NOW, ended_at=ended_at)
        db.session.add(row)
    db.session.flush()


def _reorganised() -> None:
    """Two changes of councils: one staged, which is public from then on, and one being prepared, which is not."""
    for name, staged, code in (("staged", True, "E07900061"), ("prepared", False, "E07900062")):
        named = {
            "staged": (word("staged area"), word("staged council"), word("staged change")),
            "prepared": (word("prepared area"), word("prepared council"), word("prepared change")),
        }[name]
        plan = {
            "title": named[2],
            "on": "2028-04-01",
            "ending": ["E07900001", "E07900002"],
            "new": [{"code": code, "name": named[0], "council": named[1], "made_of": ["E07900001", "E07900002"]}],
        }
        row = reorganisations.prepare(check_plan(plan), by=acting("administrator"), at=NOW)
        if staged:
            reorganisations.stage(row, by=acting("administrator"), at=NOW)


def _counted(cast: SimpleNamespace) -> None:
    """Three sources of what the council spends: one published, one not yet, and one withdrawn."""
    for year, state in enumerate(("published", "pending", "withdrawn"), 2022):
        text = f"service,amount\n{word(f'count {state} row')},{year}.00\n"
        source = keep(cast.county_council, text, year, body_id=cast.committee, title=word(f"count {state} title"))
        if state == "published":
            ledger.publish(source, by=acting("officer"), at=NOW)
        elif state == "withdrawn":
            ledger.withdraw(source, word("count withdrawn why"), by=acting("officer"), at=NOW)


def _plans(cast: SimpleNamespace) -> None:
    """Reviews the committee plans: an idea shared with nobody, one shared with an inspectorate, and one that is announced."""
    body = db.session.get_one(Body, cast.committee)
    for key, partners in (("idea", ()), ("shared", (cast.ofsted,)), ("announced", ())):
        details = Details(
            title=word(f"plan {key}"),
            reason=word(f"plan {key} reason"),
            areas=(area_on("E07900002", TODAY),),
            method="",
            services=("housing",),
            first_on=TODAY + timedelta(days=60),
            last_on=TODAY + timedelta(days=120),
            visit_from=None,
            visit_to=None,
            visit_days=2,
            questions=5,
            evidence_by=None,
            meeting_on=None,
            announced_on=TODAY if key == "announced" else None,
            partners=partners,
            agencies=(cast.county_council,),
        )
        plan = planning.record_plan(details, body, by=acting("officer"), at=NOW)
        if key == "announced":
            plan.state = "announced"


def _gaps(cast: SimpleNamespace) -> None:
    """Gaps the committee has noted: one that anybody may read, and one of its own."""
    place = db.session.get_one(Place, cast.wide_place)
    for service, key in (("libraries", "public"), ("highways", "own")):
        said = Noted(word(f"gap {key} why"), word(f"gap {key} todo"), None, key == "public")
        gap = Gap(UNEXAMINED, service, cast.county_council, 5)
        register.note_gap(gap, place, said, by=acting("officer"), at=NOW)


def _challenged() -> None:
    """Challenges of the published source: one not checked yet, one published and answered, one refused."""
    about, at = "row:1:2", f"{word('challenge address')}@home.example"
    waiting = word("challenge waiting")
    challenges.sent(about, waiting, at)
    db.session.scalars(select(Challenge)).one().name = word("challenge waiting name")
    shown = challenges.sent(about, f"{word('challenge published')} {word('challenge original')}", at)
    said = Said(word("challenge published"), name=word("challenge hidden name"))
    challenging.publish(shown, said, by=acting("officer"), at=NOW)
    public_answers.answer(shown, "not_agreed", word("challenge answer"), by=acting("officer"), at=NOW)
    refused = challenges.sent(about, word("challenge refused"), at)
    challenging.refuse(refused, "abusive", word("challenge refused why"), by=acting("officer"), at=NOW)


def _begun(cast: SimpleNamespace, scene: Scene, name: str, announced_on: date | None, *, planned: bool = False) -> Review:
    """A review by the committee with the inspectorate; the announced one has an observer too."""
    bodies = {key: db.session.get_one(Body, getattr(cast, key)) for key in ("committee", "ofsted", "cqc")}
    review = (plan_review if planned else open_review)(
        title=f"Inquiry {word(name + ' title')}",
        reason=f"Because {word(name + ' reason')}",
        in_scope=word(name + " scope"),
        place=db.session.get_one(Place, cast.wide_place),
        place_on=TODAY,
        method_key="council-task-and-finish",
        lead=bodies["committee"],
        partners=[bodies["ofsted"]],
        observers=[bodies["cqc"]] if name == "announced" else [],
        starts_on=TODAY,
        announced_on=announced_on,
        by=acting("officer"),
        at=NOW,
    )
    scene.references[name] = review.reference
    _named(cast, review)
    return review


def _drafted(review: Review, name: str, items: dict[str, int]) -> dict[str, EvidenceRequest]:
    """A draft to every agency of the place, by name; those named in `items` ask so many questions of our own."""
    by = acting("officer")
    drafts = {draft.agency.name: draft for draft in requests.draft_requests(review, by=by, at=NOW)}
    names = {
        "police": "Loamshire Police",
        "fire": "Loamshire Fire and Rescue",
        "east": "East Loamshire Integrated Care Board",
        "county": "Loamshire County Council",
    }
    found = {key: drafts[full] for key, full in names.items()}
    for key, draft in found.items():
        drafting.revise_message(draft, f"Dear all, {word(f'{name} {key} message')}", seen=None, by=by, at=NOW)
    for key, count in items.items():
        _replace_items(found[key], f"{name} {key}", count)
    return found


def _replace_items(request: EvidenceRequest, name: str, count: int) -> None:
    """Questions of our own in place of the method's; the first carries a word."""
    by = acting("officer")
    for item in list(request.items):
        request.items.remove(item)
        db.session.delete(item)
    db.session.flush()
    for number in range(count):
        question = add_question(
            request.review,
            line=request.review.lines[0],
            title=f"{word(name + ' asked') if not number else 'Numbers'} {number}",
            text=f"Tell us {number}",
            kind="any",
            why="To know",
            period="",
            standard_key="",
            marking="open",
            by=by,
            at=NOW,
        )
        drafting.add_item(request, question, by=by, at=NOW)


def _answer(item: Item, name: str, *, who: str = "fire_responder", marking: str = "open", send: bool = True) -> Lodging:
    """An answer whose text carries a word; sent unless said otherwise. Its marking is set as its agency would."""
    by = acting(who)
    ground = word(name + " ground") if marking == "exempt" else ""
    typed = answering.Typed(text=f"We write {word(name)} here", marking="open")
    lodging = answering.keep_answer(item, typed, by=by, at=NOW).lodging
    if send:
        answering.submit_item(item, by=by, at=NOW)
    lodging.marking, lodging.exempt_ground = marking, ground
    return lodging


def _with_files(scene: Scene, item: Item, name: str, marking: str) -> Lodging:
    """An answer of the fire service with a table and a PDF, whose names carry words of their own."""
    by = acting("fire_responder")
    lodging = answering.keep_answer(item, answering.Typed(text=f"We write {word(name)} here"), by=by, at=NOW).lodging
    blank = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(blank)
    for suffix, content in (
        ("csv", f"area,people\n{word(name + ' cell')},{MARKINGS.index(marking)}\n".encode()),
        ("pdf", blank.getvalue() + b"\n" * MARKINGS.index(marking)),
    ):
        file = add_file(lodging.evidence, name=f"{word(f'{name} {suffix}')}.{suffix}", content=content, by=by, at=NOW)
        file.marking = marking
        scene.files[file.id] = word(f"{name} {suffix}")
    answering.submit_item(item, by=by, at=NOW)
    lodging.marking = marking
    lodging.exempt_ground = word(name + " ground") if marking == "exempt" else ""
    db.session.flush()
    return lodging


def _announced(cast: SimpleNamespace, scene: Scene) -> None:
    """Announced and under way: every state of an item, every marking, findings at every step."""
    officer, inspector = acting("officer"), acting("inspector")
    review = _begun(cast, scene, "announced", TODAY)
    drafts = _drafted(review, "announced", {"police": 6, "fire": 6})
    drafting.drop_request(drafts["county"], why=word("announced county dropped"), by=officer, at=NOW)
    meetings = _meeting([drafts["police"], drafts["fire"]], "announced meeting", TODAY + timedelta(days=40))
    issue_and_deliver(review, [drafts["police"], drafts["fire"]], by=officer, at=NOW)
    attendance.say_attends(meetings[0], "asked", word("police comes"), by=acting("responder"), at=NOW)
    _police(drafts["police"], scene)
    lodgings = {
        marking: _with_files(scene, drafts["fire"].items[n], f"announced {marking}", marking)
        for n, marking in enumerate(MARKINGS)
    }
    _fire(drafts["fire"])
    attendance.say_attends(meetings[1], "another", word("fire comes"), by=acting("fire_responder"), at=NOW)
    answering.submit_item(meetings[1], by=acting("fire_responder"), at=NOW)
    sent = word("announced letter file").encode()
    db.session.add(
        LetterAttachment(
            reference=review.plain,
            sha256=fitted.files().keep(sent).sha256,
            name="terms.txt",
            media_type="text/plain",
            size=len(sent),
            marking="open",
            added_by=officer.reference,
            added_at=NOW,
        )
    )
    db.session.add(
        Grant(
            lodging_id=lodgings["confidential"].id,
            person_id=inspector.person,
            why=word("announced grant"),
            given_by=officer.reference,
            given_at=NOW,
        )
    )
    db.session.flush()
    db.session.add(
        Question(
            review_id=review.id,
            line_id=review.lines[0].id,
            title="A question",
            text=word("announced proposed question"),
            proposed_by=acting("councillor").reference,
            state="proposed",
        )
    )
    _findings(review, lodgings)
    notes.keep_note(review, word("announced note"), lodging=lodgings["open"], by=inspector, at=NOW)
    report = reports.begin_report(review)
    reports.write_summary(report, word("announced summary"), by=officer, at=NOW)
    db.session.add(
        ReviewDraft(
            body_id=cast.committee, answers={"scope": {"title": word("wizard title")}}, made_by=officer.reference, saved_at=NOW
        )
    )
    alerts.ask_for_alert(f"{word('alert')}@example.org", "place:E07900002", NOW, named="Barrow End")
    db.session.scalars(select(Alert)).one().confirmed_at = NOW
    people = f"name,email,body,role\n{word('people list')},new@example.org,ofsted,inspector\n"
    people_register.keep_list(people.encode(), "people.csv", by=acting("administrator"), at=NOW)
    text = next((PROJECT_ROOT / "config" / "methods").glob("call-in-*.toml")).read_text(encoding="utf-8")
    for key, said in (("title", word("method text")), ("version", "2099.1")):
        text = re.sub(rf"(?m)^{key} = .*$", f'{key} = "{said}"', text, count=1)
    rules.keep_method_text(text.encode(), "call-in.toml", by=acting("administrator"), at=NOW)
    for said in ("statement before", "statement now"):
        statements.write_statement("press", word(said), seen=None, by=acting("administrator"), at=NOW)
    rules.keep_list(official_list(), f"{word('holiday list')}.json", by=acting("administrator"), at=NOW)
    last = review.phases[-1]
    wish = moving.Wish(last.key, last.starts_on, last.ends_on + timedelta(days=7))
    seen = mark_of(moving.preview(review, wish, by=officer, at=NOW))
    moving.move(review, wish, why=word("announced moved"), seen=seen, by=officer, at=NOW)


def _meeting(asked: list[EvidenceRequest], name: str, held_on: date, answer_by: date | None = None) -> list[Item]:
    """A meeting the agencies of these drafts are asked to attend, with a word in each of its facts."""
    review = asked[0].review
    meeting = attending.Asked(
        held_on=held_on,
        place=word(f"{name} place"),
        about=word(f"{name} about"),
        begins="10:30am",
        whom=word(f"{name} whom"),
        why=word(f"{name} why"),
        answer_by=answer_by,
    )
    agencies = [request.agency for request in asked]
    return attending.ask_to_attend(review, agencies, meeting, line=review.lines[0], by=acting("officer"), at=NOW)


def _police(request: EvidenceRequest, scene: Scene) -> None:
    """One item in each state that is the agency's own business, and each that is not."""
    by, items = acting("responder"), request.items
    for number, name in enumerate(("police draft", "police certify", "police back")):
        states.kept(scene, items[number], name, who="responder")
    for number in (1, 2):
        answering.send_to_certifier([items[number]], by=by, at=NOW)
    answering.send_back(items[2], word("police back why"), by=acting("certifier"), at=NOW)
    delegation.hand_items([items[0]], _person("colleague"), delegation.Terms(word("police handing")), by=by, at=NOW)
    answering.say_not_held(items[3], word("police not held"), by=by, at=NOW)
    answering.refuse_item(items[4], word("police refused"), by=by, at=NOW)
    answering.redirect_item(items[5], word("police redirected"), by=by, at=NOW)
    said = [answering.Decision(item) for item in items[3:6]]
    answering.decide(request, said, by=acting("certifier"), at=NOW)
    answering.ask_question(request, word("police question"), by=by, at=NOW)
    requests.reply(request, text=word("police reply"), by=acting("officer"), at=NOW)
    enter_start(request, "report_date", TODAY, how=word("police start"), by=acting("officer"), at=NOW)


def _fire(request: EvidenceRequest) -> None:
    """An answer returned, more time asked for and refused."""
    by, officer = acting("fire_responder"), acting("officer")
    _answer(request.items[4], "fire returned")
    requests.return_item(request.items[4], why=word("fire returned why"), by=officer, at=NOW)
    until = TODAY + timedelta(days=90)
    extension = answering.ask_extension(request, until, word("fire extension"), item=request.items[5], by=by, at=NOW)
    requests.decide_extension(extension, grant=False, decision=word("fire extension refused"), by=officer, at=NOW)
    proposed = Escalation(
        request=request,
        agency=request.agency,
        state="proposed",
        rung="chair",
        title="The chair’s letter",
        letter="chairs_letter",
        to=["contact"],
        reached_on=TODAY,
        made_at=NOW,
        rows=[EscalationItem(item=request.items[0])],
    )
    db.session.add(proposed)
    chasing.set_aside(proposed, why=word("announced set aside"), by=officer, at=NOW)


def _person(who: str) -> Person:
    """One of the cast."""
    return db.session.get_one(Person, acting(who).person)


def _finding(review: Review, name: str, lodgings: list[Lodging], *, state: str = "settled") -> Finding:
    """A finding quoting what it rests on, brought to a state."""
    by = acting("inspector")
    made = findings.draft_finding(
        review,
        title=f"Title {word(name + ' title')}",
        text=f"Loamshire Fire and Rescue {word(name)}.",
        lines=[review.lines[0]],
        by=by,
        at=NOW,
    )
    for lodging in lodgings:
        citing.cite(made, lodging=lodging, quotation=lodging.evidence.text, by=by, at=NOW)
    if state != "drafted":
        findings.propose_finding(made, by=by, at=NOW)
    if state in ("settled", "withdrawn"):
        replying.waived(review, by=acting("officer"))
        findings.settle_finding(made, by=acting("officer"), at=NOW)
    if state == "withdrawn":
        findings.withdraw_finding(made, "Another finding says it", by=acting("officer"), at=NOW)
    return made


def _recommendation(review: Review, name: str, finding: Finding, *, propose: bool = True) -> Recommendation:
    """A recommendation to the fire service."""
    by = acting("inspector")
    fire = db.session.scalars(select(Agency).where(Agency.name == "Loamshire Fire and Rescue")).one()
    made = recommendations.draft_recommendation(
        review,
        text=f"Do {word(name)}.",
        measure=word(name + " measure"),
        done_by=date(2027, 3, 31),
        agency=fire,
        findings=[finding],
        by=by,
        at=NOW,
    )
    if propose:
        recommendations.move_recommendation(made, "propose", by=by, at=NOW)
    return made


def _findings(review: Review, lodgings: dict[str, Lodging]) -> None:
    """A draft, a proposed one that quotes what is confidential, a settled one, a withdrawn one; checked by the agency."""
    _finding(review, "announced finding drafted", [lodgings["open"]], state="drafted")
    _finding(review, "announced finding proposed", [lodgings["open"], lodgings["confidential"]], state="proposed")
    settled = _finding(review, "announced finding settled", [lodgings["exempt"]])
    _finding(review, "announced finding withdrawn", [lodgings["open"]], state="withdrawn")
    _recommendation(review, "announced recommendation drafted", settled, propose=False)
    _recommendation(review, "announced recommendation proposed", settled)
    (check,) = accuracy.start_accuracy_check(review, by=acting("officer"), at=NOW)
    extract = check.extracts[0]
    accuracy.offer_correction(
        extract,
        words=extract.text.split()[0],
        correction=word("correction"),
        grounds=word("correction grounds"),
        by=acting("fire_responder"),
        at=NOW,
    )
    dissenting.dissent(review, review.lead, text=word("announced dissent"), finding=settled, by=acting("councillor"), at=NOW)


def _hidden(cast: SimpleNamespace, scene: Scene) -> None:
    """Under way, and nobody outside may know of it but the agencies asked."""
    review = _begun(cast, scene, "hidden", None)
    invite_partner(review, db.session.get_one(Body, cast.cqc), by=acting("officer"), at=NOW)  # until it accepts it sees nothing
    drafts = _drafted(review, "hidden", {"police": 1, "fire": 1})
    _meeting([drafts["fire"]], "hidden meeting", TODAY + timedelta(days=20), answer_by=TODAY + timedelta(days=8))
    _meeting([drafts["police"]], "hidden draft meeting", TODAY + timedelta(days=21))
    issue_and_deliver(review, [drafts["fire"]], by=acting("officer"), at=NOW)
    lodging = _answer(drafts["fire"].items[0], "hidden open")
    settled = _finding(review, "hidden finding", [lodging])
    _recommendation(review, "hidden recommendation", settled)


def _planned(cast: SimpleNamespace, scene: Scene) -> None:
    """Entered to be opened later."""
    review = _begun(cast, scene, "planned", TODAY + timedelta(days=60), planned=True)
    _drafted(review, "planned", {"fire": 1})


def _withdrawn(cast: SimpleNamespace, scene: Scene) -> None:
    """Announced, asked, and then withdrawn: its reason is for those who were asked, and for its bodies."""
    review = _begun(cast, scene, "withdrawn", TODAY)
    drafts = _drafted(review, "withdrawn", {"fire": 1})
    issue_and_deliver(review, [drafts["fire"]], by=acting("officer"), at=NOW)
    withdrawing.withdraw_now(review, why=word("withdrawn why"), by=acting("officer"), at=NOW)


def _to_be_reported(cast: SimpleNamespace, scene: Scene) -> datetime:
    """Signed and on the schedule; beside what is public it holds what never will be."""
    officer = acting("officer")
    review = _begun(cast, scene, "reported", TODAY)
    drafts = _drafted(review, "reported", {"police": 1, "fire": 13})
    issue_and_deliver(review, [drafts["police"], drafts["fire"]], by=officer, at=NOW)
    items = drafts["fire"].items
    lodgings = {m: _with_files(scene, items[n], f"reported {m}", m) for n, m in enumerate(MARKINGS)}
    requests.accept_item(items[MARKINGS.index("open")], by=officer, at=NOW)
    _answer(items[4], "reported draft", send=False)
    states.before_release(scene, items[5:])
    _finding(review, "reported finding withdrawn", [lodgings["open"]], state="withdrawn")
    settled = _finding(review, "reported finding", [lodgings["open"]])
    _recommendation(review, "reported recommendation", settled)
    notes.keep_note(review, word("reported note"), by=acting("inspector"), at=NOW)
    dissenting.dissent(review, review.lead, text=word("reported dissent"), finding=settled, by=acting("councillor"), at=NOW)
    report = reports.begin_report(review)
    reports.write_summary(report, word("reported summary"), by=officer, at=NOW)
    signing.sign(review, review.lead, office="Chair", votes=(7, 2, 1), meeting_on=TODAY, by=acting("chair"), at=NOW)
    story.schedule(report)
    return RELEASE


def _to_be_recalled(cast: SimpleNamespace, scene: Scene) -> None:
    """Signed and on the schedule too: it goes out, and is withdrawn."""
    officer = acting("officer")
    review = _begun(cast, scene, "recalled", TODAY)
    drafts = _drafted(review, "recalled", {"fire": 1})
    issue_and_deliver(review, [drafts["fire"]], by=officer, at=NOW)
    lodging = states.sent(scene, drafts["fire"].items[0], "recalled answer")
    requests.accept_item(drafts["fire"].items[0], by=officer, at=NOW)
    settled = _finding(review, "recalled finding", [lodging])
    _recommendation(review, "recalled recommendation", settled)
    report = reports.begin_report(review)
    reports.write_summary(report, word("recalled summary"), by=officer, at=NOW)
    signing.sign(review, review.lead, office="Chair", votes=(7, 2, 1), meeting_on=TODAY, by=acting("chair"), at=NOW)
    story.schedule(report)


def _after_release(scene: Scene) -> None:
    """An error reported by a reader, a response by the agency, and a correction being prepared."""
    report = report_called(scene.references["reported"])
    assert report is not None
    edition = report.editions[-1]
    assert edition.state == "released", edition.fault
    reports.report_error(
        edition,
        where=word("error where"),
        text=word("error text"),
        address=f"{word('error address')}@example.org",
        by=acting("stranger"),
        at=LATER,
    )
    for asked in db.session.scalars(select(EvidenceRequest).where(EvidenceRequest.review_id == report.review_id)):
        _in_the_register(asked)
    made = db.session.scalars(select(Recommendation).where(Recommendation.review_id == report.review_id)).one()
    by = acting("fire_responder")
    recommendations.respond(made.addressees[0], "accept", response=word("reported response"), by=by, at=LATER)
    recommendations.return_progress(
        made.addressees[0], status="on-track", text=word("reported progress"), new_date=None, by=by, at=LATER
    )
    again = reports.correct(report, word("correction of report"), by=acting("officer"), at=LATER)
    assert again.state == "drafted"
    reports.write_summary(report, word("summary corrected"), by=acting("officer"), at=LATER)


def _in_the_register(request: EvidenceRequest) -> None:
    """The fire service's silence is published; the police have only been told that theirs will be."""
    states = {"Loamshire Police": ("noticed", "told"), "Loamshire Fire and Rescue": ("published", "published")}
    if request.state == "issued" and request.agency.name in states:
        state, name = states[request.agency.name]
        entry = RegisterEntry(
            request=request,
            state=state,
            words=word(f"register {name}"),
            reply=word(f"register {name} reply"),
            items=[{"id": request.items[0].id, "reference": "", "title": "", "due_on": "", "statutory_due_on": ""}],
            reply_until=TODAY,
            noticed_by=acting("officer").reference,
            noticed_at=NOW,
            published_on=TODAY if state == "published" else None,
            received_on=TODAY if state == "published" else None,
        )
        db.session.add(entry)
        db.session.flush()
        if name == "told":
            line_approvals.send_line(entry, word("police line"), by=acting("responder"), at=LATER)
            (waiting,) = approvals.to_do(request.agency_id)
            approving.send_back(waiting, word("police line why"), by=acting("certifier"), at=LATER)
