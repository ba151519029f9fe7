"""Profiles of publishers: how their files are read, found by name or by the header of a file, and saved."""

from __future__ import annotations

import re
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.agencies.models import Agency
from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.payments.models import SpendProfile
from scrutiny.spend_files.publishers import Known, header_key
from scrutiny.spend_files.records import Reading, SpendFile
from scrutiny.typed_text import clean_line, folded
from workflows.refusals import Refused
from workflows.roles import Actor

LONGEST_NAME = 120


def profile_called(name: str) -> SpendProfile:
    """The profile of that name; Refused where there is none."""
    found = db.session.scalar(select(SpendProfile).where(SpendProfile.name == clean_line(name)))
    if found is None:
        raise Refused(gettext("There is no profile called “%(name)s”", name=name[:LONGEST_NAME]))
    return found


def profiles_of(agency: Agency) -> list[SpendProfile]:
    """The profiles of a publisher, the newest first."""
    rows = select(SpendProfile).where(SpendProfile.agency_id == agency.id)
    return list(db.session.scalars(rows.order_by(SpendProfile.saved_at.desc(), SpendProfile.id.desc())))


def known_of(agency: Agency) -> tuple[Known, ...]:
    """The profiles of a publisher as a child reads by them, the newest first."""
    return tuple(Known(one.name, one.header, reading_of(one)) for one in profiles_of(agency))


def reading_of(profile: SpendProfile) -> Reading:
    """How a profile reads a file."""
    return Reading(dict(profile.columns), profile.header_row, profile.date_order, profile.decimal_mark, profile.scale)


def save_profile(found: SpendFile, agency: Agency, name: str = "", *, by: Actor, at: datetime) -> SpendProfile:
    """Save how a file was read for the next of its publisher, under a name, or one made of the publisher's.

    A profile of that name and publisher is changed; Refused where the name is another publisher's.
    """
    name = clean_line(name)[:LONGEST_NAME] or _free_name(agency, header_key(found.header))
    there = db.session.scalar(select(SpendProfile).where(SpendProfile.name == name))
    if there is not None and there.agency_id != agency.id:
        raise Refused(gettext("A profile of another body is called “%(name)s”. Choose another name", name=name))
    profile = there or SpendProfile(name=name, agency_id=agency.id, saved_by="", saved_at=at)
    said = found.reading()
    profile.header, profile.columns, profile.header_row = header_key(found.header), dict(said.columns), said.header_row
    # The order of days is decided by each file anew, unless this one left no doubt that the month comes first.
    profile.date_order = said.date_order if said.date_order == "mdy" else ""
    profile.decimal_mark, profile.scale = said.decimal_mark if said.decimal_mark == "," else "", said.scale or 1
    profile.saved_by, profile.saved_at = by.reference, at
    db.session.add(profile)
    db.session.flush()
    note("spend_profile_saved", about=profile.reference, within=agency.reference, by=by, at=at, columns=len(said.columns))
    return profile


def _free_name(agency: Agency, header: str) -> str:
    """A name made of the publisher's, with a number where its other files have another header."""
    stem = re.sub(r"[^a-z0-9]+", "-", folded(agency.name)).strip("-")[: LONGEST_NAME - 6] or f"agency-{agency.id}"
    taken = {one.name: one.header for one in db.session.scalars(select(SpendProfile).where(SpendProfile.name.startswith(stem)))}
    number = 1
    while (name := stem if number == 1 else f"{stem}-{number}") in taken and taken[name] != header:
        number += 1
    return name
