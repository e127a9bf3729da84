"""Sanctions lists: from a publisher's bytes to listings. No network, no database."""
