"""Every letter reads as it was agreed, whole and without slips, and all of it can be said in another language."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flask_babel
import pytest
from babel.support import Translations
from flask import Flask

from scrutiny.bodies.letterheads import Contact
from scrutiny.correspondence.kinds import KINDS
from scrutiny.correspondence.sealing import PLACEHOLDER
from scrutiny.correspondence.wording import salutation, worded
from scrutiny.requests.letter_values import about
from tests.config.test_methods import NAMED_BY_THE_REVIEW, NEWEST, POINTS
from tests.scrutiny.correspondence.letter_samples import ISSUED, SAMPLES, US, item
from workflows.method import Method

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = ROOT / "tests" / "golden" / "letters"
PUBLIC_URL = "https://scrutiny.example.org"
pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def context(the_app: Flask) -> Iterator[None]:
    """An application context for words alone: no row is read, so the database is not brought back for each of hundreds."""
    with the_app.app_context():
        yield


def letter(sample: str, language: str = "en") -> tuple[str, str]:
    """Subject and text of a sample."""
    kind, name, office, values = SAMPLES[sample]
    return worded(kind, language, name=name, office=office, public_url=PUBLIC_URL, secret=PLACEHOLDER, **values)


def test_there_is_a_sample_of_every_letter() -> None:
    kinds = {path.stem for path in (ROOT / "templates" / "letters").glob("*.txt") if not path.stem.startswith("_")}
    assert {kind for kind, *_ in SAMPLES.values()} == kinds
    assert set(KINDS) == kinds, "each has a name on pages"


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_letter_reads_as_it_was_agreed(sample: str) -> None:
    """With GOLDEN=write in the environment the files are written anew, to be read before they are kept."""
    subject, text = letter(sample)
    whole, path = f"Subject: {subject}\n\n{text}", GOLDEN / f"{sample}.txt"
    if os.environ.get("GOLDEN") == "write":
        path.write_text(whole, encoding="utf-8")
    assert whole == path.read_text(encoding="utf-8")


def test_no_golden_letter_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(SAMPLES)


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_letter_has_no_slips(sample: str) -> None:
    """What officers found in letters: raw keys and days, doubled spaces and stops, old words, homework, a reader unnamed."""
    subject, text = letter(sample)
    assert len(subject) <= 200
    assert re.match(r"(Dear [A-Z]|Hello\n)", text)
    for wrong in (
        r"\n\n\n",
        r"[^ \n] {2,}",
        r"\.\.",
        r" [.,;:]",
        r"\bNone\b",
        r"e-mail",
        r"\d{4}-\d{2}-\d{2}",
        r"general knowledge",
    ):
        assert not re.search(wrong, text.replace("https://", "")), (wrong, text)
    for old in ("both dates are kept", "asker", "is sent back", "need not", "nothing waits", "certifier", "counts from"):
        if sample != "recommendation_made_undated":
            assert old not in text.casefold(), old
    for line in text.splitlines():
        assert not line.endswith((" ", "\t"))
        if PUBLIC_URL in line:
            assert not line.endswith("."), "a full stop would become part of the address"


class Pseudo(Translations):
    """A catalogue that marks everything said through it."""

    def ugettext(self, message: str) -> str:
        """The text, marked."""
        return f"⟦{message}⟧"

    def ungettext(self, singular: str, plural: str, number: int) -> str:
        """The text of a number, marked."""
        return f"⟦{singular if number == 1 else plural}⟧"


@pytest.mark.parametrize("sample", SAMPLES)
def test_all_of_the_letter_can_be_said_in_another_language(sample: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not marked is a value of the record, an address, a number or a mark."""
    monkeypatch.setitem(flask_babel.get_babel().instance.domain_instance.cache, ("cy", "messages"), Pseudo())
    rest = "\n".join(letter(sample, "cy"))
    while "⟦" in rest:
        shorter = re.sub(r"⟦[^⟦⟧]*⟧", " ", rest)
        assert shorter != rest
        rest = shorter
    for value in sorted(_texts(SAMPLES[sample][3]), key=len, reverse=True):
        rest = rest.replace(value, " ")
    rest = re.sub(r"https?://\S+|SHA-256", " ", rest.replace(PLACEHOLDER, " "))
    assert not re.search(r"[A-Za-z]{2,}", rest), rest


def _texts(value: Any) -> Iterator[str]:
    """Every text among the values of a letter."""
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, SimpleNamespace):
        yield from _texts(vars(value))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from _texts(dataclasses.asdict(value))


