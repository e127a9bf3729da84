from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.nationality.mrz import MrzDate, MrzError, MrzFormat, check_digit, read_mrz
from service.nationality.mrz_fields import ShortDate

# The specimens of Doc 9303 parts 4 to 7 and 11 (issuer: Utopia), which are published facts.
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
MRV_A = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<"
MRV_B = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<"
TD1_LONG = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
TD2_LONG = "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\nD23145890<UTO3407127M95071227349<<<8"
SPECIMENS = {
    MrzFormat.TD1: TD1,
    MrzFormat.TD2: TD2,
    MrzFormat.TD3: TD3,
    MrzFormat.MRV_A: MRV_A,
    MrzFormat.MRV_B: MRV_B,
}


def passport(
    *,
    issuer: str = "KOR",
    nationality: str = "KOR",
    birth: str = "850302",
    expiry: str = "310101",
    names: str = "KIM<<YONG<CHOL",
) -> str:
    """A passport of our own making with right check digits."""
    number, optional = "M12345678", "<" * 14
    second = f"{number}{check_digit(number)}{nationality:<<3}{birth}{check_digit(birth)}M{expiry}{check_digit(expiry)}"
    second += optional + "<"
    composite = check_digit(second[0:10] + second[13:20] + second[21:43])
    return f"{f'P<{issuer:<<3}{names}':<<44}\n{second}{composite}"


@pytest.mark.parametrize(("form", "text"), SPECIMENS.items())
def test_the_specimens_of_doc_9303_are_read(form: MrzFormat, text: str) -> None:
    mrz = read_mrz(text)
    assert mrz.format is form
    assert (mrz.surname, mrz.given_names, mrz.name_is_cut) == ("ERIKSSON", "ANNA MARIA", False)
    assert (mrz.issuing_code, mrz.issuing_country, mrz.sex) == ("UTO", None, "F")
    assert mrz.checks.hold
    assert mrz.nationality_protected is False


def test_the_fields_of_the_passport_specimen() -> None:
    mrz = read_mrz(TD3)
    assert (mrz.document_kind, mrz.number) == ("P", "L898902C3")
    assert (mrz.birth_date, mrz.expiry) == (MrzDate(1974, 8, 12), MrzDate(2012, 4, 15))
    assert (mrz.checks.optional, mrz.checks.composite) == (True, True)


def test_a_visa_has_no_digit_over_all_and_keeps_the_code_of_an_unspecified_nationality() -> None:
    mrz = read_mrz(MRV_A)
    assert mrz.nationality is not None
    assert mrz.nationality.code == "XXX"
    assert (mrz.birth_date, mrz.expiry) == (MrzDate(1940, 9, 7), MrzDate(1996, 12, 10))
    assert (mrz.checks.optional, mrz.checks.composite) == (None, None)
    assert not mrz.issuer_and_nationality_differ


@pytest.mark.parametrize("text", [TD1_LONG, TD2_LONG])
def test_a_long_number_goes_on_in_the_optional_data(text: str) -> None:
    mrz = read_mrz(text)
    assert mrz.number == "D23145890734"
    assert mrz.checks.hold
    assert (mrz.birth_date, mrz.expiry) == (MrzDate(1934, 7, 12), MrzDate(1995, 7, 12))


def test_a_changed_nationality_leaves_every_check_digit_valid() -> None:
    true, forged = read_mrz(passport()), read_mrz(passport(nationality="PRK"))
    assert true.nationality is not None
    assert forged.nationality is not None
    assert (true.nationality.code, forged.nationality.code) == ("KR", "KP")
    assert passport().replace("KOR85", "PRK85") == passport(nationality="PRK")
    assert true.checks == forged.checks
    assert forged.checks.hold
    assert forged.nationality_protected is False
    assert forged.issuer_and_nationality_differ
    assert not true.issuer_and_nationality_differ


@pytest.mark.parametrize(
    ("issuer", "nationality", "differ"),
    [("D", "D", False), ("GBR", "GBN", False), ("D", "XXB", False), ("UNO", "PRK", True), ("KOR", "PRK", True),
     ("RKS", "RKS", False), ("UTO", "PRK", True), ("D", "", False)],
)  # fmt: skip
def test_whether_another_state_issued_the_document(issuer: str, nationality: str, differ: bool) -> None:
    assert read_mrz(passport(issuer=issuer, nationality=nationality)).issuer_and_nationality_differ is differ


@pytest.mark.parametrize("at", [3, 14, 25, 30])
def test_a_changed_digit_in_a_protected_field_is_reported(at: int) -> None:
    first, second = TD3.split("\n")
    other = "1" if second[at] != "1" else "2"
    checks = read_mrz(f"{first}\n{second[:at]}{other}{second[at + 1 :]}").checks
    assert not checks.hold
    assert checks.composite is False
    assert [checks.number, checks.birth_date, checks.expiry, checks.optional].count(False) == 1


