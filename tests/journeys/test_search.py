"""The names of the real layers typed as people type them: 99 in 100 are among the first three."""

from __future__ import annotations

import gzip
import json
import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from time import perf_counter

import pytest
from flask import Flask
from sqlalchemy import insert

from scrutiny.areas.models import Area, AreaLoad
from scrutiny.extensions import db
from scrutiny.place_lookup.lookup import find
from scrutiny.place_lookup.names import name_index
from scrutiny.transaction import writes_now
from tests.journeys.country.conftest import real

pytestmark = [pytest.mark.data, pytest.mark.slow]
ON = date(2026, 11, 29)
LAYERS = {
    "district": "national/lad24_uk_buc",
    "upper_tier": "national/utla21_uk_buc",
    "police": "national/pfa20_ew_buc",
    "fire": "derived/fire_fra24_from_lsoa21_bgc",
    "icb": "derived/nhs_icb24_from_lsoa21_bgc",
}
#: Eight and a half thousand names beside them, many of which are nearly theirs.
BESIDE = {"ward": "national/wards22_uk_bsc"}


def _names(path: str) -> Iterator[tuple[str, str]]:
    """Code and name of each feature of a layer."""
    text = gzip.decompress(real(f"boundaries/{path}.geojson.gz").read_bytes()).decode()
    for feature in json.loads(text)["features"]:
        values = feature["properties"]
        code = next(value for value in values.values() if re.fullmatch(r"[EWSN]\d{8}", str(value)))
        name = next(value for key, value in values.items() if key.lower().endswith(("name", "nm")))
        yield code, name


@pytest.fixture
def named(app: Flask) -> Iterator[dict[str, dict[str, str]]]:
    """An instance that knows these names; what lies where does not matter here, so all have one square."""
    everything = {kind: dict(_names(path)) for kind, path in {**LAYERS, **BESIDE}.items()}
    square = bytes.fromhex("0103000000") + bytes(4)
    shape = {"shape": square, "min_x": 0, "min_y": 0, "max_x": 1, "max_y": 1, "point_x": 0, "point_y": 0, "square_metres": 1}
    with app.app_context():
        with writes_now():
            at = datetime(2026, 11, 1, tzinfo=UTC)
            load = AreaLoad(kind="names", file_name="names", sha256="0" * 64, loaded_at=at, loaded_by="test")
            db.session.add(load)
            db.session.flush()
            for kind, names in everything.items():
                rows = [
                    {"kind": kind, "code": code, "name": name, "from_on": date(2020, 1, 1), "load_id": load.id, **shape}
                    for code, name in names.items()
                ]
                db.session.execute(insert(Area), rows)
        yield everything


def _case(name: str, dice: random.Random) -> str:
    return dice.choice([str.upper, str.lower, str.swapcase, str.title])(name)


def _accents(name: str, dice: random.Random) -> str:
    """Left out, or typed as two characters; one is put where none is."""
    apart = unicodedata.normalize("NFD", name)
    if apart != name:
        return dice.choice([apart, "".join(one for one in apart if not unicodedata.combining(one))])
    at = dice.choice([place for place, letter in enumerate(name) if letter in "aeiouwy"])
    return f"{name[: at + 1]}\u0302{name[at + 1 :]}"


def _apostrophes(name: str, dice: random.Random) -> str:
    """Another mark, or none; a straight one put before a last s where there is none."""
    if re.search("['’]", name):
        return re.sub("['’]", dice.choice(["’", "'", "", "`", "‘", "ʼ"]), name)
    return re.sub(r"(\w)s\b", r"\1's", name, count=1)


def _ampersand(name: str, _dice: random.Random) -> str:
    return name.replace(" and ", " & ") if " and " in name else name.replace("&", "and")


def _hyphens(name: str, dice: random.Random) -> str:
    """Spaces for hyphens and hyphens for spaces; St with a point."""
    swapped = name.replace("-", " ") if "-" in name else name.replace(" ", dice.choice(["-", "‑", " - "]))
    return re.sub(r"\bSt\b", "St.", swapped)


