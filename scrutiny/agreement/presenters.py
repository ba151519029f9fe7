"""What pages say of agreement: which bodies agree and whom a finding waits for, and each answer with who gave it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy import select

from scrutiny.accounts.queries import names_of
from scrutiny.agreement.models import AGREED, COMMENTED, FindingAgreement
from scrutiny.agreement.status import Status, changes_since, is_joint, owner_of, statuses
from scrutiny.bodies.models import Body
from scrutiny.evidence.access import governing
from scrutiny.evidence.markings import GUARDED
from scrutiny.evidence.models import Lodging
from scrutiny.extensions import db
from scrutiny.findings.access import DRAFT_READERS, readable_in
from scrutiny.findings.models import Finding
from scrutiny.formats import listed, moment, sentences
from scrutiny.snapshots.changes import Change
from scrutiny.snapshots.signed_content import words_of
from scrutiny.word_changes import Piece
from workflows.lifecycles.finding import LEADERS
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Answer:
    """What one body said, in a sentence, and its comment where this reader may read it."""

    body: str
    words: str
    comment: str
    tone: str  # done, soon, waiting or quiet
    shape: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page says of one finding: a sentence, each body's answer, and whether this reader is asked for theirs."""

    sentence: str
    answers: tuple[Answer, ...]
    address: str
    is_asked: bool  # the reader speaks for a body that has not answered these words
    may_answer: bool
    body: str  # the reader's, where it is one that signs
    drafted: str  # by whom it was drafted, for which body and when


def shown(findings: Sequence[Finding], by: Actor) -> dict[int, Shown]:
    """What pages say of the agreement of each finding; nothing of drafts of which nobody has said anything."""
    joint = [finding for finding in findings if is_joint(finding.review)]
    names = names_of([finding.written_by for finding in joint])
    return {
        key: _shown(row, by, names.get(row.finding.written_by, ""))
        for key, row in statuses(joint).items()
        if row.rows or row.finding.state != "drafted"
    }


def _shown(status: Status, by: Actor, writer: str) -> Shown:
    """One finding."""
    finding, own = status.finding, status.of(by.body)
    may = own is not None and finding.state == "proposed" and by.has(*LEADERS)
    reads = by.has(*DRAFT_READERS)
    return Shown(
        sentence(status),
        tuple(answer(row.body, row.said or row.before, holds=row.said is not None, reads=reads) for row in status.bodies),
        f"/reviews/{finding.review.reference}/findings/{finding.number}/agreement",
        may and own is not None and own.said is None,
        may,
        own.body.name if own else "",
        _drafted(finding, writer),
    )


def _drafted(finding: Finding, name: str) -> str:
    """Who drafted a finding, for which body and when."""
    values = {"name": name, "body": owner_of(finding).name, "when": moment(finding.written_at)}
    if not name:
        return gettext("Drafted for %(body)s on %(when)s.", **values)
    return gettext("%(name)s drafted it for %(body)s on %(when)s.", **values)


def sentence(status: Status) -> str:
    """Which bodies agree with a finding as it stands, which do not yet, and whom it waits for."""
    if not status.rows and status.finding.state == "settled":
        return gettext("It was finalised before each body was asked whether it agrees.")
    agree = [row.body for row in status.bodies if row.agrees]
    against = [row.body for row in status.bodies if row.said is not None and not row.agrees]
    left = [row.body for row in status.bodies if row.said is None and row.before is not None]
    waits = [row.body for row in status.bodies if row.said is None]
    if status.is_agreed:
        return gettext("Every body agrees with it as it stands: %(names)s.", names=_names(agree))
    if status.finding.state == "settled":  # words it quotes may be erased since, and a body may have a successor
        return gettext("Every body agreed with it when it was finalised.")
    said = []
    if agree:
        said.append(
            ngettext(
                "%(names)s agrees with it as it stands.", "%(names)s agree with it as it stands.", len(agree), names=_names(agree)
            )
        )
    if against:
        said.append(ngettext("%(names)s does not agree yet.", "%(names)s do not agree yet.", len(against), names=_names(against)))
    if left:
        said.append(gettext("It has changed since %(names)s last answered.", names=_names(left)))
    if waits and status.finding.state == "proposed":
        said.append(gettext("It waits for %(names)s.", names=_names(waits)))
    return sentences(said)


def answer(body: Body, row: FindingAgreement | None, *, holds: bool, reads: bool) -> Answer:
    """What one body said, and whether that still counts."""
    if row is None:
        return Answer(body.name, gettext("Has not answered yet."), "", "waiting", "○")
    said = {"name": row.name, "when": moment(row.said_at)}
    if row.answer == AGREED:
        words = gettext("Agrees. %(name)s said so on %(when)s.", **said)
    elif row.answer == COMMENTED:
        words = gettext("Agrees, with a comment. %(name)s said so on %(when)s.", **said)
    else:
        words = gettext("Does not agree yet. %(name)s said so on %(when)s.", **said)
    if row.source:
        words = sentences([words, gettext("The body in the lead entered it. It is written here: %(source)s.", source=row.source)])
    comment = row.comment if reads else ""
    if not holds:
        words = sentences([words, gettext("The finding has changed since, so this no longer counts.")])
        return Answer(body.name, words, comment, "waiting", "○")
    return Answer(body.name, words, comment, "done" if row.agrees else "soon", "✓" if row.agrees else "◔")


def changes_to_show(row: FindingAgreement, finding: Finding, by: Actor, today: date) -> list[Change]:
    """What changed since an answer, word by word. Of citations only what this reader may read without a note in the trail is
    repeated: the page of the finding shows them the rest."""
    changes = changes_since(row, finding)
    if all(change.field != "citations" for change in changes):
        return changes
    before = [tuple(cited) for cited in row.words["citations"]]
    after = [tuple(cited) for cited in words_of(finding, finding.review)["citations"]]
    plain = _digests_read(finding, by, today)
    gone = [_quoted("out", cited, plain) for cited in before if cited not in after]
    come = [_quoted("in", cited, plain) for cited in after if cited not in before]
    return [replace(one, pieces=(*gone, *come)) if one.field == "citations" else one for one in changes]


def _quoted(kind: str, cited: tuple[Any, ...], plain: Collection[str]) -> Piece:
    """One citation that came or went, its quotation repeated only if what it is from has one of these digests."""
    return Piece(kind, f"“{cited[3]}”\n" if cited[0] in plain else gettext("a quotation that is not repeated here") + "\n")


def _digests_read(finding: Finding, by: Actor, today: date) -> set[str]:
    """The digests of the evidence of a review that somebody may read and that is neither confidential nor personal."""
    readable = readable_in(finding.review, by, today)
    rows = select(Lodging).where(Lodging.id.in_(readable.lodgings)).order_by(Lodging.id)
    found = set()
    for lodging in db.session.scalars(rows):
        if lodging.marking not in GUARDED:
            found.add(lodging.evidence.digest)
        for file in lodging.evidence.files:
            if (lodging.id, file.id) in readable.files and governing(file, lodging) not in GUARDED:
                found.add(file.sha256)
    return found


def _names(bodies: Sequence[Body]) -> str:
    """The names of bodies, as a sentence lists them."""
    return listed([body.name for body in bodies])
