"""Korean names in every spelling, whole and in part, with titles, and as Mandarin reads them."""

from __future__ import annotations

from datetime import date

import pytest

from service.lists.listing import AliasQuality, BirthDate, ListedName, Listing, ListingKind
from service.matching import THRESHOLD, chinese, compare, korean
from service.matching.evidence import Party
from service.matching.index import NameIndex
from service.matching.screen import match_party
from service.matching.titles import bare_name
from service.screening.match import Grade
from service.screening.moment import PartialDate

LISTED = "KIM, Jong Un"


@pytest.mark.parametrize(
    "written",
    [
        "김정은동지", "김정은 동지", "김정은씨", "김정은 국무위원장", "金正恩同志", "金正恩 先生",
        "キム・ジョンウンさん", "キム・ジョンウン氏",
        "товарищ Ким Чен Ын", "г-н Ким Чон Ын", "Comrade Kim Jong-un", "Mr. Kim Jong Un", "President Jong-un Kim",
    ],
)  # fmt: skip
def test_a_title_is_no_syllable_of_the_name(written):
    assert compare(written, LISTED).score >= THRESHOLD


@pytest.mark.parametrize("name", ["남 원수", "리동지", "박님", "李先", "Marshal Tito"])
def test_what_may_be_a_name_is_not_taken_for_a_title(name):
    assert bare_name(name) == name.lower()


@pytest.mark.parametrize(
    "written",
    [
        "ｷﾑ･ｼﾞｮﾝｳﾝ",
        "キムジョンウン",
        "キム＝ジョンウン",
        "きむ・じょんうん",
        "ジョンウン・キム",
        "KIMJONGUN",
        "Jongun Kim",
        "Ким Чонын",
    ],
)
def test_half_width_hiragana_and_unbroken_spellings_are_read(written):
    assert compare(written, LISTED).score >= THRESHOLD


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("Тен Чер Су", "JONG CHOL SU"), ("Цой Рён Хэ", "CHOE, Ryong Hae"), ("Те Чун Рён", "JO CHUN RYONG"),
        ("Лим Чхун Сик", "RIM CHUN SIK"), ("Kim Hee-su", "KIM HUI SU"), ("Kim June", "KIM, Jun"),
        ("Ceng Sik-cwun", "JONG SIK JUN"), ("桂广雨", "KYE KWANG-U"), ("チャン・トンドゥ", "JANG TONG TU"),
        ("Whangbo Kil", "HWANGPO, Kil"), ("Sonu Ha-gyu", "SONU, Ha Kyu"), ("Jegal Min", "JEGAL MIN"),
        ("김용호", "Kim Young-ho"), ("Tokko Rim-hun", "TOKKO, Rim Hun"),
    ],
)  # fmt: skip
def test_spellings_of_the_press_of_passports_and_of_the_former_soviet_union_are_read(written, listed):
    assert compare(written, listed).score >= THRESHOLD


@pytest.mark.parametrize(
    ("hangul", "latin"),
    [
        ("영철", "Young-chul"),
        ("재호", "Chae-ho"),
        ("명숙", "Myungsuk"),
        ("아름", "Areum"),
        ("김", "Gim"),
        ("리", "Rhee"),
    ],
)
def test_a_given_name_or_a_surname_alone_is_read_in_hangul(hangul, latin):
    assert compare(hangul, latin).score >= THRESHOLD
    assert compare(latin, hangul).score >= THRESHOLD


