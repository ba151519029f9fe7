"""Many people at once, from CSV: name,email,body,agency,role; what each row will do is said first, and of a list with a
fault nothing is done. What is right is done a few rows at a time, so that others can write: each row is a deed of its own."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from secrets import token_hex

from flask_babel import gettext, ngettext

from scrutiny.accounts.queries import people_by_email
from scrutiny.accounts.service import address_of
from scrutiny.adapters import fitted
from scrutiny.agencies.models import Agency
from scrutiny.bodies import queries, service
from scrutiny.bodies.access import PEOPLE_LIST
from scrutiny.bodies.models import Body
from scrutiny.bodies.register import NotOneAgency, agencies_meant
from scrutiny.extensions import db
from scrutiny.file_reading.tables import CsvTable, read_csv
from scrutiny.formats import listed
from scrutiny.transaction import run_in_turn
from scrutiny.typed_text import address_fault, clean_line, folded
from scrutiny.work.claims import Progress
from workflows.refusals import Refused
from workflows.roles import AGENCY_ROLES, BODY_ROLES, LABELS, Actor, Appointment

COLUMNS = ("name", "email", "body", "agency", "role")
#: Rows one file may have: each is a letter.
MOST_ROWS = 2000
#: Rows done in one transaction: each words a letter, and others who write wait meanwhile.
AT_ONCE = 20
#: What a spreadsheet would run.
FORMULA = ("=", "+", "-", "@", "'=", "'+", "'-", "'@")
INVITE, LET_IN, JOIN, NOTHING = "invite", "let_in", "join", "nothing"


class FaultyList(Refused):
    """A list of people that cannot be loaded, with a sentence for each fault."""

    def __init__(self, faults: list[str]) -> None:
        """The faults, by line."""
        super().__init__(" ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: who, in what body or agency, in which role; and what loading it does."""

    line: int
    name: str
    email: str
    owner: Body | Agency
    role: str
    deed: str = NOTHING
    known_as: str = ""
    """The name under which somebody is known already, where the list has another."""


def plan_people(content: bytes, file_name: str, *, on: date) -> tuple[Row, ...]:
    """What each row of a list would do on a day. FaultyList where any row is wrong, with its line and remedy."""
    try:
        table = read_csv(content, most_rows=MOST_ROWS, ragged=True)
    except Refused as refused:
        raise FaultyList([f"{file_name}: {refused}"]) from None
    header = [re.sub(r"[\s-]+", "_", name.strip().casefold()) for name in table.header]
    missing = [name for name in ("name", "email", "role") if name not in header]
    if not {"body", "agency"} & set(header):
        missing.append(gettext("body or agency"))
    if missing:
        raise FaultyList(
            [
                gettext(
                    "%(file)s has no column %(missing)s. Its first row must be %(columns)s",
                    file=file_name,
                    missing=listed(missing),
                    columns=",".join(COLUMNS),
                )
            ]
        )
    faults: list[str] = []
    rows = list(_rows(replace(table, header=tuple(header)), faults, on))
    if not rows and not faults:
        faults.append(gettext("%(file)s has no rows under its header. Add one row for each person", file=file_name))
    if faults:
        raise FaultyList(faults)
    return tuple(_with_deeds(rows, on))


def _rows(table: CsvTable, faults: list[str], on: date) -> Iterator[Row]:
    """Each row that is right; what is wrong with the others is added to the faults."""
    names: dict[str, tuple[int, str]] = {}
    seen: dict[tuple[str, str, str], int] = {}
    records = [(line, {key: clean_line(text) for key, text in cells.items()}) for line, cells in table.records()]
    owners = _Owners(on, {cells["agency"] for _, cells in records if cells.get("agency")})
    for line, cells in records:
        found: list[str] = []
        row = _row(line, cells, owners, found.append)
        if row is not None:
            first, name = names.setdefault(row.email, (line, row.name))
            if folded(name) != folded(row.name):
                found.append(
                    gettext("line %(line)s calls %(email)s %(name)s. Use one name", line=first, email=row.email, name=name)
                )
            again = seen.setdefault((row.email, row.owner.reference, row.role), line)
            if again != line:
                found.append(gettext("line %(line)s says the same. Keep one of the two", line=again))
        faults += [gettext("Line %(line)s: %(fault)s", line=line, fault=fault) for fault in found]
        if row is not None and not found:
            yield row


def _row(line: int, cells: dict[str, str], owners: _Owners, fault: Callable[[str], None]) -> Row | None:
    """One row; `fault` is called with each thing wrong, and the row is None where there is any."""
    wrong: list[str] = []
    name, email = cells["name"], cells["email"]
    if not name:
        wrong.append(gettext("enter the person’s name"))
    wrong += [
        gettext("“%(text)s” begins as a formula does. Remove the first character", text=text)
        for text in (name, email)
        if text.startswith(FORMULA)
    ]
    if len(name) > 200:
        wrong.append(gettext("use a name of 200 characters or fewer"))
    if why := address_fault(email):
        wrong.append(gettext("“%(email)s” cannot be written to. %(why)s", email=email, why=why))
    owner = role = None
    try:
        owner = owners.find(cells.get("body", ""), cells.get("agency", ""))
        role = _role(cells["role"], BODY_ROLES if isinstance(owner, Body) else AGENCY_ROLES)
    except Refused as refused:
        wrong.append(refused.sentence)
    for sentence in wrong:
        fault(sentence)
    if wrong or owner is None or role is None:
        return None
    return Row(line, name, address_of(email), owner, role)


