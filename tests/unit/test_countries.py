from __future__ import annotations

import csv
import itertools
import json
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.nationality import table as table_module
from service.nationality.countries import (
    Country,
    UnknownCountryError,
    alpha3,
    choices,
    country_code,
    country_of_code,
    full_name,
    is_bound_by_eu_law,
    is_eu_member,
    is_nationality,
    is_un_member,
    name,
    parse_country,
    state_of,
)
from service.nationality.spelling import normalise
from service.nationality.table import table

FOLDER = Path(table_module.__file__).parent


def read(file: str) -> list[dict[str, str]]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


ROWS = read("countries.tsv")
ROW_BY_CODE = {row["alpha2"]: row for row in ROWS}
TEXT_COLUMNS = ("name", "english", "demonym", "ru", "zh", "ko", "ja", "de", "fr", "es", "pl", "other")
UNSETTLED = [
    word for row in read("ambiguous.tsv") if row["answer"] == "unsettled" for word in row["spellings"].split("|")
]


def spellings(code: str) -> list[str]:
    row = ROW_BY_CODE[code]
    return [word for column in TEXT_COLUMNS for word in row[column].split("|") if word]


def code_or_none(text: str) -> str | None:
    try:
        return parse_country(text).code
    except UnknownCountryError:
        return None


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in text)


def variants(word: str) -> set[str]:
    """The word as hurried people and bad exports write it."""
    cased = {word, word.upper(), word.lower(), word.title(), word.swapcase()}
    spaced = {s for w in cased for s in (w, f"  {w}\t", w.replace(" ", "  "), w.replace(" ", "\u00a0"))}
    marked = {
        m
        for w in spaced
        for m in (w, f"{w}.", f"({w})", f'"{w}"', w.replace("'", "’"), w.replace(" ", "-"), f"\ufeff{w}\u200b")
    }
    return marked | {full_width(w) for w in cased} | {unicodedata.normalize("NFD", w) for w in cased}


def test_the_table_has_the_249_rows_of_iso_3166_with_unique_codes() -> None:
    assert len(ROWS) == 249
    for column in ("alpha2", "alpha3", "numeric"):
        assert max(Counter(row[column] for row in ROWS).values()) == 1


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["alpha2"])
def test_every_row_comes_back_from_its_codes_and_names(row: dict[str, str]) -> None:
    code = row["alpha2"]
    assert row["alpha3"] == alpha3(code)
    for text in (code, row["alpha3"], row["numeric"], row["numeric"].lstrip("0"), name(code), full_name(code)):
        assert parse_country(text) == Country(code=code, stated=text)
        assert parse_country(text.lower()).code == country_code(text.upper()) == code
    for text in spellings(code):
        assert parse_country(text).code == code


def test_the_languages_that_matter_are_filled_for_every_row() -> None:
    for row in ROWS:
        assert all(row[language] for language in ("ru", "zh", "ko", "ja", "de", "fr", "es", "pl")), row["alpha2"]


def test_no_spelling_of_south_korea_ever_becomes_north_korea() -> None:
    tried = {v for word in (*spellings("KR"), "KR", "KOR", "410") for v in variants(word)}
    assert len(tried) >= 500
    assert {code_or_none(text) for text in tried} <= {"KR", None}
    assert sum(code_or_none(text) == "KR" for text in tried) > 0.95 * len(tried)


def test_no_spelling_of_north_korea_ever_becomes_south_korea() -> None:
    tried = {v for word in (*spellings("KP"), "KP", "PRK", "408") for v in variants(word)}
    assert len(tried) >= 500
    assert {code_or_none(text) for text in tried} <= {"KP", None}
    assert sum(code_or_none(text) == "KP" for text in tried) > 0.95 * len(tried)


def test_an_ambiguous_word_never_names_a_state_however_it_is_written() -> None:
    for word in UNSETTLED:
        found = parse_country(word)
        assert found == Country(code=None, stated=word)
        assert len(choices(word)) > 1
    for written in {v for word in UNSETTLED for v in variants(word)}:
        assert code_or_none(written) in (None, "KR"), written  # "KOR" is a code, "Kor." is not
        assert country_code(written) != "KP"


@pytest.mark.parametrize(
    "text",
    ["Korea", "Korean", "Corea", "Corée", "COREE", "朝鮮", "朝鲜", "조선", "Joseon", "Chosen", "Choson", "NK", "朝鮮籍",
     "朝鮮人", "Chosen-seki", "Korea, n.o.s.", "韓国・朝鮮", "조선족", "Kor.", "Корея", "кореец"],
)  # fmt: skip
def test_words_for_korea_are_answers_without_a_state(text: str) -> None:
    assert parse_country(text).code is None
    assert country_code(text) is None
    assert {"KP", "KR"} <= set(choices(text))


