"""Deeds of this room: draft, revise, add files, mark, lodge, grant, summarise, make public, take back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext, lazy_gettext
from sqlalchemy import func, select

from scrutiny.accounts.models import Person
from scrutiny.adapters import fitted
from scrutiny.agencies.models import Agency
from scrutiny.approving.service import check_approved
from scrutiny.audit.sealed_words import changed_words, digest_of
from scrutiny.audit.service import digest, note
from scrutiny.bodies.queries import capacities_of
from scrutiny.evidence import letters, queries
from scrutiny.evidence.access import governing
from scrutiny.evidence.figures import faults_in
from scrutiny.evidence.markings import NAMED_ONLY, STRICTNESS, stricter
from scrutiny.evidence.models import Evidence, EvidenceFile, Grant, Lodging
from scrutiny.extensions import db
from scrutiny.file_reading.file_warnings import as_text
from scrutiny.formats import LONDON, london_day, sentences
from scrutiny.reviews.conflicts import check_not_own
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import bodies_taking_part
from scrutiny.stored_files import stored
from scrutiny.stored_files.intake import Received
from scrutiny.stored_files.models import StoredFile
from workflows.refusals import Refused
from workflows.roles import CHAIR, COUNCILLOR, Actor

#: Characters of a written answer.
LONGEST = 50_000
NO_GROUND = lazy_gettext("Say which paragraph of Schedule 12A applies, and why secrecy serves the public better here")


def lodge_draft(
    *,
    agency: Agency,
    review: Review,
    title: str,
    text: str = "",
    figures: str = "",
    as_at: date | None = None,
    period: str = "",
    marking: str = "open",
    exempt_ground: str = "",
    by: Actor,
    at: datetime,
) -> Lodging:
    """New evidence of an agency, meant for a review and not sent yet: only the agency itself sees it."""
    evidence = Evidence(agency=agency, title=title[:300], made_by=by.reference, made_at=at)
    lodging = Lodging(evidence=evidence, review=review)
    _write(lodging, text, figures, as_at, period, marking, exempt_ground)
    db.session.add(lodging)
    db.session.flush()
    _noted("evidence_drafted", lodging, by, at, content=evidence.digest, marking=marking)
    return lodging


def lodge_again(evidence: Evidence, review: Review, *, marking: str, exempt_ground: str = "", by: Actor, at: datetime) -> Lodging:
    """The same evidence before another review: a pointer, nothing copied; not sent yet. An existing one is given back."""
    held = queries.lodging_in(evidence, review)
    if held is not None:
        return held
    evidence.check_unchanged()
    _check_marking(review, marking)
    lodging = Lodging(evidence=evidence, review=review, marking=marking, exempt_ground=exempt_ground)
    db.session.add(lodging)
    db.session.flush()
    _noted("evidence_drafted", lodging, by, at, content=evidence.digest, marking=marking, reused=True)
    return lodging


def may_revise(lodging: Lodging) -> bool:
    """Whether its words may still change: it is not sent, and is before no other review."""
    return lodging.lodged_at is None and len(queries.lodgings_of(lodging.evidence)) == 1


def revise(
    lodging: Lodging,
    *,
    text: str,
    figures: str = "",
    as_at: date | None = None,
    period: str = "",
    marking: str = "open",
    exempt_ground: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """Change a draft; what was sent never changes, so that a citation of it holds."""
    if not may_revise(lodging):
        raise Refused(gettext("This has been sent already and can no longer change: begin a new answer instead"))
    before = lodging.evidence.digest
    _write(lodging, text, figures, as_at, period, marking, exempt_ground)
    _keep_until(lodging, at)
    db.session.flush()
    _noted("evidence_revised", lodging, by, at, content=lodging.evidence.digest, content_before=before, marking=marking)


def copy_draft(lodging: Lodging, *, by: Actor, at: datetime) -> Lodging:
    """A new draft that begins as what was sent before, its files too: for an answer that was returned for more."""
    old = lodging.evidence
    old.check_unchanged()
    fresh = lodge_draft(
        agency=old.keeper or old.agency,
        review=lodging.review,
        title=old.title,
        text=old.text,
        figures=old.figures,
        as_at=old.as_at,
        period=old.period,
        marking=lodging.marking,
        exempt_ground=lodging.exempt_ground,
        by=by,
        at=at,
    )
    for file in old.files:
        if file.erased_at is None:
            names = ("stored", "name", "marking", "role", "warnings_kept")
            _use(fresh.evidence, EvidenceFile(**{name: getattr(file, name) for name in names}), by, at)
    _keep_until(fresh, at)
    db.session.flush()
    return fresh


def add_received(
    evidence: Evidence, received: Received, *, marking: str = "open", role: str = "original", by: Actor, at: datetime
) -> EvidenceFile:
    """Add a file whose bytes were inspected and kept before this transaction began."""
    _check_unsent(evidence)
    enter_received(received, at=at)
    same = next((f for f in evidence.files if f.sha256 == received.sha256 and f.erased_at is None), None)
    if same is not None:
        raise Refused(
            gettext(
                "“%(received)s” is here already, as “%(same)s”: the two are the same file", received=received.name, same=same.name
            )
        )
    for lodging in queries.lodgings_of(evidence):
        _check_marking(lodging.review, marking)
    held = db.session.get_one(StoredFile, received.sha256)
    use = EvidenceFile(stored=held, name=received.name, marking=marking, role=role, warnings_kept=as_text(received.warnings))
    file = _use(evidence, use, by, at)
    for lodging in queries.lodgings_of(evidence):
        _keep_until(lodging, at)
    db.session.flush()
    note("file_added", about=evidence.reference, by=by, at=at, file=file.id, sha256=file.sha256, marking=marking)
    return file


def enter_received(received: Received, *, at: datetime) -> StoredFile:
    """The row of the bytes of a file that was received, looked for again: whoever removes bytes waits for this to end."""
    row = stored.enter(
        received.sha256, size=received.size, media_type=received.media_type, pages=received.pages, scan=received.scan, at=at
    )
    if not fitted.files().exists(received.sha256):
        raise Refused(gettext("“%(received)s” did not arrive whole: choose it again and save", received=received.name))
    return row


def remove_file(file: EvidenceFile, *, by: Actor, at: datetime) -> None:
    """Take a file out of evidence that is not sent yet; the night's job drops bytes that nothing uses."""
    _check_unsent(file.evidence)
    if db.session.scalar(select(func.count()).where(EvidenceFile.version_of == file.id)):
        raise Refused(gettext("Another file here is a copy of this one: remove that first"))
    evidence, sha256 = file.evidence, file.sha256
    evidence.files.remove(file)
    db.session.delete(file)
    db.session.flush()
    note("file_removed", about=evidence.reference, by=by, at=at, file=file.id, sha256=sha256)


