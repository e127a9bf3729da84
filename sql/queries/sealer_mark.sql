-- A query of its own: given as a value, the mark shows the planner how few entries lie beyond it.
select mark::text from audit_sealer;
