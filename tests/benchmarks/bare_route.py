"""The product's own application with one more route to measure it against; no part of the product."""

from __future__ import annotations

import atexit
from datetime import UTC, datetime
from http import HTTPStatus
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


def application() -> Flask:
    """What gunicorn loads: the service, and ``POST /bare`` that loads the same schema and inserts one row."""
    app = wsgi.application()
    url = Config.from_env().database_url
    assert url is not None
    database = Database(url)
    database.open()
    atexit.register(database.close)

    @app.post("/bare")
    def bare() -> Response:
        raw = request.get_data()
        load_request(request_json(request), now=datetime.now(UTC))
        number = uuid4()
        with database.connection() as connection:
            connection.execute(INSERT, [number, raw])
        return Response(f'{{"id":"{number}"}}', HTTPStatus.CREATED, mimetype="application/json")

    return app
