"""A draft holds whatever was typed; what it lacks is said beside its box and on Check answers, and stops only the sending."""

from __future__ import annotations

import io
import re
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from scrutiny.answering import service as answering
from scrutiny.answering.reusing import compare
from scrutiny.asking import service as asking
from scrutiny.evidence.service import LONGEST
from scrutiny.extensions import db
from scrutiny.requests.models import Answer, Item
from scrutiny.transaction import run
from tests.conftest import NOW
from tests.scrutiny.evidence.test_service import a_pdf
from tests.scrutiny.requests.answering_scene import Asked, ask


@pytest.fixture
def asked(app: Flask, cast: SimpleNamespace) -> list[int]:
    """The items of a request to the fire service, which has no approver."""
    with app.app_context():
        return run(lambda: [item.id for item in ask(cast, "fire").items])


def box(page: Any, name: str) -> str:
    """What stands in a box for long text."""
    return unescape(re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n?(.*?)</textarea>', page.text, re.DOTALL)[1])


def save(client: Any, item: int, **data: Any) -> Any:
    """Open an item and save it."""
    version = re.search(r'name="version"[^>]*value="(\d+)"', client.get(f"/answering/items/{item}").text)[1]
    data = {"version": version, "marking": "open", "then": "list"} | data
    return client.post(f"/answering/items/{item}", data=data, content_type="multipart/form-data")


@pytest.mark.parametrize(
    ("typed", "lacking"),
    [
        ({"text": "Half an answer", "marking": "exempt"}, "Schedule 12A"),
        ({"figures": "about a million\nChildren: 12"}, "Line 1"),
        ({"figures": "Children: 10-12"}, "is not one number"),
        ({"text": "x" * (LONGEST + 1)}, "characters or fewer"),
    ],
)
def test_half_an_answer_is_saved_and_cannot_be_sent(
    asked: list[int], signed_in: Any, typed: dict[str, str], lacking: str
) -> None:
    client = signed_in("fire_responder")
    answer = save(client, asked[0], **typed)
    assert answer.status_code == 302
    listed = client.get(answer.headers["Location"])
    assert "is saved. Nothing is sent yet" in listed.text
    assert "Before you send item 1" in listed.text
    page = client.get(f"/answering/items/{asked[0]}")
    for name in ("text", "figures"):
        assert box(page, name) == typed.get(name, "")
    assert lacking in unescape(page.text)
    request = answer.headers["Location"]
    check = client.get(f"{request}/check")
    assert lacking in unescape(check.text)
    assert f'value="{asked[0]}"' not in check.text
    sent = client.post(f"{request}/check", data={"items": [str(asked[0])]})
    assert sent.status_code == 200


def test_no_ground_is_asked_for_while_nobody_has_chosen_a_marking(app: Flask, asked: list[int], signed_in: Any) -> None:
    """A question may offer a marking; what that would need is not lacking before somebody chooses it."""
    with app.app_context():
        run(lambda: setattr(db.session.get_one(Item, asked[0]).question, "marking", "exempt"))
    client = signed_in("fire_responder")
    save(client, asked[0], text="Half an answer", marking="")
    page = client.get(f"/answering/items/{asked[0]}").text
    lacking = page[page.index("Still to do before this can be sent") :].split("</ul>")[0]
    assert "Choose who may see this" in lacking
    assert "Schedule 12A" not in lacking
    save(client, asked[0], text="Half an answer", marking="exempt")
    page = client.get(f"/answering/items/{asked[0]}").text
    assert "Schedule 12A" in page[page.index("Still to do before this can be sent") :].split("</ul>")[0]


def test_small_numbers_that_are_kept_back_are_figures(asked: list[int], signed_in: Any) -> None:
    client = signed_in("fire_responder")
    save(client, asked[0], figures="Fewer than five: <5\nNone: n/a")
    assert "Before you send" not in client.get(f"/answering/items/{asked[0]}").text
    assert "There is a problem" not in client.get(f"/answering/items/{asked[0]}").text


def test_refused_files_lose_neither_the_words_nor_the_good_file_and_are_named_together(asked: list[int], signed_in: Any) -> None:
    client = signed_in("fire_responder")
    bad = [(io.BytesIO(b"MZ"), "setup.exe"), (io.BytesIO(b""), "empty.pdf")]
    page = save(client, asked[2], text="My words", files=[*bad, (io.BytesIO(a_pdf("Good")), "good.pdf")])
    assert page.status_code == 200
    for name in ("setup.exe", "empty.pdf"):
        assert name in page.text
    again = client.get(f"/answering/items/{asked[2]}")
    assert box(again, "text") == "My words"
    assert "good.pdf" in again.text
    assert "setup.exe" not in again.text


def test_a_day_that_does_not_exist_stays_with_its_writer(asked: list[int], signed_in: Any) -> None:
    """No draft can hold it: the rest is saved, and the day is there again as it was typed."""
    client = signed_in("fire_responder")
    page = save(client, asked[0], text="My words", as_at=["31", "13", "2026"])
    assert page.status_code == 200
    assert "Enter a real date" in page.text
    again = client.get(f"/answering/items/{asked[0]}")
    assert box(again, "text") == "My words"
    assert [re.search(rf'value="{part}"', again.text) is not None for part in ("31", "13", "2026")] == [True] * 3
    assert "Not saved yet" in again.text


def test_a_day_that_does_not_exist_is_put_right_at_the_first_try(asked: list[int], signed_in: Any) -> None:
    """What was saved beside it is one's own, and is not called somebody else's; only the day is not saved."""
    client, page = signed_in("fire_responder"), f"/answering/items/{asked[0]}"
    files = [(io.BytesIO(a_pdf()), "minutes.pdf")]
    said = save(client, asked[0], text="Half of it", as_at=["31", "2", "2026"], files=files).text
    assert "saved as a draft, but not what you entered in “As at which day?”" in said
    again = client.get(page).text
    assert "Not saved: “As at which day?”" in again
    assert "minutes.pdf" in again
    for untrue in ("has changed since you typed", "Choose this file again", "Somebody else"):
        assert untrue not in again
    assert 'value="31"' in again
    assert save(client, asked[0], text="Half of it", as_at=["28", "2", "2026"]).status_code == 302
    assert "Not saved yet" not in client.get(page).text


def test_what_one_saved_in_another_window_is_not_called_somebody_elses(asked: list[int], signed_in: Any) -> None:
    client = signed_in("fire_responder")
    save(client, asked[0], text="In the other window")
    both = client.post(f"/answering/items/{asked[0]}", data={"version": "1", "text": "In this one", "marking": "open"}).text
    assert "You have saved this in another window too" in both
    assert "As you left it" in both
    assert "Somebody else" not in both


def test_saving_the_same_twice_is_no_quarrel_with_oneself(asked: list[int], signed_in: Any) -> None:
    """A second press, or another tab of one's own: the form still speaks of the version before."""
    client = signed_in("fire_responder")
    data = {"version": "1", "marking": "open", "then": "list", "text": "Once", "period": "2025-26"}
    page = client.get(f"/answering/items/{asked[2]}")
    data["version"] = re.search(r'name="version"[^>]*value="(\d+)"', page.text)[1]
    for _ in range(2):
        answer = client.post(f"/answering/items/{asked[2]}", data=data)
        assert answer.status_code == 302
    other = client.post(f"/answering/items/{asked[2]}", data=data | {"text": "Another"})
    assert "Once" in other.text
    assert "Another" in other.text


def test_every_reason_for_a_return_stays(app: Flask, cast: SimpleNamespace, signed_in: Any) -> None:
    """Until it is sent again it stands on the page, whatever is saved; after that it is in the history, on both sides."""
    with app.app_context():
        scene = run(lambda: ask(cast, "fire"))
        item, request = scene.items[0].id, scene.request
        reference, slug = request.review.reference, request.slug

        def send(words: str) -> None:
            found = db.session.get_one(Item, item)
            by = Asked(cast, found.request).by("fire_responder")
            answering.keep_answer(found, answering.Typed(text=words), by=by, at=NOW)
            answering.submit_item(found, by=by, at=NOW)

        def give_back(why: str) -> None:
            found = db.session.get_one(Item, item)
            asking.return_item(found, why=why, by=Asked(cast, found.request).by("officer"), at=NOW)

        run(lambda: send("First"))
        run(lambda: give_back("The figures stop in June"))
    client = signed_in("fire_responder")
    save(client, item, text="Second, half")
    for path in (f"/answering/items/{item}", f"/answering/{_request(app, item)}"):
        assert "The figures stop in June" in client.get(path).text
    with app.app_context():
        run(lambda: send("Second"))
        run(lambda: give_back("And the ground?"))
    page = client.get(f"/answering/items/{item}").text
    assert "The figures stop in June" in page
    assert "And the ground?" in page
    asker = signed_in("officer").get(f"/reviews/{reference}/requests/{slug}/1").text
    assert "The figures stop in June" in asker
    assert "And the ground?" in asker


def _request(app: Flask, item: int) -> int:
    """The request of an item."""
    with app.app_context():
        return db.session.get_one(Item, item).request_id


@pytest.fixture
def earlier(app: Flask, cast: SimpleNamespace) -> tuple[int, int]:
    """An answer the fire service sent for another place and period, and an item that asks the same here."""
    with app.app_context():

        def deed() -> tuple[int, int]:
            old, new = ask(cast, "fire"), ask(cast, "fire")
            old.request.review.place_id = cast.wide_place
            typed = answering.Typed(text="Old words", figures="Children: 4,182", period="2019-20")
            answering.keep_answer(old.items[0], typed, by=old.by("fire_responder"), at=NOW)
            sent = answering.submit_item(old.items[0], by=old.by("fire_responder"), at=NOW)
            return sent.id, new.items[0].id

        return run(deed)


def test_an_answer_for_another_place_is_used_only_when_that_is_ticked(earlier: tuple[int, int], signed_in: Any) -> None:
    client, (answer, item) = signed_in("fire_responder"), earlier
    led = client.post(f"/answering/items/{item}", data={"then": f"reuse-{answer}", "version": "1", "marking": "open"})
    page = client.get(f"/answering/items/{item}/reuse?answer={answer}")
    assert "another place and another period" in page.text
    assert "2019-20" in page.text
    assert led.status_code in (200, 302)
    refused = client.post(f"/answering/items/{item}/reuse", data={"answer": answer})
    assert "Tick that this answer is right" in refused.text
    assert box(client.get(f"/answering/items/{item}"), "figures") == ""
    client.post(f"/answering/items/{item}/reuse", data={"answer": answer, "looked": "y"})
    assert box(client.get(f"/answering/items/{item}"), "figures") == "Children: 4,182"


@pytest.mark.parametrize(
    ("then", "wanted", "other"),
    [
        ("2019-20", "", "no period named"),
        ("2019-20", "2025-26", "2025-26"),
        ("", "2025-26", "2025-26"),
        ("2025-26", "2025-26 ", ""),
        ("", "", ""),
    ],
)
def test_an_answer_for_a_period_is_compared_with_none_too(
    app: Flask, earlier: tuple[int, int], then: str, wanted: str, other: str
) -> None:
    with app.app_context():
        answer, item = db.session.get_one(Answer, earlier[0]), db.session.get_one(Item, earlier[1])
        answer.lodging.evidence.period, answer.item.question.period, item.question.period = then, "", wanted
        assert compare(item, answer).other_period == other


@pytest.mark.parametrize(("how", "text"), [("below", "My half\n\nOld words"), ("replace", "Old words")])
def test_a_draft_is_never_written_over_unasked(earlier: tuple[int, int], signed_in: Any, how: str, text: str) -> None:
    """What stands in the boxes is saved on the way to the earlier answer."""
    client, (answer, item) = signed_in("fire_responder"), earlier
    led = save(client, item, text="My half", then=f"reuse-{answer}")
    assert led.headers["Location"] == f"/answering/items/{item}/reuse?answer={answer}"
    refused = client.post(f"/answering/items/{item}/reuse", data={"answer": answer, "looked": "y"})
    assert "Say whether to keep what is saved here" in refused.text
    assert box(client.get(f"/answering/items/{item}"), "text") == "My half"
    client.post(f"/answering/items/{item}/reuse", data={"answer": answer, "looked": "y", "how": how})
    assert box(client.get(f"/answering/items/{item}"), "text") == text
