"""Erase personal data: two people, retention duties, and what survives a restore."""
