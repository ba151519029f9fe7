"""`flask bodies load` and `flask people invite`."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import Result
from flask import Flask

from scrutiny.accounts.queries import person_by_email
from scrutiny.bodies import queries


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


def test_bodies_are_loaded_whole_or_not_at_all(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "bodies.csv"
    file.write_text("slug,name,kind,host_agency,nation\nplace-board,Place Board,place-board,,\n")
    assert json.loads(run(app, "bodies", "load", str(file), "--json").stdout)["added"] == ["place-board"]
    file.write_text("slug,name,kind,host_agency,nation\nnew-one,New,panel,,\nplace-board,Place Board,club,,\n")
    done = run(app, "bodies", "load", str(file))
    assert (done.exit_code, done.stdout) == (1, "")
    assert "Line 3: There is no kind of body called “club”" in done.stderr
    with app.app_context():
        assert queries.body("new-one") is None
        assert queries.body("place-board")


def test_people_are_invited_to_run_the_instance_or_to_a_role(app: Flask, cast: SimpleNamespace) -> None:
    in_agency = ["--agency", str(cast.fire), "--role", "certifier"]
    for words in (["--administrator"], ["--body", "ofsted", "--role", "inspector"], in_agency):
        email = f"{words[0].strip('-')}@example.org"
        assert run(app, "people", "invite", email, "--name", "New", *words).exit_code == 0
    with app.app_context():
        by = [queries.actor_of(person_by_email(f"{what}@example.org")) for what in ("administrator", "body", "agency")]
    assert by[0].administrator
    assert (by[1].body, by[1].roles) == (cast.ofsted, {"inspector"})
    assert (by[2].agency, by[2].roles) == (cast.fire, {"certifier"})


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--body", "nowhere", "--role", "chair"], 1, "There is no body with the slug nowhere: choose one of cqc"),
        (["--agency", "999", "--role", "responder"], 1, "There is no agency with the id 999"),
        (["--body", "ofsted", "--role", "king"], 1, "A body has no role called King: choose one of Councillor"),
        (["--body", "ofsted"], 2, "Give --role"),
        ([], 2, "Give one of --administrator"),
    ],
)
def test_a_wrong_invitation_says_what_to_do_and_invites_nobody(app: Flask, words: list[str], status: int, said: str) -> None:
    done = run(app, "people", "invite", "new@example.org", "--name", "New", *words)
    assert done.exit_code == status
    assert said in done.stderr
    with app.app_context():
        assert person_by_email("new@example.org") is None
