"""Write sql/schema.sql: what the migrations make of an empty database, as pg_dump says it.

Run `.venv/bin/python scripts/dump_schema.py` after adding a migration. It uses PostgreSQL 15, the oldest
supported version, where Debian's postgresql-15 is installed, else the embedded one; a test compares the
file with the migrations.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from service.store.embedded import EmbeddedPostgres, binaries
from service.store.migrate import migrate
from service.store.sql_files import sql_folder

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
HEADING = "-- The schema that sql/migrations make, for reading. Written by scripts/dump_schema.py; do not edit.\n"
# Session settings, remarks and psql commands differ between versions of pg_dump and say nothing of the schema.
CHATTER = re.compile(r"^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\.*)?$")


def dump_schema(url: str, pg_dump: Path) -> str:
    """The statements that pg_dump writes for the schema, without dbmate's own table."""
    done = subprocess.run(
        [str(pg_dump), "--schema-only", "--no-owner", "--exclude-table=schema_migrations", url],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line for line in done.stdout.splitlines() if not CHATTER.match(line)]
    return HEADING + re.sub(r";\n(?=[A-Z])", ";\n\n", "\n".join(lines) + "\n")


def main() -> None:
    """Make the schema on a server of its own and write the file."""
    programs = DEBIAN_15 if DEBIAN_15.is_dir() else binaries()
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedPostgres(Path(folder) / "home", bin_folder=programs) as server,
    ):
        migrate(server.url)
        target = sql_folder() / "schema.sql"
        target.write_text(dump_schema(server.url, programs / "pg_dump"))
        print(f"{target} written with {programs / 'pg_dump'}")


if __name__ == "__main__":
    main()
