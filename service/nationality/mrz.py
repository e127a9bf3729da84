"""The machine-readable zone of a travel document: TD1, TD2, TD3 and visas MRV-A, MRV-B.

What it says is read and its check digits are reported; that is all they prove. See
``Mrz.nationality_protected``. Source: ICAO Doc 9303.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.nationality.countries import Country, country_of_code, is_nationality, state_of
from service.nationality.mrz_fields import MrzDate, Zone, check_digit
from service.nationality.mrz_lines import FILLER, MrzError, MrzFormat, lay_out

__all__ = ["Mrz", "MrzChecks", "MrzDate", "MrzError", "MrzFormat", "check_digit", "read_mrz"]


@dataclass(frozen=True, kw_only=True, slots=True)
class MrzChecks:
    """Which check digits hold; None where the format has no such digit."""

    number: bool
    birth_date: bool
    expiry: bool
    optional: bool | None = None
    composite: bool | None = None

    @property
    def hold(self) -> bool:
        """Whether every check digit there is holds; says nothing about names, issuer and nationality."""
        digits = (self.number, self.birth_date, self.expiry, self.optional, self.composite)
        return all(held is not False for held in digits)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mrz:
    """What the zone says. A country is None where its three letters are in no table (``UTO``).

    ``document_kind``: one or two letters (``P``, ``PD``, ``I``, ``V``). ``sex``: ``F``, ``M`` or None.
    ``birth_date`` is None where its year is open or there is no expiry to settle the century.
    ``name_is_cut``: the name fills its field, so letters may be missing at its end.
    """

    format: MrzFormat
    document_kind: str
    issuing_code: str
    issuing_country: Country | None
    nationality_code: str
    nationality: Country | None
    surname: str
    given_names: str
    name_is_cut: bool
    number: str
    birth_date: MrzDate | None
    sex: str | None
    expiry: MrzDate | None
    checks: MrzChecks

    @property
    def nationality_protected(self) -> bool:
        """Always False: no check digit covers the nationality, the issuer or the names.

        KOR may be changed to PRK, or PRK to KOR, and every check digit still holds. So never say that a
        nationality was verified because the zone is in order; compare it with the issuer and with what
        was declared.
        """
        return False

    @property
    def issuer_and_nationality_differ(self) -> bool:
        """Whether another State than that of the nationality issued the document: a reason to ask.

        False for the stateless, for refugees and for visas, whose issuer is always another.
        """
        nationality, issuer = (
            country.code if country else None for country in (self.nationality, self.issuing_country)
        )
        if self.format in (MrzFormat.MRV_A, MrzFormat.MRV_B) or not (nationality or self.nationality_code):
            return False
        if nationality is None or issuer is None:
            return self.issuing_code != self.nationality_code
        return is_nationality(nationality) and state_of(nationality) != state_of(issuer)


def read_mrz(text: str) -> Mrz:
    """Read the lines of a zone, joined by any white space; lower case and lost end fillers are mended.

    Check digits that do not hold are reported, not refused. MrzError where the text has no known shape,
    has characters that a zone cannot have, or holds no date or digit where one must be.
    """
    layout, lines = lay_out(text)
    zone = Zone(layout, lines)
    number, number_holds = zone.number()
    birth, birth_holds = zone.date(layout.birth)
    expiry, expiry_holds = zone.date(layout.expiry)
    surname, given_names, name_is_cut = zone.names()
    issuing_code = lines[0][2:5].strip(FILLER)
    nationality_code = zone.field(layout.nationality).strip(FILLER)
    return Mrz(
        format=layout.format,
        document_kind=lines[0][:2].strip(FILLER),
        issuing_code=issuing_code,
        issuing_country=country_of_code(issuing_code),
        nationality_code=nationality_code,
        nationality=country_of_code(nationality_code),
        surname=surname,
        given_names=given_names,
        name_is_cut=name_is_cut,
        number=number,
        birth_date=birth.as_birth(expiry.as_expiry()),
        sex=zone.sex(),
        expiry=expiry.as_expiry(),
        checks=MrzChecks(
            number=number_holds,
            birth_date=birth_holds,
            expiry=expiry_holds,
            optional=zone.optional_holds(),
            composite=zone.composite_holds(),
        ),
    )
