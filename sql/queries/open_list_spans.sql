-- Entries that are new, changed or back again begin with this version.
insert into list_span (list_id, key, entry_id, from_version)
select entry.list_id, entry.key, entry.id, %(version)s::int
from incoming
join list_entry as entry
    on entry.list_id = %(list_id)s and entry.key = incoming.key and entry.hash = incoming.hash
where not exists (
    select from list_span as span
    where span.list_id = entry.list_id and span.key = entry.key and span.until_version is null
);
