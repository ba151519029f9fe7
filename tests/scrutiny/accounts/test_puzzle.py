"""Where too much comes from one network, a browser's work opens the way again: once for each puzzle, never against one person."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import altcha
import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny.accounts.limits import LINKS, LISTS, PLACES
from scrutiny.correspondence.alerts import ALERTS, offer_alert
from scrutiny.transaction import writes_now
from scrutiny.work import limits, puzzles
from scrutiny.work.limits import Limit, may_try

NETWORK = "127.0.0.1"


def use_up(app: Flask, limit: Limit, times: int = 1) -> None:
    """Everything one network may try."""
    with app.app_context(), writes_now():
        for _ in range(limit.of_network * times):
            assert may_try(limit, "", NETWORK, at=datetime.now(UTC), worked=times > 1)


def offered(page: str) -> str:
    """The puzzle a page offers."""
    found = re.search(r'data-puzzle="([^"]+)"', page)
    assert found, page
    return unescape(found.group(1))


def solution(puzzle: str) -> str:
    """What a browser sends for it."""
    challenge = altcha.Challenge.from_dict(json.loads(puzzle))
    solved = altcha.solve_challenge(challenge)
    assert solved is not None
    return altcha.Payload(challenge, solved).to_base64()


def ask_for_link(client: FlaskClient, **more: str) -> tuple[int, str]:
    answer = client.post("/sign-in", data={"email": "officer@example.org", **more})
    return answer.status_code, answer.text


def test_a_solved_puzzle_opens_the_way_once(app: Flask, cast: object, client: FlaskClient) -> None:
    assert "data-puzzle" not in client.get("/sign-in").text
    use_up(app, LINKS)
    status, page = ask_for_link(client)
    assert status == 429
    assert 'value="officer@example.org"' in page, "what was typed stays"
    assert 'href="/contact"' in page, "whoever has no scripts is told where to go"
    solved = solution(offered(page))
    assert ask_for_link(client, altcha=solved)[0] == 302
    assert ask_for_link(client, altcha=solved)[0] == 429, "each puzzle opens the way once"
    again = base64.b64encode(json.dumps(json.loads(base64.b64decode(solved)), indent=1).encode()).decode()
    assert ask_for_link(client, altcha=again)[0] == 429, "however it is written"


@pytest.mark.parametrize("change", ["cost", "keyPrefix", "expiresAt", "nonce", "signature", "counter", "nothing left"])
def test_an_easier_or_older_puzzle_is_no_way_in(app: Flask, cast: object, client: FlaskClient, change: str) -> None:
    """What was signed is what counts; anything else is as good as no answer."""
    use_up(app, LINKS)
    answer = json.loads(base64.b64decode(solution(offered(ask_for_link(client)[1]))))
    parameters = answer["challenge"]["parameters"]
    easier = {"cost": 1, "keyPrefix": "", "expiresAt": parameters["expiresAt"] + 9999, "nonce": "00" * 16}
    if change in easier:
        parameters[change] = easier[change]
    elif change == "signature":
        answer["challenge"]["signature"] = ""
    elif change == "counter":
        answer["solution"]["counter"] += 1
    else:
        answer = []
    assert ask_for_link(client, altcha=base64.b64encode(json.dumps(answer).encode()).decode())[0] == 429
    assert ask_for_link(client, altcha="not base64 \x00")[0] == 429
    assert ask_for_link(client, altcha="A" * 10_000)[0] == 429


def test_a_puzzle_that_has_run_out_is_refused(app: Flask, cast: object) -> None:
    with app.app_context():
        old = puzzles.puzzle(datetime.now(UTC) - puzzles.LASTS - timedelta(seconds=2))
    with app.test_request_context("/sign-in", method="POST", data={"altcha": solution(old)}), writes_now():
        assert not puzzles.solved_here(datetime.now(UTC))


def test_work_has_an_end_too_and_does_not_help_against_one_person(app: Flask, cast: object, client: FlaskClient) -> None:
    """Ten times what goes without: then even work opens nothing. What is asked about one person too often waits."""
    for _ in range(LINKS.of_victim):
        assert ask_for_link(client)[0] == 302
    status, page = ask_for_link(client)
    assert status == 429
    assert "data-puzzle" not in page
    small = Limit("small", timedelta(hours=1), of_network=2, in_all=100)
    use_up(app, small, times=limits.WORKED)
    with app.app_context(), writes_now():
        assert may_try(small, "", NETWORK, at=datetime.now(UTC), worked=True).refused == "network"


def _alert(app: Flask) -> tuple[str, dict[str, str], Limit]:
    with app.app_context():
        return "/alerts/ask", {"offer": offer_alert("place:1", "Loamshire"), "address": "a@example.org"}, ALERTS


def _new_place(app: Flask) -> tuple[str, dict[str, str], Limit]:
    return "/places/E07900003/alert", {}, PLACES


def _codes(app: Flask) -> tuple[str, dict[str, str], Limit]:
    return "/codes", {"text": "E07900001", "target": "district"}, LISTS


@pytest.mark.parametrize("form", [_alert, _new_place, _codes])
def test_other_forms_of_strangers_offer_a_puzzle_too(
    app: Flask, cast: object, client: FlaskClient, form: Callable[[Flask], tuple[str, dict[str, str], Limit]]
) -> None:
    path, typed, limit = form(app)
    use_up(app, limit)
    refused = client.post(path, data=typed)
    assert refused.status_code == 429, refused.text
    assert client.post(path, data={**typed, "altcha": solution(offered(refused.text))}).status_code in (200, 302)


def test_whoever_solves_many_puzzles_shuts_nobody_else_out(app: Flask, cast: object) -> None:
    small = Limit("small", timedelta(hours=1), of_network=4, in_all=5)
    use_up(app, small, times=limits.WORKED)
    with app.app_context(), writes_now():
        assert may_try(small, "", "203.0.113.7", at=datetime.now(UTC))
