"""Every signature that was given is still there: the trail has the digest of what was signed."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask
from flask_babel import gettext
from sqlalchemy import select

from scrutiny.audit import held, queries
from scrutiny.extensions import db
from scrutiny.reports.models import Signature


def init_app(app: Flask) -> None:
    """The check of the seals looks at signatures too."""
    if seals not in held.sources():
        held.seals(seals)


def seals() -> Iterator[held.Seal]:
    """The signatures that are gone."""
    there = {(f"review:{review}", digest) for review, digest in db.session.execute(select(Signature.review_id, Signature.digest))}
    for about, fields in queries.noted("review_signed"):
        if (about, fields.get("digest")) not in there:
            yield held.Seal(about, gettext("A signature of %(about)s is gone, though no deed removed it", about=about), "")
