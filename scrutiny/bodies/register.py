"""Many bodies at once, from CSV: slug,name,kind,host_agency,nation; whole or not at all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.agencies.models import Agency, AgencyCode
from scrutiny.agencies.queries import agencies_by_id, agencies_called
from scrutiny.bodies import queries, service
from scrutiny.bodies.models import Body
from scrutiny.bodies.service import FIELDS, BodyDetails
from scrutiny.extensions import db
from scrutiny.file_reading.tables import read_csv
from scrutiny.typed_text import folded
from workflows.refusals import Refused
from workflows.roles import Actor
from workflows.written_days import read_day

NEEDED = ("slug", "name", "kind")
#: columns of days that may be left out, and what each says
DAYS = {"from": "from_on", "to": "to_on", "legal_from": "legal_from", "legal_to": "legal_to", "elected_from": "elected_from"}
#: kinds whose powers hang on the council they belong to
OF_A_COUNCIL = ("council-committee", "health-committee", "crime-committee")


@dataclass
class Loaded:
    """What a loading did: slugs added and changed, how many stayed as they were, and warnings."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    warnings: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many bodies were read."""
        return len(self.added) + len(self.changed) + self.unchanged

    def as_json(self) -> dict[str, object]:
        """For --json."""
        return {
            "loaded": self.count,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "warnings": self.warnings,
        }


def load_bodies(content: bytes, file_name: str, *, by: Actor, at: datetime) -> Loaded:
    """Load bodies: those known by their slug are brought to what the file says, others added. Refused whole, with the line."""
    try:
        table = read_csv(content)
    except Refused as refused:
        raise Refused(f"{file_name}: {refused}") from None
    header = tuple(name.strip().casefold() for name in table.header)
    if missing := [name for name in NEEDED if name not in header]:
        names = "slug,name,kind,host_agency,nation"
        raise Refused(
            gettext(
                "%(file_name)s has no column %(missing)s: its first row must name %(names)s",
                file_name=file_name,
                missing=" or ".join(missing),
                names=names,
            )
        )
    if not table.rows:
        raise Refused(gettext("%(file_name)s has a header but no rows: add one row for each body", file_name=file_name))
    loaded, lines = Loaded(warnings=list(table.notes)), dict[str, int]()
    for line, cells in zip(table.lines, table.rows, strict=True):
        row = dict(zip(header, [*cells, *[""] * len(header)], strict=False))
        try:
            if row["slug"] in lines:
                raise Refused(
                    gettext("the slug %(row)s is also on line %(lines)s: keep one", row=row["slug"], lines=lines[row["slug"]])
                )
            lines[row["slug"]] = line
            _keep(row, line, loaded, by=by, at=at)
        except Refused as refused:
            raise Refused(
                gettext(
                    "%(file_name)s was not loaded. Line %(line)s: %(refused)s", file_name=file_name, line=line, refused=refused
                )
            ) from None
    return loaded


def _keep(row: dict[str, str], line: int, loaded: Loaded, *, by: Actor, at: datetime) -> None:
    """Bring one body to what its row says, or add it."""
    body = queries.body(row["slug"])
    host = host_agency(row["host_agency"]) if row.get("host_agency") else None
    if host is None and row["kind"] in OF_A_COUNCIL and not (body and body.host_agency_id):
        loaded.warnings.append(
            gettext(
                "Line %(line)s: %(row)s has no host agency, so no power of its council is found for it",
                line=line,
                row=row["name"],
            )
        )
    details = replace(
        details_of(body) if body else BodyDetails("", "", ""),
        slug=row["slug"],
        name=row["name"],
        kind=row["kind"],
        nation=row.get("nation") or "england",
    )
    if "host_agency" in row:
        details = replace(details, host_agency_id=host.id if host else None)
    days: dict[str, Any] = {fact: _day(row[column], column) for column, fact in DAYS.items() if column in row}
    details = replace(details, **days)
    if body is None:
        service.add_body(details, by=by, at=at)
        loaded.added.append(details.slug)
    elif service.edit_body(body, details, by=by, at=at):
        loaded.changed.append(body.slug)
    else:
        loaded.unchanged += 1


def _day(text: str, column: str) -> date | None:
    """A date, or None where the cell is empty."""
    day = read_day(text)
    if text and day is None:
        raise Refused(gettext("“%(text)s” under %(column)s is not a date: write it as 2024-04-01", text=text, column=column))
    return day


def details_of(body: Body) -> BodyDetails:
    """What is said of a body now."""
    return BodyDetails(**{field: getattr(body, field) for field in FIELDS})


class NotOneAgency(Refused):
    """No agency, or more than one, has a code or name; whoever asks adds the remedy of their own page or file."""

    def __init__(self, text: str, *, several: bool) -> None:
        """The code or name as written."""
        who = gettext("more than one agency has") if several else gettext("no agency has")
        self.fault = gettext("%(who)s the code or name “%(text)s”", who=who, text=text)
        super().__init__(gettext("%(fault)s: load its agency first, or write the code it has", fault=self.fault))


def agencies_meant(texts: Collection[str]) -> dict[str, Agency | NotOneAgency]:
    """The agency meant by each text, which is a code or a name of it; else why there is none. A few statements for all."""
    wanted = set(texts)
    ids: dict[str, set[int]] = {text: set() for text in wanted}
    for code, agency_id in db.session.execute(select(AgencyCode.code, AgencyCode.agency_id).where(AgencyCode.code.in_(wanted))):
        ids[code].add(agency_id)
    called = agencies_called(wanted)
    for text in wanted:
        if (named := called.get(folded(text))) is not None:
            ids[text].add(named.id)
    found = agencies_by_id(sorted(set().union(*ids.values())))
    return {
        text: found[next(iter(keys))] if len(keys) == 1 else NotOneAgency(text, several=bool(keys)) for text, keys in ids.items()
    }


def host_agency(text: str) -> Agency:
    """The agency meant: by a code of it, or by its name."""
    meant = agencies_meant([text])[text]
    if isinstance(meant, NotOneAgency):
        raise meant
    return meant
