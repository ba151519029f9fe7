"""What the law says of one asking, in sentences: for the officer, for the agency and for everybody; never how sure we are.

The one place where a `LegalBasis` becomes words. How sure we are of a law, its limits and what to mind are said to
officers alone, by the functions whose names say so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask_babel import gettext

from scrutiny.formats import day, full_stop, iso_day, listed
from scrutiny.kernel_words import in_words
from workflows.clocks import parse_clock
from workflows.kinds import BODY_KINDS
from workflows.legal_basis import Caution, Clause, LegalBasis
from workflows.power import ATTEND, CLARIFICATIONS, CONFIDENCE, INVITE, NATION_LABELS, REGARD, REPLY, SUPPLY
from workflows.power_words import ENDS, SUBJECTS
from workflows.written_days import day_written

#: Who reads a sentence.
OFFICER: Final = "officer"
AGENCY: Final = "agency"
PUBLIC: Final = "public"
#: Clocks by which the law itself sets no day.
NO_DAY: Final = ("none", "stated_date", "reasonable", "clear_before")


#: Acts as files of methods abbreviate them.
ACTS: Final = {
    "EIA": "Education and Inspections Act",
    "LDEDCA": "Local Democracy, Economic Development and Construction Act",
    "LGA": "Local Government Act",
    "LGPIHA": "Local Government and Public Involvement in Health Act",
    "NHSA": "National Health Service Act",
    "P&JA": "Police and Justice Act",
    "PRSRA": "Police Reform and Social Responsibility Act",
}


def in_full(source: str) -> str:
    """The basis of a method as a reader knows it: 'LGA 2000 s.9F' as 'Local Government Act 2000, section 9F'."""
    named = re.sub(rf"\b({'|'.join(map(re.escape, ACTS))})(?= \d{{4}}\b)", lambda found: ACTS[found[1]], source)
    named = re.sub(r"(?<=\d\b) (?=ss?\.\d|Sch \d)", ", ", named)
    named = re.sub(r"\bs(s?)\.(?=\d)", lambda found: "sections " if found[1] else "section ", named)
    return re.sub(r"\bSch (?=\d)", "Schedule ", named)


def sentence(basis: LegalBasis, audience: str, agency: str = "", ask_by: date | None = None, *, wished: bool = False) -> str:
    """What the law says about what is asked: 'By law, you must …', or that the agency need not.

    To an agency it says "you", and by when we would like to have what it need not give, unless that is `wished` already in
    the letter; to officers and the public it names `agency`.
    """
    who = gettext("you") if audience == AGENCY else agency
    if basis.chief is None or not basis.binds:
        regard = _clause_sentence(basis.chief, who) if basis.chief and basis.duty == REGARD else ""
        wish = None if wished else _wish(basis.asked, ask_by)
        return " ".join(text for text in (regard, _need_not(basis, audience, who, wish)) if text)
    return _clause_sentence(basis.chief, who)


def request_sentences(
    bases: Sequence[LegalBasis], audience: str, agency: str = "", ask_by: date | None = None, *, wished: bool = False
) -> list[str]:
    """The law of several things asked in one letter: each duty once; that nothing is owed only where nothing is."""
    binding = [basis for basis in bases if basis.binds]
    told = (sentence(basis, audience, agency, ask_by, wished=wished) for basis in binding or bases[:1])
    return [words for words in dict.fromkeys(told) if words]


def notice_sentence(basis: LegalBasis) -> str:
    """That the letter is the notice on which the duty arises; '' where the law asks for none."""
    if not basis.binds or basis.chief is None or not basis.chief.notice:
        return ""
    return gettext("This letter is our notice to you under %(law)s.", law=basis.chief.notice)


@dataclass(frozen=True, slots=True)
class Days:
    """The day we ask for, the day the law sets, and whether more time was agreed."""

    asked_for: date | None
    by_law: date | None = None
    agreed: bool = False


def due_sentence(basis: LegalBasis | None, days: Days) -> str:
    """By when, to the agency: one day in the lead; "must" only with the law's own day."""
    if days.asked_for is None:
        return gettext("By law you must answer by %(day)s.", day=day(days.by_law)) if days.by_law else ""
    asked, by_law = day(days.asked_for), days.by_law
    if by_law is None or basis is None or not basis.binds:
        return gettext("Please answer by %(day)s.", day=asked)
    if days.asked_for == by_law:
        return gettext("You must answer by %(day)s. That is the day set by law.", day=asked)
    if days.asked_for < by_law:
        return gettext("We ask for it by %(day)s; by law you have until %(law)s.", day=asked, law=day(by_law))
    if days.agreed:
        return gettext(
            "We have agreed to %(day)s, which is later than the day set by law, %(law)s. "
            "If it comes by the day we have agreed, we will not treat it as late.",
            day=asked,
            law=day(by_law),
        )
    return gettext(
        "We ask for it by %(day)s, which is later than the day set by law, %(law)s. "
        "If it comes by the day we ask for, we will not treat it as late.",
        day=asked,
        law=day(by_law),
    )


