"""A place and its peers: what is spent for each person, by kind of body and by service, where both are counted alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial

from sqlalchemy import select

from scrutiny.agencies.models import Agency
from scrutiny.areas.models import Area
from scrutiny.extensions import db
from scrutiny.ledger.alike import Held
from scrutiny.ledger.counting import codes_of, figures_of, part_here
from scrutiny.ledger.selection import Ground, Moved, footprints, rows_of_years
from scrutiny.ledger.shares import NONE, Share, shares_each
from scrutiny.ledger.sums import net_years
from scrutiny.peers.places import Places, density, nearest_areas, places_of
from scrutiny.rules.queries import rules
from workflows.peers import Spread, spread
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted of one place in a year. `kinds` has the kinds of body of which every one that answers is counted."""

    area: Area
    net: int
    by_service: Mapping[str, int]
    #: in pence, net of transfers
    by_kind: Mapping[str, int]
    #: by kind of body, before transfers are taken off: what others record does not change it
    kinds: Mapping[str, frozenset[Held]]
    in_part: frozenset[str]
    #: kinds of which some bodies are counted and some are not
    shared: frozenset[str]
    #: kinds whose spending is shared out by people, all or some of it
    bodies: int
    not_counted: int

    @property
    def people(self) -> int:
        """How many live there."""
        return self.area.people or 0

    @property
    def density(self) -> float:
        """People for each square kilometre."""
        return density(self.area)


@dataclass(frozen=True, slots=True)
class Row:
    """One amount for each person here, in pence, beside that of the peers that may be compared; no spread where too few are."""

    part: str
    #: all, kind (of body) or service
    key: str
    own: Fraction
    spread: Spread | None
    number: int
    #: how many peers may be compared
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """A place beside its peers in a year; `looked_at` is how many of the nearest were, counted or not."""

    own: Counted
    year: int
    peers: tuple[Counted, ...]
    looked_at: int
    rows: tuple[Row, ...]

    def is_alike(self, peer: Counted) -> bool:
        """Whether the same kinds of bodies are counted of a peer, in the same way, so that all its spending may be compared."""
        return alike(self.own, peer)


def alike(own: Counted, peer: Counted) -> bool:
    """Whether the sums of two places may be compared: no kind of body is counted in part, and the kinds are the same."""
    return not own.in_part and not peer.in_part and own.kinds == peer.kinds


def compare(area: Area, year: int, *, on: date, by: Actor) -> Compared | None:
    """A place (one area) beside its peers; None where nothing is counted there in the year."""
    near = nearest_areas(area, on)
    places = places_of([area, *near], on, by)
    counted = _counted(places, year, on)
    own = counted.pop(area.code, None)
    if own is None or not own.people:
        return None
    peers = tuple(counted[one.code] for one in near if one.code in counted)
    return Compared(own, year, peers, len(near), tuple(_rows(own, peers)))


def _rows(own: Counted, peers: Sequence[Counted]) -> list[Row]:
    """All spending, then each kind of body, then each service."""
    same = [peer for peer in peers if alike(own, peer)]
    rows = [_row(("all", ""), own, same, lambda one: one.net)]
    order = {key: kind.order for key, kind in rules().agency_kinds.items()}
    for kind in sorted(own.kinds, key=lambda key: (order.get(key, len(order)), key)):
        of_kind = [peer for peer in peers if peer.kinds.get(kind) == own.kinds[kind]]
        rows.append(_row(("kind", kind), own, of_kind, partial(_of_kind, kind)))
    for service in sorted(own.by_service, key=lambda key: (not key, -own.by_service[key], key)):
        rows.append(_row(("service", service), own, same, partial(_of_service, service)))
    return rows


def _of_kind(kind: str, one: Counted) -> int:
    return one.by_kind.get(kind, 0)


def _of_service(service: str, one: Counted) -> int:
    return one.by_service.get(service, 0)


def _row(part: tuple[str, str], own: Counted, peers: Sequence[Counted], of: Callable[[Counted], int]) -> Row:
    amounts = [Fraction(of(peer), peer.people) for peer in peers]
    shared = part[0] == "kind" and part[1] in own.shared
    return Row(*part, Fraction(of(own), own.people), spread(amounts, rules().peers.least), len(amounts), shared)


def _counted(places: Places, year: int, on: date) -> dict[str, Counted]:
    """What is counted of each place in a year, by code; as the page of its own count has it."""
    rows = rows_of_years(places.chosen, {year})
    agencies = {agency for held in places.candidates.values() for agency in held}
    served, kinds = footprints(agencies), _kinds(agencies)
    groups = {codes_of(row, served) for row in rows}
    shares = shares_each(groups, {code: [area] for code, area in places.areas.items()}, on) if groups else {}
    found = {}
    for code in places.areas:
        own = [row for row in rows if row.agency_id in places.candidates[code]]
        taken = net_years(figures_of(own), (year,))[year].taken_off
        parts = _parts(own, taken, served, shares.get(code, {}))
        if parts:
            found[code] = _place(places, code, year, parts, kinds)
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """What of a figure falls to a place, before and after netting, and whether by a share."""

    row: Moved
    gross: int
    net: int
    is_shared: bool


def _parts(
    rows: Sequence[Moved],
    taken: Mapping[int, int],
    served: Mapping[int, tuple[str, ...]],
    shares: Mapping[tuple[str, ...], Share],
) -> list[_Part]:
    """What of each figure falls to a place."""
    found = []
    for row in rows:
        share = shares.get(codes_of(row, served), NONE)
        if share.share and row.direction != "from":
            gross = part_here(row.pence, share.share)
            found.append(_Part(row, gross, gross - part_here(taken.get(row.id, 0), share.share), share.is_apportioned))
    return found


def _place(places: Places, code: str, year: int, parts: Sequence[_Part], kinds: Mapping[int, str]) -> Counted:
    """One place from its parts."""
    by_service: dict[str, int] = defaultdict(int)
    by_kind: dict[str, int] = defaultdict(int)
    for part in parts:
        by_service[part.row.service[:2]] += part.net
        by_kind[kinds[part.row.agency_id]] += part.gross
    bodies = {part.row.agency_id for part in parts}
    missing = [one for one in places.here[code] if one.agency_id not in bodies]
    held = Ground((), frozenset(), places.chosen, ()).held(year, bodies, {}).bodies
    counted: dict[str, set[Held]] = defaultdict(set)
    for body, of_body in held.items():
        counted[kinds[body]].add(of_body)
    in_part = frozenset(counted) & {one.kind for one in missing}
    whole = {kind: frozenset(of_kind) for kind, of_kind in counted.items() if kind not in in_part}
    shared = frozenset(kinds[part.row.agency_id] for part in parts if part.is_shared)
    net = sum(part.net for part in parts)
    return Counted(places.areas[code], net, dict(by_service), dict(by_kind), whole, in_part, shared, len(bodies), len(missing))


def _kinds(agencies: set[int]) -> dict[int, str]:
    """The kind of each body."""
    rows = select(Agency.id, Agency.kind).where(Agency.id.in_(sorted(agencies)))
    return {row.id: row.kind for row in db.session.execute(rows)}
