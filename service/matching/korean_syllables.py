"""What a written Korean syllable can stand for, in each script and romanisation.

A syllable is an onset, a vowel and a coda. Hangul says which exactly; hanja by its readings; Latin, Cyrillic
and kana leave several open, each with a weight between 0 and 1. Two spellings are compatible as far as their
likeliest common syllable. Sources of the spellings: the DPRK rules of 1992 and 2012, McCune–Reischauer with
its marks written o' u' (or left out), the Revised Romanization of 2000, Yale, the press and passport habit,
Kontsevich's rules for Russian with the legacy spellings, and the Japanese practice for katakana.
"""

from __future__ import annotations

import re
from functools import lru_cache

from service.matching.han import readings_of
from service.matching.normalise import script_of
from service.matching.remembering import remembered

Syllable = tuple[str, str, str]  # onset, vowel, coda
Options = dict[Syllable, float]

ONSETS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
CODAS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_CODA_CLASS = {
    **dict.fromkeys("ㄲㄳㅋㄺ", "ㄱ"),
    **dict.fromkeys("ㄵㄶ", "ㄴ"),
    **dict.fromkeys("ㅅㅆㅈㅊㅌㅎ", "ㄷ"),
    **dict.fromkeys("ㄼㄽㄾㅀ", "ㄹ"),
    **dict.fromkeys("ㅄㅍㄿ", "ㅂ"),
    "ㄻ": "ㅁ",
}
_GLIDES = frozenset("ㅑㅒㅕㅖㅛㅠㅣ")


_ONSET_CLASS = {
    **dict.fromkeys("ㄱㄲㅋ", "k"), **dict.fromkeys("ㄷㄸㅌ", "t"), **dict.fromkeys("ㅂㅃㅍ", "p"),
    **dict.fromkeys("ㅈㅉㅊ", "c"), **dict.fromkeys("ㅅㅆ", "s"), **dict.fromkeys("ㄹㄴㅇ", "l"),
    "ㅎ": "h", "ㅁ": "m",
}  # fmt: skip


def _weights(text: str) -> dict[str, tuple[tuple[str, float], ...]]:
    """``"ch:ㅊ ㅈ.9"`` lines as a table: spelling -> ((jamo, weight), …)."""
    table = {}
    for part in text.split("|"):
        spelling, _, values = part.strip().partition(":")
        table[spelling] = tuple((v[0], float(v[1:] or 1)) for v in values.split())
    return table