def look_at(file: EvidenceFile, *, by: Actor, at: datetime) -> None:
    """Somebody has looked at what is hidden in a file, and lets it go as it is."""
    if not file.is_looked_at:
        file.looked_by, file.looked_at = by.reference, at
        db.session.flush()
        note("file_looked_at", about=file.evidence.reference, by=by, at=at, file=file.id, sha256=file.sha256)


def check_ready(lodging: Lodging) -> None:
    """Refuse, in words, what could not be sent as it stands: see `faults_of`."""
    _check_marking(lodging.review, lodging.marking)
    faults = faults_of(lodging)
    if faults:
        raise Refused(sentences(sentence for _, sentence in faults).removesuffix("."))


def faults_of(lodging: Lodging) -> list[tuple[str, str]]:
    """What keeps a draft from being sent, as (field, sentence): a draft holds whatever was typed, and is checked only then."""
    evidence = lodging.evidence
    found: list[tuple[str, str]] = [("text", changed_words())] if evidence.are_changed else []
    if any(one.withheld_at is not None for one in queries.lodgings_of(evidence)):
        found.append(("text", gettext("Your agency has reported this answer as wrong: write a new one")))
    if not (evidence.text.strip() or evidence.figures.strip() or any(f.erased_at is None for f in evidence.files)):
        found.append(("text", gettext("There is nothing in this answer yet: write it, give figures or add a file")))
    if len(evidence.text) > LONGEST:
        found.append(("text", gettext("Use %(most)s characters or fewer, or send the text as a file", most=LONGEST)))
    if faults := faults_in(evidence.figures):
        found.append(("figures", sentences(faults[:5]).removesuffix(".")))
    if lodging.marking == "exempt" and not lodging.exempt_ground.strip():
        found.append(("exempt_ground", str(NO_GROUND)))
    return found


def lodge(lodging: Lodging, *, by: Actor, at: datetime) -> None:
    """Send a draft to the bodies of the review: from now on it cannot change."""
    if lodging.lodged_at is not None:
        return
    check_ready(lodging)
    lodging.lodged_at = at
    _keep_until(lodging, at)
    db.session.flush()
    evidence = lodging.evidence
    _noted("evidence_lodged", lodging, by, at, content=evidence.digest, marking=lodging.marking, files=_digests(evidence))


