"""What a report says in sentences, each composed from its snapshot: one function for a fact, for page, print and API alike."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext, ngettext

from scrutiny.formats import day, listed, percent
from scrutiny.reports.snapshot import CitationFacts, EvidenceFacts, ReplyFacts, SignatoryFacts, Snapshot, VoteFacts


def rule(key: str) -> str:
    """A method's rule of signing."""
    return {
        "all-partners": gettext("Every body of the review signs"),
        "named-signatories": gettext("The lead body signs, on behalf of all, with each partner's agreement"),
        "committee-vote": gettext("The committee votes, and its chair enters the vote"),
    }.get(key, key)


def authors(report: Snapshot) -> list[str]:
    """The bodies that signed the report, the lead first: whose report it is."""
    return [body.name for body in sorted(report.bodies, key=lambda body: body.part != "lead") if body.signed]


def took_part(report: Snapshot) -> list[str]:
    """The bodies that took part in the review and did not sign its report."""
    return [body.name for body in report.bodies if not body.signed and body.part != "observer"]


def share(value: float | None) -> str:
    """A share of the place; nothing is known where the agency's area does not reach it."""
    return gettext("outside the area it serves") if value is None else percent(value)


def where(citation: CitationFacts) -> str:
    """Where quoted words stand in the evidence."""
    if citation.page:
        return gettext("page %(page)s", page=citation.page)
    return gettext("cell %(cell)s", cell=citation.cell) if citation.cell else gettext("written answer")


def evidence_title(row: EvidenceFacts) -> str:
    """The title of evidence, where it may be told."""
    return row.title or gettext("Evidence not published")


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
                why=_ended(entry.why),
            )
        )
    return sentences


def right_of_reply(report: Snapshot) -> list[str]:
    """Who was shown the draft findings before they were final, who answered, who did not, and whose check was waived and why."""
    if not report.replies:
        return [gettext("No accuracy check was made for this report.")]
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
    values = {"agency": reply.agency, "name": waiver.name, "day": day(waiver.on), "reason": _ended(waiver.reason)}
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


def _ended(text: str) -> str:
    """Somebody's words as a whole sentence."""
    return text if text.rstrip().endswith((".", "!", "?", "…")) else f"{text.rstrip()}."
