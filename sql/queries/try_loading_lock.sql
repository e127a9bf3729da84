-- Held by the session: one fetch and load of a list at a time, on whatever host it runs.
select pg_try_advisory_lock(hashtextextended('hirescreen loading ' || %(list_id)s::text, 0));
