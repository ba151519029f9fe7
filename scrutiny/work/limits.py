"""How often something may be tried: by network first, then in all, and only then by whom it would be done to.

Counted in the database, so that every process counts together. A try that is refused is not counted against its victim,
so nobody can keep another shut out by trying on. What is kept are keyed hashes, for a day.
"""

from __future__ import annotations

import ipaddress
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from scrutiny.adapters.keyed_hash import keyed_hash
from scrutiny.extensions import Key, Model, db
from scrutiny.transaction import take_turn

KEPT = timedelta(days=1)
#: The network around an address (/24, or /48 of IPv6) may try so many times what one address may.
WIDE = 4
#: Whoever's browser has solved a puzzle may try as often again as this many browsers that have not.
WORKED = 10
#: More tries than these are never under way at once.
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many tries within a time: from one network address, in all, and against one victim (0: there is none)."""

    name: str
    within: timedelta
    of_network: int
    in_all: int
    of_victim: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a try may go on; where not, what was used up ('network', 'all', 'victim'), the last try, and when to come back."""

    refused: str = ""
    last_at: datetime | None = None
    again_at: datetime | None = None

    def __bool__(self) -> bool:
        return not self.refused


class Attempt(Model):
    """A try that was let through, counted to slow down the next; who it came from or was for is kept as a hash."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[Key]
    who: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)


def networks_of(address: str) -> tuple[str, str]:
    """The network somebody comes from and the wider one around it: an address and its /24, or a /64 and its /48 of IPv6."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown", "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is None:
            return tuple(str(ipaddress.ip_network((ip, bits), strict=False)) for bits in (64, 48))  # type: ignore[return-value]  # two of them
        ip = ip.ipv4_mapped
    return str(ip), str(ipaddress.ip_network((ip, 24), strict=False))


def may_try(limit: Limit, victim: str, network: str, *, at: datetime, worked: bool = False) -> Verdict:
    """Count one try from a network address, and say whether it may go on. `victim` is '' where it is done to nobody.

    `worked` says that a puzzle was solved for this try (`work.puzzles`): more then come from one network, and in all.
    """
    db.session.execute(delete(Attempt).where(Attempt.at < at - KEPT))
    near, wide = networks_of(network)
    of_network, in_all = (most * WORKED if worked else most for most in (limit.of_network, limit.in_all))
    # Tries that were worked for have a count in all of their own: nobody uses up that of others by solving puzzles.
    everybody = "all worked" if worked else "all"
    rings = [
        ("network", f"network:{near}", of_network),
        ("network", f"wide:{wide}", of_network * WIDE),
        ("all", everybody, in_all),
    ]
    if victim and limit.of_victim:
        rings.append(("victim", f"victim:{victim}", limit.of_victim))
    for name, what, most in rings:  # always in this order, so that nobody who waits for a turn is waited for
        if used_up := _used_up(limit, what, most, at=at):
            if name == "victim":  # whoever goes on about one victim uses up their own network, never the victim's
                _count(limit, rings[:2], at)
            return Verdict(name, last_at=used_up[0], again_at=used_up[1] + limit.within)
    _count(limit, rings, at)
    return Verdict()


def _count(limit: Limit, rings: list[tuple[str, str, int]], at: datetime) -> None:
    """Keep a try under each of these."""
    db.session.add_all([Attempt(who=_hashed(limit, what), at=at) for _, what, _ in rings])
    db.session.flush()


def _used_up(limit: Limit, what: str, most: int, *, at: datetime) -> tuple[datetime, datetime] | None:
    """The last try counted under this, and the one that must be over before another may go on; None while more may."""
    counted = Attempt.who == _hashed(limit, what), Attempt.at > at - limit.within
    count = select(func.count()).where(*counted)
    tries = db.session.scalar(count) or 0
    if tries > most - AT_ONCE:  # near its end others who try now are waited for, and what they counted is seen
        take_turn(f"limit:{limit.name}:{what}")
        tries = db.session.scalar(count) or 0
    if tries < most:
        return None
    newest = select(Attempt.at).where(*counted).order_by(Attempt.at.desc())
    last, first = (db.session.scalars(newest.offset(before).limit(1)).one() for before in (0, most - 1))
    return last, first


def _hashed(limit: Limit, what: str) -> str:
    """A hash nobody without SECRET_KEY can turn back by trying every address."""
    return keyed_hash(current_app.config["SECRET_KEY"], limit.name, what).hex()


class Gate:
    """So many calls a minute from one network, counted in this process: for what only reads, where rows would cost more."""

    def __init__(self, a_minute: int) -> None:
        self.a_minute = a_minute
        self.minute = 0
        self.calls: Counter[str] = Counter()
        self.counting = threading.Lock()

    def seconds_to_wait(self, network: str, clock: float) -> int:
        """Count one call at a second of some clock; 0 where it may go on, else how long to wait."""
        minute, seconds = divmod(int(clock), 60)
        near, wide = networks_of(network)
        with self.counting:
            if minute != self.minute:
                self.minute, self.calls = minute, Counter()
            self.calls[near] += 1
            if wide != near:
                self.calls[wide] += 1
            over = self.calls[near] > self.a_minute or self.calls[wide] > self.a_minute * WIDE
        return 60 - seconds if over else 0
