"""The certificate of a screening: what was decided, on which facts and lists, and a proof that a stranger can check.

The proof block holds the entry's exact bytes, its disclosures, the decision's exact text where it is still there,
and the path to a signed head of the log. ``verify_audit.py --certificate`` reads it from any file that the page,
its print or the API's answer was saved to.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from service.audit.leaf import leaf_hash
from service.audit.proof import EntryProof
from service.audit.verify_audit import PROOF_BEGIN, PROOF_END
from service.records import JsonObject
from service.replay.recompute import canonical_decision, decision_in
from service.screening_record import ProofSource, RecordedScreening, RecordSource, answer_of, stands_in
from service.sign_off import SignOff, SignOffs

LONGEST_PRINTED = 6000  # characters of a proof block that leave room on one page


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """One screening's certificate. ``answer`` is None once its personal data were erased, ``proof`` until sealed."""

    record: RecordedScreening
    answer: JsonObject | None
    proof: EntryProof | None
    sign_off: SignOff

    @property
    def is_final(self) -> bool:
        """An allow needs nobody's signature; a review or a deny is a finding until people have signed."""
        return self.record.decision == "allow" or self.sign_off.final

    @property
    def leaf_hash(self) -> str:
        """The hash of the entry, hex."""
        return leaf_hash(self.record.leaf).hex()

    def proof_block(self) -> str | None:
        """Base64 between two marks; None until the entry is sealed.

        It carries the decision too, unless the whole would then not fit on the page.
        """
        return self._block_and_whether_whole[0]

    @property
    def is_changed(self) -> bool:
        """Whether the stored entry is not the one that was sealed; the proof block then proves that."""
        return self.proof is not None and not stands_in(self.proof, self.record.leaf)

    @property
    def proves_decision(self) -> bool:
        """Whether the proof block carries the decision's text, and with it every fact used."""
        return self._block_and_whether_whole[1]

    @cached_property
    def _block_and_whether_whole(self) -> tuple[str | None, bool]:
        if self.proof is None:
            return None, False
        block = {
            "leaf": base64.b64encode(self.record.leaf).decode(),
            "d": list(self.record.disclosures),
            "proof": str(self.proof),
        }
        if self.answer is not None and self.record.disclosures:
            decision = canonical_decision(decision_in(self.answer)).decode()
            whole = _encoded({**block, "decision": decision})
            if len(whole) <= LONGEST_PRINTED:
                return whole, True
        return _encoded(block), False


def _encoded(block: JsonObject) -> str:
    text = json.dumps(block, separators=(",", ":"), ensure_ascii=False).encode()
    return f"{PROOF_BEGIN} {base64.b64encode(zlib.compress(text, 9)).decode()} {PROOF_END}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificates:
    """Certifies recorded screenings. StoreUnavailableError where the database is away."""

    records: RecordSource
    log: ProofSource
    sign_offs: SignOffs

    def of(self, screening_id: UUID) -> Certificate | None:
        """The certificate of one screening; None where there is none of that id."""
        record = self.records.get(screening_id)
        if record is None:
            return None
        answer = answer_of(record)
        return Certificate(
            record=record,
            answer=None if answer is None else dict(answer),
            proof=self.log.proof(record.entry_id),
            sign_off=self.sign_offs.of(screening_id),
        )