def _role(text: str, roles: tuple[str, ...]) -> str:
    """The role meant, by its key or as pages say it; Refused where the body or agency has none such."""
    found = next((role for role in roles if folded(text) in (folded(role), folded(str(LABELS[role])))), None)
    if found is None:
        choices = listed([str(LABELS[role]).lower() for role in roles])
        raise Refused(gettext("there is no role “%(text)s” there. Use one of: %(choices)s", text=text, choices=choices))
    return found


class _Owners:
    """The bodies and agencies a list names, all looked up at once."""

    def __init__(self, on: date, agencies: Collection[str]) -> None:
        """`on` is the day from which people join; `agencies` are the codes and names of agencies in the list."""
        self._on = on
        self._bodies = {key: body for body in queries.bodies_by_name() for key in (folded(body.slug), folded(body.name))}
        self._agencies = agencies_meant(agencies)

    def find(self, body: str, agency: str) -> Body | Agency:
        """The body or the agency, whichever is named; Refused where none or both are, or it has ended."""
        if bool(body) == bool(agency):
            raise Refused(gettext("fill in either body or agency"))
        owner: Body | Agency | None = self._bodies.get(folded(body)) if body else self._agency(agency)
        if owner is None:
            raise Refused(gettext("there is no body “%(body)s”. Use its name or short name as under Bodies that ask", body=body))
        last = owner.legal_to or owner.to_on
        if last is not None and last < self._on:
            raise Refused(gettext("%(name)s has ended. Name the one that followed it", name=owner.name))
        return owner

    def _agency(self, text: str) -> Agency:
        """The agency that has the code or name."""
        meant = self._agencies[text]
        if isinstance(meant, NotOneAgency):
            raise Refused(gettext("%(fault)s. Add it first, or use the code it has", fault=meant.fault))
        return meant


def _with_deeds(rows: list[Row], on: date) -> Iterator[Row]:
    """The rows with what loading each does, given the rows before it."""
    met: set[str] = set()
    people = people_by_email(row.email for row in rows)
    held = queries.memberships_of([person.id for person in people.values()])
    for row in rows:
        person = people.get(row.email)
        if person is None or not person.active:
            deed = JOIN if row.email in met else INVITE if person is None else LET_IN
        else:
            has = any(
                queries.owner_of(one) == row.owner and one.role == row.role and (one.to_on is None or one.to_on >= on)
                for one in held[person.id]
            )
            deed = NOTHING if has else JOIN
        met.add(row.email)
        known_as = person.name if person is not None and folded(person.name) != folded(row.name) else ""
        yield replace(row, deed=deed, known_as=known_as)


def keep_list(content: bytes, name: str, *, by: Actor, at: datetime) -> int:
    """Keep a list aside for an hour, to be looked at and confirmed; its number."""
    aside = token_hex(16)
    kept = fitted.files().aside(aside).keep(content)
    task = {"aside": aside, "sha256": kept.sha256}
    row = Progress(kind=PEOPLE_LIST, title=name[:300], task=task, state="done", started_by=by.reference, started_at=at)
    db.session.add(row)
    db.session.flush()
    return row.id


def load_people(rows: tuple[Row, ...], *, by: Actor, at: datetime, on: date) -> tuple[tuple[Row, ...], str]:
    """Do what the rows say, a few in each transaction: invite whoever is new, and give everybody their role from a day.

    The rows that were done, and why the next was refused, '' where none was: the list is sent again for the rest, and what is
    done by then changes nothing.
    """
    parts = [rows[begin : begin + AT_ONCE] for begin in range(0, len(rows), AT_ONCE)]
    done, refused = run_in_turn(partial(_load_part, part, by, at, on) for part in parts)
    return tuple(row for part in done for row in part), refused


def _load_part(rows: tuple[Row, ...], by: Actor, at: datetime, on: date) -> tuple[Row, ...]:
    """Some of the rows, whole or not at all."""
    for row in rows:
        if row.deed != NOTHING:
            service.invite(row.email, row.name, service.InvitedAs(row.owner, Appointment(row.role, on)), by=by, at=at)
    return rows


def mark_of(rows: tuple[Row, ...]) -> str:
    """What tells one plan from another: whoever confirms has seen this one."""
    said = [(row.email, row.name, row.owner.reference, row.role, row.deed) for row in rows]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def in_words(rows: tuple[Row, ...], *, done: bool = False) -> list[str]:
    """What loading does, or did, in sentences."""
    deeds = Counter(row.deed for row in rows)
    invited, roles = deeds[INVITE] + deeds[LET_IN], len(rows) - deeds[NOTHING]
    if done:
        told = [
            ngettext("%(num)d person invited by email.", "%(num)d people invited by email.", invited),
            ngettext("%(num)d role added.", "%(num)d roles added.", roles),
        ]
    else:
        told = [
            ngettext("%(num)d person will be invited by email.", "%(num)d people will be invited by email.", invited),
            ngettext("%(num)d role will be added.", "%(num)d roles will be added.", roles),
        ]
    if deeds[NOTHING]:
        told.append(ngettext("%(num)d row changes nothing.", "%(num)d rows change nothing.", deeds[NOTHING]))
    return told
