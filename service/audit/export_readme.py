"""README.txt of an export: what an auditor runs, and what each outcome means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.audit.checkpoint import SignedHead

_TEXT = """\
An export of a hirescreen audit log
===================================

Log    {origin}
Size   {size} entries under the signed head in the file `checkpoint`
Scope  {scope}

What to run
-----------
On a computer that need not be connected to anything, with Python 3.10 or newer and nothing else:

    python3 verify_audit.py . --vkey KEY

KEY is the log's verifier key, one line of the form name+id+key. Take it from outside this folder: from a
contract, a letter, the operator's web site, an earlier audit. Whoever could change this folder could have
changed vkey.txt in it too; that file only helps you to see which key is meant. The same holds of the program:
compare the SHA-256 of verify_audit.py with the one in a hirescreen release, or use your own copy.

Keep the file `checkpoint` when you are done. At the next audit give it back to the program:

    python3 verify_audit.py . --vkey KEY --since OLD_CHECKPOINT

It then proves that nothing that stood in the log at your last visit was changed or taken away since. Without it,
a holder of the signing key could show you a log that was rewritten as a whole.

What the outcome means
----------------------
GOOD (exit status 0)      Every entry here is byte for byte the one that was sealed, under a head signed by KEY.
                          A WHOLE export is every entry of the log, in order. A SELECTION proves of each of its
                          entries that it stands in the log unchanged; it does not prove that no other entry
                          fits the selection. Ask for the whole log where that matters.
TAMPERED (exit status 1)  Something is not what was signed; the first broken record is named.
UNUSABLE (exit status 2)  The check could not be made: a file is missing, or the key was copied badly.

What lies here
--------------
entries.jsonl     the entries: index, exact bytes (base64), and disclosed values where the export has them
entries.csv       the same as a table for a spreadsheet; a quote before a cell keeps it from being run as a formula
checkpoint        the signed head (C2SP tlog-checkpoint): name, size and root of the log
heads.log         every head that was signed before it
witnesses/        what outside parties gave for some heads: SIZE.note is the head as it was signed, SIZE.….tsr a
                  timestamp over that file (openssl ts -verify -data SIZE.note -in SIZE.timestamp.tsr -CAfile ROOTS),
                  SIZE.….cosigned the head with a witness's cosignature (C2SP). This program does not check them
tile/             the hashes of the whole log (C2SP tlog-tiles); in a whole export also the entries in tiles,
                  so that other programs for transparency logs can read this folder
proofs/           in a selection of up to 10,000 entries: a proof of each (C2SP tlog-proof); beyond, the tiles alone
lists.json        each version of a sanctions list that the entries name, with the SHA-256 of its files
rulebook/         the catalogue of the rules in force at the export, and the text of all rules that the entries
                  were decided by, under its SHA-256 as they name it
manifest.json     the SHA-256 of each of these files
vkey.txt          the verifier keys that the operator uses (a hint only)

{personal}
An entry carries no personal data itself: it holds salted digests of the values, and the values with their salts
are kept apart, so that they can be erased. An erased value is missing here, and the entry still proves.

This file, vkey.txt, verify_audit.py and rulebook/catalogue.json are not part of the signed log.
"""


def readme(head: SignedHead, selection: Mapping[str, Any] | None, *, personal: bool) -> str:
    """The text, for the log under ``head``; ``selection`` as in the manifest."""
    chosen = ", ".join(f"{name} {value}" for name, value in (selection or {}).items())
    return _TEXT.format(
        origin=head.checkpoint.origin,
        size=head.size,
        scope=f"a selection: {chosen}" if selection else "the whole log",
        personal=(
            "This export CONTAINS PERSONAL DATA (the disclosed values). Keep it as you must, and delete it when done."
            if personal
            else "This export was made without personal data."
        ),
    )