def clause_words(clause: Clause) -> str:
    """One duty after the name of who owes it, for an officer: 'must supply …, within 10 clear days'."""
    when, condition = _when(clause), f", {clause.condition}" if clause.condition else ""
    must = gettext("may have to") if clause.doubtful else gettext("must")
    if clause.duty == SUPPLY:
        return gettext("%(must)s supply %(covers)s%(when)s", must=must, covers=clause.covers, when=when) + condition
    if clause.duty == ATTEND:
        return gettext("%(must)s send %(who)s to answer questions%(when)s", must=must, who=clause.covers, when=when) + condition
    if clause.duty == REPLY:
        return gettext("%(must)s reply %(covers)s%(when)s", must=must, covers=clause.covers, when=when) + condition
    if clause.duty == REGARD:
        return gettext("%(must)s have regard to a report %(covers)s; it need not reply", must=must, covers=clause.covers)
    return gettext("may be invited; it does not have to answer by law")


def law_and_confidence(clause: Clause | None) -> str:
    """For officers only: the law in brief, and how sure we are of it."""
    if clause is None:
        return gettext("no power is known here")
    return "; ".join(text for text in (clause.source, how_sure(clause)) if text)


def how_sure(clause: Clause) -> str:
    """For officers only: how sure we are of a law, in words."""
    return str(CONFIDENCE.get(clause.confidence, ""))


def duty_words(basis: LegalBasis) -> str:
    """For officers: what the agency must do, after its name."""
    if basis.chief is not None and basis.duty != INVITE:
        return clause_words(basis.chief)
    if basis.asked == REPLY:
        return gettext("may reply; no law that is known requires it")
    return gettext("may be invited; no duty is known") if basis.unsettled else gettext("may be invited only")


def beside_sentences(basis: LegalBasis) -> list[str]:
    """For officers only: what would bind if the subject, or a condition, were met, each with its law."""
    return [
        gettext(
            "On %(subject)s only, it %(duty)s (%(law)s).",
            subject=SUBJECTS[clause.subject],
            duty=clause_words(clause),
            law=law_and_confidence(clause),
        )
        if clause.subject and clause.subject != basis.subject
        else gettext("It %(duty)s (%(law)s).", duty=clause_words(clause), law=law_and_confidence(clause))
        for clause in basis.beside
    ]


def held_words(clause: Clause) -> str:
    """From when to when a law holds, and where."""
    began = gettext("from %(day)s", day=day(clause.valid_from)) if clause.valid_from else gettext("from a day not known")
    ends = gettext(" until %(day)s", day=day(clause.valid_to)) if clause.valid_to else ""
    return gettext("%(began)s%(ends)s, in %(nations)s", began=began, ends=ends, nations=_nations(clause.nations))


def question_words(clause: Clause) -> str:
    """What a question back does to its clock."""
    return str(CLARIFICATIONS.get(clause.clarification, ""))


def aside_sentences(clause: Clause) -> list[str]:
    """For officers only, beneath a duty: its law and how sure we are, since when, its limits, what is exempt, what follows."""
    said = [
        gettext("%(law)s: %(sure)s", law=clause.source, sure=how_sure(clause)),
        gettext("It is law %(held)s", held=held_words(clause)) if clause.nations else "",
        clause.limits,
        _exempt_sentence(clause.exemptions),
        _silence_sentence(clause.silence),
        question_words(clause),
    ]
    return [full_stop(text[0].upper() + text[1:]) for text in said if text]


def _exempt_sentence(text: str) -> str:
    """What need not be given; texts kept with older requests name it without a verb."""
    return text if not text or text.startswith(("It ", "The ")) else gettext("Exempt from this: %(what)s", what=text)


def _silence_sentence(text: str) -> str:
    """What follows where nothing comes; texts kept with older requests do not say that it is this they tell."""
    if not text or text.startswith("If "):
        return text
    nothing = re.match(r"None(?: known| stated)?[.:;]? *", text)
    if nothing is None:
        return gettext("If there is no answer: %(what)s", what=text)
    rest = text[nothing.end() :]
    return " ".join([gettext("If there is no answer, nothing is known to follow in law."), rest[:1].upper() + rest[1:]]).strip()


