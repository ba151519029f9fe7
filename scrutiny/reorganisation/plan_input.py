"""What somebody plans: which areas end, which begin, on which day. New values are checked, kept ones are read; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext

from scrutiny.typed_text import address_fault
from workflows.refusals import Refused
from workflows.written_days import read_day

FIELDS = ("title", "on", "ending", "new", "legal_from", "elected_from", "people")
OF_NEW = ("code", "name", "name_cy", "kinds", "made_of", "council", "email", "continues")


@dataclass(frozen=True, slots=True)
class NewArea:
    """An area that begins: its code and name; the areas it is made of (none: its boundary is loaded); its council.

    `council` is the council's name (left out: after the area), `email` its office, `continues` the code of the area of
    an agency that carries on as it. `kinds` are worked out where they are left out.
    """

    code: str
    name: str
    name_cy: str = ""
    kinds: tuple[str, ...] = ()
    made_of: tuple[str, ...] = ()
    council: str = ""
    email: str = ""
    continues: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A change for a day. `people` says by email address to which new codes somebody goes who is not to follow the rule."""

    title: str
    on: date
    ending: tuple[str, ...]
    new: tuple[NewArea, ...]
    legal_from: date | None = None
    elected_from: date | None = None
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def named(self, code: str) -> NewArea | None:
        """The new area of a code."""
        return next((one for one in self.new if one.code == code), None)


def read_plan(values: Mapping[str, Any]) -> Plan:
    """A plan that was kept here, whatever is checked today: what it lacks is empty, what it has beside is passed over."""
    people = values.get("people")
    return Plan(
        title=_kept_text(values, "title"),
        on=_kept_day(values, "on") or date.min,
        ending=_kept_codes(values.get("ending")),
        new=tuple(_kept_new(one) for one in values.get("new") or () if isinstance(one, Mapping)),
        legal_from=_kept_day(values, "legal_from"),
        elected_from=_kept_day(values, "elected_from"),
        people={who: _kept_codes(codes) for who, codes in people.items()} if isinstance(people, Mapping) else {},
    )


def _kept_new(values: Mapping[str, Any]) -> NewArea:
    """A new area of a kept plan."""
    return NewArea(
        **{key: _kept_text(values, key) for key in OF_NEW if key not in ("kinds", "made_of")},
        kinds=tuple(kind.lower() for kind in _kept_codes(values.get("kinds"))),
        made_of=_kept_codes(values.get("made_of")),
    )


def _kept_text(values: Mapping[str, Any], key: str) -> str:
    """A kept text, or ''."""
    value = values.get(key)
    return value if isinstance(value, str) else ""


def _kept_codes(value: Any) -> tuple[str, ...]:
    """A kept list of codes, or none."""
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list | tuple) else ()


def _kept_day(values: Mapping[str, Any], key: str) -> date | None:
    """A kept day, or None."""
    return read_day(_kept_text(values, key))


def check_plan(values: Any, name: str = "The plan", *, whole: bool = True) -> Plan:
    """The plan in plain values (as JSON gives them); Refused in one sentence that names what is wrong and the remedy.

    One that is being prepared (not `whole`) may lack its new areas.
    """
    if not isinstance(values, Mapping):
        raise Refused(gettext("%(name)s is not a table of values: it needs %(fields)s", name=name, fields=", ".join(FIELDS[:4])))
    _known(values, FIELDS, name)
    new = values.get("new")
    if not isinstance(new, Sequence) or isinstance(new, str) or not all(isinstance(one, Mapping) for one in new):
        raise Refused(gettext("%(name)s: 'new' must be a list of areas, each with a code and a name", name=name))
    people = values.get("people") or {}
    if not isinstance(people, Mapping):
        raise Refused(gettext("%(name)s: 'people' must say a list of codes for each email address", name=name))
    return checked(
        Plan(
            title=_text(values, "title", name),
            on=_day(values, "on", name, needed=True) or date.min,
            ending=_codes(values.get("ending"), "ending", name),
            new=tuple(_new(one, name) for one in new),
            legal_from=_day(values, "legal_from", name),
            elected_from=_day(values, "elected_from", name),
            people={str(who).strip().lower(): _codes(codes, f"people, {who}", name) for who, codes in people.items()},
        ),
        name,
        whole=whole,
    )


