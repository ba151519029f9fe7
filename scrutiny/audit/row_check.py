"""The rows of the database held against the seals their deeds left: changed, gone or put there by other hands."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Mapper

from scrutiny.audit import reading, sealed_rows, sealed_together
from scrutiny.audit.models import AuditEntry, AuditSeal
from scrutiny.extensions import Base

#: Where a row and its seal stand: number of the deed, salt, digest.
Seal = tuple[int, str, str]


@dataclass(slots=True)
class Checked:
    """What a look at the rows found: `faults` and `notes` in sentences, and how many rows were looked at."""

    rows: int = 0
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Trail:
    """What the trail says: the digest each deed has of its own seals, the records named, and whether every row has a seal."""

    sealed: dict[int, str] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    complete: bool = False


def check() -> Checked:
    """Look at every row that is sealed, and whether those of other tables can be read."""
    checked = Checked()
    trail = _trail()
    newest = _newest_seals(trail, checked)
    for mapper in sealed_rows.models():
        named = None if trail.complete else trail.named
        check_table(mapper, newest.get(sealed_rows.table_of(mapper).name, {}), checked, named)
    looked = sealed_together.check()
    checked.rows += looked.rows
    checked.faults += looked.faults
    checked.notes += looked.notes
    _check_other_tables(checked)
    return checked


def newest_seals() -> dict[str, dict[str, Seal]]:
    """The newest seal of each row, by its table and its reference."""
    return _newest_seals(_trail(), Checked())


def unsealed() -> dict[str, set[reading.Key]]:
    """The rows that no deed has sealed, by their tables: they were made before deeds did so, or put there by other hands."""
    newest = newest_seals()
    found: dict[str, set[reading.Key]] = {}
    for mapper in sealed_rows.models():
        name = sealed_rows.table_of(mapper).name
        there = reading.keys(sealed_rows.table_of(mapper))
        keys = {key for key in there if sealed_rows.reference(name, key) not in newest.get(name, {})}
        if keys:
            found[name] = keys
    return found


def unaccounted() -> list[str]:
    """The rows without a seal that only a deed makes, and no row of the trail is about; in sentences."""
    named, rest = _trail().named, unsealed()
    found = []
    for mapper in sealed_rows.models():
        table = sealed_rows.table_of(mapper)
        for key, values in reading.rows(table, sorted(rest.get(table.name, ()))):
            if not isinstance(values, str) and (fault := _unaccounted(mapper, key, values, named)):
                found.append(fault)
    return found


def _unaccounted(mapper: Mapper[Any], key: reading.Key, values: reading.Values, named: Collection[str]) -> str:
    """That no row of the trail is about what this row belongs to, in a sentence; '' where one is, or none need be."""
    record: str = mapper.class_.deed_about(values)
    if not record or record in named:
        return ""
    about = sealed_rows.reference(sealed_rows.table_of(mapper).name, key)
    return gettext("%(about)s is there, and no row of the trail is about %(record)s", about=about, record=record)


def is_complete() -> bool:
    """Whether every row is sealed, as the trail has it."""
    return _trail().complete


def _trail() -> Trail:
    """What the deeds say of seals. A row of the trail that cannot be read is a fault of its own, told by the chain."""
    found = Trail()
    for _, values in reading.rows(AuditEntry.__table__):  # type: ignore[arg-type]  # SQLAlchemy types it as any FromClause
        if isinstance(values, str):
            continue
        found.named.add(values["about"])
        fields = json.loads(values["fields"])
        if not isinstance(fields, dict):
            continue
        if sealed_rows.SEALED in fields:
            found.sealed[values["number"]] = str(fields[sealed_rows.SEALED])
        found.complete |= fields.get(sealed_rows.COMPLETE) is True
    return found


def _newest_seals(trail: Trail, checked: Checked) -> dict[str, dict[str, Seal]]:
    """The newest seal of each row; what is wrong with the seals of a deed is put among the faults."""
    newest: dict[str, dict[str, Seal]] = {}
    left = dict(trail.sealed)
    for number, seals in _seals_of_deeds(checked):
        for about, seal in seals.items():
            newest.setdefault(about.partition(":")[0], {})[about] = (number, *seal)
        if left.pop(number, "") != sealed_rows.digest_of_seals(seals):
            checked.faults.append(gettext("The seals of row %(number)s of the trail are not those it left", number=number))
    for number in left:
        checked.faults.append(gettext("The seals of row %(number)s of the trail are gone", number=number))
    return newest


def _seals_of_deeds(checked: Checked) -> Iterator[tuple[int, sealed_rows.Seals]]:
    """The seals of each deed, in the order of deeds."""
    number, seals = 0, sealed_rows.Seals()
    for key, values in reading.rows(AuditSeal.__table__):  # type: ignore[arg-type]  # SQLAlchemy types it as any FromClause
        if isinstance(values, str):
            checked.faults.append(_unreadable(AuditSeal.__tablename__, key, values))
            continue
        if values["entry"] != number and seals:
            yield number, seals
            seals = {}
        number = values["entry"]
        seals[values["about"]] = (values["salt"], values["digest"])
    if seals:
        yield number, seals


def check_table(mapper: Mapper[Any], newest: dict[str, Seal], checked: Checked, named: Collection[str] | None = None) -> None:
    """Every row of a table against its newest seal. Each must have one, or where some may have none the records `named`."""
    table, before, left = sealed_rows.table_of(mapper), 0, dict(newest)
    for key, values in reading.rows(table):
        checked.rows += 1
        about = sealed_rows.reference(table.name, key)
        seal = left.pop(about, None)
        if isinstance(values, str):
            checked.faults.append(_unreadable(table.name, key, values))
        elif seal is None and named is not None:
            fault = _unaccounted(mapper, key, values, named)
            checked.faults += [fault] if fault else []
            before += not fault
        elif seal is None:
            checked.faults.append(gettext("%(about)s is there, and no deed made it", about=about))
        elif not seal[2]:
            there = gettext("%(about)s is there, though row %(number)s of the trail removed it", about=about, number=seal[0])
            checked.faults.append(there)
        elif sealed_rows.digest_of(seal[1], sealed_rows.plain(mapper, values)) != seal[2]:
            changed = gettext(
                "%(about)s was changed without a deed: row %(number)s of the trail was the last to write it",
                about=about,
                number=seal[0],
            )
            checked.faults.append(changed)
    for about, (number, _, digest) in left.items():
        if digest:
            gone = gettext(
                "%(about)s is gone, and no deed removed it: row %(number)s of the trail was the last to write it",
                about=about,
                number=number,
            )
            checked.faults.append(gone)
    if before:
        checked.notes.append(_made_before(table.name, before))


def _made_before(table: str, count: int) -> str:
    """That some rows of a table were made before there were seals."""
    return ngettext(
        "%(num)s row of %(table)s was made before deeds sealed what they write, and is not sealed",
        "%(num)s rows of %(table)s were made before deeds sealed what they write, and are not sealed",
        count,
        table=table,
    )


def _check_other_tables(checked: Checked) -> None:
    """The rows of tables that are not sealed need only be readable."""
    others = {sealed_rows.table_of(mapper).name for mapper in (*sealed_rows.models(), *sealed_together.models())}
    others.add(AuditSeal.__tablename__)
    for table in Base.metadata.sorted_tables:
        if table.name in others or table.name in NOT_READ:
            continue
        for key, values in reading.rows(table):
            if isinstance(values, str):
                checked.faults.append(_unreadable(table.name, key, values))


#: Areas, their people and postcodes are loaded from files, by the million; the trail reads its own rows.
NOT_READ = {"area", "area_overlap", "area_lineage", "small_area_people", "postcode", AuditEntry.__tablename__}


def _unreadable(table: str, key: reading.Key, why: str) -> str:
    """That a row cannot be read, and why, in a sentence."""
    return reading.unreadable(sealed_rows.reference(table, key), why)
