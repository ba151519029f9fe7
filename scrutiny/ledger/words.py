"""What the count says of itself: money, coverage, how a figure came about, and how two sides of a transfer stand."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from flask_babel import gettext, ngettext

from scrutiny.formats import listed, number, percent
from scrutiny.ledger.counting import Count, Part, service_title, year_title
from scrutiny.ledger.keys import BASES, CONTROLS, COVERAGES, GRADES, PHASES, STREAMS
from scrutiny.ledger.models import LedgerCell, LedgerSkipped, LedgerSource
from scrutiny.ledger.queries import Effect
from scrutiny.ledger.sums import AGREE, DIFFER, OTHER_YEAR, PAYER_ONLY, Transfer, per_head
from scrutiny.rules.queries import rules
from workflows.lifecycles.ledger_source import LEDGER_SOURCE

MILLION, BILLION = 100_000_000, 100_000_000_000


def pounds(pence: int | None) -> str:
    """Pence as pounds to the penny: '-£1,234.50'; '' where there are none to show."""
    if pence is None:
        return ""
    return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def rounded(pence: int | None) -> str:
    """Pence as people say them: '£7.31 billion', '£4.2 million', '£12,300'."""
    if pence is None:
        return ""
    sign, size = "-" if pence < 0 else "", abs(pence)
    if size >= BILLION:
        return gettext("%(sign)s£%(pounds)s billion", sign=sign, pounds=f"{size / BILLION:.2f}")
    if size >= MILLION:
        return gettext("%(sign)s£%(pounds)s million", sign=sign, pounds=f"{size / MILLION:.1f}")
    return f"{sign}£{round(size / 100):,}"


def coverage_words(found: Count) -> str:
    """How much of the place's public bodies is in the count, in one or two sentences."""
    n, of = len(found.bodies), len(found.bodies) + len(found.not_counted)
    said = ngettext(
        "%(num)d of %(of)s public bodies that serve this place is counted for %(year)s.",
        "%(num)d of %(of)s public bodies that serve this place are counted for %(year)s.",
        n,
        of=of,
        year=year_title(found.year),
    )
    if not found.not_counted:
        return said
    return f"{said} {gettext('Not counted: %(names)s.', names=listed(list(found.not_counted)))}"


def source_words(source: LedgerSource) -> str:
    """What of its body's spending a source covers."""
    if source.share is not None:
        return gettext("%(share)s of its spending", share=percent(source.share))
    return COVERAGES[source.coverage]


def phase_words(source: LedgerSource) -> str:
    """The phase of a source and its year: 'Outturn, 2024 to 2025'."""
    return gettext("%(phase)s, %(year)s", phase=PHASES[source.phase], year=year_title(source.year))


def how_counted(part: Part) -> str:
    """How a figure came to its place, with the share taken, what it was counted on and how sure that is."""
    if not part.share.is_apportioned:
        told = {
            "actual": gettext("Spent in this place."),
            "people": gettext("Apportioned by people in the source."),
            "land": gettext("Apportioned by land in the source."),
            "weight": gettext("Apportioned in the source by %(weight)s.", weight=part.cell.weight or gettext("a stated weight")),
        }[part.cell.basis]
        return f"{told} {part.cell.error_note}".strip()
    told = gettext(
        "%(share)s of %(pence)s, apportioned by people.", share=percent(float(part.share.share), 1), pence=pounds(part.cell.pence)
    )
    base = gettext("Counted on %(base)s.", base=part.share.base) if part.share.base else ""
    return " ".join(filter(None, (told, base, part.share.error_note, part.cell.error_note)))


def standing_words(one: Transfer, found: Count) -> str:
    """How the two sides of a transfer stand, with what is taken off the count."""
    names = found.names
    values = {
        "payer": names.get(one.payer, ""),
        "receiver": names.get(one.receiver, ""),
        "paid": pounds(one.paid),
        "received": pounds(one.received),
    }
    if one.standing == AGREE:
        return gettext("%(payer)s paid %(paid)s to %(receiver)s, and both record it.", **values)
    if one.standing == DIFFER:
        return gettext(
            "%(payer)s records %(paid)s paid to %(receiver)s, which records %(received)s received. "
            "%(matched)s is taken off the count.",
            matched=pounds(one.matched),
            **values,
        )
    if one.standing == OTHER_YEAR:
        given = {**values, "amount": pounds(one.paid or one.received), "year": year_title(one.recorded_in or one.year)}
        if one.paid_keys:
            return gettext(
                "%(payer)s records %(amount)s paid to %(receiver)s, which records it in %(year)s. Nothing is taken off.", **given
            )
        return gettext(
            "%(receiver)s records %(amount)s received from %(payer)s, which records it in %(year)s. Nothing is taken off.",
            **given,
        )
    if one.standing == PAYER_ONLY and one.receiver not in found.counted:
        return gettext(
            "%(payer)s records %(paid)s paid to %(receiver)s, of which nothing is counted for this year. Nothing is taken off.",
            **values,
        )
    if one.standing == PAYER_ONLY:
        return gettext(
            "%(payer)s records %(paid)s paid to %(receiver)s, which does not record it. Nothing is taken off.", **values
        )
    if one.payer not in found.counted:
        return gettext(
            "%(receiver)s records %(received)s received from %(payer)s, of which nothing is counted for this year. "
            "Nothing is taken off.",
            **values,
        )
    return gettext(
        "%(receiver)s records %(received)s received from %(payer)s, which does not record it. Nothing is taken off.", **values
    )


