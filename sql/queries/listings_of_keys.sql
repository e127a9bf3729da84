-- Some entries of one version, as they stand in the store.
select entry.key, entry.body::text
from list_span as span
join list_entry as entry on entry.id = span.entry_id
where span.list_id = %(list_id)s
    and span.from_version <= %(version)s
    and (span.until_version is null or span.until_version > %(version)s)
    and span.key = any (%(keys)s)
order by entry.key collate "C";
