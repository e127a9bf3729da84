insert into audit_entry (entry_id, leaf) values (%(entry_id)s, %(leaf)s) returning id;
