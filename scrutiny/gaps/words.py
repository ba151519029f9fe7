"""A gap in words: what is missing, since when, by which reviews, and what the law says. Nothing is said of how sure we are."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext, ngettext

from scrutiny.agencies.queries import kind_label
from scrutiny.formats import listed, mid_sentence, number, percent, plain_day, sentences
from scrutiny.gaps.found import PlaceGaps
from scrutiny.rules.queries import rules
from workflows.gaps import KINDS, NO_AGENCY, NO_POWER, UNEXAMINED, Gap, Look
from workflows.kinds import BODY_KINDS

#: So many reviews of one sort are named in a sentence.
NAMED = 3


def kind_words(gap: Gap) -> str:
    """The kind of a gap."""
    return str(KINDS[gap.kind])


def service_words(key: str) -> str:
    """A service by its title."""
    services = rules().services
    return services[key].title if key in services else key


def agency_words(gap: Gap, place: PlaceGaps) -> str:
    """The agency of a gap by its name; '' where it is that there is none."""
    agency = place.agency(gap)
    return agency.name if agency else ""


def reason(gap: Gap) -> str:
    """Why it is a gap, in a few sentences."""
    if gap.kind == UNEXAMINED:
        return _unexamined(gap)
    return _powerless(gap) if gap.kind == NO_POWER else _unanswered(gap)


def reason_for_all(gap: Gap) -> str:
    """The same as everybody may read it: without the reviews that are named only to those who work on them."""
    return reason(replace(gap, now=()))


def _unexamined(gap: Gap) -> str:
    """Since when no published review is recorded."""
    said = ngettext(
        "No review published in the last year is recorded here",
        "No review published in the last %(num)s years is recorded here",
        gap.years,
    )
    last = gap.last and gettext("The last one recorded is %(review)s", review=look_words(gap.last))
    small = gap.small and gettext(
        "Too little of this place to count: %(reviews)s", reviews=listed([_share_words(look) for look in gap.small[:NAMED]])
    )
    vague = gap.vague and gettext(
        "Asked without naming its services: %(reviews)s", reviews=listed([look_words(look) for look in gap.vague[:NAMED]])
    )
    now = gap.now and gettext(
        "Not published yet: %(reviews)s", reviews=listed([f"{look.title} ({look.reference})" for look in gap.now[:NAMED]])
    )
    return sentences([said, last or "", small or "", vague or "", now or ""])


def _powerless(gap: Gap) -> str:
    """That nobody recorded here may require evidence, who could by law, and what anybody may do."""
    said = gettext("No body recorded here that works in this place has a power in law to require evidence about this")
    by_law: dict[tuple[str, bool], list[str]] = {}
    for one in gap.could:
        by_law.setdefault((one.law, one.conditional), []).append(mid_sentence(str(BODY_KINDS[one.body])))
    could = (
        gettext(
            "By law this could be done by %(who)s, but none that could is recorded here",
            who=either([_could_words(either(kinds), law, conditional) for (law, conditional), kinds in by_law.items()]),
        )
        if by_law
        else gettext("No law kept here is known to give a scrutiny body such a power")
    )
    anybody = gap.open_laws and gettext("Anybody may ask for recorded information under %(law)s", law=listed(list(gap.open_laws)))
    return sentences([said, could, anybody or ""])


def _could_words(kinds: str, law: str, conditional: bool) -> str:
    """Who could, and under what law."""
    if conditional:
        return gettext("a %(kinds)s under %(law)s, on a condition", kinds=kinds, law=law)
    return gettext("a %(kinds)s under %(law)s", kinds=kinds, law=law)


def _unanswered(gap: Gap) -> str:
    """For how much of the place no agency is recorded, and who usually answers."""
    said = (
        gettext("No agency is recorded here as answering for this")
        if gap.missing >= 1
        else gettext("No agency is recorded here as answering for this in %(share)s of the land", share=percent(gap.missing))
    )
    usual = gettext("Usually it is %(kinds)s", kinds=either([mid_sentence(kind_label(kind)) for kind in gap.usual]))
    return sentences([said, usual])


def either(names: list[str]) -> str:
    """'a county council, an NHS trust or a fire authority'."""
    if len(names) < 2:
        return "".join(names)
    return gettext("%(names)s or %(last)s", names=", ".join(names[:-1]), last=names[-1])


def look_words(look: Look) -> str:
    """A review with the day its report was published and how much of the place it covers."""
    if look.share is None or look.share >= 0.995:
        return gettext("%(title)s (%(reference)s), published %(day)s", **_values(look))
    return gettext("%(title)s (%(reference)s), published %(day)s, which covers %(share)s of this place", **_values(look))


def _share_words(look: Look) -> str:
    return gettext("%(title)s (%(reference)s), published %(day)s, covers %(share)s", **_values(look))


def _values(look: Look) -> dict[str, str]:
    return {"title": look.title, "reference": look.reference, "day": plain_day(look.on), "share": percent(look.share)}


def counts_words(place: PlaceGaps) -> str:
    """How many gaps a place has, for its title on the map."""
    return ngettext(
        "%(name)s: %(shown)s gap", "%(name)s: %(shown)s gaps", len(place.gaps), name=place.name, shown=number(len(place.gaps))
    )


def kinds_counted(place: PlaceGaps) -> list[tuple[str, int]]:
    """Each kind of gap with how many there are."""
    return [(str(label), place.count(kind)) for kind, label in KINDS.items()]


def headings() -> list[dict[str, object]]:
    """The headings of the columns of a table of places after the first: each kind of gap, and all."""
    return [{"text": str(label), "numeric": True} for label in (*KINDS.values(), gettext("All gaps"))]


def numbers(place: PlaceGaps) -> list[str]:
    """The cells under them."""
    return [number(count) for count in (*(place.count(kind) for kind in KINDS), len(place.gaps))]


def laws_words(gap: Gap) -> str:
    """The law of a gap as one cell: who could require evidence, and under what."""
    if gap.kind == NO_AGENCY:
        return ""
    if gap.kind == UNEXAMINED:
        return rules().gap_choices.source_of(gap.service)
    return "; ".join(f"{BODY_KINDS[one.body]}: {one.law}" for one in gap.could)
