"""PostgreSQL: the only package that imports the driver. SQL lives in ``sql``, one query a file."""