def caution_sentence(caution: Caution) -> str:
    """For officers only: something to mind before sending."""
    values = caution.values
    name = f"{values.get('title', '')} ({values.get('source', '')})"
    match caution.reason:
        case "kept":
            return str(values["text"])
        case "named-barred":
            why = caution_sentence(Caution.from_plain(values["why"]))
            return gettext("A power named here may not be used. %(why)s", why=why)
        case "item-barred":
            why = caution_sentence(Caution.from_plain(values["why"]))
            return gettext(
                "Item %(number)s was to be asked under a power that may not be used here. %(why)s It rests on %(law)s instead.",
                number=values["item"],
                why=why,
                law=values["instead"] or gettext("no power"),
            )
        case "short-notice":
            return _short_notice(values)
        case "wrong-host":
            return gettext(
                "A committee of a %(host)s council may not use %(laws)s: only those of these councils may: %(kinds)s.",
                host=_kind(values["host"]),
                laws=", nor ".join(values["laws"]),
                kinds=", ".join(_kind(kind) for kind in values["kinds"]),
            )
        case "host-unknown":
            return gettext(
                "The council this committee belongs to is not recorded, so whether it may use %(laws)s is not known. "
                "Record its council, or check before you send.",
                laws=listed(values["laws"]),
            )
        case "other-body":
            who = " or ".join(BODY_KINDS[kind].lower() for kind in values["bodies"])
            return gettext("Only a %(who)s may require this (%(law)s); it may be asked to ask.", who=who, law=values["source"])
        case "personal":
            return gettext("Personal data may not be asked for: ask for figures or depersonalised information instead.")
        case "agency-ending":
            return gettext(
                "%(kind)s is expected to end %(end)s (%(by)s; %(status)s), perhaps before this review does.",
                kind=values["kind"],
                end=gettext("in %(end)s", end=end_words(values["end"])) if values["end"] else gettext("on a day not known"),
                by=values["by"],
                status=in_words(ENDS[values["status"]]),
            )
        case _:
            return f"{name} {_barred(caution)}."


def end_words(end: str) -> str:
    """When something is expected to end: a day, or a month, kept as text."""
    if len(end) == len("2028-05"):
        return f"{day_written(f'{end}-01'):%B %Y}"
    return iso_day(end)


def _barred(caution: Caution) -> str:
    """What is the matter with a power, to follow its name."""
    values = caution.values
    match caution.reason:
        case "doubtful":
            if not values.get("doubt"):
                return gettext("is %(sure)s", sure=CONFIDENCE["doubtful"])
            return gettext("is not certain, so no letter claims it as a duty: %(doubt)s", doubt=values["doubt"])
        case "condition":
            return gettext("binds only %(condition)s: we do not claim it in letters", condition=values["condition"])
        case "expected-end":
            end = end_words(values["end"])
            return gettext(
                "was expected to end in %(end)s (%(by)s; %(status)s): check whether it is still law",
                end=end,
                by=values["by"],
                status=in_words(ENDS[values["status"]]),
            )
        case "other-nation":
            return gettext("is not law in %(nations)s: it does not bind here", nations=_nations(values["nations"], " or "))
        case "not-this-day":
            return gettext("is not law on this day")
        case "only-on-subject":
            return gettext("reaches only %(subject)s", subject=in_words(SUBJECTS[values["subject"]]))
        case "not-asker":
            return gettext("is not for %(body)s to use", body=_article(in_words(BODY_KINDS[values["body"]]).lower()))
        case "not-reached":
            return gettext("does not reach this agency")
        case "only-documents":
            return gettext("reaches documents alone, and this question does not ask for one")
        case "not-in-nation":
            return gettext("is not law in %(nations)s", nations=_nations(values["nations"], " or "))
        case "ended":
            return gettext("is out of date: it was law until %(day)s", day=_plain_day(values["on"]))
        case "not-yet":
            return gettext("is not law yet: it is from %(day)s", day=_plain_day(values["on"]))
        case "not-this-host":
            return gettext("is not for a committee of %(host)s council to use", host=_article(_kind(values["host"])))
        case reason:  # a row may keep one that a later version no longer knows
            return gettext("holds on a condition this version does not know (%(reason)s)", reason=reason)


def _need_not(basis: LegalBasis, audience: str, who: str, wish: str | None) -> str:
    """That nothing is owed, where that is so; and what we would like all the same, to the agency, unless it is told already."""
    verb = {SUPPLY: gettext("answer"), ATTEND: gettext("attend"), REPLY: gettext("reply")}[basis.asked]
    if audience == AGENCY and basis.unsettled:
        return " ".join(text for text in (_not_required(basis.asked), wish) if text)
    if audience == AGENCY and wish is None:
        return gettext("You do not have to %(verb)s by law, but we hope you will.", verb=verb)
    if audience == AGENCY:
        return f"{gettext('You do not have to %(verb)s by law.', verb=verb)} {wish}"
    if basis.unsettled:
        return gettext("%(who)s is invited to %(verb)s.", who=who, verb=verb)
    return gettext("%(who)s does not have to %(verb)s by law.", who=who, verb=verb)


