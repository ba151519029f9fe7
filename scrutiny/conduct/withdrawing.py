"""Withdrawing a review with everything that hangs on it: drafts, requests and the report on its way; all concerned are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from types import SimpleNamespace

from flask_babel import gettext, ngettext

from scrutiny.asking import service as requests
from scrutiny.asking.letters import withdrawal_previews
from scrutiny.conduct import letters
from scrutiny.conduct.preview_token import check_seen
from scrutiny.editions.models import Edition
from scrutiny.editions.queries import ON_THE_WAY, report_of
from scrutiny.findings import queries as findings
from scrutiny.formats import day, listed, london_day, moment, number
from scrutiny.reports import service as reports
from scrutiny.reports import signing
from scrutiny.requests.letters import Preview
from scrutiny.requests.models import EvidenceRequest
from scrutiny.requests.queries import OPEN, requests_of
from scrutiny.reviews import service as reviews
from scrutiny.reviews.inviting import invitations_of, take_back
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import is_announced
from scrutiny.transaction import run_in_turn
from workflows.lifecycles.review import REVIEW
from workflows.refusals import Refused
from workflows.roles import Actor

DRAFT_WHY = "The review was withdrawn"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What withdrawing a review would do, in sentences; nothing is changed by looking."""

    reference: str
    version: int
    requests: tuple[str, ...]
    drafts: tuple[str, ...]
    closed: tuple[str, ...]
    report: str
    warning: str
    stays: tuple[str, ...]
    written_to: tuple[str, ...]


def preview(review: Review, *, at: datetime) -> Withdrawal:
    """What would happen if the review were withdrawn now; refused where it is over."""
    reviews.still_open(review)
    found = requests_of(review, "drafted", "issued", "closed")
    issued = [one for one in found if one.state == "issued"]
    took_part = dict.fromkeys(one.agency.name for one in found if one.state != "drafted")
    return Withdrawal(
        reference=review.reference,
        version=review.version,
        requests=tuple(f"{one.agency.name} ({one.reference}): {_open_of(one)}" for one in issued),
        drafts=tuple(f"{one.agency.name} ({one.reference})" for one in found if one.state == "drafted"),
        closed=tuple(f"{one.agency.name} ({one.reference}): {_came(one)}" for one in found if one.state == "closed"),
        report=_report(review),
        warning=_warning(review),
        stays=tuple(_stays(review, london_day(at))),
        written_to=(
            *took_part,
            *(body.name for body in letters.partners_of(review)),
            *(one.body.name for one in invitations_of(review) if one.state == "invited"),
        ),
    )


def example_letters(review: Review, *, at: datetime, public_url: str) -> list[Preview]:
    """The letters to the first agency with an open request, as the others read too; none where nothing is asked."""
    first = next(iter(requests_of(review, "issued")), None)
    return withdrawal_previews(first, at=at, public_url=public_url) if first is not None else []


def withdraw(review: Review, *, why: str, seen: str, by: Actor, at: datetime) -> str:
    """Withdraw a review as previewed: drafts dropped, requests and the report withdrawn, everybody concerned told why.

    Each request is a deed of its own, and the review comes last: however many were asked, others can save in between. Why
    one was refused, '' where none was: the review is then still open, and is withdrawn again for what is left.
    """
    if not why.strip():
        raise Refused(gettext("Say why the review is withdrawn: everybody who was asked is told"))
    check_seen(preview(review, at=at), seen)
    REVIEW.make("withdraw", SimpleNamespace(state=review.state), by=by)  # whoever may not is told before the first request
    each = [partial(_withdraw_request, one, why, by, at) for one in requests_of(review, "issued")]
    _, refused = run_in_turn([*each, partial(_withdraw_rest, review, why, by, at)])
    return refused


def withdraw_now(review: Review, *, why: str, by: Actor, at: datetime) -> Review:
    """The same in one transaction and without a preview, for stories that need none."""
    for request in requests_of(review, "issued"):
        _withdraw_request(request, why, by, at)
    _withdraw_rest(review, why, by, at)
    return review


