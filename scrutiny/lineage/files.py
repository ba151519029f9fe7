"""What became of codes, read from a table of lineage, ONS pairs of years, GeoLookups or the mySociety register; pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask_babel import gettext

from scrutiny.geography.census import CENSUS_DAYS
from workflows.refusals import Refused
from workflows.written_days import read_day

TYPES = ("recode", "merge", "split", "boundary")
#: shares of one old area may miss 1 by this much: published shares are rounded
ROUNDING = 0.0005
# The nine-character codes took the place of the older ones on this day.
GSS_DAY = date(2011, 1, 1)
PAIR = re.compile(r"([a-z]+)(\d\d)_?(?:code|cd)")
CODE = re.compile(r"[A-Za-z0-9]{3,12}")
SMALL = ("lsoa", "msoa", "oa")

Records = Sequence[tuple[int, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Link:
    """That a code became another, wholly or in part, on a day (None where the file gives none); shares are of the old, 0..1."""

    line: int
    old_code: str
    new_code: str
    on: date | None
    type: str = ""
    old_name: str = ""
    new_name: str = ""
    share_of_people: float | None = None
    share_of_area: float | None = None


def read_lineage(header: Sequence[str], records: Iterable[tuple[int, Mapping[str, str]]], name: str) -> list[Link]:
    """The links of a file, each with its type; Refused naming file, row and remedy where one cannot be understood."""
    rows = [(line, {key.strip().lower(): cell.strip() for key, cell in row.items()}) for line, row in records]
    columns = [column.strip().lower() for column in header]
    if not rows:
        raise Refused(gettext("%(name)s has no rows: send a file with one row for each code that became another", name=name))
    every = with_types(_once(_chosen(columns, rows, name), name))
    moved = {(link.old_code, link.on) for link in every if link.old_code != link.new_code}
    links = [link for link in every if (link.old_code, link.on) in moved]
    _refuse_sums(links, name)
    return links


def _chosen(columns: Sequence[str], rows: Records, name: str) -> Iterator[Link]:
    """The links by whichever form the columns have."""
    if {"old_code", "new_code"} <= set(columns):
        return _table(columns, rows, name)
    if {"gss-code", "replaced-by", "local-authority-code"} <= set(columns):
        return _register(rows, name)
    active = next((column for column in columns if f"{column}_active" in columns and column.endswith("cd")), None)
    if active:
        return _active(active, rows, name)
    years: dict[str, dict[int, str]] = defaultdict(dict)
    for column in columns:
        if parts := PAIR.fullmatch(column):
            years[parts[1]][2000 + int(parts[2])] = column
    stem = max(years, key=lambda key: len(years[key]), default="")
    if stem and len(years[stem]) > 1:
        return _pairs(stem, years[stem], rows, name)
    raise Refused(
        gettext(
            "%(name)s has no columns of lineage that can be recognised: it needs old_code, new_code and date, or the "
            "codes of two years of one kind such as ltla22_code and ltla23_code",
            name=name,
        )
    )


def _table(columns: Sequence[str], rows: Records, name: str) -> Iterator[Link]:
    """old_code, new_code, date, type, share_people, share_area; the last three may be left out or empty."""
    if "date" not in columns:
        raise Refused(
            gettext("%(name)s has no column 'date': add it, with the first day of each new code, as 2023-04-01", name=name)
        )
    for line, row in rows:
        old, new = _code(row["old_code"], "old_code", name, line), _code(row["new_code"], "new_code", name, line)
        kind = row.get("type", "").lower()
        if kind and kind not in TYPES:
            raise _fault(
                name,
                line,
                gettext(
                    "'%(kind)s' is not a type of change: write %(types)s or %(types2)s",
                    kind=kind[:20],
                    types=", ".join(TYPES[:-1]),
                    types2=TYPES[-1],
                ),
            )
        people, land = (_share(row.get(column, ""), column, name, line) for column in ("share_people", "share_area"))
        names = row.get("old_name", "")[:300], row.get("new_name", "")[:300]
        yield Link(line, old, new, _day(row["date"], "date", name, line), kind, *names, people, land)


def _pairs(stem: str, years: Mapping[int, str], rows: Records, name: str) -> Iterator[Link]:
    """Codes of the same land in two or more years, as the ONS publishes; a change holds from 1 April of the later year,
    for small areas from the census."""
    order = sorted(years)
    for line, row in rows:
        codes = [_code(row[years[year]], years[year], name, line) for year in order]
        called = [
            row.get(re.sub(r"(code|cd)$", lambda end: "name" if end[1] == "code" else "nm", years[year]), "") for year in order
        ]
        for at in range(1, len(order)):
            on = CENSUS_DAYS.get(order[at]) if stem in SMALL else None
            names = called[at - 1][:300], called[at][:300]
            yield Link(line, codes[at - 1], codes[at], on or date(order[at], 4, 1), "", *names)


def _active(column: str, rows: Records, name: str) -> Iterator[Link]:
    """GeoLookups: each code beside the one that is active; the day is not told."""
    called = column.removesuffix("cd") + "nm"
    for line, row in rows:
        old, new = _code(row[column], column, name, line), _code(row[f"{column}_active"], f"{column}_active", name, line)
        yield Link(line, old, new, None, "", row.get(called, "")[:300], row.get(f"{called}_active", "")[:300])


def _register(rows: Records, name: str) -> Iterator[Link]:
    """The mySociety register of councils: what replaced each, its former codes, and its code before 2011."""
    by_key = {row["local-authority-code"]: row for _, row in rows if row["gss-code"]}
    for line, row in rows:
        code, called = row["gss-code"], row.get("nice-name", "")[:300]
        if not code:
            continue
        for key in filter(None, re.split(r"[,;\s]+", row["replaced-by"])):
            if key not in by_key:
                raise _fault(
                    name, line, gettext("replaced-by names '%(key)s', which has no row. Add it, or empty the cell", key=key[:20])
                )
            last = _day(row.get("end-date", ""), "end-date", name, line)
            # Some rows give the last day of the old council, others the first of the new.
            first = last + timedelta(days=1) if (last.month, last.day) == (3, 31) else last
            yield Link(line, code, by_key[key]["gss-code"], first, "", called, by_key[key].get("nice-name", "")[:300])
        former = [one for one in re.split(r"[,;\s]+", row.get("former-gss-codes", "")) if one]
        for one in former:
            yield Link(line, one, code, None, "", called, called)
        older = row.get("snac", "")
        if re.fullmatch(r"\d\d[A-Z]{0,2}", older):
            yield Link(line, older, former[0] if len(former) == 1 else code, GSS_DAY, "recode", called, called)


def _once(links: Iterable[Link], name: str) -> list[Link]:
    """Each link once; Refused where two rows say different shares of the same."""
    kept: dict[tuple[str, str, date | None], Link] = {}
    for link in links:
        key = (link.old_code, link.new_code, link.on)
        before = kept.setdefault(key, link)
        if before != replace(link, line=before.line, old_name=before.old_name, new_name=before.new_name):
            raise _fault(
                name,
                link.line,
                gettext(
                    "%(old_code)s to %(new_code)s is also on line %(line)s, and differs. Leave one",
                    old_code=link.old_code,
                    new_code=link.new_code,
                    line=before.line,
                ),
            )
    return list(kept.values())


def with_types(links: Sequence[Link]) -> list[Link]:
    """The links with the types that follow from each other; an old area that goes whole into one new has shares of 1."""
    news: dict[tuple[str, date | None], list[str]] = defaultdict(list)
    olds: dict[tuple[str, date | None], int] = defaultdict(int)
    for link in links:
        news[link.old_code, link.on].append(link.new_code)
        olds[link.new_code, link.on] += 1
    typed = []
    for link in links:
        parts = news[link.old_code, link.on]
        mixed = link.old_code in parts or any(olds[part, link.on] > 1 for part in parts)
        followed = (
            ("boundary" if mixed else "split") if len(parts) > 1 else ("merge" if olds[parts[0], link.on] > 1 else "recode")
        )
        kind = link.type or followed
        whole = 1.0 if len(parts) == 1 and kind in ("recode", "merge") else None
        people = link.share_of_people if link.share_of_people is not None else whole
        land = link.share_of_area if link.share_of_area is not None else whole
        typed.append(replace(link, type=kind, share_of_people=people, share_of_area=land))
    return typed


def _refuse_sums(links: Sequence[Link], name: str) -> None:
    """Refuse shares of one old area that come to more than the whole of it."""
    held: dict[tuple[str, date | None], list[Link]] = defaultdict(list)
    for link in links:
        held[link.old_code, link.on].append(link)
    for (code, _), parts in held.items():
        for words, shares in (("people", [p.share_of_people for p in parts]), ("land", [p.share_of_area for p in parts])):
            total = sum(share for share in shares if share is not None)
            if total > 1 + ROUNDING:
                raise _fault(
                    name,
                    parts[-1].line,
                    gettext(
                        "the shares of the %(words)s of %(code)s come to %(total)s, more than 1. Correct them",
                        words=words,
                        code=code,
                        total=f"{total:.4f}",
                    ),
                )


def gaps(links: Iterable[Link]) -> list[str]:
    """What is missing where all shares of an old area are given and come to less than the whole."""
    held: dict[tuple[str, date | None], list[Link]] = defaultdict(list)
    for link in links:
        held[link.old_code, link.on].append(link)
    said = []
    for (code, _), parts in held.items():
        for words, shares in (("people", [p.share_of_people for p in parts]), ("land", [p.share_of_area for p in parts])):
            given = [share for share in shares if share is not None]
            if len(given) == len(parts) and sum(given) < 1 - ROUNDING:
                lost = gettext("%(given)s of them is in none of the new areas", given=f"{1 - sum(given):.4f}")
                said.append(
                    gettext(
                        "%(code)s: the shares of its %(words)s come to %(given)s, so %(lost)s",
                        code=code,
                        words=words,
                        given=f"{sum(given):.4f}",
                        lost=lost,
                    )
                )
    return said


def _code(text: str, column: str, name: str, line: int) -> str:
    """A code, in capitals."""
    if not text:
        raise _fault(name, line, gettext("column %(column)s is empty. Write the code, or take the row out", column=column))
    if not CODE.fullmatch(text):
        raise _fault(
            name,
            line,
            gettext(
                "'%(text)s' in column %(column)s is not a code such as E06000063. Correct the row", text=text[:30], column=column
            ),
        )
    return text.upper()


def _day(text: str, column: str, name: str, line: int) -> date:
    """A day written as 2023-04-01."""
    day = read_day(text)
    if day is None:
        said = (
            gettext("'%(text)s' in column %(column)s is not a day", text=text[:20], column=column)
            if text
            else gettext("column %(column)s is empty", column=column)
        )
        raise _fault(name, line, gettext("%(said)s: write the first day of the new code as 2023-04-01", said=said))
    return day


def _share(text: str, column: str, name: str, line: int) -> float | None:
    """A share from 0 to 1, or None where the cell is empty."""
    if not text:
        return None
    if not re.fullmatch(r"\d+(?:\.\d+)?|\.\d+", text) or float(text) > 1:
        raise _fault(
            name,
            line,
            gettext(
                "'%(text)s' in column %(column)s is not a share from 0 to 1, such as 0.25. Correct the row",
                text=text[:20],
                column=column,
            ),
        )
    return float(text)


def _fault(name: str, line: int, said: str) -> Refused:
    """A fault of one row, which refuses the file."""
    return Refused(gettext("%(name)s, line %(line)s: %(said)s. Nothing was loaded", name=name, line=line, said=said))
