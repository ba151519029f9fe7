"""A lodging as its page says it: figures in rows, files with how they can be read, grants with names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from scrutiny.accounts.queries import people_named
from scrutiny.bodies import queries as bodies
from scrutiny.evidence import queries
from scrutiny.evidence.figures import Figure, kept_figures
from scrutiny.evidence.markings import GUARDED, label
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.evidence.reading import kind_of
from scrutiny.reviews.queries import bodies_taking_part
from workflows.roles import CHAIR, COUNCILLOR, Actor


@dataclass(frozen=True, slots=True)
class LodgingPage:
    """What the page of a lodging shows."""

    lodging: Lodging
    marking: str  # who may see it, in words
    figures: list[Figure]
    files: list[dict[str, Any]]
    hidden: int  # files there are but this reader may not see
    own: bool
    may_grant: bool
    may_summarise: bool
    may_restrict: bool  # make it stricter, take it back or erase it


def page_of(lodging: Lodging, files: list[EvidenceFile], by: Actor, *, runs: bool) -> LodgingPage:
    """A lodging with the files a reader may see; `runs` says whether the reader runs its review."""
    guarded = lodging.marking in GUARDED or any(file.marking in GUARDED for file in lodging.evidence.files)
    own = lodging.evidence.is_of(by.agency)
    # That there are files somebody may not see is told to the bodies of the review, not to the public.
    hidden = len(lodging.evidence.files) - len(files) if by.body is not None else 0
    return LodgingPage(
        lodging=lodging,
        marking=label(lodging.marking),
        figures=figures_of(lodging),
        files=[file_row(one) for one in files],
        hidden=hidden,
        own=own,
        may_grant=runs and guarded and queries.may_hold_personal(lodging.review),
        may_summarise=runs and lodging.marking != "open",
        may_restrict=lodging.lodged_at is not None and (own or runs),
    )


def figures_of(lodging: Lodging) -> list[Figure]:
    """The figures, in rows; what was accepted by an older rule is shown as it was typed."""
    return kept_figures(lodging.evidence.figures)


def file_row(file: EvidenceFile) -> dict[str, Any]:
    """A file as lists show it: {file, kind, pages, marking, warnings}."""
    return {
        "file": file,
        "kind": kind_of(file) if file.erased_at is None else "erased",
        "pages": file.stored.pages,
        "marking": label(file.marking),
        "warnings": file.warnings.splitlines(),
        "scanned": file.stored.scan == "clean",
    }


def grantees(lodging: Lodging, on: date) -> list[tuple[int, str]]:
    """Those a grant may be given to: people of the partner bodies who are no councillors, as (id, name and body)."""
    found: dict[int, str] = {}
    for body in bodies_taking_part(lodging.review, "partner"):
        barred = {person.id for role in (COUNCILLOR, CHAIR) for person in bodies.members(body, on, role)}
        found |= {one.id: f"{one.name}, {body.name}" for one in bodies.members(body, on) if one.id not in barred}
    return sorted(found.items(), key=lambda pair: pair[1])


def grant_rows(lodging: Lodging) -> list[dict[str, Any]]:
    """The grants of a lodging with names: {grant, name, by}."""
    grants = queries.grants_of(lodging)
    given_by = [int(one.given_by.removeprefix("person:")) for one in grants if one.given_by.startswith("person:")]
    names = people_named([one.person_id for one in grants] + given_by)
    by = {f"person:{key}": name for key, name in names.items()}
    return [{"grant": one, "name": names.get(one.person_id, ""), "by": by.get(one.given_by, one.given_by)} for one in grants]