@pytest.mark.parametrize("text", SPECIMENS.values())
def test_lower_case_spaces_and_lost_fillers_at_line_ends_are_mended(text: str) -> None:
    stripped = "  \r\n".join(line.rstrip("<") for line in text.split("\n")) + "  \n"
    assert read_mrz(stripped.lower()) == read_mrz(text) or text in (MRV_A, MRV_B)
    assert read_mrz(stripped).checks == read_mrz(text).checks
    assert read_mrz(text.replace("\n", "")).number == read_mrz(text).number


@pytest.mark.parametrize(
    ("text", "line", "position"),
    [(TD3.replace("ANNA", "ÅNNA"), 1, 16), (TD3.replace("L898", "L8-8"), 2, 3), (TD3 + "1", 2, 45), (TD3[:-1], 2, 44),
     (TD3.replace("740812", "74O812"), 2, 14), (TD3.replace("740812", "741312"), 2, 14),
     (TD3.replace("F12", "Q12"), 2, 21), (TD3.replace("C36UTO", "C3AUTO"), 2, 10),
     (TD2.replace("D231458907", "D23145890<"), 2, 10), ("", 1, 1),
     ("P<UTO", 1, 1), (TD1 + "\nX", 4, 1), (TD1[:-31] + "\n", 2, 31), (TD3.replace("P<", "Pı"), 1, 2),
     (TD3.replace("ANNA", "ANN٣"), 1, 19)],
)  # fmt: skip
def test_what_no_zone_can_hold_is_refused_by_line_and_position(text: str, line: int, position: int) -> None:
    with pytest.raises(MrzError) as caught:
        read_mrz(text)
    assert (caught.value.line, caught.value.position) == (line, position)
    assert str(caught.value).startswith(f"line {line}, position {position}: ")
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("birth", "expiry", "born"),
    [("850302", "310101", MrzDate(1985, 3, 2)), ("310102", "310101", MrzDate(1931, 1, 2)),
     ("300101", "310101", MrzDate(2030, 1, 1)), ("990101", "991231", MrzDate(1999, 1, 1)),
     ("85<<<<", "310101", MrzDate(1985)), ("8503<<", "310101", MrzDate(1985, 3)), ("<<0302", "310101", None),
     ("850302", "<<<<<<", None), ("000229", "310101", MrzDate(2000, 2, 29))],
)  # fmt: skip
def test_the_century_of_birth_is_the_latest_before_expiry(birth: str, expiry: str, born: MrzDate | None) -> None:
    mrz = read_mrz(passport(birth=birth, expiry=expiry))
    assert mrz.birth_date == born
    assert mrz.checks.hold


def test_a_day_that_no_year_has_is_no_expiry_problem_of_the_century() -> None:
    assert ShortDate(69, 12, 31).as_expiry() == MrzDate(2069, 12, 31)
    assert ShortDate(70, 1, 1).as_expiry() == MrzDate(1970, 1, 1)
    assert ShortDate(None, None, None).as_expiry() is None


@pytest.mark.parametrize(
    ("names", "read"),
    [("KIM<<YONG<CHOL", ("KIM", "YONG CHOL", False)), ("KIM", ("KIM", "", False)),
     ("VAN<DER<MEER<<ANNA", ("VAN DER MEER", "ANNA", False)), ("A" * 39, ("A" * 39, "", True)),
     ("KIM<<" + "Y" * 34, ("KIM", "Y" * 34, True)), ("NOH<<YU<RIM", ("NOH", "YU RIM", False))],
)  # fmt: skip
def test_names_are_split_and_a_full_field_is_said_to_be_cut(names: str, read: tuple[str, str, bool]) -> None:
    mrz = read_mrz(passport(names=names))
    assert (mrz.surname, mrz.given_names, mrz.name_is_cut) == read


def test_a_digit_is_computed_with_the_weights_seven_three_one() -> None:
    assert check_digit("D23145890734") == "9"
    assert check_digit("<<<<") == "0"
    assert check_digit("AB2134<<<") == "5"


def place_of_fault(text: str) -> tuple[int, int] | None:
    """Where the zone is refused; None where it is read."""
    try:
        read_mrz(text)
    except MrzError as error:
        return error.line, error.position
    return None


@given(st.sampled_from((*SPECIMENS.values(), TD1_LONG, TD2_LONG)), st.data())
def test_any_one_changed_character_is_read_or_refused_but_never_breaks(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    char = data.draw(st.one_of(st.characters(), st.sampled_from("0123456789ABKPRXZ<\n ")))
    assert min(place_of_fault(text[:at] + char + text[at + 1 :]) or (1, 1)) >= 1


@given(st.text(alphabet="ABKPRU0123456789<\n", max_size=140))
def test_any_text_is_read_or_refused_at_a_place(text: str) -> None:
    assert min(place_of_fault(text) or (1, 1)) >= 1


def test_every_protected_position_of_a_passport_moves_its_digit() -> None:
    first, second = TD3.split("\n")
    covered = [*range(10), *range(13, 20), *range(21, 44)]
    for at, char in itertools.product(covered, "0123456789"):
        if char == second[at] or not second[at].isdigit():
            continue
        try:
            held = read_mrz(f"{first}\n{second[:at]}{char}{second[at + 1 :]}").checks.hold
        except MrzError:
            continue
        assert not held, (at, char)
