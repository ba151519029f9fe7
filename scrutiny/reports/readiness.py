"""What keeps a report from coming out, and what has to be looked at by name before it does; each in a sentence with its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, ngettext

from scrutiny.editions import queries as editions
from scrutiny.editions.models import Report
from scrutiny.evidence import queries as evidence
from scrutiny.findings import queries as findings
from scrutiny.findings import right_of_reply
from scrutiny.formats import day, london_day, number
from scrutiny.reports import gather_review, polls, queries, signing
from scrutiny.requests import queries as requests
from scrutiny.reviews.inviting import bodies_lacking
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import method_of
from scrutiny.snapshots.signed_content import plain_of_snapshot
from scrutiny.snapshots.snapshot import read
from workflows.method import Method

#: The key by which methods name the phase whose place in the timetable the accuracy check of each agency takes.
CHECK = "accuracy-check"


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something that keeps a report back: a sentence without its full stop, and the page where it is put right."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Caution:
    """Something to be looked at by name before a report comes out; its key is kept with the name."""

    key: str
    words: str


def blockers(review: Review, report: Report | None, *, on: date) -> list[Blocker]:
    """Everything that keeps a review's report from coming out on a day."""
    return [
        *_too_few(review),
        *_unsettled(review),
        *_unheard(review, on),
        *_phases_that_hold(review, on),
        *_polls_that_hold(review, on),
        *(Blocker(words, f"/reviews/{review.reference}/sign-off") for words in signing.lacks_signatures(review)),
        *_not_for_the_public(review),
        *_unchanged(review, report, on),
        *_unseen(review, report, on),
    ]


def cautions(review: Review, *, on: date) -> list[Caution]:
    """What whoever schedules a report for a day has to have seen."""
    return [
        *_polls_that_warn(review, on),
        *_phases_that_warn(review, on),
        *_outstanding(review),
        *_changed_since_shown(review),
        *_dissents(review),
    ]


def _too_few(review: Review) -> Iterator[Blocker]:
    """Fewer bodies than the method needs: one has declined, has left or has not answered."""
    words = bodies_lacking(review)
    if words:
        yield Blocker(words.rstrip("."), f"/reviews/{review.reference}/people")


def _unsettled(review: Review) -> Iterator[Blocker]:
    """Findings and recommendations that nobody can sign yet, and corrections nobody has decided."""
    for one in signing.unready(review):
        yield Blocker(one.words, f"/reviews/{review.reference}/{one.page}")
    undecided = findings.corrections_undecided(review.id)
    if undecided:
        words = ngettext(
            "%(n)s correction offered by agencies must be decided",
            "%(n)s corrections offered by agencies must be decided",
            undecided,
            n=number(undecided),
        )
        yield Blocker(words, f"/reviews/{review.reference}/accuracy")


def _unheard(review: Review, on: date) -> Iterator[Blocker]:
    """Rights of reply that are missing or still run."""
    for reply in right_of_reply.replies(review, on):
        if reply.holds:
            yield Blocker(right_of_reply.in_words(reply), f"/reviews/{review.reference}/accuracy")


def _phases_that_hold(review: Review, on: date) -> Iterator[Blocker]:
    """Phases that the method marks as gates and that have not ended."""
    gates = {phase.key for phase in method_of(review.edition).phases if phase.gate}
    for phase in review.phases:
        if phase.key in gates and phase.ends_on >= on:
            words = gettext(
                "“%(phase)s” lasts until %(ends_on)s: the report cannot be published before it has ended",
                phase=phase.title,
                ends_on=day(phase.ends_on),
            )
            yield Blocker(words, f"/reviews/{review.reference}/timetable")


def _not_for_the_public(review: Review) -> Iterator[Blocker]:
    """Evidence that findings quote and that may not be published."""
    cited: dict[int, list[int]] = {}
    for finding in findings.of_review(review.id):
        for citation in finding.citations if finding.state == "settled" else ():
            cited.setdefault(citation.lodging_id, []).append(finding.number)
            if citation.file is not None and citation.file.marking != "open" and citation.lodging.marking == "open":
                yield Blocker(
                    gettext(
                        "Finding %(number)s quotes %(file)s, which is marked %(marking)s: cite a redacted version, or ask the "
                        "agency to open it",
                        number=finding.number,
                        file=citation.file.name,
                        marking=citation.file.marking,
                    ),
                    f"/reviews/{review.reference}/findings/{finding.number}",
                )
    for lodging in evidence.said_wrong(list(cited)):
        words = gettext(
            "Finding %(numbers)s quotes evidence that %(agency)s says should not have been sent: quote something else",
            numbers=", ".join(str(number) for number in sorted(set(cited[lodging.id]))),
            agency=lodging.evidence.agency.name,
        )
        yield Blocker(words, f"/reviews/{review.reference}/findings/{cited[lodging.id][0]}")
    for lodging in evidence.not_open(list(cited)):
        numbers = ", ".join(str(number) for number in sorted(set(cited[lodging.id])))
        waits = gettext("the agency has been asked to agree its public summary") if lodging.public_summary else ""
        kept = (
            gettext("is marked %(marking)s", marking=lodging.marking)
            if lodging.held_back_at is None
            else gettext("was removed from publication")
        )
        yield Blocker(
            gettext(
                "Finding %(numbers)s rests on '%(evidence)s' of %(agency)s, which %(kept)s: %(waits)s",
                numbers=numbers,
                evidence=lodging.evidence.title,
                agency=lodging.evidence.agency.name,
                kept=kept,
                waits=waits or gettext("agree a public summary with the agency, or do without it"),
            ),
            f"/evidence/{lodging.id}/summary",
        )


