"""The Denied Persons List: parties whose export privileges are denied by order.

Publisher: Bureau of Industry and Security, U.S. Department of Commerce; ``dpl.txt``, tab separated, every
cell in quotation marks. The file has no date and its rows no key: the key is a digest of the name, the
address and the day on which the order began. A row stays as long as the publisher keeps it, also where its
``Expiration_Date`` has passed; that day is in the record. Days such as 3033-09-30 are slips of the pen:
the row is kept and no date is taken from it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from service.errors import MalformedListError
from service.lists.container import PlainFile
from service.lists.list_file import ListFile
from service.lists.listing import Address, AliasQuality, ListedName, Listing
from service.lists.text_rows import TextRow, cut_doubts, first_row, rows
from service.lists.un_names import distinct
from service.lists.untyped import kind_of
from service.lists.us_csl_entry import plausible_day
from service.nationality.countries import country_code

_WHERE = ("Street_Address", "City", "State", "Country", "Postal_Code")
_BEGINS, _ENDS = "Effective_Date", "Expiration_Date"
_COLUMNS = ("Name", *_WHERE, _BEGINS, _ENDS, "Standard_Order", "Last_Update", "Action", "FR_Citation")
_OTHER_NAME = re.compile(r"\s+(?:A/?K/?A|D/B/A)/?\s+", re.IGNORECASE)
_US_STATES = frozenset(
    """
    AL AK AZ AR CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK
    OR PA PR RI SC SD TN TX UT VA VI VT WA WI WV WY
    """.split()
)
_TAB = "\t"
REPEATED = "rows given twice"


def recognises(files: Sequence[PlainFile]) -> bool:
    """Whether the one file starts with the header of the list."""
    return len(files) == 1 and first_row(files[0], delimiter=_TAB)[: len(_WHERE) + 1] == _COLUMNS[: len(_WHERE) + 1]


def read_file(file: PlainFile, list_id: str) -> ListFile:
    """The list in ``file``; iterating streams its rows. MalformedListError names the line of the first bad one."""
    repeated = sum(1 for _, is_new in _distinct(file) if not is_new)
    return ListFile(
        list_id=list_id,
        entries=lambda: _entries(file, list_id),
        doubts=cut_doubts(file),
        left_out=((REPEATED, repeated),) if repeated else (),
    )


def _entries(file: PlainFile, list_id: str) -> Iterator[Listing]:
    for row, is_new in _distinct(file):
        if is_new:
            yield _listing(row, list_id, where=f"{file.name} line {row.line}")


def _distinct(file: PlainFile) -> Iterator[tuple[TextRow, bool]]:
    """Each row, and whether it is new; rows that are the same in every cell are one entry."""
    known: dict[str, bytes] = {}
    for row in rows(file, frozenset(_COLUMNS), delimiter=_TAB):
        content = hashlib.sha256(repr(sorted(row.cells.items())).encode()).digest()
        key = _key(row)
        first = known.setdefault(key, content)
        if first != content:
            where = f"{file.name} line {row.line}"
            raise MalformedListError("a second order for the same party, address and day", where=where)
        yield row, first is content


def _key(row: TextRow) -> str:
    who = [row.cells[name] for name in ("Name", *_WHERE, _BEGINS)]
    return hashlib.sha256(repr(who).encode()).hexdigest()[:24]


def _listing(row: TextRow, list_id: str, *, where: str) -> Listing:
    cells = row.cells
    if not cells["Name"]:
        raise MalformedListError("a row without a name", where=where)
    names = [name.strip() for name in _OTHER_NAME.split(" ".join(cells["Name"].split()))]
    primary, *others = [name for name in names if name]
    country = country_code(cells["Country"]) if cells["Country"] else None
    if not cells["Country"] and cells["State"].upper() in _US_STATES:
        country = "US"
    text = ", ".join(cells[name] for name in _WHERE if cells[name])
    listed_on = _day(cells[_BEGINS])
    return Listing(
        list_id=list_id,
        key=_key(row),
        reference=cells["FR_Citation"] or _key(row),
        kind=kind_of(primary),
        names=distinct(
            iter(
                [
                    ListedName(text=primary, quality=AliasQuality.PRIMARY),
                    *(ListedName(text=name, quality=AliasQuality.STRONG) for name in others),
                ]
            )
        ),
        address_countries=(country,) if country else (),
        addresses=(Address(text=text, country=country),) if text else (),
        programmes=("DPL",),
        listed_on=listed_on,
        listed_on_basis="list" if listed_on else None,
        record={name: value for name, value in cells.items() if value},
    )


def _day(text: str) -> date | None:
    """``06/19/2003``; None for what is no day and for a year that cannot be meant: the record keeps the words."""
    try:
        day = datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 - a calendar day, no zone
    except ValueError:
        return None
    return plausible_day(day.isoformat())