@pytest.mark.parametrize(
    ("name", "office", "said"),
    [
        ("Ms Wendy Bright", "", "Dear Ms Bright"),
        ("Cllr Amrit Gill", "", "Dear Councillor Gill"),
        ("Supt Dee Marsh", "", "Dear Superintendent Marsh"),
        ("Dr. Sian van der Berg", "", "Dear Dr Berg"),
        ("Sir Keith Jones", "", "Dear Sir Keith"),
        ("Wendy Moss", "", "Dear Wendy Moss"),
        ("Loamshire Police", "Chief Constable", "Dear Chief Constable"),
        ("", "", "Hello"),
    ],
)
def test_a_reader_is_addressed_by_title_name_or_office(name: str, office: str, said: str) -> None:
    assert salutation(name, office) == said


def test_a_reminder_is_three_sentences_and_names_one_day() -> None:
    _, text = letter("request_reminder")
    said = text.split("\n\nQuestions?")[0].split("\n\n", 1)[1]
    assert len(re.findall(r"\w+(?:\.(?=\s|$)|(?=\n\n))", re.sub(r"https?://\S+", "here", said))) == 3, said
    assert len(set(re.findall(r"\w+day \d+ \w+ \d{4}", text))) == 1


@pytest.mark.parametrize("sample", ["chairs_letter", "request_chased"])
def test_a_letter_of_what_is_missing_says_what_and_since_when_and_never_weakens_it(sample: str) -> None:
    _, text = letter(sample)
    for words in ("Text of question 1?", "Text of question 3?", "Wednesday 20 January 2027", "Friday 27 November 2026"):
        assert words in text
    for weak in ("do not have to", "regard", "officer chose", "no number of days", "invited", "hope"):
        assert weak not in text


def test_a_request_leads_with_one_day() -> None:
    subject, text = letter("request_issued")
    assert subject.endswith("Please answer by Wednesday 20 January 2027")
    assert text.count("Wednesday 20 January 2027") == 1


@pytest.mark.parametrize("scope", ["", "Seeing a GP or nurse."])
@pytest.mark.parametrize("title", ["Seeing a doctor in Wendale", "Seeing a doctor"])
@pytest.mark.parametrize("method", NEWEST, ids=[method.name for method in NEWEST])
def test_every_question_of_a_method_finds_in_its_letter_what_it_points_to(method: Method, title: str, scope: str) -> None:
    """Whether or not services were ticked and the title names the place, the letter names review and place above them."""
    review = SimpleNamespace(title=title, place=SimpleNamespace(name="Wendale"))
    questions = [item(number, text=one.question) for number, one in enumerate(method.evidence, 1)]
    values = ISSUED | {"items": questions, "in_scope": scope, "out_of_scope": "", "about": about(review)}
    _, text = worded("request_issued", "en", name="Wendy Moss", office="", public_url=PUBLIC_URL, secret=PLACEHOLDER, **values)
    above, below = text.split("1. ", 1)
    assert f"“{title}”" in above
    assert "Wendale" in above
    pointing = {words[0].lower() for question in questions for words in POINTS.finditer(question["text"])}
    assert {(method.key, words) for words in pointing} <= NAMED_BY_THE_REVIEW
    assert all(question["text"] in below for question in questions)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_letter_says_by_itself_what_it_is_about_and_who_writes(sample: str) -> None:
    """A reader who meets it without its subject line, forwarded or printed, knows which review and whom to answer."""
    _, text = letter(sample)
    ends = text.rstrip().split("\n\n")[-1]
    assert re.search(r"Area Scrutiny|Committee|Council|Inspectorate|Commission", ends), ends
    vague = re.search(r"\b(of|in|from) this review\b", text)
    assert vague is None or "“" in text or "R-2026-006" in text.replace("/reviews/R-2026-006", ""), text


#: How a letter says whom to ask: a contact, the person who did it, the page that lists everybody, or an administrator.
ASK = re.compile(
    r"Questions\? (?:Ask [A-Z].+\.|Contact us: \S+/contact$|.*[\w.]+@[\w.]+)|You can also tell:\n.+@"
    r"|(?:tell|ask) (?:your|an) administrator",
    re.MULTILINE,
)


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_letter_says_whom_to_ask(sample: str) -> None:
    """Most of all one that refuses something or ends it: the reader may think that it is wrong."""
    _, text = letter(sample)
    assert ASK.search(text), text


@pytest.mark.parametrize("kind", sorted({kind for kind, *_ in SAMPLES.values()}))
def test_whom_to_ask_is_said_where_the_body_has_no_contact(kind: str) -> None:
    """A letterhead nobody has filled in, and somebody who did it unnamed."""
    _, name, office, values = next(found for found in SAMPLES.values() if found[0] == kind)
    nobody = dataclasses.replace(US, contact=Contact(), mailbox="", genuine_url="")
    values = values | ({"us": nobody} if "us" in values else {})
    _, text = worded(kind, "en", name=name, office=office, public_url=PUBLIC_URL, secret=PLACEHOLDER, **values)
    assert ASK.search(text), text
    assert "\n\n\n" not in text
