"""What the web needs from the rest of the service, as one object that its blueprints close over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from service.audit.record import Record
from service.certificate import Certificates
from service.desk import Desk
from service.dispositions import Reviews
from service.erasure.erasures import Erasures
from service.intake.approval import Approved
from service.lists.changes import ChangeKind, EntryChange
from service.records import Account, Actor, ApiKey, DatedVersion, HeldList, ListVersion
from service.replay.replays import Replays
from service.screening_history import HistorySource


class KeyStore(Protocol):
    """API keys by the SHA-256 of their text. StoreUnavailableError where the database is away."""

    def find(self, key_hash: bytes, /) -> ApiKey | None:
        """The key, also where it is revoked or expired; None for an unknown one."""

    def touch(self, key_id: UUID, /) -> None:
        """Note that the key was used."""


class AccountStore(Protocol):
    """Local accounts by user name. StoreUnavailableError where the database is away."""

    def find(self, username: str, /) -> Account | None:
        """The account, also a disabled one; None for an unknown name."""


class SessionStore(Protocol):
    """Sessions by the SHA-256 of their token. StoreUnavailableError where the database is away."""

    def create(self, token_hash: bytes, account_id: UUID, expires_at: datetime, /) -> None:
        """Open a session that ends at ``expires_at`` at the latest."""

    def find(self, token_hash: bytes, /, *, idle: timedelta) -> Account | None:
        """The account behind a living session, and note that it was seen."""

    def end(self, token_hash: bytes, /) -> None:
        """Log out."""


class ListVersionStore(Protocol):
    """The history of lists. StoreUnavailableError where the database is away."""

    def page(self, list_id: str, *, rows: int, before: tuple[date, int] | None = None) -> tuple[DatedVersion, ...]:
        """Versions from the newest by published day; ``before`` is the place to go on from."""

    def version(self, list_id: str, version: int) -> ListVersion | None:
        """A version by its number."""

    def stored(self, list_id: str, version: int) -> ListVersion | None:
        """A version by its number, also where it is held or was refused."""

    def files(self, list_id: str, version: int) -> Mapping[str, Mapping[str, Any]]:
        """The files of a version by role: ``name``, ``sha256``, ``size``, and the ``address`` where one is known."""

    def before(self, version: ListVersion) -> int | None:
        """The number of the version before by published day."""

    def count(self, list_id: str, since: int, version: int) -> tuple[int, int, int]:
        """How many entries were added, removed and changed."""

    def changes(
        self,
        list_id: str,
        since: int,
        version: int,
        *,
        after: str | None = None,
        rows: int | None = None,
        kind: ChangeKind | None = None,
    ) -> Iterator[EntryChange]:
        """The entries in which two versions differ, in the order of their keys."""


class ListApprovals(Protocol):
    """Settles held versions (``service.intake.approval.Approvals``). ApprovalError says what is in the way."""

    def waiting(self, list_id: str | None = None) -> tuple[HeldList, ...]:
        """The versions that wait, by list, the newest first."""

    def state_of(self, list_id: str, version: int) -> HeldList | None:
        """A version that waits or was settled; None for one that was never held."""

    def difference(self, held: HeldList) -> tuple[int, int, int]:
        """How many entries it would add, remove and change."""

    def approve(self, list_id: str, version: int, actor: Actor, *, reason: str, allow_older: bool = False) -> Approved:
        """Count one person's approval; with the last that is needed the version serves."""

    def refuse(self, list_id: str, version: int, actor: Actor, *, reason: str) -> None:
        """Settle that the version never serves."""


class ListDays(Protocol):
    """How the attempts to bring lists up to date ended, day by day."""

    def worst_by_day(self, since: date, list_id: str | None = None) -> Mapping[str, Mapping[date, str]]:
        """By list and day the worst outcome."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WebServices:
    """The collaborators and settings of the web.

    ``metrics`` writes them in the Prometheus text format, and ``count_request`` counts a request in them.
    ``secret_key`` signs form tokens. ``demo`` shows the demo banner. ``public_url`` is the address that
    users see; where it is https, browsers are told to stay on https.
    """

    desk: Desk
    keys: KeyStore
    accounts: AccountStore
    sessions: SessionStore
    list_versions: ListVersionStore
    replays: Replays
    certificates: Certificates
    history: HistorySource
    erasures: Erasures
    reviews: Reviews
    record: Record
    approvals: ListApprovals
    list_days: ListDays
    metrics: Callable[[], bytes]
    count_request: Callable[..., None]
    secret_key: bytes
    secure_cookies: bool
    demo: bool
    version: str
    public_url: str | None = None