def forget_draft(lodging: Lodging, *, by: Actor, at: datetime) -> None:
    """Drop a draft that was never sent; its evidence and files go too unless it is before another review."""
    if lodging.lodged_at is not None:
        raise Refused(gettext("This has been sent already and stays"))
    evidence, last = lodging.evidence, may_revise(lodging)
    _noted("draft_forgotten", lodging, by, at, content=evidence.digest)
    db.session.delete(lodging)
    if last:
        for file in evidence.files:
            db.session.delete(file)
        db.session.flush()
        db.session.delete(evidence)
    db.session.flush()


def mark(lodging: Lodging, marking: str, *, exempt_ground: str = "", by: Actor, at: datetime) -> None:
    """Change who may see something; once sent, its agency or the lead may only make it stricter, never freer."""
    check_owner(lodging, by, at)
    _check_marking(lodging.review, marking)
    _check_ground(marking, exempt_ground)
    freer = STRICTNESS.index(marking) < STRICTNESS.index(lodging.marking)
    own = lodging.evidence.is_of(by.agency)
    if lodging.lodged_at is not None and freer and not own:
        raise Refused(gettext("Only the agency that gave this may let more people see it: ask the agency to change the marking"))
    if marking != "open":
        lodging.public_from = None  # at once, whatever published it: files, API, exports and searches follow the row
    if marking == NAMED_ONLY:
        for given in queries.grants_of(lodging):
            end_grant(given, by=by, at=at)  # it opens nothing any more: only those named for the review see it
    before, lodging.marking, lodging.exempt_ground = lodging.marking, marking, exempt_ground if marking == "exempt" else ""
    _keep_until(lodging, at)
    db.session.flush()
    note("evidence_marked", about=_about(lodging), within=_within(lodging), by=by, at=at, before=before, after=marking)


def mark_file(file: EvidenceFile, marking: str, *, by: Actor, at: datetime) -> None:
    """Change the marking of one file that is not sent yet."""
    _check_unsent(file.evidence)
    before, file.marking = file.marking, marking
    for lodging in queries.lodgings_of(file.evidence):
        _check_marking(lodging.review, marking)
        _keep_until(lodging, at)
    db.session.flush()
    note("file_marked", about=file.evidence.reference, by=by, at=at, before=before, after=marking, file=file.id)


def holdable(review: Review, marking: str) -> str:
    """A marking, or the strictest that a review may hold where its method lets it hold nothing personal."""
    return "confidential" if marking == "personal" and not queries.may_hold_personal(review) else marking


def restrict_file(file: EvidenceFile, marking: str, *, by: Actor, at: datetime) -> None:
    """Let a file be seen by nobody who may not see a copy of it that was made stricter; sent or not."""
    lodgings = queries.lodgings_of(file.evidence)
    for lodging in lodgings:
        marking = holdable(lodging.review, marking)
    before, file.marking = file.marking, stricter(file.marking, marking)
    if file.marking != before:
        for lodging in lodgings:
            _keep_until(lodging, at)
        db.session.flush()
        note("file_marked", about=file.evidence.reference, by=by, at=at, before=before, after=file.marking, file=file.id)


def grant(lodging: Lodging, person: Person, why: str, *, by: Actor, at: datetime) -> Grant:
    """Let a named person of a partner body see something confidential, where the method allows it."""
    check_owner(lodging, by, at)
    if not needs_grant(lodging):
        raise Refused(
            gettext("Only the people named for this review may see this: name them on the page “Named readers” of the review")
            if lodging.marking == NAMED_ONLY or any(file.marking == NAMED_ONLY for file in lodging.evidence.files)
            else gettext("Everybody of the bodies of this review may see this already: no grant is needed")
        )
    if not queries.may_hold_personal(lodging.review):
        raise Refused(gettext("The method of this review does not let anybody be granted confidential material"))
    if not why.strip():
        raise Refused(gettext("Say why this person needs to see it"))
    _check_grantee(lodging.review, person, london_day(at))
    held = db.session.scalar(select(Grant).where(Grant.lodging_id == lodging.id, Grant.person_id == person.id))
    given = held or Grant(lodging_id=lodging.id, person_id=person.id)
    given.why, given.given_by, given.given_at, given.ended_at = why.strip(), by.reference, at, None
    db.session.add(given)
    db.session.flush()
    _noted("evidence_granted", lodging, by, at, person=person.id, why=digest(why.strip()))
    return given


