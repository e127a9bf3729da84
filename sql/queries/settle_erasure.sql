update erasure
set state = %(state)s, settled_at = now(), settled_by = %(settled_by)s, entry_id = %(entry_id)s
where id = %(id)s;
