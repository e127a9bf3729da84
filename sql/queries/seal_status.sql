-- How far the signed heads reach, and what waits: entries without a leaf, and leaves beyond the last head.
-- Each entry is looked up by itself (a scalar subquery): an anti-join would read the whole log.
with log as (
    select id from audit_log order by id desc limit 1
),
tree as (
    select
        coalesce((select size from audit_checkpoint where log = (select id from log) order by size desc limit 1), 0)
            as signed,
        coalesce(
            (select leaf_index + 1 from audit_leaf where log = (select id from log) order by leaf_index desc limit 1), 0
        ) as numbered
),
waiting as (
    select count(*) as entries, min(entry.at) as oldest
    from audit_entry as entry
    where entry.xid >= %(mark)s::text::xid8
        and (select leaf.entry from audit_leaf as leaf where leaf.log = (select id from log) and leaf.entry = entry.id) is null
),
unsigned as (
    select entry.at as oldest
    from tree
    join audit_leaf as leaf on leaf.log = (select id from log) and leaf.leaf_index = tree.signed
    join audit_entry as entry on entry.id = leaf.entry
)
select
    tree.signed as sealed,
    waiting.entries + tree.numbered - tree.signed as unsealed,
    coalesce(
        extract(epoch from clock_timestamp() - least(waiting.oldest, (select oldest from unsigned)))::float8, 0
    ) as oldest_seconds,
    sealer.stopped
from tree, waiting, audit_sealer as sealer
