"""A lodging as its page says it: figures in rows, files with how they can be read, grants with names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from scrutiny.accounts.queries import people_named
from scrutiny.bodies import queries as bodies
from scrutiny.evidence import queries
from scrutiny.evidence.figures import Figure, kept_figures
from scrutiny.evidence.markings import NAMED_ONLY, label, readers_words, who_sees
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.evidence.named import Reader, all_rows, readers_of, who_may_open
from scrutiny.evidence.reading import kind_of, reads_by_page
from scrutiny.evidence.service import needs_grant
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import bodies_taking_part
from workflows.roles import CHAIR, COUNCILLOR, LABELS, OPERATOR, Actor


@dataclass(frozen=True, slots=True)
class LodgingPage:
    """What the page of a lodging shows."""

    lodging: Lodging
    marking: str  # who may see it, in words
    figures: list[Figure]
    files: list[dict[str, object]]
    hidden: int  # files there are but this reader may not see
    own: bool
    may_grant: bool
    may_summarise: bool
    may_restrict: bool  # make it stricter, take it back or erase it
    readers: str  # who is named to open it, in words; '' where it is not for people named only


def page_of(lodging: Lodging, files: list[EvidenceFile], by: Actor, *, runs: bool, on: date) -> LodgingPage:
    """A lodging with the files a reader may see on a day; `runs` says whether the reader runs its review."""
    own = lodging.evidence.is_of(by.agency)
    # That there are files somebody may not see is told to the bodies of the review, not to the public.
    hidden = len(lodging.evidence.files) - len(files) if by.body is not None else 0
    return LodgingPage(
        lodging=lodging,
        marking=who_sees(lodging.marking, held_back=lodging.held_back_at is not None),
        figures=figures_of(lodging),
        files=[file_row(one) for one in files],
        hidden=hidden,
        own=own,
        may_grant=runs and needs_grant(lodging) and queries.may_hold_personal(lodging.review),
        may_summarise=runs and not lodging.may_come_out,
        may_restrict=lodging.lodged_at is not None and (own or runs),
        readers=readers_of_lodging(lodging, on),
    )


def readers_of_lodging(lodging: Lodging, on: date) -> str:
    """Who is named to open it or a file of it, in words, for its agency and for those named; '' where it is for others too."""
    for_named = lodging.marking == NAMED_ONLY or any(file.marking == NAMED_ONLY for file in lodging.evidence.files)
    return readers_words(who_may_open(lodging.review, on)) if for_named else ""


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """One naming as the page of the review shows it."""

    reader: Reader
    named_by: str  # '' for the lead inspectors taken over when naming began
    ended_by: str


@dataclass(frozen=True, slots=True)
class ReadersPage:
    """Who is named for a review, who was, and whether its method lets anything be for people named only."""

    review: Review
    named: list[ReaderRow]
    ended: list[ReaderRow]
    holds: bool


def readers_page(review: Review, on: date) -> ReadersPage:
    """Everybody who is or was named for a review, with who named them."""
    readers = readers_of(all_rows(review), on)
    names = _names({one for reader in readers for one in (reader.row.named_by, reader.row.ended_by)})
    rows = [ReaderRow(one, names.get(one.row.named_by, ""), names.get(one.row.ended_by, "")) for one in readers]
    return ReadersPage(
        review,
        [one for one in rows if one.reader.row.ended_at is None],
        [one for one in rows if one.reader.row.ended_at is not None],
        queries.may_hold_personal(review),
    )


def _names(references: Collection[str]) -> dict[str, str]:
    """The names of those who did something, by 'person:4' or 'operator'."""
    keys = [int(one.removeprefix("person:")) for one in references if one.startswith("person:")]
    return {f"person:{key}": name for key, name in people_named(keys).items()} | {OPERATOR: str(LABELS[OPERATOR])}


def figures_of(lodging: Lodging) -> list[Figure]:
    """The figures, in rows; what was accepted by an older rule is shown as it was typed."""
    return kept_figures(lodging.evidence.figures)


def file_row(file: EvidenceFile) -> dict[str, object]:
    """A file as lists show it: {file, kind, pages, by_page, marking, warnings}."""
    return {
        "file": file,
        "kind": kind_of(file) if file.erased_at is None else "erased",
        "pages": file.stored.pages,
        "by_page": reads_by_page(file),
        "marking": label(file.marking),
        "warnings": file.warnings,
        "looked_by": _looked_by(file),
        "scanned": file.stored.scan == "clean",
    }


def _looked_by(file: EvidenceFile) -> str:
    """Who has looked at what is hidden in a file, by name; '' where nobody has, or nothing is."""
    if not file.looked_by.startswith("person:"):
        return ""
    key = int(file.looked_by.removeprefix("person:"))
    return people_named([key]).get(key, "")


def grantees(lodging: Lodging, on: date) -> list[tuple[int, str]]:
    """Those a grant may be given to: people of the partner bodies who are no councillors, as (id, name and body)."""
    found: dict[int, str] = {}
    for body in bodies_taking_part(lodging.review, "partner"):
        barred = {person.id for role in (COUNCILLOR, CHAIR) for person in bodies.members(body, on, role)}
        found |= {one.id: f"{one.name}, {body.name}" for one in bodies.members(body, on) if one.id not in barred}
    return sorted(found.items(), key=lambda pair: pair[1])


def grant_rows(lodging: Lodging) -> list[dict[str, object]]:
    """The grants of a lodging with names: {grant, name, by}."""
    grants = queries.grants_of(lodging)
    given_by = [int(one.given_by.removeprefix("person:")) for one in grants if one.given_by.startswith("person:")]
    names = people_named([one.person_id for one in grants] + given_by)
    by = {f"person:{key}": name for key, name in names.items()}
    return [{"grant": one, "name": names.get(one.person_id, ""), "by": by.get(one.given_by, one.given_by)} for one in grants]
