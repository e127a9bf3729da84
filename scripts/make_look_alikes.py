"""Derive ``service/matching/data/look_alikes.tsv`` from the confusable characters of UTS #39.

The source is Unicode's ``confusables.txt`` as the PyPI package ``confusable_homoglyphs`` packs it in its file
``confusables.json``: for each character those that look like it. A row is kept for each single letter of Greek,
Cyrillic, Armenian, Cherokee, Coptic or Lisu, that looks like a letter of ASCII: the letter, and that of ASCII, in
the same case where there is one. Run:

    pip download --no-deps confusable_homoglyphs && unzip confusable_homoglyphs-*.whl
    python scripts/make_look_alikes.py confusable_homoglyphs/confusables.json service/matching/data/look_alikes.tsv
"""

from __future__ import annotations

import json
import sys
import unicodedata
from pathlib import Path

SCRIPTS = ("GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU")
HEADER = (
    "# Derived by scripts/make_look_alikes.py from the confusable characters of UTS #39.\n"
    "# Copyright Unicode, Inc.; see UNICODE-LICENCE.txt beside this file.\n"
    "# letter\tthe letter of ASCII that it looks like\n"
)


def rows(confusable: dict[str, list[dict[str, str]]]) -> list[str]:
    """The lines of the table, in code point order."""
    lines = []
    for character, others in sorted(confusable.items()):
        if len(character) != 1 or not character.isalpha() or not _is_of_a_script(character):
            continue
        letters = sorted({o["c"] for o in others if len(o["c"]) == 1 and o["c"].isascii() and o["c"].isalpha()})
        if character.isupper() and letters == ["l"]:
            letters = ["I"]  # the two are one to UTS #39, whose example of them is the l
        same_case = [c for c in letters if c.isupper() == character.isupper()]
        lines += [f"{character}\t{letter}" for letter in (same_case or letters)[:1]]
    return lines


def _is_of_a_script(character: str) -> bool:
    named = unicodedata.name(character, "").startswith(SCRIPTS)
    return named and unicodedata.normalize("NFKC", character) == character


def main() -> None:
    """Write the table named by the second argument from the file named by the first."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    lines = rows(json.loads(source.read_text(encoding="utf-8")))
    target.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{target}: {len(lines)} letters")


if __name__ == "__main__":
    main()