@pytest.mark.parametrize(
    ("text", "code"),
    [("Republic of Korea", "KR"), ("KOR", "KR"), ("South Korean", "KR"), ("대한민국", "KR"), ("韓国籍", "KR"),
     ("Korea (the Republic of)", "KR"), ("ROK", "KR"), ("Korea, Rep.", "KR"), ("한국인", "KR"), ("南朝鮮", "KR"),
     ("D.P.R.K.", "KP"), ("КНДР", "KP"), ("북한사람", "KP"), ("北朝鮮", "KP"), ("Korea, North", "KP"), ("RPDC", "KP"),
     ("Korea (the Democratic People's Republic of)", "KP"), ("Democratic People’s Republic of Korea", "KP"),
     ("조선 민주주의 인민공화국", "KP"), ("朝鮮民主主義人民共和国", "KP"), ("Corea del Norte", "KP"), ("408", "KP")],
)  # fmt: skip
def test_the_two_koreas_in_many_languages(text: str, code: str) -> None:
    assert parse_country(text).code == code


@given(st.text(max_size=30))
def test_any_text_is_an_answer_or_an_unknown_country(text: str) -> None:
    assert country_code(text) is None or country_code(text) == parse_country(text).code


@given(st.sampled_from(spellings("KR")), st.sampled_from(["", " ", "\u3000"]), st.text(max_size=3))
def test_text_added_to_a_south_korean_spelling_never_makes_it_north(word: str, gap: str, added: str) -> None:
    assert code_or_none(word + gap + added) != "KP" or normalise(added) in ("", "the")


@pytest.mark.parametrize("text", ["", " ", "KRLD", "Kora", "North", "XX", "999", "K", "Nordkoera", "x" * 100_000])
def test_a_text_in_no_table_is_an_error_and_its_message_keeps_the_text_to_itself(text: str) -> None:
    with pytest.raises(UnknownCountryError) as caught:
        parse_country(text)
    assert isinstance(caught.value, ValueError)
    assert caught.value.stated == text
    assert text not in str(caught.value) or len(text) < 2
    assert country_code(text) is None


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("KRLD", ("KP", "KR")),
        ("Congo", ("CD", "CG")),
        ("Dominican", ("DM", "DO")),
        ("СССР", None),
        ("РК", ("KR", "KZ")),
    ],
)
def test_a_word_for_several_countries_is_asked_about(text: str, offered: tuple[str, ...] | None) -> None:
    with pytest.raises(UnknownCountryError) as caught:
        parse_country(text)
    assert len(caught.value.choices) > 1
    assert offered is None or caught.value.choices == offered == choices(text)
    assert alpha3(caught.value.choices[0]) in str(caught.value)


def test_cyrillic_letters_that_look_like_kp_name_no_state() -> None:
    assert parse_country("КР").code is None
    assert parse_country("KP").code == "KP"


def test_a_demonym_leads_to_one_country() -> None:
    led = {(normalise(word), row["alpha2"]) for row in ROWS for word in row["demonym"].split("|") if word}
    seen = Counter(word for word, _ in led)
    assert {word: n for word, n in seen.items() if n > 1} == {}


def test_a_name_is_never_the_code_of_another_country() -> None:
    codes = {row[column].casefold(): row["alpha2"] for row in ROWS for column in ("alpha2", "alpha3")}
    for row, word in itertools.chain.from_iterable(((r, w) for w in spellings(r["alpha2"])) for r in ROWS):
        assert codes.get(normalise(word), row["alpha2"]) == row["alpha2"], word
    assert parse_country("CHE").code == "CH"


