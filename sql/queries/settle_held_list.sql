update list_held
set state = %(state)s, settled_at = now(), settled_by = %(settled_by)s, settled_reason = %(reason)s
where list_id = %(list_id)s and version = %(version)s and state = 'held';
