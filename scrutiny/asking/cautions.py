"""What an officer must mind before requests are sent: what holds for several of them said once, the rest agency by agency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext, ngettext

from scrutiny.formats import listed, number
from scrutiny.legal_words import caution_sentence
from scrutiny.requests.legal_basis import request_basis
from scrutiny.requests.models import EvidenceRequest


@dataclass(frozen=True, slots=True)
class Cautions:
    """The cautions of a page of requests, in sentences."""

    shared: tuple[tuple[str, str], ...]  # each with the requests it concerns, in words
    own: dict[str, tuple[str, ...]]  # the request's slug → what concerns it alone

    def __bool__(self) -> bool:
        """Whether there is anything to mind."""
        return bool(self.shared or any(self.own.values()))


def cautions_of(requests: Sequence[EvidenceRequest]) -> Cautions:
    """The cautions of several requests, as each was worked out; what concerns two or more stands once, with which."""
    said = {one.slug: dict.fromkeys(map(caution_sentence, request_basis(one).cautions)) for one in requests}
    concerned: dict[str, list[str]] = {}
    for request in requests:
        for sentence in said[request.slug]:
            concerned.setdefault(sentence, []).append(request.agency.name)
    shared = {sentence: names for sentence, names in concerned.items() if len(names) > 1}
    return Cautions(
        tuple((sentence, _whom(names, len(requests))) for sentence, names in shared.items()),
        {slug: tuple(sentence for sentence in sentences if sentence not in shared) for slug, sentences in said.items()},
    )


def _whom(names: Sequence[str], of: int) -> str:
    """The requests a caution concerns."""
    if len(names) == of:
        return gettext("This concerns all %(requests)s.", requests=ngettext("%(n)s request", "%(n)s requests", of, n=number(of)))
    return gettext("This concerns the requests to %(agencies)s.", agencies=listed(sorted(names)))
