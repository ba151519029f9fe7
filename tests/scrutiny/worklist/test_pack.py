"""The pack of a meeting: for members of the lead and partner bodies, and never with what is personal or confidential."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from flask import Flask

from scrutiny.agencies.models import Agency
from scrutiny.extensions import db
from scrutiny.recommendations import service as recommending
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.scrutiny.findings.conftest import Scene, make_scene


@pytest.fixture
def sent(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """A committee's review with findings on open, exempt and confidential evidence, a draft, and recommendations."""
    with app.app_context():
        scene = make_scene(cast, "council-task-and-finish", "committee")
        for marking in ("open", "exempt", "confidential"):
            lodging = scene.lodged(marking, text=f"We found 12 patterns. Kept {marking}.")
            scene.proposed(f"On {marking} ground", lodging=lodging)
        scene.drafted("A secret draft")
        _recommend(scene, "Count once", propose=True)
        _recommend(scene, "A draft recommendation", propose=False)
        commit()
        return SimpleNamespace(at=f"/reviews/{scene.review.reference}")


def _recommend(scene: Scene, text: str, *, propose: bool) -> None:
    """A recommendation to the police."""
    made = recommending.draft_recommendation(
        scene.review,
        text=text,
        measure="One count",
        done_by=date(2027, 3, 1),
        agency=db.session.get_one(Agency, scene.cast.police),
        findings=recommending.findings_chosen(scene.review, [1]),
        by=scene.by,
        at=NOW,
    )
    if propose:
        recommending.move_recommendation(made, "propose", by=scene.by, at=NOW)


@pytest.mark.parametrize("who", ["councillor", "chair", "officer", "inspector"])
def test_members_read_what_is_proposed_with_what_may_be_quoted(sent, signed_in, who):
    page = signed_in(who).get(f"{sent.at}/pack").text
    assert page.count("12 patterns</blockquote>") == 2
    assert "You may not see this quotation: it is marked confidential" in page
    assert "1 quotation is not shown here" in page
    assert "Exempt" in page
    assert "Count once" in page
    assert "A draft recommendation" not in page
    assert "A secret draft" not in page
    assert f'href="{sent.at}/questions"' in page
    assert "Loamshire" in page


def test_nobody_else_finds_the_pack(sent, signed_in, client):
    for who in ("partner_inspector", "responder", "administrator"):
        assert signed_in(who).get(f"{sent.at}/pack").status_code == 404
    assert client.get(f"{sent.at}/pack").status_code == 302
