"""Erasing for ever the words that were published with a recommendation; that something was said, by whom and when, stays.

An agency erases its own, and whoever runs the review erases any: what must not be public is closed by whoever sees it first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from flask import Flask, current_app
from flask_babel import gettext

from scrutiny.audit.service import digest, note
from scrutiny.correspondence.striking import strike_words
from scrutiny.evidence.sweeping import Words, also_said, strike
from scrutiny.extensions import db
from scrutiny.recommendations import letters
from scrutiny.recommendations.approvals import forget_words
from scrutiny.recommendations.models import Addressee, ProgressReturn, ResponseStep
from scrutiny.reviews.access import may_run
from workflows.refusals import Refused
from workflows.roles import Actor

Said = ResponseStep | ProgressReturn
#: Where the application keeps how other rooms find what they have sealed.
SEALED: Final = "recommendation_words_sealed"


def erasable(addressee: Addressee, by: Actor) -> dict[str, Said]:
    """What was said of a recommendation and still stands, and the actor may erase; by a key, oldest first."""
    runs = may_run(addressee.recommendation.review, by)
    own = by.agency == addressee.answerer.id
    steps = [one for one in addressee.steps if (one.words or one.evidence) and (runs or (own and one.agency_id is not None))]
    returns = [one for one in addressee.returns if one.text and (runs or own)]
    found: dict[str, Said] = {f"step-{one.id}": one for one in steps} | {f"return-{one.id}": one for one in returns}
    return dict(sorted(found.items(), key=lambda pair: pair[1].at))


def texts_of(row: Said) -> list[str]:
    """The words of one step or progress update."""
    found = [row.text] if isinstance(row, ProgressReturn) else [row.words, row.evidence]
    return [one for one in found if one]


def still_said(addressee: Addressee, row: Said, by: Actor) -> list[str]:
    """Where the words of a step or update stand in somebody's own name or in what is sealed, which erasing leaves as it is.

    Whoever runs the review is told of all of it, an agency of what is published.
    """
    texts = texts_of(row)
    sealed = [name for find in current_app.extensions[SEALED] for name in find(texts)]
    runs = may_run(addressee.recommendation.review, by)
    return sealed + (also_said(_words(addressee, row, texts)) if runs else [])


def seals_words(app: Flask, find: Callable[[Sequence[str]], list[str]]) -> None:
    """Say how another room finds what it has sealed and published that repeats words. From its `init_app`."""
    app.extensions.setdefault(SEALED, []).append(find)


def _words(addressee: Addressee, row: Said, texts: Sequence[str]) -> Words:
    """The words of a step or update, as they are looked for elsewhere in its review."""
    own = {(row.__tablename__, row.id)} | ({("addressee", addressee.id)} if addressee.response in texts else set())
    return Words(tuple(texts), frozenset({addressee.recommendation.review_id}), frozenset(own))


def erase_words(addressee: Addressee, key: str, why: str, *, by: Actor, at: datetime) -> None:
    """Erase the words of one step or progress update wherever they stand: pages, tables, API, approvals and letters kept."""
    review = addressee.recommendation.review
    row = erasable(addressee, by).get(key)
    if row is None:
        raise Refused(gettext("Choose words that are still there, and that you may erase"))
    if not why.strip():
        raise Refused(gettext("Say why this is erased: the reason stays when the words are gone"))
    if isinstance(row, ProgressReturn):
        gone, row.text = [row.text], ""
    else:
        gone, row.words, row.evidence = [one for one in (row.words, row.evidence) if one], "", ""
    row.erased_at, row.erased_why = at, why.strip()
    if addressee.response in gone:
        addressee.response = ""
    db.session.flush()
    forget_words(addressee, gone)
    strike_words(addressee.recommendation.reference, gone, gettext("(erased)"))
    strike(_words(addressee, row, gone), gettext("(erased)"))
    about, within = addressee.recommendation.reference, f"review:{review.id}"
    words = digest("\n".join(gone))
    note("response_words_erased", about=about, within=within, by=by, at=at, what=key, words=words, why=digest(why.strip()))
    letters.response_words_erased(addressee, why.strip(), by=by, at=at)
