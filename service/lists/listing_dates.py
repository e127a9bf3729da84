"""Listing dates of entries whose publisher's file gives none, each with where it was taken from."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from importlib.resources import files


@cache
def listing_dates(list_id: str) -> dict[str, tuple[date, str]]:
    """Key of an entry of ``list_id`` to its day of listing and the basis of that day."""
    text = files("service.lists").joinpath("listing_dates.tsv").read_text(encoding="utf-8")
    table = csv.DictReader(text.splitlines(), delimiter="\t")
    return {
        row["key"]: (date.fromisoformat(row["listed_on"]), row["basis"]) for row in table if row["list_id"] == list_id
    }
