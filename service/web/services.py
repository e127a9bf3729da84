"""What the web needs from the rest of the service, as one object that its blueprints close over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from service.desk import Desk
from service.lists.changes import EntryChange
from service.records import Account, ApiKey, DatedVersion, ListVersion


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

    def before(self, version: ListVersion) -> int | None:
        """The number of the version before by published day."""

    def count(self, list_id: str, since: int, version: int) -> tuple[int, int, int]:
        """How many entries were added, removed and changed."""

    def changes(
        self, list_id: str, since: int, version: int, *, after: str | None = None, rows: int | None = None
    ) -> Iterator[EntryChange]:
        """The entries in which two versions differ, in the order of their keys."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WebServices:
    """The collaborators and settings of the web.

    ``secret_key`` signs form tokens. ``demo`` shows the demo banner. ``public_url`` is the address that
    users see; where it is https, browsers are told to stay on https.
    """

    desk: Desk
    keys: KeyStore
    accounts: AccountStore
    sessions: SessionStore
    list_versions: ListVersionStore
    secret_key: bytes
    secure_cookies: bool
    demo: bool
    version: str
    public_url: str | None = None
