"""Pictures for the pages: inline SVG from plain data, pure functions, no script, no inline style."""
