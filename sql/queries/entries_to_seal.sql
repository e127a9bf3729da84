-- Committed entries without a leaf, from the mark on. The mark only bounds the search: what is sealed is
-- decided by the missing leaf. Entries that another server numbered lie beyond this one's transactions;
-- only a sweep looks there. Each entry is looked up by itself (a scalar subquery): an anti-join would read
-- the whole log at every turn.
with snapshot as (
    select pg_current_snapshot() as now
),
due as materialized (
    select entry.id, entry.xid
    from audit_entry as entry
    where entry.xid >= %(mark)s::text::xid8
        and (%(sweep)s or entry.xid < (select pg_snapshot_xmax(now) from snapshot))
        and (select leaf.entry from audit_leaf as leaf where leaf.log = %(log)s and leaf.entry = entry.id) is null
    order by entry.xid, entry.id
    limit %(most)s
)
select
    due.id as entry,
    entry.leaf,
    due.xid::text::bigint as xid,
    (select pg_snapshot_xmin(now)::text::bigint from snapshot) as horizon
from due
join audit_entry as entry on entry.id = due.id
order by due.xid, due.id