def _withdraw_request(request: EvidenceRequest, why: str, by: Actor, at: datetime) -> None:
    """Withdraw a request with its review; one that was closed or withdrawn meanwhile is left as it is."""
    reviews.still_open(request.review)
    if request.state == "issued":
        requests.withdraw_with_review(request, why=why, by=by, at=at)


def _withdraw_rest(review: Review, why: str, by: Actor, at: datetime) -> None:
    """Withdraw the review itself, with what was not asked yet and what was to come of it."""
    for request in requests_of(review, "issued"):
        _withdraw_request(request, why, by, at)
    for invitation in invitations_of(review):
        if invitation.state == "invited":
            take_back(invitation, by=by, at=at)
    reviews.withdraw_review(review, why, by=by, at=at)
    letters.review_withdrawn_to_agencies(review, why.strip(), by=by, at=at)
    for request in requests_of(review, "drafted"):
        requests.drop_request(request, why=DRAFT_WHY, by=by, at=at)
    report = report_of(review.id)
    if report is not None:
        reports.withdraw(report, by=by, at=at)
    letters.review_withdrawn(review, why.strip(), by=by, at=at)


def _open_of(request: EvidenceRequest) -> str:
    """How much of a request is still open, and how much came."""
    still = sum(item.state in OPEN for item in request.items)
    came = sum(item.came_as == "submitted" for item in request.items)
    said = [ngettext("%(n)s item still open", "%(n)s items still open", still, n=number(still))]
    if came:
        said.append(ngettext("%(n)s answer kept", "%(n)s answers kept", came, n=number(came)))
    return ", ".join(said)


def _came(request: EvidenceRequest) -> str:
    """How much a closed request brought."""
    came = sum(item.came_as == "submitted" for item in request.items)
    return ngettext("closed, %(n)s answer kept", "closed, %(n)s answers kept", came, n=number(came))


def _warning(review: Review) -> str:
    """That a report is signed or on its way, which withdrawing stops for ever; '' where it is neither."""
    report = report_of(review.id)
    edition: Edition | None = report.editions[-1] if report else None
    if edition is not None and edition.state in ON_THE_WAY and edition.release_at is not None:
        return gettext(
            "A report of this review is to be published on %(release_at)s. Withdrawing the review stops it.",
            release_at=moment(edition.release_at),
        )
    signed = [row.body.name for row in signing.wanted(review) if row.signature is not None]
    return (
        gettext("The findings are signed by %(signed)s. Withdrawing the review stops their report.", signed=listed(signed))
        if signed
        else ""
    )


def _report(review: Review) -> str:
    """What becomes of the report that was begun, if one was."""
    report = report_of(review.id)
    edition: Edition | None = report.editions[-1] if report else None
    if edition is None:
        return ""
    if edition.state in ON_THE_WAY and edition.release_at is not None:
        return gettext(
            "Its report, which was to be published on %(release_at)s, will not be published.",
            release_at=moment(edition.release_at),
        )
    return gettext("Its draft report will not be published.")


def _stays(review: Review, today: date) -> list[str]:
    """What is kept, in sentences."""
    said = [gettext("What agencies have sent, and every letter, stays with the review, for those who may read it now.")]
    drafted = [one for one in findings.of_review(review.id) if one.state != "withdrawn"]
    if drafted:
        said.append(
            ngettext(
                "%(n)s finding and its citations stay as they are. No report is made of them.",
                "%(n)s findings and their citations stay as they are. No report is made of them.",
                len(drafted),
                n=number(len(drafted)),
            )
        )
    checks = [one for one in findings.checks_of_review(review.id) if one.answered_at is None]
    if checks:
        said.append(
            ngettext(
                "%(n)s accuracy check that an agency has not answered no longer waits for an answer.",
                "%(n)s accuracy checks that agencies have not answered no longer wait for an answer.",
                len(checks),
                n=number(len(checks)),
            )
        )
    if is_announced(review, today):
        said.append(gettext("The public page of the review says that it was withdrawn."))
    elif review.announced_on is not None:
        said.append(gettext("The review was to be announced on %(day)s, and will not be.", day=day(review.announced_on)))
    return said