def _letter(name: str, dice: random.Random) -> str:
    """One letter lost, doubled, changed or swapped with the next."""
    at = dice.choice([place for place, letter in enumerate(name[:-1]) if letter.isalpha() and name[place + 1].isalpha()])
    other = dice.choice("abcdefghijklmnopqrstuvwxyz")
    return dice.choice(
        [
            name[:at] + name[at + 1 :],
            name[: at + 1] + name[at:],
            name[:at] + other + name[at + 1 :],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        ]
    )


WAYS: dict[str, Callable[[str, random.Random], str]] = {
    "case": _case,
    "accents": _accents,
    "apostrophes": _apostrophes,
    "&": _ampersand,
    "hyphens": _hyphens,
    "one letter wrong": _letter,
}


#: Of so many names one is typed; every one of them in `make proof`.
ONE_OF = [pytest.param(5, id="a fifth"), pytest.param(1, id="all", marks=[pytest.mark.proof])]


@pytest.mark.parametrize("one_of", ONE_OF)
def test_careless_names_are_among_the_first_three(
    named: dict[str, dict[str, str]], one_of: int, capsys: pytest.CaptureFixture[str]
) -> None:
    dice = random.Random(20261129)
    table: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    missed: list[str] = []
    began, asked = perf_counter(), 0
    for kind in LAYERS:
        for code, name in list(named[kind].items())[::one_of]:
            for way, spell in WAYS.items():
                for _ in range(3 if way == "one letter wrong" else 1):
                    typed = spell(name, dice)
                    found = find(typed, ON)
                    first = [one.code for one in found.in_order][:3]
                    table[kind][way].append(code in first)
                    asked += 1
                    if code not in first:
                        missed.append(f"{kind}: “{typed}” for {name}: {[one.name for one in found.in_order][:3]}")
    took = (perf_counter() - began) / asked
    with capsys.disabled():
        print(f"\n{len(name_index()._entries):,} names; {asked:,} searches, {took * 1000:.1f} ms each")
        print(f"{'kind':12}{'names':>7}" + "".join(f"{way:>18}" for way in WAYS))
        for kind, ways in table.items():
            shares = "".join(f"{sum(ways[way]):>9,}/{len(ways[way]):<4,}{sum(ways[way]) / len(ways[way]):>4.0%}" for way in WAYS)
            print(f"{kind:12}{len(named[kind]):>7}{shares}")
        print("\n".join(missed[:40]))
    for way in WAYS:
        every = [one for ways in table.values() for one in ways[way]]
        assert sum(every) >= 0.99 * len(every), way
    assert took < 0.1


#: As people write them, and the code of the place meant.
WRITTEN = {
    "King’s Lynn": "E07000146",
    "Kings Lynn": "E07000146",
    "Hammersmith & Fulham": "E09000013",
    "Newcastle-upon-Tyne": "E08000021",
    "Stoke on Trent": "E06000021",
    "St. Albans": "E07000240",
    "Kingston upon Hull, City of": "E06000010",
    "Herefordshire, County of": "E06000019",
    "Hull": "E06000010",
    "Manchester City Council": "E08000003",
    "Leeds council": "E08000035",
    "Cumbria police": "E23000002",
    "Westmoreland": "E06000064",
    "Westmorland & Furness": "E06000064",
    "St Helens": "E08000013",
    "Greater Manchester ICB": "E54000057",
    "Thames Valley constabulary": "E23000029",
    "london borough of camden": "E09000007",
}


@pytest.mark.usefixtures("named")
def test_names_as_people_write_them() -> None:
    """First comes the place meant; a part of a name is offered and never opened; a whole one opens its place."""
    found = {typed: find(typed, ON) for typed in WRITTEN}
    assert {typed: one.in_order[0].code for typed, one in found.items()} == WRITTEN
    opened = {"Manchester City Council", "Leeds council", "Cumbria police", "Kingston upon Hull, City of"}
    assert [typed for typed in opened if not found[typed].sure] == []
    assert [typed for typed in ("None", "Ely", "Bath", "Hull", "Kings Lynn", "ton") if find(typed, ON).sure] == []
