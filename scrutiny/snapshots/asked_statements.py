"""What a report says of what was asked of agencies and what came of it, composed from its snapshot, for page and print alike."""

from __future__ import annotations

from flask_babel import gettext, ngettext

from scrutiny.snapshots.snapshot import AgencyFacts, Snapshot
from scrutiny.snapshots.statements import share


def in_all(report: Snapshot) -> str:
    """How many items were asked of how many agencies, and what came of them; only what there is any of."""
    counted = ", ".join(f"{total} {word[0].lower()}{word[1:]}" for _, word, total in _came(report) if total)
    asked = sum(row.asked for row in report.agencies)
    agencies = ngettext("%(num)s agency", "%(num)s agencies", len(report.agencies))
    items = ngettext("%(num)s item", "%(num)s items", asked)
    if not counted:
        return gettext("We asked %(agencies)s for %(items)s.", agencies=agencies, items=items)
    return gettext("We asked %(agencies)s for %(items)s: %(counted)s.", agencies=agencies, items=items, counted=counted)


def columns_of(report: Snapshot) -> tuple[list[tuple[str, str]], list[str]]:
    """The columns of what each agency was asked, as (field, heading), and the headings under which only noughts would stand."""
    came = _came(report)
    columns = [("asked", gettext("Asked")), *((key, word) for key, word, total in came if total or key == "answered")]
    return columns, [word for key, word, total in came if not total and key != "answered"]


def _came(report: Snapshot) -> list[tuple[str, str, int]]:
    """What can come of an item, as (field, word, how many of the whole report)."""
    apart = all(row.redirected is not None or not row.not_held for row in report.agencies)
    words = [
        ("answered", gettext("Answered")),
        ("not_held", gettext("Not held") if apart else gettext("Not held, or held by another")),
        *([("redirected", gettext("Held by another"))] if any(row.redirected is not None for row in report.agencies) else []),
        ("refused", gettext("Refused")),
        ("outstanding", gettext("No answer yet") if report.is_draft else gettext("No answer")),
    ]
    return [(key, word, sum(getattr(row, key) or 0 for row in report.agencies)) for key, word in words]


def shares(agency: AgencyFacts) -> str:
    """How much of the place an agency covers: of its people and of its land."""
    if agency.share_of_people is None and agency.share_of_land is None:
        return share(None)
    people, land = share(agency.share_of_people), share(agency.share_of_land)
    if people == land:
        return gettext("%(share)s of the people and land", share=people)
    return gettext("%(people)s of the people, %(land)s of the land", people=people, land=land)
