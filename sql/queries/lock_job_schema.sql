-- Held by the session: one process at a time changes the tables of the queue. They are made where the
-- migrations made theirs.
select
    set_config('search_path', 'public', false),
    pg_advisory_lock(hashtextextended('hirescreen job schema', 0));
