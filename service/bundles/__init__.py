"""Signed bundles of list files for sites without a network."""
