-- Entries that are gone, or whose content changed, end with the version before this one.
update list_span as span
set until_version = %(version)s
where span.list_id = %(list_id)s
    and span.until_version is null
    and not exists (
        select from list_entry as entry
        join incoming on incoming.key = entry.key and incoming.hash = entry.hash
        where entry.id = span.entry_id
    );
