select exists (select from audit_entry where entry_id = %(entry_id)s);