@pytest.mark.parametrize("bad", ["AA\tAAA\t000\t\tKorea Minor\tRepublic of Korea", "AA\tAAA\t000\t\tNga\t"])
def test_a_table_in_which_a_spelling_leads_to_two_places_is_refused(
    bad: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in ("beyond_iso.tsv", "ambiguous.tsv", "countries.tsv"):
        text = (FOLDER / file).read_text(encoding="utf-8")
        more = bad + "\t" * (15 - bad.count("\t")) + "\n" if file == "countries.tsv" else ""
        (tmp_path / file).write_text(text + more, encoding="utf-8")
    monkeypatch.setattr(table_module, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"stands for|is a name of"):
        table_module.table.__wrapped__()


@pytest.mark.parametrize(
    ("text", "code"),
    [("XXA", "XXA"), ("xxb", "XXB"), ("XXX", "XXX"), ("UNO", "UNO"), ("UNK", "UNK"), ("EUE", "EUE"), ("GBN", "GBN"),
     ("XOM", "XOM"), ("XPO", "XPO"), ("D", "DE"), ("D<<", "DE"), ("RKS", "XK"), ("XKX", "XK"), ("UK", "GB"),
     ("EL", "GR"), ("Stateless", "XXA"), ("無国籍", "XXA"), ("unknown", "XXX")],
)  # fmt: skip
def test_codes_of_travel_documents_are_kept(text: str, code: str) -> None:
    assert parse_country(text).code == code
    assert name(code)
    assert country_code(text) == (code if len(code) == 2 else None)


def test_a_code_that_is_no_nationality_says_so() -> None:
    without = {code for code in table().rows if not is_nationality(code)}
    assert {"XXA", "XXB", "XXC", "XXX", "UNO", "UNA", "UNK", "EUE", "XOM", "XPO"} <= without
    assert {"KP", "KR", "XK", "TW", "PS", "GBN", "GBO"} <= set(table().rows) - without
    assert state_of("XXA") is None
    assert state_of("GBN") == "GB"


def test_only_codes_are_read_from_a_document() -> None:
    assert country_of_code("PRK") == Country(code="KP", stated="PRK")
    assert country_of_code("DPRK") is country_of_code("408") is country_of_code("UTO") is country_of_code("") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("Democratic People's Republic of Korea", "KP"), ("Russian Federation", "RU"),

     ("Iran (Islamic Republic of)", "IR"), ("Burma", "MM"), ("West Bank", "PS"),
     ("Region: Gaza", "PS"), ("Congo, Democratic Republic of the", "CD"),
     ("Macedonia, The Former Yugoslav Republic of", "MK"), ("Virgin Islands, British", "VG"), ("Cote d Ivoire", "CI"),
     ("United Kingdom of Great Britain and Northern\n                    Ireland", "GB"), ("Man, Isle of", "IM"),
     ("China, Hong Kong Special Administrative Region", "HK"), ("Libyan Arab Jamahiriya", "LY"), ("Bahamas, The", "BS"),
     ("Korea, South", "KR"), ("Zaire", "CD"), ("Swaziland", "SZ"), ("Türkiye", "TR"), ("TÜRKİYE", "TR"),
     ("-0-", None), ("undetermined", None), ("USSR (until 1991)", None), ("Possibly Ethiopian", None), ("Congo", None),
     ("Netherlands Antilles", None), ("Sudan/South Sudan", None), ("", None)],
)  # fmt: skip
def test_list_spellings_give_a_code_or_none(text: str, code: str | None) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize("code", ["XX", "kp", "", "KOR"])
def test_questions_about_a_code_want_a_code(code: str) -> None:
    for question in (name, full_name, alpha3, is_nationality, state_of):
        with pytest.raises(UnknownCountryError):
            question(code)


def test_members_of_the_european_union_on_a_day() -> None:
    assert sum(is_eu_member(code) for code in ROW_BY_CODE) == 27
    assert is_eu_member("GB", date(2020, 1, 31))
    assert not is_eu_member("GB", date(2020, 2, 1))
    assert not is_eu_member("HR", date(2013, 6, 30))
    assert is_eu_member("HR", date(2013, 7, 1))
    assert sum(is_eu_member(code, date(2017, 9, 11)) for code in ROW_BY_CODE) == 28
    assert not is_eu_member("RE")


def test_eu_law_binds_through_the_british_transition_and_in_the_territories_inside() -> None:
    assert is_bound_by_eu_law("GB", date(2020, 12, 31))
    assert not is_bound_by_eu_law("GB", date(2021, 1, 1))
    assert not is_bound_by_eu_law("GB")
    assert is_bound_by_eu_law("RE")
    assert is_bound_by_eu_law("AX")
    assert not is_bound_by_eu_law("NC")
    assert not is_bound_by_eu_law("NO")


def test_members_of_the_united_nations_on_a_day() -> None:
    assert sum(is_un_member(code) for code in table().rows) == 193
    assert sum(is_un_member(code, date(2017, 9, 11)) for code in table().rows) == 193
    for code in ("TW", "XK", "PS", "VA", "HK", "EH", "XXA"):
        assert not is_un_member(code)
    assert not is_un_member("SS", date(2011, 7, 13))
    assert is_un_member("SS", date(2011, 7, 14))
    assert not is_un_member("KR", date(1991, 9, 16))


def test_a_territory_has_a_state_that_answers_for_it() -> None:
    answers = {"HK": "CN", "MO": "CN", "RE": "FR", "GI": "GB", "FR": "FR"}
    assert {code: state_of(code) for code in answers} == answers
    assert state_of("EH") is None
    for row in ROWS:
        assert not row["territory_of"] or is_un_member(row["territory_of"])
        if not row["territory_of"]:
            assert is_un_member(row["alpha2"]) or row["alpha2"] in ("AQ", "EH", "PS", "TW", "VA")


@pytest.mark.shared
def test_every_country_of_the_law_cases_is_in_the_table(shared: Path) -> None:
    fields = {"country", "nationality", "issuing_country", "performed_from", "employer_country", "flag"}
    stated: set[str] = set()

    def collect(value: object) -> None:
        for key, inner in value.items() if isinstance(value, dict) else ():
            if key.rsplit(".", 1)[-1] in fields and isinstance(inner, str):
                stated.add(inner)
            collect(inner)
        for inner in value if isinstance(value, list) else ():
            collect(inner)

    for line in (shared / "law" / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        collect(json.loads(line))
    assert len(stated) > 20
    assert {text for text in stated if parse_country(text).code is None} == {"Chosen"}
