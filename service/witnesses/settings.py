"""What is wrong with the settings of witnesses, each fault by the name of its variable."""

from __future__ import annotations

from collections.abc import Mapping

from service.witnesses.posting import address_fault

DEFAULT_TIMESTAMP_SECONDS = 3600
LONGEST_SECONDS = 7 * 86_400


def witness_faults(env: Mapping[str, str]) -> list[str]:
    """Every fault of the variables ``HIRESCREEN_WITNESS_*``; files are not looked into."""
    faults = []
    webhook = env.get("HIRESCREEN_WITNESS_WEBHOOK")
    if webhook and (fault := address_fault(webhook)):
        faults.append(f"HIRESCREEN_WITNESS_WEBHOOK {fault}")
    if webhook and not env.get("HIRESCREEN_WITNESS_WEBHOOK_SECRET_FILE"):
        faults.append("HIRESCREEN_WITNESS_WEBHOOK needs HIRESCREEN_WITNESS_WEBHOOK_SECRET_FILE")
    stamp = env.get("HIRESCREEN_WITNESS_TIMESTAMP_URL")
    if stamp and (fault := address_fault(stamp, plain=True)):
        faults.append(f"HIRESCREEN_WITNESS_TIMESTAMP_URL {fault}")
    if stamp and not env.get("HIRESCREEN_WITNESS_TIMESTAMP_ROOTS"):
        faults.append("HIRESCREEN_WITNESS_TIMESTAMP_URL needs HIRESCREEN_WITNESS_TIMESTAMP_ROOTS")
    seconds = env.get("HIRESCREEN_WITNESS_TIMESTAMP_SECONDS") or str(DEFAULT_TIMESTAMP_SECONDS)
    if not (seconds.isascii() and seconds.isdigit() and 1 <= int(seconds) <= LONGEST_SECONDS):
        faults.append(f"HIRESCREEN_WITNESS_TIMESTAMP_SECONDS must be a number from 1 to {LONGEST_SECONDS}")
    return faults
