-- Says whether this is news: the log was sealed until now.
with before as (
    select stopped from audit_sealer
)
update audit_sealer
set stopped = %(reason)s, stopped_at = clock_timestamp()
returning (select stopped is null from before);