def checked(plan: Plan, name: str = "The plan", *, whole: bool = True) -> Plan:
    """The same plan, refused where it says nothing, says something twice, or its days cross."""
    codes = [one.code for one in plan.new]
    if not plan.title.strip():
        raise Refused(gettext("%(name)s has no title: say in a few words what changes", name=name))
    if not plan.ending:
        raise Refused(gettext("%(name)s names no area that ends: give the code of at least one", name=name))
    if whole and not codes:
        raise Refused(gettext("%(name)s names no area that begins: add at least one", name=name))
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise Refused(gettext("%(name)s names the new area %(twice)s twice: keep one", name=name, twice=twice[0]))
    if plan.legal_from and plan.legal_from > plan.on:
        raise Refused(
            gettext(
                "%(name)s: a council cannot serve from %(on)s before it exists in law on %(legal_from)s",
                name=name,
                on=plan.on,
                legal_from=plan.legal_from,
            )
        )
    if unknown := sorted({code for to in plan.people.values() for code in to} - set(codes)):
        raise Refused(
            gettext("%(name)s: 'people' names %(unknown)s, which is not one of the new areas", name=name, unknown=unknown[0])
        )
    return plan


def plain(plan: Plan) -> dict[str, Any]:
    """The plan in plain values."""
    return {
        "title": plan.title,
        "on": plan.on.isoformat(),
        "ending": list(plan.ending),
        "new": [{key: _listed(getattr(one, key)) for key in OF_NEW if getattr(one, key)} for one in plan.new],
        "legal_from": plan.legal_from.isoformat() if plan.legal_from else None,
        "elected_from": plan.elected_from.isoformat() if plan.elected_from else None,
        "people": {who: list(codes) for who, codes in plan.people.items()},
    }


def _new(values: Mapping[str, Any], name: str) -> NewArea:
    """One new area."""
    _known(values, OF_NEW, gettext("%(name)s, a new area", name=name))
    code = str(values.get("code") or "").strip().upper()
    if not code or not str(values.get("name") or "").strip():
        raise Refused(gettext("%(name)s: each new area needs a code and a name", name=name))
    where = gettext("%(name)s, the new area %(code)s", name=name, code=code)
    return NewArea(
        code=code,
        name=_text(values, "name", where),
        name_cy=_text(values, "name_cy", where),
        kinds=tuple(kind.lower() for kind in _codes(values.get("kinds"), "kinds", where)),
        made_of=_codes(values.get("made_of"), "made_of", where),
        council=_text(values, "council", where),
        email=_address(values, where),
        continues=_text(values, "continues", where).upper(),
    )


def _address(values: Mapping[str, Any], where: str) -> str:
    """The address of a council's office, or none."""
    text = _text(values, "email", where)
    if text and (fault := address_fault(text)):
        raise Refused(
            gettext(
                "%(where)s: “%(text)s” is not an email address we can write to. %(fault)s", where=where, text=text, fault=fault
            )
        )
    return text


def _known(values: Mapping[str, Any], fields: Sequence[str], name: str) -> None:
    """Refuse a word that is not one of the fields: it may be a slip for one that is."""
    if strange := [key for key in values if key not in fields]:
        raise Refused(
            gettext(
                "%(name)s has no use for '%(strange)s': its words are %(fields)s",
                name=name,
                strange=strange[0],
                fields=", ".join(fields),
            )
        )


def _text(values: Mapping[str, Any], key: str, name: str) -> str:
    """A text, or none."""
    value = values.get(key) or ""
    if not isinstance(value, str) or len(value) > 200:
        raise Refused(gettext("%(name)s: '%(key)s' must be a text of at most 200 letters", name=name, key=key))
    return value.strip()


def _codes(value: Any, key: str, name: str) -> tuple[str, ...]:
    """A list of codes, each once."""
    if value is not None and (isinstance(value, str) or not isinstance(value, Sequence)):
        raise Refused(gettext("%(name)s: '%(key)s' must be a list of codes", name=name, key=key))
    return tuple(dict.fromkeys(str(one).strip().upper() for one in value or () if str(one).strip()))


def _day(values: Mapping[str, Any], key: str, name: str, *, needed: bool = False) -> date | None:
    """A day written as 2028-04-01."""
    value = values.get(key)
    if not value and not needed:
        return None
    day = read_day(str(value or ""))
    if day is None:
        raise Refused(gettext("%(name)s: '%(key)s' must be a day such as 2028-04-01", name=name, key=key))
    return day


def _listed(value: Any) -> Any:
    """A tuple as a list."""
    return list(value) if isinstance(value, tuple) else value
