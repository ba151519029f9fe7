"""What a report says in sentences, each composed from its snapshot: one function for a fact, for page, print and API alike."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext, ngettext

from scrutiny.findings.readiness import cell_words
from scrutiny.formats import day, full_stop, listed, percent, plain_day
from scrutiny.snapshots.snapshot import (
    CitationFacts,
    EvidenceFacts,
    FindingFacts,
    ReplyFacts,
    SignatoryFacts,
    Snapshot,
    VoteFacts,
)
from workflows.method import judgement_word as word_of_scale


def sections() -> list[tuple[str, str]]:
    """The sections of a report in their order, on its page and in print: where each stands, and its heading."""
    return [
        ("outcome", gettext("Outcome")),
        ("summary", gettext("Summary")),
        ("looked-at", gettext("What we looked at")),
        ("findings", gettext("Findings")),
        ("recommendations", gettext("Recommendations")),
        ("reply", gettext("Agencies’ right of reply")),
        ("sign-off", gettext("Sign-off and dissent")),
        ("place", gettext("The place")),
        ("how", gettext("How we worked")),
        ("evidence", gettext("Evidence")),
        ("check", gettext("How to check this report")),
    ]


def overall(report: Snapshot) -> list[FindingFacts]:
    """The finding that judges the whole place, where the method asks for one."""
    return [finding for finding in report.findings if finding.overall and finding.judgement]


def meanings(report: Snapshot) -> list[tuple[str, str]]:
    """What each judgement given to single findings means, in the words of the method."""
    given = {row.judgement: row.meaning for row in report.findings if row.judgement and row.meaning and not row.overall}
    return list(given.items())


def dissents_from(report: Snapshot, number: int | None) -> list[str]:
    """Who dissents from a finding, or (None) from the whole report."""
    return [
        gettext("%(name)s, %(body)s, dissents from the report as a whole.", name=row.name, body=row.body)
        if number is None
        else gettext("%(name)s, %(body)s, dissents from this finding.", name=row.name, body=row.body)
        for row in report.dissent
        if row.finding == number
    ]


def rule(key: str) -> str:
    """A method's rule of signing."""
    return {
        "all-partners": gettext("Every body of the review signs"),
        "named-signatories": gettext("The lead body signs, on behalf of all, with each partner's agreement"),
        "committee-vote": gettext("The committee votes, and its chair enters the vote"),
    }.get(key, key)


def judgement_word(scale: str = "") -> str:
    """What a finding's judgement is called, by the kind of its scale: an outcome, where the method gives outcomes."""
    return {"Outcome": gettext("Outcome"), "Judgement": gettext("Judgement")}[word_of_scale(scale)]


def authors(report: Snapshot) -> list[str]:
    """The bodies that signed the report, the lead first: whose report it is."""
    return [body.name for body in sorted(report.bodies, key=lambda body: body.part != "lead") if body.signed]


def took_part(report: Snapshot) -> list[str]:
    """The bodies that took part in the review and did not sign its report."""
    return [body.name for body in report.bodies if not body.signed and body.part != "observer"]


def without_signature(report: Snapshot) -> str:
    """Who took part and stands under no signature: a committee's vote asks nobody else to sign, so nobody declined to."""
    names = took_part(report)
    if not names:
        return ""
    if report.method.rule == "committee-vote":
        return gettext(
            "%(names)s took part in the review. Under its method only the committee in the lead signs the report.",
            names=listed(names),
        )
    return gettext("%(names)s took part in the review and did not sign this report.", names=listed(names))


def licence(key: str) -> tuple[str, str]:
    """How a report may be used, in sentences, and where that licence stands; nothing where none was recorded."""
    if key != "OGL-UK-3.0":
        return "", ""
    words = gettext(
        "You may reuse this report under the Open Government Licence v3.0 if you say where it comes from. Boundaries, counts "
        "and evidence that others made keep their own licences."
    )
    return words, "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


def not_signed_yet(report: Snapshot) -> list[str]:
    """The bodies whose signature a draft still wants: a committee's vote binds the body in the lead alone."""
    parts = ("lead",) if report.method.rule == "committee-vote" else ("lead", "partner")
    return [body.name for body in report.bodies if not body.signed and body.part in parts]


def share(value: float | None) -> str:
    """A share of the place; nothing is known where the agency's area does not reach it."""
    return gettext("outside the area it serves") if value is None else percent(value)


def where(citation: CitationFacts) -> str:
    """Where quoted words stand in the evidence."""
    if citation.page:
        return gettext("page %(page)s", page=citation.page)
    if not citation.cell:
        return gettext("written answer")
    if citation.row_head or citation.column_head:
        return cell_words(citation.cell, citation.row_head, citation.column_head)
    return gettext("cell %(cell)s", cell=citation.cell)


def evidence_title(row: EvidenceFacts, report: Snapshot) -> str:
    """The title of evidence, where it may be told, with what tells it from other evidence of the same title."""
    alike = [other for other in report.evidence if other.title == row.title and other.number != row.number]
    title = row.title or gettext("Evidence not published")
    for place, words in enumerate(_told(row)):
        others = [_told(other)[place] for other in alike]
        if set(others) - {words}:
            title = f"{title}, {words}"
            alike = [other for other, said in zip(alike, others, strict=True) if said == words]
    return title


