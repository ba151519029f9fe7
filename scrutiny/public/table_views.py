"""What is published, as tables to download."""

from __future__ import annotations

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from scrutiny.doors import public
from scrutiny.formats import london_day
from scrutiny.pages import now
from scrutiny.public import tables

blueprint = Blueprint("tables", __name__)


@blueprint.get("/data/agencies.csv")
@public
def agencies_csv() -> ResponseReturnValue:
    """Agencies as a table."""
    return _csv(tables.agencies_csv(), "agencies")


@blueprint.get("/data/recommendations.csv")
@public
def recommendations_csv() -> ResponseReturnValue:
    """Recommendations as a table."""
    return _csv(tables.recommendations_csv(london_day(now())), "recommendations")


@blueprint.get("/data/findings.csv")
@public
def findings_csv() -> ResponseReturnValue:
    """Findings that have been published, as a table."""
    return _csv(tables.findings_csv(), "findings")


@blueprint.get("/data/reports.csv")
@public
def reports_csv() -> ResponseReturnValue:
    """Reports as a table."""
    return _csv(tables.reports_csv(), "reports")


def _csv(content: bytes, name: str) -> ResponseReturnValue:
    """A table as a download."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(content, mimetype="text/csv", headers=headers)
