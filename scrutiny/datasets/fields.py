"""The columns of the figures of one source: what each holds, for a person, for Table Schema and for the Fiscal Data Package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext

from scrutiny.ledger.keys import BASES, CONTROLS, DIRECTIONS, GRADES, PHASES, STREAMS


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `kind` is a type of Table Schema; `fiscal` the column type of the Fiscal Data Package, '' where it has none."""

    name: str
    kind: str
    about: Any
    #: said in the language of whoever reads it
    fiscal: str = ""
    among: tuple[str, ...] = ()
    required: bool = False


FIELDS: Final = (
    Column("figure", "integer", lazy_gettext("Number of the figure, unique in this service"), "budget-line-id", required=True),
    Column("body_id", "integer", lazy_gettext("Number of the body that spends"), required=True),
    Column(
        "body",
        "string",
        lazy_gettext("Name of the body that spends"),
        "administrative-classification:generic:level1:label",
        required=True,
    ),
    Column("year", "integer", lazy_gettext("Year in which the financial year begins"), "date:fiscal-year", required=True),
    Column("phase", "string", lazy_gettext("Budget, outturn, audited or payments"), "phase:id", tuple(PHASES), True),
    Column("stream", "string", lazy_gettext("Revenue or capital"), "expenditure-type:code", tuple(STREAMS)),
    Column(
        "service",
        "string",
        lazy_gettext("Division or group of COFOG; empty if not placed"),
        "functional-classification:cofog:code",
    ),
    Column("service_title", "string", lazy_gettext("Title of that division or group"), "functional-classification:cofog:label"),
    Column("division", "string", lazy_gettext("Service division of the councils’ returns")),
    Column("words", "string", lazy_gettext("What the source calls the service"), "unknown:string"),
    Column(
        "area_code", "string", lazy_gettext("Code of the area the money was spent in; empty for the whole area the body serves")
    ),
    Column("pence", "integer", lazy_gettext("Amount in pence: spending above zero, refunds below"), required=True),
    Column("amount", "number", lazy_gettext("The same amount in pounds"), "value", required=True),
    Column(
        "direction",
        "string",
        lazy_gettext("A transfer: paid to another body, or received from it (not spending)"),
        "",
        tuple(filter(None, DIRECTIONS)),
    ),
    Column("other_body", "string", lazy_gettext("Name of the other body of a transfer"), "recipient:generic:name"),
    Column("control", "string", lazy_gettext("Who decides how the money is spent"), "", tuple(filter(None, CONTROLS))),
    Column("ring_fence", "string", lazy_gettext("What the money may only be spent on")),
    Column("basis", "string", lazy_gettext("How the figure came to its area"), "", tuple(BASES)),
    Column("weight", "string", lazy_gettext("The weight it was apportioned by")),
    Column("base_year", "integer", lazy_gettext("Year of the people, land or weight it was apportioned by")),
    Column("error_note", "string", lazy_gettext("What is known of the error of apportioning")),
    Column(
        "share", "number", lazy_gettext("Share of the service’s spending that is covered, from 0 to 1; empty if as the source’s")
    ),
    Column("confidence", "string", lazy_gettext("A (audited) to D (an estimate)"), "", tuple(GRADES), True),
    Column("sheet", "string", lazy_gettext("Sheet of the source’s file")),
    Column(
        "row", "integer", lazy_gettext("Row of the source’s file, the first is 1; the first of them if several were added up")
    ),
    Column("rows", "integer", lazy_gettext("How many rows of the file were added up"), required=True),
)
COLUMNS: Final = tuple(column.name for column in FIELDS)
