"""The tamper-evident record: leaves with salted commitments, and their export."""
