"""A real service on a real database: the API's tests ask it through Flask's test client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.api_keys import fingerprint, generate_key
from service.app import Service, build_service, create_app
from service.config import Config, Mode


@dataclass(frozen=True)
class Api:
    """An application, its parts, and a client that sends a screener's key."""

    service: Service
    app: Flask
    key: str

    @property
    def client(self) -> FlaskClient:
        """A client without a key."""
        return self.app.test_client()

    def new_key(self, role: str = "screener", *, expires_at: datetime | None = None) -> str:
        key = generate_key()
        self.service.keys.create(
            name=f"test {role}", role=role, key_hash=fingerprint(key), last4=key[-4:], expires_at=expires_at
        )
        return key

    def call(self, method: str, path: str, *, key: str | None = None, **options: Any) -> TestResponse:
        """Send a request with a key: the screener's, unless another is given."""
        headers = {"Authorization": f"Bearer {key or self.key}", **options.pop("headers", {})}
        return self.client.open(path, method=method, headers=headers, **options)

    def screen(self, body: Any, **options: Any) -> TestResponse:
        return self.call("POST", "/v1/screenings", json=body, **options)


@pytest.fixture
def make_api(database_url: str, tmp_path: Path) -> Iterator[Callable[..., Api]]:
    """Builds the whole application over a fresh database, in demo mode unless told otherwise."""
    opened: list[Service] = []

    def make(mode: Mode = Mode.DEMO, **settings: Any) -> Api:
        service = build_service(Config(home=tmp_path, mode=mode, database_url=database_url, **settings))
        service.database.open()
        opened.append(service)
        service.snapshots.refresh()
        api = Api(service=service, app=create_app(service), key="")
        return Api(service=service, app=api.app, key=api.new_key())

    yield make
    for service in opened:
        service.database.close()


@pytest.fixture
def api(make_api: Callable[..., Api]) -> Api:
    """The application in demo mode: it decides on the starter lists."""
    return make_api()
