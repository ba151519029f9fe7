"""What set-up fetches and pages load: no font, crest or crown, nothing from elsewhere, no style inside a page."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "scrutiny" / "static"
LOCKS = [*sorted(ROOT.glob("requirements*.txt")), ROOT / "package-lock.json"]
# Print templates are drawn by WeasyPrint, letters by mail programs: the browser's policy is not theirs.
TEMPLATES = sorted(
    path for path in (ROOT / "templates").rglob("*.html") if path.relative_to(ROOT).parts[1] not in ("print", "letters")
)


@pytest.fixture(scope="module")
def vendor() -> ModuleType:
    """The set-up script, as a module."""
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "setup" / "vendor.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_lock_file_names_a_registry() -> None:
    assert LOCKS
    assert [lock.name for lock in LOCKS if re.search(r"https?://|--index-url|--find-links", lock.read_text())] == []


@pytest.mark.parametrize("lock", [lock for lock in LOCKS if lock.suffix == ".txt"], ids=lambda lock: lock.name)
def test_every_library_is_pinned_with_its_digest(lock: Path) -> None:
    pins = [entry for entry in re.split(r"\n(?=\S)", lock.read_text()) if entry.strip()]
    assert pins
    assert [pin.split()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []


def test_the_stylesheets_are_of_the_version_the_templates_follow() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert packages["node_modules/govuk-frontend"]["version"] == "6.3.0"
    assert all("integrity" in package for name, package in packages.items() if name)


def test_what_pages_load_is_in_place_and_without_branding(vendor: ModuleType) -> None:
    folder = STATIC / "vendor"
    assert folder.is_dir(), "the stylesheets are not in place: run setup/prepare.sh python assets"
    files = [path for path in folder.rglob("*") if path.suffix in (".css", ".js")]
    assert {path.name for path in files} >= {"govuk-frontend.min.css", "govuk-frontend.min.js", "moj-frontend.min.css"}
    assert [path.name for path in files if vendor.BRANDING.search(path.read_text())] == []
    assert list(folder.glob("LICENCE-*.txt"))


def test_every_image_a_stylesheet_names_is_there() -> None:
    for sheet in (STATIC / "vendor").glob("*.css"):
        for image in re.findall(r"url\(([^)]+)\)", sheet.read_text()):
            assert image.startswith("data:") or (sheet.parent / image.strip("'\"")).is_file(), (sheet.name, image)


@pytest.mark.parametrize(
    "css",
    [
        "@font-face{font-family:GDS Transport;src:url(/a.woff2)}.a{font-family:GDS Transport,arial,sans-serif}",
        '.a{font-family:"GDS Transport", arial}',
        ".a{background-image:url(/assets/images/govuk-crest.svg);color:red}",
        ".a{mask-image:url('/assets/images/crown.png')}",
    ],
)
def test_stripping_removes_the_branding(vendor: ModuleType, css: str) -> None:
    assert vendor.BRANDING.search(css)
    assert not vendor.BRANDING.search(vendor.stripped(css))


def test_set_up_fails_where_branding_is_left(vendor: ModuleType, tmp_path: Path) -> None:
    for package, path in vendor.FILES:
        source = tmp_path / "modules" / package / path
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(".a{src:'x'}/* GDS Transport */")
    with pytest.raises(ValueError, match="GDS Transport"):
        vendor.copy_assets(tmp_path / "modules", tmp_path / "vendor")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_page_has_no_inline_style_or_script_and_asks_nobody_else_for_anything(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<[^>]+\sstyle\s*=", text), "use a class: the content security policy refuses style="
    assert not re.search(r"<[^>]+\son[a-z]+\s*=", text), "use scrutiny.js: the content security policy refuses on…="
    assert not re.search(r"<script(?![^>]*(src=|nonce=))", text), "put scripts into scrutiny.js"
    assert not re.search(r"""<(script|link|img|iframe)[^>]+(src|href)\s*=\s*["']?(https?:)?//""", text)


def test_our_own_stylesheet_and_script_ask_nobody_else_for_anything() -> None:
    for name in ("scrutiny.css", "scrutiny.js"):
        assert not re.search(r"https?://|@import|url\(\s*['\"]?//", (STATIC / name).read_text())


def test_wide_tables_hide_no_row_on_a_screen_a_phone_or_paper() -> None:
    """Only the cells of a sheet that was sent are shown in a window; open tables are cards on a phone; the widest print wide."""
    windows = [path.name for path in TEMPLATES if "scrutiny-scroll--tall" in path.read_text()]
    assert windows == ["_cells.html"]
    open_tables = [
        one for path in TEMPLATES if path.parent.name == "public" for one in re.findall(r"<table[^>]*>", path.read_text())
    ]
    assert [one for one in open_tables if "scrutiny-stack" not in one] == []
    style = (STATIC / "scrutiny.css").read_text()
    assert re.search(r"@page wide \{ size: A4 landscape", style)
    printed = style.split("@media print {")[1]
    assert "body:has(.scrutiny-matrix)" in printed
    assert re.search(r"\.scrutiny-filter,[^}]*display: none", printed)
