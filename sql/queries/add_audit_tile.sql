insert into audit_tile (log, level, number, hashes, root)
values (%(log)s, %(level)s, %(number)s, %(hashes)s, %(root)s);
