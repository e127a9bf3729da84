"""At the start of a process that decides: keep its engine and its policy, and record where they are new."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from service.audit.events import EventWriter
from service.circumstances import Policy
from service.replay.engine import RunningEngine, archive
from service.replay.known_engines import KnownEngines
from service.rulebook import Rulebook
from service.store.rules import Rules


@dataclass(frozen=True, kw_only=True, slots=True)
class RulesOnRecord:
    """Keeps what this process decides by; as often as one likes, by as many processes as one likes."""

    rules: Rules
    known: KnownEngines
    engine: RunningEngine
    rulebook: Rulebook
    policy: Policy
    event: EventWriter

    def keep(self) -> None:
        """Record a new engine or rulebook as ``rule_load`` and a changed policy as ``config``, each once.

        StoreUnavailableError where the database is away.
        """
        with contextlib.suppress(OSError):  # a read-only home: this host then runs no engine but its own
            self.known.trust(self.engine.sha256)
        in_force = self.rules.in_force()
        if in_force.get("engine") != f"{self.engine.sha256}:{self.engine.runtime_sha256}":
            self._keep_engine()
        if in_force.get("policy") != self.policy.sha256:
            fields = {"setting": "policy", "policy": {"sha256": self.policy.sha256, **self.policy.stated}}
            self.rules.keep_policy(self.policy.sha256, self.policy.stated, self.event("config", fields))

    def _keep_engine(self) -> None:
        rulebook = {"version": self.rulebook.version, "sha256": self.rulebook.sha256}
        named = {"version": self.engine.version, **self.engine.named, "versions": self.engine.runtime}
        entry = self.event("rule_load", {"rules": rulebook, "engine": named})
        self.rules.keep_engine(self.engine, rulebook, archive(), entry)