_OPEN_U = 0.68  # what u is worth as ㅓ where the syllable ends with it
LATIN_ONSETS = _weights(
    ":ㅇ|k:ㄱ ㅋ.9|g:ㄱ|kh:ㅋ|k':ㅋ|kk:ㄲ|gg:ㄲ|c:ㅈ.9 ㄱ.7|n:ㄴ|d:ㄷ|t:ㄷ ㅌ.9|th:ㅌ|t':ㅌ|tt:ㄸ|dd:ㄸ|r:ㄹ|l:ㄹ|rh:ㄹ"
    "|m:ㅁ|p:ㅂ ㅍ.9|b:ㅂ|ph:ㅍ|p':ㅍ|pp:ㅃ|bb:ㅃ|f:ㅍ.7|v:ㅂ.7|s:ㅅ ㅆ.9|sh:ㅅ|ss:ㅆ|j:ㅈ|jj:ㅉ|tch:ㅉ ㅊ|ch:ㅊ ㅈ.95|"
    "ch':ㅊ"
    "|jh:ㅈ|z:ㅈ.7|ts:ㅈ.7|h:ㅎ"
)
LATIN_VOWELS = _weights(
    "a:ㅏ|ah:ㅏ|ae:ㅐ|ai:ㅐ|ay:ㅐ.9|ya:ㅑ|ia:ㅑ.9|yae:ㅒ|o':ㅓ ㅝ.75|eo:ㅓ|uh:ㅓ|ur:ㅓ.9|"
    "e:ㅔ ㅐ.9 ㅓ.85|eh:ㅔ|ey:ㅔ.9|yo':ㅕ|yeo:ㅕ|"
    ""
    ""
    ""
    "you:ㅕ ㅠ.95 ㅛ.9"
    "|ye:ㅖ ㅕ.8|o:ㅗ ㅓ.98 ㅝ.75|oh:ㅗ|yo:ㅛ ㅕ.98|wa:ㅘ|oa:ㅘ.9|wae:ㅙ|oe:ㅚ|oi:ㅚ|oy:ㅚ|"
    "we:ㅞ ㅚ.9 ㅝ.8|wo:ㅝ|wo':ㅝ|weo:ㅝ|u:ㅜ "
    ""
    ""
    ""
    "ㅡ.95 ㅓ.88|oo:ㅜ"
    "|ou:ㅜ ㅓ.8|wu:ㅜ|woo:ㅜ|yu:ㅠ ㅕ.88|yoo:ㅠ|yeu:ㅠ ㅕ.8|iu:ㅠ.8|wi:ㅟ|wee:ㅟ|uy:ㅢ.8 "
    "ㅟ.8|eu:ㅡ|u':ㅡ|ui:ㅢ ㅟ.9|eui:ㅢ|u'i:ㅢ|"
    ""
    ""
    ""
    "i:ㅣ|ee:ㅣ|yi:ㅣ"
    "|ea:ㅐ.7 ㅓ.7 ㅣ.7|io:ㅛ.8 ㅕ.8|yeu:ㅕ.8|yaw:ㅛ.6|aw:ㅗ.6"
)
LATIN_CODAS = _weights(":_|k:ㄱ|g:ㄱ|ck:ㄱ|c:ㄱ|n:ㄴ|nn:ㄴ|t:ㄷ|d:ㄷ|s:ㄷ|l:ㄹ|r:ㄹ|ll:ㄹ|m:ㅁ|p:ㅂ|b:ㅂ|ng:ㅇ")
_AS_A_WHOLE: dict[str, Options] = {  # what the press and passports write, and no rule gives
    "hee": {("ㅎ", "ㅢ", ""): 1.0},
    "hi": {("ㅎ", "ㅢ", ""): 0.9},
    "june": {("ㅈ", "ㅜ", "ㄴ"): 1.0},
    "whang": {("ㅎ", "ㅘ", "ㅇ"): 1.0},
}
CYRILLIC_ONSETS = _weights(
    ":ㅇ|к:ㄱ ㄲ.9 ㅋ.7|г:ㄱ|кх:ㅋ|кк:ㄲ|н:ㄴ|т:ㄷ ㅌ.7 ㄸ.8|д:ㄷ|тх:ㅌ|тт:ㄸ|р:ㄹ|л:ㄹ|м:ㅁ|"
    "п:ㅂ ㅍ.7|б:ㅂ|пх:ㅍ|пп:ㅃ|ф:ㅍ.7|с:ㅅ "
    ""
    ""
    ""
    "ㅆ.9"
    "|сс:ㅆ|ш:ㅅ|щ:ㅅ|ч:ㅈ ㅊ.8|чж:ㅈ|дж:ㅈ|чч:ㅉ|ж:ㅈ.9|чх:ㅊ|ц:ㅊ.9 ㅈ.9|цз:ㅈ.8|х:ㅎ"
)
CYRILLIC_VOWELS = _weights(
    "а:ㅏ|э:ㅐ ㅔ|я:ㅑ|йя:ㅑ|о:ㅗ ㅓ|у:ㅜ ㅡ.7|е:ㅔ ㅖ ㅓ.9 ㅕ.9 ㅐ.8|ё:ㅛ ㅕ|йо:ㅛ ㅕ|ио:ㅛ ㅕ|"
    "ьо:ㅛ ㅕ|йе:ㅖ ㅕ.9|ие:ㅕ.8|ю:ㅠ ㅕ.7|ва:ㅘ|"
    ""
    ""
    ""
    "вэ:ㅙ ㅞ ㅚ"
    "|ве:ㅚ ㅞ ㅙ|ое:ㅚ|ой:ㅚ|о́:ㅗ|во:ㅝ|ви:ㅟ|уй:ㅢ.8|ы:ㅡ ㅣ.7|ый:ㅢ|ыи:ㅢ|и:ㅣ|ии:ㅢ|ай:ㅐ|ей:ㅔ"
)
CYRILLIC_CODAS = _weights(":_|к:ㄱ|г:ㄱ|н:ㄴ ㅇ|нъ:ㅇ|нг:ㅇ|т:ㄷ|д:ㄷ|ль:ㄹ|л:ㄹ|р:ㄹ|м:ㅁ|п:ㅂ|б:ㅂ")
_KANA = {
    **dict(zip("アイウエオ", "a i u e o".split(), strict=True)),
    **dict(zip("カキクケコ", "k:a k:i k:u k:e k:o".split(), strict=True)),
    **dict(zip("ガギグゲゴ", "g:a g:i g:u g:e g:o".split(), strict=True)),
    **dict(zip("サシスセソ", "s:a s:i s:u s:e s:o".split(), strict=True)),
    **dict(zip("ザジズゼゾ", "j:a j:i j:u j:e j:o".split(), strict=True)),
    **dict(zip("タチツテト", "t:a c:i c:u t:e t:o".split(), strict=True)),
    **dict(zip("ダヂヅデド", "d:a j:i j:u d:e d:o".split(), strict=True)),
    **dict(zip("ナニヌネノ", "n:a n:i n:u n:e n:o".split(), strict=True)),
    **dict(zip("ハヒフヘホ", "h:a h:i h:u h:e h:o".split(), strict=True)),
    **dict(zip("バビブベボ", "b:a b:i b:u b:e b:o".split(), strict=True)),
    **dict(zip("パピプペポ", "p:a p:i p:u p:e p:o".split(), strict=True)),
    **dict(zip("マミムメモ", "m:a m:i m:u m:e m:o".split(), strict=True)),
    **dict(zip("ラリルレロ", "r:a r:i r:u r:e r:o".split(), strict=True)),
    **dict(zip("ヤユヨワヲヴ", "ya yu yo wa o b:u".split(), strict=True)),
}
_SMALL_KANA = {
    ("i", "ャ"): "ya", ("i", "ュ"): "yu", ("i", "ョ"): "yo", ("i", "ェ"): "e", ("i", "ィ"): "i",
    ("u", "ァ"): "wa", ("u", "ィ"): "wi", ("u", "ェ"): "we", ("u", "ォ"): "wo", ("e", "ィ"): "i",
    ("o", "ゥ"): "u",
}  # fmt: skip
_KANA_ONSETS = _weights(
    ":ㅇ|k:ㄱ ㅋ ㄲ|g:ㄱ|s:ㅅ ㅆ|j:ㅈ|t:ㄷ ㅌ ㄸ|d:ㄷ|c:ㅈ ㅊ ㅉ|n:ㄴ|h:ㅎ|b:ㅂ|p:ㅂ ㅍ ㅃ|m:ㅁ|r:ㄹ"
)
_KANA_VOWELS = _weights(
    "a:ㅏ|i:ㅣ ㅢ.9|u:ㅜ ㅡ|e:ㅔ ㅐ ㅚ.95 ㅖ.95 ㅙ.8|o:ㅗ ㅓ|ya:ㅑ|yu:ㅠ|yo:ㅛ ㅕ|wa:ㅘ|wi:ㅟ ㅢ|we:ㅞ ㅚ ㅙ|wo:ㅝ|"
    "ye:ㅖ"
)
_AFTER_PALATAL = {"ya": "a", "yu": "u", "yo": "o"}
KANA_CODAS = _weights(":_|ン:ㄴ ㅇ ㅁ|ク:ㄱ|ル:ㄹ|ム:ㅁ|プ:ㅂ|ブ:ㅂ.8|ッ:ㄱ ㄷ ㅂ|ト:ㄷ")


