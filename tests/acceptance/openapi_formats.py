"""Values for the formats that JSON Schema does not know, so that generated requests get past their first field."""

from __future__ import annotations

from datetime import date

import schemathesis
from hypothesis import strategies as st

COUNTRIES = ("PRK", "KP", "408", "North Korea", "KOR", "Korea", "CHN", "RU", "Germany", "XXA", "GBN", "USA", "NZ")

schemathesis.openapi.format("country", st.sampled_from(COUNTRIES))
schemathesis.openapi.format("jurisdiction", st.sampled_from(("EU", "SE", "US", "New Zealand", "GBR")))
schemathesis.openapi.format("date", st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(date.isoformat))