def _told(row: EvidenceFacts) -> tuple[str, ...]:
    """What tells evidence of one title apart; a file that is not published is not named."""
    return (row.file or gettext("written answer") if row.title else "", row.agency, plain_day(row.lodged_on))


def cited_in(report: Snapshot, number: int) -> list[int]:
    """The findings that cite a piece of evidence."""
    return [finding.number for finding in report.findings if any(one.evidence == number for one in finding.citations)]


def decided(key: str) -> str:
    """What was decided about a correction."""
    return {"made": gettext("Corrected"), "made_in_part": gettext("Corrected in part"), "not_made": gettext("Left as it was")}[
        key
    ]


def vote(facts: VoteFacts) -> str:
    """How a committee voted."""
    counted = gettext(
        "%(votes_for)s for, %(against)s against, %(abstained)s abstained",
        votes_for=facts.votes_for,
        against=facts.against,
        abstained=facts.abstained,
    )
    if facts.meeting_on is None:
        return counted
    return gettext("%(vote)s, at the meeting of %(day)s", vote=counted, day=day(facts.meeting_on))


def entries_corrected(row: SignatoryFacts) -> list[str]:
    """Each entry of a signature that was put right, what it said and why it was wrong."""
    sentences = []
    for entry in row.corrected:
        first = vote(entry.vote) if entry.vote else entry.office
        sentences.append(
            gettext(
                "Corrected on %(day)s. It was first entered as: %(first)s. Reason: %(why)s",
                day=day(entry.corrected_on),
                first=first,
                why=full_stop(entry.why),
            )
        )
    return sentences


def interests(row: SignatoryFacts) -> list[str]:
    """Each interest somebody had declared who signed."""
    return [
        gettext(
            "%(name)s declared an interest in %(agency)s on %(day)s: %(words)s",
            name=row.name,
            agency=one.agency,
            day=day(one.on),
            words=full_stop(one.words),
        )
        for one in row.interests
    ]


def right_of_reply(report: Snapshot) -> list[str]:
    """Who was shown the draft findings before they were final, who answered, who did not, and whose check was waived and why."""
    if not report.replies:
        return [
            gettext("No accuracy check has been made yet.")
            if report.is_draft
            else gettext("No accuracy check was made for this report.")
        ]
    by_state: dict[str, list[ReplyFacts]] = {}
    for reply in report.replies:
        by_state.setdefault(reply.state, []).append(reply)
    sentences = []
    if answered := by_state.get("answered"):
        names = [reply.agency for reply in answered]
        sentences.append(
            ngettext(
                "%(names)s was shown what the draft findings say of it, and answered.",
                "%(names)s were each shown what the draft findings say of them, and answered.",
                len(names),
                names=listed(names),
            )
        )
    sentences += [_silent(reply) for reply in by_state.get("silent", [])]
    sentences += [_waived(reply) for reply in by_state.get("waived", [])]
    sentences += [_running(reply) for reply in by_state.get("running", [])]
    if missing := by_state.get("not_shown"):
        unheard = listed([reply.agency for reply in missing])
        sentences.append(gettext("Not shown what the draft findings say of them: %(names)s.", names=unheard))
    if unreached := by_state.get("not_reached"):
        agencies = listed([reply.agency for reply in unreached])
        sentences.append(
            gettext("Sent what the draft findings say of them, which has not reached them: %(names)s.", names=agencies)
        )
    if answered and not report.corrections:
        sentences.append(gettext("No agency offered a correction to these findings."))
    return sentences


def _silent(reply: ReplyFacts) -> str:
    """An agency that was shown its extracts and said nothing."""
    if reply.due_on is None:
        return gettext(
            "%(agency)s was shown what the draft findings say of it on %(sent)s. It did not say that it had finished.",
            agency=reply.agency,
            sent=_on(reply.sent_on),
        )
    return gettext(
        "%(agency)s was shown what the draft findings say of it on %(sent)s, and had not answered by %(due)s.",
        agency=reply.agency,
        sent=_on(reply.sent_on),
        due=day(reply.due_on),
    )


def _waived(reply: ReplyFacts) -> str:
    """An agency without whose check the bodies went on: what it was not given, who decided so and why."""
    waiver = reply.waiver
    if waiver is None:
        raise ValueError(f"{reply.agency} has no waiver")
    values = {"agency": reply.agency, "name": waiver.name, "day": day(waiver.on), "reason": full_stop(waiver.reason)}
    if reply.missing:
        numbers = listed([str(number) for number in reply.missing])
        return ngettext(
            "%(agency)s was not shown finding %(numbers)s before it was final. %(name)s decided this on %(day)s: %(reason)s",
            "%(agency)s was not shown findings %(numbers)s before they were final. %(name)s decided this on %(day)s: %(reason)s",
            len(reply.missing),
            numbers=numbers,
            **values,
        )
    return gettext(
        "%(agency)s was shown what the draft findings say of it and given until %(due)s, but its answer was not waited for. "
        "%(name)s decided this on %(day)s: %(reason)s",
        due=_on(reply.due_on),
        **values,
    )


def _running(reply: ReplyFacts) -> str:
    """An agency that still has time."""
    return gettext("%(agency)s has until %(due)s to check the facts.", agency=reply.agency, due=_on(reply.due_on))


def _on(value: date | None) -> str:
    """A day that is there, in words."""
    return day(value)
