"""What pages of reviews say: choices of bodies, methods and lines; steps of the task list; two versions side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, ngettext
from wtforms import SelectChoice

from scrutiny.agencies.queries import Answering
from scrutiny.areas.queries import area_with_code
from scrutiny.bodies.models import Body
from scrutiny.bodies.queries import bodies_by_name
from scrutiny.formats import day, listed, sentences
from scrutiny.reviews.inviting import invited_to
from scrutiny.reviews.letters import LEAD_ALONE
from scrutiny.reviews.models import Line, Review, ReviewDraft
from scrutiny.reviews.opening import OPTIONAL, STEPS, Prepared, prepared
from scrutiny.reviews.service import why_not
from scrutiny.rules.queries import rules
from workflows.kinds import BODY_KINDS
from workflows.method import Method


@dataclass(frozen=True, slots=True)
class Task:
    """One step of the task list."""

    key: str
    title: str
    said: str
    done: bool
    ready: bool
    optional: bool = False
    barred: bool = False


def tasks(draft: ReviewDraft, found: Prepared, obstacles: Sequence[str]) -> list[Task]:
    """The steps, what has been said at each, and whether it can be opened yet."""
    place = place_names(found.codes, found.place_on)
    if found.place_on:
        boundaries, begins = day(found.place_on), day(found.starts_on)
        place = gettext("%(place)s, with the boundaries of %(on)s, from %(from_on)s", place=place, on=boundaries, from_on=begins)
    changed = "scope_before" in draft.answers and "scope" not in draft.answers and found.method is not None
    lead, partners = draft.body.name, listed([body.name for body in found.partners])
    said = {
        "place": place,
        "bodies": gettext("%(lead)s, inviting %(partners)s", lead=lead, partners=partners)
        if partners
        else gettext("%(lead)s, alone", lead=lead),
        "method": " ".join([found.method.title if found.method else "", *obstacles]).strip(),
        "scope": gettext("The method has changed. Choose its lines of enquiry.") if changed else found.title,
        "agencies": _whom(found),
    }
    return [
        Task(
            key,
            title,
            said[key] if key in draft.answers or (key == "scope" and changed) else "",
            key in draft.answers and not (key == "method" and obstacles),
            key not in ("scope", "agencies") or found.method is not None,
            key in OPTIONAL,
            key == "method" and bool(obstacles),
        )
        for key, title in STEPS.items()
    ]


def place_names(codes: Iterable[str], on: date | None) -> str:
    """The names of areas on a day; the code itself where no area has it any more."""
    areas = {code: area_with_code(code, on) if on else None for code in codes}
    return listed([area.name if area else code for code, area in areas.items()])


def draft_name(draft: ReviewDraft) -> str:
    """What a review being prepared is called: its title, or its place until it has one."""
    found = prepared(draft)
    return found.title or place_names(found.codes, found.place_on)


def body_choices(bodies: Iterable[Body], *, but: Sequence[int] = ()) -> list[SelectChoice]:
    """Bodies to choose from, each with its kind."""
    return [
        SelectChoice(value=body.id, label=body.name, render_kw={"hint": BODY_KINDS[body.kind]})
        for body in bodies
        if body.id not in but
    ]


def join_choices(review: Review, today: date) -> list[SelectChoice]:
    """The bodies that may still join a review: neither taking part nor invited."""
    there = [row.body_id for row in review.bodies if row.to_on is None]
    return body_choices(bodies_by_name(on=today), but=[*there, *(body.id for body in invited_to(review))])


def partner_choices(bodies: Iterable[Body], *, but: Sequence[int] = ()) -> list[SelectChoice]:
    """Bodies to invite, and nobody."""
    nobody = SelectChoice(value=0, label=gettext("Nobody for now"))
    return [nobody, *(SelectChoice(value=body.id, label=body.name) for body in bodies if body.id not in but)]


def methods_for(
    methods: Iterable[Method], lead: Body, partners: Sequence[Body]
) -> tuple[list[Method], list[tuple[Method, list[str]]]]:
    """The methods these bodies may use, and the others with every reason why not, each by title."""
    reasons = [(method, why_not(method, lead, partners)) for method in sorted(methods, key=lambda one: one.title)]
    return [method for method, why in reasons if not why], [(method, why) for method, why in reasons if why]


def method_choices(methods: Iterable[Method]) -> list[SelectChoice]:
    """Methods to choose from."""
    return [SelectChoice(value=one.key, label=f"{one.title}, {one.version}", render_kw={"hint": one.summary}) for one in methods]


def service_choices(here: Iterable[Answering]) -> list[SelectChoice]:
    """The services that agencies here provide, by title."""
    keys = {key for one in here for key in one.services}
    titles = sorted((service.title, key) for key, service in rules().services.items() if key in keys)
    return [SelectChoice(value=key, label=title) for title, key in titles]


def agency_choices(here: Iterable[Answering], services: Collection[str]) -> list[SelectChoice]:
    """Agencies to ask, each with how much of the place it covers and which of the services in scope it provides."""
    titles = {key: rules().services[key].title for key in services if key in rules().services}
    return [
        SelectChoice(
            value=one.agency_id,
            label=one.name,
            render_kw={"hint": _sentences(one.words, listed([titles[key] for key in titles if key in one.services]))},
        )
        for one in here
    ]


def _sentences(*parts: str) -> str:
    """Parts with something in them, one after the other."""
    return sentences(part[0].upper() + part[1:] for part in parts if part).removesuffix(".")


def why_left_out(services: Iterable[str]) -> str:
    """Why agencies are left out that provide none of these services, for the officer to change; '' for all services."""
    titles = [rules().services[key].title for key in services if key in rules().services]
    return gettext("The review is about other services: %(services)s.", services=listed(titles)) if titles else ""


def _whom(found: Prepared) -> str:
    """How many agencies are left out."""
    count = len(found.left_out)
    return ngettext("%(num)s agency left out", "%(num)s agencies left out", count) if count else gettext("No agency left out")


def method_line_choices(method: Method) -> list[SelectChoice]:
    """The lines of enquiry a method brings."""
    return [SelectChoice(value=line.key, label=line.title, render_kw={"hint": line.text}) for line in method.lines]


def announced_words(review: Review, today: date) -> str:
    """What was done by setting, or taking away, the day from which the public may know of a review."""
    if review.announced_on is None:
        return gettext("The review is private. The public will not know of it until you announce it.")
    if review.announced_on <= today:
        return gettext("The review is announced. Anyone can now read about it on its public page.")
    return gettext("The review will be announced on %(day)s. Until then you can change the day.", day=day(review.announced_on))


def partners_sign(method: Method) -> bool:
    """Whether partners sign under a method: where the committee in the lead votes, nobody else does."""
    return method.sign_off.rule != LEAD_ALONE


def what_partners_do(method: Method | None) -> str:
    """What a partner is asked to do, by the method where it is chosen already."""
    invited = gettext("They are invited, and take part once they accept.")
    if method is None:
        return f"{invited} {gettext('Whether they sign the report depends on the method you choose next.')}"
    if partners_sign(method):
        return f"{invited} {gettext('Under “%(method)s” each partner signs the report.', method=method.title)}"
    return f"{invited} {gettext('Under “%(method)s” only the body in the lead signs the report.', method=method.title)}"


def line_choices(lines: Iterable[Line]) -> list[SelectChoice]:
    """Lines of enquiry to choose from."""
    return [SelectChoice(value=line.id, label=line.title or line.text) for line in lines]
