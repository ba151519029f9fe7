"""A joint inspection with a finding before both bodies, and a committee's review that the committee alone signs."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from scrutiny.findings.models import Finding
from tests.scrutiny.findings.conftest import Scene, make_scene


@pytest.fixture
def scene(context: None, cast: SimpleNamespace) -> Scene:
    """The inspectorate leads, the care commission is its partner and signs too, the committee observes."""
    return make_scene(cast)


@pytest.fixture
def finding(scene: Scene) -> Finding:
    """A finding of the inspectorate that is proposed."""
    return scene.proposed()


@pytest.fixture
def council_scene(context: None, cast: SimpleNamespace) -> Scene:
    """The committee leads and signs alone; the inspectorate is its partner."""
    return make_scene(cast, "council-task-and-finish", "committee")
