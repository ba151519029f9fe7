"""Which column holds the codes and which the names, and whether the codes can be trusted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from scrutiny.geography.features import Features, first_few, numbered
from workflows.refusals import Refused

GSS = re.compile(r"[A-Z]\d{8}")
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/:-]{0,39}")
# How the Open Geography Portal and others begin the columns of each kind; a kind added by configuration goes by its
# own key.
COLUMNS = {
    "lsoa": ("lsoa", "dz", "sdz", "soa"),
    "ward": ("wd", "ward", "ew"),
    "district": ("lad", "ltla", "laua", "la", "oslaua"),
    "upper_tier": ("ctyua", "utla", "cty"),
    "region": ("rgn", "region"),
    "combined_authority": ("cauth", "ca"),
    "police": ("pfa", "police"),
    "fire": ("fra", "fire"),
    "icb": ("icb", "lhb"),
    "ccg": ("ccg", "sicbl"),
    "stp": ("stp",),
}
CODES = ("code", "area_code", "areacode", "gss_code", "gss", "gsscode", "geo_code", "geography_code", "ons_code")
NAMES = ("name", "area_name", "areaname", "geo_name", "label", "title", "ward", "district", "council", "area")


def read_codes(features: Features, *, field: str | None, kind: str, starts: Sequence[str]) -> tuple[str, list[str]]:
    """The column of codes and the code of each feature; Refused naming the features whose code is missing or
    malformed."""
    column = _chosen(features, field, "--code-field") or _code_column(features, COLUMNS.get(kind, (kind,)), starts)
    codes = [_text(properties.get(column)) for properties in features.properties]
    codes = [code.upper() if GSS.fullmatch(code.upper()) else code for code in codes]
    _refuse_bad(features, column, codes)
    return column, codes


def read_names(
    features: Features, codes: list[str], code_column: str, *, field: str | None
) -> tuple[list[str], list[str], list[str]]:
    """The name and Welsh name of each feature (the code where it has none), and remarks."""
    column = _chosen(features, field, "--name-field") or _name_column(features, code_column)
    if column is None:
        return list(codes), [""] * len(codes), ["the file holds no column of names, so areas are called by their codes"]
    welsh = next((c for c in features.columns() if c.lower() in (f"{column}w".lower(), f"{column}_cy".lower(), "name_cy")), None)
    names = [_text(properties.get(column))[:300] or code for properties, code in zip(features.properties, codes, strict=True)]
    names_cy = [_text(properties.get(welsh))[:300] if welsh else "" for properties in features.properties]
    return names, names_cy, []


def repeated(codes: list[str]) -> dict[str, list[int]]:
    """Codes that stand more than once, with the positions where they stand."""
    counted = Counter(codes)
    return {code: [i for i, c in enumerate(codes) if c == code] for code, times in counted.items() if times > 1}


def refuse_repeated(features: Features, codes: list[str]) -> None:
    """Refuse a code on two features, unless the loader says to join them."""
    found = repeated(codes)
    if found:
        said = "; ".join(f"{code} ({numbered([features.numbers[i] for i in where])})" for code, where in list(found.items())[:5])
        raise Refused(
            "%(features)s: codes that appear on more than one feature: %(n)s: %(said)s. Correct the file, or join the parts with "
            "--merge-repeated",
            features=features.name,
            n=len(found),
            said=said,
        )


def _text(value: Any) -> str:
    """A property as trimmed text without control characters; a number without its '.0'."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    if not text.isprintable():
        text = "".join(c for c in text if c.isprintable() or c.isspace())
    return " ".join(text.split())


def _chosen(features: Features, field: str | None, option: str) -> str | None:
    """The column a person named, whatever its capitals; Refused where the file has none of that name."""
    if not field:
        return None
    for column in features.columns():
        if column.lower() == field.lower():
            return column
    raise Refused(
        "%(features)s has no column '%(field)s': name one of %(features2)s with %(option)s",
        features=features.name,
        field=field,
        features2=_offered(features),
        option=option,
    )


