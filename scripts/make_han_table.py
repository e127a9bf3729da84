"""Derive ``service/matching/data/han.tsv`` from the Unihan files of Debian's package ``unicode-data``.

Each row: the character, its Sino-Korean readings in hangul, its Mandarin readings (pinyin without tone),
its Cantonese readings (jyutping without tone), and its traditional forms. Rows are kept for characters that
Unihan gives a Korean reading, or that mainland China's table of general standard characters holds (kTGHZ2013).
A character without a Korean reading takes that of its traditional or semantic variant. The forms that are written
in Japan only come from kJoyoKanji; their old forms from kJinmeiyoKanji and, where that has none, from OLD_FORMS. Run:

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
# The new and the old form, as the table of kanji for general use of 2010 prints them side by side.
OLD_FORMS = (
    "両兩 亀龜 剤劑 労勞 勧勸 呉吳 営營 囲圍 図圖 圧壓 壌壤 壱壹 変變 娯娛 対對 尚尙 帰歸 廃廢 弐貳 悩惱 戸戶 戻戾 "
    "択擇 拠據 拡擴 挙擧 挿插 斎齋 既旣 桟棧 歓歡 歯齒 歳歲 殻殼 沢澤 渓溪 満滿 犠犧 猟獵 発發 穏穩 粛肅 経經 継繼 "
    "続續 縄繩 脳腦 舎舍 舗鋪 蛍螢 覚覺 観觀 訳譯 説說 読讀 軽輕 辺邊 逓遞 遅遲 郷鄕 釈釋 鉱鑛 銭錢 鋭銳 関關 閲閱 "
    "闘鬪 隠隱 霊靈 頬頰 飲飮 餅餠 駅驛 髄髓 麺麵 齢齡 併倂"
)
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


def old_forms(source: Path) -> dict[str, list[str]]:
    """Each form that is written in Japan for general use -> its old forms."""
    kanji = read_fields(source / "Unihan_OtherMappings.txt.bz2", ("kJoyoKanji", "kJinmeiyoKanji"))
    found: dict[str, list[str]] = {character: [] for character in kanji["kJoyoKanji"]}
    for old, stated in kanji["kJinmeiyoKanji"].items():
        new = _character(stated.split(":")[1]) if ":" in stated else ""
        if new in found and unicodedata.normalize("NFC", old) == old:  # compatibility forms are folded anyway
            found[new].append(old)
    for new, old in OLD_FORMS.split():
        found[new].append(old)
    return found


def rows(source: Path) -> list[str]:
    """The lines of the table, in code point order."""
    readings = read_fields(source / "Unihan_Readings.txt.bz2", FIELDS)
    variants = read_fields(source / "Unihan_Variants.txt.bz2", VARIANTS)
    japanese = old_forms(source)
    korean = {c: [p.split(":")[0] for p in v.split()] for c, v in readings["kHangul"].items()}
    lines = []
    for character in sorted(set(korean) | set(readings["kTGHZ2013"]) | set(japanese)):
        others = [*variants_of(variants, character), *japanese.get(character, ())]
        hangul = korean.get(character) or next((korean[o] for o in others if o in korean), [])
        cantonese = [s.rstrip("123456") for s in readings["kCantonese"].get(character, "").split()]
        traditional = [_character(p) for p in variants["kTraditionalVariant"].get(character, "").split()]
        traditional = [t for t in traditional if t != character] or japanese.get(character, [])
        spoken = mandarin(readings, character)
        if character in japanese and character not in korean:
            traditional = traditional or [other for other in others if other in korean][:1]
            # Unihan reads some as another, rare Chinese character: the old form's readings come first
            spoken = list(dict.fromkeys(s for c in (*japanese[character], character) for s in mandarin(readings, c)))
        cells = (hangul, spoken, cantonese, traditional)
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
