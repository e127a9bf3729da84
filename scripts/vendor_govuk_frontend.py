"""Make the stylesheet that hirescreen ships from the published GOV.UK Frontend package.

    npm pack govuk-frontend@6
    python scripts/vendor_govuk_frontend.py govuk-frontend-6.6.0.tgz

GOV.UK Frontend may be used anywhere except for its branding. So this takes the compiled CSS only, and
removes what is branding: the two @font-face blocks, the name of the font, the crest and its rule, the
source map, and the brand colour. It fails where the package no longer looks as expected, and
tests/unit/test_pages_stylesheet.py looks at the result.
"""

from __future__ import annotations

import re
import sys
import tarfile
from pathlib import Path

CSS = "package/dist/govuk/govuk-frontend.min.css"
TARGET = Path(__file__).parents[1] / "service" / "web" / "static" / "govuk-frontend.min.css"

THEIR_BRAND = "#1d70b8"
COLOURS = {
    THEIR_BRAND: "#2f3e74",  # our brand: ink blue, 9.7:1 on white
    "#f4f8fb": "#f5f5f9",  # template and surface background
    "#8eb8dc": "#a9b0cc",  # surface border
    "#1a65a6": "#2a4594",  # links, 8.6:1 on white
    "#0f385c": "#182a5e",  # links under the pointer
}


class VendoringError(Exception):
    """The package does not look as this script expects."""


def read_css(package: Path) -> str:
    """The compiled stylesheet in an npm tarball."""
    with tarfile.open(package) as archive:
        member = archive.extractfile(CSS)
        if member is None:
            raise VendoringError(f"{package} holds no {CSS}")
        return member.read().decode("utf-8")


def without_branding(css: str) -> str:
    """The stylesheet without font, crest, source map and foreign colours."""
    css = _remove(css, r"/\*![^*]*Margaret Calvert[^*]*\*/", 1)
    css = _remove(css, r"@font-face\{[^}]*\}", 2)
    css = _remove(css, r"@supports [^{]*\{\.govuk-footer__copyright-logo:before.*?\}\}\}", 1)
    css = _remove(css, r"\.govuk-footer__copyright-logo[^{}]*\{[^}]*\}", 3)
    css = re.sub(r"\s*/\*# sourceMappingURL=[^*]*\*/\s*", "\n", css)
    css = css.replace("GDS Transport,arial,sans-serif", "system-ui,-apple-system,Segoe UI,Arial,sans-serif")
    for theirs, ours in COLOURS.items():
        if theirs not in css:
            raise VendoringError(f"the colour {theirs} is no longer there")
        css = css.replace(theirs, ours)
    for banned in ("GDS", "url(", "crest.svg", THEIR_BRAND):
        if banned in css:
            raise VendoringError(f"{banned} is still there")
    return css


def _remove(css: str, pattern: str, times: int) -> str:
    css, found = re.subn(pattern, "", css)
    if found != times:
        raise VendoringError(f"expected {pattern} {times} times, found it {found} times")
    return css


def main() -> None:
    """Read the tarball named on the command line and write the stylesheet."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    css = without_branding(read_css(Path(sys.argv[1])))
    TARGET.write_text(css, encoding="utf-8")
    sys.stdout.write(f"{TARGET.name}: {len(css.encode())} bytes\n")


if __name__ == "__main__":
    main()
