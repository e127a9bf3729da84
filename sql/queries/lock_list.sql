-- Until the end of the transaction: one load of a list at a time.
select pg_advisory_xact_lock(hashtextextended('hirescreen list ' || %(list_id)s::text, 0));
