-- How two versions of a list differ: entries added, removed, and changed under their keys.
with before as (
    select key, entry_id from list_span
    where list_id = %(list_id)s and from_version <= %(old)s
        and (until_version is null or until_version > %(old)s)
),
after as (
    select key, entry_id from list_span
    where list_id = %(list_id)s and from_version <= %(new)s
        and (until_version is null or until_version > %(new)s)
)
select
    count(*) filter (where before.key is null),
    count(*) filter (where after.key is null),
    count(*) filter (where before.entry_id <> after.entry_id)
from before
full join after on after.key = before.key;