def _not_required(asked: str) -> str:
    """To the agency, where a law may bind it that we do not claim: not that it need not, but that we do not say it must."""
    return {
        SUPPLY: gettext("We are not using a legal power to require an answer."),
        ATTEND: gettext("We are not using a legal power to require anybody to attend."),
        REPLY: gettext("We are not using a legal power to require a response."),
    }[asked]


def _wish(asked: str, ask_by: date | None) -> str:
    """What we would like to have though nobody need give it, and by when."""
    if ask_by is None or asked == ATTEND:  # a meeting has its own day
        return {
            SUPPLY: gettext("We would like your answer."),
            ATTEND: gettext("We would like you to come."),
            REPLY: gettext("We would like your response."),
        }[asked]
    if asked == REPLY:
        return gettext("We would like your response by %(day)s.", day=day(ask_by))
    return gettext("We would like your answer by %(day)s.", day=day(ask_by))


def _clause_sentence(clause: Clause, who: str) -> str:
    """A duty in one sentence, with the law named once."""
    law = clause.cited or clause.source
    values = {"who": who, "covers": clause.covers, "when": _when(clause), "law": f" ({law})" if law else ""}
    if clause.duty == SUPPLY:
        return gettext("By law, %(who)s must supply %(covers)s%(when)s%(law)s.", **values)
    if clause.duty == ATTEND:
        return gettext("By law, %(who)s must send %(covers)s to answer questions%(when)s%(law)s.", **values)
    if clause.duty == REPLY:
        return gettext("By law, %(who)s must reply %(covers)s%(when)s%(law)s.", **values)
    return gettext("By law, %(who)s must have regard to the report %(covers)s%(law)s.", **values)


def _when(clause: Clause) -> str:
    """The law's own period, to follow a duty; '' where the law sets none."""
    clock = parse_clock(clause.clock or "none")
    number, of = clock.number, _since(clause.event)
    match clock.name:
        case "calendar_after":
            return gettext(", within %(n)s days%(of)s", n=number, of=of)
        case "months_beginning_with":
            months = gettext("two") if number == 2 else number
            return gettext(", within %(n)s months beginning with the day of receipt", n=months)
        case "working_after" | "working_after_uk_any":
            return gettext(", within %(n)s working days%(of)s", n=number, of=of)
        case "working_day_number":
            return gettext(", by working day %(n)s", n=number)
        case "clear_after":
            return gettext(", within %(n)s clear days%(of)s", n=number, of=of)
        case "reasonable":
            return gettext(", on reasonable notice") if clause.duty == ATTEND else ""
        case _:
            return ""


def _since(event: str) -> str:
    """What a period runs from, to follow it."""
    return {
        "request_sent": gettext(" of the request"),
        "request_received": gettext(" of receiving the request"),
        "report_date": gettext(" of the date of the report"),
        "report_received": gettext(" of receiving the report"),
        "report_received_or_notice_if_later": gettext(" of receiving the report or, if later, the notice"),
        "response_requested": gettext(" of being asked to respond"),
        "publication": gettext(" of publication"),
        "notification": gettext(" of notice"),
    }.get(event, "")


def _short_notice(values: Mapping[str, Any]) -> str:
    """That the notice of a meeting is less than is reasonable."""
    asks = (
        gettext("The law asks for reasonable notice (%(law)s)", law=values["source"])
        if values["source"]
        else gettext("An invitation should give reasonable notice")
    )
    words = gettext(
        "%(asks)s, taken here as %(enough)s working days; this is %(given)s, up to the meeting on %(day)s.",
        asks=asks,
        enough=values["enough"],
        given=gettext("1 working day") if values["given"] == 1 else gettext("%(n)s working days", n=values["given"]),
        day=_plain_day(values["on"]),
    )
    return gettext("Item %(number)s: %(words)s", number=values["item"], words=words) if values.get("item") else words


def _plain_day(text: str) -> str:
    """A day kept as text, without its weekday: '1 April 2013'."""
    value = day_written(text)
    return day(value).split(" ", 1)[1]


def _nations(nations: Sequence[str], joined: str = " and ") -> str:
    """Nations by name."""
    return joined.join(NATION_LABELS[nation] for nation in nations)


def _kind(kind: str) -> str:
    """A kind of council in words."""
    return kind.replace("-", " ").replace("london", "London")


def _article(noun: str) -> str:
    """A noun after a or an."""
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"
