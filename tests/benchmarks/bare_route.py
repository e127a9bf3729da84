"""The product's own application with one more route to measure it against; no part of the product."""

from __future__ import annotations

import atexit
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from flask import Flask, Response, request

from service import wsgi
from service.config import Config
from service.store.database import Database
from service.web.json_body import request_json
from service.web.schemas.screening import load_request

TABLE = "create table benchmark_row (id uuid primary key, body bytea not null)"
GRANT = "grant insert on benchmark_row to public"  # the service works in a role with the least rights
INSERT = "insert into benchmark_row (id, body) values (%s, %s)"


_databases: list[Database] = []  # what the master made, for the workers that it forks


def application() -> Flask:
    """What gunicorn loads: the service, and ``POST /bare`` that loads the same schema and inserts one row."""
    app = wsgi.application()
    url = Config.from_env().database_url
    assert url is not None
    database = Database(url)
    _databases.append(database)

    @app.post("/bare")
    def bare() -> Response:
        raw = request.get_data()
        load_request(request_json(request), now=datetime.now(UTC))
        number = uuid4()
        with database.connection() as connection:
            connection.execute(INSERT, [number, raw])
        return Response(f'{{"id":"{number}"}}', HTTPStatus.CREATED, mimetype="application/json")

    return app


def post_worker_init(worker: Any) -> None:
    """gunicorn's hook in a new worker: the product's own, then the pool of the bare route."""
    wsgi.post_worker_init(worker)
    for database in _databases:
        database.open()
        atexit.register(database.close)
