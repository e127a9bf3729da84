-- The entries in which two versions differ, in the order of their keys: what the earlier one holds, and the later.
with before as (
    select key, entry_id from list_span
    where list_id = %(list_id)s and from_version <= %(since)s
        and (until_version is null or until_version > %(since)s)
),
after as (
    select key, entry_id from list_span
    where list_id = %(list_id)s and from_version <= %(version)s
        and (until_version is null or until_version > %(version)s)
),
differing as (
    select coalesce(before.key, after.key) as key, before.entry_id as old_id, after.entry_id as new_id
    from before
    full join after on after.key = before.key
    where before.entry_id is distinct from after.entry_id
)
select differing.key, old.body::text, old.record::text, new.body::text, new.record::text
from differing
left join list_entry as old on old.id = differing.old_id
left join list_entry as new on new.id = differing.new_id
where (%(after)s::text is null or differing.key collate "C" > %(after)s::text)
    and case %(kind)s::text
        when 'added' then differing.old_id is null
        when 'removed' then differing.new_id is null
        when 'changed' then differing.old_id is not null and differing.new_id is not null
        else true
    end
order by differing.key collate "C"
limit %(rows)s
