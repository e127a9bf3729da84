"""Hangul and Han in one Latin word: hangul by the DPRK's rules of 1992 (breves left out), Han in pinyin."""

from __future__ import annotations

from service.matching.han import pinyin_of
from service.matching.korean_syllables import CODAS

_ONSETS = "k kk n t tt r m p pp s ss - j jj ch kh th ph h".replace("-", "").split(" ")
_VOWELS = "a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i".split()
_VOICED = {"k": "g", "t": "d", "p": "b"}
_CODA_SOUNDS = {
    **dict.fromkeys("ㄱㄲㄳㅋㄺ", "k"), **dict.fromkeys("ㄴㄵㄶ", "n"), **dict.fromkeys("ㄷㅅㅆㅈㅊㅌㅎ", "t"),
    **dict.fromkeys("ㄹㄼㄽㄾㅀ", "l"), **dict.fromkeys("ㅁㄻ", "m"), **dict.fromkeys("ㅂㅄㅍㄿ", "p"), "ㅇ": "ng",
    "": "",
}  # fmt: skip


def romanise(text: str) -> str:
    """One word of ASCII letters; characters that are neither hangul nor known Han are left out."""
    parts: list[str] = []
    for character in text:
        index = ord(character) - 0xAC00
        if 0 <= index < 11172:
            onset = _ONSETS[index // 588]
            if parts and parts[-1][-1:] in "aeiouymnlg" and onset in _VOICED and parts[-1][-1:] != "":
                onset = _VOICED[onset]
            parts.append(onset + _VOWELS[index // 28 % 21] + _CODA_SOUNDS[CODAS[index % 28]])
        else:
            parts.append(pinyin_of(character) or "")
    return "".join(parts)
