-- Entries that are gone, or whose content changed, end with the version before this one.
-- An outer join and not "not exists": without statistics, as after a first load, the planner turned the
-- latter into a nested loop of a minute.
update list_span as span
set until_version = %(version)s
from list_entry as entry
left join incoming on incoming.key = entry.key and incoming.hash = entry.hash
where span.list_id = %(list_id)s
    and span.until_version is null
    and entry.id = span.entry_id
    and incoming.key is null;
