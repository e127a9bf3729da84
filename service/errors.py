"""Every fault that hirescreen raises on purpose; the docstring of a class is its plain message."""

from __future__ import annotations


class HirescreenError(Exception):
    """Something went wrong that the caller should be told in one line."""

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or (self.__doc__ or "").strip())


class ConfigError(HirescreenError):
    """The environment does not describe a service that can run."""


class StoreUnavailableError(HirescreenError):
    """The database cannot be reached or refused to record."""


class UnsafeDatabaseError(HirescreenError):
    """The database is set up in a way that can lose or miss records."""


class ListsUnavailableError(HirescreenError):
    """A required list was never loaded."""


class MalformedListError(HirescreenError):
    """A list file is not what its publisher writes; ``where`` names the record or line.

    Both may quote the file, so both are cut to a length that a page can show, without what does not print.
    """

    def __init__(self, detail: str, *, where: str | None = None) -> None:
        self.where = _shown(where, 200) if where else None
        super().__init__(f"{self.where}: {_shown(detail, 4000)}" if where else _shown(detail, 4000))


class RejectedListError(HirescreenError):
    """A well-formed list file was not accepted in place of the one that serves."""


class HeldListError(RejectedListError):
    """A list file was doubtful: it is stored as ``version`` and does not serve until two people approve it."""

    def __init__(self, detail: str, *, version: int) -> None:
        super().__init__(detail)
        self.version = version


class ListBusyError(HirescreenError):
    """Another process is loading this list at the moment."""


class ApprovalError(HirescreenError):
    """This person may not settle this version, or it is not there to be settled."""


class NotAnApproverError(ApprovalError):
    """Only a person whose role allows it may settle a held version."""


class BundleError(HirescreenError):
    """A bundle of lists is not what a known key signed, or is older than one that was taken before."""


class FetchError(HirescreenError):
    """A list could not be fetched from its address."""


class InvalidRequestError(HirescreenError):
    """The request is not one that can be answered; ``faults`` are (JSON pointer, detail) pairs."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{pointer or '/'}: {detail}" for pointer, detail in faults))
        self.faults = faults


class IdempotencyConflictError(HirescreenError):
    """The Idempotency-Key was used before with another request."""


class IdempotencyInProgressError(HirescreenError):
    """A request with the same Idempotency-Key is still running."""


class ProofError(HirescreenError):
    """A proof, a signed note, a key or a tile is not what it must be."""


class WitnessError(HirescreenError):
    """A witness did not take a signed head."""


class SealingStoppedError(HirescreenError):
    """The audit log is not what was signed before, so nothing more is signed."""


class ReplayError(HirescreenError):
    """A decision cannot be computed again; the message says why."""


class ErasureFileError(StoreUnavailableError):
    """The file of erasures cannot be read or written."""


class ErasureNotFoundError(HirescreenError):
    """There is no erasure with this id."""


class ErasureSettledError(HirescreenError):
    """This erasure was carried out or refused before."""


class NothingToEraseError(HirescreenError):
    """The personal data of these screenings were erased before."""


class SecondPersonError(HirescreenError):
    """An erasure needs two people; this approval is not that of another person who may give one."""


class RetentionDutyError(HirescreenError):
    """Personal data must still be kept; ``retention`` names each screening, its class, the basis and the last day."""

    def __init__(self, detail: str, retention: list[dict[str, object]]) -> None:
        super().__init__(detail)
        self.retention = retention


class ExportError(HirescreenError):
    """The record cannot be exported so."""


class ExportBusyError(ExportError):
    """Another export is being made by this process; try again when it is done."""


class EntryNotFoundError(HirescreenError):
    """There is no entry with this id in the record."""


class TileNotFoundError(HirescreenError):
    """The log has no tile of this name yet, or never will."""


class NotSealedError(HirescreenError):
    """What was asked for stands in the record, but under no signed head yet."""


class SelectionError(HirescreenError):
    """A filter of an export cannot be read; ``name`` says which."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(f"{name}: {detail}")
        self.name = name


class ReviewNotFoundError(HirescreenError):
    """There is no screening with this id that waits for people."""


class NotASignerError(HirescreenError):
    """Only a person whose role is reviewer or admin may sign a review."""


class ReviewMovedError(HirescreenError):
    """Somebody signed this review since it was read."""


class DispositionError(HirescreenError):
    """This review cannot be signed now."""


def _shown(text: str, longest: int) -> str:
    """At most ``longest`` characters of ``text``; one that does not print is a question mark in a diamond."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return cut if cut.isprintable() else "".join(char if char.isprintable() else "\ufffd" for char in cut)