def _alternatives(table: dict[str, tuple[tuple[str, float], ...]]) -> str:
    return "|".join(re.escape(k) for k in sorted(table, key=len, reverse=True) if k)


LATIN = re.compile(f"({_alternatives(LATIN_ONSETS)}|)({_alternatives(LATIN_VOWELS)})({_alternatives(LATIN_CODAS)}|)\\Z")
CYRILLIC = re.compile(
    f"({_alternatives(CYRILLIC_ONSETS)}|)({_alternatives(CYRILLIC_VOWELS)})({_alternatives(CYRILLIC_CODAS)}|)\\Z"
)


@lru_cache(maxsize=1)
def latin_spellings() -> frozenset[str]:
    """Every spelling in Latin letters that stands for a syllable, without marks where no rule puts one."""
    built = frozenset(o + v + c for o in LATIN_ONSETS for v in LATIN_VOWELS if v for c in LATIN_CODAS)
    return built | _AS_A_WHOLE.keys()


def is_syllable(text: str) -> bool:
    """Whether ``options`` would find any."""
    if script_of(text[0]) == "la" or text[0] == "'":
        return text in latin_spellings() or ("'" in text and text.replace("'", "") in latin_spellings())
    return bool(options(text))


@remembered
def options(syllable: str) -> Options:
    """Every syllable that a spelling can stand for, with its weight; empty where it can stand for none."""
    script = script_of(syllable[0])
    if script == "ha":
        return _of_hangul(syllable) if len(syllable) == 1 else {}
    if script == "zh":
        found: Options = {}
        for reading in _korean_readings(syllable) if len(syllable) == 1 else ():
            found.update(_of_hangul(reading))
        return found
    if script == "cy":
        return _spelled(CYRILLIC, syllable, (CYRILLIC_ONSETS, CYRILLIC_VOWELS, CYRILLIC_CODAS))
    if script == "ka":
        return _of_kana(syllable)
    return _of_latin(syllable)


def _korean_readings(character: str) -> tuple[str, ...]:
    """The readings of a character and of those that it simplifies: 广 is 엄, and 광 where it stands for 廣."""
    read = readings_of(character)
    return read.korean + tuple(k for form in read.traditional for k in readings_of(form).korean)


