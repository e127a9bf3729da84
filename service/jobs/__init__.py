"""What runs by itself, on procrastinate's queue in PostgreSQL; the only package that imports procrastinate."""
