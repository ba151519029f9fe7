"""Step 8: the administrator invites, loads boundaries, and sees letters, jobs and the trail."""

from __future__ import annotations

import json
from datetime import date

from tests.browser.story import Story
from tests.browser.visitor import Visitor

WARDS = "Wards of Barrow End"


def ward(code: str, west: int) -> dict[str, object]:
    """A square of five kilometres, in the coordinates of the British grid."""
    x, y = 410_000 + west * 5_000, 300_000
    ring = [[x, y], [x + 5_000, y], [x + 5_000, y + 5_000], [x, y + 5_000], [x, y]]
    return {
        "type": "Feature",
        "properties": {"WD24CD": code, "WD24NM": f"Ward {code[-1]}"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_every_page_of_the_administrator_stands(story: Story) -> None:
    administrator = story.person("administrator")
    administrator.shoot("administration")
    for page in ("people", "bodies", "agencies", "boundaries", "letters", "machine", "audit", "bodies/add", "agencies/add"):
        administrator.go(f"/administration/{page}")
        administrator.shoot(f"administration-{page.replace('/', '-')}")
    administrator.go("/administration/agencies/1")
    administrator.go("/administration/agencies/1/edit")
    administrator.go("/administration/bodies/1")
    administrator.go("/account")
    administrator.shoot("account")


def test_a_person_is_invited_and_comes_in(story: Story) -> None:
    administrator = story.person("administrator")
    administrator.go("/administration/people")
    administrator.press("Invite")
    administrator.fill(kind="agency", q="fire")
    administrator.press("Continue")
    administrator.shoot("invite-whom")
    administrator.press("Loamshire Fire and Rescue")
    administrator.refused("Invite", "Enter the person's name", "Enter an email address", "Choose a role")
    administrator.fill(name="Nia Shaw", email="nia@example.org", role="responder")
    administrator.shoot("invite")
    administrator.press("Invite")
    nia = Visitor(story.browser, story.instance, "nia")
    nia.letter("Area Scrutiny")
    nia.sign_in()
    assert nia.path() == "/inbox"
    administrator.go("/administration/people")
    administrator.press("Nia Shaw")
    administrator.enter("main a[href*='/administration/memberships/']")
    administrator.press("End membership")


def test_boundaries_are_loaded_with_progress(story: Story) -> None:
    administrator = story.person("administrator")
    layer = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}},
        "features": [ward("E05900001", 0), ward("E05900002", 1)],
    }
    administrator.go("/administration/boundaries/load")
    administrator.refused("Load", "Choose a file", "Choose what the file holds")
    file = {"name": "wards.geojson", "mimeType": "application/geo+json", "buffer": json.dumps(layer).encode()}
    administrator.fill(file=[file], kind="ward", from_on=date(2024, 5, 2), source=WARDS)
    administrator.press("Load")
    administrator.page.wait_for_selector("h1:has-text('Loaded')", timeout=30_000)
    administrator.look()
    administrator.sees("2 rows loaded")
    administrator.shoot("loaded")
    administrator.go("/places/E05900001")
    administrator.sees("Ward 1")
    broken = file | {"buffer": json.dumps(layer).encode()[:300]}
    administrator.go("/administration/boundaries/load")
    administrator.fill(file=[broken], kind="ward", from_on=date(2025, 5, 1))
    administrator.press("Load")
    administrator.page.wait_for_selector("h1:has-text('Not loaded')", timeout=30_000)
    administrator.look()
    administrator.shoot("not-loaded")


def test_letters_and_jobs_are_seen(story: Story) -> None:
    administrator = story.person("administrator")
    administrator.go("/administration/letters")
    administrator.enter("main a[href*='/administration/letters/']")
    administrator.go("/administration/machine")
    administrator.sees("release_reports", "post_letters", "Next run", "No backup has been made here yet")
    story.instance.flask("audit", "verify")
    story.instance.flask("backup", str(story.instance.folder / "night.backup"))
    administrator.go("/administration/machine")
    administrator.sees("The last backup, night.backup")