def _of_hangul(syllable: str) -> Options:
    index = ord(syllable) - 0xAC00
    if not 0 <= index < 11172:
        return {}
    coda = CODAS[index % 28]
    return {(ONSETS[index // 588], VOWELS[index // 28 % 21], _CODA_CLASS.get(coda, coda)): 1.0}


def _of_latin(syllable: str) -> Options:
    found = {**_spelled(LATIN, syllable, (LATIN_ONSETS, LATIN_VOWELS, LATIN_CODAS)), **_AS_A_WHOLE.get(syllable, {})}
    if syllable[-1] == "u":  # 서 is written Suh, hardly ever Su
        found = {s: w * _OPEN_U if s[1] in "ㅓㅕ" else w for s, w in found.items()}
    if "'" in syllable:  # a mark that stands where no rule puts one: a slip of the pen
        plain = _spelled(LATIN, syllable.replace("'", ""), (LATIN_ONSETS, LATIN_VOWELS, LATIN_CODAS))
        if not found:
            return {k: w * 0.95 for k, w in plain.items()}
    return found


def _spelled(
    pattern: re.Pattern[str], syllable: str, tables: tuple[dict[str, tuple[tuple[str, float], ...]], ...]
) -> Options:
    found: Options = {}
    match = pattern.match(syllable)
    if not match:
        return found
    for onset, w_onset in tables[0][match[1]]:
        for vowel, w_vowel in tables[1][match[2]]:
            for coda, w_coda in tables[2][match[3]]:
                key = (onset, vowel, "" if coda == "_" else coda)
                found[key] = max(found.get(key, 0), w_onset * w_vowel * w_coda)
    return found


def kana_unit(text: str, start: int) -> tuple[str, int] | None:
    """The onset and vowel (``k:i``, ``yo``) that begin at ``start`` and where they end, or None."""
    plain = _KANA.get(text[start])
    if plain is None:
        return None
    onset, _, vowel = plain.rpartition(":")
    end = start + 1
    if end < len(text):
        joined = _SMALL_KANA.get((vowel, text[end]))
        if joined is not None:
            vowel, end = joined, end + 1
            if onset == "" and vowel[0] == "y":
                return None
    if end < len(text) and text[end] == "ー":
        end += 1
    return f"{onset}:{vowel}", end


def _of_kana(syllable: str) -> Options:
    unit = kana_unit(syllable, 0)
    if unit is None or syllable[unit[1] :] not in KANA_CODAS:
        return {}
    onset, _, vowel = unit[0].rpartition(":")
    vowels = _KANA_VOWELS[vowel]
    if onset in ("j", "c", "s") and vowel in _AFTER_PALATAL:
        vowels += _KANA_VOWELS[_AFTER_PALATAL[vowel]]  # ジョ is j + o as well as j + yo
    found: Options = {}
    for o, wo in _KANA_ONSETS[onset]:
        for v, wv in vowels:
            for c, wc in KANA_CODAS[syllable[unit[1] :]]:
                found[(o, v, "" if c == "_" else c)] = wo * wv * wc
    return found


@remembered
def compatibility(one: str, other: str, *, initial: bool) -> float:
    """How well two spellings can be one syllable, 0 to 1. ``initial``: ㄹ, ㄴ and no onset may alternate."""
    if one == other:
        return 1.0
    best = 0.0
    theirs = options(other)
    for (onset, vowel, coda), weight in options(one).items():
        for candidate, factor in _onsets_alike(onset, vowel, initial=initial):
            found = theirs.get((candidate, vowel, coda), 0.0) * weight * factor
            best = max(best, found)
    return best


def alternatives(syllable: str, *, least: float) -> set[Syllable]:
    """What a spelling at the start of a name can stand for, with the onsets that North and South exchange."""
    return {
        (onset, vowel, coda)
        for (written, vowel, coda), weight in options(syllable).items()
        for onset, factor in _onsets_alike(written, vowel, initial=True)
        if weight * factor >= least
    }


def _onsets_alike(onset: str, vowel: str, *, initial: bool) -> tuple[tuple[str, float], ...]:
    """The same onset, and those that the North writes where the South drops or changes it."""
    if onset not in "ㄹㄴㅇ":
        return ((onset, 1.0),)
    factor = 0.97 if initial else 0.93
    if vowel in _GLIDES:
        return tuple((o, 1.0 if o == onset else factor) for o in "ㄹㄴㅇ" if o == onset or initial or o != "ㄴ")
    if onset == "ㅇ":
        return ((onset, 1.0),)
    return tuple((o, 1.0 if o == onset else factor) for o in "ㄹㄴ")


@remembered
def classes(syllable: str) -> frozenset[str]:
    """The class of the onset and the coda of all that a spelling can stand for; compatible spellings share one."""
    return frozenset(_ONSET_CLASS[onset] + coda for onset, _, coda in options(syllable))
