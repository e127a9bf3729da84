"""How much the steps of reading a name remember: what pays is a few names back, and each worker pays for it."""

from __future__ import annotations

from functools import lru_cache

REMEMBERED = 128  # results of one step; with 500 times as many, building and asking take as long

remembered = lru_cache(maxsize=REMEMBERED)
