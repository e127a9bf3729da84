update audit_sealer set mark = %(mark)s::text::xid8;