def skipped_words(row: LedgerSkipped) -> str:
    """Why a row of a file is no figure."""
    details = row.details
    if row.reason == "empty":
        return gettext("There is nothing in the column “%(column)s”.", column=details.get("column", ""))
    if row.reason == "total":
        return gettext("It is the total of the file.")
    return gettext("It is not a figure that can be counted.")


def change_words(share: Fraction) -> str:
    """A change as people say it: '2.1% more', '3.0% less'."""
    size = percent(abs(float(share)), 1) if share else "0%"
    return gettext("%(size)s less", size=size) if share < 0 else gettext("%(size)s more", size=size)


def sum_words(found: Count) -> str:
    """How the net total is made up, to the penny."""
    if not found.netted:
        return gettext("The sources add up to %(gross)s.", gross=pounds(found.gross))
    return gettext(
        "The sources add up to %(gross)s. %(netted)s of it passed from one of these bodies to another and is counted once: "
        "that leaves %(net)s.",
        gross=pounds(found.gross),
        netted=pounds(found.netted),
        net=pounds(found.net),
    )


def per_head_words(pence: int, found: Count) -> str:
    """An amount for each person of the place, in pounds; '' where nobody was counted."""
    return rounded(per_head(pence, found.people))


def netted_words(part: Part, names: Mapping[int, str]) -> str:
    """What of a figure is taken off, and why."""
    other = names.get(part.cell.other_agency_id or 0, "")
    return gettext(
        "%(netted)s of %(pence)s is taken off, since %(other)s records that it received it.",
        netted=pounds(part.netted),
        pence=pounds(part.pence),
        other=other,
    )


def control_words(cell: LedgerCell) -> str:
    """Who decides how the money is spent, and what it may only be spent on."""
    if not cell.ring_fence:
        return CONTROLS[cell.control]
    return gettext("%(control)s; only for %(purpose)s", control=CONTROLS[cell.control], purpose=cell.ring_fence)


def grade_words(source: LedgerSource) -> str:
    """How sure the figures of a source are; and that it is not published, where it is not."""
    if source.state == "pending":
        return gettext("%(grade)s (not published)", grade=GRADES[source.confidence])
    return GRADES[source.confidence]


def named(cell: LedgerCell) -> str:
    """What a figure is for: the file's own words, or the title of the class or division they are the key of."""
    division = rules().service_divisions.get(cell.words)
    return division.title if division else service_title(cell.words) or service_title(cell.service)


def state_words(source: LedgerSource) -> str:
    """The state of a source."""
    return LEDGER_SOURCE.states[source.state]


def transfer_words(cell: LedgerCell) -> str:
    """To or from whom a figure passes; '' where it does not."""
    if cell.other_agency is None:
        return ""
    if cell.direction == "to":
        return gettext("Paid to %(body)s", body=cell.other_agency.name)
    return gettext("Received from %(body)s: not spending, only compared", body=cell.other_agency.name)


def cell_facts(cell: LedgerCell) -> list[tuple[str, str]]:
    """What is kept of one figure, each with its name."""
    placed = service_title(cell.service) or gettext("Not placed under a service")
    return [
        (gettext("In the file"), cell.words),
        (gettext("Service"), f"{cell.service} {placed}".strip()),
        (gettext("Amount"), pounds(cell.pence)),
        (gettext("Rows summed"), number(cell.rows) if cell.rows > 1 else ""),
        (gettext("Sheet"), cell.sheet),
        (gettext("Revenue or capital"), STREAMS[cell.stream]),
        (gettext("Transfer"), transfer_words(cell)),
        (gettext("Who decides"), control_words(cell)),
        (gettext("Area"), cell.area_code),
        (gettext("How it came to its area"), BASES[cell.basis]),
        (gettext("Weight"), cell.weight),
        (gettext("Base year"), str(cell.base_year or "")),
        (gettext("Note on error"), cell.error_note),
        (gettext("How sure"), GRADES[cell.confidence]),
    ]


def source_facts(source: LedgerSource) -> list[tuple[str, str]]:
    """What is kept of a source, each with its name."""
    stated = ""
    if source.stated_pence is not None:
        stated = gettext("The file gives its own total as %(pence)s.", pence=pounds(source.stated_pence))
    rows = gettext(
        "%(read)s read, %(loaded)s loaded, %(skipped)s left out",
        read=number(source.rows_read),
        loaded=number(source.rows_loaded),
        skipped=number(source.rows_skipped),
    )
    return [
        (gettext("State"), state_words(source)),
        (gettext("Publisher"), source.publisher),
        (gettext("Where it was published"), source.citation),
        (gettext("Licence"), source.licence),
        (gettext("File"), source.file_name),
        (gettext("SHA-256 of the file"), source.sha256 or ""),
        (gettext("Rows"), rows),
        (gettext("Sum of its rows"), f"{pounds(source.pence)}. {stated}".strip()),
        (gettext("What it covers"), source_words(source)),
        (gettext("How sure"), GRADES[source.confidence]),
    ]


def effect_words(source: LedgerSource, effect: Effect) -> str:
    """What publishing a source changes in the count of its body and year."""
    values = {"body": source.agency.name, "year": year_title(source.year), "before": pounds(effect.before)}
    if not effect.is_counted:
        return gettext(
            "The count of %(body)s for %(year)s stays at %(before)s: figures of a better kind are published already.", **values
        )
    return gettext(
        "What is counted of %(body)s for %(year)s, before transfers are taken off, changes from %(before)s to %(after)s.",
        after=pounds(effect.after),
        **values,
    )
