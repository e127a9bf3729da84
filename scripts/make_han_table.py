"""Derive ``service/matching/data/han.tsv`` from the Unihan files of Debian's package ``unicode-data``.

Each row: the character, its Sino-Korean readings in hangul, its Mandarin readings (pinyin without tone),
its Cantonese readings (jyutping without tone), and its traditional forms. Rows are kept for characters that
Unihan gives a Korean reading, or that mainland China's table of general standard characters holds (kTGHZ2013).
A character without a Korean reading takes that of its traditional or semantic variant. Run:

    python scripts/make_han_table.py /usr/share/unicode service/matching/data/han.tsv
"""

from __future__ import annotations

import bz2
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

FIELDS = ("kHangul", "kMandarin", "kHanyuPinlu", "kTGHZ2013", "kCantonese")
VARIANTS = ("kTraditionalVariant", "kZVariant", "kSemanticVariant")
HEADER = (
    "# Derived by scripts/make_han_table.py from the Unicode Han Database (Unihan {version}).\n"
    "# Copyright Unicode, Inc.; see UNICODE-LICENCE.txt beside this file.\n"
    "# character\tKorean readings\tpinyin\tjyutping\ttraditional forms\n"
)


def read_fields(path: Path, wanted: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Field -> character -> value, for the fields wanted, from one Unihan file."""
    table: dict[str, dict[str, str]] = defaultdict(dict)
    with bz2.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("U+"):
                code, field, value = line.rstrip("\n").split("\t", 2)
                if field in wanted:
                    table[field][_character(code)] = value
    return table


def _character(code: str) -> str:
    """``U+91D1`` -> the character."""
    return chr(int(code[2:], base=16))  # noqa: FURB166  (the prefix is U+, which int does not read)


def without_tone(syllable: str) -> str:
    """``lǜ`` -> ``lv``, ``zhào`` -> ``zhao``; the two dots matter, the tone does not."""
    decomposed = unicodedata.normalize("NFD", syllable.lower()).replace("u\u0308", "v")
    return "".join(c for c in decomposed if "a" <= c <= "z")


def mandarin(table: dict[str, dict[str, str]], character: str) -> list[str]:
    """All Mandarin readings, the commonest first."""
    found = [without_tone(s) for s in table["kMandarin"].get(character, "").split()]
    found += [without_tone(p.split("(")[0]) for p in table["kHanyuPinlu"].get(character, "").split()]
    for part in table["kTGHZ2013"].get(character, "").split():
        found += [without_tone(s) for s in part.split(":")[1].split(",")]
    return list(dict.fromkeys(s for s in found if s))


def variants_of(table: dict[str, dict[str, str]], character: str) -> list[str]:
    """Traditional forms first, then other forms of the same character."""
    found: list[str] = []
    for field in VARIANTS:
        found += [_character(p.split("<")[0]) for p in table[field].get(character, "").split()]
    return [v for v in dict.fromkeys(found) if v != character]


def rows(source: Path) -> list[str]:
    """The lines of the table, in code point order."""
    readings = read_fields(source / "Unihan_Readings.txt.bz2", FIELDS)
    variants = read_fields(source / "Unihan_Variants.txt.bz2", VARIANTS)
    korean = {c: [p.split(":")[0] for p in v.split()] for c, v in readings["kHangul"].items()}
    lines = []
    for character in sorted(set(korean) | set(readings["kTGHZ2013"])):
        others = variants_of(variants, character)
        hangul = korean.get(character) or next((korean[o] for o in others if o in korean), [])
        cantonese = [s.rstrip("123456") for s in readings["kCantonese"].get(character, "").split()]
        traditional = [_character(p) for p in variants["kTraditionalVariant"].get(character, "").split()]
        traditional = [t for t in traditional if t != character]
        cells = (hangul, mandarin(readings, character), cantonese, traditional)
        lines.append("\t".join([character, *(" ".join(cell) for cell in cells)]))
    return lines


def main() -> None:
    """Write the table named by the second argument from the folder named by the first."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    text = HEADER.format(version="15.0.0") + "\n".join(rows(source)) + "\n"
    target.write_text(text, encoding="utf-8")
    print(f"{target}: {text.count(chr(10)) - 3} characters")


if __name__ == "__main__":
    main()
