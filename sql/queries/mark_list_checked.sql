update list_version as version
set checked_at = greatest(version.checked_at, %(at)s::timestamptz)
from list_active as active
where active.list_id = %(list_id)s
    and version.list_id = active.list_id
    and version.version = active.version;