def needs_grant(lodging: Lodging) -> bool:
    """Whether there is anything here that a grant opens to a partner body: the answer, or a file of it, is confidential."""
    return "confidential" in (lodging.marking, *(governing(file, lodging) for file in lodging.evidence.files))


def end_grant(given: Grant, *, by: Actor, at: datetime) -> None:
    """From now on the person sees it no longer."""
    check_owner(db.session.get_one(Lodging, given.lodging_id), by, at)
    if given.ended_at is None:
        given.ended_at = at
        db.session.flush()
        note("evidence_grant_ended", about=f"lodging:{given.lodging_id}", by=by, at=at, person=given.person_id)


def summarise(lodging: Lodging, summary: str, *, by: Actor, at: datetime) -> int:
    """Write what the public may be told of something not open, and ask its agency; how many people there were written to.

    It counts once the agency agrees.
    """
    check_owner(lodging, by, at)
    if not summary.strip():
        raise Refused(gettext("Write what the public may be told of this"))
    lodging.public_summary, lodging.summary_agreed_at = summary.strip(), None
    db.session.flush()
    _noted("summary_written", lodging, by, at, summary=digest(summary.strip()))
    return letters.summary_wanted(lodging, at=at)


def check_summary(lodging: Lodging, *, by: Actor) -> None:
    """Refuse to agree to what another agency gave, or to nothing."""
    if not lodging.evidence.is_of(by.agency):
        raise Refused(gettext("Only the agency that gave this may agree what the public is told of it"))
    if not lodging.public_summary:
        raise Refused(gettext("There is no summary to agree to yet"))


def agree_summary(lodging: Lodging, *, by: Actor, at: datetime) -> None:
    """The agency agrees that the summary may be published."""
    check_summary(lodging, by=by)
    check_approved(by.agency or 0, by=by, at=at)
    lodging.summary_agreed_at = at
    db.session.flush()
    _noted("summary_agreed", lodging, by, at, summary=digest(lodging.public_summary))
    letters.summary_agreed(lodging, at=at)


def make_public(lodgings: list[Lodging], *, by: Actor, at: datetime) -> None:
    """Write down that a report has released these; only what is marked open and lodged becomes public.

    A day set for later (`publish_from`) is brought forward: a report that is out rests on what can be read.
    """
    for lodging in lodgings:
        is_closed = lodging.public_from is None or lodging.public_from > at
        if lodging.may_come_out and lodging.lodged_at is not None and is_closed:
            lodging.public_from = at
            _noted("evidence_published", lodging, by, at, content=lodging.evidence.digest)
    db.session.flush()


def publish_from(lodgings: list[Lodging], on: date, *, by: Actor, at: datetime) -> None:
    """Write on each lodging the London day from which the public may see it; only what is marked open and lodged."""
    begins = datetime.combine(on, time(), LONDON)
    for lodging in lodgings:
        if lodging.may_come_out and lodging.lodged_at is not None and lodging.public_from is None:
            lodging.public_from = begins
            _noted("evidence_to_be_published", lodging, by, at, content=lodging.evidence.digest, on=on.isoformat())
    db.session.flush()


def take_back(lodging: Lodging, why: str, *, by: Actor, at: datetime) -> None:
    """Take something back from the public, or from the day it would be public: from now on only those of the review see it."""
    if not why.strip():
        raise Refused(gettext("Say why it must no longer be published"))
    if lodging.public_from is None:
        raise Refused(gettext("This is not public, and no day is set for it"))
    lodging.public_from = None
    db.session.flush()
    _noted("evidence_taken_back", lodging, by, at, why=digest(why.strip()))


def hold_back(lodging: Lodging, *, at: datetime) -> None:
    """Let no list and no report publish it again until its agency says that they may."""
    lodging.held_back_at = at
    db.session.flush()


def check_held_back(lodging: Lodging, *, by: Actor) -> None:
    """Refuse to let come out what another agency gave, or what was not taken back."""
    if not lodging.evidence.is_of(by.agency):
        raise Refused(gettext("Only the agency that gave this may allow it to be published again"))
    if lodging.held_back_at is None:
        raise Refused(gettext("This has not been kept back from the public"))


def allow_out(lodging: Lodging, *, by: Actor, at: datetime) -> None:
    """What was taken back may come out again, with the next list or report; only its agency may say so."""
    check_held_back(lodging, by=by)
    check_approved(by.agency or 0, by=by, at=at)
    lodging.held_back_at = None
    db.session.flush()
    _noted("evidence_may_come_out", lodging, by, at)


