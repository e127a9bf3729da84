update list_version
set checked_at = greatest(checked_at, %(at)s::timestamptz)
where list_id = %(list_id)s and version = %(version)s;
