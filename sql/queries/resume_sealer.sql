update audit_sealer set stopped = null, stopped_at = null;
