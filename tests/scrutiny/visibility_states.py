"""Answers and files in every state of publication: sent back, published, taken back or never sent, each with its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from scrutiny.answering import correcting
from scrutiny.answering import service as answering
from scrutiny.answering.service import Typed
from scrutiny.asking import service as requests
from scrutiny.editions import queries, recalling
from scrutiny.evidence import restricting
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.evidence.restricting import Restriction
from scrutiny.extensions import db
from scrutiny.requests.models import Item
from tests.conftest import NOW
from tests.lodged_files import add_file
from tests.scrutiny.reviews.acting import acting


def word(key: str) -> str:
    """The word planted under a key: 'fire open' becomes zqfireopenqz, which nothing else on a page spells."""
    return f"zq{key.replace(' ', '')}qz"


@dataclass
class Scene:
    """What was built: references of reviews by name, and the word that stands for each file."""

    references: dict[str, str] = field(default_factory=dict)
    files: dict[int, str] = field(default_factory=dict)
    lodgings: dict[str, int] = field(default_factory=dict)


def kept(scene: Scene, item: Item, name: str, *, who: str = "fire_responder") -> Lodging:
    """An answer being written: in its text, in a table sent with it and in the name of that table, a word each."""
    by = acting(who)
    lodging = answering.keep_answer(item, Typed(text=f"We write {word(name)} here", marking="open"), by=by, at=NOW).lodging
    for file in list(lodging.evidence.files):  # what the answer before had sent
        answering.remove_file(item, file, by=by, at=NOW)
    db.session.refresh(lodging.evidence)
    table(scene, lodging, name, who=who)
    return lodging


def table(scene: Scene, lodging: Lodging, name: str, *, who: str = "fire_responder") -> EvidenceFile:
    """A table whose cell and name carry words."""
    content = f"area,people\n{word(name + ' cell')},7\n".encode()
    called = f"{word(name + ' csv')}.csv"
    file = add_file(lodging.evidence, name=called, content=content, by=acting(who), at=NOW)
    scene.files[file.id], scene.lodgings[name] = word(name + " csv"), lodging.id
    return file


def sent(scene: Scene, item: Item, name: str) -> Lodging:
    """The same, sent by the fire service."""
    lodging = kept(scene, item, name)
    answering.submit_item(item, by=acting("fire_responder"), at=NOW)
    return lodging


def before_release(scene: Scene, items: Sequence[Item]) -> None:
    """Eight answers to items of a review that is about to report: some it may not publish, some are taken from it afterwards."""
    officer = acting("officer")
    returned, withdrawn, superseded, replaced, *published = items
    sent(scene, returned, "state returned")
    requests.return_item(returned, why=word("state returned why"), by=officer, at=NOW)
    sent(scene, withdrawn, "state withdrawn")
    requests.withdraw_item(withdrawn, why=word("state withdrawn why"), by=officer, at=NOW)
    sent(scene, superseded, "state superseded")
    requests.return_item(superseded, why="Without names, please", by=officer, at=NOW)
    sent(scene, superseded, "state newer")
    sent(scene, replaced, "state file replaced")
    requests.return_item(replaced, why="Another file, please", by=officer, at=NOW)
    _with_another_file(scene, replaced)
    for item, name in zip(published, ("restricted", "taken back", "erased", "wrong"), strict=True):
        sent(scene, item, f"state {name}")
    for item in (superseded, replaced, *published):
        requests.accept_item(item, by=officer, at=NOW)
    correcting.say_wrong(published[-1], word("state wrong why"), by=acting("fire_responder"), at=NOW)


def _with_another_file(scene: Scene, item: Item) -> None:
    """The answer again, its words as they were, with another file in place of the one it had."""
    by = acting("fire_responder")
    lodging = answering.keep_answer(
        item, Typed(text=f"We write {word('state file new')} here", marking="open"), by=by, at=NOW
    ).lodging
    answering.remove_file(item, lodging.evidence.files[0], by=by, at=NOW)
    db.session.refresh(lodging.evidence)
    table(scene, lodging, "state file new")
    answering.submit_item(item, by=by, at=NOW)


def after_release(scene: Scene, at: datetime) -> None:
    """What was published is made stricter, taken back, erased, and said to be wrong by its agency."""
    officer, agency = acting("officer"), acting("fire_responder")
    found = {key: db.session.get_one(Lodging, scene.lodgings[f"state {key}"]) for key in ("restricted", "taken back", "erased")}
    assert all(lodging.public_from is not None for lodging in found.values())
    restricting.restrict(found["restricted"], Restriction("confidential", word("state restricted why")), by=officer, at=at)
    restricting.take_back(found["taken back"], word("state taken back why"), by=agency, at=at)
    restricting.erase_file(found["erased"].evidence.files[0], found["erased"], word("state file erased why"), by=officer, at=at)
    restricting.erase_words(found["erased"], word("state erased why"), by=officer, at=at)


def recalled(scene: Scene, at: datetime) -> None:
    """A released report withdrawn again."""
    report = queries.report_called(scene.references["recalled"])
    assert report is not None
    assert report.editions[-1].state == "released", report.editions[-1].fault
    recalling.recall(report, word("recalled why"), by=acting("officer"), at=at)
