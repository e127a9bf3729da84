"""Chinese personal names: Han characters and the romanisations of them, syllable by syllable.

Pinyin, Wade–Giles (with or without its apostrophes), and the surnames that Cantonese, Hokkien and Hakka
speakers spell in their own way. As with Korean names, equal syllable counts and compatible syllables are
asked for; a surname may stand first or last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from service.matching.han import data_rows, plain_form, readings_of
from service.matching.normalise import script_of
from service.matching.remembering import remembered
from service.matching.titles import bare_name

MAX_READINGS = 16
_SPLIT = re.compile(r"[\s\-.,/()\"“”«»]+")
_INITIALS = ["", *"b p m f d t n l g k h j q x zh ch sh r z c s y w".split()]
_FINALS = (
    "a o e i u v ai ei ui ao ou iu ie ve ue er an en in un vn ang eng ing ong ia iao ian iang iong ua uo uai uan uang"
).split()
_SYLLABLE = re.compile(
    f"(?:{'|'.join(sorted(_INITIALS, key=len, reverse=True))})(?:{'|'.join(sorted(_FINALS, key=len, reverse=True))})\\Z"
)
_WITHOUT_INITIAL = frozenset("a o e ai ei ao ou an en ang eng er".split())
_VOWEL_LETTERS = "aeiouv"
_VOWELS = re.compile(r"[aeiouv]+")
_SYLLABLES_IN_A_WORD = 2  # a syllable has its vowels together
# What no syllable of pinyin or Wade–Giles is outside of: most words of most names are ruled out by this alone.
_COULD_BE_ONE = re.compile(r"[b-df-hj-np-tv-z]{0,2}['aeiouvy]{1,6}(?:n'?g?'?|r'?h?'?|h'?)?\Z")
_SAME, _WADE, _DIALECT, _NASAL = 1.0, 0.95, 0.9, 0.6
_WADE_INITIALS = (
    ("ts'", ("c",)), ("tz'", ("c",)), ("ch'", ("ch", "q")), ("k'", ("k",)), ("p'", ("p",)), ("t'", ("t",)),
    ("hs", ("x",)), ("ts", ("z", "c")), ("tz", ("z", "c")), ("ch", ("zh", "j", "ch", "q")), ("k", ("g", "k")),
    ("p", ("b", "p")),
    ("t", ("d", "t")), ("ss", ("s",)), ("sz", ("s",)), ("j", ("r",)), ("sh", ("sh",)),
)  # fmt: skip
_WADE_FINALS = {
    "ien": "ian", "ieh": "ie", "ueh": "ue", "ih": "i", "u": "u", "ung": "ong", "iung": "iong", "o": "uo", "uei": "ui",
    "eh": "e", "erh": "er", "uen": "un", "en": "en", "yuan": "uan", "yueh": "ue", "yun": "un",
}  # fmt: skip
_JYUTPING_INITIALS = (
    ("gw", "kw"), ("kw", "kw"), ("ng", ""), ("z", "c"), ("c", "c"), ("g", "k"), ("d", "t"), ("b", "p"), ("j", "y"),
)  # fmt: skip
_HONGKONG_INITIALS = (
    ("kw", "kw"), ("gw", "kw"), ("qu", "kw"), ("ng", ""), ("tch", "c"), ("tsz", "ci"), ("ts", "c"), ("tz", "c"),
    ("ch", "c"), ("j", "c"),
    ("sh", "s"), ("sz", "si"), ("g", "k"), ("d", "t"), ("b", "p"),
)  # fmt: skip
_CANTONESE_FINALS = (
    ("aa", "a"), ("eoi", "ui"), ("oeng", "eung"), ("oek", "euk"), ("eon", "un"), ("eot", "ut"), ("yun", "uen"),
    ("yut", "uet"),
    ("yu", "u"), ("ou", "o"), ("ee", "i"), ("oo", "u"), ("au", "o"), ("ow", "o"), ("ei", "i"), ("ay", "ai"), ("ue",
    "u"), ("ik", "ek"), ("oy", "oi"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChineseName:
    """One way to read a name: surname syllables and given syllables, as written."""

    surname: tuple[str, ...]
    given: tuple[str, ...]


@lru_cache(maxsize=1)
def _surname_spellings() -> dict[str, frozenset[str]]:
    """A Latin spelling of a surname -> the pinyin surnames it may stand for."""
    table: dict[str, set[str]] = {}
    for pinyin, spellings in data_rows("chinese_surnames.tsv"):
        for spelling in (pinyin, *spellings.split()):
            table.setdefault(spelling, set()).add(pinyin)
    return {k: frozenset(v) for k, v in table.items()}


@lru_cache(maxsize=1)
def surnames_in_pinyin() -> frozenset[str]:
    """Every surname of the table, in pinyin without tones."""
    return frozenset(row[0] for row in data_rows("chinese_surnames.tsv"))


@remembered
def sounds(syllable: str) -> dict[str, float]:
    """Pinyin syllables that a spelling can stand for, weighted."""
    if script_of(syllable[0]) == "zh":
        return dict.fromkeys(readings_of(syllable).mandarin, _SAME)
    found: dict[str, float] = {}
    if not _COULD_BE_ONE.match(syllable):
        return found
    bare = syllable.replace("'", "")
    if _SYLLABLE.match(bare) and _is_spelt_so(bare) and (bare[0] not in _VOWEL_LETTERS or bare in _WITHOUT_INITIAL):
        found[bare.replace("lue", "lve").replace("nue", "nve")] = _SAME
    for pinyin in _from_wade_giles(syllable):
        found.setdefault(pinyin, _WADE)
    return found


def _from_wade_giles(syllable: str) -> list[str]:
    found = []
    for start, initials in _WADE_INITIALS:
        if syllable.startswith(start):
            rest = syllable[len(start) :].replace("'", "")
            rest = (
                "i"
                if rest in ("u", "ih")
                and start in ("ss", "sz", "tz", "tz'", "ts", "ts'")
                and rest == "u"
                and start in ("ss", "sz", "tz", "tz'")
                else rest
            )
            for final in dict.fromkeys((_WADE_FINALS.get(rest, rest), rest)):
                found += [i + final for i in initials if _SYLLABLE.match(i + final)]
            break
    else:
        for written, final in _WADE_FINALS.items():
            if syllable.endswith(written) and _SYLLABLE.match(syllable[: -len(written)] + final):
                found.append(syllable[: -len(written)] + final)
    return [f for f in found if _is_spelt_so(f)]


def _is_spelt_so(pinyin: str) -> bool:
    """j, q, x take only i and ü finals; zh, ch, sh, z, c, s, r, g, k do not take i plus a vowel."""
    front = pinyin[0] in "jqx"
    final = pinyin[1:] if front else pinyin.lstrip("zhcsrgk")
    if front:
        return final[:1] in ("i", "u", "v")
    return not (pinyin[0] in "zcsrgk" and final[:1] == "i" and len(final) > 1 and final != "in")


@remembered
def _cantonese_key(syllable: str) -> str:
    for written, sound in _HONGKONG_INITIALS:
        if syllable.startswith(written):
            syllable = sound + syllable[len(written) :]
            break
    return _cantonese_final(syllable)


@remembered
def _jyutping_key(jyutping: str) -> str:
    for written, sound in _JYUTPING_INITIALS:
        if jyutping.startswith(written):
            jyutping = sound + jyutping[len(written) :]
            break
    return _cantonese_final(jyutping)


def _cantonese_final(syllable: str) -> str:
    for written, sound in _CANTONESE_FINALS:
        syllable = syllable.replace(written, sound)
    return syllable


@remembered
def compatibility(one: str, other: str) -> float:
    """0 to 1: can two spellings be one syllable?"""
    if one == other:
        return 1.0 if sounds(one) else 0.0  # what cannot be read meets Han characters only
    if script_of(one[0]) == "zh" == script_of(other[0]) and plain_form(one) == plain_form(other):
        return 1.0
    if script_of(one[0]) == "zh" == script_of(other[0]):
        return 0.0
    mine, theirs = sounds(one), sounds(other)
    best = max((w * theirs[s] for s, w in mine.items() if s in theirs), default=0.0)
    for han, latin in ((one, other), (other, one)):
        if best < _DIALECT and script_of(han[0]) == "zh" and script_of(latin[0]) == "la":
            key = _cantonese_key(latin.replace("'", ""))
            if any(_jyutping_key(j) == key for j in readings_of(han).cantonese):
                best = _DIALECT
    if best < _NASAL and any(
        a.removesuffix("g") == b.removesuffix("g") and a != b and a[-1] in "ng" for a in mine for b in theirs
    ):
        best = _NASAL
    return best


@remembered
def parse(text: str) -> tuple[ChineseName, ...]:
    """Every way to read a name as Chinese: two or three syllables, four with a double surname; else empty."""
    cleaned = bare_name(text)
    tokens = [t for t in _SPLIT.split(cleaned) if t.strip("'")]
    if not 1 <= len(tokens) <= 4 or sum(map(len, tokens)) > 28:
        return ()
    orders = [tokens] if "," in cleaned or len(tokens) == 1 else [tokens, tokens[-1:] + tokens[:-1]]
    found: dict[ChineseName, None] = {}
    for order in orders:
        choices = []
        for token in order:
            choices.append(_cut(token))
            if not choices[-1]:
                return ()
        for parts in product(*choices):
            syllables = tuple(s for part in parts for s in part)
            for size in (1, 2):
                if size < len(syllables) <= size + 2 and _is_surname(syllables[:size]):
                    found[ChineseName(syllables[:size], syllables[size:])] = None
    return tuple(found)[:MAX_READINGS]


@remembered
def _is_surname(syllables: tuple[str, ...]) -> bool:
    joined = "".join(syllables).replace("'", "")
    if joined in _surname_spellings():
        return True
    choices = [sounds(s) for s in syllables]
    return all(choices) and any("".join(p) in surnames_in_pinyin() for p in product(*choices))


@remembered
def _cut(token: str) -> tuple[tuple[str, ...], ...]:
    script = script_of(token[0])
    if script == "zh":
        return (tuple(token),) if len(token) <= 4 and all(script_of(c) == "zh" for c in token) else ()
    if script != "la":
        return ()
    found: list[tuple[str, ...]] = [(token,)] if sounds(token) or token in _surname_spellings() else []
    if len(_VOWELS.findall(token.replace("'", ""))) <= _SYLLABLES_IN_A_WORD:
        cuts = ((token[:i], token[i:].lstrip("'")) for i in range(2, len(token) - 1) if token[i] != "'")
        found += [(head, tail) for head, tail in cuts if sounds(head) and sounds(tail)]
    if not found and 1 < len(token) < 7:
        found = [(token,)]  # Cantonese and other spellings meet Han characters only
    return tuple(found)


def surname_agreement(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """0 to 1: can two spellings be one surname (Wong, Wang, Huang, 黄)?"""
    direct = 0.0
    if len(one) == len(other):
        direct = min(compatibility(a, b) for a, b in zip(one, other, strict=True))
    if direct <= _NASAL:
        direct = 0.0
    if direct < _DIALECT and _roots(one) & _roots(other):
        return _DIALECT
    return direct


@remembered
def _roots(surname: tuple[str, ...]) -> frozenset[str]:
    joined = "".join(surname).replace("'", "")
    known = _surname_spellings().get(joined)
    if known is not None:
        return known
    return frozenset("".join(p) for p in product(*(sounds(s) for s in surname)))


def agreement(one: tuple[ChineseName, ...], other: tuple[ChineseName, ...]) -> float:
    """The best product of syllable agreements over all readings; 0 where none fits."""
    best = 0.0
    for a in one:
        for b in other:
            if len(a.given) != len(b.given):
                continue
            found = surname_agreement(a.surname, b.surname)
            for x, y in zip(a.given, b.given, strict=True):
                if found <= best:
                    break
                found *= compatibility(x, y)
            best = max(best, found)
    return best


@remembered
def is_surely_chinese(text: str) -> bool:
    """Whether every letter is a Han character and the name parses."""
    return bool(parse(text)) and all(script_of(c) == "zh" for c in bare_name(text) if c.isalpha())


def keys(names: tuple[ChineseName, ...]) -> frozenset[str]:
    """Index keys: two names that agree at all share one (a spelling of the surname and of each given syllable)."""
    found = set()
    for name in names:
        surnames = {"".join(parts) for parts in product(*map(_spellings, name.surname))}
        surnames |= {f"={root}" for root in _roots(name.surname)}
        found |= {" ".join(parts) for parts in product(surnames, *map(_spellings, name.given))}
    return frozenset(found)


@remembered
def _spellings(syllable: str) -> frozenset[str]:
    """What ``compatibility`` looks at, written so that compatible syllables share one: n is not told from ng."""
    found = {sound.removesuffix("g") for sound in sounds(syllable)}
    if script_of(syllable[0]) == "zh":
        found |= {plain_form(syllable), *(f"~{_jyutping_key(j)}" for j in readings_of(syllable).cantonese)}
    else:
        found.add("~" + _cantonese_key(syllable.replace("'", "")))
    return frozenset(found)
