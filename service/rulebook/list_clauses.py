"""The clause behind each list: what a listing on it means, and where it binds."""

from __future__ import annotations

from datetime import date

from service.lists.listing import Listing
from service.rulebook.un_2664 import RELIEF
from service.screening.finding import Basis, Binds, Clause

UN_DPRK_LISTING = Clause(
    id="UN-1718-8d",
    instrument="S/RES/1718 (2006)",
    paragraph="8(d)",
    title="Assets of listed persons and entities are frozen; nothing is made available to them",
    paraphrase="States freeze the assets of whom the Council or its Committee names, and of those acting for them, "
    "and keep funds and economic resources from reaching them; later resolutions add whom they own or control.",
    url="https://undocs.org/S/RES/1718(2006)",
    in_force_from=date(2006, 10, 14),
    binds=Binds.STATE,
    jurisdiction="UN",
    basis=Basis.UNCONFIRMED,
    effect="deny",
    exceptions=(RELIEF,),
    note="The paragraph's number was cross-checked; its wording is from general knowledge.",
)


def _list(list_id: str, publisher: str, *, jurisdiction: str, binds: Binds, url: str, since: date) -> Clause:
    return Clause(
        id=f"LIST-{list_id}",
        instrument=publisher,
        paragraph="",
        title=f"Listed by {publisher}",
        paraphrase="Dealings with the listed party, and making funds or economic resources available to it, are barred "
        "where the list binds.",
        url=url,
        in_force_from=since,
        binds=binds,
        jurisdiction=jurisdiction,
        basis=Basis.SECONDARY,
        effect="deny where the list binds, else review",
    )


LIST_CLAUSES = {
    clause.id.removeprefix("LIST-"): clause
    for clause in (
        _list(
            "un_sc",
            "UN Security Council Consolidated List",
            jurisdiction="UN",
            binds=Binds.STATE,
            url="https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list",
            since=date(1999, 10, 15),
        ),
        _list(
            "us_ofac_sdn",
            "OFAC Specially Designated Nationals List",
            jurisdiction="US",
            binds=Binds.US_PERSON,
            url="https://ofac.treasury.gov/specially-designated-nationals-and-blocked-persons-list-sdn-human-readable-lists",
            since=date(1950, 1, 1),
        ),
        _list(
            "us_ofac_cons",
            "OFAC Consolidated (non-SDN) List",
            jurisdiction="US",
            binds=Binds.US_PERSON,
            url="https://ofac.treasury.gov/consolidated-sanctions-list-non-sdn-lists",
            since=date(2014, 1, 1),
        ),
    )
}


def list_clause(listing: Listing, as_of: date) -> Clause:
    """The clause that a match with ``listing`` comes under."""
    if listing.list_id == "un_sc" and listing.dprk and as_of >= UN_DPRK_LISTING.in_force_from:
        return UN_DPRK_LISTING
    return LIST_CLAUSES[listing.list_id]
