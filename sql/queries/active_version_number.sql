select coalesce(max(version), 0) from list_active where list_id = %(list_id)s;
