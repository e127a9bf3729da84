-- What the sealer goes by; one row, without a log where none was started.
select
    log.id as log,
    log.origin,
    log.previous,
    coalesce((select leaf_index + 1 from audit_leaf where log = log.id order by leaf_index desc limit 1), 0) as size,
    coalesce((select size from audit_checkpoint where log = log.id order by size desc limit 1), 0) as signed_size,
    sealer.mark::text::bigint as mark,
    sealer.stopped,
    sealer.cluster <> server.cluster or sealer.swept_at < clock_timestamp() - interval '1 day' as sweep_due
from audit_sealer as sealer
cross join (select system_identifier::text as cluster from pg_control_system()) as server
left join lateral (select id, origin, previous from audit_log order by id desc limit 1) as log on true