def count_from_report(review: Review, *, reported_on: date, by: Actor, at: datetime) -> None:
    """Once a review is reported, its personal files are kept so many days from that day, and no longer."""
    until = reported_on + timedelta(days=queries.kept_days(review))
    rows = select(EvidenceFile).join(Lodging, Lodging.evidence_id == EvidenceFile.evidence_id)
    rows = rows.where(Lodging.review_id == review.id, EvidenceFile.keep_until.is_not(None), EvidenceFile.erased_at.is_(None))
    for file in db.session.scalars(rows.order_by(EvidenceFile.id)):
        file.keep_until = until
    db.session.flush()
    note("retention_counted", about=f"review:{review.id}", within=f"review:{review.id}", by=by, at=at, until=until.isoformat())


def _write(lodging: Lodging, text: str, figures: str, as_at: date | None, period: str, marking: str, exempt_ground: str) -> None:
    """Put words and marking into a draft, with the digest a citation is pinned to."""
    _check_marking(lodging.review, marking)
    evidence = lodging.evidence
    evidence.text, evidence.figures, evidence.as_at, evidence.period = text, figures, as_at, period[:200]
    evidence.digest, evidence.erased_at, evidence.erased_why = digest_of(text, figures), None, ""
    lodging.marking = marking
    lodging.exempt_ground = exempt_ground if marking == "exempt" else ""


def check_owner(lodging: Lodging, by: Actor, at: datetime) -> None:
    """Nobody decides for a body on what an agency gave that they act for too; as the agency they may."""
    check_not_own(lodging.review, lodging.evidence.owners, by=by, at=at)


def _check_marking(review: Review, marking: str) -> None:
    """Personal material only where the method lets it be held."""
    if marking not in STRICTNESS:
        raise Refused(gettext("Say who may see this: choose one of the four answers"))
    if marking == "personal" and not queries.may_hold_personal(review):
        raise Refused(
            gettext(
                "This review may not hold anything in which people could be recognised. "
                "Take out names, addresses, dates of birth and small numbers, and send figures or a summary instead"
            )
        )


def _check_ground(marking: str, ground: str) -> None:
    """What is kept from the public needs its ground in law."""
    if marking == "exempt" and not ground.strip():
        raise Refused(str(NO_GROUND))


def _check_unsent(evidence: Evidence) -> None:
    """Files of what has been sent stay as they are."""
    if any(lodging.lodged_at is not None for lodging in queries.lodgings_of(evidence)):
        raise Refused(gettext("This has been sent already: its files can no longer change"))


def _check_grantee(review: Review, person: Person, on: date) -> None:
    """A grant is for somebody of a body with a part in the review who is no councillor."""
    taking_part = {f"body:{body.id}" for body in bodies_taking_part(review)}
    held = [one.roles for one in capacities_of(person.id, on) if one.reference in taking_part]
    roles = set().union(*held)
    if not roles:
        raise Refused(gettext("%(person)s belongs to no body of this review: choose somebody who does", person=person.name))
    if roles & {COUNCILLOR, CHAIR}:
        raise Refused(gettext("A councillor of a partner body may not see confidential material: choose an inspector or officer"))


def _use(evidence: Evidence, file: EvidenceFile, by: Actor, at: datetime) -> EvidenceFile:
    """One more use of stored bytes."""
    file.added_by, file.added_at = by.reference, at
    evidence.files.append(file)
    db.session.flush()
    return file


def _keep_until(lodging: Lodging, at: datetime) -> None:
    """The last day of each personal file: so long after the planned end, until the report gives the true day."""
    review = lodging.review
    for file in lodging.evidence.files:
        personal = "personal" in (file.marking, lodging.marking)
        if not personal:
            file.keep_until = None
        elif file.keep_until is None:
            ends = [phase.ends_on for phase in review.phases] + [london_day(review.reported_at or at)]
            file.keep_until = max(ends) + timedelta(days=queries.kept_days(review))


def _digests(evidence: Evidence) -> list[str]:
    """The digests of the files that are there."""
    return [file.sha256 for file in evidence.files if file.erased_at is None]


def _about(lodging: Lodging) -> str:
    """The plain reference of a lodging."""
    return f"lodging:{lodging.id}"


def _within(lodging: Lodging) -> str:
    """The plain reference of its review."""
    return f"review:{lodging.review_id}"


def _noted(event: str, lodging: Lodging, by: Actor, at: datetime, **fields: Any) -> None:
    """Note a deed about a lodging within its review."""
    note(event, about=_about(lodging), within=_within(lodging), by=by, at=at, **fields)
