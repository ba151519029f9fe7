"""What a mapped register gives: the rows that can be loaded, those that cannot, and those that are loaded without all of it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from enum import Enum

from flask_babel import gettext

LONGEST_NAME, LONGEST_CODE = 300, 80


class Why(Enum):
    """Why a row is skipped, or what of a row that is loaded is not."""

    NO_NAME = "no_name"
    ENDED = "ended"
    NO_KIND = "no_kind"
    NO_CODE = "no_code"
    NAME_TWICE = "name_twice"
    CODE_TWICE = "code_twice"
    THERE = "there"
    NAME_TAKEN = "name_taken"
    NAME_CUT = "name_cut"
    CODE_CUT = "code_cut"
    ADDRESS_LEFT_OUT = "address_left_out"
    CELLS_LEFT_OUT = "cells_left_out"

    @property
    def words(self) -> str:
        """The reason in words, as it stands after the row."""
        return {
            Why.NO_NAME: gettext("it has no name"),
            Why.ENDED: gettext("it has ended"),
            Why.NO_KIND: gettext("its kind is not known: choose a kind for such rows"),
            Why.NO_CODE: gettext("it has no code"),
            Why.NAME_TWICE: gettext("its name is that of another row"),
            Why.CODE_TWICE: gettext("its code is that of another row"),
            Why.THERE: gettext("it is there already"),
            Why.NAME_TAKEN: gettext("an agency of that name is there already, with another code"),
            Why.NAME_CUT: gettext("its name is cut after %(most)s characters", most=LONGEST_NAME),
            Why.CODE_CUT: gettext("its code is cut after %(most)s characters", most=LONGEST_CODE),
            Why.ADDRESS_LEFT_OUT: gettext("its email address is left out, because we cannot write to it"),
            Why.CELLS_LEFT_OUT: gettext("it has more cells than the file has columns, and the last are left out"),
        }[self]


#: A row by its line and name, and what is said of it.
Noted = tuple[int, str, Why]


@dataclass(frozen=True, slots=True)
class Mapped:
    """The rows that can be loaded, as (line, name, kind, scheme, code, area, email), and the skipped ones with why.

    `lessened` are rows that are loaded, but not with all that stands there; `unused` the columns that nothing is read from, with
    how many rows have something in them.
    """

    rows: tuple[tuple[int, str, str, str, str, str, str], ...]
    skipped: tuple[Noted, ...]
    lessened: tuple[Noted, ...] = ()
    unused: tuple[tuple[str, int], ...] = ()

    @property
    def reasons(self) -> list[tuple[Why, int]]:
        """How many rows were skipped for each reason, the most first."""
        return Counter(why for _, _, why in self.skipped).most_common()

    @property
    def losses(self) -> list[tuple[Why, int]]:
        """How many rows are loaded without what, the most first."""
        return Counter(why for _, _, why in self.lessened).most_common()

    def csv(self) -> bytes:
        """The rows as a register of ours."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(("name", "kind", "code", "scheme", "area_codes", "email"))
        writer.writerows((name, kind, code, scheme, area, email) for _, name, kind, scheme, code, area, email in self.rows)
        return out.getvalue().encode()
