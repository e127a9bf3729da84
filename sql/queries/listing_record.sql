select entry.record::text
from list_version as version
join list_span as span
    on span.list_id = version.list_id
    and span.from_version <= version.version
    and (span.until_version is null or span.until_version > version.version)
join list_entry as entry on entry.id = span.entry_id
where version.list_id = %(list_id)s and version.version = %(version)s and span.key = %(key)s;
