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
    """A list file is not what its publisher writes; ``where`` names the record or line."""

    def __init__(self, detail: str, *, where: str | None = None) -> None:
        super().__init__(f"{where}: {detail}" if where else detail)
        self.where = where


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


class SealingStoppedError(HirescreenError):
    """The audit log is not what was signed before, so nothing more is signed."""
