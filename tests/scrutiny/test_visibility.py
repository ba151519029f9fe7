"""Who sees what, by trial: every page with a GET, asked for by every role, searched for words planted in every object."""

from __future__ import annotations

import inspect
import re

import pytest
from flask import Flask
from sqlalchemy import select

from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from tests.databases import POSTGRESQL, kind
from tests.scrutiny import visibility_scene, visibility_states
from tests.scrutiny.test_one_law import HOMEWORK
from tests.scrutiny.visibility_matrix import OUR_HOMEWORK, Matrix, addresses, look, stage
from tests.scrutiny.visibility_posts import forms_of, send_all
from tests.scrutiny.visibility_roles import wrongs
from tests.scrutiny.visibility_states import Scene
from tests.scrutiny.visibility_table import EVERYONE, UNSEEN, WHO_SEES

pytestmark = pytest.mark.slow
__all__ = ["stage"]
#: Access does not rest on the kind of database but in its filters: there, one viewer of each side is enough.
ON_POSTGRESQL = ("anyone", "fire_responder", "inspector", "chair")
#: What is printed while it is asked for, out of what other addresses show: asked for in the long form.
PRINTED = {"receipts.receipt_pdf", "pack.pack_pdf"}
#: Who sends forms: of the lead, of a partner and of either agency.
SENDERS = ("councillor", "inspector", "responder", "fire_responder", "officer")
#: By whom else everything is asked for in the long form.
MORE = {"colleague", "certifier", "icb_responder", "chair", "stranger"}


@pytest.fixture(scope="module")
def seen(stage: tuple[Flask, Scene]) -> Matrix:
    """What each viewer came upon, at which addresses."""
    app, scene = stage
    with app.app_context():
        asked = [one for one in addresses(app) if one[0] not in PRINTED]
    matrix = look(app, scene, ON_POSTGRESQL if kind() == POSTGRESQL else sorted(EVERYONE - MORE), asked)
    print(matrix.size())
    return matrix


def test_every_word_is_found_by_those_who_may_and_nobody_else(seen: Matrix) -> None:
    """Nobody comes upon what is not theirs, on any surface; and each word is found by all it is for, so the trial can fail."""
    assert (seen.leaks(), seen.lost()) == ([], [])


@pytest.mark.proof
def test_everybody_at_every_address(stage: tuple[Flask, Scene]) -> None:
    """The same in its long form: colleagues too, what is printed while it is asked for, and nobody left out anywhere."""
    app, scene = stage
    with app.app_context():
        asked = addresses(app)
    matrix = look(app, scene, sorted(EVERYONE), asked, whole=True)
    print(matrix.size())
    assert (matrix.leaks(), matrix.lost()) == ([], [])


@pytest.mark.proof
@pytest.mark.sqlite_only("who may do what does not rest on the database")
def test_nobody_does_what_is_not_theirs_to_do(stage: tuple[Flask, Scene]) -> None:
    """Every form, about everything in each state, by each sender: what was done is what the tables of roles allow."""
    app, scene = stage
    with app.app_context():
        asked = forms_of(app, scene, long=False)
    trial = send_all(app, SENDERS, asked)
    print(trial.size())
    with app.app_context():
        assert wrongs(trial.deeds) == []
    assert len({deed.endpoint for deed in trial.deeds}) > 40, "forms that nobody can send prove nothing"


def test_how_sure_we_are_of_the_law_never_leaves_the_officers_screen(seen: Matrix, stage: tuple[Flask, Scene]) -> None:
    """On no page, export or answer of the API for the public or an agency, and in no letter."""
    assert dict(seen.found[OUR_HOMEWORK]) == {}
    with stage[0].app_context():
        letters = list(db.session.execute(select(Letter.kind, Letter.subject, Letter.text)))
    assert letters
    assert [(kind, phrase) for kind, *texts in letters for phrase in HOMEWORK if phrase in " ".join(texts)] == []


def test_every_word_planted_is_in_the_table() -> None:
    """A word planted and not judged would be looked for by nobody."""
    source = inspect.getsource(visibility_scene) + inspect.getsource(visibility_states)
    planted = set(re.findall(r'word\("([a-z ]+)"\)', source))
    assert sorted(planted - set(WHO_SEES) - UNSEEN) == []
