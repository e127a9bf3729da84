"""The clause behind each list: what a listing on it means, and where it binds."""

from __future__ import annotations

from datetime import date

from service.lists.listing import Listing
from service.lists.sources import SOURCES, ListSource
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


def _of_list(source: ListSource) -> Clause:
    by_law = source.binds_in is not None
    return Clause(
        id=f"LIST-{source.list_id}",
        instrument=source.title,
        paragraph="",
        title=f"Listed by {source.publisher}",
        paraphrase=_BARRED if by_law else _TOLD,
        url=source.page,
        in_force_from=source.since,
        in_force_until=source.retired_on,
        binds=Binds.US_PERSON if source.binds_in == "US" else Binds.STATE if by_law else Binds.EMPLOYER,
        jurisdiction=source.binds_in or "",
        basis=Basis.SECONDARY,
        effect="deny where the list binds, else review" if by_law else "review",
    )


_BARRED = (
    "Dealings with the listed party, and making funds or economic resources available to it, are barred where the "
    "list binds."
)
_TOLD = "No law gives this list force by itself: a party on it is a reason for a person to look, and no more."

LIST_CLAUSES = {list_id: _of_list(source) for list_id, source in SOURCES.items()}


def list_clause(listing: Listing, as_of: date) -> Clause:
    """The clause that a match with ``listing`` comes under."""
    if listing.list_id == "un_sc" and listing.dprk and as_of >= UN_DPRK_LISTING.in_force_from:
        return UN_DPRK_LISTING
    return LIST_CLAUSES[listing.list_id]
