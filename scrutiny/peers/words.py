"""What pages and the command say of a place and its peers."""

from __future__ import annotations

from flask_babel import gettext, ngettext

from scrutiny.agencies.queries import kind_label
from scrutiny.ledger.counting import service_title, year_title
from scrutiny.peers.comparing import Compared, Counted, Row
from scrutiny.rules.queries import rules


def row_name(row: Row) -> str:
    """What a row is about."""
    if row.part == "all":
        return gettext("All spending")
    if row.part == "service":
        return service_title(row.key) or gettext("Not placed under a service")
    return kind_label(row.key)


def coverage_words(peer: Counted) -> str:
    """How many of the bodies that serve a place are counted."""
    return gettext("%(counted)s of %(all)s", counted=peer.bodies, all=peer.bodies + peer.not_counted)


def alike_words(found: Compared, peer: Counted) -> str:
    """Whether all spending of a peer is compared, or why it is not."""
    if found.is_alike(peer):
        return gettext("Yes")
    if found.own.in_part:
        return gettext("No: some bodies of %(place)s are not counted", place=found.own.area.name)
    if peer.in_part:
        return gettext("No: some bodies there are not counted")
    if set(peer.kinds) != set(found.own.kinds):
        return gettext("No: other kinds of bodies are counted")
    return gettext("No: the figures are of another kind or cover another part")


def few_words(row: Row) -> str:
    """Why nothing is compared: how many places there are, and how many it takes."""
    return ngettext(
        "%(num)d place can be compared; we need %(least)s",
        "%(num)d places can be compared; we need %(least)s",
        row.number,
        least=rules().peers.least,
    )


def found_words(found: Compared) -> str:
    """How many places were looked at, and of how many something is counted."""
    return ngettext(
        "We looked at the %(num)d nearest place of the same kind. Something is counted for %(counted)s of them in %(year)s.",
        "We looked at the %(num)d nearest places of the same kind. Something is counted for %(counted)s of them in %(year)s.",
        found.looked_at,
        counted=len(found.peers),
        year=year_title(found.year),
    )
