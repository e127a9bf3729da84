insert into audit_log (origin, previous) values (%(origin)s, %(previous)s) returning id;
