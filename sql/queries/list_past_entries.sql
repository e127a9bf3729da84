-- The contents that the version at hand does not hold. One pass over the spans: without statistics, as after
-- a first load, "not exists" would be planned as a loop within a loop.
with past as (
    select entry_id
    from list_span
    where list_id = %(list_id)s
    group by entry_id
    having not bool_or(
        from_version <= %(version)s and (until_version is null or until_version > %(version)s)
    )
)
select entry.id, entry.key, entry.body::text
from past
join list_entry as entry on entry.id = past.entry_id
order by entry.key collate "C", entry.id
