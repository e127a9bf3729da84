"""Titles and forms of address around a person's name: 동지, 同志, さん, товарищ, Mr.

Taken away before a name is read in syllables, where a title would be a syllable too many. Words that stand alone
in Latin names are also in ``vocabulary.TITLES``.
"""

from __future__ import annotations

import re

from service.matching.normalise import clean
from service.matching.remembering import remembered

_OFFICES_IN_HANGUL = "|".join(
    "위원장 국무위원장 국방위원장 총비서 비서 주석 원수 차수 대장 상장 중장 소장 장군 부장 국장 처장 사장 회장 대표 "
    "대사 장관 총장 박사 교수".split()
)
_OFFICES_IN_HAN = "|".join(
    "委員長 委员长 国務委員長 總書記 总书记 総書記 書記 书记 主席 元帥 元帅 將軍 将軍 将军 大將 大将 部長 部长 局長 "
    "局长 社長 會長 会长 会長 大使 博士 教授".split()
)
_BEFORE = re.compile(
    r"(?:(?:mrs?|ms|miss|dr|prof|comrade|general|gen|president|chairman|minister|"
    r"товарищ|тов|г-н|г-жа|господин|госпожа|гражданин|генерал|президент)\.? +)+(?=\S+[ ,-]+\S)"
)
_AFTER = re.compile(
    r"(?:(?<=[가-힣]{2}) *(?:동지|동무|선생님|선생|씨|님)"
    rf"|(?<=[가-힣]{{3}}) *(?:{_OFFICES_IN_HANGUL})|(?<=[가-힣]{{3}}) +(?:군|양)"
    rf"|(?<=[㐀-鿿]{{2}}) *(?:同志|先生|女士|小姐|氏|様|樣|さん|さま|{_OFFICES_IN_HAN})"
    rf"|(?<=[ぁ-ヶー]) *(?:さん|さま|ちゃん|くん|様|氏|君|同志|{_OFFICES_IN_HAN}))\Z"
)


@remembered
def bare_name(text: str) -> str:
    """A person's name cleaned and without its titles; a title that leaves no name stays."""
    cleaned = clean(text).text
    started = _BEFORE.match(cleaned)
    if started:
        cleaned = cleaned[started.end() :]
    return cleaned if cleaned.isascii() else _AFTER.sub("", cleaned)