def _unchanged(review: Review, report: Report | None, on: date) -> Iterator[Blocker]:
    """A corrected edition that would say what the last one says."""
    last = editions.released_edition(report) if report else None
    if report is None or last is None or last.snapshot is None or report.editions[-1].state != "drafted":
        return
    draft = gather_review.draft_of(review, report.summary, today=on)
    if plain_of_snapshot(draft) == plain_of_snapshot(read(last.snapshot)):
        words = gettext(
            "Nothing has changed since edition %(number)s: change what is wrong, or give the correction up", number=last.number
        )
        yield Blocker(words, f"/reviews/{review.reference}/report")


def _unseen(review: Review, report: Report | None, on: date) -> Iterator[Blocker]:
    """Polls and dissent that became known since the report was scheduled, which nobody who runs the review has looked at."""
    if report is None or report.editions[-1].state != "scheduled":
        return
    seen = queries.acknowledged(review.id)
    for caution in _dissents(review):
        if caution.key not in seen:
            yield Blocker(
                gettext("%(caution)s: read it before the report is published", caution=caution.words),
                f"/reviews/{review.reference}/report",
            )
    release_at = report.editions[-1].release_at
    for caution in _polls_that_warn(review, london_day(release_at) if release_at else on):
        if caution.key not in seen:
            words = gettext("%(caution)s. Choose another day for the report", caution=caution.words)
            yield Blocker(words, f"/reviews/{review.reference}/report")


def _polls_that_hold(review: Review, on: date) -> Iterator[Blocker]:
    """Polls before which nothing may come out, by a rule that blocks."""
    for poll in polls.before_polls(review, on):
        if poll.holds:
            yield Blocker(poll.words, f"/reviews/{review.reference}/report")


def _polls_that_warn(review: Review, on: date) -> Iterator[Caution]:
    """Polls before which a report comes out only where somebody has looked at that by name."""
    for poll in polls.before_polls(review, on):
        if not poll.holds:
            yield Caution(poll.key, poll.words)


def _phases_that_warn(review: Review, on: date) -> Iterator[Caution]:
    """Phases before the accuracy check that have not ended by then."""
    method = method_of(review.edition)
    before = _before_the_check(method)
    for phase in review.phases:
        if phase.key in before and phase.ends_on >= on:
            yield Caution(
                f"phase:{phase.key}",
                gettext("“%(phase)s” lasts until %(ends_on)s", phase=phase.title, ends_on=day(phase.ends_on)),
            )


def _before_the_check(method: Method) -> set[str]:
    """The phases that lead up to the accuracy check and are no gates: those hold by themselves."""
    phases = {phase.key: phase for phase in method.phases}
    found: set[str] = set()
    key = phases[CHECK].after if CHECK in phases else ""
    while key in phases and key not in found:
        found.add(key)
        key = phases[key].after
    return {key for key in found if not phases[key].gate}


def _outstanding(review: Review) -> Iterator[Caution]:
    """Items that nobody has answered."""
    asked = [request for request in requests.requests_of(review) if request.is_asked and request.state == "issued"]
    open_items = sum(item.state in requests.OPEN or item.state == "with_certifier" for row in asked for item in row.items)
    if open_items:
        yield Caution(
            f"outstanding:{open_items}",
            ngettext(
                "%(n)s item that agencies were asked for is outstanding",
                "%(n)s items that agencies were asked for are outstanding",
                open_items,
                n=number(open_items),
            ),
        )


def _changed_since_shown(review: Review) -> Iterator[Caution]:
    """Findings whose text is not what an agency was shown, though it did not correct them."""
    checks = findings.checks_of_review(review.id)
    corrected = {
        extract.finding_id
        for check in checks
        for extract in check.extracts
        if any(correction.state in ("made", "made_in_part") for correction in extract.corrections)
    }
    for check in checks:
        for extract in check.extracts:
            finding = extract.finding
            if finding.state == "settled" and finding.text != extract.text and finding.id not in corrected:
                key = f"changed:{finding.number}:{check.agency_id}"
                yield Caution(
                    key,
                    gettext(
                        "Finding %(number)s has changed since %(agency)s was shown it",
                        number=finding.number,
                        agency=check.agency.name,
                    ),
                )


def _dissents(review: Review) -> Iterator[Caution]:
    """Everybody who dissents."""
    for row in queries.dissents_of(review.id):
        what = gettext("finding %(number)s", number=row.finding.number) if row.finding else gettext("the report as a whole")
        yield Caution(
            f"dissent:{row.id}",
            gettext("%(name)s, %(body)s, dissents from %(what)s", name=row.name, body=row.body.name, what=what),
        )
