"""Numbers that identify a party, in one spelling: letters and digits only, capitals, no country prefix games."""

from __future__ import annotations

import re
import unicodedata

from service.matching.remembering import remembered

_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Z]+")
_LEAST = 5  # shorter numbers identify nobody


@remembered
def compact(value: str) -> str:
    """``RE-PB 085 310`` -> ``REPB085310``; an empty string where too little is left to identify anyone."""
    folded = unicodedata.normalize("NFKC", value).upper()
    compacted = _NOT_ALPHANUMERIC.sub("", folded)
    compacted = compacted.removeprefix("IMO") if compacted.startswith("IMO") and compacted[3:].isdigit() else compacted
    return (
        compacted
        if (len(compacted) >= _LEAST and any(c.isdigit() for c in compacted)) or len(compacted) in (8, 11)
        else ""
    )
