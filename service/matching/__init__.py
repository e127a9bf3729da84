"""Names compared and candidates found; pure: rapidfuzz, numpy, anyascii and the standard library."""

from service.matching.comparison import THRESHOLD, Comparison, compare

__all__ = ["THRESHOLD", "Comparison", "compare"]
