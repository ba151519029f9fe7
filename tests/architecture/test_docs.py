"""The documents say what the code says: settings, commands, house, lifecycles, words on pages; and links lead somewhere."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask

from config.settings import read_settings
from setup import picture

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
#: The guides of those who use the pages.
FOR_PEOPLE = ("administrator", "councillor-and-chair", "inspector", "resident", "responder-and-certifier", "scrutiny-officer")
#: Sections that explain something instead.
NO_TASKS = {
    "What is not here yet",
    "How the shares are counted",
    "How long somebody stays signed in",
    "The days of a body or agency",
    "The timetable",
    "Limits",
}
#: Tasks of an administrator that are told in words, with their commands.
IN_WORDS = {"To change who is reminded when", "To have email that comes in read", "To upgrade"}
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


def _named(path: Path) -> str:
    """A path as a person would say it."""
    return str(path.relative_to(ROOT))


class Asked(Mapping[str, str]):
    """An environment that remembers what was looked for in it."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        if name == "SECRET_KEY":
            return "x" * 40
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_every_setting_is_in_the_readme_and_no_other() -> None:
    """What the settings look for in the environment is what the table tells of."""
    asked = Asked()
    read_settings(asked)
    table = (ROOT / "README.md").read_text(encoding="utf-8").split("## Settings")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)) == asked.names


def test_every_command_that_a_document_names_can_be_run(the_app: Flask) -> None:
    """`flask areas load` in a guide is a command; that every command is in the README follows from its generated table."""
    known = set(picture.commands_of(the_app))
    groups = {name.split()[0] for name in known if " " in name}
    named = {
        (_named(path), found)
        for path in DOCUMENTS
        for found in re.findall(r"\bflask ((?!--)[a-z][\w-]*(?: [a-z][\w-]*)?)", path.read_text(encoding="utf-8"))
    }
    hidden = {"areas carry-out", "db migrate"}  # started by a page; used by developers only
    wrong = {
        (path, words)
        for path, words in named
        if words not in known | hidden and (words.split()[0] in groups or words.split()[0] not in known)
    }
    assert wrong == set()


def test_what_the_code_tells_of_itself_stands_in_the_documents(the_app: Flask) -> None:
    """If this fails, run `make docs` and look at what has changed."""
    differ = [_named(p) for p, text in picture.documents(the_app).items() if p.read_text(encoding="utf-8") != text]
    assert differ == [], "run `make docs`"


def test_every_lifecycle_is_drawn() -> None:
    """A table that is written and not drawn would be missed by nobody."""
    written = re.findall(
        r"^([A-Z_]+) = Lifecycle\(",
        "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "workflows" / "lifecycles").glob("*.py")),
        re.MULTILINE,
    )
    assert len(written) == len(picture.LIFECYCLES)


def test_all_arrows_of_the_house_point_down() -> None:
    """The picture is drawn from the top; import-linter says the same of each module."""
    order = picture.boxes()
    up = [
        (name, other)
        for name, others in picture.looks_down().items()
        for other in others
        if order.index(other) <= order.index(name)
    ]
    assert up == []


def test_every_room_is_drawn() -> None:
    """A room that no rung of the ladder names would not be in the picture."""
    rooms = {p.parent.name for p in (ROOT / "scrutiny").glob("*/__init__.py")} - {"adapters"}
    assert rooms <= set(picture.boxes())


def test_decisions_are_numbered_without_gaps() -> None:
    """0001, 0002 …, each headed by its own number, with its cost."""
    assert [p.name[:4] for p in DECISIONS] == [f"{n:04d}" for n in range(1, len(DECISIONS) + 1)]
    for path in DECISIONS:
        assert path.read_text(encoding="utf-8").startswith(f"# {path.name[:4]} "), path.name


@pytest.mark.parametrize("path", DOCUMENTS, ids=_named)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    """Every link that is not to another site names a file here."""
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    broken = [link for link in links if "://" not in link and not (path.parent / link).exists()]
    assert broken == []


@pytest.mark.parametrize("path", GUIDES, ids=_named)
def test_the_words_of_pages_in_a_guide_stand_on_a_page(path: Path) -> None:
    """In the guides, bold is for what a page or button says; each must be found in a template or in the code."""
    said = _words_of_pages()
    bold = re.findall(r"\*\*([^*\n]+)\*\*", path.read_text(encoding="utf-8"))
    assert [words for words in bold if _plain(words) not in said] == []


@pytest.mark.parametrize("path", [one for one in GUIDES if one.stem in FOR_PEOPLE], ids=_named)
def test_a_guide_for_people_is_a_list_of_tasks(path: Path) -> None:
    """Each section is headed by what somebody wants to do, with steps by number (or a table to choose from), or is known."""
    parts = re.split(r"^## (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    assert len(sections) == len(parts) // 2, "two sections have one heading"
    others = {heading for heading in sections if not heading.startswith(("To ", "If "))}
    assert others <= NO_TASKS
    without = {heading for heading, text in sections.items() if not re.search(r"^(1\. |\| )|^```", text, re.MULTILINE)}
    assert without <= NO_TASKS | IN_WORDS
    assert sum(heading.startswith("To ") for heading in sections) >= 5


def _words_of_pages() -> str:
    """Every template and every string of the code, as running text."""
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]
    files += [*(ROOT / "scrutiny").rglob("*.py"), *(ROOT / "workflows").rglob("*.py")]
    return "\n".join(_plain(p.read_text(encoding="utf-8")) for p in sorted(files))


def _plain(text: str) -> str:
    """One shape of space and apostrophe."""
    return re.sub(r"\s+", " ", html.unescape(text)).replace("’", "'")