@pytest.mark.parametrize(
    ("hangul", "latin"), [("영철", "Yong-chan"), ("명숙", "Myung-hee"), ("김", "Kang"), ("영철", "Kim")]
)
def test_another_given_name_or_surname_alone_is_another(hangul, latin):
    assert compare(hangul, latin).score < THRESHOLD


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RIMUMUN", "KIM, U-mun"), ("Munsik An", "PAK MUN-SIK"), ("Ui-su Pae", "PAE, Un-su"),
        ("Ro Il Jin", "JO IL-JIN"),
        ("Лим Умун", "KIM, U-mun"), ("Hae-phil Kim", "KIM, Thae-phil"), ("Tokko Ui-hun", "TOKKO, Rim Hun"),
        ("ソンウ・ウンスン", "Sonu Mun Sung"), ("Kang Ja-in", "Jain Hong"), ("Se-yeong Rhee", "RI SU YONG"),
    ],
)  # fmt: skip
def test_a_name_with_one_other_syllable_is_another_name_in_any_order_and_script(one, other):
    assert compare(one, other).score < THRESHOLD


@pytest.mark.parametrize("slip", ["KIM CHOL gAM", "Kirn Chol Sam", "KIM CHOL SARN"])
def test_a_slip_that_makes_no_korean_syllable_is_forgiven(slip):
    assert compare(slip, "KIM CHOL SAM").score >= THRESHOLD


@pytest.mark.parametrize(
    ("pinyin", "listed"),
    [
        ("Jin Zheng'en", LISTED),
        ("Jin Tiesan", "KIM CHOL SAM"),
        ("Jiang Wen-ji", "KANG MUN KIL"),
        ("Cui Longhai", "최룡해"),
    ],
)
def test_a_korean_name_as_mandarin_reads_it_is_weak_evidence(pinyin, listed):
    found = compare(pinyin, listed)
    assert (found.how, found.score >= THRESHOLD) == ("mandarin", True)
    assert found.score < 8500
    assert [t.how for t in found.alignment] == ["transliteration"] * 3
    assert compare(listed, pinyin).score == found.score


def test_mandarin_readings_are_never_more_than_possible_without_an_identifier():
    listing = Listing(
        list_id="un_sc",
        key="1",
        reference="T.1",
        kind=ListingKind.PERSON,
        names=(ListedName(text=LISTED, quality=AliasQuality.PRIMARY),),
        birth_dates=(BirthDate(year=1984, month=1, day=8),),
        countries=("KP",),
        listed_on=date(2016, 7, 6),
    )
    index = NameIndex.build([listing])
    born = PartialDate(1984, 1, 8)
    written = {
        name: match_party(
            Party(path="worker", names=(name,), kinds=("person",), birth_date=born, countries=("KP",)), index
        )[0]
        for name in ("Jin Zheng'en", "Kim Jong-un")
    }
    assert written["Kim Jong-un"].grade is Grade.EXACT
    assert written["Jin Zheng'en"].grade is Grade.POSSIBLE
    assert any("Mandarin" in reason for reason in written["Jin Zheng'en"].reasons)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kim Jong Un", "김정은"), ("Lee Yong-ho", "리용호"), ("Lim Chun Sik", "RIM CHUN SIK"), ("Ким Чен Ын", "金正恩")],
)
def test_spellings_of_one_korean_name_share_a_key_of_the_index(one: str, other: str) -> None:
    assert korean.keys(korean.parse(one)) & korean.keys(korean.parse(other))


@pytest.mark.parametrize("other", ["김정민", "김성은", "박정은"])
def test_another_syllable_is_another_key_where_onset_or_coda_differ(other: str) -> None:
    assert not korean.keys(korean.parse("김정은")) & korean.keys(korean.parse(other))


@pytest.mark.parametrize(
    ("one", "other"), [("Zhang Wei", "Chang Wei"), ("陈大文", "Chan Tai-man"), ("黄明", "Huang Min"), ("张伟", "張偉")]
)
def test_spellings_of_one_chinese_name_share_a_key_of_the_index(one: str, other: str) -> None:
    assert chinese.agreement(chinese.parse(one), chinese.parse(other)) > 0
    assert chinese.keys(chinese.parse(one)) & chinese.keys(chinese.parse(other))


def test_another_surname_is_another_key() -> None:
    assert not chinese.keys(chinese.parse("Wang Wei")) & chinese.keys(chinese.parse("Zhang Wei"))