def _offered(features: Features) -> str:
    """The columns a person may choose from."""
    return first_few(", ".join(features.columns()) or "(it has none)", 300)


def odd_starts(codes: Sequence[str], starts: Sequence[str]) -> str:
    """A remark where a layer of statistical codes begins unlike its kind, as when the wrong kind was named; else ''."""
    known = [code for code in codes if GSS.fullmatch(code)]
    if not starts or not known or any(code.startswith(tuple(starts)) for code in known):
        return ""
    return f"no code begins like those of this kind ({', '.join(starts)}); the first is {known[0]}: check that the kind is right"


def _code_column(features: Features, prefixes: Sequence[str], starts: Sequence[str]) -> str:
    """The column that looks most like the codes of this kind; Refused where none does."""
    columns = features.columns()
    for column in columns:
        if starts and _mostly(features, column, lambda text: GSS.fullmatch(text) and text.startswith(tuple(starts))):
            return column
    for prefix in prefixes:
        for column in columns:
            if re.fullmatch(rf"{re.escape(prefix)}_?\d{{0,4}}_?(cd|code)?", column, re.IGNORECASE):
                return column
    for wanted in CODES:
        for column in columns:
            if column.lower() == wanted:
                return column
    for column in columns:
        if re.search(r"(cd|code|_id)$", column, re.IGNORECASE) and _tells_apart(features, column):
            return column
    for column in columns:
        if _mostly(features, column, GSS.fullmatch):
            return column
    raise Refused(
        "%(features)s has no codes that can be recognised: name the column with --code-field, one of %(features2)s",
        features=features.name,
        features2=_offered(features),
    )


def _tells_apart(features: Features, column: str) -> bool:
    """Whether nearly every feature has a value of its own in this column; a code that stands twice is another fault."""
    return _mostly(features, column, bool)


def _mostly(features: Features, column: str, fits: Callable[[str], object]) -> bool:
    """Whether most features have a value that fits in this column, and nearly all of those one of its own."""
    values = [text for properties in features.properties if fits(text := _text(properties.get(column)))]
    return len(set(values)) > len(values) * 0.95 and len(values) * 2 > len(features.properties)


def _name_column(features: Features, code_column: str) -> str | None:
    """The column of names that goes with the column of codes: LAD24NM beside LAD24CD, ltla24_name beside
    ltla24_code."""
    columns = {column.lower(): column for column in features.columns()}
    stem = code_column.lower()
    twins = [
        re.sub(r"cd$", "nm", stem),
        re.sub(r"code$", "name", stem),
        re.sub(r"code$", "nm", stem),
        re.sub(r"_id$", "_name", stem),
    ]
    for wanted in (*(twin for twin in twins if twin != stem), *NAMES):
        if wanted in columns:
            return columns[wanted]
    return next((column for low, column in columns.items() if re.search(r"(nm|name)$", low)), None)


def _refuse_bad(features: Features, column: str, codes: list[str]) -> None:
    """Refuse missing and malformed codes together, so that one reading of the sentence mends the file."""
    missing = [number for number, code in zip(features.numbers, codes, strict=True) if not code]
    statistical = sum(bool(GSS.fullmatch(code)) for code in codes)
    form = GSS if statistical * 2 > len(codes) - len(missing) else PLAIN
    bad = [(number, code) for number, code in zip(features.numbers, codes, strict=True) if code and not form.fullmatch(code)]
    faults = []
    if missing:
        faults.append(f"{numbered(missing)} {'has' if len(missing) == 1 else 'have'} no code")
    if bad:
        listed = "; ".join(f"feature {number} has '{first_few(code, 40)}'" for number, code in bad[:5])
        wanted = "a letter and eight digits" if form is GSS else "up to 40 letters and digits"
        faults.append(f"{listed}{f' and {len(bad) - 5} more' if len(bad) > 5 else ''}, which is not a code of {wanted}")
    if faults:
        raise Refused(
            "%(features)s, column %(column)s: %(faults)s. Correct the file, or name another column with --code-field",
            features=features.name,
            column=column,
            faults=", and ".join(faults),
        )
