"""Copy the stylesheets and script npm brought into scrutiny/static/vendor, without fonts and marks not ours to use.

The code of govuk-frontend and of MOJ's frontend is MIT. The font GDS Transport, the royal crest and the crown are
not: a service that is not on GOV.UK may not use them. They are cut out here, and set-up fails if any is left.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "scrutiny" / "static" / "vendor"
GOVUK = "govuk-frontend"
MOJ = "@ministryofjustice/frontend"
FILES = (
    (GOVUK, "dist/govuk/govuk-frontend.min.css"),
    (GOVUK, "dist/govuk/govuk-frontend.min.js"),
    (MOJ, "moj/moj-frontend.min.css"),
)
HOLDERS = {GOVUK: "Crown Copyright (Government Digital Service)", MOJ: "Crown Copyright (Ministry of Justice)"}
BRANDING = re.compile(r"GDS Transport|@font-face|url\([^)]*(?:crest|crown|\.woff2?|\.ttf)[^)]*\)", re.IGNORECASE)
LICENCE = """{name} {version}
{holder}

The MIT License (MIT)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

Changed here: the font GDS Transport, the royal crest and the crown are removed.
"""


def stripped(css: str) -> str:
    """The stylesheet without GDS Transport, its font faces, the crest and the crown; images beside the stylesheet."""
    css = re.sub(r"@font-face\s*\{[^}]*\}", "", css)
    css = re.sub(r"""["']?GDS Transport["']?\s*,\s*""", "", css)
    css = re.sub(r"[\w-]+:\s*url\([^)]*(?:crest|crown)[^)]*\)[^;}]*;?", "", css)
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    return css.replace("url(/assets/images/", "url(images/")


def copy_assets(modules: Path = MODULES, vendor: Path = VENDOR) -> list[str]:
    """Fill `vendor` from `modules`; the names of what it wrote. Raises ValueError if any branding is left."""
    shutil.rmtree(vendor, ignore_errors=True)
    (vendor / "images").mkdir(parents=True)
    written = []
    for package, path in FILES:
        source = modules / package / path
        text = source.read_text(encoding="utf-8")
        text = stripped(text) if source.suffix == ".css" else re.sub(r"//# sourceMappingURL=.*", "", text)
        if left := BRANDING.search(text):
            raise ValueError(f"{source.name} of {package} still has '{left.group()}': setup/vendor.py must remove it")
        (vendor / source.name).write_text(text, encoding="utf-8")
        written.append(source.name)
        for image in sorted(set(re.findall(r"url\(images/([\w.-]+)\)", text))):
            shutil.copyfile(source.parent / "assets" / "images" / image, vendor / "images" / image)
            written.append(f"images/{image}")
    for package, holder in HOLDERS.items():
        version = json.loads((modules / package / "package.json").read_text(encoding="utf-8"))["version"]
        name = f"LICENCE-{package.rpartition('/')[0].strip('@') or package}.txt"
        (vendor / name).write_text(LICENCE.format(name=package, version=version, holder=holder), encoding="utf-8")
        written.append(name)
    return written


if __name__ == "__main__":
    try:
        print(f"{len(copy_assets())} files are in {VENDOR.relative_to(ROOT)}")
    except (OSError, ValueError) as error:
        sys.exit(f"The stylesheets could not be put in place: {error}")
